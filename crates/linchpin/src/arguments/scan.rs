//! The arguments of `linchpin scan`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::groups::{AttestingArguments, Bar, CheckArguments, FindingArguments, TargetArguments};

#[derive(Debug, Args)]
pub(crate) struct ScanArguments {
    #[command(flatten)]
    pub(crate) target: TargetArguments,
    #[command(flatten)]
    pub(crate) findings: FindingArguments,
    #[command(flatten)]
    pub(crate) checks: CheckArguments,
    /// How to write the result: table, html, markdown, json, sarif, junit, csv, openvex, in-toto-vulns, in-toto-test-result, cyclonedx-json or xlsx. Can be repeated; all but one need =FILE
    #[arg(short, long, value_name = "FORMAT[=FILE]", value_delimiter = ',')]
    pub(crate) format: Vec<String>,
    /// Write the result by a template in Jinja, over the data of the JSON report. Beside other formats: --format template=FILE
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) template: Option<PathBuf>,
    /// Write to this file instead of the standard output
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
    /// Exit with 1 if anything at or above this is found. `exploited` means: used in attacks, or malicious
    #[arg(long, value_enum, default_value_t = Bar::None, value_name = "BAR")]
    pub(crate) fail_on: Bar,
    /// Only show what has a remedy
    // What is signed says all that is known.
    #[arg(long, conflicts_with = "attest")]
    pub(crate) only_fixed: bool,
    /// Also show what only development needs
    #[arg(long)]
    pub(crate) include_dev: bool,
    #[command(flatten)]
    pub(crate) attesting: AttestingArguments,
}
