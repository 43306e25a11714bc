//! Signing by a token of identity, and witnesses of a key's signature, with the services of
//! Sigstore that the tests of the room `remote` run on this machine.

#![expect(
    clippy::disallowed_methods,
    reason = "tests run reference tools, and tell the program its surroundings"
)]

mod refused;
mod signed;

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
