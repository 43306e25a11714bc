//! The JSON of a bundle, as Sigstore's protocol buffers define it:
//! <https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_bundle.proto>.
//!
//! A field that is unknown or there twice is an error: it could be what another reader goes by.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use super::{Bundle, Content, InvalidBundle, Material};
use crate::Envelope;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct WireBundle {
    pub(super) media_type: String,
    pub(super) verification_material: WireMaterial,
    pub(super) message_signature: Option<WireMessage>,
    pub(super) dsse_envelope: Option<WireEnvelope>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct WireMaterial {
    pub(super) public_key: Option<WireKey>,
    pub(super) certificate: Option<WireCertificate>,
    #[serde(rename = "x509CertificateChain")]
    pub(super) chain: Option<WireChain>,
    pub(super) tlog_entries: Option<Box<RawValue>>,
    pub(super) timestamp_verification_data: Option<Box<RawValue>>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WireKey {
    #[serde(default)]
    pub(super) hint: String,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct WireCertificate {
    pub(super) raw_bytes: String,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WireChain {
    pub(super) certificates: Vec<WireCertificate>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct WireMessage {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) message_digest: Option<WireDigest>,
    pub(super) signature: String,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WireDigest {
    pub(super) algorithm: String,
    pub(super) digest: String,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct WireEnvelope {
    pub(super) payload: String,
    pub(super) payload_type: String,
    pub(super) signatures: Vec<WireSignature>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WireSignature {
    pub(super) sig: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) keyid: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WrittenBundle<'a> {
    media_type: &'a str,
    verification_material: WrittenMaterial<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_signature: Option<WireMessage>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dsse_envelope: Option<WireEnvelope>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WrittenMaterial<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    public_key: Option<WireKey>,
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate: Option<WireCertificate>,
    #[serde(
        rename = "x509CertificateChain",
        skip_serializing_if = "Option::is_none"
    )]
    chain: Option<WireChain>,
    tlog_entries: &'a [Value],
    #[serde(skip_serializing_if = "Value::is_null")]
    timestamp_verification_data: &'a Value,
}

impl WireEnvelope {
    fn of(envelope: &Envelope) -> Self {
        Self {
            payload: STANDARD.encode(&envelope.payload),
            payload_type: envelope.payload_type.clone(),
            signatures: vec![WireSignature {
                sig: STANDARD.encode(&envelope.signature),
                keyid: envelope.key_id.clone(),
            }],
        }
    }
}

impl Envelope {
    /// The envelope as JSON, as bundles hold it and logs take it.
    pub(crate) fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(&WireEnvelope::of(self))
    }
}

impl Bundle {
    /// The bundle as JSON, in one line. What was in cosign's old form is no bundle that others
    /// could verify, and is refused.
    pub fn to_json(&self) -> Result<Vec<u8>, InvalidBundle> {
        match self.content {
            Content::SimpleSigning(_) => Err(InvalidBundle::OldForm),
            Content::Envelope(_) | Content::Message(_) => self.to_sigstore_json(),
        }
    }

    /// The bundle as the crate for certificates and logs takes it. In cosign's old form, what is
    /// signed is the payload.
    pub(crate) fn to_sigstore_json(&self) -> Result<Vec<u8>, InvalidBundle> {
        let (mut public_key, mut certificate, mut chain) = (None, None, None);
        match &self.material {
            Material::Key { hint } => public_key = Some(WireKey { hint: hint.clone() }),
            Material::Certificates {
                chain: certificates,
                is_chain,
            } => {
                let mut written = certificates.iter().map(|der| WireCertificate {
                    raw_bytes: STANDARD.encode(der),
                });
                if *is_chain {
                    let certificates = written.collect();
                    chain = Some(WireChain { certificates });
                } else {
                    certificate = written.next();
                }
            }
        }
        let (message_signature, dsse_envelope) = match &self.content {
            Content::Message(message) => {
                let digest = message.digest.as_ref();
                let written = WireMessage {
                    message_digest: digest.map(|(algorithm, value)| WireDigest {
                        algorithm: algorithm.clone(),
                        digest: STANDARD.encode(value),
                    }),
                    signature: STANDARD.encode(&message.signature),
                };
                (Some(written), None)
            }
            Content::SimpleSigning(simple) => {
                let digest = digest(&SHA256, &simple.payload);
                let written = WireMessage {
                    message_digest: Some(WireDigest {
                        algorithm: "SHA2_256".to_owned(),
                        digest: STANDARD.encode(digest),
                    }),
                    signature: STANDARD.encode(&simple.signature),
                };
                (Some(written), None)
            }
            Content::Envelope(envelope) => (None, Some(WireEnvelope::of(envelope))),
        };
        let written = serde_json::to_vec(&WrittenBundle {
            media_type: self.version.media_type(),
            verification_material: WrittenMaterial {
                public_key,
                certificate,
                chain,
                tlog_entries: &self.log_entries,
                timestamp_verification_data: &self.timestamps,
            },
            message_signature,
            dsse_envelope,
        });
        written.map_err(|error| InvalidBundle::Malformed(error.to_string()))
    }
}
