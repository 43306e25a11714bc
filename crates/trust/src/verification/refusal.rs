//! Why something is not verified: the answer is no, or there is no answer.

use linchpin_model::Digest;

use super::Witness;
use crate::{InvalidStatement, PredicateType};

/// Why something is not verified.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotVerified {
    /// The answer is no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// There is no answer.
    #[error(transparent)]
    Undecided(#[from] Undecided),
}

/// Why the answer is no. Each has its own id, which does not change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The payload is no in-toto statement.
    #[error(
        "the envelope holds `{0}`, and only in-toto statements say which artifact they are about"
    )]
    PayloadType(String),
    /// The statement can not be read.
    #[error(transparent)]
    Statement(#[from] InvalidStatement),
    /// What is signed in cosign's old form names no image.
    #[error("what is signed can not be read as a signature of an image: {0}")]
    Payload(String),
    /// A key is expected, and a certificate is there.
    #[error(
        "the bundle was made with a certificate, and a key was given\nhint: give `--certificate-identity` and `--certificate-oidc-issuer` instead of `--key`"
    )]
    CertificateAndNoKey,
    /// A certificate is expected, and a key was used.
    #[error(
        "the bundle was made with a key, and an identity was given\nhint: give the public key with `--key` instead"
    )]
    KeyAndNoCertificate,
    /// The signature is not over these bytes, or not the key's.
    #[error(
        "the signature does not hold: the bundle was changed after it was signed, or another key signed it\nhint: get the bundle again from whoever made it, and the public key from them in another way"
    )]
    Signature,
    /// The bundle says that another key made it.
    #[error(
        "the bundle names the key `{hint}`, and the key given is `{given}`\nhint: give the public key of whoever made the bundle, if you trust it"
    )]
    AnotherKey {
        /// What the bundle says.
        hint: String,
        /// The key that was given.
        given: String,
    },
    /// There is no certificate.
    #[error("the bundle has no certificate")]
    NoCertificate,
    /// The certificate can not be read, or its key is of a sort that is not taken.
    #[error("the certificate can not be used: {0}")]
    Certificate(String),
    /// The certificate is not of an authority that the trusted root names.
    #[error(
        "the certificate is not of an authority in the trusted root: {0}\nhint: `linchpin trust-root show` lists the authorities; `--trusted-root` names others"
    )]
    UntrustedCertificate(String),
    /// The certificate was not valid when the signature was made.
    #[error("the certificate was not valid when the signature was made: {0}")]
    CertificateTime(String),
    /// The log of certificates does not vouch for the certificate.
    #[error("no log of certificates in the trusted root vouches for the certificate: {0}")]
    CertificateLog(String),
    /// The signer is another one.
    #[error(
        "the signer is {}, and {expected} is expected",
        found.as_ref().map_or_else(|| "nobody".to_owned(), |found| format!("`{found}`"))
    )]
    Identity {
        /// Who is expected.
        expected: String,
        /// Whom the certificate names.
        found: Option<String>,
    },
    /// Another provider vouched for the signer's name.
    #[error(
        "the signer's name is vouched for by {}, and {expected} is expected",
        found.as_ref().map_or_else(|| "nobody".to_owned(), |found| format!("`{found}`"))
    )]
    Issuer {
        /// Which provider is expected.
        expected: String,
        /// Which one the certificate names.
        found: Option<String>,
    },
    /// The bundle has nothing of a log or a timestamp authority, and needs it.
    #[error("the bundle lacks what a certificate needs: {0}")]
    NoEvidence(String),
    /// The bundle has nothing of a witness that is asked for.
    #[error(
        "the bundle lacks {0}, which is demanded\nhint: `linchpin sign --key … {option}` makes a bundle with it",
        option = asked(*.0)
    )]
    NoWitness(Witness),
    /// The log is none that the trusted root names.
    #[error(
        "the log `{0}` is not in the trusted root\nhint: `linchpin trust-root show` lists the logs; `--trusted-root` names others"
    )]
    UnknownLog(String),
    /// The proof does not show that the log holds the entry.
    #[error("the proof does not show that the log holds the signature: {0}")]
    LogProof(String),
    /// The log has not signed the state that the proof leads to.
    #[error("the log's signed checkpoint does not hold: {0}")]
    LogCheckpoint(String),
    /// The log's promise does not hold.
    #[error("the log's promise to take in the signature does not hold: {0}")]
    LogPromise(String),
    /// The log holds the entry of another signature.
    #[error("the log's entry is about another signature: {0}")]
    LogEntry(String),
    /// The time at which the log took in the signature is impossible.
    #[error(
        "the log's time is impossible: {0}\nhint: see whether the clock of this machine is right"
    )]
    LogTime(String),
    /// The entry of the log can not be read.
    #[error("the log's entry can not be read: {0}")]
    LogFormat(String),
    /// A signed timestamp does not hold.
    #[error("a signed timestamp does not hold: {0}")]
    Timestamp(String),
    /// No time of the signature is known.
    #[error("no trusted time of the signature is known: {0}")]
    NoTime(String),
    /// The bundle contradicts itself, or holds what is not taken.
    #[error("the bundle is not taken: {0}")]
    Structure(String),
    /// The digest in the bundle is of an algorithm that proves nothing.
    #[error("the bundle gives the artifact's digest by `{0}`, which is not taken")]
    DigestAlgorithm(String),
    /// The bundle is about something else.
    #[error(
        "the bundle is about another artifact: this one is {artifact}, and it names {}",
        listed(said)
    )]
    AnotherArtifact {
        /// The artifact's digest.
        artifact: Digest,
        /// The digests that the bundle names.
        said: Vec<Digest>,
    },
    /// It is a statement of another type.
    #[error(
        "the statement is of the type {found}, and {expected} is expected\nhint: `--type {}` asks for such statements",
        found.word().unwrap_or(found.uri())
    )]
    PredicateType {
        /// What was asked for.
        expected: PredicateType,
        /// What it is.
        found: PredicateType,
    },
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Undecided {
    /// What is known of the artifact is not what the bundle is about.
    #[error(
        "what is known of the artifact is not enough: the bundle goes by its bytes, or by another digest\nhint: give the file itself instead of a digest"
    )]
    NeedsContent,
    /// The trusted root can not be used.
    #[error("the trusted root can not be used: {0}")]
    TrustedRoot(String),
}

/// The most digests that a message lists.
const LISTED: usize = 3;

fn listed(digests: &[Digest]) -> String {
    if digests.is_empty() {
        return "no digest that proves anything".to_owned();
    }
    let mut text: Vec<String> = digests.iter().take(LISTED).map(Digest::to_string).collect();
    if digests.len() > LISTED {
        text.push(format!("{} more", digests.len() - LISTED));
    }
    text.join(", ")
}

/// The option by which a signature gets such a witness.
fn asked(witness: Witness) -> &'static str {
    match witness {
        Witness::Log => "--with-log",
        Witness::TimestampAuthority => "--with-timestamp",
    }
}

impl Refusal {
    /// The id of the reason, for programs.
    pub fn id(&self) -> &'static str {
        match self {
            Self::PayloadType(_) => "payload-type",
            Self::Statement(_) => "statement-invalid",
            Self::Payload(_) => "payload-invalid",
            Self::CertificateAndNoKey => "certificate-and-no-key",
            Self::KeyAndNoCertificate => "key-and-no-certificate",
            Self::Signature => "signature-invalid",
            Self::AnotherKey { .. } => "another-key",
            Self::NoCertificate => "no-certificate",
            Self::Certificate(_) => "certificate-invalid",
            Self::UntrustedCertificate(_) => "certificate-untrusted",
            Self::CertificateTime(_) => "certificate-time",
            Self::CertificateLog(_) => "certificate-log",
            Self::Identity { .. } => "another-identity",
            Self::Issuer { .. } => "another-issuer",
            Self::NoEvidence(_) => "evidence-missing",
            Self::NoWitness(_) => "witness-missing",
            Self::UnknownLog(_) => "log-unknown",
            Self::LogProof(_) => "log-proof",
            Self::LogCheckpoint(_) => "log-checkpoint",
            Self::LogPromise(_) => "log-promise",
            Self::LogEntry(_) => "log-entry",
            Self::LogTime(_) => "log-time",
            Self::LogFormat(_) => "log-format",
            Self::Timestamp(_) => "timestamp-invalid",
            Self::NoTime(_) => "time-unknown",
            Self::Structure(_) => "bundle-invalid",
            Self::DigestAlgorithm(_) => "digest-algorithm",
            Self::AnotherArtifact { .. } => "another-artifact",
            Self::PredicateType { .. } => "predicate-type",
        }
    }
}
