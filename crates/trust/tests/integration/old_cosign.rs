//! What cosign attached before version 3, made here with keys of ours and of openssl, or from what
//! others have signed, and changed in every way.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use linchpin_model::{Digest, DigestAlgorithm};
use linchpin_trust::{
    Artifact, Bundle, Expectation, ExpectedSigner, ExpectedType, KeyKind, NoBundle, PrivateKey,
    PublicKey, TrustedRoot, UnverifiedSigner, verify,
};
use serde_json::{Value, json};

use crate::attached::{
    ENVELOPE, MemoryStore, SIGNATURE, ask, by_key, image, key, old_signature, payload, sha256,
    statement,
};
use crate::bundles::reason;
use crate::real_bundles::{anybody, read};
use crate::reference_tools::openssl;

const CERTIFICATE: &str = "dev.sigstore.cosign/certificate";
const CHAIN: &str = "dev.sigstore.cosign/chain";
const LOG: &str = "dev.sigstore.cosign/bundle";

#[test]
fn an_old_signature_by_a_key_is_verified_and_can_not_be_changed() {
    for kind in [KeyKind::Ed25519, KeyKind::EcdsaP256, KeyKind::Rsa3072] {
        let key = PrivateKey::generate(kind).unwrap();
        let good = payload(&image());
        let signature = STANDARD.encode(key.sign(&good).unwrap());
        let found = |payload: &[u8], signature: &str| {
            old_signature(payload, json!({SIGNATURE: signature})).only()
        };
        let bundle = found(&good, &signature).unwrap();
        assert_eq!(by_key(&bundle, key.public_key()), Ok(()));
        assert_eq!(
            bundle.unverified_signer(),
            UnverifiedSigner::Key {
                hint: String::new()
            }
        );
        // No file can hold it: it would be a bundle about the payload.
        assert!(bundle.to_json().is_err());
        // Another key, another payload, another image.
        let other = PrivateKey::generate(kind).unwrap();
        let another_key = by_key(&bundle, other.public_key());
        assert_eq!(another_key, Err("signature-invalid"));
        let elsewhere = payload(&sha256(b"another image"));
        let swapped = found(&elsewhere, &signature).unwrap();
        assert_eq!(by_key(&swapped, key.public_key()), Err("signature-invalid"));
        let honest = STANDARD.encode(key.sign(&elsewhere).unwrap());
        let moved = found(&elsewhere, &honest).unwrap();
        assert_eq!(by_key(&moved, key.public_key()), Err("another-artifact"));
        // It is a signature and no statement.
        let artifact = Artifact::from_digest(image()).unwrap();
        let expectation = Expectation {
            signer: ExpectedSigner::Key(key.public_key().clone()),
            predicate_type: ExpectedType::Exactly("vulns".parse().unwrap()),
            witnesses: Vec::new(),
        };
        let root = TrustedRoot::production();
        let as_statement = verify(&bundle, &artifact, &expectation, &root);
        assert_eq!(reason(as_statement), "predicate-type");
        // Somebody is expected whom a certificate names.
        assert_eq!(
            ask(&bundle, &image(), anybody()),
            Err("key-and-no-certificate")
        );
        for place in 0..good.len() {
            let mut changed = good.clone();
            changed[place] ^= 1;
            let bundle = found(&changed, &signature).unwrap();
            assert!(by_key(&bundle, key.public_key()).is_err(), "{place}");
        }
    }
}

#[test]
fn a_payload_that_names_no_image_is_refused() {
    let key = key();
    let text = String::from_utf8(payload(&image())).unwrap();
    let twice = text.replace(
        r#""type":"#,
        r#""type":"cosign container image signature","type":"#,
    );
    for (changed, expected) in [
        (
            text.replace("cosign container", "atomic container"),
            "payload-invalid",
        ),
        (
            text.replace("docker-manifest-digest", "digest"),
            "payload-invalid",
        ),
        (text.replace("sha256:", "sha256:0"), "payload-invalid"),
        (
            text.replace(&image().to_string(), &format!("sha1:{}", "a".repeat(40))),
            "digest-algorithm",
        ),
        (twice, "payload-invalid"),
        ("{}".to_owned(), "payload-invalid"),
        (format!("{text} {{}}"), "payload-invalid"),
    ] {
        let signature = STANDARD.encode(key.sign(changed.as_bytes()).unwrap());
        let store = old_signature(changed.as_bytes(), json!({SIGNATURE: signature}));
        let bundle = store.only().unwrap();
        assert_eq!(
            by_key(&bundle, key.public_key()),
            Err(expected),
            "{changed}"
        );
    }
}

#[test]
fn annotations_that_nobody_understands_are_no_missing_ones() {
    let key = key();
    let good = payload(&image());
    let signature = STANDARD.encode(key.sign(&good).unwrap());
    let with = |name: &str, value: &str| {
        let mut annotations = json!({SIGNATURE: signature});
        annotations[name] = value.into();
        old_signature(&good, annotations).only()
    };
    for (name, value) in [
        (SIGNATURE, "not base64!"),
        (CERTIFICATE, "x"),
        (
            CERTIFICATE,
            "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
        ),
        (LOG, "x"),
        (LOG, "{}"),
        (
            LOG,
            r#"{"SignedEntryTimestamp":"","Payload":{"body":"e30=","integratedTime":1,"logIndex":1,"logID":"+0"}}"#,
        ),
        ("dev.sigstore.cosign/rfc3161timestamp", "{}"),
    ] {
        assert!(
            matches!(with(name, value), Err(NoBundle::OldForm(_))),
            "{name} {value}"
        );
    }
    // A promise of a log that can be read must hold as well.
    let entry = json!({"apiVersion": "0.0.1", "kind": "hashedrekord", "spec": {}});
    let log = json!({
        "SignedEntryTimestamp": "AAAA",
        "Payload": {
            "body": STANDARD.encode(entry.to_string()),
            "integratedTime": 1_700_000_000,
            "logIndex": 7,
            "logID": "c0d23d6ad406973f9559f3ba2d1ca01f84147d8ffc5b8445c224f98b9591801d",
        },
    });
    let bundle = with(LOG, &log.to_string()).unwrap();
    assert_eq!(bundle.log_entries(), 1);
    let refused = by_key(&bundle, key.public_key()).unwrap_err();
    assert!(
        refused.starts_with("log-") || refused == "bundle-invalid",
        "{refused}"
    );
    // Without a signature there is nothing to verify.
    let none = old_signature(&good, json!({})).only();
    assert!(matches!(none, Err(NoBundle::OldForm(_))));
}

#[test]
fn what_openssl_signs_is_an_old_signature() {
    let folder = tempfile::tempdir().unwrap();
    let run = |text: &str| openssl(&text.split(' ').collect::<Vec<_>>(), folder.path());
    run("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem");
    run("pkey -in key.pem -pubout -out key.pub");
    std::fs::write(folder.path().join("payload"), payload(&image())).unwrap();
    let signature = STANDARD.encode(run("dgst -sha256 -sign key.pem payload"));
    let store = old_signature(&payload(&image()), json!({SIGNATURE: signature}));
    let file = std::fs::read(folder.path().join("key.pub")).unwrap();
    let public = PublicKey::read(&file).unwrap();
    assert_eq!(by_key(&store.only().unwrap(), &public), Ok(()));
}

/// A store with one statement in the old form.
fn old_statement(envelope: &Value, annotations: Value) -> MemoryStore {
    let mut store = MemoryStore::default();
    let layer = store.layer(ENVELOPE, envelope.to_string().as_bytes(), annotations);
    store.tag("att", &[layer]);
    store
}

#[test]
fn an_old_statement_by_a_key_is_verified() {
    let key = key();
    let bundle = statement(&key, &image()).to_json().unwrap();
    let bundle: Value = serde_json::from_slice(&bundle).unwrap();
    let envelope = bundle["dsseEnvelope"].clone();
    let found = old_statement(&envelope, json!({})).only().unwrap();
    assert_eq!(by_key(&found, key.public_key()), Ok(()));
    let other = ExpectedSigner::Key(key.public_key().clone());
    let elsewhere = ask(&found, &sha256(b"another image"), other);
    assert_eq!(elsewhere, Err("another-artifact"));
    let mut changed = envelope;
    let said = STANDARD
        .decode(changed["payload"].as_str().unwrap())
        .unwrap();
    let said = String::from_utf8(said).unwrap();
    let said = said.replace(
        "https://sigstore.dev/cosign/sign/v1",
        "https://example.org/x",
    );
    changed["payload"] = STANDARD.encode(said).into();
    let changed = old_statement(&changed, json!({})).only().unwrap();
    assert_eq!(by_key(&changed, key.public_key()), Err("signature-invalid"));
}

/// What others have signed in a bundle, as cosign attached such things before: the envelope and the
/// annotations.
fn as_of_old(name: &str) -> (Value, Value, Bundle) {
    let bytes = read(name);
    let bundle: Value = serde_json::from_slice(&bytes).unwrap();
    let material = &bundle["verificationMaterial"];
    let certificates: Vec<String> = material["x509CertificateChain"]["certificates"]
        .as_array()
        .unwrap()
        .iter()
        .map(|certificate| {
            let text = certificate["rawBytes"].as_str().unwrap();
            format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
        })
        .collect();
    let entry = &material["tlogEntries"][0];
    let number = |field: &str| entry[field].as_str().unwrap().parse::<u64>().unwrap();
    let id = STANDARD
        .decode(entry["logId"]["keyId"].as_str().unwrap())
        .unwrap();
    // As long as a SHA-256, which it is, of the log's key.
    let id = Digest::from_bytes(DigestAlgorithm::Sha256, &id).unwrap();
    let log = json!({
        "SignedEntryTimestamp": entry["inclusionPromise"]["signedEntryTimestamp"],
        "Payload": {
            "body": entry["canonicalizedBody"],
            "integratedTime": number("integratedTime"),
            "logIndex": number("logIndex"),
            "logID": id.hex(),
        },
    });
    let annotations = json!({
        SIGNATURE: "",
        CERTIFICATE: certificates[0],
        CHAIN: certificates[1..].concat(),
        LOG: log.to_string(),
    });
    (
        bundle["dsseEnvelope"].clone(),
        annotations,
        Bundle::read(&bytes).unwrap(),
    )
}

#[test]
fn an_old_statement_by_a_certificate_is_verified_with_the_promise_of_the_log() {
    let root = TrustedRoot::production();
    for name in [
        "bundles/dsse.sigstore.json",
        "bundles/sigstore.js@2.0.0-provenance.sigstore.json",
    ] {
        let (envelope, annotations, original) = as_of_old(name);
        let statement = original.unverified_statement().unwrap();
        let subject = statement.subjects()[0].digests[0].clone();
        let artifact = Artifact::from_digest(subject).unwrap();
        let expectation = Expectation {
            signer: anybody(),
            predicate_type: ExpectedType::Any,
            witnesses: Vec::new(),
        };
        let answer = |annotations: Value| {
            let bundle = old_statement(&envelope, annotations).only().unwrap();
            verify(&bundle, &artifact, &expectation, &root)
        };
        let verified = answer(annotations.clone()).unwrap();
        assert!(verified.evidence().logged && !verified.evidence().times.is_empty());
        let found = old_statement(&envelope, annotations.clone())
            .only()
            .unwrap();
        let UnverifiedSigner::Certificate { identity, issuer } = found.unverified_signer() else {
            panic!("{name}");
        };
        assert!(identity.is_some() && issuer.is_some());
        // Without the log's promise, and with one that was changed.
        let mut without = annotations.clone();
        without.as_object_mut().unwrap().remove(LOG);
        assert_eq!(reason(answer(without)), "evidence-missing");
        let mut later = annotations.clone();
        let log: Value = serde_json::from_str(later[LOG].as_str().unwrap()).unwrap();
        let time = log["Payload"]["integratedTime"].as_u64().unwrap();
        let log = log
            .to_string()
            .replace(&time.to_string(), &(time + 1).to_string());
        later[LOG] = log.into();
        assert_eq!(reason(answer(later)), "log-promise");
        // Without the certificate it would be a key's.
        let mut nobody = annotations.clone();
        nobody.as_object_mut().unwrap().remove(CERTIFICATE);
        assert_eq!(reason(answer(nobody)), "key-and-no-certificate");
    }
}
