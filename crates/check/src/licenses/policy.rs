//! What a project thinks of licences: the table `[licenses]` of `linchpin.toml`.
//!
//! ```toml
//! [licenses]
//! deny = ["network-copyleft", "restricted"]
//! warn = ["unknown", "GPL-3.0-or-later"]
//! allow = ["GPL-2.0-only WITH Classpath-exception-2.0"]
//! ```
//!
//! What names a licence counts before what names a category, and a licence with its exception before
//! the licence alone. What is not named is judged as without a policy.

use std::collections::BTreeMap;
use std::ops::Range;

use linchpin_model::{LicenseCategory, LicenseExpression, LicenseTerm, Severity};
use serde::Deserialize;
use toml::Spanned;

/// What is thought of a licence. The order is that of strictness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LicenseStanding {
    /// Nothing is said.
    Allow,
    /// It is said, and fails nothing.
    Note,
    /// It is a finding of medium severity.
    Warn,
    /// It is a finding of high severity.
    Deny,
}

impl LicenseStanding {
    /// How bad a finding is.
    pub fn severity(self) -> Severity {
        match self {
            Self::Allow | Self::Note => Severity::None,
            Self::Warn => Severity::Medium,
            Self::Deny => Severity::High,
        }
    }
}

/// The table as it is written.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LicensesEntry {
    #[serde(default)]
    deny: Vec<Spanned<String>>,
    #[serde(default)]
    warn: Vec<Spanned<String>>,
    #[serde(default)]
    note: Vec<Spanned<String>>,
    #[serde(default)]
    allow: Vec<Spanned<String>>,
    /// Whether packages of the operating system are judged as well.
    #[serde(default)]
    distribution: bool,
}

/// A word of the table means nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct InvalidLicensePolicy {
    /// Where in the text.
    pub span: Range<usize>,
    /// What is wrong, as a sentence fragment.
    pub reason: String,
}

/// What is thought of licences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LicensePolicy {
    categories: BTreeMap<LicenseCategory, LicenseStanding>,
    licenses: BTreeMap<LicenseTerm, LicenseStanding>,
    /// Whether packages of the operating system are judged as well.
    pub(super) with_distribution: bool,
}

/// What few people expect in a product is said, and nothing is forbidden.
impl Default for LicensePolicy {
    fn default() -> Self {
        Self {
            categories: BTreeMap::from([
                (LicenseCategory::NetworkCopyleft, LicenseStanding::Note),
                (LicenseCategory::Restricted, LicenseStanding::Note),
            ]),
            licenses: BTreeMap::new(),
            with_distribution: false,
        }
    }
}

impl LicensesEntry {
    /// Understands the table. What means nothing in it is an error and never passed over.
    pub fn understand(&self) -> Result<LicensePolicy, InvalidLicensePolicy> {
        let mut policy = LicensePolicy {
            with_distribution: self.distribution,
            ..LicensePolicy::default()
        };
        let mut named: BTreeMap<String, LicenseStanding> = BTreeMap::new();
        for (words, standing) in [
            (&self.deny, LicenseStanding::Deny),
            (&self.warn, LicenseStanding::Warn),
            (&self.note, LicenseStanding::Note),
            (&self.allow, LicenseStanding::Allow),
        ] {
            for word in words {
                let invalid = |reason: String| InvalidLicensePolicy {
                    span: word.span(),
                    reason,
                };
                let text = word.get_ref().trim();
                let key = if let Ok(category) = text.parse::<LicenseCategory>() {
                    policy.categories.insert(category, standing);
                    category.label().to_owned()
                } else {
                    let term = one_licence(text).ok_or_else(|| {
                        invalid(format!(
                            "`{}` is neither one licence of the SPDX list nor a category: {}",
                            text.chars().take(100).collect::<String>(),
                            LicenseCategory::ALL.map(LicenseCategory::label).join(", ")
                        ))
                    })?;
                    policy.licenses.insert(term.clone(), standing);
                    term.to_string()
                };
                if named
                    .insert(key.clone(), standing)
                    .is_some_and(|other| other != standing)
                {
                    return Err(invalid(format!("`{key}` stands in two lists")));
                }
            }
        }
        Ok(policy)
    }
}

/// The licence, if a text names one and no more.
fn one_licence(text: &str) -> Option<LicenseTerm> {
    let expression = LicenseExpression::parse(text).ok()?;
    let terms = expression.terms();
    match terms.as_slice() {
        [term] => Some(term.clone()),
        _ => None,
    }
}

impl LicensePolicy {
    /// What is thought of one licence.
    pub fn standing_of_term(&self, term: &LicenseTerm) -> LicenseStanding {
        let alone = LicenseTerm {
            exception: None,
            ..term.clone()
        };
        // An exception gives rights: what is denied without it may be wanted with it.
        let category = term.category();
        let is_weakened = term.exception.is_some() && category != alone.category();
        self.licenses
            .get(term)
            .or_else(|| self.licenses.get(&alone).filter(|_| !is_weakened))
            .or_else(|| self.categories.get(&category))
            .copied()
            .unwrap_or(LicenseStanding::Allow)
    }

    /// What is thought of a package with this licence, or without a known one, and the category that
    /// it comes from: of a choice the mildest branch counts, of what is to be kept to together the
    /// strictest part.
    pub fn standing(
        &self,
        license: Option<&LicenseExpression>,
    ) -> (LicenseStanding, LicenseCategory) {
        let unknown = (
            self.categories
                .get(&LicenseCategory::Unknown)
                .copied()
                .unwrap_or(LicenseStanding::Allow),
            LicenseCategory::Unknown,
        );
        license
            .and_then(|license| {
                license.judge(|term| (self.standing_of_term(term), term.category()))
            })
            .unwrap_or(unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(text: &str) -> Result<LicensePolicy, String> {
        let entry: LicensesEntry = toml::from_str(text).map_err(|error| error.to_string())?;
        entry.understand().map_err(|error| error.to_string())
    }

    fn standing(policy: &LicensePolicy, license: &str) -> LicenseStanding {
        let license = LicenseExpression::parse(license).unwrap();
        policy.standing(Some(&license)).0
    }

    #[test]
    fn what_is_more_exact_counts() {
        use LicenseStanding::{Allow, Deny, Note, Warn};
        let policy = policy(
            "deny = ['strong-copyleft', 'MIT']\nwarn = ['weak-copyleft', 'unknown']\n\
             allow = ['gpl-3.0-only', 'LGPL-2.1-only', 'network-copyleft']",
        )
        .unwrap();
        for (license, wanted) in [
            ("Apache-2.0", Allow),
            ("MIT", Deny),
            ("GPL-2.0-only", Deny),
            ("GPL-3.0-only", Allow),
            ("LGPL-3.0-only", Warn),
            ("LGPL-2.1-only", Allow),
            ("AGPL-3.0-only", Allow),
            ("BUSL-1.1", Note),
            ("GPL-2.0-only WITH Classpath-exception-2.0", Warn),
            ("MIT OR Apache-2.0", Allow),
            ("MIT AND Apache-2.0", Deny),
            ("(GPL-2.0-only OR LGPL-3.0-only) AND Apache-2.0", Warn),
            ("LicenseRef-x", Warn),
        ] {
            assert_eq!(standing(&policy, license), wanted, "{license}");
        }
        assert_eq!(policy.standing(None).0, Warn);
    }

    #[test]
    fn an_exception_is_not_the_licence_alone() {
        use LicenseStanding::{Allow, Deny};
        let denied = policy("deny = ['GPL-2.0-only']").unwrap();
        assert_eq!(standing(&denied, "GPL-2.0-only"), Deny);
        let with = "GPL-2.0-only WITH Classpath-exception-2.0";
        assert_eq!(standing(&denied, with), Allow);
        let exact = policy("deny = ['GPL-2.0-only WITH Classpath-exception-2.0']").unwrap();
        assert_eq!(standing(&exact, with), Deny);
        assert_eq!(standing(&exact, "GPL-2.0-only"), Allow);
        let llvm = policy("deny = ['Apache-2.0']").unwrap();
        assert_eq!(standing(&llvm, "Apache-2.0 WITH LLVM-exception"), Deny);
    }

    #[test]
    fn without_a_policy_nothing_is_forbidden() {
        let policy = LicensePolicy::default();
        assert_eq!(standing(&policy, "AGPL-3.0-only"), LicenseStanding::Note);
        assert_eq!(standing(&policy, "GPL-3.0-only"), LicenseStanding::Allow);
        assert_eq!(policy.standing(None).0, LicenseStanding::Allow);
        assert_eq!(self::policy("").unwrap(), policy);
    }

    #[test]
    fn what_means_nothing_is_an_error() {
        let error = |text: &str| policy(text).unwrap_err();
        assert!(error("deny = ['copyleft']").contains("neither one licence"));
        assert!(error("deny = ['MIT OR ISC']").contains("neither one licence"));
        assert!(error("deny = ['MIT']\nallow = ['mit']").contains("in two lists"));
        assert!(error("forbid = ['MIT']").contains("unknown field"));
        assert!(policy("deny = ['MIT', 'mit']").is_ok());
    }
}
