//! Policies that are refused when they are read, each with its place and reason.

use linchpin_policy::{MAX_POLICY_BYTES, read};

fn refused(text: &str) -> String {
    let error = read("p.yaml", text, &|path| Err(format!("no {path} here"))).unwrap_err();
    error.to_string()
}

fn with_rule(rule: &str) -> String {
    format!("policy: 1\ntitle: t\nrules:\n  - {{id: r, title: t, message: m, fix: f, {rule}}}\n")
}

#[test]
fn what_is_not_known_is_refused_with_its_place() {
    let reasons: Vec<String> = [
        "",
        "policy: 2\ntitle: t\n",
        "title: t\n",
        "policy: 1\ntitle: t\nrules: []\n",
        "policy: 1\ntitle: t\nrule: []\n",
        "policy: 1\ntitle: t\ntitle: u\n",
        "policy: 1\nrules: [\n",
        "policy: 1\n---\npolicy: 1\n",
        "policy: 1\ntitle: t\nlevels: [a]\nlevel: b\n",
        "policy: 1\ntitle: t\nsigners: [{name: a}]\n",
        "policy: 1\ntitle: t\nsigners: [{name: a, identity: x}]\n",
        "policy: 1\ntitle: t\nsigners: [{name: a, key-file: k.pub}]\n",
        "policy: 1\ntitle: t\nsigners: [{name: a, key: nonsense}]\n",
        "policy: 1\ntitle: t\nsigners: [{name: a, identity-pattern: '(', issuer: x}]\n",
        "policy: 1\ntitle: t\nsigners: [{name: a, identity: x, issuer: y, says: [sbom]}]\n",
        "policy: 1\ntitle: t\nbuilds: [{builder: b, level: 4}]\n",
        "policy: 1\ntitle: t\nbuilds: [{builder: b, level: 1, signers: [x]}]\n",
    ]
    .iter()
    .map(|text| refused(text))
    .chain(
        [
            "",
            "require: 'true', deny: 'false'",
            "require: 'findings.all('",
            "require: 'finding.size() == 0'",
            "deny: 'findings.filter(f, f.exploted)'",
            "require: 'scan.aged < 1'",
            "require: 'statements.exists(s, s.predicates.x == 1)'",
            "require: 'true', when: {image: [a]}",
            "require: 'true', level: strict",
            "require: 'true', severity: high",
        ]
        .iter()
        .map(|rule| refused(&with_rule(rule))),
    )
    .chain([
        refused(&with_rule("require: 'true'").replace("id: r", "id: R!")),
        refused(&with_rule("require: 'true'").replace(
            "rules:\n",
            "rules:\n  - {id: r, title: t, message: m, fix: f, deny: 'false'}\n",
        )),
        refused(&format!(
            "{}cases: [{{title: c, now: 2026-01-01, expect: maybe}}]\n",
            with_rule("require: 'true'")
        )),
        refused(&format!(
            "{}cases: [{{title: c, now: 2026-01-01, expect: passed, rules: {{x: passed}}}}]\n",
            with_rule("require: 'true'")
        )),
        refused(&format!(
            "{}cases: [{{title: c, now: soon, expect: passed}}]\n",
            with_rule("require: 'true'")
        )),
    ])
    .collect();
    insta::assert_snapshot!(reasons.join("\n"));
}

#[test]
fn what_is_too_large_is_refused() {
    let large = format!("policy: 1\n#{}\n", "x".repeat(MAX_POLICY_BYTES));
    assert!(refused(&large).contains("no policy needs"));
}
