//! What rpm packages say of their licence: an SPDX expression, or the short names that Fedora and
//! its descendants used before, joined by `and` and `or`:
//! <https://docs.fedoraproject.org/en-US/legal/license-review-process/>. Names that stand for
//! several licences (`BSD`, `GPL+`, `Public Domain`) make the whole of it uncertain, and it is
//! left out.

use linchpin_model::LicenseExpression;

use super::debian::gnu_license;

/// Longest text that is read; the longest real ones, of whole compiler suites, are shorter.
const MOST_BYTES: usize = 1000;

/// The licence tag of a package.
pub(crate) fn from_tag(text: &str) -> Option<LicenseExpression> {
    let text = text.trim();
    if text.is_empty() || text.len() > MOST_BYTES {
        return None;
    }
    if let Ok(expression) = LicenseExpression::parse(text) {
        return Some(expression);
    }
    let mut spdx = String::with_capacity(text.len() + 32);
    // The words since the last parenthesis or operator are one name.
    let mut name = String::new();
    let spaced = text.replace('(', " ( ").replace(')', " ) ");
    for word in spaced.split_ascii_whitespace() {
        let operator = match word {
            "(" | ")" => word,
            _ if word.eq_ignore_ascii_case("and") => "AND",
            _ if word.eq_ignore_ascii_case("or") => "OR",
            _ => {
                if !name.is_empty() {
                    name.push(' ');
                }
                name.push_str(word);
                continue;
            }
        };
        finish(&mut name, &mut spdx)?;
        spdx.push_str(operator);
        spdx.push(' ');
    }
    finish(&mut name, &mut spdx)?;
    let spdx = spdx.replace("( ", "(").replace(" )", ")");
    LicenseExpression::parse(spdx.trim_end()).ok()
}

fn finish(name: &mut String, spdx: &mut String) -> Option<()> {
    if !name.is_empty() {
        spdx.push_str(&license_name(name)?);
        spdx.push(' ');
        name.clear();
    }
    Some(())
}

fn license_name(name: &str) -> Option<String> {
    let lower = name.to_ascii_lowercase();
    if let Some((_, spdx)) = NAMES.iter().find(|(fedora, _)| *fedora == lower) {
        return Some((*spdx).to_owned());
    }
    // `GPLv2+`: the family, a version, `+` for later ones.
    if let Some((family, version)) = lower.split_once('v')
        && matches!(family, "gpl" | "lgpl" | "agpl" | "gfdl")
    {
        return gnu_license(&format!("{family}-{version}"));
    }
    LicenseExpression::from_identifier(name).map(|license| license.to_string())
}

/// Short names that are not spelt as in the SPDX list, in lower case.
const NAMES: &[(&str, &str)] = &[
    ("apachev2", "Apache-2.0"),
    ("artistic 2.0", "Artistic-2.0"),
    ("asl 1.0", "Apache-1.0"),
    ("asl 1.1", "Apache-1.1"),
    ("asl 2.0", "Apache-2.0"),
    ("boost", "BSL-1.0"),
    ("cc0", "CC0-1.0"),
    ("mplv1.0", "MPL-1.0"),
    ("mplv1.1", "MPL-1.1"),
    ("mplv2.0", "MPL-2.0"),
    ("python", "Python-2.0"),
    ("zplv2.1", "ZPL-2.1"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_and_old_short_names_are_read() {
        let spdx = |text: &str| from_tag(text).map(|license| license.to_string());
        for (text, meaning) in [
            ("GPL-2.0-or-later AND MIT", "GPL-2.0-or-later AND MIT"),
            ("GPLv2+", "GPL-2.0-or-later"),
            (
                "LGPLv2+ and (MIT or ASL 2.0)",
                "LGPL-2.0-or-later AND (MIT OR Apache-2.0)",
            ),
            ("GPLv3", "GPL-3.0-only"),
            ("LGPLv2.1", "LGPL-2.1-only"),
        ] {
            assert_eq!(spdx(text).as_deref(), Some(meaning), "{text}");
        }
        for text in [
            "BSD",
            "GPL+",
            "GPLv2+ and Public Domain",
            "GPLv9",
            "Freely redistributable",
            "MIT and",
            "(MIT",
            "MIT ASL 2.0",
            "",
        ] {
            assert_eq!(spdx(text), None, "{text}");
        }
    }

    #[test]
    fn every_name_of_the_table_is_spdx() {
        for (name, meaning) in NAMES {
            assert!(LicenseExpression::parse(meaning).is_ok(), "{name}");
        }
    }
}
