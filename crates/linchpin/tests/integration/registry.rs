//! Images from a real registry, pushed there by skopeo: with and without credentials, encryption
//! and tokens. What is found is what the same image has as an OCI layout.

#![expect(
    clippy::disallowed_methods,
    reason = "tests run a registry and the tools that fill it"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::program::{Outcome, available, outcome, program};

/// The password that must never be seen.
pub(crate) const PASSWORD: &str = "open-sesame-4711";

pub(crate) fn is_there(tool: &str) -> bool {
    let there = Command::new(tool)
        .arg("--help")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok();
    available(there, tool)
}

pub(crate) fn tool(folder: &Path, program: &str, arguments: &[&str]) -> Vec<u8> {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{program} {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}

pub(crate) fn base64(content: &[u8]) -> String {
    let mut child = Command::new("openssl")
        .args(["base64", "-A"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(content).unwrap();
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()
}

/// A folder with an image in it, and a registry beside it.
pub(crate) struct Place {
    folder: tempfile::TempDir,
    pub(crate) authority: String,
    registry: Option<Child>,
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(registry) = &mut self.registry {
            let _ = registry.kill();
            let _ = registry.wait();
        }
    }
}

impl Place {
    /// Nothing where the tools are not here.
    pub(crate) fn new() -> Option<Self> {
        let tools = ["docker-registry", "skopeo", "umoci", "htpasswd", "openssl"];
        if !tools.into_iter().all(is_there) {
            return None;
        }
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let place = Self {
            folder: tempfile::tempdir().unwrap(),
            authority: format!("127.0.0.1:{port}"),
            registry: None,
        };
        place.make_image("latest", "amd64");
        Some(place)
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// An image of four layers: a system, a project, another one, and its deletion.
    pub(crate) fn make_image(&self, tag: &str, architecture: &str) {
        let work = self.path();
        let image = format!("image:{tag}");
        if !work.join("image").exists() {
            tool(work, "umoci", &["init", "--layout", "image"]);
        }
        tool(work, "umoci", &["new", "--image", &image]);
        let file = |name: &str, content: &str| std::fs::write(work.join(name), content).unwrap();
        file("os-release", "ID=debian\nVERSION_ID=\"12\"\n");
        file(
            "status",
            &format!(
                "Package: base-{architecture}\nStatus: install ok installed\nVersion: 1.0\nArchitecture: all\n\n"
            ),
        );
        file(
            "lock",
            r#"{"name":"app","version":"1.0.0","lockfileVersion":3,"packages":{"":{"name":"app","version":"1.0.0"},"node_modules/left-pad":{"version":"1.3.0"}}}"#,
        );
        for (from, to) in [
            ("os-release", "/usr/lib/os-release"),
            ("status", "/var/lib/dpkg/status"),
            ("lock", "/srv/app/package-lock.json"),
            ("lock", "/srv/old/package-lock.json"),
        ] {
            tool(work, "umoci", &["insert", "--image", &image, from, to]);
        }
        tool(
            work,
            "umoci",
            &["insert", "--image", &image, "--whiteout", "/srv/old"],
        );
        tool(
            work,
            "umoci",
            &["config", "--image", &image, "--architecture", architecture],
        );
    }

    /// Starts the registry with this added to its settings.
    pub(crate) fn start(&mut self, http: &str, more: &str) {
        let settings = format!(
            "version: 0.1\nlog: {{level: error}}\nstorage: {{filesystem: {{rootdirectory: {}}}}}\n\
             http:\n  addr: {}\n  secret: x\n{http}\n{more}\n",
            self.path().join("storage").display(),
            self.authority,
        );
        let file = self.path().join("registry.yml");
        std::fs::write(&file, settings).unwrap();
        let child = Command::new("docker-registry")
            .arg("serve")
            .arg(&file)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        self.registry = Some(child);
        let begun = Instant::now();
        while TcpStream::connect(&self.authority).is_err() {
            assert!(
                begun.elapsed() < Duration::from_secs(20),
                "the registry does not start"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub(crate) fn push(&self, from: &str, to: &str, arguments: &[&str]) {
        let to = format!("docker://{}/{to}", self.authority);
        let mut all = vec!["--insecure-policy", "copy", "-q"];
        all.extend(arguments);
        all.extend([from, &to]);
        tool(self.path(), "skopeo", &all);
    }

    /// The program, with nothing of this machine's settings.
    pub(crate) fn run(&self, arguments: &[&str], environment: &[(&str, &Path)]) -> Outcome {
        let mut command = program(arguments);
        for variable in [
            "DOCKER_CONFIG",
            "REGISTRY_AUTH_FILE",
            "SSL_CERT_FILE",
            "SSL_CERT_DIR",
            "XDG_RUNTIME_DIR",
        ] {
            command.env_remove(variable);
        }
        command
            .env("HOME", self.path().join("home"))
            .env("XDG_CONFIG_HOME", self.path().join("settings"))
            .env("CONTAINERS_REGISTRIES_CONF", "/nonexistent")
            .current_dir(self.path());
        for (name, value) in environment {
            command.env(name, value);
        }
        let outcome = outcome(&mut command);
        for secret in [PASSWORD, "Bearer ey"] {
            assert!(
                !outcome.stdout.contains(secret) && !outcome.stderr.contains(secret),
                "{outcome:?}"
            );
        }
        outcome
    }

    /// The packages of a target, and its digest.
    fn packages(&self, target: &str, environment: &[(&str, &Path)]) -> (Value, Value) {
        let outcome = self.run(&["sbom", "-q", target, "-f", "json"], environment);
        assert_eq!(outcome.code, 0, "{}", outcome.stderr);
        let mut json = outcome.json();
        (json["packages"].take(), json["target"]["digest"].take())
    }

    /// Checks that a target has what the layout has, digest included.
    fn compare(&self, target: &str, environment: &[(&str, &Path)]) {
        let here = self.packages("image:latest", &[]);
        assert!(here.0.as_array().unwrap().len() >= 3, "{here:?}");
        assert_eq!(self.packages(target, environment), here, "{target}");
    }

    /// Stores a document in the registry.
    pub(crate) fn put_manifest(&self, path: &str, kind: &str, content: &str) {
        let mut stream = TcpStream::connect(&self.authority).unwrap();
        write!(
            stream,
            "PUT /v2/{path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n{content}",
            content.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.contains("201 Created"), "{answer}");
    }
}

pub(crate) fn digest_of(layout: &Path, tag: &str) -> (String, u64) {
    let index: Value =
        serde_json::from_slice(&std::fs::read(layout.join("index.json")).unwrap()).unwrap();
    let manifest = index["manifests"]
        .as_array()
        .unwrap()
        .iter()
        .find(|manifest| manifest["annotations"]["org.opencontainers.image.ref.name"] == tag)
        .unwrap();
    (
        manifest["digest"].as_str().unwrap().to_owned(),
        manifest["size"].as_u64().unwrap(),
    )
}

#[test]
fn a_real_registry_gives_what_the_layout_has() {
    let Some(mut place) = Place::new() else {
        return;
    };
    place.start("", "");
    let plain = ["--dest-tls-verify=false"];
    place.push("oci:image:latest", "team/app:1", &plain);
    let name = format!("{}/team/app", place.authority);
    place.compare(&format!("{name}:1"), &[]);
    place.compare(&format!("registry:{name}:1"), &[]);
    place.compare(&format!("docker://{name}:1"), &[]);
    let (digest, size) = digest_of(&place.path().join("image"), "latest");
    place.compare(&format!("{name}@{digest}"), &[]);

    // As Docker writes it, and packed in another way: other digests, the same packages.
    let here = place.packages("image:latest", &[]).0;
    place.push(
        "oci:image:latest",
        "team/app:docker",
        &["--dest-tls-verify=false", "--format", "v2s2"],
    );
    assert_eq!(place.packages(&format!("{name}:docker"), &[]).0, here);
    place.push(
        "oci:image:latest",
        "team/app:zstd",
        &["--dest-tls-verify=false", "--dest-compress-format", "zstd"],
    );
    assert_eq!(place.packages(&format!("{name}:zstd"), &[]).0, here);

    // An index for two platforms.
    place.make_image("arm", "arm64");
    place.push("oci:image:arm", "team/app:arm", &plain);
    let (arm_digest, arm_size) = digest_of(&place.path().join("image"), "arm");
    let kind = "application/vnd.oci.image.index.v1+json";
    let entry = |digest: &str, size: u64, architecture: &str| {
        format!(
            r#"{{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{digest}","size":{size},"platform":{{"os":"linux","architecture":"{architecture}"}}}}"#
        )
    };
    let index = format!(
        r#"{{"schemaVersion":2,"mediaType":"{kind}","manifests":[{},{}]}}"#,
        entry(&arm_digest, arm_size, "arm64"),
        entry(&digest, size, "amd64"),
    );
    place.put_manifest("team/app/manifests/both", kind, &index);
    for (architecture, expected) in [("amd64", &digest), ("arm64", &arm_digest)] {
        let platform = format!("linux/{architecture}");
        let both = format!("{name}:both");
        let outcome = place.run(
            &["sbom", "-q", &both, "-f", "json", "--platform", &platform],
            &[],
        );
        let json = outcome.json();
        assert_eq!(json["target"]["digest"], expected.as_str(), "{outcome:?}");
        assert!(outcome.stdout.contains(&format!("base-{architecture}")));
    }
    let outcome = place.run(
        &["scan", &format!("{name}:both"), "--platform", "linux/s390x"],
        &[],
    );
    assert_eq!(outcome.code, 3);
    assert!(
        outcome
            .stderr
            .contains("there are: linux/amd64, linux/arm64"),
        "{}",
        outcome.stderr
    );

    // A mirror, from the settings and from the command line.
    let conf = place.path().join("registries.conf");
    std::fs::write(
        &conf,
        format!(
            "[[registry]]\nprefix = \"far.example\"\nlocation = \"{}\"\ninsecure = true\n",
            place.authority
        ),
    )
    .unwrap();
    let outcome = place.run(
        &["sbom", "-q", "far.example/team/app:1", "-f", "json"],
        &[("CONTAINERS_REGISTRIES_CONF", &conf)],
    );
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert_eq!(outcome.json()["target"]["name"], "far.example/team/app:1");
    let mirror = format!("far.example={}", place.authority);
    let outcome = place.run(
        &["scan", "far.example/team/app:1", "--mirror", &mirror],
        &[],
    );
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);

    // What is not there, and what must not be asked.
    let outcome = place.run(&["scan", &format!("{name}:2")], &[]);
    assert_eq!(outcome.code, 3);
    assert!(
        outcome.stderr.contains("has no image `team/app:2`"),
        "{}",
        outcome.stderr
    );
    let outcome = place.run(&["scan", "--offline", &format!("{name}:1")], &[]);
    assert_eq!(outcome.code, 3);
    assert!(
        outcome.stderr.contains("`--offline` is set"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn a_registry_that_asks_for_a_password_gets_it() {
    let Some(mut place) = Place::new() else {
        return;
    };
    let hashed = tool(place.path(), "htpasswd", &["-Bbn", "user", PASSWORD]);
    let passwords = place.path().join("htpasswd");
    std::fs::write(&passwords, hashed).unwrap();
    let auth = format!(
        "auth: {{htpasswd: {{realm: test, path: {}}}}}",
        passwords.display()
    );
    place.start("", &auth);
    let credentials = format!("--dest-creds=user:{PASSWORD}");
    place.push(
        "oci:image:latest",
        "app:1",
        &["--dest-tls-verify=false", &credentials],
    );
    let name = format!("{}/app:1", place.authority);

    let outcome = place.run(&["scan", &name], &[]);
    assert_eq!(outcome.code, 3);
    assert!(
        outcome.stderr.contains("asks for credentials"),
        "{}",
        outcome.stderr
    );

    let docker = place.path().join("docker");
    std::fs::create_dir(&docker).unwrap();
    let write = |password: &str| {
        let auth = base64(format!("user:{password}").as_bytes());
        let content = format!(
            r#"{{"auths":{{"{}":{{"auth":"{auth}"}}}}}}"#,
            place.authority
        );
        std::fs::write(docker.join("config.json"), content).unwrap();
    };
    write(&format!("{PASSWORD}-wrong"));
    let outcome = place.run(&["scan", "-v", &name], &[("DOCKER_CONFIG", &docker)]);
    assert_eq!(outcome.code, 3);
    assert!(
        outcome.stderr.contains("refuses the credentials of"),
        "{}",
        outcome.stderr
    );

    write(PASSWORD);
    place.compare(&name, &[("DOCKER_CONFIG", &docker)]);
    place.compare(
        &name,
        &[("REGISTRY_AUTH_FILE", &docker.join("config.json"))],
    );

    // A helper keeps it.
    let helper = docker.join("docker-credential-test");
    let script = format!(
        "#!/bin/sh\nread -r server\n[ \"$server\" = '{}' ] || exit 1\n\
         printf '{{\"ServerURL\":\"%s\",\"Username\":\"user\",\"Secret\":\"{PASSWORD}\"}}' \"$server\"\n",
        place.authority
    );
    std::fs::write(&helper, script).unwrap();
    std::fs::set_permissions(&helper, std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::write(docker.join("config.json"), r#"{"credsStore":"test"}"#).unwrap();
    let search = format!("{}:/usr/bin:/bin", docker.display());
    place.compare(
        &name,
        &[("DOCKER_CONFIG", &docker), ("PATH", Path::new(&search))],
    );
}

/// An authority of our own, in `cert.pem` and `key.pem`.
fn authority(folder: &Path) -> PathBuf {
    openssl(
        folder,
        "req -x509 -newkey rsa:2048 -nodes -days 30 -keyout key.pem -out cert.pem -subj /CN=authority",
    );
    folder.join("cert.pem")
}

/// A certificate for this machine, from our authority, in `leaf.pem` and `leaf-key.pem`.
fn certificate(folder: &Path) -> (PathBuf, PathBuf) {
    openssl(
        folder,
        "req -newkey rsa:2048 -nodes -keyout leaf-key.pem -out leaf.csr -subj /CN=machine",
    );
    std::fs::write(folder.join("leaf.ext"), "subjectAltName=IP:127.0.0.1\n").unwrap();
    openssl(
        folder,
        "x509 -req -in leaf.csr -CA cert.pem -CAkey key.pem -CAcreateserial -days 30 -extfile leaf.ext -out leaf.pem",
    );
    (folder.join("leaf.pem"), folder.join("leaf-key.pem"))
}

fn openssl(folder: &Path, arguments: &str) {
    tool(
        folder,
        "openssl",
        &arguments.split_whitespace().collect::<Vec<_>>(),
    );
}

#[test]
fn an_encrypted_registry_is_trusted_as_told() {
    let Some(mut place) = Place::new() else {
        return;
    };
    let trusted_cert = authority(place.path());
    let (cert, key) = certificate(place.path());
    let http = format!(
        "  tls: {{certificate: {}, key: {}}}",
        cert.display(),
        key.display()
    );
    place.start(&http, "");
    place.push("oci:image:latest", "app:1", &["--dest-tls-verify=false"]);
    let name = format!("{}/app:1", place.authority);

    let outcome = place.run(&["scan", &name], &[]);
    assert_eq!(outcome.code, 3);
    assert!(outcome.stderr.contains("certificate"), "{}", outcome.stderr);

    place.compare(&name, &[("SSL_CERT_FILE", &trusted_cert)]);
    let trusted = place
        .path()
        .join("settings/containers/certs.d")
        .join(&place.authority);
    std::fs::create_dir_all(&trusted).unwrap();
    std::fs::copy(&trusted_cert, trusted.join("ca.crt")).unwrap();
    place.compare(&name, &[]);
}

/// A server of tokens as registries have them: whoever gives the password gets a signed token.
struct TokenServer {
    authority: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl TokenServer {
    fn start(folder: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let authority = listener.local_addr().unwrap().to_string();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (log, folder) = (Arc::clone(&asked), folder.to_path_buf());
        let expected = format!("Basic {}", base64(format!("user:{PASSWORD}").as_bytes()));
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let mut reader = BufReader::new(stream.try_clone().unwrap());
                let mut lines = Vec::new();
                loop {
                    let mut line = String::new();
                    if reader.read_line(&mut line).unwrap_or(0) <= 2 {
                        break;
                    }
                    lines.push(line.trim_end().to_owned());
                }
                log.lock()
                    .unwrap()
                    .push(lines.first().cloned().unwrap_or_default());
                let told = lines.iter().any(|line| {
                    line.split_once(": ").is_some_and(|(name, value)| {
                        name.eq_ignore_ascii_case("authorization") && value == expected
                    })
                });
                let (status, body) = if told {
                    (200, format!(r#"{{"token":"{}"}}"#, token(&folder)))
                } else {
                    (401, "{}".to_owned())
                };
                let _ = write!(
                    stream,
                    "HTTP/1.1 {status} x\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
                    body.len()
                );
            }
        });
        Self { authority, asked }
    }
}

/// A token that lets its bearer read `app`, signed with the key in this folder.
fn token(folder: &Path) -> String {
    let for_web = |content: &[u8]| {
        base64(content)
            .replace('+', "-")
            .replace('/', "_")
            .replace('=', "")
    };
    let cert = tool(
        folder,
        "openssl",
        &["x509", "-in", "cert.pem", "-outform", "DER"],
    );
    let header = format!(
        r#"{{"typ":"JWT","alg":"RS256","x5c":["{}"]}}"#,
        base64(&cert)
    );
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_secs();
    let claims = format!(
        r#"{{"iss":"tester","sub":"user","aud":"the-registry","exp":{},"nbf":{},"iat":{now},"jti":"1","access":[{{"type":"repository","name":"app","actions":["pull"]}}]}}"#,
        now + 300,
        now - 30
    );
    let text = format!(
        "{}.{}",
        for_web(header.as_bytes()),
        for_web(claims.as_bytes())
    );
    std::fs::write(folder.join("to-sign"), &text).unwrap();
    let signature = tool(
        folder,
        "openssl",
        &["dgst", "-sha256", "-sign", "key.pem", "to-sign"],
    );
    format!("{text}.{}", for_web(&signature))
}

#[test]
fn a_registry_with_a_server_of_tokens_is_read() {
    let Some(mut place) = Place::new() else {
        return;
    };
    let cert = authority(place.path());
    // Filled before it asks for tokens.
    place.start("", "");
    place.push("oci:image:latest", "app:1", &["--dest-tls-verify=false"]);
    if let Some(mut registry) = place.registry.take() {
        registry.kill().unwrap();
        registry.wait().unwrap();
    }
    let tokens = TokenServer::start(place.path());
    let auth = format!(
        "auth: {{token: {{realm: 'http://{}/token', service: the-registry, issuer: tester, rootcertbundle: {}}}}}",
        tokens.authority,
        cert.display()
    );
    place.start("", &auth);
    let name = format!("{}/app:1", place.authority);
    let outcome = place.run(&["scan", &name], &[]);
    assert_eq!(outcome.code, 3);
    assert!(
        outcome.stderr.contains("asks for credentials"),
        "{}",
        outcome.stderr
    );

    let docker = place.path().join("docker");
    std::fs::create_dir(&docker).unwrap();
    let auth = base64(format!("user:{PASSWORD}").as_bytes());
    let content = format!(
        r#"{{"auths":{{"{}":{{"auth":"{auth}"}}}}}}"#,
        place.authority
    );
    std::fs::write(docker.join("config.json"), content).unwrap();
    tokens.asked.lock().unwrap().clear();
    place.compare(&name, &[("DOCKER_CONFIG", &docker)]);
    let asked = tokens.asked.lock().unwrap().clone();
    assert_eq!(asked.len(), 1, "{asked:?}");
    assert!(
        asked[0].contains("scope=repository%3Aapp%3Apull"),
        "{asked:?}"
    );
}
