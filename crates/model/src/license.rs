//! Licences, always as SPDX expressions: <https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/>.

use std::fmt;

/// A valid SPDX licence expression, in the list's own spelling.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LicenseExpression(Box<str>);

/// A text is no SPDX expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no SPDX licence expression")]
pub struct InvalidLicense(pub String);

impl LicenseExpression {
    /// Reads an expression. What npm and Cargo wrote before SPDX (`MIT/Apache-2.0`, `GPLv2`,
    /// lower-case names) is read too, and written as SPDX; anything else is refused, so that no
    /// stray word ever becomes a licence.
    pub fn parse(text: &str) -> Result<Self, InvalidLicense> {
        let invalid = || InvalidLicense(text.chars().take(200).collect());
        let text = text.trim();
        if text.is_empty() || text.len() > 1000 {
            return Err(invalid());
        }
        let canonical = spdx::Expression::canonicalize(text).map_err(|_| invalid())?;
        let expression = canonical.unwrap_or_else(|| text.to_owned());
        let parsed = spdx::Expression::parse_mode(&expression, spdx::ParseMode::LAX)
            .map_err(|_| invalid())?;
        Ok(Self(parsed.to_string().into()))
    }

    /// One licence by its identifier in the SPDX list, in whatever case. Nothing is guessed.
    pub fn from_identifier(name: &str) -> Option<Self> {
        spdx::identifiers::LICENSES
            .iter()
            .find(|license| license.name.eq_ignore_ascii_case(name))
            .map(|license| Self(license.name.into()))
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

impl fmt::Display for LicenseExpression {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_written_as_spdx() {
        let parse = |text: &str| LicenseExpression::parse(text).map(|e| e.to_string());
        assert_eq!(parse("MIT").unwrap(), "MIT");
        assert_eq!(parse("MIT OR Apache-2.0").unwrap(), "MIT OR Apache-2.0");
        assert_eq!(parse("MIT/Apache-2.0").unwrap(), "MIT OR Apache-2.0");
        assert_eq!(parse("mit").unwrap(), "MIT");
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
