//! From a feed to a database: every ecosystem of it becomes a file, and the manifest names all.

use std::collections::BTreeSet;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use linchpin_model::{Ecosystem, Timestamp};

use crate::database::{
    CompileError, EcosystemPart, FileFacts, ListPart, Manifest, Moment, Pool, Repeated, Seen,
    TooLarge, WriteLock, compile, write_exploited, write_predictions,
};
use crate::reading::{Reading, wanted};
use crate::{Bucket, DatabaseError, ExploitPredictions, ExploitedCatalogue, FeedError};

/// What an import takes besides the records.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// The catalogue of known exploited vulnerabilities.
    pub exploited: Option<ExploitedCatalogue>,
    /// The predictions of exploitation.
    pub predictions: Option<ExploitPredictions>,
    /// The time to write into the manifest as that of its making. Leave it out for the same bytes
    /// each time.
    pub compiled: Option<Timestamp>,
    /// Take these ecosystems only, and leave the others as they are. Empty takes what the feed
    /// has, and nothing else.
    pub only: BTreeSet<Ecosystem>,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportSummary {
    /// One line for each ecosystem that was read, in order.
    pub ecosystems: Vec<EcosystemSummary>,
    /// The records in the database, counted once for each ecosystem that they speak of.
    pub records: u64,
    /// Records that were withdrawn by their authors, and are left out.
    pub withdrawn: u64,
    /// The ecosystems in the feed that this program can not match, and leaves out.
    pub skipped: Vec<String>,
    /// The number of records that could not be read.
    pub broken: u64,
    /// The number of records of which a part could not be understood; the rest of them counts.
    pub partly: u64,
    /// What went wrong, as sentences, the first few only.
    pub problems: Vec<String>,
    /// The flaws in the catalogue of known exploited vulnerabilities.
    pub exploited: u64,
    /// The flaws for which there are predictions of exploitation.
    pub predicted: u64,
    /// What was published after this moment is unknown, for one ecosystem at least.
    pub current: Option<Timestamp>,
    /// The size of the database in bytes.
    pub size: u64,
}

/// What was read of one ecosystem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EcosystemSummary {
    /// Which one.
    pub ecosystem: Ecosystem,
    /// How it came to what it is now.
    pub how: Taken,
    /// The records that were read from the feed.
    pub read: u64,
    /// The records that were known and are not in the feed any more, where that was looked for.
    pub gone: u64,
}

/// How an ecosystem came to what it is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// All of its records were read.
    Whole,
    /// Only what had changed was read.
    Changes,
    /// Nothing had changed.
    Unchanged,
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The feed could not be read.
    #[error(transparent)]
    Feed(#[from] FeedError),
    /// The database that is there could not be read.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// Not one record was there.
    #[error("`{bucket}` holds no advisory that this program can match")]
    Empty {
        /// The feed.
        bucket: String,
    },
    /// The database could not be written.
    #[error("could not write the advisory database `{}`", path.display())]
    Unwritable {
        /// The folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// There is more than a database can hold.
    #[error("the advisories are over the limit for {0}")]
    TooLarge(&'static str),
}

impl From<TooLarge> for ImportError {
    fn from(TooLarge(what): TooLarge) -> Self {
        Self::TooLarge(what)
    }
}

impl ImportError {
    pub(crate) fn unwritable(folder: &Path) -> impl Fn(std::io::Error) -> Self {
        move |source| Self::Unwritable {
            path: folder.to_owned(),
            source,
        }
    }

    pub(crate) fn compile(folder: &Path) -> impl Fn(CompileError) -> Self {
        move |error| match error {
            CompileError::TooLarge(error) => error.into(),
            CompileError::Write(source) => Self::unwritable(folder)(source),
        }
    }
}

/// Reads all records of a feed into a database, which takes the place of the one that was there
/// when it is complete. Waits while another process changes it.
///
/// A record that can not be read is counted and named. An archive that can not be read ends the
/// import: a database that lacks a whole ecosystem would look like one in which all is well.
pub fn import(
    bucket: &dyn Bucket,
    database: &Path,
    options: &ImportOptions,
) -> Result<ImportSummary, ImportError> {
    let lock = WriteLock::take(database).map_err(ImportError::unwritable(database))?;
    import_into(bucket, &lock, options)
}

/// The same for whoever has the right to change the database.
pub fn import_into(
    bucket: &dyn Bucket,
    lock: &WriteLock,
    options: &ImportOptions,
) -> Result<ImportSummary, ImportError> {
    let mut summary = ImportSummary::default();
    let mut manifest = Manifest::new();
    manifest.made = options.compiled.map(Moment);
    let mut kept = kept(lock, options)?;
    if let Some(kept) = &mut kept {
        manifest.exploited = kept.exploited.take();
        manifest.predictions = kept.predictions.take();
    }
    let source = bucket.label();
    for (ecosystem, names) in wanted(bucket, &mut summary)? {
        if !options.only.is_empty() && !options.only.contains(&ecosystem) {
            continue;
        }
        let mut reading = Reading::new(Some(ecosystem), &mut summary);
        let mut read = 0;
        for name in &names {
            read += reading.folder(bucket, name)?;
        }
        if read == 0 {
            reading.problem(format!(
                "the feed names {} and holds no record of it",
                names.join(", ")
            ));
        }
        let pool = std::mem::take(&mut reading.pool);
        if let Some(kept) = &mut kept {
            let name = ecosystem.facts().osv_name;
            kept.ecosystems.retain(|part| part.name != name);
        }
        if let Some(part) = stage(lock, ecosystem, &pool, &source)? {
            manifest.ecosystems.push(part);
        }
        summary.ecosystems.push(EcosystemSummary {
            ecosystem,
            how: Taken::Whole,
            read,
            gone: 0,
        });
    }
    if manifest.ecosystems.is_empty() {
        return Err(ImportError::Empty { bucket: source });
    }
    // Nobody knows when somebody fetched this feed; that its newest record was there is certain.
    let current = manifest
        .ecosystems
        .iter()
        .filter_map(|part| part.newest)
        .max();
    for part in &mut manifest.ecosystems {
        part.current = current;
    }
    manifest
        .ecosystems
        .extend(kept.into_iter().flat_map(|kept| kept.ecosystems));
    finish(lock, manifest, options, &mut summary)?;
    Ok(summary)
}

/// The database that is there, where a part of it stays as it is.
fn kept(lock: &WriteLock, options: &ImportOptions) -> Result<Option<Manifest>, ImportError> {
    if options.only.is_empty() {
        return Ok(None);
    }
    match Manifest::of(lock.folder()) {
        Ok(manifest) => Ok(Some(manifest)),
        Err(DatabaseError::NotADatabase { .. } | DatabaseError::NotFound { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Writes the file of an ecosystem. `None` if there is no record.
pub(crate) fn stage(
    lock: &WriteLock,
    ecosystem: Ecosystem,
    pool: &Pool,
    source: &str,
) -> Result<Option<EcosystemPart>, ImportError> {
    if pool.is_empty() {
        return Ok(None);
    }
    let name = ecosystem.facts().osv_name;
    let (file, facts) = lock
        .stage(name, |out| compile(pool, Repeated::Newest, out))
        .map_err(ImportError::compile(lock.folder()))?;
    let FileFacts {
        newest,
        packages,
        records,
        releases,
    } = facts;
    Ok(Some(EcosystemPart {
        name: name.to_owned(),
        file,
        source: source.to_owned(),
        records: records.iter().map(|(_, count)| count).sum(),
        packages,
        newest: newest
            .and_then(|seconds| Timestamp::from_second(seconds).ok())
            .map(Moment),
        current: None,
        seen: None::<Seen>,
        listed: None,
        validator: None,
        releases: releases
            .into_iter()
            .map(|(_, release, count)| (release, count))
            .collect(),
    }))
}

/// Writes the lists, and makes the manifest's database the one that is there.
pub(crate) fn finish(
    lock: &WriteLock,
    mut manifest: Manifest,
    options: &ImportOptions,
    summary: &mut ImportSummary,
) -> Result<(), ImportError> {
    let failed = ImportError::compile(lock.folder());
    manifest
        .ecosystems
        .sort_by(|left, right| left.name.cmp(&right.name));
    if let Some(exploited) = &options.exploited {
        let (file, ()) = lock
            .stage("exploited", |out| {
                Ok(std::io::Write::write_all(
                    out,
                    &write_exploited(exploited)?,
                )?)
            })
            .map_err(&failed)?;
        manifest.exploited = Some(ListPart {
            file,
            records: exploited.len() as u64,
            version: exploited.version().map(str::to_owned),
        });
    }
    if let Some(predictions) = &options.predictions {
        let (file, ()) = lock
            .stage("predictions", |out| {
                let table = write_predictions(predictions.flaws());
                Ok(std::io::Write::write_all(out, &table)?)
            })
            .map_err(&failed)?;
        manifest.predictions = Some(ListPart {
            file,
            records: predictions.len() as u64,
            version: predictions.day().map(str::to_owned),
        });
    }
    lock.commit(&manifest)
        .map_err(ImportError::unwritable(lock.folder()))?;
    summary.records = manifest.records();
    summary.exploited = manifest.exploited.as_ref().map_or(0, |part| part.records);
    summary.predicted = manifest.predictions.as_ref().map_or(0, |part| part.records);
    summary.current = manifest.current();
    summary.size = manifest.size();
    Ok(())
}

/// Reads all records of a feed and compiles them into the bytes of a single file, for
/// [`Database::from_bytes`](crate::Database::from_bytes). The catalogue and the predictions are
/// not part of it.
pub fn compile_feed(bucket: &dyn Bucket) -> Result<(Vec<u8>, ImportSummary), ImportError> {
    let mut summary = ImportSummary::default();
    let folders = wanted(bucket, &mut summary)?;
    let mut reading = Reading::new(None, &mut summary);
    let mut ecosystems = Vec::new();
    for (ecosystem, names) in folders {
        let mut read = 0;
        for name in &names {
            read += reading.folder(bucket, name)?;
        }
        ecosystems.push(EcosystemSummary {
            ecosystem,
            how: Taken::Whole,
            read,
            gone: 0,
        });
    }
    let pool = std::mem::take(&mut reading.pool);
    if pool.is_empty() {
        return Err(ImportError::Empty {
            bucket: bucket.label(),
        });
    }
    let mut bytes = Cursor::new(Vec::new());
    let facts = compile(&pool, Repeated::Newest, &mut bytes).map_err(|error| match error {
        CompileError::TooLarge(error) => error.into(),
        CompileError::Write(_) => ImportError::TooLarge("memory"),
    })?;
    summary.ecosystems = ecosystems;
    summary.records = facts.records.iter().map(|(_, count)| count).sum();
    let bytes = bytes.into_inner();
    summary.size = bytes.len() as u64;
    Ok((bytes, summary))
}
