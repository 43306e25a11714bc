//! The arguments of `linchpin score`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::groups::{AnswerArguments, FindingArguments, ReadingArguments};

#[derive(Debug, Args)]
pub(crate) struct PracticesArguments {
    /// The folder of a checkout, best with its whole history
    #[arg(value_name = "PATH", value_hint = ValueHint::DirPath)]
    pub(crate) path: PathBuf,
    /// Only make these checks, such as License,SAST. Can be repeated
    #[arg(long, value_name = "CHECK", value_delimiter = ',')]
    pub(crate) checks: Vec<String>,
    /// Exit with 1 if the score over all is below this, from 0 to 10
    #[arg(long, value_name = "SCORE")]
    pub(crate) fail_under: Option<f64>,
    /// Also ask the forge where this repository is, with the token in GITHUB_TOKEN
    #[arg(long, value_name = "OWNER/NAME")]
    pub(crate) repository: Option<String>,
    /// The address of the forge's API
    #[arg(long, value_name = "URL", default_value = linchpin_remote::PUBLIC_FORGE, value_hint = ValueHint::Url)]
    pub(crate) api: String,
    /// The address of the service of the OpenSSF Best Practices badge
    #[arg(long, value_name = "URL", default_value = linchpin_remote::PUBLIC_BADGES, value_hint = ValueHint::Url)]
    pub(crate) badges: String,
    #[command(flatten)]
    pub(crate) answer: AnswerArguments,
    #[command(flatten)]
    pub(crate) findings: FindingArguments,
    #[command(flatten)]
    pub(crate) reading: ReadingArguments,
}
