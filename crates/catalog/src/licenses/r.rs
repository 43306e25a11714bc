//! The licence field of R packages:
//! <https://cran.r-project.org/doc/manuals/r-release/R-exts.html#Licensing>.
//!
//! Alternatives are separated by `|`; `+ file LICENSE` adds terms of a file, which does not change
//! what the name means, except for the two BSD licences and MIT, where the file holds the names.

use linchpin_model::LicenseExpression;

use super::from_expression;

/// The abbreviations of R, and what they mean.
const NAMES: &[(&str, &str)] = &[
    ("AGPL-3", "AGPL-3.0-only"),
    ("Apache License 2.0", "Apache-2.0"),
    ("Apache License (== 2)", "Apache-2.0"),
    ("Apache License (== 2.0)", "Apache-2.0"),
    ("Apache License (>= 2)", "Apache-2.0"),
    ("Apache License (>= 2.0)", "Apache-2.0"),
    ("Artistic-2.0", "Artistic-2.0"),
    ("BSD_2_clause", "BSD-2-Clause"),
    ("BSD_3_clause", "BSD-3-Clause"),
    ("BSL-1.0", "BSL-1.0"),
    ("CC0", "CC0-1.0"),
    ("GPL (>= 2)", "GPL-2.0-or-later"),
    ("GPL (>= 2.0)", "GPL-2.0-or-later"),
    ("GPL (>= 3)", "GPL-3.0-or-later"),
    ("GPL-2", "GPL-2.0-only"),
    ("GPL-3", "GPL-3.0-only"),
    ("LGPL (>= 2)", "LGPL-2.0-or-later"),
    ("LGPL (>= 2.1)", "LGPL-2.1-or-later"),
    ("LGPL (>= 3)", "LGPL-3.0-or-later"),
    ("LGPL-2", "LGPL-2.0-only"),
    ("LGPL-2.1", "LGPL-2.1-only"),
    ("LGPL-3", "LGPL-3.0-only"),
    ("MIT", "MIT"),
    ("MPL-2.0", "MPL-2.0"),
    ("Mozilla Public License 2.0", "MPL-2.0"),
    ("Unlicense", "Unlicense"),
];

/// What the field says. If one of several alternatives is not known, all of it is left out.
pub(crate) fn from_field(field: &str) -> Option<LicenseExpression> {
    if field.len() > 500 {
        return None;
    }
    let mut alternatives = Vec::new();
    for alternative in field.split('|') {
        let name = alternative.split('+').next().unwrap_or_default();
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        let listed = NAMES.iter().find(|(known, _)| *known == name);
        let meaning = listed.map_or(name.as_str(), |(_, meaning)| meaning);
        alternatives.push(from_expression(meaning)?.to_string());
    }
    from_expression(&alternatives.join(" OR "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abbreviations_are_spelled_out() {
        let license = |field: &str| from_field(field).map(|found| found.to_string());
        assert_eq!(license("MIT + file LICENSE").as_deref(), Some("MIT"));
        assert_eq!(
            license("GPL-2 | GPL-3").as_deref(),
            Some("GPL-2.0-only OR GPL-3.0-only")
        );
        assert_eq!(license("GPL (>= 2)").as_deref(), Some("GPL-2.0-or-later"));
        assert_eq!(license("file LICENSE"), None);
        assert_eq!(license("GPL | MIT"), None);
        assert_eq!(license("Part of R 4.2.2"), None);
    }

    #[test]
    fn every_meaning_is_spdx() {
        for (name, meaning) in NAMES {
            assert!(from_expression(meaning).is_some(), "{name}");
        }
    }
}
