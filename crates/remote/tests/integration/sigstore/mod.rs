//! The services of Sigstore: a small one runs on this machine (`services.py`), gives what the real
//! one gives, and misbehaves where its address says so.

#![expect(
    clippy::disallowed_methods,
    reason = "tests run reference tools, and are told by the environment where they are"
)]

mod misbehaving;
mod signing;
mod sigstore_python;
mod tokens;

use std::ffi::OsString;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{LazyLock, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use linchpin_model::Timestamp;
use linchpin_remote::{CertificateFiles, Patience, SigstoreClient, SigstoreSettings};
use linchpin_trust::{
    Artifact, Expectation, ExpectedSigner, ExpectedType, IdentityPattern, IdentityToken, Service,
    ServiceKind, SigningServices, Statement, TextPattern, TrustedRoot,
};
use serde_json::{Value, json};

/// The Python that has the modules to compare with.
fn python() -> OsString {
    std::env::var_os("LINCHPIN_PYTHON").unwrap_or_else(|| "python3".into())
}

/// Whether Python has a module.
fn has_module(module: &str) -> bool {
    let import = format!("import {module}");
    let what = format!("the module {module} of Python");
    available(Command::new(python()).args(["-c", &import]), &what)
}

/// Whether a command works. One that does not is said, and is a failure where nothing may be
/// skipped.
#[expect(clippy::print_stderr, reason = "a test says what it skips")]
fn available(command: &mut Command, what: &str) -> bool {
    let there = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !there {
        assert!(
            std::env::var_os("LINCHPIN_REQUIRE_TOOLS").is_none(),
            "{what} is not here, and nothing may be skipped"
        );
        eprintln!("skipped: {what} is not here");
    }
    there
}

/// The services while they run. They end when their standard input does: with this process.
struct Running {
    _child: Mutex<Child>,
    folder: tempfile::TempDir,
    address: String,
}

static RUNNING: LazyLock<Option<Running>> = LazyLock::new(|| {
    let has_openssl = available(Command::new("openssl").arg("version"), "openssl");
    (has_openssl && has_module("cryptography")).then(|| {
        let folder = tempfile::tempdir().unwrap();
        let script = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/integration/sigstore/services.py"
        );
        let mut child = Command::new(python())
            .arg(script)
            .arg(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut ports = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut ports)
            .unwrap();
        let (port, _encrypted) = ports.split_once(' ').unwrap();
        Running {
            _child: Mutex::new(child),
            folder,
            address: format!("http://127.0.0.1:{port}"),
        }
    })
});

/// The services, a client of theirs, and what it believes.
struct Sigstore {
    running: &'static Running,
    client: SigstoreClient,
    root: TrustedRoot,
}

impl Sigstore {
    /// Nothing where Python can not run them.
    fn here() -> Option<Self> {
        let running = RUNNING.as_ref()?;
        let root = std::fs::read(running.folder.path().join("trusted_root.json")).unwrap();
        Some(Self {
            running,
            client: client(false),
            root: TrustedRoot::read(&root).unwrap(),
        })
    }

    /// A service that behaves so.
    fn service(&self, kind: ServiceKind, how: &str) -> Service {
        let path = if kind == ServiceKind::TimestampAuthority {
            "/timestamp"
        } else {
            ""
        };
        Service {
            kind,
            address: format!("{}/{how}{path}", self.running.address),
        }
    }

    /// An authority, and those witnesses that are named, all of which behave.
    fn services(&self, witnesses: &[ServiceKind]) -> SigningServices {
        let mut services = SigningServices {
            authority: Some(self.service(ServiceKind::CertificateAuthority, "good")),
            logs: Vec::new(),
            timestamp_authorities: Vec::new(),
        };
        for kind in witnesses {
            let service = self.service(*kind, "good");
            match kind {
                ServiceKind::TimestampAuthority => services.timestamp_authorities.push(service),
                _ => services.logs.push(service),
            }
        }
        services
    }

    /// Has a provider give this token from now on.
    fn provide(&self, provider: &str, token: &str) {
        let address = format!("{}/{provider}", self.running.address);
        ureq::put(&address).send(token).unwrap();
    }
}

/// A client that does not wait long.
fn client(offline: bool) -> SigstoreClient {
    SigstoreClient::new(&SigstoreSettings {
        offline,
        ..settings()
    })
}

fn settings() -> SigstoreSettings {
    SigstoreSettings {
        version: "0".to_owned(),
        offline: false,
        certificates: CertificateFiles::default(),
        patience: Patience {
            connect: Duration::from_secs(5),
            response: Duration::from_secs(5),
            silence: Duration::from_secs(5),
            tries: 2,
            pause: Duration::from_millis(10),
            ..Patience::default()
        },
    }
}

const ISSUER: &str = "https://issuer.example";
const WORKFLOW: &str = "shop/app/.github/workflows/release.yml@refs/heads/main";

/// A token with these claims beside those that every token has.
fn token_text(claims: &Value) -> String {
    let mut all = json!({
        "iss": ISSUER,
        "aud": "sigstore",
        "exp": Timestamp::now().as_second() + 300,
    });
    for (name, value) in claims.as_object().unwrap() {
        all[name] = value.clone();
    }
    let parts = [json!({"alg": "RS256"}).to_string(), all.to_string()];
    let [head, body] = parts.map(|part| URL_SAFE_NO_PAD.encode(part));
    format!("{head}.{body}.c2lnbmF0dXJl")
}

/// The token of a person.
fn person() -> IdentityToken {
    let claims = json!({"sub": "1", "email": "me@example.org", "email_verified": true});
    IdentityToken::read(&token_text(&claims)).unwrap()
}

/// The token of a workflow.
fn workflow() -> IdentityToken {
    let claims = json!({"sub": "repo:shop/app:ref:refs/heads/main", "job_workflow_ref": WORKFLOW});
    IdentityToken::read(&token_text(&claims)).unwrap()
}

fn artifact() -> Artifact {
    Artifact::read(&mut &b"an artifact\n"[..], &[]).unwrap()
}

/// A signature of the artifact, before it is signed.
fn statement() -> Statement {
    let subject = artifact().subject(Some("artifact".to_owned()));
    Statement::new(vec![subject], "signature".parse().unwrap(), b"{}").unwrap()
}

/// That exactly this identity signed the artifact.
fn expectation(identity: &str) -> Expectation {
    Expectation {
        signer: ExpectedSigner::Identity(IdentityPattern {
            identity: TextPattern::Exact(identity.to_owned()),
            issuer: TextPattern::Exact(ISSUER.to_owned()),
        }),
        predicate_type: ExpectedType::Signature,
        witnesses: Vec::new(),
    }
}
