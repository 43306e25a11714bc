//! "Simple signing": the payload that cosign signed before version 3, a small JSON document that
//! names the digest of an image's manifest.
//!
//! The signature is over the payload's bytes, as they are. Everything but the digest is passed
//! over: nobody vouches for the name in it, since images are copied.
//! <https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md>

use linchpin_model::Digest;
use serde::Deserialize;

/// What the payload says that it is.
const KIND: &str = "cosign container image signature";

/// A signature in cosign's old form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimpleSigning {
    /// The bytes that are signed.
    pub payload: Vec<u8>,
    /// The signature.
    pub signature: Vec<u8>,
}

impl SimpleSigning {
    /// The image that the payload is about, or why it is about none.
    pub(crate) fn image(&self) -> Result<Digest, String> {
        let payload: Payload =
            serde_json::from_slice(&self.payload).map_err(|error| error.to_string())?;
        let Critical { image, kind } = payload.critical;
        if kind != KIND {
            let kind: String = kind.chars().take(100).collect();
            return Err(format!("its type is `{kind}`, and not `{KIND}`"));
        }
        image
            .digest
            .parse()
            .map_err(|_| "what it names as the image's digest is none".to_owned())
    }
}

#[derive(Deserialize)]
struct Payload {
    critical: Critical,
}

#[derive(Deserialize)]
struct Critical {
    image: Image,
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
struct Image {
    #[serde(rename = "docker-manifest-digest")]
    digest: String,
}
