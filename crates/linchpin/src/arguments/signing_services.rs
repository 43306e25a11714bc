//! The arguments that say with which token and which services something is signed: those of `sign`,
//! `attest`, and of `--attest`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

/// With which token, and which services.
#[derive(Debug, Args)]
pub(crate) struct SigningServicesArguments {
    /// Sign without a key, by the token of identity in this file; `-` for the standard input [default: SIGSTORE_ID_TOKEN, else what GitHub Actions, Buildkite or CircleCI give to a job]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "key")]
    pub(crate) identity_token: Option<PathBuf>,
    /// Have a transparency log keep the signature of --key; what is signed by a token is always kept
    #[arg(long, requires = "key")]
    pub(crate) with_log: bool,
    /// Have a timestamp authority say when the signature of --key was made
    #[arg(long, requires = "key")]
    pub(crate) with_timestamp: bool,
    /// The signing configuration that says where the services are [default: that of Sigstore's public instance]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with_all = ["fulcio_url", "rekor_url", "timestamp_url"])]
    pub(crate) signing_config: Option<PathBuf>,
    /// Ask this certificate authority. Where a service is named by its URL, none is asked that was not named
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url, conflicts_with = "key")]
    pub(crate) fulcio_url: Option<String>,
    /// Ask this transparency log, of version 1
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url)]
    pub(crate) rekor_url: Option<String>,
    /// Ask this timestamp authority
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url)]
    pub(crate) timestamp_url: Option<String>,
    /// The trusted root by which what services give is verified [default: the one that was imported, else the one in the program]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) trusted_root: Option<PathBuf>,
}

impl SigningServicesArguments {
    /// The first argument that was given, if any was.
    pub(crate) fn given(&self) -> Option<&'static str> {
        [
            (self.identity_token.is_some(), "--identity-token"),
            (self.with_log, "--with-log"),
            (self.with_timestamp, "--with-timestamp"),
            (self.signing_config.is_some(), "--signing-config"),
            (self.fulcio_url.is_some(), "--fulcio-url"),
            (self.rekor_url.is_some(), "--rekor-url"),
            (self.timestamp_url.is_some(), "--timestamp-url"),
            (self.trusted_root.is_some(), "--trusted-root"),
        ]
        .into_iter()
        .find_map(|(given, name)| given.then_some(name))
    }
}
