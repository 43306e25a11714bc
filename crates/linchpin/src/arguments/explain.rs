//! The arguments of `linchpin explain`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::groups::{CheckArguments, FindingArguments, ReadingArguments};

#[derive(Debug, Args)]
pub(crate) struct ExplainArguments {
    /// The id of a finding, or another name of the same flaw
    #[arg(value_name = "FINDING-ID")]
    pub(crate) finding: String,
    /// The target in which it was found
    #[arg(value_name = "TARGET", default_value = ".", value_hint = ValueHint::AnyPath)]
    pub(crate) target: String,
    /// Take the finding from a report that `scan --format json` wrote, instead of scanning
    #[arg(long, value_name = "FILE", conflicts_with = "target", value_hint = ValueHint::FilePath)]
    pub(crate) report: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) reading: ReadingArguments,
    #[command(flatten)]
    pub(crate) findings: FindingArguments,
    #[command(flatten)]
    pub(crate) checks: CheckArguments,
}
