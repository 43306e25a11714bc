//! Images in a real registry: signed, listed, verified, and verified again after skopeo has copied
//! them. That registry keeps no lists of what is attached, so that ours are at a tag.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use linchpin_model::{Digest, DigestAlgorithm};
use serde_json::{Value, json};

use crate::program::Outcome;
use crate::registry::{PASSWORD, Place, base64, digest_of, tool};

/// A registry with an image in it, and two pairs of keys.
struct Shop {
    place: Place,
    image: String,
    digest: String,
}

impl Shop {
    /// Nothing where the tools are not here.
    fn open() -> Option<Self> {
        let mut place = Place::new()?;
        place.start("", "");
        place.push(
            "oci:image:latest",
            "team/app:1",
            &["--dest-tls-verify=false"],
        );
        let shop = Self {
            image: format!("{}/team/app:1", place.authority),
            digest: digest_of(&place.path().join("image"), "latest").0,
            place,
        };
        for name in ["ours", "theirs"] {
            shop.succeeds(&["keygen", name]);
        }
        Some(shop)
    }

    fn path(&self) -> &Path {
        self.place.path()
    }

    fn run(&self, arguments: &[&str]) -> Outcome {
        let passphrase = ("LINCHPIN_PASSPHRASE", Path::new("a passphrase"));
        let moment = ("SOURCE_DATE_EPOCH", Path::new("1700000000"));
        self.place.run(arguments, &[passphrase, moment])
    }

    fn succeeds(&self, arguments: &[&str]) -> Outcome {
        let outcome = self.run(arguments);
        assert_eq!(outcome.code, 0, "{arguments:?}: {outcome:?}");
        outcome
    }

    fn fails(&self, code: i32, arguments: &[&str], says: &str) -> Outcome {
        let outcome = self.run(arguments);
        assert_eq!(outcome.code, code, "{arguments:?}: {outcome:?}");
        assert!(outcome.stderr.contains(says), "{arguments:?}: {outcome:?}");
        outcome
    }

    fn verify(&self, more: &[&str]) -> Vec<String> {
        let all = ["verify", &self.image, "--key", "ours.pub"];
        all.iter()
            .chain(more)
            .map(|text| (*text).to_owned())
            .collect()
    }

    fn sign(&self, key: &str) {
        let signed = self.succeeds(&["sign", &self.image, "--key", key]);
        assert!(signed.stderr.contains("attached to"), "{signed:?}");
    }

    /// Copies something from the registry into the layout `copy`.
    fn copy(&self, tag: &str) {
        let from = format!("docker://{}/team/app:{tag}", self.place.authority);
        let to = format!("oci:copy:{tag}");
        let copy = [
            "--insecure-policy",
            "copy",
            "-q",
            "--all",
            "--src-tls-verify=false",
        ];
        tool(self.path(), "skopeo", &[&copy[..], &[&from, &to]].concat());
    }
}

fn borrowed(arguments: &[String]) -> Vec<&str> {
    arguments.iter().map(String::as_str).collect()
}

#[test]
fn what_is_attached_in_a_real_registry_is_listed_and_verified() {
    let Some(shop) = Shop::open() else {
        return;
    };
    let verify = shop.verify(&[]);
    let verify = borrowed(&verify);
    shop.fails(1, &verify, "nothing that is signed is attached to it");
    let empty = shop.succeeds(&["tree", &shop.image]);
    assert!(
        empty.stdout.contains("nothing is attached to it"),
        "{empty:?}"
    );

    shop.sign("ours.key");
    let verified = shop.succeeds(&verify);
    assert!(verified.stdout.contains(&shop.digest), "{verified:?}");
    // By its digest, by another name for it, and as JSON.
    let by_digest = format!("{}/team/app@{}", shop.place.authority, shop.digest);
    shop.succeeds(&["verify", &by_digest, "--key", "ours.pub"]);
    let plainly = format!("docker://{}", shop.image);
    let json = shop
        .succeeds(&["verify", &plainly, "--key", "ours.pub", "-f", "json"])
        .json();
    assert_eq!(json["digest"], shop.digest.as_str());
    assert_eq!(json["verified"], true);
    // Whom we do not expect, and what nobody has said.
    shop.fails(
        1,
        &["verify", &shop.image, "--key", "theirs.pub"],
        "names the key",
    );
    let of_type = shop.verify(&["--type", "vulns"]);
    shop.fails(
        1,
        &borrowed(&of_type),
        "`--type signature` asks for such statements",
    );

    // Statements beside it, of this program and of another one.
    shop.sign("theirs.key");
    let sbom = [
        "sbom",
        "-q",
        &shop.image,
        "--attest",
        "--key",
        "ours.key",
        "-f",
        "csv=x.csv",
    ];
    shop.succeeds(&sbom);
    let scan = ["scan", &shop.image, "--attest", "--key", "ours.key"];
    let scanned = shop.succeeds(&scan);
    assert!(scanned.stderr.contains("attached to"), "{scanned:?}");
    fs::write(shop.path().join("vex.json"), "{}").unwrap();
    let attest = ["--type", "openvex", "--predicate", "vex.json"];
    shop.succeeds(&[&["attest", &shop.image, "--key", "ours.key"], &attest[..]].concat());
    for word in ["vulns", "cyclonedx", "openvex"] {
        let of_type = shop.verify(&["--type", word]);
        let verified = shop.succeeds(&borrowed(&of_type));
        assert!(
            verified.stdout.contains(&format!("of the type {word}")),
            "{verified:?}"
        );
    }
    let of_type = shop.verify(&["--type", "provenance", "-f", "json"]);
    let refused = shop.run(&borrowed(&of_type));
    assert_eq!(refused.code, 1, "{refused:?}");
    let json = refused.json();
    assert_eq!(json["reason"], "none-holds");
    assert_eq!(json["tried"].as_array().unwrap().len(), 6);
    let of_type = shop.verify(&["--type", "provenance"]);
    // The first five, and how many more.
    let refused = shop.fails(1, &borrowed(&of_type), "none of the 6 bundles");
    assert_eq!(
        refused.stderr.matches("refused: ").count(),
        6,
        "{refused:?}"
    );

    // The gate decides by all of it, and by nothing of those whom nobody believes.
    let gate = shop.run(&["gate", &shop.image, "--key", "ours.pub", "-f", "json"]);
    assert!(gate.code < 2, "{gate:?}");
    assert_eq!(gate.json()["statements"], 5, "{gate:?}");

    let tree = shop.succeeds(&["tree", &shop.image, "-f", "json"]).json();
    let words: Vec<&str> = tree["attached"]
        .as_array()
        .unwrap()
        .iter()
        .map(|attached| attached["what"].as_str().unwrap())
        .collect();
    assert_eq!(
        words,
        [
            "signature",
            "signature",
            "cyclonedx",
            "vulns",
            "test-result",
            "openvex"
        ]
    );
    assert_eq!(tree["attached"][0]["state"], "not-verified");
    let tree = shop
        .succeeds(&["tree", &shop.image, "--key", "ours.pub", "-f", "json"])
        .json();
    let states = |place: usize| tree["attached"][place]["state"].clone();
    assert_eq!(
        (states(0), states(1)),
        ("verified".into(), "refused".into())
    );
    assert_eq!(tree["attached"][1]["reason"], "another-key");
    let mut narrow = crate::program::program(&["tree", &shop.image, "--key", "ours.pub"]);
    let narrow = crate::program::outcome(narrow.current_dir(shop.path()).env("COLUMNS", "80"));
    assert!(narrow.stdout.contains("  signature  sha256:"), "{narrow:?}");
    for line in narrow.stdout.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
    shop.fails(
        3,
        &["sign", "--offline", &shop.image, "--key", "ours.key"],
        "`--offline` is set",
    );
    shop.fails(3, &["tree", &shop.digest], "it is stored alone");
}

#[test]
fn a_verdict_is_attached_to_the_image_and_the_next_gate_goes_by_it() {
    let Some(shop) = Shop::open() else {
        return;
    };
    let policy = |name: &str, text: &str| fs::write(shop.path().join(name), text).unwrap();
    let signers = "policy: 1\ntitle: t\nsigners: [{name: ours, key-file: ours.pub}]\nrules:\n";
    policy(
        "first.yaml",
        &format!(
            "{signers}  - id: signed\n    title: t\n    message: m\n    fix: f\n    \
             when: {{images: ['{}/team/*']}}\n    \
             require: signers.exists(s, 'signature' in s.says)\n",
            shop.place.authority
        ),
    );
    policy(
        "second.yaml",
        &format!(
            "{signers}  - id: passed\n    title: t\n    message: m\n    fix: f\n    \
             require: summaries.exists(s, s.result == 'PASSED' && s.signer == 'ours')\n"
        ),
    );
    let first = ["gate", &shop.image, "--policy", "first.yaml"];
    let signing = [&first[..], &["--sign-key", "ours.key"]].concat();
    let second = ["gate", &shop.image, "--policy", "second.yaml"];
    // A verdict that denies is one as well, and lets nobody pass.
    let denied = shop.run(&signing);
    assert_eq!(denied.code, 1, "{denied:?}");
    assert!(denied.stderr.contains("attached to "), "{denied:?}");
    assert_eq!(shop.run(&second).code, 1);
    shop.sign("ours.key");
    let passed = shop.succeeds(&signing);
    assert!(
        passed.stderr.contains(": the verdict, signed by"),
        "{passed:?}"
    );
    shop.succeeds(&second);
    // By its digest alone it may be any tag of the rule's, and has another name for the verdict.
    let by_digest = format!("{}@{}", shop.image.trim_end_matches(":1"), shop.digest);
    shop.succeeds(&["gate", &by_digest, "--policy", "first.yaml"]);
    let replayed = shop.run(&["gate", &by_digest, "--policy", "second.yaml"]);
    assert_eq!(replayed.code, 1, "{replayed:?}");
    assert!(replayed.stdout.contains("it is about `"), "{replayed:?}");
}

#[test]
fn a_signature_holds_wherever_skopeo_copies_the_image() {
    let Some(shop) = Shop::open() else {
        return;
    };
    shop.sign("ours.key");
    let sign = ["sign", &shop.image, "--key", "ours.key", "-o", "app.json"];
    let written = shop.succeeds(&sign);
    assert!(written.stderr.contains("wrote app.json"), "{written:?}");
    shop.copy("1");
    // With the bundle beside it, without any network.
    let offline = ["verify", "copy", "--offline", "--key", "ours.pub"];
    shop.succeeds(&[&offline[..], &["--bundle", "app.json"]].concat());
    let by_digest = ["verify", &shop.digest, "--offline", "--bundle", "app.json"];
    shop.succeeds(&[&by_digest[..], &["--key", "ours.pub"]].concat());
    shop.fails(1, &offline, "nothing that is signed is attached to it");
    // With what the layout brings: the image is still the only one in it.
    shop.copy(&shop.digest.replace(':', "-"));
    shop.succeeds(&offline);
    let tree = shop
        .succeeds(&["tree", "copy:1", "--key", "ours.pub", "-f", "json"])
        .json();
    assert_eq!(tree["attached"][0]["state"], "verified");
    assert_eq!(tree["digest"], shop.digest.as_str());
    let found = shop.succeeds(&["sbom", "-q", "copy", "-f", "json"]);
    assert_eq!(found.json()["target"]["digest"], shop.digest.as_str());
    // A layout whose bundle was changed is no layout without one.
    let bundle = fs::read_dir(shop.path().join("copy/blobs/sha256"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| {
            fs::read(path)
                .unwrap()
                .windows(12)
                .any(|part| part == b"dsseEnvelope")
        })
        .unwrap();
    let mut changed = fs::read(&bundle).unwrap();
    changed[20] ^= 1;
    fs::write(&bundle, changed).unwrap();
    shop.fails(3, &offline, "is not what it should be");
}

#[test]
fn an_index_is_signed_as_a_whole() {
    let Some(shop) = Shop::open() else {
        return;
    };
    let (digest, size) = digest_of(&shop.path().join("image"), "latest");
    let kind = "application/vnd.oci.image.index.v1+json";
    let entry = json!({
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "digest": digest,
        "size": size,
        "platform": {"os": "linux", "architecture": "amd64"},
    });
    let index = json!({"schemaVersion": 2, "mediaType": kind, "manifests": [entry]});
    let path = "team/app/manifests/all";
    shop.place.put_manifest(path, kind, &index.to_string());
    let image = format!("{}/team/app:all", shop.place.authority);
    shop.succeeds(&["sign", &image, "--key", "ours.key"]);
    let verified = shop
        .succeeds(&["verify", &image, "--key", "ours.pub", "-f", "json"])
        .json();
    assert_ne!(verified["digest"], digest.as_str());
    // The image in it was not signed.
    let verify = shop.verify(&[]);
    shop.fails(
        1,
        &borrowed(&verify),
        "nothing that is signed is attached to it",
    );
}

/// Puts a signature in cosign's old form into the registry, by way of a layout.
fn push_old_signature(shop: &Shop, payload: &[u8], signature: &[u8]) {
    use sha2::Digest as _;
    let layout = shop.path().join("old");
    let _ = fs::remove_dir_all(&layout);
    let blobs = layout.join("blobs/sha256");
    fs::create_dir_all(&blobs).unwrap();
    let blob = |kind: &str, content: &[u8]| {
        let value = sha2::Sha256::digest(content);
        let digest = Digest::from_bytes(DigestAlgorithm::Sha256, &value).unwrap();
        let hex = digest.hex();
        fs::write(blobs.join(hex), content).unwrap();
        json!({"mediaType": kind, "digest": format!("sha256:{hex}"), "size": content.len()})
    };
    let config =
        json!({"architecture": "", "os": "", "rootfs": {"type": "layers", "diff_ids": []}});
    let config = blob(
        "application/vnd.oci.image.config.v1+json",
        config.to_string().as_bytes(),
    );
    let mut layer = blob("application/vnd.dev.cosign.simplesigning.v1+json", payload);
    layer["annotations"] =
        json!({"dev.cosignproject.cosign/signature": STANDARD.encode(signature)});
    let kind = "application/vnd.oci.image.manifest.v1+json";
    let manifest =
        json!({"schemaVersion": 2, "mediaType": kind, "config": config, "layers": [layer]});
    let mut entry = blob(kind, manifest.to_string().as_bytes());
    entry["annotations"] = json!({"org.opencontainers.image.ref.name": "sig"});
    let index = json!({"schemaVersion": 2, "manifests": [entry]});
    fs::write(layout.join("index.json"), index.to_string()).unwrap();
    fs::write(
        layout.join("oci-layout"),
        r#"{"imageLayoutVersion":"1.0.0"}"#,
    )
    .unwrap();
    let tag = format!("team/app:{}.sig", shop.digest.replace(':', "-"));
    shop.place
        .push("oci:old:sig", &tag, &["--dest-tls-verify=false"]);
}

#[test]
fn what_cosign_signed_before_it_had_bundles_is_verified() {
    let Some(shop) = Shop::open() else {
        return;
    };
    let openssl = |arguments: &str| {
        let arguments: Vec<&str> = arguments.split(' ').collect();
        tool(shop.path(), "openssl", &arguments)
    };
    openssl("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out old.key");
    openssl("pkey -in old.key -pubout -out old.pub");
    let payload = |digest: &str| {
        let payload = json!({
            "critical": {
                "identity": {"docker-reference": "registry.example/team/app"},
                "image": {"docker-manifest-digest": digest},
                "type": "cosign container image signature",
            },
            "optional": null,
        });
        payload.to_string().into_bytes()
    };
    let sign = |payload: &[u8]| {
        fs::write(shop.path().join("payload"), payload).unwrap();
        openssl("dgst -sha256 -sign old.key payload")
    };
    let good = payload(&shop.digest);
    let verify = ["verify", &shop.image, "--key", "old.pub"];
    push_old_signature(&shop, &good, &sign(&good));
    let verified = shop.succeeds(&verify);
    assert!(verified.stdout.contains("a signature"), "{verified:?}");
    let tree = shop.succeeds(&["tree", &shop.image, "--key", "old.pub"]);
    assert!(
        tree.stdout.contains("that of cosign before version 3"),
        "{tree:?}"
    );
    shop.fails(
        1,
        &["verify", &shop.image, "--key", "ours.pub"],
        "the signature does not hold",
    );
    // The payload of another image, signed by the same key; and this one's with another signature.
    let other = payload(&format!("sha256:{}", "ab".repeat(32)));
    push_old_signature(&shop, &other, &sign(&other));
    shop.fails(1, &verify, "the bundle is about another artifact");
    push_old_signature(&shop, &good, &sign(&other));
    shop.fails(1, &verify, "the signature does not hold");
}

#[test]
fn a_registry_that_asks_for_a_password_is_written_to_with_it() {
    let Some(mut place) = Place::new() else {
        return;
    };
    let hashed = tool(place.path(), "htpasswd", &["-Bbn", "user", PASSWORD]);
    let passwords = place.path().join("htpasswd");
    fs::write(&passwords, hashed).unwrap();
    let auth = format!(
        "auth: {{htpasswd: {{realm: test, path: {}}}}}",
        passwords.display()
    );
    place.start("", &auth);
    let credentials = format!("--dest-creds=user:{PASSWORD}");
    let push = ["--dest-tls-verify=false", &credentials];
    place.push("oci:image:latest", "app:1", &push);
    let image = format!("{}/app:1", place.authority);
    let made = place.run(&["keygen", "ours", "--no-passphrase"], &[]);
    assert_eq!(made.code, 0, "{made:?}");
    let sign = ["sign", &image, "--key", "ours.key"];
    let refused = place.run(&sign, &[]);
    assert_eq!(refused.code, 3, "{refused:?}");
    assert!(
        refused.stderr.contains("asks for credentials"),
        "{refused:?}"
    );
    let docker = place.path().join("docker");
    fs::create_dir(&docker).unwrap();
    let auth = base64(format!("user:{PASSWORD}").as_bytes());
    let content: Value = json!({"auths": {&place.authority: {"auth": auth}}});
    fs::write(docker.join("config.json"), content.to_string()).unwrap();
    let with = [("DOCKER_CONFIG", docker.as_path())];
    let signed = place.run(&sign, &with);
    assert_eq!(signed.code, 0, "{signed:?}");
    let verified = place.run(&["verify", &image, "--key", "ours.pub"], &with);
    assert_eq!(verified.code, 0, "{verified:?}");
}
