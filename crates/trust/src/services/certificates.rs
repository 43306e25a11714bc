//! What an authority of Sigstore is asked for a certificate, and what it answers.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::json;
use zeroize::Zeroizing;

use super::{InvalidAnswer, malformed};
use crate::identity_token::{IdentityToken, TokenSubject};
use crate::sigstore;
use crate::{KeyError, PrivateKey};

/// The most certificates of a chain.
const MOST_CERTIFICATES: usize = 16;

/// Asks for a certificate that binds a key to whom a token names. That the key is ours is proved
/// by its signature over that name. The request holds the token.
pub(crate) fn certificate_request(
    key: &PrivateKey,
    token: &IdentityToken,
) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let proof = key.sign(token.subject().name().as_bytes())?;
    let request = json!({
        "credentials": {"oidcIdentityToken": token.reveal()},
        "publicKeyRequest": {
            "publicKey": {"algorithm": "ECDSA", "content": key.public_key().to_pem()},
            "proofOfPossession": STANDARD.encode(proof),
        },
    });
    Ok(Zeroizing::new(request.to_string().into_bytes()))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    signed_certificate_embedded_sct: Option<Signed>,
    signed_certificate_detached_sct: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct Signed {
    chain: Chain,
}

#[derive(Deserialize)]
struct Chain {
    certificates: Vec<String>,
}

/// The certificate in an answer, which is for our key and names whom the token names. Whether it
/// is of an authority that is believed is verified with all else.
pub(crate) fn read_certificate(
    answer: &[u8],
    key: &PrivateKey,
    token: &IdentityToken,
) -> Result<Vec<u8>, InvalidAnswer> {
    let answer: Answer = serde_json::from_slice(answer).map_err(|error| malformed(&error))?;
    let Some(signed) = answer.signed_certificate_embedded_sct else {
        return Err(if answer.signed_certificate_detached_sct.is_some() {
            InvalidAnswer::DetachedPromise
        } else {
            InvalidAnswer::NoCertificate
        });
    };
    let chain = signed.chain.certificates;
    if chain.len() > MOST_CERTIFICATES {
        let many = format!("it has {} certificates", chain.len());
        return Err(InvalidAnswer::Malformed(many));
    }
    let text = chain.first().ok_or(InvalidAnswer::NoCertificate)?;
    let block = pem::parse(text)
        .ok()
        .filter(|block| block.tag() == "CERTIFICATE")
        .ok_or_else(|| InvalidAnswer::Malformed("its certificate is no PEM".to_owned()))?;
    let certificate = block.into_contents();
    let named = sigstore::named_in(&certificate)
        .map_err(|refusal| InvalidAnswer::Certificate(refusal.to_string()))?;
    if named.key != *key.public_key() {
        return Err(InvalidAnswer::AnotherKey);
    }
    // A workflow's name is made from several claims by rules of the authority; that of a person
    // is the address itself.
    if let TokenSubject::Mail(expected) = token.subject()
        && named.identity.as_ref() != Some(expected)
    {
        return Err(InvalidAnswer::AnotherIdentity {
            expected: expected.clone(),
            found: named.identity.map(|name| name.chars().take(200).collect()),
        });
    }
    Ok(certificate)
}
