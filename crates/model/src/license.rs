//! Licences, always as SPDX expressions: <https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/>.

use std::fmt;

/// A valid SPDX licence expression, in the list's own spelling.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LicenseExpression(Box<str>);

/// Longest expression that is read; the real ones are far shorter.
const MOST_BYTES: usize = 1000;

/// Only what the list of licences has, deprecated identifiers included: old packages have them.
pub(crate) const EXACT: spdx::ParseMode = spdx::ParseMode {
    allow_slash_as_or_operator: false,
    allow_imprecise_license_names: false,
    allow_postfix_plus_on_gpl: true,
    allow_deprecated: true,
    allow_unknown: false,
};

/// A text is no SPDX expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no SPDX licence expression")]
pub struct InvalidLicense(pub String);

impl LicenseExpression {
    /// Reads an expression. Identifiers may be written in any case, and `/` may stand for `OR`, as
    /// Cargo once had it; both are written as SPDX. Anything else is refused and nothing is
    /// guessed, so that no stray word ever becomes a licence.
    pub fn parse(text: &str) -> Result<Self, InvalidLicense> {
        let invalid = || InvalidLicense(text.chars().take(200).collect());
        let text = text.trim();
        if text.is_empty() || text.len() > MOST_BYTES {
            return Err(invalid());
        }
        let mut words =
            text.split(|next: char| next.is_whitespace() || matches!(next, '(' | ')' | '/'));
        if words.any(is_no_licence) {
            return Err(invalid());
        }
        let parsed =
            spdx::Expression::parse_mode(&respelled(text), EXACT).map_err(|_| invalid())?;
        // The text is kept as it was written; one expression is to have one form.
        let words: Vec<&str> = parsed.as_ref().split_whitespace().collect();
        let spelling = words.join(" ").replace("( ", "(").replace(" )", ")");
        Ok(Self(spelling.into()))
    }

    /// One licence by its identifier in the SPDX list, in whatever case. Nothing is guessed.
    pub fn from_identifier(name: &str) -> Option<Self> {
        spdx::identifiers::LICENSES
            .iter()
            .find(|license| license.name.eq_ignore_ascii_case(name) && !is_no_licence(license.name))
            .map(|license| Self(license.name.into()))
    }

    /// Whether the OSI or the FSF recognises it, or each of its licences, as one of free software.
    pub fn is_recognised(&self) -> bool {
        let parsed = spdx::Expression::parse_mode(&self.0, EXACT);
        parsed.is_ok_and(|parsed| {
            parsed.requirements().all(|one| {
                let license = one.req.license.id();
                license.is_some_and(|id| id.is_osi_approved() || id.is_fsf_free_libre())
            })
        })
    }

    /// Both licences must be kept to.
    pub fn and(expressions: impl IntoIterator<Item = Self>) -> Option<Self> {
        let mut parts: Vec<Self> = expressions.into_iter().collect();
        parts.sort();
        parts.dedup();
        match parts.len() {
            0 => None,
            1 => parts.pop(),
            _ => {
                let joined: Vec<String> = parts
                    .iter()
                    .map(|part| {
                        if part.0.contains(" OR ") {
                            format!("({})", part.0)
                        } else {
                            part.0.to_string()
                        }
                    })
                    .collect();
                Some(Self(joined.join(" AND ").into()))
            }
        }
    }

    /// The expression.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Names that the library's list has and the SPDX list has not: the stems of GNU's documentation
/// licences, which SPDX only lists with `-only` and `-or-later`, and the word for "nobody said".
fn is_no_licence(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    lower.ends_with("-invariants") || lower == "noassertion"
}

/// The text with every identifier in the list's own case, and `OR` where it has a slash.
fn respelled(text: &str) -> String {
    let mut spelled = String::with_capacity(text.len());
    let between = |next: char| next.is_whitespace() || matches!(next, '(' | ')' | '/' | '+');
    for piece in text.split_inclusive(between) {
        let word = piece.trim_end_matches(between);
        spelled.push_str(listed(word).unwrap_or(word));
        let rest = piece.get(word.len()..).unwrap_or_default();
        spelled.push_str(if rest == "/" { " OR " } else { rest });
    }
    spelled
}

fn listed(word: &str) -> Option<&'static str> {
    let operators = ["AND", "OR", "WITH"].into_iter();
    let licenses = spdx::identifiers::LICENSES
        .iter()
        .map(|license| license.name);
    let exceptions = spdx::identifiers::EXCEPTIONS
        .iter()
        .map(|exception| exception.name);
    operators
        .chain(licenses)
        .chain(exceptions)
        .find(|name| name.eq_ignore_ascii_case(word))
}

impl fmt::Display for LicenseExpression {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licences_of_free_software_are_recognised() {
        for (text, expected) in [
            ("MIT", true),
            ("Apache-2.0 OR GPL-2.0-or-later", true),
            ("MIT AND BUSL-1.1", false),
            ("CC-BY-NC-4.0", false),
            ("LicenseRef-own", false),
        ] {
            let license = LicenseExpression::parse(text).unwrap();
            assert_eq!(license.is_recognised(), expected, "{text}");
        }
    }

    #[test]
    fn expressions_are_written_as_spdx() {
        let parse = |text: &str| LicenseExpression::parse(text).map(|e| e.to_string());
        assert_eq!(parse("MIT").unwrap(), "MIT");
        assert_eq!(parse("MIT OR Apache-2.0").unwrap(), "MIT OR Apache-2.0");
        assert_eq!(parse("MIT/Apache-2.0").unwrap(), "MIT OR Apache-2.0");
        assert_eq!(parse("mit").unwrap(), "MIT");
        assert_eq!(
            parse("gpl-2.0+ with classpath-exception-2.0").unwrap(),
            "GPL-2.0+ WITH Classpath-exception-2.0"
        );
        assert_eq!(
            parse("(MIT AND apache-2.0)").unwrap(),
            "(MIT AND Apache-2.0)"
        );
        for stray in [
            "BSD",
            "GPL",
            "Apache",
            "Python",
            "UNKNOWN",
            "MIT License",
            "GFDL-1.3-invariants",
            "NOASSERTION",
        ] {
            assert!(parse(stray).is_err(), "{stray}");
        }
        assert!(parse("see the file").is_err());
        assert!(parse("").is_err());
        let identifier = |text: &str| LicenseExpression::from_identifier(text);
        assert_eq!(
            identifier("bsd-3-clause"),
            parse("BSD-3-Clause")
                .ok()
                .map(|text| LicenseExpression(text.into()))
        );
        assert_eq!(identifier("BSD"), None);
    }

    #[test]
    fn licences_join() {
        let license = |text: &str| LicenseExpression::parse(text).unwrap();
        let joined =
            LicenseExpression::and([license("MIT OR Apache-2.0"), license("BSD-3-Clause")]);
        assert_eq!(
            joined.unwrap().as_str(),
            "BSD-3-Clause AND (MIT OR Apache-2.0)"
        );
    }
}
