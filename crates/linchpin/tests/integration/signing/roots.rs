//! The trusted root, and the conformance suite of Sigstore.

use super::Bench;
use crate::program::{outcome, program};

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
