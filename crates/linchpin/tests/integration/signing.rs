//! `linchpin keygen`, `sign`, `attest`, `verify`, `trust-root` and what the conformance suite of
//! Sigstore calls: exit codes, results and messages.

use std::fs;
use std::path::Path;

use linchpin_model::{Digest, DigestAlgorithm};
use serde_json::{Value, json};

use crate::program::{Outcome, outcome, program};

/// A folder with an artifact, and a pair of keys.
struct Bench {
    folder: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        let bench = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        bench.write("app.tar", b"an application\n");
        let made = bench.run(&["keygen", "release"]);
        assert_eq!(made.code, 0, "{made:?}");
        bench
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn write(&self, name: &str, content: &[u8]) {
        fs::write(self.path().join(name), content).unwrap();
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path().join(name)).unwrap()
    }

    /// Runs the program in the folder, with a passphrase in the environment.
    fn run(&self, arguments: &[&str]) -> Outcome {
        let mut command = program(arguments);
        command
            .current_dir(self.path())
            .env("LINCHPIN_PASSPHRASE", "a passphrase");
        outcome(&mut command)
    }

    fn succeeds(&self, arguments: &[&str]) -> Outcome {
        let outcome = self.run(arguments);
        assert_eq!(outcome.code, 0, "{arguments:?}: {outcome:?}");
        outcome
    }

    /// Runs the program, which must end with this code and say this.
    fn fails(&self, code: i32, arguments: &[&str], says: &str) {
        let outcome = self.run(arguments);
        assert_eq!(outcome.code, code, "{arguments:?}: {outcome:?}");
        assert_eq!(outcome.stdout, "", "{arguments:?}");
        assert!(outcome.stderr.contains(says), "{arguments:?}: {outcome:?}");
    }
}

#[test]
fn keys_are_made_once_and_for_their_owner() {
    let bench = Bench::new();
    let private = String::from_utf8(bench.read("release.key")).unwrap();
    assert!(private.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
    assert!(
        bench
            .read("release.pub")
            .starts_with(b"-----BEGIN PUBLIC KEY-----\n")
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let metadata = fs::metadata(bench.path().join("release.key")).unwrap();
        assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
    }
    bench.fails(
        5,
        &["keygen", "release"],
        "there is a file of that name already",
    );
    assert_eq!(bench.read("release.key"), private.as_bytes());
    let again = bench.succeeds(&["keygen", "release", "--force", "--algorithm", "ecdsa-p384"]);
    assert!(again.stdout.starts_with("ECDSA P-384 sha256:"), "{again:?}");
    assert!(
        again.stderr.contains("encrypted by the passphrase"),
        "{again:?}"
    );
    assert_ne!(bench.read("release.key"), private.as_bytes());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let metadata = fs::metadata(bench.path().join("release.key")).unwrap();
        assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
    }
    let plain = bench.succeeds(&["keygen", "plain-1.0", "--no-passphrase"]);
    assert!(plain.stderr.contains("whoever can read it"), "{plain:?}");
    assert!(
        bench
            .read("plain-1.0.key")
            .starts_with(b"-----BEGIN PRIVATE KEY-----\n")
    );
}

#[test]
fn a_passphrase_comes_from_a_file_or_the_environment_and_never_from_nowhere() {
    let bench = Bench::new();
    let mut command = program(&["keygen", "other"]);
    let asked = outcome(command.current_dir(bench.path()));
    assert_eq!((asked.code, asked.stdout.as_str()), (7, ""));
    assert!(
        asked.stderr.contains("hint: set LINCHPIN_PASSPHRASE"),
        "{asked:?}"
    );
    assert!(!bench.path().join("other.key").exists());

    let mut command = program(&["keygen", "other"]);
    let empty = outcome(
        command
            .current_dir(bench.path())
            .env("LINCHPIN_PASSPHRASE", ""),
    );
    assert_eq!(empty.code, 7);
    assert!(empty.stderr.contains("protects nothing"), "{empty:?}");

    bench.write("word", b"another passphrase\r\n");
    bench.succeeds(&["keygen", "other", "--passphrase-file", "word"]);
    let sign = ["sign", "app.tar", "--key", "other.key"];
    bench.fails(7, &sign, "the passphrase does not open the key");
    bench.succeeds(&[&sign[..], &["--passphrase-file", "word"]].concat());
    bench.succeeds(&["verify", "app.tar", "--key", "other.pub"]);
}

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

#[test]
fn the_trusted_root_is_shown_and_imported() {
    let bench = Bench::new();
    let shown = bench.succeeds(&["trust-root", "show"]).stdout;
    assert!(shown.starts_with("from       this program: Sigstore's production instance"));
    assert!(
        shown.contains("\ntransparency log\n  https://rekor.sigstore.dev ("),
        "{shown}"
    );
    let json = bench.succeeds(&["trust-root", "show", "--json"]).stdout;
    bench.write("root.json", json.as_bytes());
    let file = bench
        .succeeds(&["trust-root", "show", "--trusted-root", "root.json"])
        .stdout;
    assert!(file.starts_with("from       root.json\n"), "{file}");

    let data = bench.path().join("data");
    let with_data = |arguments: &[&str]| {
        let mut command = program(arguments);
        command
            .current_dir(bench.path())
            .env("XDG_DATA_HOME", &data);
        outcome(&mut command)
    };
    bench.write("wrong.json", b"{}");
    assert_eq!(with_data(&["trust-root", "import", "wrong.json"]).code, 7);
    assert!(!data.exists());
    let imported = with_data(&["trust-root", "import", "root.json"]);
    assert_eq!((imported.code, imported.stdout.as_str()), (0, ""));
    let shown = with_data(&["trust-root", "show"]).stdout;
    assert!(
        shown.contains("data/linchpin/trusted_root.json\n"),
        "{shown}"
    );
}

#[test]
fn the_conformance_suite_gets_its_answers() {
    let bench = Bench::new();
    bench.succeeds(&["sign", "app.tar", "--key", "release.key"]);
    bench.succeeds(&["keygen", "other"]);
    let suite = [
        "conformance",
        "verify-bundle",
        "--bundle",
        "app.tar.sigstore.json",
    ];
    let ask = |more: &[&str]| bench.run(&[&suite[..], more].concat()).code;
    assert_eq!(ask(&["--key", "release.pub", "app.tar"]), 0);
    assert_eq!(ask(&["--staging", "--key", "release.pub", "app.tar"]), 0);
    assert_eq!(ask(&["--key", "other.pub", "app.tar"]), 1);
    assert_eq!(ask(&["--key", "release.pub", "release.pub"]), 1);
    let nothing = format!("sha256:{}", "0".repeat(64));
    assert_eq!(ask(&["--key", "release.pub", &nothing]), 1);
    let identity = [
        "--certificate-identity",
        "a",
        "--certificate-oidc-issuer",
        "b",
    ];
    assert_eq!(ask(&[&identity[..], &["app.tar"]].concat()), 1);
    assert!(!bench.run(&["--help"]).stdout.contains("conformance"));
}
