//! An OSV record as its JSON says it: <https://ossf.github.io/osv-schema/>.
//!
//! Only what matching and reports need is read. Fields that are missing, null or of a strange
//! type count as empty; a record is refused only where nothing could be said with it. What the
//! fields mean is decided in `condense`, not here.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A record.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Record {
    pub(crate) id: String,
    #[serde(default, deserialize_with = "texts")]
    pub(crate) aliases: Vec<String>,
    #[serde(default, deserialize_with = "texts")]
    pub(crate) upstream: Vec<String>,
    #[serde(default, deserialize_with = "texts")]
    pub(crate) related: Vec<String>,
    #[serde(default, deserialize_with = "text")]
    pub(crate) published: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub(crate) modified: Option<String>,
    #[serde(default)]
    pub(crate) withdrawn: Option<Value>,
    #[serde(default, deserialize_with = "text")]
    pub(crate) summary: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub(crate) details: Option<String>,
    #[serde(default, deserialize_with = "or_empty")]
    pub(crate) severity: Vec<SeverityEntry>,
    #[serde(default, deserialize_with = "or_empty")]
    pub(crate) affected: Vec<AffectedEntry>,
    #[serde(default)]
    pub(crate) database_specific: Value,
}

/// One of `severity[]`: the type is `CVSS_V2`, `CVSS_V3`, `CVSS_V4` with a vector, or `Ubuntu`
/// with a word.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct SeverityEntry {
    #[serde(rename = "type", default, deserialize_with = "text")]
    pub(crate) kind: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub(crate) score: Option<String>,
}

/// One of `affected[]`.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct AffectedEntry {
    #[serde(default)]
    pub(crate) package: Option<PackageEntry>,
    #[serde(default, deserialize_with = "or_empty")]
    pub(crate) severity: Vec<SeverityEntry>,
    #[serde(default, deserialize_with = "or_empty")]
    pub(crate) ranges: Vec<RangeEntry>,
    #[serde(default, deserialize_with = "texts")]
    pub(crate) versions: Vec<String>,
    #[serde(default)]
    pub(crate) database_specific: Value,
    #[serde(default)]
    pub(crate) ecosystem_specific: Value,
}

/// The package of an `affected[]`. Records about commits alone have none.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct PackageEntry {
    pub(crate) ecosystem: String,
    pub(crate) name: String,
    #[serde(default, deserialize_with = "text")]
    pub(crate) purl: Option<String>,
}

/// One of `ranges[]`.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct RangeEntry {
    #[serde(rename = "type", default, deserialize_with = "text")]
    pub(crate) kind: Option<String>,
    #[serde(default, deserialize_with = "or_empty")]
    pub(crate) events: Vec<EventEntry>,
}

/// One of `events[]`. The schema wants one of the four in each, older records have several.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct EventEntry {
    #[serde(default, deserialize_with = "text")]
    pub(crate) introduced: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub(crate) fixed: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub(crate) last_affected: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub(crate) limit: Option<String>,
}

/// Why a record could not be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BadRecord {
    #[error("it is no OSV record: {0}")]
    NoRecord(#[from] serde_json::Error),
    #[error("its id is empty, too long, or holds strange characters")]
    StrangeId,
}

impl Record {
    /// Reads one record.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, BadRecord> {
        let record: Self = serde_json::from_slice(bytes)?;
        if !is_plain_id(&record.id) {
            return Err(BadRecord::StrangeId);
        }
        Ok(record)
    }

    /// Whether its authors took it back.
    pub(crate) fn is_withdrawn(&self) -> bool {
        self.withdrawn
            .as_ref()
            .is_some_and(|withdrawn| !withdrawn.is_null() && withdrawn.as_str() != Some(""))
    }
}

/// Whether a text can be an id: ids are printed to terminals and written into documents.
pub(crate) fn is_plain_id(id: &str) -> bool {
    !id.is_empty() && id.len() <= 200 && id.bytes().all(|byte| byte.is_ascii_graphic())
}

/// A text; anything else counts as missing.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::String(text) => Some(text),
        _ => None,
    })
}

/// A list of texts; what is no text is passed over.
fn texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Array(values) => values
            .into_iter()
            .filter_map(|value| match value {
                Value::String(text) => Some(text),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    })
}

/// A list; null counts as an empty one.
fn or_empty<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Ok(Option::<Vec<T>>::deserialize(deserializer)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_and_null_fields_are_empty() {
        let record = Record::parse(
            br#"{"id":"X-1","aliases":null,"affected":[{"package":null,"ranges":null}]}"#,
        )
        .unwrap();
        assert!(record.aliases.is_empty());
        assert!(record.affected[0].ranges.is_empty());
        assert!(!record.is_withdrawn());
    }

    #[test]
    fn a_record_without_a_usable_id_is_refused() {
        assert!(Record::parse(br#"{"aliases":["CVE-1"]}"#).is_err());
        assert!(Record::parse(b"{\"id\":\"a\\u001b[31m\"}").is_err());
        assert!(Record::parse(b"").is_err());
        assert!(Record::parse("[".repeat(100_000).as_bytes()).is_err());
    }
}
