//! What comes of services that behave: signatures and statements by tokens from every place, and
//! witnesses of the signature of a key.

use serde_json::json;

use super::{SIGN, Signing, VERIFY, WITH, token};

#[test]
fn a_file_is_signed_without_a_key() {
    let Some(signing) = Signing::here() else {
        return;
    };
    let bench = &signing.bench;
    signing.configure("tiles.json", "good", "good", 2);
    for services in ["services.json", "tiles.json"] {
        let with = [
            "--signing-config",
            services,
            "--trusted-root",
            "root.json",
            "--force",
        ];
        let signed = bench.succeeds(&[&SIGN[..], &with].concat());
        assert_eq!(signed.stdout, "");
        assert!(
            signed.stderr.contains(
                ", signed as me@example.org, for whom https://issuer.example vouches, in a transparency log, at 20"
            ),
            "{signed:?}"
        );
        let verified = bench.succeeds(&VERIFY);
        let when = verified.stdout.lines().last().unwrap();
        assert!(
            when.ends_with(", in a transparency log and by a timestamp authority"),
            "{verified:?}"
        );
        let json = bench
            .succeeds(
                &[
                    &VERIFY[..],
                    &["-f", "json", "--require-timestamp", "--require-log"],
                ]
                .concat(),
            )
            .json();
        assert_eq!(
            (
                &json["logged"],
                &json["stamped"],
                &json["signer"]["identity"]
            ),
            (&json!(true), &json!(true), &json!("me@example.org"))
        );
    }
    // Nobody vouches for others, and Sigstore's public instance for nothing of this.
    let mut other = VERIFY;
    other[3] = "you@example.org";
    bench.fails(
        1,
        &other,
        "the signer is `me@example.org`, and `you@example.org` is expected",
    );
    bench.fails(1, &VERIFY[..6], "a signed timestamp does not hold");
}

#[test]
fn what_is_said_and_what_is_found_is_signed_without_a_key_too() {
    let Some(signing) = Signing::here() else {
        return;
    };
    let bench = &signing.bench;
    bench.write(
        "package-lock.json",
        br#"{"lockfileVersion": 3, "packages": {}}"#,
    );
    bench.write("sbom.json", br#"{"bomFormat": "CycloneDX"}"#);
    let surroundings = [("SIGSTORE_ID_TOKEN", token(&json!({})))];
    let surroundings = surroundings
        .each_ref()
        .map(|(name, token)| (*name, token.as_str()));
    for (arguments, word) in [
        (
            &[
                "attest",
                "package-lock.json",
                "--type",
                "cyclonedx",
                "--predicate",
                "sbom.json",
            ][..],
            "cyclonedx",
        ),
        (&["scan", "package-lock.json", "--attest"], "vulns"),
        (
            &[
                "sbom",
                "package-lock.json",
                "-f",
                "csv=list.csv",
                "--attest",
                "--bundle",
                "own.json",
            ],
            "cyclonedx",
        ),
    ] {
        let signed = signing.run_in(&surroundings, &[arguments, &WITH].concat());
        assert_eq!(signed.code, 0, "{signed:?}");
        assert!(
            signed.stderr.contains("signed as me@example.org"),
            "{signed:?}"
        );
        let mut verify = VERIFY;
        verify[1] = "package-lock.json";
        bench.succeeds(&[&verify[..], &["--type", word]].concat());
    }
    let without = [
        "scan",
        "package-lock.json",
        "--signing-config",
        "services.json",
    ];
    bench.fails(
        2,
        &without,
        "`--signing-config` means something only with `--attest`",
    );
}

#[test]
fn a_job_gets_its_token_from_the_system_that_runs_it() {
    let Some(signing) = Signing::here() else {
        return;
    };
    let text = token(
        &json!({"email": null, "sub": "job", "job_workflow_ref": "shop/app/release.yml@main"}),
    );
    let address = &signing.running.address;
    for system in ["github", "buildkite"] {
        ureq::put(format!("{address}/{system}"))
            .send(&text)
            .unwrap();
    }
    let github = format!("{address}/github/token?api-version=2.0");
    let buildkite = format!("{address}/buildkite");
    let systems: [&[(&str, &str)]; 4] = [
        &[
            ("ACTIONS_ID_TOKEN_REQUEST_URL", &github),
            ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "job-secret"),
        ],
        &[
            ("BUILDKITE_AGENT_ENDPOINT", &buildkite),
            ("BUILDKITE_JOB_ID", "job-1"),
            ("BUILDKITE_AGENT_ACCESS_TOKEN", "job-secret"),
        ],
        &[("SIGSTORE_ID_TOKEN", &text)],
        &[("CIRCLE_OIDC_TOKEN_V2", &text)],
    ];
    for surroundings in systems {
        let arguments = [&["sign", "app.tar", "--force"][..], &WITH].concat();
        let signed = signing.run_in(surroundings, &arguments);
        assert_eq!(signed.code, 0, "{surroundings:?}: {signed:?}");
        let name = "signed as https://forge.example/shop/app/release.yml@main, ";
        assert!(signed.stderr.contains(name), "{signed:?}");
    }
    let refused = signing.run_in(
        &[
            ("ACTIONS_ID_TOKEN_REQUEST_URL", &github),
            ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "another"),
        ],
        &[&["sign", "app.tar", "--force"][..], &WITH].concat(),
    );
    assert_eq!(refused.code, 7, "{refused:?}");
    assert!(
        refused
            .stderr
            .contains("failed to get a token of identity from GitHub Actions at `http://127.0.0.1")
            && refused
                .stderr
                .contains("it answers with status 403: who are you"),
        "{refused:?}"
    );
    assert!(!refused.stderr.contains("api-version"), "{refused:?}");
}

#[test]
fn a_log_and_a_timestamp_authority_are_asked_for_and_demanded_of_a_key() {
    let Some(signing) = Signing::here() else {
        return;
    };
    let bench = &signing.bench;
    let verify = [
        "verify",
        "app.tar",
        "--key",
        "release.pub",
        "--trusted-root",
        "root.json",
    ];
    let log = [&verify[..], &["--require-log"]].concat();
    let stamp = [&verify[..], &["--require-timestamp"]].concat();
    let sign = ["sign", "app.tar", "--key", "release.key", "--force"];
    bench.fails(
        2,
        &[&sign[..], &WITH].concat(),
        "`--signing-config` means something only if a service is asked",
    );
    bench.succeeds(&sign);
    bench.fails(1, &log, "lacks an entry of a transparency log");
    bench.fails(1, &stamp, "--with-timestamp` makes a bundle with it");
    let refused = bench.run(&[&log[..], &["-f", "json"]].concat()).json();
    assert_eq!(refused["reason"], "witness-missing");

    let signed = bench.succeeds(&[&sign[..], &WITH, &["--with-log"]].concat());
    assert!(
        signed.stderr.contains(", in a transparency log, at 20"),
        "{signed:?}"
    );
    bench.succeeds(&log);
    bench.fails(1, &stamp, "lacks a stamp of a timestamp authority");
    bench.succeeds(&[&sign[..], &WITH, &["--with-timestamp"]].concat());
    bench.fails(1, &log, "lacks an entry of a transparency log");
    let stamped = bench.succeeds(&stamp);
    assert!(
        stamped.stdout.ends_with(", by a timestamp authority\n"),
        "{stamped:?}"
    );
    // Who names a service wants it, and no other.
    let rekor = format!("{}/good", signing.running.address);
    let stamps = format!("{rekor}/timestamp");
    let named = [
        "--rekor-url",
        &rekor,
        "--timestamp-url",
        &stamps,
        "--trusted-root",
        "root.json",
    ];
    bench.succeeds(&[&sign[..], &named].concat());
    bench.succeeds(&[&log[..], &["--require-timestamp"]].concat());
    let half = [&sign[..], &named[..2], &named[4..], &["--with-timestamp"]].concat();
    bench.fails(2, &half, "name it with `--timestamp-url`");
}

#[test]
fn services_are_asked_over_encrypted_connections_that_are_believed() {
    let Some(signing) = Signing::here() else {
        return;
    };
    let encrypted = format!("{}/good", signing.running.encrypted);
    let stamps = format!("{encrypted}/timestamp");
    let named = [
        "--fulcio-url",
        &encrypted,
        "--rekor-url",
        &encrypted,
        "--timestamp-url",
        &stamps,
        "--trusted-root",
        "root.json",
    ];
    let sign = [&SIGN[..], &named, &["--force"]].concat();
    let believed = signing.running.folder.path().join("server.pem");
    let believed = believed.to_str().unwrap();
    let unknown = signing.run_in(&[], &sign);
    assert_eq!(unknown.code, 7, "{unknown:?}");
    assert!(
        unknown.stderr.contains("it can not be reached"),
        "{unknown:?}"
    );
    let signed = signing.run_in(&[("SSL_CERT_FILE", believed)], &sign);
    assert_eq!(signed.code, 0, "{signed:?}");
    signing.bench.succeeds(&VERIFY);
    let missing = signing.run_in(&[("SSL_CERT_FILE", "missing.pem")], &sign);
    assert!(missing.stderr.contains("missing.pem"), "{missing:?}");
}
