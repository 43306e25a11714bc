//! Secrets made from the patterns themselves, planted among ordinary text: every kind is found, at its
//! place, and none is shown.

use linchpin_check::secrets::{AllowedSecrets, SecretKind, Secrets, embedded};
use linchpin_model::{About, Finding, TargetPath};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Hir, HirKind};

/// The pattern without what has no width, which a generator can not make.
fn without_anchors(hir: &Hir) -> Hir {
    match hir.kind() {
        HirKind::Look(_) => Hir::empty(),
        HirKind::Concat(parts) => Hir::concat(parts.iter().map(without_anchors).collect()),
        HirKind::Alternation(parts) => {
            Hir::alternation(parts.iter().map(without_anchors).collect())
        }
        HirKind::Capture(capture) => without_anchors(&capture.sub),
        HirKind::Repetition(repetition) => {
            let mut repetition = repetition.clone();
            repetition.sub = Box::new(without_anchors(&repetition.sub));
            Hir::repetition(repetition)
        }
        _ => hir.clone(),
    }
}

/// A text of ASCII that has a match of the pattern, and passes for a secret.
fn planted(kind: &SecretKind, runner: &mut TestRunner) -> Vec<u8> {
    let hir = ParserBuilder::new()
        .unicode(false)
        .utf8(false)
        .build()
        .parse(kind.pattern.as_str())
        .unwrap();
    let strategy = proptest::string::bytes_regex_parsed(&without_anchors(&hir)).unwrap();
    for _ in 0..5_000 {
        let made = strategy.new_tree(runner).unwrap().current();
        let is_text = |byte: &u8| matches!(byte, b' '..=b'~' | b'\n' | b'\t');
        let text: Vec<u8> = made.into_iter().filter(is_text).collect();
        let text = with_checksum(kind, text);
        let alone = Secrets::new(std::slice::from_ref(kind), &ALLOWED);
        if !alone
            .look(&TargetPath::new("x"), None, &surrounded(kind, &text))
            .findings
            .is_empty()
        {
            return text;
        }
    }
    panic!("nothing that passes for a {} could be made", kind.id);
}

static ALLOWED: AllowedSecrets = AllowedSecrets::none();

/// Tokens of GitHub and npm end with a sum of the rest.
fn with_checksum(kind: &SecretKind, text: Vec<u8>) -> Vec<u8> {
    let Some(checksum) = kind.checksum else {
        return text;
    };
    checksum.completed(text)
}

/// A line with the secret on its own, and one of the words near it.
fn surrounded(kind: &SecretKind, text: &[u8]) -> Vec<u8> {
    let mut whole = format!("# a file\n\n# {}\n", kind.keywords[0]).into_bytes();
    whole.extend(text);
    whole.extend(b"\n# the end\n");
    whole
}

fn line(finding: &Finding) -> u32 {
    match &finding.about {
        About::Place(place) => place.line.unwrap(),
        About::Package(_) => unreachable!("secrets have places"),
    }
}

#[test]
fn every_kind_is_found_where_it_was_planted_and_never_shown() {
    let mut runner = TestRunner::deterministic();
    let all = Secrets::new(embedded(), &ALLOWED);
    assert!(embedded().len() >= 150);
    for kind in embedded() {
        let text = planted(kind, &mut runner);
        let whole = surrounded(kind, &text);
        let checked = all.look(&TargetPath::new("conf/settings.py"), None, &whole);
        // Another kind may say it better; that something is there must be said.
        let found = checked.findings.first();
        let found = found.unwrap_or_else(|| panic!("{} is not found", kind.id));
        assert!(line(found) >= 4, "{}: line {}", kind.id, line(found));
        let alone = Secrets::new(std::slice::from_ref(kind), &ALLOWED);
        let own = alone.look(&TargetPath::new("x"), None, &whole);
        let secret = kind.pattern.compiled().captures(&whole).unwrap();
        let secret = secret.get(1).or_else(|| secret.get(0)).unwrap().as_bytes();
        let secret = String::from_utf8_lossy(secret);
        for finding in checked.findings.iter().chain(&own.findings) {
            let reason = finding.rule_reason().unwrap();
            let shown = format!("{:?} {:?}", finding.summary, reason.excerpt);
            for line in secret.lines().filter(|line| line.len() > 7) {
                assert!(!shown.contains(line), "{} is shown: {shown}", kind.id);
            }
        }
    }
}

#[test]
fn what_only_looks_like_a_secret_is_none() {
    let all = Secrets::new(embedded(), &ALLOWED);
    for text in [
        "aws_access_key_id = AKIAIOSFODNN7EXAMPLE",
        "password = \"${DATABASE_PASSWORD}\"",
        "token: ghp_000000000000000000000000000000000000",
        "url = postgres://user:password@localhost/db",
        "url = https://user:{{ password }}@example.com",
        "integrity sha512-abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ==",
        "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
        "secret = os.environ['APPLICATION_SECRET_KEY_FOR_SIGNING']",
        "commit = 'da39a3ee5e6b4b0d3255bfef95601890afd80709'",
    ] {
        let found = all.look(&TargetPath::new("x"), None, text.as_bytes());
        assert!(
            found.findings.is_empty(),
            "{text}: {:?}",
            found.findings[0].rule
        );
    }
}

#[test]
fn a_fingerprint_allows_a_secret_wherever_it_is() {
    // In two parts, so that nobody takes this file for a leak.
    let text = format!("key = \"{}{}\"\n", "sk_live_", "k3J9qPz7Lm2Xw8RtB5nV6cY1");
    let text = text.as_bytes();
    let all = Secrets::new(embedded(), &ALLOWED);
    let found = all.look(&TargetPath::new("x"), None, text);
    assert_eq!(found.findings[0].rule.0, "stripe-secret-key");
    let fix = &found.findings[0].rule_reason().unwrap().fix;
    let (_, fingerprint) = fix.rsplit_once(": ").unwrap();
    let allowed = AllowedSecrets {
        fingerprints: [fingerprint.to_owned()].into(),
        gitleaks: None,
    };
    let allowing = Secrets::new(embedded(), &allowed);
    assert!(
        allowing
            .look(&TargetPath::new("y"), None, text)
            .findings
            .is_empty()
    );
}
