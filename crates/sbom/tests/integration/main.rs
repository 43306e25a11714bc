//! Tests of the documents: the official schemas, and snapshots of the shapes that are ours.
#![expect(clippy::unwrap_used, reason = "a test may stop where it fails")]

mod agreement;
mod assessments;
mod cyclonedx;
mod every_format;
mod linchpin_json;
mod operations;
mod people;
mod reference;
mod repetition;
mod round_trips;
mod sample;
mod schema;
