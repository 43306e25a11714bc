//! What is different between two databases: which records were added, removed, changed.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use linchpin_model::Ecosystem;

use crate::DatabaseError;
use crate::database::{Contents, Database, Shard};

/// What is different for one ecosystem. The ids are sorted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EcosystemDifference {
    /// Which one.
    pub ecosystem: Ecosystem,
    /// Whether the old database has it at all.
    pub in_old: bool,
    /// Whether the new one has.
    pub in_new: bool,
    /// Records that are only in the new one.
    pub added: Vec<String>,
    /// Records that are only in the old one.
    pub removed: Vec<String>,
    /// Records that say something else.
    pub changed: Vec<String>,
}

/// Compares two databases. Ecosystems without a difference are left out.
pub fn differences(
    old: &Database,
    new: &Database,
) -> Result<Vec<EcosystemDifference>, DatabaseError> {
    let digest = |database: &Database, ecosystem| {
        let part = database.manifest()?.ecosystem(ecosystem)?;
        Some(part.file.sha256.clone())
    };
    let mut differences = Vec::new();
    for ecosystem in Ecosystem::all() {
        let (before, after) = (old.shard_of(ecosystem)?, new.shard_of(ecosystem)?);
        if before.is_none() && after.is_none() {
            continue;
        }
        let same = digest(old, ecosystem);
        if same.is_some() && same == digest(new, ecosystem) {
            continue;
        }
        let (in_old, in_new) = (before.is_some(), after.is_some());
        let (before, after) = (fingerprints(before)?, fingerprints(after)?);
        let missing_in = |from: &BTreeMap<String, u64>, other: &BTreeMap<String, u64>| {
            from.keys()
                .filter(|id| !other.contains_key(*id))
                .cloned()
                .collect::<Vec<_>>()
        };
        let changed: BTreeSet<&String> = before
            .iter()
            .filter(|(id, print)| after.get(*id).is_some_and(|other| other != *print))
            .map(|(id, _)| id)
            .collect();
        let difference = EcosystemDifference {
            ecosystem,
            in_old,
            in_new,
            added: missing_in(&after, &before),
            removed: missing_in(&before, &after),
            changed: changed.into_iter().cloned().collect(),
        };
        let nothing = difference.added.is_empty()
            && difference.removed.is_empty()
            && difference.changed.is_empty();
        if !nothing || in_old != in_new {
            differences.push(difference);
        }
    }
    Ok(differences)
}

/// What each record says, as a number that is another one if it says something else.
fn fingerprints(shard: Option<&Shard>) -> Result<BTreeMap<String, u64>, DatabaseError> {
    let mut prints = BTreeMap::new();
    let Some(shard) = shard else {
        return Ok(prints);
    };
    Contents::of(shard)?.each(|record| {
        let mut hasher = DefaultHasher::new();
        (record.bytes, &record.summary, &record.packages).hash(&mut hasher);
        prints.insert(record.advisory.id.to_owned(), hasher.finish());
        Ok::<(), DatabaseError>(())
    })?;
    Ok(prints)
}
