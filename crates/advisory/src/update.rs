//! Bringing a database up to date: only what has changed is read where the feed says what that is.
//!
//! A feed with lists of changes is asked for the records that were changed since the last time,
//! one by one; where there are many, its archive is quicker. Without lists, an archive is read if
//! it is another one than before. The records that did not change come out of the old file, and
//! what comes out of all this is byte for byte what reading everything would give.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use linchpin_model::{Ecosystem, Timestamp};

use crate::database::{Contents, Database, EcosystemPart, Manifest, Moment, Seen, WriteLock};
use crate::feeds::{CHANGES, Change, FeedLimits, Onward, Opened, RawRecord, read_changes};
use crate::import::{
    EcosystemSummary, ImportError, ImportOptions, ImportSummary, Taken, finish, stage,
};
use crate::reading::{Reading, single, wanted};
use crate::{Bucket, FeedError};

/// With more than a tenth of an ecosystem's records changed, its archive is quicker than they are
/// one by one, but a few hundred requests are always quicker than the archive of a large one.
const SHARE: u64 = 10;
const ALWAYS_SINGLE: usize = 100;
/// How many records are fetched at once.
const FETCHERS: usize = 8;
/// How many records are fetched before they are looked at.
const BATCH: usize = 512;

/// How much of a feed is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// What has changed.
    Changes,
    /// Everything: records that vanished from the feed are noticed.
    Whole,
}

/// Brings a database up to date, or makes one. What was done of it stays if it is interrupted:
/// each ecosystem is replaced on its own, if there was a database before.
pub fn update(
    bucket: &dyn Bucket,
    lock: &WriteLock,
    options: &ImportOptions,
    depth: Depth,
) -> Result<ImportSummary, ImportError> {
    let mut summary = ImportSummary::default();
    let folders = wanted(bucket, &mut summary)?;
    // A database that can not be read, or that another version made, is no ground to build on.
    let old = Database::open(lock.folder())
        .ok()
        .filter(|database| database.manifest().is_some_and(Manifest::is_ours));
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
        changes: BTreeMap::new(),
        source: bucket.label(),
    };
    if depth == Depth::Changes {
        updater.read_changes(&manifest, &folders)?;
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
        let (part, line) = updater.ecosystem(*ecosystem, names, before.as_ref(), &mut summary)?;
        summary.ecosystems.push(line);
        let file = |part: &Option<EcosystemPart>| part.as_ref().map(|part| part.file.clone());
        let changed = file(&part) != file(&before);
        let name = ecosystem.facts().osv_name;
        manifest.ecosystems.retain(|part| part.name != name);
        manifest.ecosystems.extend(part);
        manifest
            .ecosystems
            .sort_by(|left, right| left.name.cmp(&right.name));
        if changed && old.is_some() {
            lock.commit(&manifest)
                .map_err(ImportError::unwritable(lock.folder()))?;
        }
    }
    if manifest.ecosystems.is_empty() {
        return Err(ImportError::Empty {
            bucket: bucket.label(),
        });
    }
    finish(lock, manifest, options, &mut summary)?;
    Ok(summary)
}

struct Updater<'a> {
    bucket: &'a dyn Bucket,
    lock: &'a WriteLock,
    depth: Depth,
    old: Option<&'a Database>,
    /// The moment of this update.
    fetched: Option<Timestamp>,
    /// What has changed, by ecosystem; nothing for those of which that is not known.
    changes: BTreeMap<Ecosystem, Vec<Change>>,
    source: String,
}

impl Updater<'_> {
    /// Reads the list of changes at the top of the bucket, or those of the ecosystems.
    fn read_changes(
        &mut self,
        manifest: &Manifest,
        folders: &BTreeMap<Ecosystem, Vec<String>>,
    ) -> Result<(), ImportError> {
        let seen: BTreeMap<Ecosystem, Seen> = folders
            .keys()
            .filter_map(|ecosystem| Some((*ecosystem, manifest.ecosystem(*ecosystem)?.seen?)))
            .collect();
        let Some(oldest) = seen.values().map(|seen| seen.moment.0).min() else {
            return Ok(());
        };
        match self.bucket.stream(CHANGES) {
            Ok(list) => {
                let mut all: BTreeMap<Ecosystem, Vec<Change>> = seen
                    .keys()
                    .map(|ecosystem| (*ecosystem, Vec::new()))
                    .collect();
                read_changes(list, CHANGES, |change| {
                    if change.moment < oldest {
                        return Onward::Enough;
                    }
                    let base = change.folder.split(':').next().unwrap_or_default();
                    if let Some((ecosystem, _)) = Ecosystem::from_osv(base)
                        && seen
                            .get(&ecosystem)
                            .is_some_and(|seen| change.moment >= seen.moment.0)
                        && let Some(changes) = all.get_mut(&ecosystem)
                    {
                        changes.push(change);
                    }
                    Onward::More
                })?;
                self.changes = all;
            }
            Err(FeedError::Missing { .. }) => {
                for (ecosystem, seen) in seen {
                    let names = folders.get(&ecosystem).map_or(&[][..], Vec::as_slice);
                    if let Some(changes) = self.own_changes(names, seen.moment.0)? {
                        self.changes.insert(ecosystem, changes);
                    }
                }
            }
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    /// The changes in the lists of an ecosystem's folders, back to a moment. Nothing if one of
    /// them has no list.
    fn own_changes(
        &self,
        names: &[String],
        until: Timestamp,
    ) -> Result<Option<Vec<Change>>, ImportError> {
        let mut changes = Vec::new();
        for name in names {
            let path = format!("{name}/{CHANGES}");
            let list = match self.bucket.stream(&path) {
                Ok(list) => list,
                Err(FeedError::Missing { .. }) => return Ok(None),
                Err(error) => return Err(error.into()),
            };
            read_changes(list, &path, |change| {
                if change.moment < until {
                    return Onward::Enough;
                }
                changes.push(Change {
                    folder: name.clone(),
                    ..change
                });
                Onward::More
            })?;
        }
        Ok(Some(changes))
    }

    /// Up to where the lists of an ecosystem go now.
    fn newest_change(&self, names: &[String]) -> Result<Option<Seen>, ImportError> {
        let mut moments = Vec::new();
        for name in names {
            let path = format!("{name}/{CHANGES}");
            let list = match self.bucket.stream(&path) {
                Ok(list) => list,
                Err(FeedError::Missing { .. }) => return Ok(None),
                Err(error) => return Err(error.into()),
            };
            let mut first = None;
            read_changes(list, &path, |change| {
                let first = *first.get_or_insert(change.moment);
                if change.moment < first {
                    return Onward::Enough;
                }
                moments.push(change.moment);
                Onward::More
            })?;
        }
        Ok(latest(moments.into_iter()))
    }

    /// What an ecosystem becomes.
    fn ecosystem(
        &self,
        ecosystem: Ecosystem,
        names: &[String],
        before: Option<&EcosystemPart>,
        summary: &mut ImportSummary,
    ) -> Result<(Option<EcosystemPart>, EcosystemSummary), ImportError> {
        let line = |how, read| EcosystemSummary {
            ecosystem,
            how,
            read,
        };
        if let Some(before) = before
            && let Some(seen) = before.seen
            && let Some(changes) = self.changes.get(&ecosystem)
        {
            let (new, equal): (Vec<&Change>, Vec<&Change>) = changes
                .iter()
                .partition(|change| change.moment > seen.moment.0);
            // Some more may have come at the very moment up to which was read.
            let equal_is_known = equal.len() as u64 == seen.changes;
            let changed: Vec<&Change> = if equal_is_known {
                new
            } else {
                changes.iter().collect()
            };
            let next = latest(changes.iter().map(|change| change.moment)).or(Some(seen));
            if changed.is_empty() {
                let part = self.dated(before.clone(), next, before.validator.clone());
                return Ok((Some(part), line(Taken::Unchanged, 0)));
            }
            let many =
                changed.len() > ALWAYS_SINGLE && changed.len() as u64 > before.records / SHARE;
            if !many
                && let Some((part, read)) = self.changed(ecosystem, before, &changed, summary)?
            {
                let part = part.map(|part| self.dated(part, next, None));
                return Ok((part, line(Taken::Changes, read)));
            }
        }
        self.whole(ecosystem, names, before, summary)
    }

    /// Fetches changed records one by one, and takes all others from the old file. Nothing if that
    /// can not be read.
    fn changed(
        &self,
        ecosystem: Ecosystem,
        before: &EcosystemPart,
        changes: &[&Change],
        summary: &mut ImportSummary,
    ) -> Result<Option<(Option<EcosystemPart>, u64)>, ImportError> {
        let Some(shard) = self
            .old
            .and_then(|old| old.shard_of(ecosystem).ok().flatten())
        else {
            return Ok(None);
        };
        let places: BTreeSet<(&str, &str)> = changes
            .iter()
            .map(|change| (change.folder.as_str(), change.id.as_str()))
            .collect();
        let mut leave: BTreeSet<&str> = places.iter().map(|(_, id)| *id).collect();
        let places: Vec<(&str, &str)> = places.into_iter().collect();
        let mut reading = Reading::new(Some(ecosystem), summary);
        let mut read = 0;
        for batch in places.chunks(BATCH) {
            let fetched = self.fetch(batch)?;
            read += fetched.len() as u64;
            reading.take(fetched)?;
        }
        // Of a record that can not be read now, what was known before is better than nothing.
        for name in std::mem::take(&mut reading.broken) {
            let id = name
                .rsplit('/')
                .next()
                .and_then(|name| name.strip_suffix(".json"));
            if let Some(id) = id {
                leave.remove(id);
            }
        }
        let mut pool = std::mem::take(&mut reading.pool);
        let copied = Contents::of(shard)
            .map_err(ImportError::from)
            .and_then(|contents| {
                contents.each(|record| {
                    if leave.contains(record.advisory.id) {
                        return Ok(());
                    }
                    pool.push_stored(&record).map_err(ImportError::from)
                })
            });
        match copied {
            // Damaged: everything is fetched anew.
            Err(ImportError::Database(_)) => return Ok(None),
            other => other?,
        }
        let part = stage(self.lock, ecosystem, &pool, &before.source)?;
        Ok(Some((part, read)))
    }

    /// Fetches records, several at once. Those that are gone are left out.
    fn fetch(&self, places: &[(&str, &str)]) -> Result<Vec<RawRecord>, ImportError> {
        let limits = FeedLimits::default();
        let next = AtomicUsize::new(0);
        let results: Mutex<Vec<(usize, Result<RawRecord, FeedError>)>> = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for _ in 0..FETCHERS.min(places.len()) {
                scope.spawn(|| {
                    loop {
                        let place = next.fetch_add(1, Ordering::Relaxed);
                        let Some((folder, id)) = places.get(place) else {
                            return;
                        };
                        let path = format!("{folder}/{id}.json");
                        let result = single(self.bucket, &path, limits);
                        let failed = !matches!(result, Ok(_) | Err(FeedError::Missing { .. }));
                        if let Ok(mut results) = results.lock() {
                            results.push((place, result));
                        }
                        if failed {
                            next.store(places.len(), Ordering::Relaxed);
                        }
                    }
                });
            }
        });
        let mut results = results.into_inner().unwrap_or_default();
        results.sort_by_key(|(place, _)| *place);
        let mut records = Vec::with_capacity(results.len());
        for (_, result) in results {
            match result {
                Ok(record) => records.push(record),
                Err(FeedError::Missing { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(records)
    }

    /// Reads all records of an ecosystem, unless its archive is still the same.
    fn whole(
        &self,
        ecosystem: Ecosystem,
        names: &[String],
        before: Option<&EcosystemPart>,
        summary: &mut ImportSummary,
    ) -> Result<(Option<EcosystemPart>, EcosystemSummary), ImportError> {
        // Read first: what changes between this and the archive is read once more next time.
        let seen = self.newest_change(names)?;
        let known = before
            .filter(|_| self.depth == Depth::Changes && self.old.is_some() && names.len() == 1)
            .and_then(|before| before.validator.as_deref());
        let mut reading = Reading::new(Some(ecosystem), summary);
        let mut read = 0;
        let mut validators = Vec::new();
        for name in names {
            let path = format!("{name}/all.zip");
            match self.bucket.open_unless(&path, known) {
                Ok(Opened::Unchanged) => {
                    let part = before
                        .map(|before| self.dated(before.clone(), seen, before.validator.clone()));
                    let line = EcosystemSummary {
                        ecosystem,
                        how: Taken::Unchanged,
                        read: 0,
                    };
                    return Ok((part, line));
                }
                Ok(Opened::File { file, validator }) => {
                    validators.push(validator);
                    read += reading.archive(file, &path)?;
                }
                Err(FeedError::Missing { .. }) => read += reading.folder(self.bucket, name)?,
                Err(error) => return Err(error.into()),
            }
        }
        if read == 0 {
            reading.problem(format!(
                "the feed names {} and holds no record of it",
                names.join(", ")
            ));
        }
        let validator = match validators.as_slice() {
            [validator] => validator.clone(),
            _ => None,
        };
        let pool = std::mem::take(&mut reading.pool);
        let part = stage(self.lock, ecosystem, &pool, &self.source)?
            .map(|part| self.dated(part, seen, validator));
        let line = EcosystemSummary {
            ecosystem,
            how: Taken::Whole,
            read,
        };
        Ok((part, line))
    }

    /// The part with what is known of its age.
    fn dated(
        &self,
        part: EcosystemPart,
        seen: Option<Seen>,
        validator: Option<String>,
    ) -> EcosystemPart {
        EcosystemPart {
            current: self.fetched.map(Moment).or(part.newest),
            seen,
            validator,
            ..part
        }
    }
}

/// The latest of these moments, and how many changes have it.
fn latest(moments: impl Iterator<Item = Timestamp>) -> Option<Seen> {
    moments.fold(None, |latest: Option<Seen>, moment| match latest {
        Some(seen) if moment < seen.moment.0 => Some(seen),
        Some(seen) if moment == seen.moment.0 => Some(Seen {
            changes: seen.changes + 1,
            ..seen
        }),
        _ => Some(Seen {
            moment: Moment(moment),
            changes: 1,
        }),
    })
}
