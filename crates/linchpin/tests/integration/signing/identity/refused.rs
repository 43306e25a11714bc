//! Tokens that are of no use, and services that give what does not hold: nothing is written.

use serde_json::json;

use super::{SIGN, Signing, WITH, token};

#[test]
fn a_token_that_is_of_no_use_is_told_before_anybody_is_asked() {
    let Some(signing) = Signing::here() else {
        return;
    };
    let bench = &signing.bench;
    // Nobody listens at these addresses, which nobody finds out.
    let nowhere = [
        "--fulcio-url",
        "http://127.0.0.1:1",
        "--rekor-url",
        "http://127.0.0.1:1",
    ];
    let sign = [&SIGN[..], &nowhere].concat();
    for (claims, says) in [
        (
            json!({"exp": 1_600_000_000}),
            "it expired at 2020-09-13T12:26:40Z",
        ),
        (
            json!({"aud": "sts.example"}),
            "it is for `sts.example`, and the authority wants one for `sigstore`",
        ),
        (
            json!({"email_verified": false}),
            "has not verified the address `me@example.org`",
        ),
    ] {
        bench.write("token", token(&claims).as_bytes());
        bench.fails(7, &sign, says);
        let secret = token(&claims);
        let told = signing.run_in(&[("SIGSTORE_ID_TOKEN", &secret)], &["sign", "app.tar"]);
        assert_eq!(told.code, 7);
        assert!(
            told.stderr
                .contains("the token of identity from SIGSTORE_ID_TOKEN"),
            "{told:?}"
        );
        assert!(!told.stderr.contains("eyJ"), "{told:?}");
    }
    bench.write("token", b"-----BEGIN PRIVATE KEY-----");
    bench.fails(7, &sign, "it is no token of identity");
    bench.write("token", &vec![b'a'; 1 << 20]);
    bench.fails(7, &sign, "it has more than 64 KiB");
    bench.fails(
        7,
        &["sign", "app.tar", "--identity-token", "missing"],
        "from `missing`",
    );
    bench.fails(
        2,
        &["sign", "app.tar"],
        "neither a key nor a token of identity",
    );
    bench.fails(
        2,
        &[
            "sign",
            "app.tar",
            "--key",
            "release.key",
            "--identity-token",
            "token",
        ],
        "cannot be used with",
    );
    bench.write("token", token(&json!({})).as_bytes());
    bench.fails(
        7,
        &[&sign[..], &["--offline"]].concat(),
        "the network is not to be used",
    );
    assert!(!bench.path().join("app.tar.sigstore.json").exists());
}

#[test]
fn nothing_is_written_of_what_does_not_hold() {
    let Some(signing) = Signing::here() else {
        return;
    };
    let bench = &signing.bench;
    for (authority, log, says) in [
        (
            "another-key",
            "good",
            "its certificate is for another key than the one that was sent",
        ),
        (
            "no-promise",
            "good",
            "no log of certificates in the trusted root vouches for the certificate",
        ),
        (
            "repeating",
            "good",
            "answers with status 400: There was an error processing the identity token (secret)",
        ),
        (
            "good",
            "another-entry",
            "the log's entry is about another signature",
        ),
        (
            "good",
            "wrong-proof",
            "the proof does not show that the log holds the signature",
        ),
        (
            "good",
            "another-checkpoint",
            "the log's signed checkpoint does not hold",
        ),
        (
            "good",
            "nonsense",
            "the answer of the transparency log `http://127.0.0.1:",
        ),
        ("good", "endless", "its answer has more than 4194304 bytes"),
    ] {
        signing.configure("wrong.json", authority, log, 1);
        let with = [
            "--signing-config",
            "wrong.json",
            "--trusted-root",
            "root.json",
        ];
        bench.fails(7, &[&SIGN[..], &with].concat(), says);
    }
    // Services that go with another root.
    bench.fails(
        7,
        &[&SIGN[..], &WITH[..2]].concat(),
        "`--trusted-root` names the root",
    );
    bench.write("wrong.json", b"{}");
    bench.fails(
        7,
        &[&SIGN[..], &["--signing-config", "wrong.json"]].concat(),
        "wrong.json",
    );
    bench.fails(
        7,
        &[&SIGN[..], &["--signing-config", "root.json"]].concat(),
        "it goes to `--trusted-root`",
    );
    assert!(!bench.path().join("app.tar.sigstore.json").exists());
}
