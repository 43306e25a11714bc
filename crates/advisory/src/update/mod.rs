//! Bringing a database up to date: only what has changed is read where the feed says what that is.
//!
//! A feed with lists of changes is asked for the records that were changed since the last time,
//! one by one; where there are many, its archive is quicker. Once a day the whole list of an
//! ecosystem is compared with what is known (`comparison`): what is not listed any more is gone.
//! Without lists, an archive is read if it is another one than before. The records that did not
//! change come out of the old file, and what comes out of all this is byte for byte what reading
//! everything would give.
//!
//! Not noticed is a record that was changed without a new date: only `Depth::Whole` reads it.

mod age;
mod comparison;
mod ecosystem;
mod fetching;
mod lists;

use std::collections::BTreeMap;

use linchpin_model::Ecosystem;

use crate::Bucket;
use crate::database::{Database, EcosystemPart, Manifest, Moment, WriteLock};
use crate::import::{ImportError, ImportOptions, ImportSummary, finish};
use crate::reading::wanted;
use age::kept_up;
use ecosystem::Updater;

/// How much of a feed is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// What has changed.
    Changes,
    /// Everything: records that were changed without a new date are noticed.
    Whole,
}

/// Brings a database up to date, or makes one. What was done of it stays if it is interrupted:
/// each ecosystem is replaced on its own if there was a database before, and remembered for the next
/// update if there was none.
pub fn update(
    bucket: &dyn Bucket,
    lock: &WriteLock,
    options: &ImportOptions,
    depth: Depth,
) -> Result<ImportSummary, ImportError> {
    let mut summary = ImportSummary::default();
    let folders = wanted(bucket, &mut summary)?;
    // A database that can not be read, or that another version made, is no ground to build on.
    let ours = |database: &Database| database.manifest().is_some_and(Manifest::is_ours);
    let whole = Database::open(lock.folder()).ok().filter(ours);
    let is_whole = whole.is_some();
    let old = whole.or_else(|| Database::open_unfinished(lock.folder()).ok().filter(ours));
    let mut manifest = old
        .as_ref()
        .and_then(Database::manifest)
        .cloned()
        .unwrap_or_else(Manifest::new);
    manifest.made = options.compiled.map(Moment);
    let mut updater = Updater {
        bucket,
        lock,
        depth,
        old: old.as_ref(),
        fetched: options.compiled,
        kept_up: kept_up(bucket, &folders),
        changes: BTreeMap::new(),
        source: bucket.label(),
    };
    if depth == Depth::Changes {
        let seen = folders
            .keys()
            .filter_map(|ecosystem| {
                let part = updater.known(manifest.ecosystem(*ecosystem))?;
                Some((*ecosystem, part.seen?))
            })
            .collect();
        updater.changes = lists::changes(bucket, &folders, &seen)?;
    }
    let chosen =
        |ecosystem: &Ecosystem| options.only.is_empty() || options.only.contains(ecosystem);
    if options.only.is_empty() {
        manifest.ecosystems.retain(|part| {
            Ecosystem::from_osv(&part.name)
                .is_some_and(|(ecosystem, _)| folders.contains_key(&ecosystem))
        });
    }
    for (ecosystem, names) in folders.iter().filter(|(ecosystem, _)| chosen(ecosystem)) {
        let before = manifest.ecosystem(*ecosystem).cloned();
        let known = updater.known(before.as_ref());
        let (part, line) = updater.ecosystem(*ecosystem, names, known, &mut summary)?;
        summary.ecosystems.push(line);
        let file = |part: &Option<EcosystemPart>| part.as_ref().map(|part| part.file.clone());
        let changed = file(&part) != file(&before);
        let name = ecosystem.facts().osv_name;
        manifest.ecosystems.retain(|part| part.name != name);
        manifest.ecosystems.extend(part);
        manifest
            .ecosystems
            .sort_by(|left, right| left.name.cmp(&right.name));
        if changed {
            let kept = if is_whole {
                lock.commit(&manifest)
            } else {
                lock.remember(&manifest)
            };
            kept.map_err(ImportError::unwritable(lock.folder()))?;
        }
    }
    if manifest.ecosystems.is_empty() {
        return Err(ImportError::Empty {
            bucket: bucket.label(),
        });
    }
    if updater.kept_up.is_none() {
        // Nobody knows how old this feed is; that its newest record was there is certain.
        let newest = manifest
            .ecosystems
            .iter()
            .filter_map(|part| part.newest)
            .max();
        for part in &mut manifest.ecosystems {
            if Ecosystem::from_osv(&part.name).is_some_and(|(ecosystem, _)| chosen(&ecosystem)) {
                part.current = newest;
            }
        }
    }
    finish(lock, manifest, options, &mut summary)?;
    Ok(summary)
}
