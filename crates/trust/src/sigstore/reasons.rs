//! The reasons of the crate `sigstore-verify` in ours. What it knows and we do not is a no.

use sigstore_verify::bundle::Error as BundleError;
use sigstore_verify::{CertificateError, Error, TimestampError, TransparencyLogError};

use crate::verification::{NotVerified, Refusal, Undecided};

/// The longest detail that is taken over.
const LONGEST: usize = 400;

/// Our reason for an error of the crate's.
pub(super) fn reason(error: Error) -> NotVerified {
    let text: String = error.to_string().chars().take(LONGEST).collect();
    match error {
        Error::Certificate(error) => certificate(error, text).into(),
        Error::TransparencyLog(error) => log(error, text).into(),
        Error::Timestamp(TimestampError::NoVerifiedTimestamp(_)) => Refusal::NoTime(text).into(),
        Error::Timestamp(_) => Refusal::Timestamp(text).into(),
        Error::SignatureInvalid(_) => Refusal::Signature.into(),
        Error::Bundle(
            BundleError::MissingInclusionPromise(_)
            | BundleError::MissingInclusionProof(_)
            | BundleError::MissingCheckpoint
            | BundleError::MissingSigningTimeEvidence
            | BundleError::MissingTimestamp,
        ) => Refusal::NoEvidence(text).into(),
        Error::Bundle(BundleError::LogIndexOutOfRange { .. }) => Refusal::LogProof(text).into(),
        Error::Bundle(BundleError::CheckpointRootMismatch) => Refusal::LogCheckpoint(text).into(),
        Error::ArtifactMismatch(_) => Refusal::LogEntry(text).into(),
        Error::UnsupportedArtifact(_) => Undecided::NeedsContent.into(),
        Error::InvalidTrustRoot(_) | Error::TrustRoot(_) | Error::TrustedCertificate(_) => {
            Undecided::TrustedRoot(text).into()
        }
        _ => Refusal::Structure(text).into(),
    }
}

fn certificate(error: CertificateError, text: String) -> Refusal {
    match error {
        // The chain is looked at with the time, and the crate keeps of the reason only its text.
        CertificateError::ChainInvalid(_)
            if text.contains("CertExpired") || text.contains("CertNotValidYet") =>
        {
            Refusal::CertificateTime(text)
        }
        CertificateError::ChainInvalid(_) | CertificateError::NoValidAuthority { .. } => {
            Refusal::UntrustedCertificate(text)
        }
        CertificateError::NotYetValid { .. } | CertificateError::Expired { .. } => {
            Refusal::CertificateTime(text)
        }
        CertificateError::Sct(_) => Refusal::CertificateLog(text),
        _ => Refusal::Certificate(text),
    }
}

fn log(error: TransparencyLogError, text: String) -> Refusal {
    match error {
        TransparencyLogError::UnknownLog { log_id } => {
            Refusal::UnknownLog(log_id.chars().take(LONGEST).collect())
        }
        TransparencyLogError::InclusionProof(_) => Refusal::LogProof(text),
        TransparencyLogError::Checkpoint(_) => Refusal::LogCheckpoint(text),
        TransparencyLogError::InclusionPromise(_) => Refusal::LogPromise(text),
        TransparencyLogError::EntryMismatch(_) => Refusal::LogEntry(text),
        TransparencyLogError::IntegratedTime(_) => Refusal::LogTime(text),
        _ => Refusal::LogFormat(text),
    }
}
