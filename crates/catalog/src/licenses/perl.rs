//! The licence words of Perl's metadata: <https://metacpan.org/pod/CPAN::Meta::Spec#license>.

use linchpin_model::LicenseExpression;

use super::from_expression;

/// The words of the specification that mean one licence, or a choice.
const NAMES: &[(&str, &str)] = &[
    ("agpl_3", "AGPL-3.0-only"),
    ("apache_1_1", "Apache-1.1"),
    ("apache_2_0", "Apache-2.0"),
    ("artistic_1", "Artistic-1.0"),
    ("artistic_2", "Artistic-2.0"),
    ("bsd", "BSD-3-Clause"),
    ("freebsd", "BSD-2-Clause"),
    ("gfdl_1_2", "GFDL-1.2-only"),
    ("gfdl_1_3", "GFDL-1.3-only"),
    ("gpl_1", "GPL-1.0-only"),
    ("gpl_2", "GPL-2.0-only"),
    ("gpl_3", "GPL-3.0-only"),
    ("lgpl_2_1", "LGPL-2.1-only"),
    ("lgpl_3_0", "LGPL-3.0-only"),
    ("mit", "MIT"),
    ("mozilla_1_0", "MPL-1.0"),
    ("mozilla_1_1", "MPL-1.1"),
    ("openssl", "OpenSSL"),
    ("perl_5", "Artistic-1.0-Perl OR GPL-1.0-or-later"),
    ("qpl_1_0", "QPL-1.0"),
    ("ssleay", "OpenSSL"),
    ("zlib", "Zlib"),
];

/// What the list of words says: several are all kept to.
pub(crate) fn from_words<'w>(words: impl Iterator<Item = &'w str>) -> Option<LicenseExpression> {
    let known: Option<Vec<LicenseExpression>> = words
        .map(|word| {
            let (_, meaning) = NAMES.iter().find(|(known, _)| *known == word)?;
            from_expression(meaning)
        })
        .collect();
    LicenseExpression::and(known?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_meaning_is_spdx() {
        for (word, meaning) in NAMES {
            assert!(from_expression(meaning).is_some(), "{word}");
        }
        assert_eq!(from_words(["open_source"].into_iter()), None);
        assert_eq!(from_words(["mit", "unknown"].into_iter()), None);
    }
}
