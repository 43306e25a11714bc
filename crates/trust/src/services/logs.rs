//! What a transparency log is asked to keep, and the entry that it answers with.
//!
//! Version 1 takes the envelope and makes an entry of the kind `dsse` of it. Version 2 knows only
//! signatures over a hash: that of the bytes which an envelope's signature is over,
//! <https://github.com/sigstore/rekor-tiles/blob/main/api/proto/rekor/v2/hashedrekord.proto>.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{InvalidAnswer, ServiceKind};
use crate::keys::write_pem;
use crate::sigstore;
use crate::{Envelope, KeyAlgorithm, PublicKey};

/// By what a log is to verify the signature that it keeps.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Verifier<'a> {
    /// A certificate, in DER.
    Certificate(&'a [u8]),
    /// A key.
    Key(&'a PublicKey),
}

/// Asks a log to keep the signature of an envelope. Nothing if such a log does not take
/// signatures of such a key.
pub(crate) fn log_request(
    kind: ServiceKind,
    envelope: &Envelope,
    verifier: Verifier<'_>,
) -> Option<Vec<u8>> {
    let request = match kind {
        ServiceKind::LogV1 => {
            let pem = match verifier {
                Verifier::Certificate(der) => write_pem("CERTIFICATE", der),
                Verifier::Key(key) => key.to_pem(),
            };
            json!({
                "apiVersion": "0.0.1",
                "kind": "dsse",
                "spec": {"proposedContent": {
                    "envelope": envelope.to_json().ok()?,
                    "verifiers": [STANDARD.encode(pem)],
                }},
            })
        }
        ServiceKind::LogV2 => {
            let mut described = json!({"keyDetails": "PKIX_ECDSA_P256_SHA_256"});
            match verifier {
                Verifier::Certificate(der) => {
                    described["x509Certificate"] = json!({"rawBytes": STANDARD.encode(der)});
                }
                Verifier::Key(key) if key.algorithm() == KeyAlgorithm::EcdsaP256 => {
                    described["publicKey"] = json!({"rawBytes": STANDARD.encode(key.spki())});
                }
                Verifier::Key(_) => return None,
            }
            let hash = digest(&SHA256, &envelope.signed_bytes());
            json!({"hashedRekordRequestV002": {
                "digest": STANDARD.encode(hash),
                "signature": {
                    "content": STANDARD.encode(&envelope.signature),
                    "verifier": described,
                },
            }})
        }
        ServiceKind::CertificateAuthority | ServiceKind::TimestampAuthority => return None,
    };
    Some(request.to_string().into_bytes())
}

/// The entry in a log's answer, as bundles have it.
pub(crate) fn read_log_entry(kind: ServiceKind, answer: &[u8]) -> Result<Value, InvalidAnswer> {
    match kind {
        ServiceKind::LogV2 => sigstore::entry_of_version_2(answer),
        _ => sigstore::entry_of_version_1(answer),
    }
}
