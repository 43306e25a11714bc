//! The arguments of `linchpin build`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::groups::PassphraseArguments;
use super::signing_services::SigningServicesArguments;

#[derive(Debug, Args)]
pub(crate) struct BuildArguments {
    /// What the build makes: a glob below this folder, such as target/release/shop or dist/*.whl. Can be repeated
    #[arg(long, value_name = "GLOB", required = true)]
    pub(crate) output: Vec<String>,
    /// Sign the provenance: with --key, or in the name of a token of identity. Else it is written without a signature
    #[arg(long)]
    pub(crate) sign: bool,
    /// The private key to sign the provenance with
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) key: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseArguments,
    #[command(flatten)]
    pub(crate) services: SigningServicesArguments,
    /// Never use the network: any attempt is an error. The command may
    #[arg(long, env = "LINCHPIN_OFFLINE", value_parser = clap::builder::FalseyValueParser::new())]
    pub(crate) offline: bool,
    /// Where the provenance goes [default: beside each output, OUTPUT.provenance.sigstore.json, or OUTPUT.provenance.json without a signature]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) bundle: Option<PathBuf>,
    /// The id of the builder [default: what the build system says in the environment, else urn:linchpin:builder:local]
    #[arg(long, value_name = "URI")]
    pub(crate) builder: Option<String>,
    /// Build nothing if the work tree differs from its commit, or is in no repository
    #[arg(long)]
    pub(crate) clean: bool,
    /// The command and its arguments, behind `--`
    #[arg(value_name = "COMMAND", required = true, last = true, value_hint = ValueHint::CommandWithArguments)]
    pub(crate) command: Vec<String>,
}
