//! The one place that knows the crate `sigstore-verify`: certificates, logs and timestamps.
//!
//! Its version is pinned, because what it takes for valid is what we take for valid. It is given
//! the bundle as we read it, written anew, so that it can not see another one than we do. Who the
//! signer is, which artifact a statement is about, and the signature itself are checked by
//! ourselves as well. The crate reads the clock: a log's time must not be in the future.

mod log_answers;
mod log_entries;
mod reasons;
mod signing_configuration;
mod trusted_root;

use linchpin_model::{DigestAlgorithm, Timestamp};
use sigstore_verify::crypto::parse_certificate_info;
use sigstore_verify::types::{
    Artifact as SigstoreArtifact, ArtifactDigest, Bundle as SigstoreBundle, DerCertificate,
    DerPublicKey, HashAlgorithm,
};
use sigstore_verify::{
    Policy, PublicKeyVerificationPolicy, VerificationPolicy, VerificationResult,
};

use crate::verification::{NotVerified, Refusal, Undecided};
use crate::{Artifact, Bundle, Content, PublicKey, Statement};
pub(crate) use log_answers::{entry_of_version_1, entry_of_version_2};
pub(crate) use signing_configuration::{
    PRODUCTION_SIGNING_CONFIGURATION, read as read_signing_configuration,
};
pub use trusted_root::{
    InvalidTrustedRoot, MAX_TRUSTED_ROOT_BYTES, RootOrigin, TrustedParty, TrustedPartyKind,
    TrustedRoot,
};

/// What certificates, logs and timestamp authorities vouch for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Vouched {
    /// Whom the certificate names.
    pub(crate) identity: Option<String>,
    /// Who vouched for that name.
    pub(crate) issuer: Option<String>,
    /// Whether a log holds the signature.
    pub(crate) logged: bool,
    /// Whether a timestamp authority has stamped it.
    pub(crate) stamped: bool,
    /// When they saw the signature.
    pub(crate) times: Vec<Timestamp>,
}

/// What a certificate says, which nobody has verified yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    /// Its key.
    pub(crate) key: PublicKey,
    /// Whom it names.
    pub(crate) identity: Option<String>,
}

/// What a certificate says, which nobody has verified yet.
pub(crate) fn named_in(certificate: &[u8]) -> Result<Named, Refusal> {
    let info = parse_certificate_info(&DerCertificate::from_bytes(certificate))
        .map_err(|error| Refusal::Certificate(error.to_string()))?;
    let key = PublicKey::from_spki(info.public_key.as_bytes())
        .map_err(|error| Refusal::Certificate(error.to_string()))?;
    let identity = info.identity.map(|name| name.as_str().to_owned());
    Ok(Named { key, identity })
}

/// The key in a certificate, which nobody has verified yet.
pub(crate) fn key_of(certificate: &[u8]) -> Result<PublicKey, Refusal> {
    named_in(certificate).map(|named| named.key)
}

/// Whom a certificate names, and who is said to have vouched for it. Nobody has verified either.
pub(crate) fn names_in(certificate: &[u8]) -> Option<(Option<String>, Option<String>)> {
    let info = parse_certificate_info(&DerCertificate::from_bytes(certificate)).ok()?;
    let identity = info.identity.map(|name| name.as_str().to_owned());
    Some((identity, info.issuer))
}

/// Verifies the certificate, its chain and its log, the entries of logs and the timestamps.
pub(crate) fn verify_with_certificate(
    bundle: &Bundle,
    statement: Option<&Statement>,
    artifact: &Artifact,
    root: &TrustedRoot,
) -> Result<Vouched, NotVerified> {
    let logs = &root.prepared().map_err(Undecided::TrustedRoot)?.logs;
    // Who the signer is, is asked of the result: the crate knows no patterns.
    let mut policy = VerificationPolicy::any_identity();
    // Some instances keep no public logs, GitHub's for private repositories among them. That is
    // for the trusted root to say, and never for a bundle.
    if logs.key_ids.is_empty() {
        policy = policy.skip_tlog_unsafe();
    } else if bundle.log_entries() == 0 {
        let lacks = "it has no entry of a transparency log".to_owned();
        return Err(Refusal::NoEvidence(lacks).into());
    }
    if !logs.certificates {
        policy = policy.skip_sct();
    }
    let verified = verify(bundle, statement, artifact, &policy, root)?;
    if !verified.certificate_verified()
        || verified.sct_verified() != logs.certificates
        || verified.tlog_verified() == logs.key_ids.is_empty()
    {
        let left_out = "not everything about the certificate was checked".to_owned();
        return Err(Refusal::Structure(left_out).into());
    }
    Ok(vouched(&verified, bundle))
}

/// Verifies the entries of logs and the timestamps that come with a key's signature.
pub(crate) fn verify_with_key(
    bundle: &Bundle,
    statement: Option<&Statement>,
    artifact: &Artifact,
    key: &PublicKey,
    root: &TrustedRoot,
) -> Result<Vouched, NotVerified> {
    let policy = PublicKeyVerificationPolicy::new(DerPublicKey::from_bytes(key.spki()));
    let policy = if bundle.log_entries() == 0 {
        policy.skip_tlog_unsafe()
    } else {
        policy
    };
    let verified = verify(bundle, statement, artifact, &policy, root)?;
    let mut vouched = vouched(&verified, bundle);
    vouched.logged &= bundle.log_entries() > 0;
    Ok(vouched)
}

fn verify(
    bundle: &Bundle,
    statement: Option<&Statement>,
    artifact: &Artifact,
    policy: &dyn Policy,
    root: &TrustedRoot,
) -> Result<VerificationResult, NotVerified> {
    let json = bundle
        .to_sigstore_json()
        .map_err(|error| Refusal::Structure(error.to_string()))?;
    let theirs: SigstoreBundle =
        serde_json::from_slice(&json).map_err(|error| Refusal::Structure(error.to_string()))?;
    let artifact = match (&bundle.content, artifact.content()) {
        // The log holds the digest of the payload, which names the image.
        (Content::SimpleSigning(simple), _) => SigstoreArtifact::Blob(&simple.payload),
        (Content::Message(_), Some(content)) => SigstoreArtifact::Blob(content),
        (Content::Message(_), None) => SigstoreArtifact::Digest(best_digest(
            artifact
                .digests()
                .iter()
                .map(|digest| (digest.algorithm(), digest.to_bytes())),
        )?),
        // Which artifact the statement is about is checked after this, so that a wrong one is
        // not told before a wrong signer.
        (Content::Envelope(_), _) => SigstoreArtifact::Digest(best_digest(
            statement
                .iter()
                .flat_map(|statement| statement.subjects())
                .flat_map(|subject| &subject.digests)
                .map(|digest| (digest.algorithm(), digest.to_bytes())),
        )?),
    };
    let prepared = root.prepared().map_err(Undecided::TrustedRoot)?;
    let verified = prepared
        .verifier
        .verify(artifact, &theirs, policy)
        .map_err(reasons::reason)?;
    log_entries::check(&bundle.log_entries, &prepared.logs.key_ids)?;
    Ok(verified)
}

/// A digest that the crate can compare.
fn best_digest(
    digests: impl Iterator<Item = (DigestAlgorithm, Vec<u8>)>,
) -> Result<ArtifactDigest, NotVerified> {
    let known = digests.filter_map(|(algorithm, value)| match algorithm {
        DigestAlgorithm::Sha256 => Some((HashAlgorithm::Sha2256, value)),
        DigestAlgorithm::Sha512 => Some((HashAlgorithm::Sha2512, value)),
        _ => None,
    });
    // SHA-256 counts as the smallest.
    let (algorithm, value) = known
        .min_by_key(|(algorithm, _)| algorithm.digest_size())
        .ok_or_else(|| Refusal::Structure("it names no SHA-256 and no SHA-512".to_owned()))?;
    ArtifactDigest::new(algorithm, value)
        .map_err(|error| Refusal::Structure(error.to_string()).into())
}

fn vouched(verified: &VerificationResult, bundle: &Bundle) -> Vouched {
    let mut times = verified.verified_timestamps().to_vec();
    times.sort_unstable();
    times.dedup();
    Vouched {
        identity: verified.identity().map(|name| name.as_str().to_owned()),
        issuer: verified.issuer().map(str::to_owned),
        logged: verified.tlog_verified(),
        // Each that is there was verified; one that is not is an error.
        stamped: bundle.timestamps() > 0,
        times,
    }
}

/// The algorithm that a bundle names so.
pub(crate) fn digest_algorithm(name: &str) -> Option<DigestAlgorithm> {
    match name {
        "SHA2_256" => Some(DigestAlgorithm::Sha256),
        "SHA2_384" => Some(DigestAlgorithm::Sha384),
        "SHA2_512" => Some(DigestAlgorithm::Sha512),
        _ => None,
    }
}
