//! Reading a bundle: bytes of anybody become a `Bundle`, or a reason why not.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use serde_json::Value;
use serde_json::value::RawValue;

use super::wire::{WireBundle, WireCertificate, WireEnvelope, WireMaterial, WireMessage};
use super::{Bundle, BundleVersion, Content, Material, MessageSignature};
use crate::Envelope;

/// The most that is read of a file with a bundle: a statement can hold an SBOM of megabytes.
pub const MAX_BUNDLE_BYTES: usize = 64 << 20;

/// The most that entries of logs, or timestamps, may have as JSON.
pub(crate) const MOST_EVIDENCE_BYTES: usize = 4 << 20;
pub(crate) const MOST_CERTIFICATES: usize = 16;
const MOST_LOG_ENTRIES: usize = 64;

/// Why bytes are no bundle.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidBundle {
    /// The file is larger than we read.
    #[error("it has more than 64 MiB")]
    TooLarge,
    /// It is no JSON of that shape.
    #[error("it can not be read as a Sigstore bundle: {0}")]
    Malformed(String),
    /// It is a bundle of a version that is not known.
    #[error("its version `{0}` is not known: 0.1, 0.2 and 0.3 are")]
    Version(String),
    /// A field is not base64.
    #[error("its field `{0}` is not base64")]
    Base64(&'static str),
    /// It says nothing, or several things, about by what it is to be verified.
    #[error("it names {0} of a key, a certificate and a chain of certificates, and not one")]
    Material(usize),
    /// It has no content, or two.
    #[error("it holds {0} of an envelope and a signature over the artifact, and not one")]
    Content(usize),
    /// Its envelope has no signature, or several, and the rest of the bundle vouches for one.
    #[error("its envelope has {0} signatures, and not one")]
    Signatures(usize),
    /// It has more of something than any bundle.
    #[error("it has too many or too large {0}")]
    Excessive(&'static str),
    /// It was made around a signature in cosign's old form, and is not written.
    #[error("it is a signature in cosign's old form, which no bundle can hold")]
    OldForm,
}

impl Bundle {
    /// Reads an envelope that is not in a bundle.
    pub(crate) fn read_envelope(bytes: &[u8]) -> Result<Envelope, InvalidBundle> {
        if bytes.len() > MAX_BUNDLE_BYTES {
            return Err(InvalidBundle::TooLarge);
        }
        opened(serde_json::from_slice(bytes).map_err(malformed)?)
    }

    /// Reads a bundle.
    pub fn read(bytes: &[u8]) -> Result<Self, InvalidBundle> {
        if bytes.len() > MAX_BUNDLE_BYTES {
            return Err(InvalidBundle::TooLarge);
        }
        let wire: WireBundle = serde_json::from_slice(bytes).map_err(malformed)?;
        let version = BundleVersion::from_media_type(&wire.media_type)
            .ok_or_else(|| InvalidBundle::Version(wire.media_type.chars().take(200).collect()))?;
        let content = match (wire.message_signature, wire.dsse_envelope) {
            (Some(message), None) => Content::Message(message_signature(message)?),
            (None, Some(envelope)) => Content::Envelope(opened(envelope)?),
            (None, None) => return Err(InvalidBundle::Content(0)),
            (Some(_), Some(_)) => return Err(InvalidBundle::Content(2)),
        };
        let log_entries = match evidence(wire.verification_material.tlog_entries.as_deref())? {
            Value::Null => Vec::new(),
            Value::Array(entries) if entries.len() <= MOST_LOG_ENTRIES => entries,
            Value::Array(_) => return Err(InvalidBundle::Excessive("entries of logs")),
            _ => return Err(InvalidBundle::Malformed("`tlogEntries` is no list".into())),
        };
        let timestamps = evidence(
            wire.verification_material
                .timestamp_verification_data
                .as_deref(),
        )?;
        check_timestamps(&timestamps)?;
        Ok(Self {
            version,
            material: material(wire.verification_material)?,
            content,
            log_entries,
            timestamps,
        })
    }
}

fn malformed(error: serde_json::Error) -> InvalidBundle {
    InvalidBundle::Malformed(error.to_string())
}

/// The bytes of a field. DSSE allows both alphabets.
fn bytes(text: &str, field: &'static str) -> Result<Vec<u8>, InvalidBundle> {
    STANDARD
        .decode(text)
        .or_else(|_| URL_SAFE.decode(text))
        .map_err(|_| InvalidBundle::Base64(field))
}

fn opened(wire: WireEnvelope) -> Result<Envelope, InvalidBundle> {
    let count = wire.signatures.len();
    let [signature] =
        <[_; 1]>::try_from(wire.signatures).map_err(|_| InvalidBundle::Signatures(count))?;
    Ok(Envelope {
        payload_type: wire.payload_type,
        payload: bytes(&wire.payload, "payload")?,
        signature: bytes(&signature.sig, "sig")?,
        key_id: signature.keyid,
    })
}

fn message_signature(wire: WireMessage) -> Result<MessageSignature, InvalidBundle> {
    let digest = wire
        .message_digest
        .map(|digest| Ok((digest.algorithm, bytes(&digest.digest, "digest")?)))
        .transpose()?;
    Ok(MessageSignature {
        digest,
        signature: bytes(&wire.signature, "signature")?,
    })
}

fn material(wire: WireMaterial) -> Result<Material, InvalidBundle> {
    let certificates = |list: Vec<WireCertificate>, is_chain| {
        if list.len() > MOST_CERTIFICATES {
            return Err(InvalidBundle::Excessive("certificates"));
        }
        let chain: Vec<Vec<u8>> = list
            .iter()
            .map(|certificate| bytes(&certificate.raw_bytes, "rawBytes"))
            .collect::<Result<_, _>>()?;
        if chain.is_empty() {
            return Err(InvalidBundle::Material(0));
        }
        Ok(Material::Certificates { chain, is_chain })
    };
    match (wire.public_key, wire.certificate, wire.chain) {
        (Some(key), None, None) => Ok(Material::Key { hint: key.hint }),
        (None, Some(certificate), None) => certificates(vec![certificate], false),
        (None, None, Some(chain)) => certificates(chain.certificates, true),
        (key, certificate, chain) => Err(InvalidBundle::Material(
            usize::from(key.is_some())
                + usize::from(certificate.is_some())
                + usize::from(chain.is_some()),
        )),
    }
}

/// What a bundle brings as evidence, as JSON. Nothing is parsed before its size is known: a value
/// takes ten times what its text does.
fn evidence(raw: Option<&RawValue>) -> Result<Value, InvalidBundle> {
    match raw {
        None => Ok(Value::Null),
        Some(raw) if raw.get().len() > MOST_EVIDENCE_BYTES => {
            Err(InvalidBundle::Excessive("entries of logs or timestamps"))
        }
        Some(raw) => serde_json::from_str(raw.get()).map_err(malformed),
    }
}

/// Refuses what is no set of timestamps: a bundle whose timestamps nobody looked at must not
/// pass for one without.
fn check_timestamps(timestamps: &Value) -> Result<(), InvalidBundle> {
    let wrong = || InvalidBundle::Malformed("`timestampVerificationData` is damaged".into());
    let fields = match timestamps {
        Value::Null => return Ok(()),
        Value::Object(fields) => fields,
        _ => return Err(wrong()),
    };
    for (name, value) in fields {
        match (name.as_str(), value) {
            ("rfc3161Timestamps", Value::Null) => {}
            ("rfc3161Timestamps", Value::Array(list)) if list.len() <= MOST_LOG_ENTRIES => {}
            _ => return Err(wrong()),
        }
    }
    Ok(())
}
