//! What is known to be wrong with a version: feeds, the compiled database, orderings, matching,
//! remedies.
//!
//! The way of an advisory: a feed gives its OSV record ([`Bucket`]), [`import`] condenses it and
//! compiles all of them into one file, a [`Database`] finds those of a package,
//! [`match_advisories`] compares versions and makes findings, [`select`] leaves out what does not
//! matter, [`next_steps`] says what to do first.
//!
//! Nothing here opens a connection, reads a clock or the environment; transport is `remote`'s,
//! which implements [`Bucket`].

mod condense;
pub mod cvss;
mod database;
mod feeds;
mod import;
mod matching;
mod names;
mod priority;
mod ranges;
mod record;
mod remedy;
mod selection;
mod starter;
mod sys;
pub mod versions;

pub use database::{
    Advisory, Affected, Database, DatabaseError, End, Import, Interval, Notice, Summaries,
};
pub use feeds::{
    Bucket, CatalogueError, ExploitPredictions, ExploitedCatalogue, FeedError, FolderBucket,
    PredictionsError, SeekableRead, find_catalogue, find_predictions,
};
pub use import::{
    EcosystemSummary, ImportError, ImportOptions, ImportSummary, compile_feed, import,
};
pub use matching::{Matched, match_advisories};
pub use remedy::next_steps;
pub use selection::{Selected, Selection, select};
pub use starter::STARTER_FILES;
