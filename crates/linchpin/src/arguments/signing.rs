//! The arguments of `linchpin sign`, `attest` and `verify`, and those that the conformance suite of
//! Sigstore gives.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};
use linchpin_trust::PredicateType;

use super::groups::{AnswerForm, NetworkArguments, PassphraseArguments};
use super::signing_services::SigningServicesArguments;

/// What is signed, and by whom.
#[derive(Debug, Args)]
pub(crate) struct SignerArguments {
    /// A file, the folder of an OCI layout (PATH:NAME for one image of several), a digest such as sha256:…, or an image in a registry (HOST/NAME:TAG). What is on the disk wins
    #[arg(value_name = "ARTIFACT", value_hint = ValueHint::AnyPath)]
    pub(crate) artifact: String,
    /// The private key: PEM of openssl, of cosign or of `linchpin keygen`. Without one, a token of identity signs
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) key: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseArguments,
    #[command(flatten)]
    pub(crate) services: SigningServicesArguments,
    /// Replace a bundle that is there already
    #[arg(long)]
    pub(crate) force: bool,
    /// Never use the network: any attempt is an error
    #[arg(long, env = "LINCHPIN_OFFLINE", value_parser = clap::builder::FalseyValueParser::new())]
    pub(crate) offline: bool,
}

#[derive(Debug, Args)]
pub(crate) struct SignArguments {
    #[command(flatten)]
    pub(crate) signer: SignerArguments,
    /// Where the bundle goes [default: ARTIFACT.sigstore.json; for an image in a registry it is attached to the image]
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct AttestArguments {
    #[command(flatten)]
    pub(crate) signer: SignerArguments,
    /// What is said of the artifact: the URI of a predicate's type, or cyclonedx, spdx, vulns, openvex, test-result, provenance, provenance-v0.2, runtime-trace, link, vsa, exception
    #[arg(long = "type", value_name = "TYPE")]
    pub(crate) predicate_type: PredicateType,
    /// The file with the predicate, a JSON object; `-` for the standard input
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) predicate: PathBuf,
    /// Where the bundle goes [default: ARTIFACT.TYPE.sigstore.json, if the type has a word; for an image in a registry it is attached to the image]
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
}

/// Who must have signed.
#[derive(Debug, Args)]
pub(crate) struct ExpectedSignerArguments {
    /// The public key of whoever must have signed
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with_all = ["certificate_identity", "certificate_identity_regexp", "certificate_oidc_issuer", "certificate_oidc_issuer_regexp"])]
    pub(crate) key: Option<PathBuf>,
    /// Whom the certificate must name: an address of mail, or a workflow's URL
    #[arg(long, value_name = "IDENTITY")]
    pub(crate) certificate_identity: Option<String>,
    /// The same as a regular expression, which the whole name must match
    #[arg(long, value_name = "REGEXP", conflicts_with = "certificate_identity")]
    pub(crate) certificate_identity_regexp: Option<String>,
    /// The provider of identities that must have vouched for the name
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url)]
    pub(crate) certificate_oidc_issuer: Option<String>,
    /// The same as a regular expression, which the whole URL must match
    #[arg(
        long,
        value_name = "REGEXP",
        conflicts_with = "certificate_oidc_issuer"
    )]
    pub(crate) certificate_oidc_issuer_regexp: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyArguments {
    /// A file, the folder of an OCI layout (PATH:NAME for one image of several), a digest such as sha256:…, or an image in a registry (HOST/NAME:TAG). What is on the disk wins
    #[arg(value_name = "ARTIFACT", value_hint = ValueHint::AnyPath)]
    pub(crate) artifact: String,
    /// The bundle [default: ARTIFACT.sigstore.json, with --type ARTIFACT.TYPE.sigstore.json; for an image whichever of those attached to it holds]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) bundle: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) signer: ExpectedSignerArguments,
    /// What must be said of the artifact: the URI of a predicate's type, or a word as for `attest` [default: that it is signed]
    #[arg(long = "type", value_name = "TYPE")]
    pub(crate) predicate_type: Option<PredicateType>,
    /// A transparency log of the trusted root must hold the signature of --key; with a certificate, one always must
    #[arg(long)]
    pub(crate) require_log: bool,
    /// A timestamp authority of the trusted root must have said when the signature was made
    #[arg(long)]
    pub(crate) require_timestamp: bool,
    /// The trusted root of Sigstore to go by [default: the one that was imported, else the one in the program]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) trusted_root: Option<PathBuf>,
    /// How to write the answer
    #[arg(short, long, value_enum, default_value_t = AnswerForm::Table, value_name = "FORM")]
    pub(crate) format: AnswerForm,
    #[command(flatten)]
    pub(crate) network: NetworkArguments,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConformanceCommand {
    /// Verify a bundle; the exit code is the answer
    VerifyBundle(VerifyBundleArguments),
}

#[derive(Debug, Args)]
pub(crate) struct VerifyBundleArguments {
    /// The file, or its digest
    #[arg(value_name = "FILE_OR_DIGEST")]
    pub(crate) artifact: String,
    /// The bundle
    #[arg(long, value_name = "FILE")]
    pub(crate) bundle: PathBuf,
    #[command(flatten)]
    pub(crate) signer: ExpectedSignerArguments,
    /// Go by the root of Sigstore's staging instance
    #[arg(long, conflicts_with = "trusted_root")]
    pub(crate) staging: bool,
    /// Go by this trusted root
    #[arg(long, value_name = "FILE")]
    pub(crate) trusted_root: Option<PathBuf>,
}
