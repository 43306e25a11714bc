//! The compiled database: a folder of read-only files, each mapped into memory when something of
//! it is asked.
//!
//! `manifest` says what the folder holds, `set` opens it, `folder` changes it. The advisories of
//! an ecosystem are one file, a `shard`: `layout` has its bytes, `pool` and `compile` make it.

mod checked;
mod compile;
mod contents;
mod entry;
mod error;
mod exploited;
mod folder;
mod layout;
mod manifest;
mod pool;
mod predictions;
mod scores;
mod set;
mod shard;
mod summaries;

use std::cmp::Reverse;
use std::fmt;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use linchpin_model::{AdvisoryFacts, AdvisoryOrigin, Ecosystem, ExploitPrediction, Timestamp};
use memmap2::Mmap;

pub(crate) use compile::{CompileError, compile};
pub(crate) use contents::Contents;
pub use entry::{Advisory, Affected, End, Import, Interval, Notice};
pub(crate) use entry::{AdvisoryPlace, FileFacts, Kind, Rating, SummaryPlace, Word};
pub use error::DatabaseError;
pub(crate) use exploited::write as write_exploited;
pub use folder::WriteLock;
pub(crate) use folder::hex;
pub use manifest::{EcosystemPart, ListPart, Manifest, Moment, PartFile, Seen};
pub(crate) use manifest::{MANIFEST, MOST_MANIFEST};
pub(crate) use pool::{Encoded, Pool, Repeated, TooLarge};
pub(crate) use predictions::{CveNumber, write as write_predictions};
pub(crate) use scores::{Weight, scored};
pub(crate) use shard::Shard;
pub use summaries::Summaries;

use crate::ExploitedCatalogue;
use crate::names::normalise;
use crate::sys;
use predictions::Predictions;
use set::FileSet;
use shard::Bytes;

/// A compiled, read-only database of advisories.
#[derive(Debug)]
pub struct Database {
    files: Files,
    origin: AdvisoryOrigin,
}

/// Where the files are.
#[derive(Debug)]
enum Files {
    /// In a folder.
    Set(Box<FileSet>),
    /// One file for all ecosystems, and the catalogue.
    One(Box<(Shard, ExploitedCatalogue)>),
}

/// The mapped table of predictions. Its directory is read once.
pub(crate) struct PredictionsFile(Mmap);

impl fmt::Debug for PredictionsFile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("PredictionsFile").finish()
    }
}

impl Database {
    /// Opens a database: the folder that `import` wrote, or a single file of such a folder.
    pub fn open(path: &Path) -> Result<Self, DatabaseError> {
        let unreadable = |source: io::Error| {
            if source.kind() == io::ErrorKind::NotFound {
                DatabaseError::NotFound {
                    path: path.to_owned(),
                }
            } else {
                DatabaseError::Unreadable {
                    path: path.to_owned(),
                    source,
                }
            }
        };
        let origin = AdvisoryOrigin::File(path.display().to_string());
        // A pipe would block, a device can not be mapped: told apart before opening.
        let metadata = path.metadata().map_err(unreadable)?;
        if metadata.is_dir() {
            let files = Files::Set(Box::new(FileSet::open(path)?));
            return Ok(Self { files, origin });
        }
        if !metadata.is_file() || metadata.len() == 0 {
            return Err(DatabaseError::NotADatabase {
                path: path.to_owned(),
            });
        }
        let file = File::open(path).map_err(unreadable)?;
        let bytes = Bytes::Mapped(sys::map(&file).map_err(unreadable)?);
        let shard = Shard::read(bytes, path.to_owned())?;
        Ok(Self::of_shard(shard, ExploitedCatalogue::default(), origin))
    }

    /// Opens what an interrupted first update left, to go on with it. It lacks whole ecosystems, so
    /// that nothing may be matched with it.
    pub(crate) fn open_unfinished(folder: &Path) -> Result<Self, DatabaseError> {
        Ok(Self {
            files: Files::Set(Box::new(FileSet::open_unfinished(folder)?)),
            origin: AdvisoryOrigin::File(folder.display().to_string()),
        })
    }

    /// Takes the bytes of one file that are in memory.
    pub fn from_bytes(bytes: Vec<u8>, origin: AdvisoryOrigin) -> Result<Self, DatabaseError> {
        Self::in_memory(bytes, ExploitedCatalogue::default(), origin)
    }

    pub(crate) fn in_memory(
        bytes: Vec<u8>,
        exploited: ExploitedCatalogue,
        origin: AdvisoryOrigin,
    ) -> Result<Self, DatabaseError> {
        let name = match &origin {
            AdvisoryOrigin::StarterSet => PathBuf::from("the starter set"),
            AdvisoryOrigin::File(path) => PathBuf::from(path),
        };
        let shard = Shard::read(Bytes::Owned(bytes), name)?;
        Ok(Self::of_shard(shard, exploited, origin))
    }

    fn of_shard(shard: Shard, exploited: ExploitedCatalogue, origin: AdvisoryOrigin) -> Self {
        Self {
            files: Files::One(Box::new((shard, exploited))),
            origin,
        }
    }

    /// What a result must say of it.
    pub fn facts(&self) -> AdvisoryFacts {
        let known = |name: &str, count: u64| Some((Ecosystem::from_osv(name)?.0, count));
        match &self.files {
            Files::Set(set) => {
                let manifest = &set.manifest;
                let mut records: Vec<_> = manifest
                    .ecosystems
                    .iter()
                    .filter_map(|part| known(&part.name, part.records))
                    .collect();
                records.sort_unstable();
                AdvisoryFacts {
                    origin: self.origin.clone(),
                    newest: manifest
                        .ecosystems
                        .iter()
                        .filter_map(|part| part.newest)
                        .max()
                        .map(|moment| moment.0),
                    current: manifest.current(),
                    records,
                    exploited_catalogue: list_version(manifest.exploited.as_ref()),
                    exploit_predictions: list_version(manifest.predictions.as_ref()),
                }
            }
            Files::One(one) => {
                let facts = one.0.facts();
                let newest = facts
                    .newest
                    .and_then(|seconds| Timestamp::from_second(seconds).ok());
                let mut records: Vec<_> = facts
                    .records
                    .iter()
                    .filter_map(|(name, count)| known(name, *count))
                    .collect();
                records.sort_unstable();
                AdvisoryFacts {
                    origin: self.origin.clone(),
                    newest,
                    current: newest,
                    records,
                    exploited_catalogue: one.1.version().map(str::to_owned),
                    exploit_predictions: None,
                }
            }
        }
    }

    /// What its folder says of itself; nothing for a database without one.
    pub fn manifest(&self) -> Option<&Manifest> {
        match &self.files {
            Files::Set(set) => Some(&set.manifest),
            Files::One(_) => None,
        }
    }

    /// When it was compiled, where its maker said.
    pub fn compiled(&self) -> Option<Timestamp> {
        Some(self.manifest()?.made?.0)
    }

    /// The size in bytes.
    pub fn size(&self) -> u64 {
        match &self.files {
            Files::Set(set) => set.manifest.size(),
            Files::One(one) => one.0.size(),
        }
    }

    /// The number of records for each release of each distribution.
    pub fn releases(&self) -> impl Iterator<Item = (Ecosystem, &str, u64)> {
        let all: Vec<(&str, &str, u64)> = match &self.files {
            Files::Set(set) => set
                .manifest
                .ecosystems
                .iter()
                .flat_map(|part| {
                    part.releases
                        .iter()
                        .map(|(release, count)| (part.name.as_str(), release.as_str(), *count))
                })
                .collect(),
            Files::One(one) => one
                .0
                .facts()
                .releases
                .iter()
                .map(|(name, release, count)| (name.as_str(), release.as_str(), *count))
                .collect(),
        };
        all.into_iter().filter_map(|(name, release, count)| {
            Some((Ecosystem::from_osv(name)?.0, release, count))
        })
    }

    /// What its advisories say of a package. The name is taken in any spelling.
    pub fn lookup(
        &self,
        ecosystem: Ecosystem,
        release: Option<&str>,
        name: &str,
    ) -> Result<Vec<Affected<&str>>, DatabaseError> {
        let name = normalise(ecosystem, name);
        match &self.files {
            Files::Set(set) => match set.places.get(&ecosystem) {
                Some(number) => set
                    .shard(*number)?
                    .lookup(*number, ecosystem, release, &name),
                None => Ok(Vec::new()),
            },
            Files::One(one) => one.0.lookup(0, ecosystem, release, &name),
        }
    }

    /// All packages that have advisories: ecosystem, release, and the name as it is filed.
    pub fn package_names(&self) -> Result<Vec<(Ecosystem, Option<String>, String)>, DatabaseError> {
        let shards: Vec<&Shard> = match &self.files {
            Files::Set(set) => set
                .places
                .values()
                .map(|number| set.shard(*number))
                .collect::<Result<_, _>>()?,
            Files::One(one) => vec![&one.0],
        };
        let mut names = Vec::new();
        for shard in shards {
            for entry in shard.entries() {
                let (base, release, name) = layout::key_parts(entry?.0).ok_or(UNDECODABLE)?;
                if let Some((ecosystem, _)) = Ecosystem::from_osv(base) {
                    names.push((ecosystem, release.map(str::to_owned), name.to_owned()));
                }
            }
        }
        Ok(names)
    }

    /// The advisory behind an answer.
    pub fn advisory(&self, affected: &Affected<&str>) -> Result<Advisory<&str>, DatabaseError> {
        let AdvisoryPlace { shard, offset } = affected.advisory;
        let (mut advisory, _) = self.shard(shard)?.advisory(shard, offset)?;
        exploited::mark(&mut advisory, self.catalogue()?);
        Ok(advisory)
    }

    /// How likely a flaw is to be used in attacks soon, where predictions were imported and have
    /// this id. Only CVE ids have any.
    pub fn exploit_prediction(&self, id: &str) -> Result<Option<ExploitPrediction>, DatabaseError> {
        let (Some(number), Files::Set(set)) = (CveNumber::parse(id), &self.files) else {
            return Ok(None);
        };
        let Some(file) = &set.predictions else {
            return Ok(None);
        };
        let file = file.get(|bytes, _| {
            Predictions::read(&bytes)?;
            Ok(PredictionsFile(bytes))
        })?;
        Predictions::read_again(&file.0)?.get(number)
    }

    /// The advisory of any ecosystem whose score for a flaw counts most, and how much that is:
    /// that of a newer version of CVSS first, then what is worse, then the first id. Only CVE ids
    /// have any.
    pub(crate) fn scoring(&self, id: &str) -> Result<Option<Advisory<&str>>, DatabaseError> {
        let Some(flaw) = CveNumber::parse(id) else {
            return Ok(None);
        };
        let numbers = match &self.files {
            Files::Set(set) => set.places.values().copied().collect(),
            Files::One(_) => vec![0],
        };
        let mut best: Option<(Weight, Advisory<&str>)> = None;
        for number in numbers {
            let Some(advisory) = self.shard(number)?.scoring(number, flaw)? else {
                continue;
            };
            let Some((_, weight)) = scored(&advisory) else {
                continue;
            };
            let counts_more = best.as_ref().is_none_or(|(most, first)| {
                (weight, Reverse(advisory.id)) > (*most, Reverse(first.id))
            });
            if counts_more {
                best = Some((weight, advisory));
            }
        }
        Ok(best.map(|(_, advisory)| advisory))
    }

    /// A reader of summaries.
    pub fn summaries(&self) -> Summaries<'_> {
        Summaries::new(self)
    }

    /// Reads everything, and says whether all of it can be read.
    pub fn verify(&self) -> Result<(), DatabaseError> {
        match &self.files {
            Files::Set(set) => {
                for number in set.places.values() {
                    set.shard(*number)?.verify()?;
                }
                self.catalogue()?;
                self.exploit_prediction("CVE-2000-0001").map(drop)
            }
            Files::One(one) => one.0.verify(),
        }
    }

    pub(crate) fn shard(&self, number: usize) -> Result<&Shard, DatabaseError> {
        match &self.files {
            Files::Set(set) => set.shard(number),
            Files::One(one) => Ok(&one.0),
        }
    }

    /// The file of an ecosystem, if it has one of its own.
    pub(crate) fn shard_of(&self, ecosystem: Ecosystem) -> Result<Option<&Shard>, DatabaseError> {
        match &self.files {
            Files::Set(set) => match set.places.get(&ecosystem) {
                Some(number) => set.shard(*number).map(Some),
                None => Ok(None),
            },
            Files::One(_) => Ok(None),
        }
    }

    fn catalogue(&self) -> Result<&ExploitedCatalogue, DatabaseError> {
        static NONE: ExploitedCatalogue = ExploitedCatalogue::empty();
        match &self.files {
            Files::Set(set) => match &set.exploited {
                Some(file) => file.get(exploited::read),
                None => Ok(&NONE),
            },
            Files::One(one) => Ok(&one.1),
        }
    }
}

fn list_version(part: Option<&ListPart>) -> Option<String> {
    part?.version.clone()
}

const UNDECODABLE: DatabaseError = DatabaseError::Corrupt {
    what: "a block does not hold what it should",
};

fn decode<'a, T: serde::Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, DatabaseError> {
    postcard::from_bytes(bytes).map_err(|_| UNDECODABLE)
}
