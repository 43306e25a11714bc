//! Nothing counts that nobody whom the policy believes has signed, about this very artifact.

use linchpin_model::{Digest, DigestAlgorithm};
use linchpin_policy::{
    Context, Decision, Evidence, NotAdmitted, Policy, SignerName, SummaryFacts, TrustedSigner,
    decide, read, starter, summarize,
};
use linchpin_trust::{
    Artifact, Bundle, ExpectedSigner, KeyKind, PredicateType, PrivateKey, Refusal, Statement,
    TrustedRoot, sign,
};

use crate::READERS;

const SCAN: &str = r#"{"scanner": {"uri": "pkg:generic/x@1", "db": {"lastUpdate": "2026-01-08T00:00:00Z"}, "result": []},
    "metadata": {"scanFinishedOn": "2026-01-09T00:00:00Z"}}"#;

fn artifact(content: &[u8]) -> Artifact {
    Artifact::read(&mut &content[..], &[]).unwrap()
}

fn said(key: &PrivateKey, about: &Artifact, word: &str, predicate: &str) -> Bundle {
    let statement = Statement::new(
        vec![about.subject(None)],
        word.parse().unwrap(),
        predicate.as_bytes(),
    );
    sign(&statement.unwrap(), key).unwrap()
}

fn believing(key: &PrivateKey, says: Option<Vec<PredicateType>>) -> Policy {
    let mut policy = starter().unwrap();
    policy.signers.push(TrustedSigner {
        name: SignerName("release".to_owned()),
        expected: ExpectedSigner::Key(key.public_key().clone()),
        says,
    });
    policy
}

fn context() -> Context {
    Context {
        name: Some("shop".to_owned()),
        label: String::new(),
        digest: None,
        environment: None,
        channel: None,
        now: "2026-01-10T00:00:00Z".parse().unwrap(),
    }
}

#[test]
fn what_was_signed_by_whom_the_policy_believes_counts_and_nothing_else() {
    let key = PrivateKey::generate(KeyKind::Ed25519).unwrap();
    let policy = believing(&key, None);
    let shop = artifact(b"shop");
    let root = TrustedRoot::production();
    let mut evidence = Evidence::default();
    let verdict = |evidence: &Evidence| decide(&policy, evidence, &context(), READERS).decision;
    assert_eq!(verdict(&evidence), Decision::Denied);

    // Another's signature, another artifact, and a verdict about another artifact.
    let other = PrivateKey::generate(KeyKind::Ed25519).unwrap();
    let by_other = said(&other, &shop, "vulns", SCAN);
    let about_other = said(&key, &artifact(b"shoq"), "vulns", SCAN);
    for bundle in [by_other, about_other] {
        let refused = evidence.admit(&policy, &bundle, &shop, &root, "x");
        assert!(
            matches!(refused, Err(NotAdmitted::NotVerified(_))),
            "{refused:?}"
        );
    }
    assert!(evidence.is_empty());
    assert_eq!(verdict(&evidence), Decision::Denied);

    let bundle = said(&key, &shop, "vulns", SCAN);
    evidence.admit(&policy, &bundle, &shop, &root, "x").unwrap();
    assert_eq!(verdict(&evidence), Decision::Passed);
}

#[test]
fn the_reason_that_says_most_is_told() {
    let key = PrivateKey::generate(KeyKind::Ed25519).unwrap();
    let mut policy = believing(&key, None);
    let another = PrivateKey::generate(KeyKind::EcdsaP256).unwrap();
    policy.signers.push(TrustedSigner {
        name: SignerName("another".to_owned()),
        expected: ExpectedSigner::Key(another.public_key().clone()),
        says: None,
    });
    let bundle = said(&key, &artifact(b"shoq"), "vulns", SCAN);
    let mut evidence = Evidence::default();
    let root = TrustedRoot::production();
    let refused = evidence.admit(&policy, &bundle, &artifact(b"shop"), &root, "x");
    assert!(
        matches!(
            refused,
            Err(NotAdmitted::NotVerified(
                linchpin_trust::NotVerified::Refused(Refusal::AnotherArtifact { .. })
            ))
        ),
        "{refused:?}"
    );
}

#[test]
fn a_signer_may_speak_of_no_more_than_the_policy_lets_it() {
    let key = PrivateKey::generate(KeyKind::Ed25519).unwrap();
    let policy = believing(&key, Some(vec!["cyclonedx".parse().unwrap()]));
    let shop = artifact(b"shop");
    let bundle = said(&key, &shop, "vulns", SCAN);
    let mut evidence = Evidence::default();
    let refused = evidence.admit(&policy, &bundle, &shop, &TrustedRoot::production(), "x");
    assert_eq!(
        refused.unwrap_err().to_string(),
        "release may not speak of `vulns`"
    );
}

#[test]
fn a_verdict_becomes_a_statement_that_another_gate_can_go_by() {
    let key = PrivateKey::generate(KeyKind::Ed25519).unwrap();
    let policy = believing(&key, None);
    let shop = artifact(b"shop");
    let root = TrustedRoot::production();
    let mut evidence = Evidence::default();
    let bundle = said(&key, &shop, "vulns", SCAN);
    evidence.admit(&policy, &bundle, &shop, &root, "x").unwrap();
    let verdict = decide(&policy, &evidence, &context(), READERS);
    let input = Digest::from_bytes(DigestAlgorithm::Sha256, &[7; 32]).unwrap();
    let summary = summarize(
        &verdict,
        &SummaryFacts {
            verifier: "pkg:generic/linchpin@1",
            version: "1",
            now: context().now,
            resource: "shop",
            policy: "policy.yaml",
            policy_digest: policy.digest.as_ref(),
            inputs: &[("x".to_owned(), input)],
        },
    );
    insta::assert_snapshot!(
        serde_json::to_string_pretty(&summary)
            .unwrap()
            .replace(policy.digest.as_ref().unwrap().hex(), "[policy]")
    );

    // Another gate goes by it, for this name and for a day.
    let text = "policy: 1\ntitle: t\nrules:\n  - id: passed\n    title: t\n    \
        require: summaries.exists(s, s.result == 'PASSED' && s.age < 1)\n    message: m\n    fix: f\n";
    let mut second = read("second.yaml", text, &|_| Err(String::new())).unwrap();
    second.signers = believing(&key, None).signers;
    let mut evidence = Evidence::default();
    let bundle = said(&key, &shop, "vsa", &summary.to_string());
    evidence.admit(&second, &bundle, &shop, &root, "x").unwrap();
    let decide_as = |name: &str, now: &str| {
        let context = Context {
            name: Some(name.to_owned()),
            now: now.parse().unwrap(),
            ..context()
        };
        decide(&second, &evidence, &context, READERS).decision
    };
    assert_eq!(decide_as("shop", "2026-01-10T12:00:00Z"), Decision::Passed);
    assert_eq!(decide_as("shop", "2026-01-12T00:00:00Z"), Decision::Denied);
    assert_eq!(decide_as("bank", "2026-01-10T12:00:00Z"), Decision::Denied);
    // The same bytes under another digest: it is not even evidence.
    let mut evidence = Evidence::default();
    let replayed = evidence.admit(&second, &bundle, &artifact(b"shoq"), &root, "x");
    assert!(replayed.is_err());
}
