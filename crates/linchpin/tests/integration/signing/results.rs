//! Results that become signed statements in one go.

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::Bench;
use crate::program::storefront;

/// A pair of keys, and a lockfile with flaws in it.
fn bench() -> Bench {
    let bench = Bench::new();
    let lockfile = fs::read(format!("{}/web/package-lock.json", storefront())).unwrap();
    bench.write("package-lock.json", &lockfile);
    bench
}

/// The statement in a bundle.
fn statement(bench: &Bench, bundle: &str) -> Value {
    let bundle: Value = serde_json::from_slice(&bench.read(bundle)).unwrap();
    let payload = bundle["dsseEnvelope"]["payload"].as_str().unwrap();
    serde_json::from_slice(&STANDARD.decode(payload).unwrap()).unwrap()
}

const SIGNED: [&str; 3] = ["--attest", "--key", "release.key"];
const VERIFY: [&str; 5] = [
    "verify",
    "package-lock.json",
    "--key",
    "release.pub",
    "--type",
];

#[test]
fn a_scan_says_which_flaws_are_known() {
    let bench = bench();
    let scan = [&["scan", "package-lock.json"][..], &SIGNED].concat();
    let scanned = bench.succeeds(&scan);
    assert!(scanned.stdout.contains("CVE-2020-11023"), "{scanned:?}");
    assert!(
        scanned
            .stderr
            .contains("wrote package-lock.json.vulns.sigstore.json: a statement of the type vulns"),
        "{scanned:?}"
    );
    bench.succeeds(&[&VERIFY[..], &["vulns"]].concat());
    let said = statement(&bench, "package-lock.json.vulns.sigstore.json");
    assert_eq!(said["subject"][0]["name"], "package-lock.json");
    let results = said["predicate"]["scanner"]["result"].as_array().unwrap();
    assert!(
        results
            .iter()
            .any(|result| result["id"] == "CVE-2020-11023")
    );
    // A later scan takes its place, and the bar still decides.
    let barred = bench.run(&[&scan[..], &["--fail-on", "high"]].concat());
    assert_eq!(barred.code, 1, "{barred:?}");
    // It holds for this lockfile alone.
    bench.write("package-lock.json", b"{}");
    let verify = [&VERIFY[..], &["vulns"]].concat();
    bench.fails(1, &verify, "the bundle is about another artifact");
}

#[test]
fn an_inventory_says_what_something_is_made_of() {
    let bench = bench();
    let sbom = [
        &[
            "sbom",
            "package-lock.json",
            "-f",
            "csv=list.csv",
            "--bundle",
            "sbom.json",
        ][..],
        &SIGNED,
    ];
    bench.succeeds(&sbom.concat());
    let verify = [&VERIFY[..], &["cyclonedx", "--bundle", "sbom.json"]].concat();
    bench.succeeds(&verify);
    let said = statement(&bench, "sbom.json");
    assert_eq!(said["predicate"]["bomFormat"], "CycloneDX");
    // What is signed is what `sbom` writes.
    let written = bench.succeeds(&["sbom", "package-lock.json", "-f", "cyclonedx-json"]);
    assert_eq!(said["predicate"], written.json());
}

#[test]
fn what_can_not_be_signed_is_told() {
    let bench = bench();
    bench.fails(
        2,
        &["scan", "package-lock.json", "--attest"],
        "neither a key nor a token of identity",
    );
    fs::create_dir(bench.path().join("shop")).unwrap();
    fs::copy(
        bench.path().join("package-lock.json"),
        bench.path().join("shop/package-lock.json"),
    )
    .unwrap();
    let scanned = bench.run(&[&["scan", "shop"][..], &SIGNED].concat());
    assert_eq!(scanned.code, 7, "{scanned:?}");
    assert!(
        scanned.stderr.contains("a directory has no digest"),
        "{scanned:?}"
    );
    let purl = [&["scan", "pkg:npm/jquery@3.4.1"][..], &SIGNED].concat();
    bench.fails(2, &purl, "name a file with `--bundle`");
}
