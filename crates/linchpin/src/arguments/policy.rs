//! The arguments of `linchpin policy` and of the commands below it.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};

#[derive(Debug, Subcommand)]
pub(crate) enum PolicyCommand {
    /// Write a policy to begin with, which says what each part is for
    Init(InitPolicyArguments),
    /// Read a policy, and see that its own cases come out as they say
    Test(TestPolicyArguments),
    /// List the names that rules may ask for, with their fields
    Names,
}

#[derive(Debug, Args)]
pub(crate) struct InitPolicyArguments {
    /// The file to write; `-` for the standard output
    #[arg(value_name = "FILE", default_value = "policy.yaml", value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,
    /// The level to begin at: report, exploited, signed or all
    #[arg(long, value_name = "LEVEL", default_value = "report")]
    pub(crate) level: String,
    /// A public key to believe; the policy names it by its path from the policy's folder. Can be repeated
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) key: Vec<PathBuf>,
    /// Replace a file that is there already
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, Args)]
pub(crate) struct TestPolicyArguments {
    /// The policies
    #[arg(value_name = "FILE", required = true, value_hint = ValueHint::FilePath)]
    pub(crate) files: Vec<PathBuf>,
}
