//! The arguments of `linchpin gate`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::groups::{AnswerForm, NetworkArguments, PassphraseArguments};
use super::signing::ExpectedSignerArguments;

#[derive(Debug, Args)]
pub(crate) struct GateArguments {
    /// A file, the folder of an OCI layout (PATH:NAME for one image of several), a digest such as sha256:…, or an image in a registry (HOST/NAME:TAG). What is on the disk wins
    #[arg(value_name = "ARTIFACT", value_hint = ValueHint::AnyPath)]
    pub(crate) artifact: String,
    /// The policy to go by [default: the built-in one, which `policy init` writes]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) policy: Option<PathBuf>,
    /// The level of the policy up to which rules count [default: the policy's own]
    #[arg(long, value_name = "LEVEL")]
    pub(crate) level: Option<String>,
    /// Bundles to look at, or folders with such, besides those beside the artifact and those attached to it. Can be repeated
    #[arg(long, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) evidence: Vec<PathBuf>,
    /// The name that the artifact goes by, such as registry.example/shop:1.0. Without one, rules for any name apply
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// Where the artifact is to run, such as staging or production
    #[arg(long, value_name = "NAME")]
    pub(crate) environment: Option<String>,
    /// By which way the artifact is given out, such as stable or beta
    #[arg(long, value_name = "NAME")]
    pub(crate) channel: Option<String>,
    #[command(flatten)]
    pub(crate) signer: ExpectedSignerArguments,
    /// The trusted root of Sigstore to go by [default: the one that was imported, else the one in the program]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) trusted_root: Option<PathBuf>,
    /// Sign the verdict with this private key
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) sign_key: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseArguments,
    /// Write the verdict as a Verification Summary Attestation: a bundle with --sign-key, else a statement without a signature [default with --sign-key: ARTIFACT.vsa.sigstore.json]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) vsa: Option<PathBuf>,
    /// How to write the answer
    #[arg(short, long, value_enum, default_value_t = AnswerForm::Table, value_name = "FORM")]
    pub(crate) format: AnswerForm,
    #[command(flatten)]
    pub(crate) network: NetworkArguments,
}
