//! `linchpin gate` and `linchpin policy`: what comes out, of real statements, to people and to
//! programs.

use std::fs;

use serde_json::{Value, json};

use crate::program::{outcome, program, storefront};
use crate::signing::Bench;

/// A pair of keys, a lockfile with flaws in it, and a policy that believes the key.
fn bench() -> Bench {
    let bench = Bench::new();
    let lockfile = fs::read(format!("{}/web/package-lock.json", storefront())).unwrap();
    bench.write("package-lock.json", &lockfile);
    bench.succeeds(&[
        "policy",
        "init",
        "--key",
        "release.pub",
        "--level",
        "exploited",
    ]);
    bench
}

const GATE: [&str; 4] = ["gate", "package-lock.json", "--policy", "policy.yaml"];

/// Runs the gate, which must end with this code, and gives its answer.
fn gate(bench: &Bench, code: i32, more: &[&str]) -> Value {
    let arguments = [&GATE[..], &["--format", "json"], more].concat();
    let outcome = bench.run(&arguments);
    assert_eq!(outcome.code, code, "{arguments:?}: {outcome:?}");
    serde_json::from_str(&outcome.stdout).unwrap()
}

/// What a rule says.
fn decision<'a>(answer: &'a Value, rule: &str) -> &'a str {
    let rules = answer["rules"].as_array().unwrap();
    let rule = rules.iter().find(|known| known["id"] == rule).unwrap();
    rule["decision"].as_str().unwrap()
}

fn scanned(bench: &Bench) {
    bench.succeeds(&[
        "scan",
        "-q",
        "package-lock.json",
        "--attest",
        "--key",
        "release.key",
    ]);
}

#[test]
fn what_was_scanned_and_signed_goes_on_and_nothing_else() {
    let bench = bench();
    let before = gate(&bench, 1, &[]);
    assert_eq!(before["decision"], "denied");
    assert_eq!(decision(&before, "scanned"), "denied");
    assert_eq!(before["statements"], 0);

    scanned(&bench);
    let after = gate(&bench, 1, &[]);
    assert_eq!(decision(&after, "scanned"), "passed");
    // The project has flaws that are critical and have a fix.
    assert_eq!(decision(&after, "critical-with-a-fix"), "denied");
    let rules = after["rules"].as_array().unwrap();
    let critical = rules
        .iter()
        .find(|rule| rule["id"] == "critical-with-a-fix")
        .unwrap();
    let offences = critical["offences"].as_array().unwrap();
    assert!(!offences.is_empty() && offences[0].as_str().unwrap().contains(", fixed in "));

    // An exception for each of them, which somebody signs.
    let ids: Vec<&str> = rules
        .iter()
        .filter(|rule| rule["counts"] == true)
        .flat_map(|rule| rule["offences"].as_array().unwrap())
        .map(|offence| offence.as_str().unwrap().split(' ').next().unwrap())
        .collect();
    let exceptions: Vec<Value> = ids
        .iter()
        .map(|id| json!({"finding": id, "reason": "the page is not reachable", "until": "2100-01-01"}))
        .collect();
    bench.write(
        "exception.json",
        json!({"exceptions": exceptions}).to_string().as_bytes(),
    );
    bench.succeeds(&[
        "attest",
        "package-lock.json",
        "--type",
        "exception",
        "--predicate",
        "exception.json",
        "--key",
        "release.key",
    ]);
    let excepted = gate(&bench, 0, &[]);
    assert_eq!(excepted["decision"], "passed");
    let notes = excepted["notes"].as_array().unwrap();
    let said = |id: &str| {
        let begin = format!("{id} does not count: the page is not reachable");
        notes
            .iter()
            .any(|note| note.as_str().unwrap().starts_with(&begin))
    };
    assert!(ids.iter().all(|id| said(id)), "{notes:?}");

    // One byte more, and nothing that was said is about it.
    let mut changed = bench.read("package-lock.json");
    changed.push(b'\n');
    bench.write("package-lock.json", &changed);
    let changed = gate(&bench, 1, &[]);
    assert_eq!(changed["statements"], 0);
    let passed_over = changed["passedOver"].as_array().unwrap();
    // What is known, what was checked, and the exception.
    assert_eq!(passed_over.len(), 3);
    let reason = passed_over[0]["reason"].as_str().unwrap();
    assert!(reason.contains("about another artifact"), "{reason}");
}

#[test]
fn the_moment_of_a_verdict_is_no_matter_of_settings() {
    let bench = bench();
    let answer = |epoch: &str| {
        let mut command = program(&[&GATE[..], &["--format", "json"]].concat());
        command
            .current_dir(bench.path())
            .env("SOURCE_DATE_EPOCH", epoch);
        outcome(&mut command).json()["time"].clone()
    };
    let time = answer("1000000000");
    assert!(time.as_str().unwrap() > "2026", "{time}");
}

#[test]
fn the_answer_for_people_says_each_rule_and_what_to_do() {
    let bench = bench();
    let denied = bench.run(&GATE);
    assert_eq!(denied.code, 1, "{denied:?}");
    for line in [
        "DENIED  package-lock.json\n",
        "  policy    policy.yaml, level exploited\n",
        "  evidence  nobody whom the policy believes has said anything\n",
        "  DENIED     scanned: It was scanned for known flaws in the last 30 days\n",
        "             nobody whom the policy believes has signed a scan of it\n",
        "do: scan it and sign the result: linchpin scan ARTIFACT --attest --key KEY\n",
        "  would deny sbom: It is known what it is made of\n",
    ] {
        assert!(denied.stdout.contains(line), "{line}\n{}", denied.stdout);
    }
    assert_eq!(denied.stderr, "");
    assert!(!denied.stdout.contains("counts from"));
    let all = bench.run(&[&GATE[..], &["--verbose"]].concat());
    assert!(
        all.stdout.contains("counts from the level signed on"),
        "{all:?}"
    );
}

#[test]
fn a_verdict_is_a_statement_for_the_next_gate() {
    let bench = bench();
    scanned(&bench);
    bench.succeeds(&["policy", "init", "first.yaml", "--key", "release.pub"]);
    let first = bench.succeeds(&[
        "gate",
        "package-lock.json",
        "--policy",
        "first.yaml",
        "--name",
        "example.com/shop",
        "--sign-key",
        "release.key",
    ]);
    assert!(
        first
            .stderr
            .contains("wrote package-lock.json.vsa.sigstore.json: the verdict, signed by"),
        "{first:?}"
    );
    bench.succeeds(&[
        "verify",
        "package-lock.json",
        "--key",
        "release.pub",
        "--type",
        "vsa",
    ]);
    bench.write(
        "second.yaml",
        b"policy: 1\ntitle: t\nsigners: [{name: release, key-file: release.pub, says: [vsa]}]\n\
          rules:\n  - id: passed\n    title: The first gate let it pass\n    \
          require: summaries.exists(s, s.result == 'PASSED' && s.age < 1)\n    message: m\n    fix: f\n",
    );
    let second = |name: &str| {
        let arguments = [
            "gate",
            "package-lock.json",
            "--policy",
            "second.yaml",
            "--name",
            name,
        ];
        bench.run(&arguments)
    };
    assert_eq!(second("example.com/shop").code, 0);
    // The same verdict for something of another name.
    let replayed = second("example.com/bank");
    assert_eq!(replayed.code, 1);
    assert!(
        replayed.stdout.contains("`example.com/shop`"),
        "{replayed:?}"
    );
    // Without a key it is a statement, and no evidence.
    let unsigned = bench.succeeds(&[
        "gate",
        "package-lock.json",
        "--policy",
        "first.yaml",
        "--vsa",
        "verdict.json",
    ]);
    assert!(
        unsigned.stderr.contains("without a signature"),
        "{unsigned:?}"
    );
    let verdict: Value = serde_json::from_slice(&bench.read("verdict.json")).unwrap();
    assert_eq!(
        verdict["predicateType"],
        "https://slsa.dev/verification_summary/v1"
    );
    assert_eq!(verdict["predicate"]["verificationResult"], "PASSED");
    assert_eq!(
        verdict["predicate"]["inputAttestations"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
}

#[test]
fn evidence_in_folders_and_lines_counts_as_well() {
    let bench = bench();
    scanned(&bench);
    let bundle = bench.read("package-lock.json.vulns.sigstore.json");
    for word in ["vulns", "test-result"] {
        let name = format!("package-lock.json.{word}.sigstore.json");
        fs::remove_file(bench.path().join(name)).unwrap();
    }
    let said = |more: &[&str]| gate(&bench, 1, more)["statements"].clone();
    assert_eq!(said(&[]), 0);
    // One bundle on each line, as the client of GitHub writes them; an empty line is none.
    let line = String::from_utf8(bundle.clone()).unwrap().replace('\n', "");
    bench.write("lines.jsonl", format!("{line}\n\n{line}\n").as_bytes());
    assert_eq!(said(&["--evidence", "lines.jsonl"]), 2);
    let folder = bench.path().join("evidence");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("a.sigstore.json"), &bundle).unwrap();
    fs::write(folder.join("b.txt"), b"of no interest").unwrap();
    assert_eq!(said(&["--evidence", "evidence"]), 1);
    // Named twice, looked at once.
    let twice = [
        "--evidence",
        "evidence",
        "--evidence",
        "evidence/a.sigstore.json",
    ];
    assert_eq!(said(&twice), 1);
    fs::write(folder.join("c.sigstore.json"), b"{}").unwrap();
    let answer = gate(&bench, 1, &["--evidence", "evidence"]);
    assert_eq!(answer["passedOver"].as_array().unwrap().len(), 1);
}

#[test]
fn what_can_not_be_told_is_no_yes() {
    let bench = bench();
    bench.fails(
        2,
        &["gate", "package-lock.json"],
        "nobody says whom to believe",
    );
    bench.fails(
        2,
        &[&GATE[..], &["--level", "strict"]].concat(),
        "the policy has no level `strict`; it has report, exploited, signed, all",
    );
    bench.fails(
        3,
        &["gate", "missing", "--policy", "policy.yaml"],
        "missing",
    );
    bench.fails(
        8,
        &[&GATE[..], &["--evidence", "missing.json"]].concat(),
        "failed to read the evidence `missing.json`",
    );
    bench.write(
        "wrong.yaml",
        b"policy: 1\ntitle: t\nrules:\n  - {id: r, title: t, message: m, fix: f, deny: 'findings.filter(f, f.exploted)'}\n",
    );
    bench.fails(
        2,
        &["gate", "package-lock.json", "--policy", "wrong.yaml"],
        "there is no field `exploted` here",
    );
    // A scan of somebody whom the policy believes, that nobody can read.
    bench.write("odd.json", b"{\"scanner\": 1}");
    bench.succeeds(&[
        "attest",
        "package-lock.json",
        "--type",
        "vulns",
        "--predicate",
        "odd.json",
        "--key",
        "release.key",
    ]);
    let answer = gate(&bench, 8, &[]);
    assert_eq!(answer["decision"], "undecided");
}

#[test]
fn a_policy_is_begun_and_its_cases_come_out() {
    let bench = bench();
    for level in ["report", "exploited", "signed", "all"] {
        bench.succeeds(&["policy", "init", "p.yaml", "--force", "--level", level]);
        let tested = bench.succeeds(&["policy", "test", "p.yaml"]);
        assert!(
            tested.stdout.ends_with("8 cases, 0 not as they say\n"),
            "{tested:?}"
        );
    }
    bench.fails(5, &["policy", "init", "p.yaml"], "`--force` replaces it");
    bench.fails(
        2,
        &["policy", "init", "q.yaml", "--level", "x"],
        "there is no level `x`",
    );
    bench.fails(
        7,
        &["policy", "init", "q.yaml", "--key", "app.tar"],
        "app.tar",
    );
    let text = String::from_utf8(bench.read("p.yaml")).unwrap();
    bench.write(
        "wrong.yaml",
        text.replacen("expect: passed", "expect: denied", 1)
            .as_bytes(),
    );
    let wrong = bench.run(&["policy", "test", "wrong.yaml"]);
    assert_eq!(wrong.code, 1);
    assert!(
        wrong
            .stdout
            .contains("the verdict is passed, and denied is expected"),
        "{wrong:?}"
    );
    let names = bench.succeeds(&["policy", "names"]);
    assert!(names.stdout.contains("findings (a list)\n"), "{names:?}");
    assert!(
        names
            .stdout
            .contains("  exploited         whether attackers"),
        "{names:?}"
    );
}
