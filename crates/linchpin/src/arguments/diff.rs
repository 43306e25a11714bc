//! The arguments of `linchpin diff`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::groups::{Bar, CheckArguments, FindingArguments, ReadingArguments};

#[derive(Debug, Args)]
pub(crate) struct DiffArguments {
    /// As it was: anything that `scan` takes, or a report that `scan --format json` wrote; - for the standard input
    #[arg(value_name = "OLD", value_hint = ValueHint::AnyPath)]
    pub(crate) old: String,
    /// As it is, likewise
    #[arg(value_name = "NEW", value_hint = ValueHint::AnyPath)]
    pub(crate) new: String,
    #[command(flatten)]
    pub(crate) reading: ReadingArguments,
    #[command(flatten)]
    pub(crate) findings: FindingArguments,
    #[command(flatten)]
    pub(crate) checks: CheckArguments,
    /// How to write the result: table, json or markdown. Can be repeated; all but one need =FILE
    #[arg(short, long, value_name = "FORMAT[=FILE]", value_delimiter = ',')]
    pub(crate) format: Vec<String>,
    /// Write to this file instead of the standard output
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
    /// Exit with 1 if a finding at or above this was introduced, or one that was there has risen to it. `exploited` means: used in attacks, or malicious
    #[arg(long, value_enum, default_value_t = Bar::None, value_name = "BAR")]
    pub(crate) fail_on: Bar,
    /// Only compare findings that have a remedy
    #[arg(long)]
    pub(crate) only_fixed: bool,
    /// Also compare findings in what only development needs
    #[arg(long)]
    pub(crate) include_dev: bool,
}
