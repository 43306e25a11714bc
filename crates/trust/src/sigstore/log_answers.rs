//! What logs answer to whoever makes an entry, in the form that bundles have.

use serde_json::Value;
use sigstore_verify::rekor::LogEntry;
use sigstore_verify::types::{KindVersion, TransparencyLogEntry};

use crate::services::InvalidAnswer;

/// The longest detail that is taken over.
const LONGEST: usize = 300;

/// The entry in the answer of a log of version 1: an object with one field, whose name is the
/// entry's, <https://github.com/sigstore/rekor/blob/main/openapi.yaml>.
pub(crate) fn entry_of_version_1(answer: &[u8]) -> Result<Value, InvalidAnswer> {
    let entries: serde_json::Map<String, Value> =
        serde_json::from_slice(answer).map_err(malformed)?;
    let count = entries.len();
    let mut values = entries.into_iter().map(|(_, value)| value);
    let (Some(entry), None) = (values.next(), values.next()) else {
        return Err(InvalidAnswer::Entries(count));
    };
    let entry: LogEntry = serde_json::from_value(entry).map_err(malformed)?;
    let entry = entry
        .to_bundle_entry(KindVersion::DsseV001)
        .map_err(|error| InvalidAnswer::Malformed(shortened(&error.to_string())))?;
    serde_json::to_value(entry).map_err(malformed)
}

/// The entry in the answer of a log of version 2, which has the form of bundles already.
pub(crate) fn entry_of_version_2(answer: &[u8]) -> Result<Value, InvalidAnswer> {
    let entry: TransparencyLogEntry = serde_json::from_slice(answer).map_err(malformed)?;
    if entry.kind_version != KindVersion::HashedRekordV002 {
        return Err(InvalidAnswer::EntryKind(format!(
            "`{}` {}",
            entry.kind_version.kind(),
            entry.kind_version.version()
        )));
    }
    serde_json::to_value(entry).map_err(malformed)
}

fn malformed(error: serde_json::Error) -> InvalidAnswer {
    InvalidAnswer::Malformed(shortened(&error.to_string()))
}

fn shortened(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}
