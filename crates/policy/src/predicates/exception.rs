//! Exceptions: that a finding does not count, or that a rule need not hold, for a while. Who said so is
//! whoever signed it.

use linchpin_model::{PackageUrl, Timestamp};
use serde::Deserialize;
use serde::de::Error as _;

use super::read;
use crate::evidence::Testimony;
use crate::reading::moment;

/// The type of such statements. No common one says until when.
pub const EXCEPTION: &str = "urn:linchpin:exception:v1";

/// Exceptions that somebody made.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Exceptions {
    pub(crate) exceptions: Vec<Exception>,
}

/// One exception.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Exception {
    /// The id of the finding that does not count.
    pub(crate) finding: Option<String>,
    /// The package in which it does not count; without one in any. Without a version, any version.
    #[serde(default, deserialize_with = "package")]
    pub(crate) package: Option<PackageUrl>,
    /// The rule that need not hold.
    pub(crate) rule: Option<String>,
    /// Why.
    pub(crate) reason: String,
    /// Who allowed it, for people; what counts is who signed.
    #[serde(default)]
    pub(crate) approved_by: Option<String>,
    /// From when on it does not count any more.
    #[serde(deserialize_with = "end")]
    pub(crate) until: Timestamp,
}

impl Exceptions {
    pub(crate) fn read(testimony: &Testimony) -> Result<Self, String> {
        let read: Self = read(testimony)?;
        for exception in &read.exceptions {
            if exception.reason.trim().is_empty() {
                return Err("an exception says no reason".to_owned());
            }
            if exception.finding.is_some() == exception.rule.is_some() {
                return Err("an exception is about a `finding` or about a `rule`".to_owned());
            }
        }
        Ok(read)
    }
}

impl Exception {
    /// Whether it is about a flaw in a package.
    pub(crate) fn is_about<'a>(
        &self,
        mut ids: impl Iterator<Item = &'a str>,
        package: Option<&PackageUrl>,
    ) -> bool {
        let Some(finding) = &self.finding else {
            return false;
        };
        ids.any(|id| id.eq_ignore_ascii_case(finding))
            && match (&self.package, package) {
                (None, _) => true,
                (Some(excepted), Some(package)) => same_package(excepted, package),
                (Some(_), None) => false,
            }
    }
}

/// Whether a package URL, which may lack a version, stands for a package.
pub(crate) fn same_package(known: &PackageUrl, package: &PackageUrl) -> bool {
    known.kind() == package.kind()
        && known.namespace() == package.namespace()
        && known.name() == package.name()
        && known
            .version()
            .is_none_or(|version| Some(version) == package.version())
        && known
            .qualifiers()
            .all(|(key, value)| package.qualifier(key) == Some(value))
}

fn end<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    let text = String::deserialize(deserializer)?;
    moment(&text).ok_or_else(|| D::Error::custom("`until` is no date such as 2026-01-31"))
}

fn package<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<PackageUrl>, D::Error> {
    let Some(text) = Option::<String>::deserialize(deserializer)? else {
        return Ok(None);
    };
    text.parse().map(Some).map_err(D::Error::custom)
}
