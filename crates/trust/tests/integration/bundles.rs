//! Statements that we sign, and verify again.

use linchpin_trust::{
    Artifact, Bundle, BundleVersion, Expectation, ExpectedSigner, ExpectedType, KeyKind, Material,
    NotVerified, PredicateType, PrivateKey, PublicKey, Signer, Statement, TrustedRoot, Verified,
    sign, verify,
};
use serde_json::Value;

pub(crate) const ARTIFACT: &[u8] = b"an artifact\n";

/// A signed statement of a type about the artifact.
pub(crate) fn signed(key: &PrivateKey, predicate_type: &str, predicate: &str) -> Bundle {
    let artifact = Artifact::read(&mut &*ARTIFACT, &[]).unwrap();
    let subject = artifact.subject(Some("artifact".to_owned()));
    let statement = Statement::new(
        vec![subject],
        predicate_type.parse().unwrap(),
        predicate.as_bytes(),
    );
    sign(&statement.unwrap(), key).unwrap()
}

/// Whether a bundle is the key's, about the artifact, and a plain signature.
pub(crate) fn verified(
    bundle: &Bundle,
    artifact: &[u8],
    key: &PublicKey,
    expected: ExpectedType,
) -> Result<Verified<linchpin_trust::Claim>, NotVerified> {
    let artifact = if bundle.wants_content() {
        Artifact::from_content(artifact.to_vec())
    } else {
        Artifact::read(&mut &*artifact, &bundle.wanted_digests())
    };
    let expectation = Expectation {
        signer: ExpectedSigner::Key(key.clone()),
        predicate_type: expected,
        witnesses: Vec::new(),
    };
    verify(
        bundle,
        &artifact.unwrap(),
        &expectation,
        &TrustedRoot::production(),
    )
}

/// The id of the reason for a no.
pub(crate) fn reason<T: std::fmt::Debug>(result: Result<T, NotVerified>) -> &'static str {
    match result.unwrap_err() {
        NotVerified::Refused(refusal) => refusal.id(),
        NotVerified::Undecided(_) => "undecided",
    }
}

#[test]
fn what_is_signed_by_each_sort_of_key_is_verified() {
    for kind in [
        KeyKind::Ed25519,
        KeyKind::EcdsaP256,
        KeyKind::EcdsaP384,
        KeyKind::Rsa3072,
    ] {
        let key = PrivateKey::generate(kind).unwrap();
        let bundle = signed(&key, "signature", "{}");
        let again = Bundle::read(&bundle.to_json().unwrap()).unwrap();
        assert_eq!(again, bundle);
        assert_eq!(again.version(), BundleVersion::V0_3);
        let public = key.public_key();
        let verified = verified(&again, ARTIFACT, public, ExpectedType::Signature).unwrap();
        let evidence = verified.evidence();
        assert_eq!(
            evidence.signer,
            Signer::Key {
                algorithm: public.algorithm(),
                fingerprint: public.hint()
            }
        );
        assert!(!evidence.logged && evidence.times.is_empty());
        assert!(verified.into_statement().is_some());
    }
}

#[test]
fn a_bundle_is_the_json_that_others_read() {
    let key = PrivateKey::generate(KeyKind::EcdsaP256).unwrap();
    let json = signed(&key, "cyclonedx", r#"{"bomFormat": "CycloneDX"}"#);
    let json: Value = serde_json::from_slice(&json.to_json().unwrap()).unwrap();
    assert_eq!(
        json["mediaType"],
        "application/vnd.dev.sigstore.bundle.v0.3+json"
    );
    let material = &json["verificationMaterial"];
    assert_eq!(material["publicKey"]["hint"], key.public_key().hint());
    assert_eq!(material["tlogEntries"], serde_json::json!([]));
    let envelope = &json["dsseEnvelope"];
    assert_eq!(envelope["payloadType"], "application/vnd.in-toto+json");
    assert_eq!(envelope["signatures"].as_array().unwrap().len(), 1);
    let artifact = Artifact::read(&mut &*ARTIFACT, &[]).unwrap();
    let expected = format!(
        "{{\"_type\":\"https://in-toto.io/Statement/v1\",\
         \"subject\":[{{\"name\":\"artifact\",\"digest\":{{\"sha256\":\"{}\"}}}}],\
         \"predicateType\":\"https://cyclonedx.org/bom\",\
         \"predicate\":{{\"bomFormat\": \"CycloneDX\"}}}}",
        artifact.digest().unwrap().hex()
    );
    let payload = crate::changed_json::decoded(&envelope["payload"]);
    assert_eq!(String::from_utf8(payload).unwrap(), expected);
}

#[test]
fn another_artifact_key_or_type_is_a_no_with_its_reason() {
    let key = PrivateKey::generate(KeyKind::Ed25519).unwrap();
    let other = PrivateKey::generate(KeyKind::Ed25519).unwrap();
    let bundle = signed(&key, "vulns", "{}");
    let vulns: PredicateType = "vulns".parse().unwrap();
    let vulns = || ExpectedType::Exactly(vulns.clone());
    let (ours, theirs) = (key.public_key(), other.public_key());
    assert!(verified(&bundle, ARTIFACT, ours, vulns()).is_ok());
    assert!(verified(&bundle, ARTIFACT, ours, ExpectedType::Any).is_ok());
    let no = |artifact: &[u8], key, expected| reason(verified(&bundle, artifact, key, expected));
    assert_eq!(no(b"another", ours, vulns()), "another-artifact");
    assert_eq!(no(ARTIFACT, theirs, vulns()), "another-key");
    // A report is no signature of what it is about.
    assert_eq!(
        no(ARTIFACT, ours, ExpectedType::Signature),
        "predicate-type"
    );
    let sbom = ExpectedType::Exactly("cyclonedx".parse().unwrap());
    assert_eq!(no(ARTIFACT, ours, sbom), "predicate-type");
    // A wrong signer is told before a wrong artifact, and that before a wrong type.
    assert_eq!(
        no(b"another", theirs, ExpectedType::Signature),
        "another-key"
    );
    assert_eq!(
        no(b"another", ours, ExpectedType::Signature),
        "another-artifact"
    );
}

#[test]
fn an_identity_is_no_key() {
    let key = PrivateKey::generate(KeyKind::Ed25519).unwrap();
    let bundle = signed(&key, "signature", "{}");
    assert!(matches!(bundle.material(), Material::Key { .. }));
    let expectation = Expectation {
        signer: crate::real_bundles::anybody(),
        predicate_type: ExpectedType::Any,
        witnesses: Vec::new(),
    };
    let artifact = Artifact::read(&mut &*ARTIFACT, &[]).unwrap();
    let refused = verify(&bundle, &artifact, &expectation, &TrustedRoot::production());
    assert_eq!(reason(refused), "key-and-no-certificate");
}

#[test]
fn a_predicate_is_an_object_and_a_statement_about_something() {
    let artifact = Artifact::read(&mut &*ARTIFACT, &[]).unwrap();
    let vulns: PredicateType = "vulns".parse().unwrap();
    let subjects = || vec![artifact.subject(None)];
    for wrong in ["", "[]", "1", "null", "{", "{} {}", "\"{}\""] {
        let statement = Statement::new(subjects(), vulns.clone(), wrong.as_bytes());
        assert!(statement.is_err(), "{wrong}");
    }
    assert!(Statement::new(subjects(), vulns.clone(), b"{\"a\":\"\xff\"}").is_err());
    assert!(Statement::new(Vec::new(), vulns.clone(), b"{}").is_err());
    // A byte order mark and white space around are an editor's.
    assert!(Statement::new(subjects(), vulns, "\u{feff} {\"a\": 1}\n".as_bytes()).is_ok());
}
