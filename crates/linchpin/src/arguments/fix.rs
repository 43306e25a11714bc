//! The arguments of `linchpin fix`.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};

use super::groups::{FindingArguments, TargetArguments};

/// Changes of versions.
#[derive(Debug, Args)]
pub(crate) struct FixArguments {
    #[command(flatten)]
    pub(crate) target: TargetArguments,
    #[command(flatten)]
    pub(crate) findings: FindingArguments,
    /// How to write the plan: table, json or markdown. Can be repeated; all but one need =FILE
    #[arg(short, long, value_name = "FORMAT[=FILE]", value_delimiter = ',')]
    pub(crate) format: Vec<String>,
    /// Write to this file instead of the standard output
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
    /// How far a package that the project asks for may be moved
    #[arg(long, value_enum, default_value_t = JumpChoice::Minor, value_name = "JUMP")]
    pub(crate) max_jump: JumpChoice,
    /// Also count what only development needs
    #[arg(long)]
    pub(crate) include_dev: bool,
    /// Let the ecosystem's own client make the changes in the target, and compare with the plan
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) apply: bool,
    /// Change nothing; clients try the plan in a copy. This is the default
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// How far a package may be moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum JumpChoice {
    /// Repairs only
    Patch,
    /// What should break nothing
    Minor,
    /// Anything
    Major,
}
