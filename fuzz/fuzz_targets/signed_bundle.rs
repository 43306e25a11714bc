//! Sigstore bundles, statements and trusted roots of anybody: read, written again, and verified
//! against a key that signed none of them.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use linchpin_trust::{
    Artifact, Bundle, Expectation, ExpectedSigner, ExpectedType, IdentityPattern, KeyKind,
    PrivateKey, Statement, TextPattern, TrustedRoot, verify,
};

static KEY: LazyLock<PrivateKey> =
    LazyLock::new(|| PrivateKey::generate(KeyKind::Ed25519).unwrap());
static ROOT: LazyLock<TrustedRoot> = LazyLock::new(TrustedRoot::production);

fuzz_target!(|bytes: &[u8]| {
    if let Ok(statement) = Statement::read(bytes) {
        let written = statement.to_json().unwrap();
        let again = Statement::read(&written).unwrap();
        assert_eq!(again.subjects(), statement.subjects());
        assert_eq!(again.predicate(), statement.predicate());
    }
    let _ = TrustedRoot::read(bytes);
    let Ok(bundle) = Bundle::read(bytes) else {
        return;
    };
    assert_eq!(Bundle::read(&bundle.to_json().unwrap()).unwrap(), bundle);
    let any = || TextPattern::matching(".*").unwrap();
    let artifact = Artifact::from_content(bytes.to_vec()).unwrap();
    for signer in [
        ExpectedSigner::Key(KEY.public_key().clone()),
        ExpectedSigner::Identity(IdentityPattern {
            identity: any(),
            issuer: any(),
        }),
    ] {
        let expectation = Expectation {
            signer,
            predicate_type: ExpectedType::Any,
            witnesses: Vec::new(),
        };
        // Nobody signed this input: no answer but a no, or none.
        assert!(verify(&bundle, &artifact, &expectation, &ROOT).is_err());
    }
});
