//! The lockfile of Yarn 2 and later: YAML, one entry per resolution:
//! <https://yarnpkg.com/advanced/lexicon>.

use super::LockedEntry;
use crate::documents::json::Loose;

/// The entries of a document. Its checksums are of Yarn's own archives, so they are not taken.
pub(super) fn read(document: &Loose<'_>) -> Vec<LockedEntry> {
    document
        .members()
        .iter()
        .filter(|(key, _)| key != "__metadata")
        .map(|(key, value)| entry(key, value))
        .collect()
}

fn entry(key: &str, value: &Loose<'_>) -> LockedEntry {
    let text = |name: &str| value.get(name).and_then(Loose::text);
    let resolution = text("resolution").and_then(super::split_descriptor);
    let workspace = resolution.and_then(|(_, reference)| reference.strip_prefix("workspace:"));
    let mut entry = LockedEntry {
        descriptors: key
            .split(", ")
            .filter(|one| !one.is_empty())
            .map(Into::into)
            .collect(),
        name: resolution.map(|(name, _)| name.into()),
        version: text("version").map(Into::into),
        workspace: workspace.map(Into::into),
        ..LockedEntry::default()
    };
    for (name, range) in value
        .get("dependencies")
        .into_iter()
        .flat_map(Loose::members)
    {
        if let Some(range) = range.text() {
            let descriptor = format!("{name}@{range}");
            entry.needs.push((name.as_ref().into(), descriptor.into()));
        }
    }
    let meta = value.get("dependenciesMeta");
    for (name, meta) in meta.into_iter().flat_map(Loose::members) {
        if meta.get("optional").is_some_and(Loose::is_true) {
            entry.optional.push(name.as_ref().into());
        }
    }
    entry
}
