//! The arguments of `linchpin tree`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::groups::{AnswerForm, NetworkArguments};
use super::signing::ExpectedSignerArguments;

#[derive(Debug, Args)]
pub(crate) struct TreeArguments {
    /// An image in a registry (HOST/NAME:TAG), or the folder of an OCI layout (PATH:NAME for one image of several). What is on the disk wins
    #[arg(value_name = "IMAGE", value_hint = ValueHint::AnyPath)]
    pub(crate) image: String,
    #[command(flatten)]
    pub(crate) signer: ExpectedSignerArguments,
    /// The trusted root of Sigstore to go by [default: the one that was imported, else the one in the program]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) trusted_root: Option<PathBuf>,
    /// How to write the answer
    #[arg(short, long, value_enum, default_value_t = AnswerForm::Table, value_name = "FORM")]
    pub(crate) format: AnswerForm,
    #[command(flatten)]
    pub(crate) network: NetworkArguments,
}
