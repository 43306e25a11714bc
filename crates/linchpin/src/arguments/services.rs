//! The arguments of `linchpin services`.

use std::path::PathBuf;

use clap::{Args, ValueHint};
use linchpin_model::Timestamp;

use super::groups::ReadingArguments;

#[derive(Debug, Args)]
pub(crate) struct ServicesArguments {
    /// A folder, an image or anything else that `scan` reads
    #[arg(value_name = "TARGET", value_hint = ValueHint::AnyPath)]
    pub(crate) target: String,
    #[command(flatten)]
    pub(crate) reading: ReadingArguments,
    /// How to write it: table, json, cyclonedx-json or cyclonedx-xml; CycloneDX with a version as in cyclonedx-json@1.5. Can be repeated; all but one need =FILE
    #[arg(short, long, value_name = "FORMAT[=FILE]", value_delimiter = ',')]
    pub(crate) format: Vec<String>,
    /// Write to this file instead of the standard output
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
    /// Also count packages that only development needs
    #[arg(long)]
    pub(crate) include_dev: bool,
    /// The moment to write into a document, such as 2026-01-31T12:00:00Z [default: SOURCE_DATE_EPOCH, else none]
    #[arg(long, value_name = "TIME")]
    pub(crate) timestamp: Option<Timestamp>,
}
