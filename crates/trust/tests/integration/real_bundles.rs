//! Bundles that others have signed, with certificates, logs and timestamps: those that the crate
//! `sigstore-verify` is tested with. They lie beside its sources and are not copied.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use linchpin_trust::{
    Artifact, Bundle, Claim, Expectation, ExpectedSigner, ExpectedType, IdentityPattern,
    NotVerified, PublicKey, Signer, TextPattern, TrustedRoot, Verified, verify,
};
use serde_json::Value;

use crate::bundles::reason;
use crate::changed_json::{flip, leaves};

/// The folder of the crate's test data.
pub(crate) static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    let arguments = ["metadata", "--offline", "--format-version", "1"];
    let metadata = crate::reference_tools::run(
        env!("CARGO"),
        &arguments,
        Path::new(env!("CARGO_MANIFEST_DIR")),
    );
    let metadata: Value = serde_json::from_slice(&metadata.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let package = packages
        .iter()
        .find(|package| package["name"] == "sigstore-verify")
        .unwrap();
    let manifest = Path::new(package["manifest_path"].as_str().unwrap());
    manifest.parent().unwrap().join("test_data")
});

pub(crate) fn read(name: &str) -> Vec<u8> {
    std::fs::read(FOLDER.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Whoever it is.
pub(crate) fn anybody() -> ExpectedSigner {
    let any = || TextPattern::matching(".*").unwrap();
    ExpectedSigner::Identity(IdentityPattern {
        identity: any(),
        issuer: any(),
    })
}

/// What a bundle is verified with.
pub(crate) enum Subject<'a> {
    /// A file of the test data.
    File(&'a str),
    /// What the bundle says itself, for those whose artifact is not there.
    AsSaid,
}

fn artifact(bundle: &Bundle, subject: &Subject<'_>) -> Artifact {
    match subject {
        Subject::File(name) => Artifact::from_content(read(name)).unwrap(),
        Subject::AsSaid => match bundle.unverified_statement() {
            Some(statement) => {
                let mut said = statement
                    .subjects()
                    .iter()
                    .flat_map(|subject| &subject.digests);
                Artifact::from_digest(said.next().unwrap().clone()).unwrap()
            }
            None => Artifact::from_content(b"unknown".to_vec()).unwrap(),
        },
    }
}

fn check(
    bytes: &[u8],
    subject: &Subject<'_>,
    signer: ExpectedSigner,
    root: &TrustedRoot,
) -> Result<Verified<Claim>, &'static str> {
    let bundle = Bundle::read(bytes).map_err(|_| "bundle-invalid")?;
    let expectation = Expectation {
        signer,
        predicate_type: ExpectedType::Any,
        witnesses: Vec::new(),
    };
    let artifact = artifact(&bundle, subject);
    verify(&bundle, &artifact, &expectation, root).map_err(|refused| {
        let told = refused.to_string();
        assert!(!told.is_empty());
        reason(Err::<(), NotVerified>(refused))
    })
}

const NO: &str = "";
const STAGING_FILE: &str = "upstream/sigstore-python/staging-rekor-v2.txt";
const PACKAGE: &str = "bundles/signed-package-2.1.0-hb0f4dca_0.conda";

/// A bundle, what it is about, whether the staging root counts, and the identity or the reason for a
/// no.
const CASES: [(&str, Subject<'_>, bool, Result<&str, &str>); 16] = [
    (
        "bundles/sigstore.js@2.0.0-provenance.sigstore.json",
        Subject::AsSaid,
        false,
        Ok("https://github.com/sigstore/sigstore-js/.github/workflows/release.yml@refs/heads/main"),
    ),
    (
        "bundles/conda-attestation.sigstore.json",
        Subject::File(PACKAGE),
        false,
        Ok(NO),
    ),
    (
        "bundles/conda-attestation-rekor2.sigstore.json",
        Subject::AsSaid,
        true,
        Ok(NO),
    ),
    (
        "bundles/cosign-v3-blob.sigstore.json",
        Subject::File("bundles/cosign-v3-blob.txt"),
        false,
        Ok(NO),
    ),
    (
        "upstream/sigstore-python/staging-rekor-v2.txt.sigstore.json",
        Subject::File(STAGING_FILE),
        true,
        Ok(NO),
    ),
    (
        "upstream/sigstore-python/a.dsse.staging-rekor-v2.txt.sigstore.json",
        Subject::AsSaid,
        true,
        Ok(NO),
    ),
    ("bundles/dsse.sigstore.json", Subject::AsSaid, false, Ok(NO)),
    (
        "bundles/dsse-2sigs.sigstore.json",
        Subject::AsSaid,
        false,
        Err("bundle-invalid"),
    ),
    (
        "bundles/bundle_invalid_version.txt.sigstore",
        Subject::AsSaid,
        true,
        Err("bundle-invalid"),
    ),
    (
        "bundles/bundle_no_cert_v1.txt.sigstore",
        Subject::AsSaid,
        true,
        Err("bundle-invalid"),
    ),
    (
        "bundles/bundle_no_log_entry.txt.sigstore",
        Subject::AsSaid,
        true,
        Err("another-artifact"),
    ),
    (
        "bundles/bundle_cve_2022_36056.txt.sigstore",
        Subject::AsSaid,
        true,
        Err("another-artifact"),
    ),
    (
        "bundles/bundle_v3_no_signed_time.txt.sigstore.json",
        Subject::AsSaid,
        true,
        Err("another-artifact"),
    ),
    (
        "bundles/bundle_v3_github.whl.sigstore",
        Subject::AsSaid,
        false,
        Err("another-artifact"),
    ),
    (
        "bundles/github-private-attestation.sigstore.json",
        Subject::AsSaid,
        false,
        Err("evidence-missing"),
    ),
    // The name of a user in a form that is neither an address nor a URL.
    (
        "bundles/othername.sigstore.json",
        Subject::AsSaid,
        true,
        Err("another-artifact"),
    ),
];

#[test]
fn what_others_signed_is_verified_as_they_meant_it() {
    let (production, staging) = (TrustedRoot::production(), TrustedRoot::staging());
    for (name, subject, is_staging, expected) in &CASES {
        let root = if *is_staging { &staging } else { &production };
        let verified = check(&read(name), subject, anybody(), root);
        match (&verified, expected) {
            (Ok(verified), Ok(who)) => {
                let evidence = verified.evidence();
                let Signer::Identity { identity, issuer } = &evidence.signer else {
                    panic!("{evidence:?}");
                };
                assert!(evidence.logged && !evidence.times.is_empty(), "{name}");
                assert!(issuer.starts_with("https://"), "{name}: {issuer}");
                assert!(who.is_empty() || identity == who, "{name}: {identity}");
            }
            (Err(reason), Err(expected)) => assert_eq!(reason, expected, "{name}"),
            _ => panic!("{name}: {verified:?}"),
        }
        // The root of the other instance knows none of its logs and authorities.
        if expected.is_ok() {
            let other = if *is_staging { &production } else { &staging };
            assert!(
                check(&read(name), subject, anybody(), other).is_err(),
                "{name}"
            );
        }
    }
}

#[test]
fn who_signed_must_be_whom_we_expect() {
    let name = "bundles/sigstore.js@2.0.0-provenance.sigstore.json";
    let workflow =
        "https://github.com/sigstore/sigstore-js/.github/workflows/release.yml@refs/heads/main";
    let provider = "https://token.actions.githubusercontent.com";
    let root = TrustedRoot::production();
    let ask = |identity: TextPattern, issuer: TextPattern| {
        let signer = ExpectedSigner::Identity(IdentityPattern { identity, issuer });
        check(&read(name), &Subject::AsSaid, signer, &root).map(drop)
    };
    let exact = |text: &str| TextPattern::Exact(text.to_owned());
    let like = |text: &str| TextPattern::matching(text).unwrap();
    assert_eq!(ask(exact(workflow), exact(provider)), Ok(()));
    let any_branch =
        r"https://github\.com/sigstore/sigstore-js/\.github/workflows/release\.yml@refs/.*";
    assert_eq!(ask(like(any_branch), exact(provider)), Ok(()));
    assert_eq!(
        ask(like("sigstore-js"), exact(provider)),
        Err("another-identity")
    );
    assert_eq!(
        ask(exact("https://github.com/evil/x"), exact(provider)),
        Err("another-identity")
    );
    assert_eq!(
        ask(exact(workflow), exact("https://accounts.example.com")),
        Err("another-issuer")
    );
    let key = PublicKey::read(&self::read("managed-key/key.pub")).unwrap();
    let by_key = check(
        &read(name),
        &Subject::AsSaid,
        ExpectedSigner::Key(key),
        &root,
    );
    assert_eq!(by_key.unwrap_err(), "certificate-and-no-key");
}

#[test]
fn what_comes_with_a_signature_of_a_key_must_hold_too() {
    let bundle = read("managed-key/bundle.sigstore.json");
    let subject = Subject::File("managed-key/artifact.txt");
    let key = PublicKey::read(&read("managed-key/key.pub")).unwrap();
    let root = TrustedRoot::production();
    let ask = |bytes: &[u8]| check(bytes, &subject, ExpectedSigner::Key(key.clone()), &root);
    let verified = ask(&bundle).unwrap();
    assert!(verified.evidence().logged && !verified.evidence().times.is_empty());
    assert!(verified.into_statement().is_none());
    let document: Value = serde_json::from_slice(&bundle).unwrap();
    check_every_leaf(&document, &|bytes| ask(bytes).err());
    // Nobody can be made to believe a log of which the root knows nothing.
    let staging = TrustedRoot::staging();
    let refused = check(
        &bundle,
        &subject,
        ExpectedSigner::Key(key.clone()),
        &staging,
    );
    assert!(["log-unknown", "log-checkpoint"].contains(&refused.unwrap_err()));
}

/// Whether nothing depends on a field: whose key it is said to be, and what a bundle brings of the
/// authority's certificates, which the trusted root has itself.
fn is_free(leaf: &str) -> bool {
    leaf == "/dsseEnvelope/signatures/0/keyid"
        || leaf
            .strip_prefix("/verificationMaterial/x509CertificateChain/certificates/")
            .is_some_and(|rest| !rest.starts_with("0/"))
}

/// Flips bits in every leaf, and sees that each makes a no.
fn check_every_leaf(document: &Value, refused: &dyn Fn(&[u8]) -> Option<&'static str>) {
    let mut passed = Vec::new();
    for leaf in leaves(document) {
        for place in [0, 1, 7, 20, 50] {
            let changed = flip(document, &leaf, place);
            let reason = refused(&serde_json::to_vec(&changed).unwrap());
            if reason.is_none_or(|reason| reason == "undecided") && !is_free(&leaf) {
                passed.push(format!("{leaf} {place} {reason:?}"));
            }
        }
    }
    assert!(passed.is_empty(), "{}: {passed:#?}", document["mediaType"]);
}

#[test]
fn no_field_of_what_others_signed_can_change() {
    let (production, staging) = (TrustedRoot::production(), TrustedRoot::staging());
    for (name, subject, is_staging, expected) in &CASES {
        if expected.is_err() {
            continue;
        }
        let root = if *is_staging { &staging } else { &production };
        let document: Value = serde_json::from_slice(&read(name)).unwrap();
        // Found out before anything changes, as what the bundle says is among what changes.
        let bundle = Bundle::read(&read(name)).unwrap();
        let artifact = artifact(&bundle, subject);
        check_every_leaf(&document, &|bytes| {
            let Ok(bundle) = Bundle::read(bytes) else {
                return Some("bundle-invalid");
            };
            let expectation = Expectation {
                signer: anybody(),
                predicate_type: ExpectedType::Any,
                witnesses: Vec::new(),
            };
            verify(&bundle, &artifact, &expectation, root)
                .err()
                .map(|refused| reason(Err::<(), NotVerified>(refused)))
        });
    }
}
