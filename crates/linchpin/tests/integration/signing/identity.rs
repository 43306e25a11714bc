//! Signing by a token of identity, and witnesses of a key's signature, with the services of
//! Sigstore that the tests of the room `remote` run on this machine.

#![expect(
    clippy::disallowed_methods,
    reason = "tests run reference tools, and tell the program its surroundings"
)]

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{LazyLock, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::Bench;
use crate::program::{Outcome, available, outcome, program, repository, variable};

/// The services while they run: they end when this process does, and with it their standard input.
struct Running {
    _child: Mutex<Child>,
    folder: tempfile::TempDir,
    address: String,
    /// The same services over an encrypted connection, by a certificate in the folder.
    encrypted: String,
}

static RUNNING: LazyLock<Option<Running>> = LazyLock::new(|| {
    let python = variable("LINCHPIN_PYTHON").unwrap_or_else(|| "python3".to_owned());
    let works = |command: &mut Command| {
        let command = command.stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    let modules = works(Command::new(&python).args(["-c", "import cryptography"]));
    let openssl = works(Command::new("openssl").arg("version"));
    let there =
        available(modules, "the module cryptography of Python") && available(openssl, "openssl");
    there.then(|| {
        let folder = tempfile::tempdir().unwrap();
        let script = "crates/remote/tests/integration/sigstore/services.py";
        let mut child = Command::new(python)
            .arg(repository().join(script))
            .arg(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut ports = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut ports)
            .unwrap();
        let (port, encrypted) = ports.trim().split_once(' ').unwrap();
        Running {
            _child: Mutex::new(child),
            folder,
            address: format!("http://127.0.0.1:{port}"),
            encrypted: format!("https://localhost:{encrypted}"),
        }
    })
});

const ISSUER: &str = "https://issuer.example";

/// A token of identity with these claims beside those that every token has.
fn token(claims: &Value) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let mut all = json!({
        "iss": ISSUER,
        "sub": "1",
        "aud": "sigstore",
        "exp": now.as_secs() + 300,
        "email": "me@example.org",
        "email_verified": true,
    });
    for (name, value) in claims.as_object().unwrap() {
        all[name] = value.clone();
    }
    format!(
        "eyJhbGciOiJSUzI1NiJ9.{}.c2ln",
        URL_SAFE_NO_PAD.encode(all.to_string())
    )
}

/// A folder with an artifact, a key, the trusted root, a token and a signing configuration.
struct Signing {
    bench: Bench,
    running: &'static Running,
}

impl Signing {
    fn here() -> Option<Self> {
        let running = RUNNING.as_ref()?;
        let bench = Bench::new();
        let root = std::fs::read(running.folder.path().join("trusted_root.json")).unwrap();
        bench.write("root.json", &root);
        bench.write("token", token(&json!({})).as_bytes());
        let signing = Self { bench, running };
        signing.configure("services.json", "good", "good", 1);
        Some(signing)
    }

    /// Writes a signing configuration with an authority and a log that behave so.
    fn configure(&self, name: &str, authority: &str, log: &str, version: u32) {
        let service = |path: &str, version| {
            json!([{
                "url": format!("{}/{path}", self.running.address),
                "majorApiVersion": version,
                "validFor": {"start": "2020-01-01T00:00:00Z"},
                "operator": "sigstore.example",
            }])
        };
        let configuration = json!({
            "mediaType": "application/vnd.dev.sigstore.signingconfig.v0.2+json",
            "caUrls": service(authority, 1),
            "rekorTlogUrls": service(log, version),
            "tsaUrls": service("good/timestamp", 1),
            "rekorTlogConfig": {"selector": "ANY"},
            "tsaConfig": {"selector": "ANY"},
        });
        self.bench.write(name, configuration.to_string().as_bytes());
    }

    /// Runs the program in surroundings.
    fn run_in(&self, surroundings: &[(&str, &str)], arguments: &[&str]) -> Outcome {
        let mut command = program(arguments);
        command.current_dir(self.bench.path());
        command.env("LINCHPIN_PASSPHRASE", "a passphrase");
        for (name, value) in surroundings {
            command.env(name, value);
        }
        outcome(&mut command)
    }
}

/// The services of the configuration, believed by their root.
const WITH: [&str; 4] = [
    "--signing-config",
    "services.json",
    "--trusted-root",
    "root.json",
];

const SIGN: [&str; 4] = ["sign", "app.tar", "--identity-token", "token"];

const VERIFY: [&str; 8] = [
    "verify",
    "app.tar",
    "--certificate-identity",
    "me@example.org",
    "--certificate-oidc-issuer",
    ISSUER,
    "--trusted-root",
    "root.json",
];

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
