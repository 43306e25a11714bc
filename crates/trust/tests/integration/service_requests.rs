//! What services are asked, as they see it: that a key is ours is proved, and openssl understands
//! what a timestamp authority gets.

use std::fs;
use std::sync::Mutex;

use linchpin_trust::{
    Artifact, IdentityToken, KeyKind, NoAnswer, PrivateKey, PublicKey, Service, ServiceKind,
    SigningError, SigningServices, Statement, Transport, TrustedRoot, Witnesses, sign_as,
    sign_witnessed,
};
use serde_json::{Value, json};

use crate::bundles::ARTIFACT;
use crate::changed_json::decoded;
use crate::identity_tokens::token;
use crate::reference_tools::{has_openssl, openssl};

/// Keeps what it is to bring, and brings it nowhere.
#[derive(Debug, Default)]
struct Kept(Mutex<Vec<Vec<u8>>>);

impl Transport for Kept {
    fn ask(&self, _: &Service, request: &[u8]) -> Result<Vec<u8>, NoAnswer> {
        self.0.lock().unwrap().push(request.to_vec());
        Err(NoAnswer::Offline)
    }
}

fn service(kind: ServiceKind) -> Service {
    Service {
        kind,
        address: "https://service.example".to_owned(),
    }
}

fn statement() -> Statement {
    let artifact = Artifact::read(&mut &*ARTIFACT, &[]).unwrap();
    let subjects = vec![artifact.subject(None)];
    Statement::new(subjects, "signature".parse().unwrap(), b"{}").unwrap()
}

/// What one service is asked for a signature by a key or a token.
fn asked(kind: ServiceKind, key: Option<&PrivateKey>) -> (Vec<u8>, SigningError) {
    let mut services = SigningServices {
        authority: Some(service(ServiceKind::CertificateAuthority)),
        logs: vec![service(ServiceKind::LogV1)],
        timestamp_authorities: Vec::new(),
    };
    match kind {
        ServiceKind::CertificateAuthority => {}
        ServiceKind::TimestampAuthority => services.timestamp_authorities.push(service(kind)),
        ServiceKind::LogV1 | ServiceKind::LogV2 => services.logs = vec![service(kind)],
    }
    let (kept, root) = (Kept::default(), TrustedRoot::production());
    let with = Witnesses {
        services: &services,
        transport: &kept,
        root: &root,
    };
    let claims = json!({"iss": "i", "sub": "a job", "aud": "sigstore", "exp": 1});
    let token = IdentityToken::read(&token(&claims)).unwrap();
    let why = match key {
        Some(key) => sign_witnessed(&statement(), key, with).unwrap_err(),
        None => sign_as(&statement(), &token, with).unwrap_err(),
    };
    // Who does not answer ends it: no other is asked.
    let [request] = <[_; 1]>::try_from(kept.0.into_inner().unwrap()).unwrap();
    (request, why)
}

#[test]
fn an_authority_gets_the_token_and_the_proof_of_a_new_key() {
    let keys = [(); 2].map(|()| {
        let (request, why) = asked(ServiceKind::CertificateAuthority, None);
        assert!(matches!(
            why,
            SigningError::NoAnswer {
                why: NoAnswer::Offline,
                ..
            }
        ));
        let request: Value = serde_json::from_slice(&request).unwrap();
        let sent = request["credentials"]["oidcIdentityToken"]
            .as_str()
            .unwrap();
        assert_eq!(sent.split('.').next_back(), Some("c2ln"));
        let asked = &request["publicKeyRequest"];
        let pem = asked["publicKey"]["content"].as_str().unwrap();
        let key = PublicKey::read(pem.as_bytes()).unwrap();
        assert!(key.verifies(b"a job", &decoded(&asked["proofOfPossession"])));
        key
    });
    assert_ne!(keys[0], keys[1]);
}

#[test]
fn a_log_gets_the_envelope_and_the_key() {
    let key = PrivateKey::generate(KeyKind::EcdsaP256).unwrap();
    let (request, _) = asked(ServiceKind::LogV1, Some(&key));
    let request: Value = serde_json::from_slice(&request).unwrap();
    assert_eq!(
        (&request["kind"], &request["apiVersion"]),
        (&json!("dsse"), &json!("0.0.1"))
    );
    let proposed = &request["spec"]["proposedContent"];
    let pem = decoded(&proposed["verifiers"][0]);
    assert_eq!(&PublicKey::read(&pem).unwrap(), key.public_key());
    let envelope: Value = serde_json::from_str(proposed["envelope"].as_str().unwrap()).unwrap();
    assert_eq!(
        decoded(&envelope["payload"]),
        statement().to_json().unwrap()
    );

    let (request, _) = asked(ServiceKind::LogV2, Some(&key));
    let request: Value = serde_json::from_slice(&request).unwrap();
    let verifier = &request["hashedRekordRequestV002"]["signature"]["verifier"];
    assert_eq!(
        decoded(&verifier["publicKey"]["rawBytes"]),
        key.public_key().spki()
    );
}

#[test]
fn openssl_understands_what_a_timestamp_authority_gets() {
    if !has_openssl() {
        return;
    }
    let key = PrivateKey::generate(KeyKind::Ed25519).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let nonces = [(); 2].map(|()| {
        let (request, _) = asked(ServiceKind::TimestampAuthority, Some(&key));
        fs::write(folder.path().join("query"), request).unwrap();
        let text = openssl(&["ts", "-query", "-in", "query", "-text"], folder.path());
        let text = String::from_utf8(text).unwrap();
        assert!(text.contains("Version: 1"), "{text}");
        assert!(text.contains("Hash Algorithm: sha256"), "{text}");
        assert!(text.contains("Certificate required: yes"), "{text}");
        let (_, nonce) = text.split_once("Nonce: 0x").unwrap();
        nonce.lines().next().unwrap().to_owned()
    });
    assert_eq!(nonces[0].len(), 16);
    // No answer to one request is one to the next.
    assert_ne!(nonces[0], nonces[1]);
}
