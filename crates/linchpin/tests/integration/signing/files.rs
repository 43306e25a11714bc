//! Files: signed, said something of, and verified.

use std::fs;

use serde_json::{Value, json};

use super::Bench;

#[test]
fn a_file_is_signed_and_verified() {
    let bench = Bench::new();
    let signed = bench.succeeds(&["sign", "app.tar", "--key", "release.key"]);
    assert_eq!(signed.stdout, "");
    assert!(
        signed
            .stderr
            .starts_with("wrote app.tar.sigstore.json: a signature about sha256:")
    );
    let verify = ["verify", "app.tar", "--key", "release.pub"];
    let verified = bench.succeeds(&verify);
    assert_eq!(verified.stderr, "");
    let lines: Vec<&str> = verified.stdout.lines().collect();
    assert_eq!(lines[0], "verified app.tar");
    assert!(lines[1].starts_with("  digest     sha256:"), "{lines:?}");
    assert!(
        lines[2].starts_with("  signed by  the Ed25519 key "),
        "{lines:?}"
    );
    assert_eq!(
        &lines[3..],
        [
            "  what       a signature",
            "  when       unknown: a key alone tells no time"
        ]
    );
    let json = bench
        .succeeds(&[&verify[..], &["-f", "json"]].concat())
        .json();
    assert_eq!(json["verified"], true);
    assert_eq!(json["predicateType"], "https://sigstore.dev/cosign/sign/v1");
    assert_eq!(
        (&json["logged"], &json["times"]),
        (&json!(false), &json!([]))
    );
    // By its digest alone, too.
    let digest = json["digest"].as_str().unwrap();
    let by_digest = [
        "verify",
        digest,
        "--bundle",
        "app.tar.sigstore.json",
        "--key",
        "release.pub",
    ];
    bench.succeeds(&by_digest);
    bench.fails(
        7,
        &["verify", digest, "--key", "release.pub"],
        "name it with `--bundle`",
    );

    // A bundle is not replaced by accident.
    let sign = ["sign", "app.tar", "--key", "release.key"];
    bench.fails(5, &sign, "`--force` replaces it");
    bench.succeeds(&[&sign[..], &["--force"]].concat());

    bench.write("app.tar", b"another application\n");
    bench.fails(1, &verify, "the bundle is about another artifact");
    let refused = bench.run(&[&verify[..], &["-f", "json"]].concat());
    assert_eq!((refused.code, refused.stderr.as_str()), (1, ""));
    assert_eq!(refused.json()["verified"], false);
    assert_eq!(refused.json()["reason"], "another-artifact");
}

#[test]
fn what_is_said_of_a_file_is_verified_by_its_type() {
    let bench = Bench::new();
    bench.write(
        "sbom.json",
        br#"{"bomFormat": "CycloneDX", "specVersion": "1.6"}"#,
    );
    let attest = [
        "attest",
        "app.tar",
        "--key",
        "release.key",
        "--predicate",
        "sbom.json",
    ];
    let typed = [&attest[..], &["--type", "cyclonedx"]].concat();
    bench.succeeds(&typed);
    let verify = ["verify", "app.tar", "--key", "release.pub"];
    let verified = bench.succeeds(&[&verify[..], &["--type", "cyclonedx"]].concat());
    assert!(
        verified
            .stdout
            .contains("a statement of the type cyclonedx"),
        "{verified:?}"
    );
    let by_uri = [&verify[..], &["--type", "https://cyclonedx.org/bom"]].concat();
    bench.succeeds(&by_uri);
    // It is no signature, and no other statement.
    let bundle = ["--bundle", "app.tar.cyclonedx.sigstore.json"];
    bench.fails(
        1,
        &[&verify[..], &bundle].concat(),
        "`--type cyclonedx` asks for such",
    );
    let vulns = [&verify[..], &bundle, &["--type", "vulns"]].concat();
    bench.fails(
        1,
        &vulns,
        "the statement is of the type https://cyclonedx.org/bom",
    );
    bench.fails(7, &verify, "there is no `app.tar.sigstore.json`");

    let own = [&attest[..], &["--type", "https://example.org/review/v1"]].concat();
    bench.fails(2, &own, "name a file with `--output`");
    bench.succeeds(&[&own[..], &["-o", "review.json"]].concat());
    bench.fails(
        2,
        &[&attest[..], &["--type", "opinion"]].concat(),
        "invalid value 'opinion'",
    );
    bench.write("list.json", b"[]");
    let list = [
        "attest",
        "app.tar",
        "--key",
        "release.key",
        "--predicate",
        "list.json",
    ];
    bench.fails(
        7,
        &[&list[..], &["--type", "vulns"]].concat(),
        "is no JSON object",
    );
}

#[test]
fn others_can_not_pass_for_the_signer() {
    let bench = Bench::new();
    bench.succeeds(&["keygen", "other"]);
    bench.succeeds(&["sign", "app.tar", "--key", "other.key"]);
    let verify = ["verify", "app.tar", "--key", "release.pub"];
    bench.fails(1, &verify, "the bundle names the key");
    let mut document: Value = serde_json::from_slice(&bench.read("app.tar.sigstore.json")).unwrap();
    document["verificationMaterial"]["publicKey"]["hint"] = "".into();
    bench.write(
        "app.tar.sigstore.json",
        &serde_json::to_vec(&document).unwrap(),
    );
    bench.fails(1, &verify, "the signature does not hold");
    bench.write("app.tar.sigstore.json", b"{");
    bench.fails(1, &verify, "it can not be read as a Sigstore bundle");
    let identity = [
        "--certificate-identity",
        "a",
        "--certificate-oidc-issuer",
        "b",
    ];
    bench.succeeds(&["sign", "app.tar", "--key", "other.key", "--force"]);
    bench.fails(
        1,
        &[&["verify", "app.tar"][..], &identity].concat(),
        "the bundle was made with a key, and an identity was given",
    );
}

#[test]
fn what_can_not_be_told_is_neither_yes_nor_no() {
    let bench = Bench::new();
    bench.succeeds(&["sign", "app.tar", "--key", "release.key"]);
    bench.fails(
        2,
        &["verify", "app.tar"],
        "nothing says who must have signed",
    );
    let half = ["verify", "app.tar", "--certificate-identity", "a"];
    bench.fails(
        2,
        &half,
        "an identity means something only with who vouches for it",
    );
    let both = [
        "verify",
        "app.tar",
        "--key",
        "release.pub",
        "--certificate-identity",
        "a",
    ];
    bench.fails(2, &both, "cannot be used with");
    let pattern = [
        "verify",
        "app.tar",
        "--certificate-identity-regexp",
        "(",
        "--certificate-oidc-issuer",
        "b",
    ];
    bench.fails(2, &pattern, "is no regular expression");
    bench.fails(
        7,
        &["verify", "app.tar", "--key", "missing.pub"],
        "missing.pub",
    );
    let private = ["verify", "app.tar", "--key", "release.key"];
    bench.fails(
        7,
        &private,
        "the file holds a private key, and a public one is wanted",
    );
    bench.fails(
        7,
        &["sign", "app.tar", "--key", "release.pub", "-o", "x"],
        "a private one is wanted",
    );
    bench.fails(3, &["verify", "missing", "--key", "release.pub"], "missing");
    fs::create_dir(bench.path().join("folder")).unwrap();
    bench.fails(
        3,
        &["sign", "folder", "--key", "release.key"],
        "a folder has no digest",
    );
    bench.write("root.json", b"{}");
    let root = [
        "verify",
        "app.tar",
        "--key",
        "release.pub",
        "--trusted-root",
        "root.json",
    ];
    bench.fails(7, &root, "it can not be read as a trusted root");
}
