//! From a feed to a database file: reads every record, condenses it, compiles all of them.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use linchpin_model::{Ecosystem, Timestamp};
use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

use crate::condense::{Condensed, condense};
use crate::database::{CompileFacts, TooLarge, compile, keep_newest, replace_file};
use crate::feeds::{Archive, FeedLimits, OVERSIZE, RawRecord};
use crate::record::Record;
use crate::{Bucket, ExploitPredictions, ExploitedCatalogue, FeedError};

/// How many records are parsed at once: enough for all cores, little enough for their memory.
const BATCH: usize = 512;
/// How many problems are told one by one.
const PROBLEMS: usize = 10;

/// What an import takes besides the records.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// The catalogue of known exploited vulnerabilities.
    pub exploited: Option<ExploitedCatalogue>,
    /// The predictions of exploitation.
    pub predictions: Option<ExploitPredictions>,
    /// The time to write into the file as that of its making. Leave it out for the same bytes
    /// each time.
    pub compiled: Option<Timestamp>,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportSummary {
    /// One line for each ecosystem that was read, in order.
    pub ecosystems: Vec<EcosystemSummary>,
    /// The records in the database.
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
    /// The size of the database in bytes.
    pub size: u64,
}

/// What was read of one ecosystem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EcosystemSummary {
    /// Which one.
    pub ecosystem: Ecosystem,
    /// The records in the feed.
    pub read: u64,
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The feed could not be read.
    #[error(transparent)]
    Feed(#[from] FeedError),
    /// Not one record was there.
    #[error("`{bucket}` holds no advisory that this program can match")]
    Empty {
        /// The feed.
        bucket: String,
    },
    /// The database could not be written.
    #[error("could not write the advisory database `{}`", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// There is more than a database can hold.
    #[error("the advisories are over the limit for {0}")]
    TooLarge(&'static str),
}

/// Reads all records of a feed and writes them as one database file, which takes the place of the
/// one that was there when it is complete.
///
/// A record that can not be read is counted and named. An archive that can not be read ends the
/// import: a database that lacks a whole ecosystem would look like one in which all is well.
pub fn import(
    bucket: &dyn Bucket,
    database: &Path,
    options: &ImportOptions,
) -> Result<ImportSummary, ImportError> {
    let (bytes, summary) = compile_feed(bucket, options)?;
    replace_file(database, &bytes).map_err(|source| ImportError::Unwritable {
        path: database.to_owned(),
        source,
    })?;
    Ok(summary)
}

/// Reads all records of a feed and compiles them into the bytes of a database, for
/// [`Database::from_bytes`](crate::Database::from_bytes).
pub fn compile_feed(
    bucket: &dyn Bucket,
    options: &ImportOptions,
) -> Result<(Vec<u8>, ImportSummary), ImportError> {
    let limits = FeedLimits::default();
    let none = ExploitedCatalogue::default();
    let mut reading = Reading {
        exploited: options.exploited.as_ref().unwrap_or(&none),
        records: Vec::new(),
        summary: ImportSummary::default(),
    };
    reading.summary.exploited = reading.exploited.len() as u64;
    let predictions = options.predictions.clone().unwrap_or_default();
    reading.summary.predicted = predictions.len() as u64;
    for name in bucket.ecosystems()? {
        match Ecosystem::from_osv(&name) {
            Some((ecosystem, None)) => reading.ecosystem(bucket, ecosystem, &name, limits)?,
            // The records of a release are in the archive of its distribution, too.
            Some((_, Some(_))) => {}
            None => reading.summary.skipped.push(name),
        }
    }
    keep_newest(&mut reading.records);
    let facts = CompileFacts {
        compiled: options.compiled,
        catalogue: reading.exploited.version().map(str::to_owned),
        predictions,
    };
    let compiled =
        compile(reading.records, facts).map_err(|TooLarge(what)| ImportError::TooLarge(what))?;
    if compiled.records == 0 {
        return Err(ImportError::Empty {
            bucket: bucket.label(),
        });
    }
    let mut summary = reading.summary;
    summary.records = compiled.records;
    summary.size = compiled.bytes.len() as u64;
    Ok((compiled.bytes, summary))
}

/// What was read so far.
struct Reading<'a> {
    exploited: &'a ExploitedCatalogue,
    records: Vec<Condensed>,
    summary: ImportSummary,
}

/// What came of one record.
enum Outcome {
    Taken(Box<Condensed>),
    Withdrawn,
    Broken(String),
}

impl Reading<'_> {
    fn ecosystem(
        &mut self,
        bucket: &dyn Bucket,
        ecosystem: Ecosystem,
        name: &str,
        limits: FeedLimits,
    ) -> Result<(), ImportError> {
        let mut read = 0;
        let path = format!("{name}/all.zip");
        match bucket.open(&path) {
            Ok(reader) => {
                let mut archive = Archive::open(reader, &path, limits)?;
                loop {
                    let batch = archive.batch(BATCH)?;
                    if batch.is_empty() {
                        break;
                    }
                    read += batch.len() as u64;
                    self.take(batch);
                }
            }
            Err(FeedError::Missing { .. }) => {
                for paths in bucket.records(name)?.chunks(BATCH) {
                    let batch = paths
                        .iter()
                        .map(|path| single(bucket, path, limits))
                        .collect::<Result<Vec<_>, _>>()?;
                    read += batch.len() as u64;
                    self.take(batch);
                }
            }
            Err(error) => return Err(error.into()),
        }
        if read == 0 {
            self.problem(format!("the feed names {name} and holds no record of it"));
        }
        self.summary
            .ecosystems
            .push(EcosystemSummary { ecosystem, read });
        Ok(())
    }

    /// Parses a batch on all cores. The order stays that of the feed.
    fn take(&mut self, batch: Vec<RawRecord>) {
        let outcomes: Vec<Outcome> = batch
            .into_par_iter()
            .map(|raw| outcome(raw, self.exploited))
            .collect();
        for outcome in outcomes {
            match outcome {
                Outcome::Taken(record) => {
                    if let Some(problem) = record.problems.first() {
                        let text = format!("{}: {problem}", record.advisory.id);
                        self.summary.partly += 1;
                        self.problem(text);
                    }
                    self.records.push(*record);
                }
                Outcome::Withdrawn => self.summary.withdrawn += 1,
                Outcome::Broken(text) => {
                    self.summary.broken += 1;
                    self.problem(text);
                }
            }
        }
    }

    fn problem(&mut self, text: String) {
        if self.summary.problems.len() < PROBLEMS {
            self.summary.problems.push(text);
        }
    }
}

fn outcome(raw: RawRecord, exploited: &ExploitedCatalogue) -> Outcome {
    let broken = |reason: &str| {
        let name: String = raw
            .name
            .chars()
            .filter(|c| !c.is_control())
            .take(100)
            .collect();
        Outcome::Broken(format!("{name}: {reason}"))
    };
    let bytes = match &raw.bytes {
        Ok(bytes) => bytes,
        Err(reason) => return broken(reason),
    };
    match Record::parse(bytes) {
        Ok(record) if record.is_withdrawn() => Outcome::Withdrawn,
        Ok(record) => Outcome::Taken(Box::new(condense(record, exploited))),
        Err(error) => broken(&error.to_string()),
    }
}

/// A record that is a file of its own.
fn single(bucket: &dyn Bucket, path: &str, limits: FeedLimits) -> Result<RawRecord, FeedError> {
    let mut bytes = Vec::new();
    let outcome = bucket
        .open(path)?
        .take(limits.record + 1)
        .read_to_end(&mut bytes);
    let bytes = match outcome {
        Err(error) => Err(error.to_string()),
        Ok(_) if bytes.len() as u64 > limits.record => Err(OVERSIZE.to_owned()),
        Ok(_) => Ok(bytes),
    };
    Ok(RawRecord {
        name: path.to_owned(),
        bytes,
    })
}
