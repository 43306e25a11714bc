//! Licence names as people write them, beside SPDX: `Apache 2.0`, `The MIT License`.
//!
//! Only names that mean one licence are here. `BSD`, `GPL` or `Apache` alone are not: which of
//! several licences they mean is not certain.

use linchpin_model::LicenseExpression;

/// Names in lower case, with runs of spaces, commas and underscores as one space and without
/// `the` before and `licence`/`license` after, and what they mean.
const NAMES: &[(&str, &str)] = &[
    ("3-clause bsd", "BSD-3-Clause"),
    ("2-clause bsd", "BSD-2-Clause"),
    ("agplv3", "AGPL-3.0-only"),
    ("agplv3+", "AGPL-3.0-or-later"),
    ("apache 2", "Apache-2.0"),
    ("apache 2.0", "Apache-2.0"),
    ("apache license 2", "Apache-2.0"),
    ("apache license 2.0", "Apache-2.0"),
    ("apache license v2.0", "Apache-2.0"),
    ("apache license version 2.0", "Apache-2.0"),
    ("apache licence 2.0", "Apache-2.0"),
    ("apache software license 2.0", "Apache-2.0"),
    ("apache software license version 2.0", "Apache-2.0"),
    ("apache v2", "Apache-2.0"),
    ("apache v2.0", "Apache-2.0"),
    ("apache-2", "Apache-2.0"),
    ("apachev2", "Apache-2.0"),
    ("artistic 2.0", "Artistic-2.0"),
    ("asl 2.0", "Apache-2.0"),
    ("boost software license 1.0", "BSL-1.0"),
    ("bsd 2 clause", "BSD-2-Clause"),
    ("bsd 2-clause", "BSD-2-Clause"),
    ("bsd 2-clause \"simplified\"", "BSD-2-Clause"),
    ("bsd 3 clause", "BSD-3-Clause"),
    ("bsd 3-clause", "BSD-3-Clause"),
    ("bsd 3-clause \"new\" or \"revised\"", "BSD-3-Clause"),
    ("bsd-2", "BSD-2-Clause"),
    ("bsd-3", "BSD-3-Clause"),
    ("cc0", "CC0-1.0"),
    ("eclipse public license 2.0", "EPL-2.0"),
    ("gnu affero general public license v3", "AGPL-3.0-only"),
    ("gnu general public license v2", "GPL-2.0-only"),
    ("gnu general public license v3", "GPL-3.0-only"),
    ("gnu gpl v3", "GPL-3.0-only"),
    ("gnu gplv3", "GPL-3.0-only"),
    ("gpl v2", "GPL-2.0-only"),
    ("gpl v3", "GPL-3.0-only"),
    ("gpl-2", "GPL-2.0-only"),
    ("gpl-3", "GPL-3.0-only"),
    ("gplv2", "GPL-2.0-only"),
    ("gplv2+", "GPL-2.0-or-later"),
    ("gplv3", "GPL-3.0-only"),
    ("gplv3+", "GPL-3.0-or-later"),
    ("hpnd", "HPND"),
    ("isc", "ISC"),
    ("isc license (iscl)", "ISC"),
    ("iscl", "ISC"),
    ("lgplv2+", "LGPL-2.0-or-later"),
    ("lgplv2.1+", "LGPL-2.1-or-later"),
    ("lgplv3", "LGPL-3.0-only"),
    ("lgplv3+", "LGPL-3.0-or-later"),
    ("mit (expat)", "MIT"),
    ("mit license (mit)", "MIT"),
    ("mit no attribution", "MIT-0"),
    ("mit-license", "MIT"),
    ("mit/x11", "MIT"),
    ("modified bsd", "BSD-3-Clause"),
    ("mozilla public license 2.0", "MPL-2.0"),
    ("mozilla public license 2.0 (mpl 2.0)", "MPL-2.0"),
    ("mpl 2.0", "MPL-2.0"),
    ("mpl v2.0", "MPL-2.0"),
    ("mpl2", "MPL-2.0"),
    ("new bsd", "BSD-3-Clause"),
    ("psf", "PSF-2.0"),
    ("psf-2", "PSF-2.0"),
    ("python software foundation", "PSF-2.0"),
    ("revised bsd", "BSD-3-Clause"),
    ("simplified bsd", "BSD-2-Clause"),
    ("unlicense", "Unlicense"),
    ("zlib/libpng", "Zlib"),
    ("zpl 2.1", "ZPL-2.1"),
];

/// The licence that a loose name means: an SPDX expression, or a name of the table. `None` for
/// anything else, a text of several lines included.
pub(crate) fn from_name(text: &str) -> Option<LicenseExpression> {
    let text = text.trim();
    if text.is_empty() || text.len() > 200 || text.contains('\n') {
        return None;
    }
    let mut name = plain(text);
    for _ in 0..2 {
        if let Some((_, meaning)) = NAMES.iter().find(|(known, _)| *known == name) {
            return LicenseExpression::parse(meaning).ok();
        }
        let Some(shorter) = ["license", "licence", "licenced", "licensed"]
            .iter()
            .find_map(|end| name.strip_suffix(end))
        else {
            break;
        };
        name = shorter.trim_end().to_owned();
    }
    [text, name.as_str()]
        .into_iter()
        .find_map(|text| LicenseExpression::parse(text).ok())
}

fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_whitespace() || matches!(character, ',' | '_') {
            if !plain.ends_with(' ') {
                plain.push(' ');
            }
        } else {
            plain.extend(character.to_lowercase());
        }
    }
    let plain = plain.trim_end_matches(['.', ' ']);
    plain.strip_prefix("the ").unwrap_or(plain).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_mean_one_licence_are_read() {
        let name = |text: &str| from_name(text).map(|found| found.to_string());
        for (text, meaning) in [
            ("MIT License", "MIT"),
            ("The MIT License", "MIT"),
            ("MIT", "MIT"),
            ("Apache License, Version 2.0", "Apache-2.0"),
            ("Apache 2.0", "Apache-2.0"),
            ("BSD 3-Clause License", "BSD-3-Clause"),
            ("BSD-3-Clause", "BSD-3-Clause"),
            ("MPL-2.0 AND MIT", "MPL-2.0 AND MIT"),
            ("PSF", "PSF-2.0"),
            ("ISC license", "ISC"),
            ("Unlicense", "Unlicense"),
        ] {
            assert_eq!(name(text).as_deref(), Some(meaning), "{text}");
        }
    }

    #[test]
    fn everything_known_is_spdx() {
        for (name, meaning) in NAMES {
            assert!(LicenseExpression::parse(meaning).is_ok(), "{name}");
            assert_eq!(*name, plain(name));
        }
    }

    #[test]
    fn stray_words_are_no_licence() {
        for text in [
            "BSD",
            "GPL",
            "Apache",
            "LICENSE",
            "license",
            "see LICENSE.txt",
            "Copyright",
            "Free",
            "Dual License",
            "UNKNOWN",
            "Proprietary",
            "",
            "LGPL",
            "BSD License",
            "a",
            "MIT-like",
        ] {
            assert_eq!(from_name(text), None, "{text}");
        }
    }
}
