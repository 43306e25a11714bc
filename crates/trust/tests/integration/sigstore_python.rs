//! The reference implementation in Python and we agree: about bundles that others have signed, and
//! about the form of ours.

use std::fs;

use linchpin_trust::{KeyKind, PrivateKey};

use crate::bundles::signed;
use crate::real_bundles::FOLDER;
use crate::reference_tools::{has_module, python, run};

/// Prints for each bundle whether its form is taken, and by whom it is verified to be, offline.
const VERIFY: &str = r#"
import hashlib, json, sys
from sigstore.hashes import Hashed
from sigstore.models import Bundle, TrustedRoot
from sigstore.verify import Verifier, policy
from sigstore_models.common.v1 import HashAlgorithm
root = TrustedRoot.from_file(sys.argv[1])
verifier = Verifier(trusted_root=root)
for name in sys.argv[2:]:
    path, artifact = name.split("=")
    try:
        bundle = Bundle.from_json(open(path, "rb").read())
        if artifact:
            content = open(artifact, "rb").read()
            verifier.verify_artifact(content, bundle, policy.UnsafeNoOp())
        else:
            verifier.verify_dsse(bundle, policy.UnsafeNoOp())
        print("verified")
    except Exception as error:
        print("refused", type(error).__name__, str(error).replace("\n", " "))
"#;

#[test]
fn the_reference_implementation_verifies_what_we_verify() {
    if !has_module("sigstore.verify") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for (root, cases) in [
        (
            linchpin_trust::TrustedRoot::production(),
            &[
                ("bundles/conda-attestation.sigstore.json", ""),
                (
                    "bundles/cosign-v3-blob.sigstore.json",
                    "bundles/cosign-v3-blob.txt",
                ),
            ][..],
        ),
        (
            linchpin_trust::TrustedRoot::staging(),
            &[
                (
                    "upstream/sigstore-python/staging-rekor-v2.txt.sigstore.json",
                    "upstream/sigstore-python/staging-rekor-v2.txt",
                ),
                (
                    "upstream/sigstore-python/a.dsse.staging-rekor-v2.txt.sigstore.json",
                    "",
                ),
            ],
        ),
    ] {
        fs::write(folder.path().join("root.json"), root.json()).unwrap();
        let mut arguments = vec!["-c".to_owned(), VERIFY.to_owned(), "root.json".to_owned()];
        for (bundle, artifact) in cases {
            let artifact = match *artifact {
                "" => String::new(),
                artifact => FOLDER.join(artifact).display().to_string(),
            };
            arguments.push(format!("{}={artifact}", FOLDER.join(bundle).display()));
        }
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let output = run(python(), &arguments, folder.path());
        let told = String::from_utf8_lossy(&output.stdout);
        assert_eq!(
            told.lines().filter(|line| *line == "verified").count(),
            cases.len(),
            "{told}{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

/// Prints the hint, the payload type and the number of signatures of a bundle.
const READ: &str = r#"
import sys
from sigstore_models.bundle.v1 import Bundle
bundle = Bundle.from_json(open(sys.argv[1], "rb").read())
print(bundle.verification_material.public_key.hint)
print(bundle.dsse_envelope.payload_type, len(bundle.dsse_envelope.signatures))
"#;

#[test]
fn the_reference_implementation_reads_what_we_write() {
    if !has_module("sigstore_models") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let key = PrivateKey::generate(KeyKind::Ed25519).unwrap();
    let bundle = signed(&key, "signature", "{}").to_json().unwrap();
    fs::write(folder.path().join("bundle.json"), bundle).unwrap();
    let output = run(python(), &["-c", READ, "bundle.json"], folder.path());
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        format!(
            "{}\napplication/vnd.in-toto+json 1\n",
            key.public_key().hint()
        ),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
