//! What is known to be wrong with a version: feeds, the compiled database, orderings, matching,
//! remedies.
//!
//! The way of an advisory: a feed gives its OSV record ([`Bucket`]), [`import`] condenses it and
//! compiles all of them into one file, a [`Database`] finds those of a package,
//! [`match_advisories`] compares versions and makes findings, [`weigh`] takes out what an exception, a
//! VEX statement or evidence speaks against, [`select`] leaves out what does not matter,
//! [`next_steps`] says what to do first.
//!
//! Nothing here opens a connection, reads a clock or the environment; transport is `remote`'s,
//! which implements [`Bucket`].

mod condense;
pub mod cvss;
mod database;
mod difference;
mod exploitability;
mod export;
mod feeds;
mod import;
mod matching;
mod names;
mod priority;
mod ranges;
mod reading;
mod record;
pub mod remedy;
mod search;
mod selection;
mod signature;
mod starter;
mod support;
mod sys;
mod update;
pub mod versions;

pub use database::{
    Advisory, Affected, Database, DatabaseError, EcosystemPart, End, Import, Interval, ListPart,
    Manifest, Moment, Notice, PartFile, Seen, Summaries, WriteLock,
};
pub use difference::{EcosystemDifference, differences};
pub use exploitability::{
    Exception, ExceptionEntry, Exploitability, InvalidException, InvalidRange, ReadVexError,
    VersionRange, Weighed, day_of, read_vex, weigh,
};
pub use export::{Carried, CarriedError, ExportError, Trust, export, import_carried};
pub use feeds::{
    Bucket, CatalogueError, ExploitPredictions, ExploitedCatalogue, FeedError, FolderBucket,
    Opened, PredictionsError, SeekableRead, count_changes, find_catalogue, find_predictions,
};
pub use import::{
    EcosystemSummary, ImportError, ImportOptions, ImportSummary, Taken, compile_feed, import,
    import_into,
};
pub use matching::{Matched, match_advisories};
pub use remedy::next_steps;
pub use search::{Named, search};
pub use selection::{Selected, Selection, select};
pub use signature::{InvalidKey, PrivateKey, PublicKey};
pub use starter::STARTER_FILES;
pub use support::support_note;
pub use update::{Depth, update};
