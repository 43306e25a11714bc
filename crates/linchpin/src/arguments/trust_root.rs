//! The arguments of `linchpin trust-root` and of the commands below it.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};

#[derive(Debug, Subcommand)]
pub(crate) enum TrustRootCommand {
    /// Show whom Sigstore's trusted root believes, and where it comes from
    Show(ShowRootArguments),
    /// Take a trusted root from a file, to be used from now on
    Import(ImportRootArguments),
}

#[derive(Debug, Args)]
pub(crate) struct ShowRootArguments {
    /// Show this file [default: the root that was imported, else the one in the program]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) trusted_root: Option<PathBuf>,
    /// Write the root itself, as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ImportRootArguments {
    /// The file `trusted_root.json`, as Sigstore's TUF repository and `cosign trusted-root create` give it
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,
}
