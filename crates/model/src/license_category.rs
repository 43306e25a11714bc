//! What licences ask for: each licence of the SPDX list has a category, and an expression the one
//! that follows from its parts.
//!
//! The table is `license_categories.txt`. What is done about a category is a policy, and no affair of
//! this room.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::str::FromStr;
use std::sync::OnceLock;

use spdx::expression::{ExprNode, Operator};

use crate::LicenseExpression;
use crate::license::EXACT;

/// What a licence asks of those who use the work. The order is that of strictness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LicenseCategory {
    /// Nothing is asked for.
    PublicDomain,
    /// The notice must stay.
    Permissive,
    /// Changes to the work itself must be open; what uses it need not be.
    WeakCopyleft,
    /// What is built with it and given to others must be open.
    StrongCopyleft,
    /// So must what others only use over a network.
    NetworkCopyleft,
    /// Not everybody may use it, or not for everything.
    Restricted,
    /// Nobody knows.
    Unknown,
}

/// A word is no category.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no category of licences; they are {all}", all = LicenseCategory::words())]
pub struct UnknownLicenseCategory(pub String);

/// One licence in an expression, with its exception.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LicenseTerm {
    /// The identifier, with a `+` where later versions hold too.
    pub id: String,
    /// The exception behind `WITH`.
    pub exception: Option<String>,
}

impl LicenseCategory {
    /// All of them, mildest first.
    pub const ALL: [Self; 7] = [
        Self::PublicDomain,
        Self::Permissive,
        Self::WeakCopyleft,
        Self::StrongCopyleft,
        Self::NetworkCopyleft,
        Self::Restricted,
        Self::Unknown,
    ];

    /// The word in our formats and in settings.
    pub fn label(self) -> &'static str {
        match self {
            Self::PublicDomain => "public-domain",
            Self::Permissive => "permissive",
            Self::WeakCopyleft => "weak-copyleft",
            Self::StrongCopyleft => "strong-copyleft",
            Self::NetworkCopyleft => "network-copyleft",
            Self::Restricted => "restricted",
            Self::Unknown => "unknown",
        }
    }

    /// What it means, for people.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::PublicDomain => "nothing is asked for",
            Self::Permissive => "the notice must stay",
            Self::WeakCopyleft => {
                "changes to the work itself must be open; what uses it need not be"
            }
            Self::StrongCopyleft => "what is built with it and given to others must be open",
            Self::NetworkCopyleft => {
                "what is built with it must be open even if others only use it over a network"
            }
            Self::Restricted => "not everybody may use it, or not for everything",
            Self::Unknown => "nobody knows what is asked for",
        }
    }

    fn words() -> String {
        Self::ALL.map(Self::label).join(", ")
    }
}

impl fmt::Display for LicenseCategory {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.label().replace('-', " "))
    }
}

impl FromStr for LicenseCategory {
    type Err = UnknownLicenseCategory;

    fn from_str(text: &str) -> Result<Self, UnknownLicenseCategory> {
        Self::ALL
            .into_iter()
            .find(|category| category.label() == text)
            .ok_or_else(|| UnknownLicenseCategory(text.chars().take(100).collect()))
    }
}

impl LicenseTerm {
    /// What it asks for. An exception that lets programs under any licence use the work makes strong
    /// copyleft weak; a reference to a licence that is not in the list is unknown.
    pub fn category(&self) -> LicenseCategory {
        let table = table();
        let id = self.id.strip_suffix('+').unwrap_or(&self.id);
        let known = [self.id.as_str(), id]
            .into_iter()
            .find_map(|id| table.categories.get(id).copied());
        let category = known.unwrap_or(LicenseCategory::Unknown);
        let weakened = self
            .exception
            .as_deref()
            .is_some_and(|exception| table.weakening.contains(exception));
        if weakened && category == LicenseCategory::StrongCopyleft {
            return LicenseCategory::WeakCopyleft;
        }
        category
    }
}

impl fmt::Display for LicenseTerm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.exception {
            Some(exception) => write!(formatter, "{} WITH {exception}", self.id),
            None => formatter.write_str(&self.id),
        }
    }
}

impl LicenseExpression {
    /// What it asks for: a choice is as mild as its mildest branch, and what is to be kept to together
    /// as strict as its strictest.
    pub fn category(&self) -> LicenseCategory {
        self.judge(LicenseTerm::category)
            .unwrap_or(LicenseCategory::Unknown)
    }

    /// The licences in it, each with its exception, in order.
    pub fn terms(&self) -> Vec<LicenseTerm> {
        spdx::Expression::parse_mode(self.as_str(), EXACT)
            .map(|parsed| {
                parsed
                    .requirements()
                    .map(|licence| term(&licence.req))
                    .collect()
            })
            .unwrap_or_default()
    }

    /// Judges an expression by judging its licences: of a choice the least counts, of what is to be
    /// kept to together the greatest.
    pub fn judge<J: Ord>(&self, judge: impl Fn(&LicenseTerm) -> J) -> Option<J> {
        let parsed = spdx::Expression::parse_mode(self.as_str(), EXACT).ok()?;
        // The library keeps expressions with the operators behind what they join.
        let mut stack: Vec<J> = Vec::new();
        for node in parsed.iter() {
            let value = match node {
                ExprNode::Req(licence) => judge(&term(&licence.req)),
                ExprNode::Op(operator) => {
                    let (right, left) = (stack.pop()?, stack.pop()?);
                    match operator {
                        Operator::And => left.max(right),
                        Operator::Or => left.min(right),
                    }
                }
            };
            stack.push(value);
        }
        stack.pop()
    }
}

fn term(licence: &spdx::LicenseReq) -> LicenseTerm {
    LicenseTerm {
        id: licence.license.to_string(),
        exception: licence.addition.as_ref().map(ToString::to_string),
    }
}

struct Table {
    categories: HashMap<&'static str, LicenseCategory>,
    weakening: BTreeSet<&'static str>,
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = Table {
            categories: HashMap::new(),
            weakening: BTreeSet::new(),
        };
        let mut category = None;
        for line in include_str!("license_categories.txt").lines() {
            if line.starts_with('#') {
                continue;
            }
            if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
                category = name.parse().ok();
                continue;
            }
            for id in line.split_whitespace() {
                match category {
                    Some(category) => drop(table.categories.insert(id, category)),
                    None => drop(table.weakening.insert(id)),
                }
            }
        }
        table
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn category(text: &str) -> LicenseCategory {
        LicenseExpression::parse(text).unwrap().category()
    }

    #[test]
    fn every_licence_of_the_list_has_one_category() {
        let words = || {
            include_str!("license_categories.txt")
                .lines()
                .filter(|line| !line.starts_with(['#', '[']))
                .flat_map(str::split_whitespace)
        };
        let mut seen = BTreeSet::new();
        for word in words() {
            assert!(seen.insert(word), "{word} stands twice");
            assert!(
                spdx::license_id(word).is_some() || spdx::exception_id(word).is_some(),
                "{word} is in no list"
            );
        }
        for license in spdx::identifiers::LICENSES {
            let is_known = table().categories.contains_key(license.name);
            let is_none = license.name.ends_with("-invariants") || license.name == "NOASSERTION";
            assert_ne!(is_known, is_none, "{}", license.name);
        }
        for exception in &table().weakening {
            assert!(spdx::exception_id(exception).is_some(), "{exception}");
        }
    }

    #[test]
    fn choices_are_mild_and_sums_are_strict() {
        use LicenseCategory::{
            NetworkCopyleft, Permissive, PublicDomain, Restricted, StrongCopyleft, Unknown,
            WeakCopyleft,
        };
        for (text, wanted) in [
            ("MIT", Permissive),
            ("CC0-1.0 OR MIT", PublicDomain),
            ("CC0-1.0 AND MIT", Permissive),
            ("GPL-2.0-only OR MIT", Permissive),
            ("GPL-2.0-only AND MIT", StrongCopyleft),
            ("(GPL-2.0-only OR AGPL-3.0-only) AND MIT", StrongCopyleft),
            (
                "MIT AND (LGPL-2.1-or-later OR GPL-3.0+) OR BUSL-1.1",
                WeakCopyleft,
            ),
            ("GPL-2.0+", StrongCopyleft),
            ("GPL-2.0", StrongCopyleft),
            ("LGPL-2.1+", WeakCopyleft),
            ("MPL-2.0+", WeakCopyleft),
            ("GPL-2.0-only WITH Classpath-exception-2.0", WeakCopyleft),
            ("GPL-3.0-or-later WITH GCC-exception-3.1", WeakCopyleft),
            ("GPL-2.0-with-classpath-exception", WeakCopyleft),
            (
                "GPL-2.0-or-later WITH openvpn-openssl-exception",
                StrongCopyleft,
            ),
            (
                "AGPL-3.0-only WITH Classpath-exception-2.0",
                NetworkCopyleft,
            ),
            ("Apache-2.0 WITH LLVM-exception", Permissive),
            ("SSPL-1.0", NetworkCopyleft),
            ("CC-BY-NC-4.0", Restricted),
            ("LicenseRef-ours", Unknown),
            ("LicenseRef-ours OR MIT", Permissive),
            ("LicenseRef-ours AND MIT", Unknown),
        ] {
            assert_eq!(category(text), wanted, "{text}");
        }
    }

    #[test]
    fn categories_are_read_by_their_words() {
        for category in LicenseCategory::ALL {
            assert_eq!(category.label().parse(), Ok(category));
        }
        let error = "copyleft".parse::<LicenseCategory>().unwrap_err();
        assert!(
            error
                .to_string()
                .contains("they are public-domain, permissive, ")
        );
    }
}
