//! The services with which Sigstore signs: an authority that gives certificates to whoever shows
//! a token, logs that keep signatures, and authorities that stamp moments.
//!
//! Here is what they are asked and how their answers are read, as values and bytes. How a request
//! gets to a service is the affair of a [`Transport`], which is made where the network is. Nothing
//! of an answer is believed because of who gave it: the whole bundle is verified before anybody
//! gets it.

mod certificates;
mod configuration;
mod der_elements;
mod logs;
mod timestamps;

use std::fmt;

pub(crate) use certificates::{certificate_request, read_certificate};
pub(crate) use configuration::{Endpoint, Endpoints, Selector};
pub use configuration::{
    InvalidSigningConfiguration, MAX_SIGNING_CONFIGURATION_BYTES, NoService, SigningConfiguration,
    SigningServices,
};
pub(crate) use logs::{Verifier, log_request, read_log_entry};
pub(crate) use timestamps::TimestampRequest;

/// A service, and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// What it does, and how it is spoken to.
    pub kind: ServiceKind,
    /// Its address: that below which its interface lies, or of a timestamp authority the whole.
    pub address: String,
}

/// What a service does, and how it is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ServiceKind {
    /// Gives certificates: Fulcio, <https://github.com/sigstore/fulcio/blob/main/fulcio.proto>.
    CertificateAuthority,
    /// Keeps signatures: Rekor of version 1, <https://github.com/sigstore/rekor/blob/main/openapi.yaml>.
    LogV1,
    /// Keeps signatures: Rekor of version 2, <https://github.com/sigstore/rekor-tiles/blob/main/CLIENTS.md>.
    LogV2,
    /// Signs moments, <https://www.rfc-editor.org/rfc/rfc3161>.
    TimestampAuthority,
}

/// Brings a request to a service, and its answer back.
pub trait Transport: fmt::Debug {
    /// The answer of a service to a request.
    fn ask(&self, service: &Service, request: &[u8]) -> Result<Vec<u8>, NoAnswer>;
}

/// Why a service gave no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoAnswer {
    /// The network may not be used.
    #[error(
        "the network is not to be used\nhint: leave out `--offline`, or sign with `--key` alone"
    )]
    Offline,
    /// The address is none that is asked.
    #[error("{0}")]
    Address(String),
    /// Nobody answers.
    #[error("it can not be reached, or does not answer: {0}")]
    Unreachable(String),
    /// It answers with something that leads nowhere.
    #[error("{0}")]
    Unusable(String),
    /// It does not do what it was asked.
    #[error(
        "it answers with status {status}{}",
        if message.is_empty() { String::new() } else { format!(": {message}") }
    )]
    Refused {
        /// The status of HTTP.
        status: u16,
        /// What it says about it.
        message: String,
    },
    /// It answers with more than such an answer can have.
    #[error("its answer has more than {0} bytes, which none has")]
    TooLarge(u64),
}

/// Why an answer of a service can not be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAnswer {
    /// It is not of the form that it should have.
    #[error("it can not be read: {0}")]
    Malformed(String),
    /// There is no certificate in it.
    #[error("there is no certificate in it")]
    NoCertificate,
    /// The promise of the log of certificates lies beside the certificate.
    #[error(
        "the promise of the log of certificates is not in the certificate but beside it, where no bundle can keep it"
    )]
    DetachedPromise,
    /// The certificate is of no use.
    #[error("its certificate can not be used: {0}")]
    Certificate(String),
    /// The certificate is for another key.
    #[error("its certificate is for another key than the one that was sent")]
    AnotherKey,
    /// The certificate names somebody else.
    #[error(
        "its certificate names {}, and the token `{expected}`",
        found.as_ref().map_or_else(|| "nobody".to_owned(), |found| format!("`{found}`"))
    )]
    AnotherIdentity {
        /// Whom the token names.
        expected: String,
        /// Whom the certificate names.
        found: Option<String>,
    },
    /// A log gave other than one entry.
    #[error("it holds {0} entries, and one was to be made")]
    Entries(usize),
    /// A log made an entry of another kind.
    #[error("its entry is of the kind {0}, which was not asked for")]
    EntryKind(String),
    /// A timestamp authority does not stamp.
    #[error("it stamps nothing: status {0}")]
    NoStamp(u8),
    /// The timestamp is over something else.
    #[error("it stamps other bytes than those that were sent")]
    OtherBytes,
    /// The timestamp answers another request.
    #[error("it answers another request: its nonce is not the one that was sent")]
    OtherRequest,
}

impl ServiceKind {
    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::CertificateAuthority => "certificate authority",
            Self::LogV1 | Self::LogV2 => "transparency log",
            Self::TimestampAuthority => "timestamp authority",
        }
    }
}

impl fmt::Display for Service {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} `{}`", self.kind.label(), self.address)
    }
}

/// What an error of the reader of JSON says, in few words.
fn malformed(error: &serde_json::Error) -> InvalidAnswer {
    InvalidAnswer::Malformed(error.to_string().chars().take(300).collect())
}
