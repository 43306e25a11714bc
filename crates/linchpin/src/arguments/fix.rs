//! The arguments of `linchpin fix`.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};

use super::groups::{FindingArguments, TargetArguments};

/// Changes of versions and of files.
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
    /// Only look for changes of these. Can be repeated
    #[arg(long, value_name = "WHAT", value_enum, value_delimiter = ',')]
    pub(crate) only: Vec<FixChoice>,
    /// Do not look for changes of these. Can be repeated
    #[arg(
        long,
        value_name = "WHAT",
        value_enum,
        value_delimiter = ',',
        conflicts_with = "only"
    )]
    pub(crate) skip: Vec<FixChoice>,
    /// Also make changes of files after which something may no longer work; each says what
    #[arg(long = "unsafe")]
    pub(crate) with_unsafe: bool,
    /// A folder with rules of your own; one with the id of another takes its place. Can be repeated
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    pub(crate) rules: Vec<PathBuf>,
    /// Also count what only development needs
    #[arg(long)]
    pub(crate) include_dev: bool,
    /// Make the changes in the target: versions by the ecosystem's own client, compared with the plan
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) apply: bool,
    /// Change nothing; clients try the plan in a copy. This is the default
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// What is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FixChoice {
    /// Versions of packages
    Packages,
    /// How containers, clusters and clouds are set up
    Configuration,
    /// What builds, tests or publishes
    Pipelines,
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
