//! What cosign attached before version 3: layers whose annotations hold the signature, the
//! certificate and what a log said.
//!
//! They are made into bundles, so that they go through the same verification in the same order. A
//! promise of the log is all that this form has of it; whether that is enough is decided there.
//! What can not be read is refused: an annotation that nobody understood must not pass for one
//! that is not there.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{NoBundle, SimpleSigning};
use crate::bundle::{MOST_CERTIFICATES, MOST_EVIDENCE_BYTES};
use crate::{Bundle, BundleVersion, Content, Material};

const SIGNATURE: &str = "dev.cosignproject.cosign/signature";
const CERTIFICATE: &str = "dev.sigstore.cosign/certificate";
const CHAIN: &str = "dev.sigstore.cosign/chain";
const LOG: &str = "dev.sigstore.cosign/bundle";
const TIMESTAMP: &str = "dev.sigstore.cosign/rfc3161timestamp";

type Annotations = BTreeMap<String, String>;

/// The bundle of a layer with a payload of "simple signing".
pub(super) fn signature(payload: Vec<u8>, annotations: &Annotations) -> Result<Bundle, NoBundle> {
    let text = annotations
        .get(SIGNATURE)
        .ok_or_else(|| NoBundle::OldForm(format!("it has no annotation `{SIGNATURE}`")))?;
    let signature = STANDARD.decode(text).map_err(|_| damaged(SIGNATURE))?;
    let content = Content::SimpleSigning(SimpleSigning { payload, signature });
    bundle(content, annotations)
}

/// The bundle of a layer with an envelope.
pub(super) fn statement(envelope: &[u8], annotations: &Annotations) -> Result<Bundle, NoBundle> {
    let envelope = Bundle::read_envelope(envelope)?;
    bundle(Content::Envelope(envelope), annotations)
}

fn bundle(content: Content, annotations: &Annotations) -> Result<Bundle, NoBundle> {
    let log_entries = match given(annotations, LOG) {
        Some(text) => vec![log_entry(text)?],
        None => Vec::new(),
    };
    let timestamps = match given(annotations, TIMESTAMP) {
        Some(text) => timestamps(text)?,
        None => Value::Null,
    };
    Ok(Bundle {
        // The version that has promises of the log.
        version: BundleVersion::V0_1,
        material: material(annotations)?,
        content,
        log_entries,
        timestamps,
    })
}

/// An annotation. An empty one is none.
fn given<'a>(annotations: &'a Annotations, name: &str) -> Option<&'a str> {
    let text = annotations.get(name).map(String::as_str);
    text.filter(|text| !text.trim().is_empty())
}

fn material(annotations: &Annotations) -> Result<Material, NoBundle> {
    let Some(certificate) = given(annotations, CERTIFICATE) else {
        let hint = String::new();
        return Ok(Material::Key { hint });
    };
    let mut chain = certificates(certificate, CERTIFICATE)?;
    if chain.len() != 1 {
        return Err(damaged(CERTIFICATE));
    }
    if let Some(above) = given(annotations, CHAIN) {
        chain.extend(certificates(above, CHAIN)?);
    }
    if chain.len() > MOST_CERTIFICATES {
        return Err(damaged(CHAIN));
    }
    Ok(Material::Certificates {
        chain,
        is_chain: true,
    })
}

fn certificates(text: &str, name: &'static str) -> Result<Vec<Vec<u8>>, NoBundle> {
    if text.len() > MOST_EVIDENCE_BYTES {
        return Err(damaged(name));
    }
    let blocks = pem::parse_many(text).map_err(|_| damaged(name))?;
    if blocks.iter().any(|block| block.tag() != "CERTIFICATE") {
        return Err(damaged(name));
    }
    Ok(blocks.into_iter().map(pem::Pem::into_contents).collect())
}

/// The entry of a log, as a bundle of today has it.
fn log_entry(text: &str) -> Result<Value, NoBundle> {
    let read: LogAnnotation = parse(text, LOG)?;
    let body = STANDARD
        .decode(&read.payload.body)
        .map_err(|_| damaged(LOG))?;
    let body: LogBody = serde_json::from_slice(&body).map_err(|_| damaged(LOG))?;
    let log = from_hex(&read.payload.log_id).ok_or_else(|| damaged(LOG))?;
    Ok(json!({
        "logIndex": read.payload.log_index.to_string(),
        "logId": {"keyId": STANDARD.encode(log)},
        "kindVersion": {"kind": body.kind, "version": body.api_version},
        "integratedTime": read.payload.integrated_time.to_string(),
        "inclusionPromise": {"signedEntryTimestamp": read.promise},
        "canonicalizedBody": read.payload.body,
    }))
}

fn timestamps(text: &str) -> Result<Value, NoBundle> {
    let read: TimestampAnnotation = parse(text, TIMESTAMP)?;
    Ok(json!({"rfc3161Timestamps": [{"signedTimestamp": read.timestamp}]}))
}

fn parse<'a, T: Deserialize<'a>>(text: &'a str, name: &'static str) -> Result<T, NoBundle> {
    if text.len() > MOST_EVIDENCE_BYTES {
        return Err(damaged(name));
    }
    serde_json::from_str(text).map_err(|_| damaged(name))
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2);
    let byte = |pair: &[u8]| match pair {
        [high, low] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
            u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()
        }
        _ => None,
    };
    pairs.map(byte).collect()
}

fn damaged(name: &str) -> NoBundle {
    NoBundle::OldForm(format!("its annotation `{name}` can not be read"))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LogAnnotation {
    #[serde(rename = "SignedEntryTimestamp")]
    promise: String,
    #[serde(rename = "Payload")]
    payload: LogPayload,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct LogPayload {
    body: String,
    integrated_time: u64,
    log_index: u64,
    #[serde(rename = "logID")]
    log_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LogBody {
    api_version: String,
    kind: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TimestampAnnotation {
    #[serde(rename = "SignedRFC3161Timestamp")]
    timestamp: String,
}
