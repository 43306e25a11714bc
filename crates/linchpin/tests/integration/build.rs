//! `linchpin build`: a build is run and recorded, and a gate takes it only as the policy says.

#![expect(clippy::disallowed_methods, reason = "tests run git")]

use std::fs;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::program::{Outcome, outcome, program, storefront};
use crate::signing::Bench;

/// A repository with a lockfile and a commit.
fn bench() -> Bench {
    let bench = Bench::new();
    let lockfile = fs::read(format!("{}/web/package-lock.json", storefront())).unwrap();
    bench.write("package-lock.json", &lockfile);
    bench.write(".gitignore", b"dist/\nrelease.*\n*.yaml\n");
    for arguments in [
        &["init", "-q", "-b", "main"][..],
        &["config", "user.email", "somebody@example.com"],
        &["config", "user.name", "somebody"],
        &[
            "remote",
            "add",
            "origin",
            "https://me:secret@example.com/o/shop.git",
        ],
        &["add", "."],
        &["commit", "-q", "-m", "all"],
    ] {
        let ran = Command::new("git")
            .args(arguments)
            .current_dir(bench.path())
            .status();
        assert!(ran.unwrap().success(), "{arguments:?}");
    }
    bench
}

/// Builds with variables of a build system in the environment, and none of the one that runs the tests.
fn build(bench: &Bench, variables: &[(&str, &str)], arguments: &[&str]) -> Outcome {
    let mut command = program(&[&["build"][..], arguments].concat());
    for name in [
        "CI",
        "GITHUB_ACTIONS",
        "GITLAB_CI",
        "JENKINS_URL",
        "BUILDKITE",
        "CIRCLECI",
    ] {
        command.env_remove(name);
    }
    command
        .current_dir(bench.path())
        .env("LINCHPIN_PASSPHRASE", "a passphrase")
        .envs(variables.iter().copied());
    outcome(&mut command)
}

const MAKE: [&str; 4] = [
    "--",
    "sh",
    "-c",
    "mkdir -p dist && tr a-z A-Z < package-lock.json > dist/shop.txt && echo built:$LINCHPIN_PASSPHRASE",
];

fn predicate(bench: &Bench, bundle: &str) -> Value {
    let bundle: Value = serde_json::from_slice(&bench.read(bundle)).unwrap();
    let payload = bundle["dsseEnvelope"]["payload"].as_str().unwrap();
    let statement: Value = serde_json::from_slice(&STANDARD.decode(payload).unwrap()).unwrap();
    assert_eq!(statement["predicateType"], "https://slsa.dev/provenance/v1");
    statement["predicate"].clone()
}

#[test]
fn a_build_is_run_and_recorded() {
    let bench = bench();
    let output = ["--key", "release.key", "--output", "dist/*.txt"];
    let built = build(&bench, &[], &[&output[..], &MAKE].concat());
    assert_eq!(built.code, 0, "{built:?}");
    // The build speaks for itself, and is told no passphrase.
    assert_eq!(built.stdout, "built:\n");
    assert!(
        built.stderr.contains("wrote dist/shop.txt.provenance.sigstore.json: how dist/shop.txt was built by urn:linchpin:builder:local, signed by"),
        "{built:?}"
    );
    bench.succeeds(&[
        "verify",
        "dist/shop.txt",
        "--key",
        "release.pub",
        "--type",
        "provenance",
    ]);
    let said = predicate(&bench, "dist/shop.txt.provenance.sigstore.json");
    let definition = &said["buildDefinition"];
    assert_eq!(definition["externalParameters"]["command"][0], "sh");
    assert_eq!(
        definition["externalParameters"]["source"]["uri"],
        "git+https://example.com/o/shop"
    );
    assert_eq!(
        definition["externalParameters"]["source"]["ref"],
        "refs/heads/main"
    );
    assert_eq!(definition["internalParameters"]["workTree"]["clean"], true);
    let dependencies = definition["resolvedDependencies"].as_array().unwrap();
    assert_eq!(
        dependencies[0]["uri"],
        "git+https://example.com/o/shop@refs/heads/main"
    );
    assert!(dependencies.len() > 5);
    assert!(
        dependencies[1..].iter().all(|dependency| {
            dependency["uri"].as_str().unwrap().starts_with("pkg:npm/")
                && dependency["digest"]["sha512"].as_str().is_some()
        }),
        "{dependencies:?}"
    );
    assert!(!said.to_string().contains("secret"));
}

#[test]
fn a_job_of_a_build_system_says_who_builds() {
    let bench = bench();
    let github = [
        ("GITHUB_ACTIONS", "true"),
        ("RUNNER_ENVIRONMENT", "github-hosted"),
        ("GITHUB_SERVER_URL", "https://github.com"),
        ("GITHUB_REPOSITORY", "example/shop"),
        ("GITHUB_RUN_ID", "7"),
        ("GITHUB_RUN_ATTEMPT", "1"),
        ("GITHUB_REF", "refs/tags/v1"),
        (
            "GITHUB_WORKFLOW_REF",
            "example/shop/.github/workflows/release.yml@refs/tags/v1",
        ),
    ];
    let output = ["--key", "release.key", "--output", "dist/*.txt"];
    let built = build(&bench, &github, &[&output[..], &MAKE].concat());
    assert_eq!(built.code, 0, "{built:?}");
    let said = predicate(&bench, "dist/shop.txt.provenance.sigstore.json");
    assert_eq!(
        said["runDetails"]["builder"]["id"],
        "https://github.com/actions/runner/github-hosted"
    );
    assert_eq!(
        said["runDetails"]["metadata"]["invocationId"],
        "https://github.com/example/shop/actions/runs/7/attempts/1"
    );
    let parameters = &said["buildDefinition"]["externalParameters"];
    assert_eq!(
        parameters["workflow"]["path"],
        ".github/workflows/release.yml"
    );
    assert_eq!(
        parameters["source"]["uri"],
        "git+https://github.com/example/shop"
    );
}

#[test]
fn a_gate_takes_a_build_only_as_the_policy_says() {
    let bench = bench();
    let output = ["--key", "release.key", "--output", "dist/*.txt"];
    let built = build(&bench, &[], &[&output[..], &MAKE].concat());
    assert_eq!(built.code, 0, "{built:?}");
    let policy = |change: (&str, &str)| {
        let text = "policy: 1\ntitle: t\n\
            signers: [{name: release, key-file: release.pub}]\n\
            builds:\n  - builder: urn:linchpin:builder:local\n    level: 1\n    \
            build-types: ['urn:linchpin:build:command:v1']\n    \
            sources: ['https://example.com/o/shop']\n    refs: [refs/heads/main]\n    \
            parameters: {'command.*': '*', 'outputs.*': dist/*}\n\
            rules:\n  - id: built\n    title: It was built as it should be\n    \
            require: provenance.exists(p, p.level == 1)\n    message: it was not\n    fix: build it\n";
        assert!(text.contains(change.0), "{change:?}");
        bench.write("policy.yaml", text.replace(change.0, change.1).as_bytes());
        bench.run(&[
            "gate",
            "dist/shop.txt",
            "--policy",
            "policy.yaml",
            "--sign-key",
            "release.key",
        ])
    };
    let passed = policy(("t\n", "t\n"));
    assert_eq!(passed.code, 0, "{passed:?}");
    let verdict: Value =
        serde_json::from_slice(&bench.read("dist/shop.txt.vsa.sigstore.json")).unwrap();
    let payload = STANDARD
        .decode(verdict["dsseEnvelope"]["payload"].as_str().unwrap())
        .unwrap();
    let verdict: Value = serde_json::from_slice(&payload).unwrap();
    assert_eq!(
        verdict["predicate"]["verifiedLevels"][0],
        "SLSA_BUILD_LEVEL_1"
    );
    for (change, why) in [
        (
            ("builder:local", "builder:other"),
            "is none that the policy takes",
        ),
        (("command:v1", "command:v2"), "is not allowed"),
        (("o/shop", "o/bank"), "it was built from"),
        (("heads/main", "heads/next"), "it was built of"),
        (("'command.*': '*', ", ""), "the parameter"),
        (("dist/*}", "out/*}"), "the parameter"),
        (
            (
                "level: 1\n    build",
                "level: 1\n    signers: []\n    build",
            ),
            "may not speak",
        ),
    ] {
        let denied = policy(change);
        assert_eq!(denied.code, 1, "{change:?}: {denied:?}");
        let said = denied.stdout.replace("\n        ", " ");
        assert!(said.contains(why), "{change:?}: {said}");
    }
}

#[test]
fn what_is_no_build_is_not_recorded() {
    let bench = bench();
    let code = |arguments: &[&str], says: &str| {
        let outcome = build(&bench, &[], arguments);
        assert!(outcome.stderr.contains(says), "{says}: {outcome:?}");
        outcome.code
    };
    assert_eq!(
        code(
            &["--output", "x", "--", "sh", "-c", "exit 3"],
            "exit code 3, and nothing is recorded"
        ),
        9
    );
    assert_eq!(
        code(
            &["--output", "x", "--", "no-such-program"],
            "failed to run `no-such-program`"
        ),
        9
    );
    assert_eq!(
        code(&["--output", "x", "--", "true"], "no file matches `x`"),
        3
    );
    assert_eq!(
        code(
            &["--output", "../x", "--", "true"],
            "leads out of this folder"
        ),
        2
    );
    assert_eq!(code(&["--output", "app.tar"], "required"), 2);
    let secret = format!("KEY=AKIA{}", "2345672345672345");
    assert_eq!(
        code(
            &["--output", "x", "--", "make", &secret],
            "looks like a secret"
        ),
        2
    );
    assert_eq!(
        code(
            &["--output", "app.tar", "--builder", "me", "--", "true"],
            "it is a URI"
        ),
        2
    );
    // A work tree that differs, where a clean one is asked for.
    bench.write("new.txt", b"new");
    assert_eq!(
        code(
            &["--clean", "--output", "app.tar", "--", "true"],
            "differs from its commit in new.txt"
        ),
        6
    );
    // What was there before is said.
    let outcome = build(&bench, &[], &["--output", "app.tar", "--", "true"]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    assert!(
        outcome
            .stderr
            .contains("note: app.tar was there before, and the build has not changed it")
    );
    assert!(outcome.stderr.contains("without a signature"));
    let said: Value = serde_json::from_slice(&bench.read("app.tar.provenance.json")).unwrap();
    let tree = &said["predicate"]["buildDefinition"]["internalParameters"]["workTree"];
    assert_eq!(tree["clean"], false);
    assert_eq!(tree["changed"][0], "new.txt");
}
