//! The reference implementation in Python verifies what we sign, by the same trusted root.

use std::process::Command;

use linchpin_trust::{ServiceKind, Witnesses, sign_as};

use super::{ISSUER, Sigstore, has_module, person, python, statement};
use ServiceKind::{LogV1, LogV2, TimestampAuthority};

/// Verifies each bundle by an identity, offline, and prints the type of its payload.
const VERIFY: &str = r#"
import sys
from sigstore.models import Bundle, TrustedRoot
from sigstore.verify import Verifier, policy
verifier = Verifier(trusted_root=TrustedRoot.from_file(sys.argv[1]))
signer = policy.Identity(identity=sys.argv[2], issuer=sys.argv[3])
for path in sys.argv[4:]:
    kind, payload = verifier.verify_dsse(Bundle.from_json(open(path, "rb").read()), signer)
    print(kind, b"\"name\":\"artifact\"" in payload)
"#;

#[test]
fn the_reference_implementation_verifies_what_is_signed_by_a_token() {
    let Some(sigstore) = Sigstore::here().filter(|_| has_module("sigstore.verify")) else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let mut arguments = vec![
        "-c".to_owned(),
        VERIFY.to_owned(),
        sigstore
            .running
            .folder
            .path()
            .join("trusted_root.json")
            .display()
            .to_string(),
        "me@example.org".to_owned(),
        ISSUER.to_owned(),
    ];
    let all = [
        &[LogV1][..],
        &[LogV1, TimestampAuthority],
        &[LogV2, TimestampAuthority],
    ];
    for (place, witnesses) in all.iter().enumerate() {
        let services = sigstore.services(witnesses);
        let with = Witnesses {
            services: &services,
            transport: &sigstore.client,
            root: &sigstore.root,
        };
        let signed = sign_as(&statement(), &person(), with).unwrap();
        let path = folder.path().join(format!("{place}.json"));
        std::fs::write(&path, signed.bundle.to_json().unwrap()).unwrap();
        arguments.push(path.display().to_string());
    }
    let output = Command::new(python()).args(&arguments).output().unwrap();
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "application/vnd.in-toto+json True\n".repeat(all.len()),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
