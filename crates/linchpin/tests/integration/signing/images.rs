//! Images in OCI layouts.

#![expect(clippy::disallowed_methods, reason = "tests run reference tools")]

use std::fs;
use std::path::Path;
use std::process::Command;

use linchpin_model::{Digest, DigestAlgorithm};
use serde_json::{Value, json};

use super::Bench;
use crate::program::available;

/// Writes an OCI layout with one image of one layer, and gives the digest of its manifest.
fn write_layout(folder: &Path, layer: &[u8]) -> String {
    use sha2::Digest as _;
    let blobs = folder.join("blobs/sha256");
    fs::create_dir_all(&blobs).unwrap();
    let blob = |content: &[u8]| {
        let value = sha2::Sha256::digest(content);
        let digest = Digest::from_bytes(DigestAlgorithm::Sha256, &value).unwrap();
        let hex = digest.hex();
        fs::write(blobs.join(hex), content).unwrap();
        json!({"digest": format!("sha256:{hex}"), "size": content.len(), "mediaType": "x"})
    };
    let bytes = |value: &Value| serde_json::to_vec(value).unwrap();
    let config = blob(&bytes(&json!({"os": "linux", "architecture": "amd64"})));
    let layer = blob(layer);
    let manifest = json!({"schemaVersion": 2, "config": config, "layers": [layer]});
    let manifest = blob(&bytes(&manifest));
    fs::write(
        folder.join("oci-layout"),
        r#"{"imageLayoutVersion": "1.0.0"}"#,
    )
    .unwrap();
    let index = json!({"schemaVersion": 2, "manifests": [manifest]});
    fs::write(folder.join("index.json"), bytes(&index)).unwrap();
    manifest["digest"].as_str().unwrap().to_owned()
}

#[test]
fn an_image_is_signed_with_all_that_hangs_on_it() {
    let bench = Bench::new();
    let layout = bench.path().join("shop");
    let digest = write_layout(&layout, b"a layer");
    bench.succeeds(&["sign", "shop/", "--key", "release.key"]);
    let verify = ["verify", "shop", "--key", "release.pub"];
    let verified = bench.succeeds(&verify);
    assert!(verified.stdout.contains(&digest), "{verified:?}");
    // The same by its digest, wherever it is now.
    let by_digest = [
        "verify",
        &digest,
        "--bundle",
        "shop.sigstore.json",
        "--key",
        "release.pub",
    ];
    bench.succeeds(&by_digest);
    // Another layer under the old name.
    let layer = fs::read_dir(layout.join("blobs/sha256"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| fs::read(path).unwrap() == b"a layer")
        .unwrap();
    fs::write(&layer, b"b layer").unwrap();
    bench.fails(3, &verify, "is not what it should be");
    fs::remove_file(&layer).unwrap();
    bench.fails(3, &verify, "which is not in it");
    // Another image altogether.
    write_layout(&layout, b"another layer");
    bench.fails(1, &verify, "the bundle is about another artifact");
}

/// Adds a blob to a layout.
fn add_blob(folder: &Path, kind: &str, content: &[u8]) -> Value {
    use sha2::Digest as _;
    let value = sha2::Sha256::digest(content);
    let digest = Digest::from_bytes(DigestAlgorithm::Sha256, &value).unwrap();
    fs::write(folder.join("blobs/sha256").join(digest.hex()), content).unwrap();
    json!({"digest": digest.to_string(), "size": content.len(), "mediaType": kind})
}

#[test]
fn what_a_layout_lists_beside_its_image_belongs_to_it() {
    let bench = Bench::new();
    let layout = bench.path().join("shop");
    let digest = write_layout(&layout, b"a layer");
    bench.succeeds(&["sign", &digest, "--key", "release.key", "-o", "bundle.json"]);
    let verify = ["verify", "shop", "--offline", "--key", "release.pub"];
    bench.fails(1, &verify, "nothing that is signed is attached to it");
    // As `oras` copies an image with what refers to it: without a name, told by the subject alone.
    let kind = "application/vnd.dev.sigstore.bundle.v0.3+json";
    let bundle = add_blob(&layout, kind, &bench.read("bundle.json"));
    let attach = |subject: &str| {
        let subject = json!({"digest": subject, "size": 1});
        let manifest = json!({"artifactType": kind, "layers": [&bundle], "subject": subject});
        let kind = "application/vnd.oci.image.manifest.v1+json";
        let entry = add_blob(&layout, kind, manifest.to_string().as_bytes());
        let index = fs::read(layout.join("index.json")).unwrap();
        let mut index: Value = serde_json::from_slice(&index).unwrap();
        index["manifests"].as_array_mut().unwrap().push(entry);
        fs::write(layout.join("index.json"), index.to_string()).unwrap();
    };
    attach(&format!("sha256:{}", "ab".repeat(32)));
    bench.fails(1, &verify, "nothing that is signed is attached to it");
    attach(&digest);
    bench.succeeds(&verify);
    let tree = bench.succeeds(&["tree", "shop", "--key", "release.pub", "-f", "json"]);
    let tree = tree.json();
    assert_eq!(tree["attached"].as_array().unwrap().len(), 1);
    assert_eq!(tree["attached"][0]["state"], "verified");
    // A bundle beside the layout that does not hold hides none that does.
    bench.succeeds(&["keygen", "other"]);
    bench.succeeds(&["sign", "shop", "--key", "other.key"]);
    bench.succeeds(&verify);
    bench.succeeds(&["verify", "shop", "--key", "other.pub"]);
}

/// Runs a tool, which must succeed. Nothing if it is not here.
fn tool(bench: &Bench, name: &str, arguments: &[&str]) -> Option<()> {
    let ran = Command::new(name)
        .args(arguments)
        .current_dir(bench.path())
        .output();
    available(ran.is_ok(), name).then_some(())?;
    let ran = ran.unwrap();
    assert!(
        ran.status.success(),
        "{name} {arguments:?}: {}",
        String::from_utf8_lossy(&ran.stderr)
    );
    Some(())
}

/// Makes a layout with two images, and a copy of one of them.
fn make_real_layouts(bench: &Bench) -> Option<()> {
    tool(bench, "umoci", &["init", "--layout", "shop"])?;
    tool(bench, "umoci", &["new", "--image", "shop:1.0"])?;
    tool(bench, "umoci", &["new", "--image", "shop:2.0"])?;
    tool(
        bench,
        "umoci",
        &["config", "--image", "shop:2.0", "--author", "x"],
    )?;
    tool(bench, "skopeo", &["copy", "oci:shop:1.0", "oci:copy:1.0"])
}

#[test]
fn an_image_keeps_its_signature_wherever_it_is_copied() {
    let bench = Bench::new();
    if make_real_layouts(&bench).is_none() {
        return;
    }
    bench.fails(
        3,
        &["sign", "shop", "--key", "release.key"],
        "it holds several images",
    );
    for image in ["shop:1.0", "shop:2.0"] {
        bench.succeeds(&["sign", image, "--key", "release.key"]);
        bench.succeeds(&["verify", image, "--key", "release.pub"]);
    }
    let copied = |bundle| ["verify", "copy", "--key", "release.pub", "--bundle", bundle];
    bench.succeeds(&copied("shop.1.0.sigstore.json"));
    bench.fails(
        1,
        &copied("shop.2.0.sigstore.json"),
        "the bundle is about another artifact",
    );
}
