//! What one ecosystem becomes: its changes or all of its records are read, and its file is written
//! anew.

use std::collections::{BTreeMap, BTreeSet};

use linchpin_model::{Ecosystem, Timestamp};

use super::Depth;
use super::age::IS_DUE;
use super::comparison::{Compared, compare};
use super::fetching::fetch;
use super::lists::{latest, newest_change};
use crate::database::{Contents, Database, EcosystemPart, Moment, Seen, Shard, WriteLock};
use crate::feeds::{Change, Opened};
use crate::import::{EcosystemSummary, ImportError, ImportSummary, Taken, stage};
use crate::reading::Reading;
use crate::{Bucket, FeedError};

/// With more than a tenth of an ecosystem's records changed, its archive is quicker than they are
/// one by one, but a few hundred requests are always quicker than the archive of a large one.
pub(super) const SHARE: u64 = 10;
const ALWAYS_SINGLE: usize = 100;
/// How many records are fetched before they are looked at.
const BATCH: usize = 512;

/// Brings ecosystems up to date, one after the other.
pub(super) struct Updater<'a> {
    pub(super) bucket: &'a dyn Bucket,
    pub(super) lock: &'a WriteLock,
    pub(super) depth: Depth,
    pub(super) old: Option<&'a Database>,
    /// The moment of this update.
    pub(super) fetched: Option<Timestamp>,
    /// Until when the feed was certainly kept up to date.
    pub(super) kept_up: Option<Timestamp>,
    /// What has changed, by ecosystem; nothing for those of which that is not known.
    pub(super) changes: BTreeMap<Ecosystem, Vec<Change>>,
    pub(super) source: String,
}

impl Updater<'_> {
    /// A part that can be built upon: what another feed said does not tell what has changed in this.
    pub(super) fn known<'b>(&self, part: Option<&'b EcosystemPart>) -> Option<&'b EcosystemPart> {
        part.filter(|part| part.source == self.source)
    }

    /// The old file of an ecosystem, if it can be read.
    fn shard(&self, ecosystem: Ecosystem) -> Option<&Shard> {
        self.old?.shard_of(ecosystem).ok().flatten()
    }

    /// What the whole list of an ecosystem says, once a day. Nothing where there is no list.
    fn compared(
        &self,
        ecosystem: Ecosystem,
        names: &[String],
        before: &EcosystemPart,
        seen: Seen,
    ) -> Result<Option<Compared>, ImportError> {
        let listed = before.listed.map(|moment| moment.0);
        let is_due = match (self.fetched, listed) {
            (Some(now), Some(listed)) => now.duration_since(listed) >= IS_DUE,
            _ => true,
        };
        match self.shard(ecosystem) {
            Some(shard) if is_due => compare(self.bucket, names, shard, seen, listed),
            _ => Ok(None),
        }
    }

    /// What an ecosystem becomes.
    pub(super) fn ecosystem(
        &self,
        ecosystem: Ecosystem,
        names: &[String],
        before: Option<&EcosystemPart>,
        summary: &mut ImportSummary,
    ) -> Result<(Option<EcosystemPart>, EcosystemSummary), ImportError> {
        let mut validator = before.and_then(|before| before.validator.as_deref());
        if let Some(before) = before
            && let Some(seen) = before.seen
            && self.depth == Depth::Changes
        {
            let compared = self.compared(ecosystem, names, before, seen)?;
            let listed = match &compared {
                Some(_) => self.fetched.map(Moment),
                None => before.listed,
            };
            let compared = compared.or_else(|| {
                let changes = self.changes.get(&ecosystem)?.clone();
                Some(Compared::changes_only(changes))
            });
            if let Some(compared) = compared {
                if compared.is_doubtful(before.records) {
                    // Whatever is known of the archive, it is read again.
                    validator = None;
                } else if let Some(result) =
                    self.follow(ecosystem, before, seen, &compared, summary)?
                {
                    let (part, line) = result;
                    let part = part.map(|part| EcosystemPart { listed, ..part });
                    return Ok((part, line));
                }
            }
        }
        self.whole(ecosystem, names, (before, validator), summary)
    }

    /// Takes what has changed. Nothing if that is too much, or the old file can not be read.
    fn follow(
        &self,
        ecosystem: Ecosystem,
        before: &EcosystemPart,
        seen: Seen,
        compared: &Compared,
        summary: &mut ImportSummary,
    ) -> Result<Option<(Option<EcosystemPart>, EcosystemSummary)>, ImportError> {
        let changes = &compared.changes;
        let (new, equal): (Vec<&Change>, Vec<&Change>) = changes
            .iter()
            .partition(|change| change.moment > seen.moment.0);
        // Some more may have come at the very moment up to which was read.
        let equal_is_known = equal.len() as u64 == seen.changes;
        let mut changed: Vec<&Change> = if equal_is_known {
            new
        } else {
            changes.iter().collect()
        };
        changed.extend(&compared.missed);
        let next = latest(changes.iter().map(|change| change.moment)).or(Some(seen));
        if changed.is_empty() && compared.gone.is_empty() {
            let part = self.dated(before.clone(), next, before.validator.clone());
            let line = EcosystemSummary {
                ecosystem,
                how: Taken::Unchanged,
                read: 0,
                gone: 0,
            };
            return Ok(Some((Some(part), line)));
        }
        if changed.len() > ALWAYS_SINGLE && changed.len() as u64 > before.records / SHARE {
            return Ok(None);
        }
        let made = self.changed(ecosystem, before, &changed, &compared.gone, summary)?;
        Ok(made.map(|(part, read)| {
            let line = EcosystemSummary {
                ecosystem,
                how: Taken::Changes,
                read,
                gone: compared.gone.len() as u64,
            };
            (part.map(|part| self.dated(part, next, None)), line)
        }))
    }

    /// Fetches changed records one by one, and takes all others but those that are gone from the old
    /// file. Nothing if that can not be read.
    fn changed(
        &self,
        ecosystem: Ecosystem,
        before: &EcosystemPart,
        changes: &[&Change],
        gone: &[String],
        summary: &mut ImportSummary,
    ) -> Result<Option<(Option<EcosystemPart>, u64)>, ImportError> {
        let Some(shard) = self.shard(ecosystem) else {
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
            let fetched = fetch(self.bucket, batch)?;
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
        leave.extend(gone.iter().map(String::as_str));
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

    /// Reads all records of an ecosystem, unless its archive is still the one that a validator names.
    fn whole(
        &self,
        ecosystem: Ecosystem,
        names: &[String],
        (before, validator): (Option<&EcosystemPart>, Option<&str>),
        summary: &mut ImportSummary,
    ) -> Result<(Option<EcosystemPart>, EcosystemSummary), ImportError> {
        // Read first: what changes between this and the archive is read once more next time.
        let seen = newest_change(self.bucket, names)?;
        let known = validator
            .filter(|_| self.depth == Depth::Changes && self.old.is_some() && names.len() == 1);
        let mut reading = Reading::new(Some(ecosystem), summary);
        let mut read = 0;
        let mut validators = Vec::new();
        for name in names {
            let path = format!("{name}/all.zip");
            match self.bucket.open_unless(&path, known) {
                Ok(Opened::Unchanged) => {
                    let part = before.map(|before| EcosystemPart {
                        listed: self.fetched.map(Moment),
                        ..self.dated(before.clone(), seen, before.validator.clone())
                    });
                    let line = EcosystemSummary {
                        ecosystem,
                        how: Taken::Unchanged,
                        read: 0,
                        gone: 0,
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
            let names = names.join(", ");
            let kept = if before.is_some() {
                "; what was known of it stays, and is older than the rest"
            } else {
                ""
            };
            reading.problem(format!(
                "the feed names {names} and holds no record of it{kept}"
            ));
            if let Some(before) = before {
                let line = EcosystemSummary {
                    ecosystem,
                    how: Taken::Unchanged,
                    read,
                    gone: 0,
                };
                return Ok((Some(before.clone()), line));
            }
        }
        let validator = match validators.as_slice() {
            [validator] => validator.clone(),
            _ => None,
        };
        let pool = std::mem::take(&mut reading.pool);
        let part = stage(self.lock, ecosystem, &pool, &self.source)?.map(|part| EcosystemPart {
            listed: self.fetched.map(Moment),
            ..self.dated(part, seen, validator)
        });
        let line = EcosystemSummary {
            ecosystem,
            how: Taken::Whole,
            read,
            gone: 0,
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
        let current = match (self.fetched, self.kept_up) {
            (Some(fetched), Some(kept_up)) => Some(Moment(fetched.min(kept_up))),
            (Some(fetched), None) => Some(Moment(fetched)),
            (None, _) => part.newest,
        };
        EcosystemPart {
            current,
            seen,
            validator,
            ..part
        }
    }
}
