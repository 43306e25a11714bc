//! The trusted root: which authorities, logs and timestamp authorities are believed, and when.
//!
//! One is in the program, so that verification works without a network: the production root of
//! Sigstore's public instance, as the crate `sigstore-trust-root` has taken it from Sigstore's TUF
//! repository. Authorities and logs are replaced every few years; then a newer root is imported.

use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;

use aws_lc_rs::digest::{SHA256, digest};
use linchpin_model::{Digest, DigestAlgorithm, Timestamp};
use sigstore_verify::Verifier;
use sigstore_verify::trust_root::{
    SIGSTORE_PRODUCTION_TRUSTED_ROOT, SIGSTORE_STAGING_TRUSTED_ROOT, TimeRange,
    TrustedRoot as SigstoreRoot,
};

/// The most that is read of a file with a trusted root.
pub const MAX_TRUSTED_ROOT_BYTES: usize = 4 << 20;

/// Which authorities and logs are believed.
pub struct TrustedRoot {
    json: Cow<'static, str>,
    origin: RootOrigin,
    /// Made when it is first wanted: a key alone needs none of it.
    prepared: OnceLock<Result<Prepared, String>>,
}

/// Where a trusted root comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RootOrigin {
    /// The program itself: Sigstore's production instance.
    Production,
    /// The program itself: the instance on which Sigstore tries things out.
    Staging,
    /// Whoever handed it in.
    Given,
}

/// A root that is ready to verify by.
pub(super) struct Prepared {
    pub(super) verifier: Verifier,
    pub(super) logs: KeptLogs,
}

/// Which logs an instance of Sigstore keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct KeptLogs {
    /// The ids of the keys of its logs of signatures.
    pub(super) key_ids: Vec<Vec<u8>>,
    /// Whether it keeps logs of certificates.
    pub(super) certificates: bool,
}

/// Somebody who is believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedParty {
    /// What for.
    pub kind: TrustedPartyKind,
    /// Its address.
    pub address: String,
    /// What it is called, or the id of its key.
    pub name: String,
    /// From when on it is believed.
    pub from: Option<Timestamp>,
    /// Until when.
    pub until: Option<Timestamp>,
}

/// What somebody is believed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TrustedPartyKind {
    /// Gives certificates to signers.
    CertificateAuthority,
    /// Keeps signatures.
    TransparencyLog,
    /// Keeps certificates.
    CertificateLog,
    /// Signs moments.
    TimestampAuthority,
}

/// Why bytes are no trusted root.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidTrustedRoot {
    /// The file is larger than any.
    #[error("it has more than 4 MiB, which no trusted root has")]
    TooLarge,
    /// It is no JSON of that shape.
    #[error("it can not be read as a trusted root of Sigstore: {0}")]
    Malformed(String),
    /// It says that it is something else.
    #[error("it is `{0}`, and no trusted root of Sigstore")]
    MediaType(String),
    /// A key or a certificate in it can not be used.
    #[error("what is in it can not be used: {0}")]
    Unusable(String),
}

impl TrustedRoot {
    /// The root of Sigstore's production instance that is in the program.
    pub fn production() -> Self {
        Self::new(
            Cow::Borrowed(SIGSTORE_PRODUCTION_TRUSTED_ROOT),
            RootOrigin::Production,
        )
    }

    /// The root of Sigstore's staging instance that is in the program.
    pub fn staging() -> Self {
        Self::new(
            Cow::Borrowed(SIGSTORE_STAGING_TRUSTED_ROOT),
            RootOrigin::Staging,
        )
    }

    /// Reads a trusted root, and sees that everything in it can be used.
    pub fn read(bytes: &[u8]) -> Result<Self, InvalidTrustedRoot> {
        if bytes.len() > MAX_TRUSTED_ROOT_BYTES {
            return Err(InvalidTrustedRoot::TooLarge);
        }
        let text = std::str::from_utf8(bytes)
            .map_err(|_| InvalidTrustedRoot::Malformed("it is not UTF-8".to_owned()))?;
        let root = Self::new(Cow::Owned(text.to_owned()), RootOrigin::Given);
        let media_type = root
            .parsed()
            .map_err(InvalidTrustedRoot::Malformed)?
            .media_type;
        if !media_type.starts_with("application/vnd.dev.sigstore.trustedroot") {
            let media_type = media_type.chars().take(200).collect();
            return Err(InvalidTrustedRoot::MediaType(media_type));
        }
        match root.prepared() {
            Ok(_) => Ok(root),
            Err(why) => Err(InvalidTrustedRoot::Unusable(why)),
        }
    }

    /// Its JSON.
    pub fn json(&self) -> &str {
        &self.json
    }

    /// Where it comes from.
    pub fn origin(&self) -> RootOrigin {
        self.origin
    }

    /// The SHA-256 of its JSON, by which two can be compared.
    pub fn digest(&self) -> Option<Digest> {
        let value = digest(&SHA256, self.json.as_bytes());
        Digest::from_bytes(DigestAlgorithm::Sha256, value.as_ref()).ok()
    }

    /// Who is believed, in the order of the file.
    pub fn parties(&self) -> Result<Vec<TrustedParty>, InvalidTrustedRoot> {
        let root = self.parsed().map_err(InvalidTrustedRoot::Malformed)?;
        let party = |kind, address: String, name: String, range: Option<TimeRange>| TrustedParty {
            kind,
            address,
            name,
            from: range.map(|range| range.start),
            until: range.and_then(|range| range.end),
        };
        let mut parties = Vec::new();
        for authority in root.certificate_authorities {
            let subject = [
                authority.subject.common_name,
                authority.subject.organization,
            ];
            parties.push(party(
                TrustedPartyKind::CertificateAuthority,
                authority.uri,
                named(subject),
                authority.valid_for,
            ));
        }
        for log in root.tlogs {
            parties.push(party(
                TrustedPartyKind::TransparencyLog,
                log.base_url,
                log.log_id.key_id.to_string(),
                log.public_key.valid_for,
            ));
        }
        for log in root.ctlogs {
            parties.push(party(
                TrustedPartyKind::CertificateLog,
                log.base_url,
                log.log_id.key_id.to_string(),
                log.public_key.valid_for,
            ));
        }
        for authority in root.timestamp_authorities {
            let subject = [
                authority.subject.common_name,
                authority.subject.organization,
            ];
            parties.push(party(
                TrustedPartyKind::TimestampAuthority,
                authority.uri.unwrap_or_default(),
                named(subject),
                authority.valid_for,
            ));
        }
        Ok(parties)
    }

    /// What verifies by this root, or why it can not be used.
    pub(super) fn prepared(&self) -> Result<&Prepared, String> {
        let prepared = self.prepared.get_or_init(|| {
            let root = self.parsed()?;
            let verifier = Verifier::new(&root).map_err(|error| error.to_string())?;
            let logs = KeptLogs {
                key_ids: root
                    .tlogs
                    .iter()
                    .map(|log| log.log_id.key_id.as_bytes().to_vec())
                    .collect(),
                certificates: !root.ctlogs.is_empty(),
            };
            Ok(Prepared { verifier, logs })
        });
        prepared.as_ref().map_err(String::clone)
    }

    fn new(json: Cow<'static, str>, origin: RootOrigin) -> Self {
        Self {
            json,
            origin,
            prepared: OnceLock::new(),
        }
    }

    fn parsed(&self) -> Result<SigstoreRoot, String> {
        SigstoreRoot::from_json(&self.json).map_err(|error| error.to_string())
    }
}

/// What somebody is called, of a common name and an organisation.
fn named(parts: [Option<String>; 2]) -> String {
    let parts: Vec<String> = parts
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(", ")
}

impl TrustedPartyKind {
    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::CertificateAuthority => "certificate authority",
            Self::TransparencyLog => "transparency log",
            Self::CertificateLog => "log of certificates",
            Self::TimestampAuthority => "timestamp authority",
        }
    }
}

impl fmt::Debug for TrustedRoot {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("TrustedRoot")
            .field("origin", &self.origin)
            .field("digest", &self.digest())
            .finish_non_exhaustive()
    }
}
