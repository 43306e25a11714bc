//! Registries that mean harm, or are broken: there is no answer, and never a wrong one.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use linchpin_model::{Digest, DigestAlgorithm};
use serde_json::json;

use super::Bench;

const BUNDLE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";

fn sha256(content: &[u8]) -> String {
    use sha2::Digest as _;
    let value = sha2::Sha256::digest(content);
    Digest::from_bytes(DigestAlgorithm::Sha256, &value)
        .unwrap()
        .to_string()
}

/// What a registry answers, by the last part of the path: a status and a body.
type Answers = BTreeMap<String, (u16, Vec<u8>)>;

/// A registry of this machine that knows lists of what is attached.
struct Registry {
    authority: String,
    answers: Arc<Mutex<Answers>>,
}

impl Registry {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let authority = listener.local_addr().unwrap().to_string();
        let answers = Arc::new(Mutex::new(Answers::new()));
        let ours = Arc::clone(&answers);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                serve(stream, &ours);
            }
        });
        Self { authority, answers }
    }

    fn set(&self, name: &str, status: u16, content: &[u8]) {
        let answer = (status, content.to_vec());
        self.answers.lock().unwrap().insert(name.to_owned(), answer);
    }

    /// Holds an image, and a bundle that is attached to it.
    fn hold(&self, image: &[u8], bundle: &[u8]) {
        let digest = sha256(image);
        self.set("1", 200, image);
        self.set(&digest, 200, image);
        self.set(&sha256(bundle), 200, bundle);
        let layer = json!({"mediaType": BUNDLE, "digest": sha256(bundle), "size": bundle.len()});
        let manifest = json!({"artifactType": BUNDLE, "layers": [layer]}).to_string();
        self.set(&sha256(manifest.as_bytes()), 200, manifest.as_bytes());
        let entry = json!({
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "digest": sha256(manifest.as_bytes()),
            "size": manifest.len(),
            "artifactType": BUNDLE,
        });
        let list = json!({"manifests": [entry]}).to_string();
        self.set(&format!("referrers/{digest}"), 200, list.as_bytes());
    }
}

fn serve(mut stream: TcpStream, answers: &Mutex<Answers>) {
    // Encryption is tried first; who does not speak it hangs up.
    let mut first = [0];
    if !stream
        .peek(&mut first)
        .is_ok_and(|_| first[0].is_ascii_uppercase())
    {
        return;
    }
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let first = lines.next().and_then(Result::ok).unwrap_or_default();
    while lines
        .next()
        .is_some_and(|line| line.is_ok_and(|line| !line.is_empty()))
    {}
    let path = first.split(' ').nth(1).unwrap_or_default();
    let path = path.strip_prefix("/v2/app/").unwrap_or_default();
    let last = path.rsplit('/').next().unwrap_or_default();
    let answers = answers.lock().unwrap();
    let (status, body) = answers
        .get(path)
        .or_else(|| {
            answers
                .get(last)
                .filter(|_| !path.starts_with("referrers/"))
        })
        .cloned()
        .unwrap_or((404, Vec::new()));
    let _ = write!(
        stream,
        "HTTP/1.1 {status} x\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let _ = stream.write_all(&body);
}

/// A registry with an image that is signed, and the bench that signed it.
fn signed() -> (Bench, Registry, String) {
    let bench = Bench::new();
    let image = br#"{"schemaVersion":2,"layers":[]}"#;
    let digest = sha256(image);
    bench.succeeds(&["sign", &digest, "--key", "release.key", "-o", "image.json"]);
    let registry = Registry::start();
    registry.hold(image, &bench.read("image.json"));
    let name = format!("{}/app:1", registry.authority);
    bench.succeeds(&["verify", &name, "--key", "release.pub"]);
    (bench, registry, name)
}

#[test]
fn what_can_not_be_had_is_no_answer() {
    let (bench, registry, name) = signed();
    let verify = ["verify", &name, "--key", "release.pub"];
    let digest = sha256(br#"{"schemaVersion":2,"layers":[]}"#);
    let list = format!("referrers/{digest}");
    let bundle = bench.read("image.json");
    // Each in turn, and then as it was.
    let honest = registry.answers.lock().unwrap().clone();
    for (place, status, content, says) in [
        (list.as_str(), 403, &b""[..], "asks for credentials"),
        (&list, 200, b"<html>", "can not be used"),
        (
            &list,
            200,
            br#"{"manifests":[{"digest":"x","size":1}]}"#,
            "can not be used",
        ),
        (&sha256(&bundle), 404, b"", "has no blob"),
        (&sha256(&bundle), 200, b"{}", "sends another blob"),
        ("1", 403, b"", "asks for credentials"),
        ("1", 200, b"{}", "is no manifest"),
    ] {
        registry.set(place, status, content);
        bench.fails(3, &verify, says);
        registry.answers.lock().unwrap().clone_from(&honest);
    }
    bench.succeeds(&verify);
    // A list that is empty says that nothing is attached; that is an answer, and it is no.
    registry.set(&list, 200, br#"{"manifests":[]}"#);
    bench.fails(1, &verify, "nothing that is signed is attached to it");
    let entry = json!({"mediaType": "x", "digest": digest, "size": 1});
    let thousands = json!({"manifests": vec![entry; 5000]}).to_string();
    registry.set(&list, 200, thousands.as_bytes());
    bench.fails(3, &verify, "it lists more than 1000 things");
    registry.set(&list, 500, b"");
    bench.fails(3, &verify, "answers with status 500");
    let gate = ["gate", &name, "--key", "release.pub"];
    bench.fails(3, &gate, "answers with status 500");
    // What is missing is told by `tree` too, with the rest.
    registry.answers.lock().unwrap().clone_from(&honest);
    registry.set(&sha256(&bundle), 200, b"{}");
    let tree = bench.run(&["tree", &name]);
    assert_eq!(tree.code, 3, "{tree:?}");
    assert!(tree.stdout.contains("sends another blob"), "{tree:?}");
}

#[test]
fn another_image_under_the_same_name_is_not_verified() {
    let (bench, registry, name) = signed();
    let verify = ["verify", &name, "--key", "release.pub"];
    let other = br#"{"schemaVersion":2,"layers":[],"annotations":{"a":"b"}}"#;
    // The name leads to another image, to which the bundle of the first one is attached.
    registry.hold(other, &bench.read("image.json"));
    bench.fails(1, &verify, "the bundle is about another artifact");
    // By the digest of the first one, the name does not count.
    let first = format!(
        "{}/app:1@{}",
        registry.authority,
        sha256(br#"{"schemaVersion":2,"layers":[]}"#)
    );
    bench.succeeds(&["verify", &first, "--key", "release.pub"]);
    // What is signed is what the name led to when it was asked for.
    bench.succeeds(&["sign", &name, "--key", "release.key", "-o", "other.json"]);
    let by_digest = ["verify", &sha256(other), "--key", "release.pub"];
    bench.succeeds(&[&by_digest[..], &["--bundle", "other.json"]].concat());
}

#[test]
fn one_that_is_damaged_does_not_hide_one_that_holds() {
    let (bench, registry, name) = signed();
    let image = br#"{"schemaVersion":2,"layers":[]}"#;
    let list = format!("referrers/{}", sha256(image));
    let (_, good) = registry.answers.lock().unwrap()[&list].clone();
    let mut entries: serde_json::Value = serde_json::from_slice(&good).unwrap();
    let missing = json!({
        "mediaType": "x",
        "digest": sha256(b"deleted"),
        "size": 7,
        "artifactType": BUNDLE,
    });
    entries["manifests"]
        .as_array_mut()
        .unwrap()
        .insert(0, missing);
    registry.set(&list, 200, entries.to_string().as_bytes());
    bench.succeeds(&["verify", &name, "--key", "release.pub"]);
    // Whoever decides by all that was said must not decide without it.
    let gate = ["gate", &name, "--key", "release.pub"];
    bench.fails(3, &gate, "has no image");
    // Where none holds, nobody knows what the missing one would have said.
    bench.succeeds(&["keygen", "other"]);
    bench.fails(
        3,
        &["verify", &name, "--key", "other.pub"],
        "can not be had",
    );
}
