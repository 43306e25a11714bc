//! Bundles around signatures of openssl, and openssl about the signatures in ours.

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use linchpin_trust::{
    Bundle, Content, ExpectedType, KeyKind, PrivateKey, PublicKey, pre_authentication_encoding,
};
use serde_json::json;

use crate::bundles::{ARTIFACT, reason, signed, verified};
use crate::reference_tools::{has_openssl, openssl, run};

#[test]
fn openssl_verifies_the_signature_in_a_bundle() {
    if !has_openssl() {
        return;
    }
    for (kind, digest) in [
        (KeyKind::EcdsaP256, "-sha256"),
        (KeyKind::EcdsaP384, "-sha384"),
        (KeyKind::Rsa3072, "-sha256"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let key = PrivateKey::generate(kind).unwrap();
        let bundle = signed(&key, "signature", "{}");
        let Content::Envelope(envelope) = bundle.content() else {
            panic!("{bundle:?}");
        };
        let bytes = pre_authentication_encoding(&envelope.payload_type, &envelope.payload);
        fs::write(folder.join("message"), bytes).unwrap();
        fs::write(folder.join("signature"), &envelope.signature).unwrap();
        fs::write(folder.join("public.pem"), key.public_key().to_pem()).unwrap();
        let arguments = [
            "dgst",
            digest,
            "-verify",
            "public.pem",
            "-signature",
            "signature",
            "message",
        ];
        assert!(
            run("openssl", &arguments, folder).status.success(),
            "{kind:?}"
        );
    }
}

#[test]
fn signatures_of_openssl_over_the_artifact_are_verified() {
    if !has_openssl() {
        return;
    }
    let pss = [
        "-sigopt",
        "rsa_padding_mode:pss",
        "-sigopt",
        "rsa_pss_saltlen:digest",
    ];
    for (algorithm, digest, options) in [
        ("EC", "-sha256", &[][..]),
        ("RSA", "-sha256", &[]),
        ("RSA", "-sha256", &pss),
        ("ED25519", "", &[]),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        fs::write(folder.join("message"), ARTIFACT).unwrap();
        let mut generate = vec!["genpkey", "-algorithm", algorithm, "-out", "private.pem"];
        if algorithm == "EC" {
            generate.extend(["-pkeyopt", "ec_paramgen_curve:P-256"]);
        }
        openssl(&generate, folder);
        let public = openssl(&["pkey", "-in", "private.pem", "-pubout"], folder);
        let public = PublicKey::read(&public).unwrap();
        let signature = if digest.is_empty() {
            openssl(
                &[
                    "pkeyutl",
                    "-sign",
                    "-rawin",
                    "-inkey",
                    "private.pem",
                    "-in",
                    "message",
                ],
                folder,
            )
        } else {
            let sign = ["dgst", digest, "-sign", "private.pem"];
            openssl(&[&sign[..], options, &["message"]].concat(), folder)
        };
        let sha256 = openssl(&["dgst", "-sha256", "-binary", "message"], folder);
        let document = json!({
            "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
            "verificationMaterial": {"publicKey": {"hint": "the release key"}},
            "messageSignature": {
                "messageDigest": {"algorithm": "SHA2_256", "digest": STANDARD.encode(sha256)},
                "signature": STANDARD.encode(signature),
            },
        });
        let bundle = Bundle::read(&serde_json::to_vec(&document).unwrap()).unwrap();
        let check = |artifact: &[u8], expected| verified(&bundle, artifact, &public, expected);
        assert!(
            check(ARTIFACT, ExpectedType::Signature).is_ok(),
            "{algorithm}"
        );
        assert_eq!(
            reason(check(b"another", ExpectedType::Signature)),
            "another-artifact"
        );
        let sbom = ExpectedType::Exactly("cyclonedx".parse().unwrap());
        assert_eq!(reason(check(ARTIFACT, sbom)), "predicate-type");
        // Without the digest, the signature alone says that it is another artifact.
        let mut bare = document.clone();
        bare["messageSignature"]
            .as_object_mut()
            .unwrap()
            .remove("messageDigest");
        let bare = Bundle::read(&serde_json::to_vec(&bare).unwrap()).unwrap();
        let check = |artifact: &[u8]| verified(&bare, artifact, &public, ExpectedType::Signature);
        assert!(check(ARTIFACT).is_ok());
        assert_eq!(reason(check(b"another")), "signature-invalid");
    }
}
