//! One flipped bit anywhere in a bundle, and the answer is no.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use linchpin_trust::{Bundle, ExpectedType, KeyKind, PrivateKey};
use serde_json::Value;

use crate::bundles::{ARTIFACT, reason, signed, verified};
use crate::changed_json::{decoded, flip, leaves};

/// Reads and verifies changed bytes: the id of the reason.
fn refused(bytes: &[u8], key: &PrivateKey) -> Option<&'static str> {
    let Ok(bundle) = Bundle::read(bytes) else {
        return Some("bundle-invalid");
    };
    match verified(&bundle, ARTIFACT, key.public_key(), ExpectedType::Signature) {
        Ok(_) => None,
        refused => Some(reason(refused)),
    }
}

#[test]
fn every_field_has_its_reason() {
    for kind in [KeyKind::Ed25519, KeyKind::EcdsaP256, KeyKind::EcdsaP384] {
        let key = PrivateKey::generate(kind).unwrap();
        let bundle = signed(&key, "signature", "{}");
        let document: Value = serde_json::from_slice(&bundle.to_json().unwrap()).unwrap();
        let fields = leaves(&document);
        let expected = [
            (
                "/dsseEnvelope/payload",
                &["signature-invalid", "statement-invalid"][..],
            ),
            ("/dsseEnvelope/payloadType", &["payload-type"]),
            ("/dsseEnvelope/signatures/0/sig", &["signature-invalid"]),
            ("/mediaType", &["bundle-invalid"]),
            ("/verificationMaterial/publicKey/hint", &["another-key"]),
        ];
        let names: Vec<&str> = expected.iter().map(|(name, _)| *name).collect();
        assert_eq!(fields, names);
        for (field, reasons) in expected {
            for place in 0..400 {
                let changed = serde_json::to_vec(&flip(&document, field, place)).unwrap();
                let refused = refused(&changed, &key).unwrap_or("verified");
                assert!(
                    reasons.contains(&refused),
                    "{kind:?} {field} {place}: {refused}"
                );
            }
        }
    }
}

#[test]
fn no_bit_of_the_file_can_change() {
    // One bit makes a backslash of some letters, and of what follows an escape: a hint that has not
    // the form of a fingerprint any more, which anybody may write.
    let escapes = |hint: &str| {
        let pairs = hint.as_bytes().windows(2);
        pairs
            .into_iter()
            .any(|pair| b"LTX".contains(&pair[0]) && b"bfnrtu/".contains(&pair[1]))
    };
    let key = loop {
        let key = PrivateKey::generate(KeyKind::Ed25519).unwrap();
        if !escapes(&key.public_key().hint()) {
            break key;
        }
    };
    let bundle = signed(&key, "signature", "{}").to_json().unwrap();
    assert_eq!(refused(&bundle, &key), None);
    for place in 0..bundle.len() {
        for bit in 0..8 {
            let mut changed = bundle.clone();
            changed[place] ^= 1 << bit;
            assert!(
                refused(&changed, &key).is_some(),
                "bit {bit} of byte {place}: {}",
                String::from_utf8_lossy(&changed)
            );
        }
        assert!(refused(&bundle[..place], &key).is_some(), "cut at {place}");
    }
}

#[test]
fn a_subject_can_not_be_swapped() {
    let key = PrivateKey::generate(KeyKind::EcdsaP256).unwrap();
    let bundle = signed(&key, "signature", "{}");
    let mut document: Value = serde_json::from_slice(&bundle.to_json().unwrap()).unwrap();
    let payload = decoded(&document["dsseEnvelope"]["payload"]);
    let mut statement: Value = serde_json::from_slice(&payload).unwrap();
    statement["subject"][0]["digest"]["sha256"] = "0".repeat(64).into();
    let swapped = serde_json::to_vec(&statement).unwrap();
    let swapped = STANDARD.encode(swapped);
    document["dsseEnvelope"]["payload"] = swapped.into();
    let changed = serde_json::to_vec(&document).unwrap();
    assert_eq!(refused(&changed, &key), Some("signature-invalid"));
    // The envelope of another statement by the same key is a statement about another artifact.
    let other = crate::bundles::signed(&key, "vulns", "{}");
    let other: Value = serde_json::from_slice(&other.to_json().unwrap()).unwrap();
    document["dsseEnvelope"] = other["dsseEnvelope"].clone();
    let changed = serde_json::to_vec(&document).unwrap();
    assert_eq!(refused(&changed, &key), Some("predicate-type"));
}
