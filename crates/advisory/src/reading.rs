//! From the records of a feed to a pool of encoded ones: every record is read, condensed and
//! encoded, on all cores, and whatever can not be read is counted and named.

use std::collections::BTreeMap;
use std::io::Read as _;

use linchpin_model::Ecosystem;
use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

use crate::condense::condense;
use crate::database::{Encoded, Pool, TooLarge};
use crate::feeds::{Archive, FeedLimits, OVERSIZE, RawRecord, SeekableRead};
use crate::import::{ImportError, ImportSummary};
use crate::record::Record;
use crate::{Bucket, FeedError};

/// How many records are parsed at once: enough for all cores, little enough for their memory.
const BATCH: usize = 512;
/// How many problems are told one by one.
const PROBLEMS: usize = 10;
/// How many broken records are remembered.
const MOST_BROKEN: usize = 100_000;

/// The ecosystems of a feed that can be matched, with the folders that hold them. What can not be
/// matched is told in the summary.
pub(crate) fn wanted(
    bucket: &dyn Bucket,
    summary: &mut ImportSummary,
) -> Result<BTreeMap<Ecosystem, Vec<String>>, FeedError> {
    let mut wanted: BTreeMap<Ecosystem, Vec<String>> = BTreeMap::new();
    for name in bucket.ecosystems()? {
        match Ecosystem::from_osv(&name) {
            Some((ecosystem, None)) => wanted.entry(ecosystem).or_default().push(name),
            // The records of a release are in the archive of its distribution, too.
            Some((_, Some(_))) => {}
            None => summary.skipped.push(name),
        }
    }
    Ok(wanted)
}

/// What was read so far.
pub(crate) struct Reading<'a> {
    /// What records say of other ecosystems is in the archives of those.
    only: Option<Ecosystem>,
    pub(crate) pool: Pool,
    pub(crate) summary: &'a mut ImportSummary,
    /// The paths of the records that could not be read.
    pub(crate) broken: Vec<String>,
    limits: FeedLimits,
}

/// What came of one record.
enum Outcome {
    Taken {
        id: String,
        problem: Option<String>,
        encoded: Result<Option<Encoded>, TooLarge>,
    },
    Withdrawn,
    Broken {
        name: String,
        text: String,
    },
}

impl<'a> Reading<'a> {
    pub(crate) fn new(only: Option<Ecosystem>, summary: &'a mut ImportSummary) -> Self {
        Self {
            only,
            pool: Pool::default(),
            summary,
            broken: Vec::new(),
            limits: FeedLimits::default(),
        }
    }

    /// Reads all records of a folder of the feed: its archive, or single files where it has none.
    pub(crate) fn folder(&mut self, bucket: &dyn Bucket, name: &str) -> Result<u64, ImportError> {
        let path = format!("{name}/all.zip");
        match bucket.open(&path) {
            Ok(reader) => self.archive(reader, &path),
            Err(FeedError::Missing { .. }) => {
                let mut read = 0;
                for paths in bucket.records(name)?.chunks(BATCH) {
                    let batch = paths
                        .iter()
                        .map(|path| single(bucket, path, self.limits))
                        .collect::<Result<Vec<_>, _>>()?;
                    read += batch.len() as u64;
                    self.take(batch)?;
                }
                Ok(read)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Reads all records of an archive.
    pub(crate) fn archive(
        &mut self,
        reader: Box<dyn SeekableRead>,
        path: &str,
    ) -> Result<u64, ImportError> {
        let mut archive = Archive::open(reader, path, self.limits)?;
        let mut read = 0;
        loop {
            let batch = archive.batch(BATCH)?;
            if batch.is_empty() {
                return Ok(read);
            }
            read += batch.len() as u64;
            self.take(batch)?;
        }
    }

    /// Parses a batch on all cores. The order stays that of the feed.
    pub(crate) fn take(&mut self, batch: Vec<RawRecord>) -> Result<(), ImportError> {
        let only = self.only;
        let outcomes: Vec<Outcome> = batch
            .into_par_iter()
            .map(|raw| outcome(raw, only))
            .collect();
        for outcome in outcomes {
            match outcome {
                Outcome::Taken {
                    id,
                    problem,
                    encoded,
                } => {
                    if let Some(problem) = problem {
                        self.summary.partly += 1;
                        self.problem(format!("{id}: {problem}"));
                    }
                    if let Some(encoded) = encoded? {
                        self.pool.push(&encoded)?;
                    }
                }
                Outcome::Withdrawn => self.summary.withdrawn += 1,
                Outcome::Broken { name, text } => {
                    self.summary.broken += 1;
                    if self.broken.len() < MOST_BROKEN {
                        self.broken.push(name);
                    }
                    self.problem(text);
                }
            }
        }
        Ok(())
    }

    pub(crate) fn problem(&mut self, text: String) {
        if self.summary.problems.len() < PROBLEMS {
            self.summary.problems.push(text);
        }
    }
}

fn outcome(raw: RawRecord, only: Option<Ecosystem>) -> Outcome {
    let broken = |reason: &str| {
        let shown: String = raw
            .name
            .chars()
            .filter(|c| !c.is_control())
            .take(100)
            .collect();
        Outcome::Broken {
            text: format!("{shown}: {reason}"),
            name: raw.name.clone(),
        }
    };
    let bytes = match &raw.bytes {
        Ok(bytes) => bytes,
        Err(reason) => return broken(reason),
    };
    match Record::parse(bytes) {
        Ok(record) if record.is_withdrawn() => Outcome::Withdrawn,
        Ok(record) => {
            let mut condensed = condense(record);
            if let Some(only) = only {
                condensed
                    .packages
                    .retain(|package| package.ecosystem == only);
            }
            Outcome::Taken {
                encoded: Encoded::new(&condensed),
                id: condensed.advisory.id,
                problem: condensed.problems.into_iter().next(),
            }
        }
        Err(error) => broken(&error.to_string()),
    }
}

/// A record that is a file of its own.
pub(crate) fn single(
    bucket: &dyn Bucket,
    path: &str,
    limits: FeedLimits,
) -> Result<RawRecord, FeedError> {
    let mut bytes = Vec::new();
    let outcome = bucket
        .stream(path)?
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
