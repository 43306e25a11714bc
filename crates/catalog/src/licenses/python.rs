//! The licence in Python's core metadata:
//! <https://packaging.python.org/en/latest/specifications/core-metadata/>.
//!
//! `License-Expression` is SPDX. Before it there were the free text of `License` and the
//! classifiers; many classifiers mean a family of licences (`BSD License`) and say nothing certain.

use linchpin_model::LicenseExpression;

use super::{from_expression, from_name};

/// The last part of `License :: …` classifiers that mean one licence.
const CLASSIFIERS: &[(&str, &str)] = &[
    ("Apache Software License", "Apache-2.0"),
    ("Attribution Assurance License", "AAL"),
    ("Blue Oak Model License (BlueOak-1.0.0)", "BlueOak-1.0.0"),
    ("Boost Software License 1.0 (BSL-1.0)", "BSL-1.0"),
    (
        "CC0 1.0 Universal (CC0 1.0) Public Domain Dedication",
        "CC0-1.0",
    ),
    (
        "CEA CNRS Inria Logiciel Libre License, version 2.1 (CeCILL-2.1)",
        "CECILL-2.1",
    ),
    (
        "CeCILL-B Free Software License Agreement (CECILL-B)",
        "CECILL-B",
    ),
    (
        "CeCILL-C Free Software License Agreement (CECILL-C)",
        "CECILL-C",
    ),
    (
        "Common Development and Distribution License 1.0 (CDDL-1.0)",
        "CDDL-1.0",
    ),
    ("Eclipse Public License 1.0 (EPL-1.0)", "EPL-1.0"),
    ("Eclipse Public License 2.0 (EPL-2.0)", "EPL-2.0"),
    ("European Union Public Licence 1.1 (EUPL 1.1)", "EUPL-1.1"),
    ("European Union Public Licence 1.2 (EUPL 1.2)", "EUPL-1.2"),
    ("GNU Affero General Public License v3", "AGPL-3.0-only"),
    (
        "GNU Affero General Public License v3 or later (AGPLv3+)",
        "AGPL-3.0-or-later",
    ),
    ("GNU General Public License v2 (GPLv2)", "GPL-2.0-only"),
    (
        "GNU General Public License v2 or later (GPLv2+)",
        "GPL-2.0-or-later",
    ),
    ("GNU General Public License v3 (GPLv3)", "GPL-3.0-only"),
    (
        "GNU General Public License v3 or later (GPLv3+)",
        "GPL-3.0-or-later",
    ),
    (
        "GNU Lesser General Public License v2 (LGPLv2)",
        "LGPL-2.0-only",
    ),
    (
        "GNU Lesser General Public License v2 or later (LGPLv2+)",
        "LGPL-2.0-or-later",
    ),
    (
        "GNU Lesser General Public License v3 (LGPLv3)",
        "LGPL-3.0-only",
    ),
    (
        "GNU Lesser General Public License v3 or later (LGPLv3+)",
        "LGPL-3.0-or-later",
    ),
    ("Historical Permission Notice and Disclaimer (HPND)", "HPND"),
    ("ISC License (ISCL)", "ISC"),
    ("MIT License", "MIT"),
    ("MIT No Attribution License (MIT-0)", "MIT-0"),
    ("Mozilla Public License 1.0 (MPL)", "MPL-1.0"),
    ("Mozilla Public License 1.1 (MPL 1.1)", "MPL-1.1"),
    ("Mozilla Public License 2.0 (MPL 2.0)", "MPL-2.0"),
    (
        "Mulan Permissive Software License v2 (MulanPSL-2.0)",
        "MulanPSL-2.0",
    ),
    ("Open Software License 3.0 (OSL-3.0)", "OSL-3.0"),
    ("PostgreSQL License", "PostgreSQL"),
    ("Python Software Foundation License", "PSF-2.0"),
    ("SIL Open Font License 1.1 (OFL-1.1)", "OFL-1.1"),
    ("Sleepycat License", "Sleepycat"),
    ("The Unlicense (Unlicense)", "Unlicense"),
    ("Universal Permissive License (UPL)", "UPL-1.0"),
    ("University of Illinois/NCSA Open Source License", "NCSA"),
    ("Zero-Clause BSD (0BSD)", "0BSD"),
    ("zlib/libpng License", "Zlib"),
];

/// What the metadata of a package says of its licence. Several classifiers that each mean one
/// licence are all kept to: whether they are a choice is not said.
pub(crate) fn from_metadata<'a>(
    expression: Option<&str>,
    field: Option<&str>,
    classifiers: impl Iterator<Item = &'a str>,
) -> Option<LicenseExpression> {
    expression
        .and_then(from_expression)
        .or_else(|| field.and_then(from_field))
        .or_else(|| LicenseExpression::and(classifiers.filter_map(from_classifier)))
}

/// A `License` field: a name, or a whole licence text whose first line is its title.
fn from_field(text: &str) -> Option<LicenseExpression> {
    from_name(text.lines().find(|line| !line.trim().is_empty())?)
}

fn from_classifier(classifier: &str) -> Option<LicenseExpression> {
    let name = classifier
        .trim()
        .strip_prefix("License")?
        .rsplit("::")
        .next()?
        .trim();
    let (_, meaning) = CLASSIFIERS.iter().find(|(known, _)| *known == name)?;
    from_expression(meaning)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_exact_field_counts() {
        let license = |expression, field, classifiers: &[&'static str]| {
            from_metadata(expression, field, classifiers.iter().copied())
                .map(|found| found.to_string())
        };
        let mit = "License :: OSI Approved :: MIT License";
        let bsd = "License :: OSI Approved :: BSD License";
        assert_eq!(
            license(Some("Apache-2.0 OR BSD-3-Clause"), Some("MIT"), &[mit]).as_deref(),
            Some("Apache-2.0 OR BSD-3-Clause")
        );
        assert_eq!(license(None, Some("BSD"), &[bsd]), None);
        assert_eq!(
            license(None, Some("BSD"), &[bsd, mit]).as_deref(),
            Some("MIT")
        );
        assert_eq!(
            license(None, Some("BSD 3-Clause License\n\nCopyright (c)"), &[]).as_deref(),
            Some("BSD-3-Clause")
        );
        assert_eq!(license(None, Some("Copyright (c) me\n\nMIT"), &[]), None);
    }

    #[test]
    fn every_classifier_is_spdx() {
        for (name, meaning) in CLASSIFIERS {
            assert!(from_expression(meaning).is_some(), "{name}");
        }
    }
}
