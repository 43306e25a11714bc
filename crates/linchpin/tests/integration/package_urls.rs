//! Package URLs as targets.

use crate::program::run;

#[test]
fn a_package_is_compared_with_advisories() {
    let outcome = run(&[
        "scan",
        "pkg:npm/lodash@4.17.20",
        "--offline",
        "--format",
        "json",
    ]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let json = outcome.json();
    assert_eq!(json["target"]["kind"], "package");
    assert_eq!(json["target"]["name"], "pkg:npm/lodash@4.17.20");
    // The starter set knows what is wrong with a famous one.
    let outcome = run(&[
        "scan",
        "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1",
    ]);
    assert!(
        outcome.stdout.contains("CVE-2021-44228"),
        "{}",
        outcome.stdout
    );
    let outcome = run(&["sbom", "-q", "pkg:npm/lodash@4.17.20"]);
    assert_eq!(outcome.json()["metadata"]["component"]["type"], "library");
}

#[test]
fn what_is_no_package_is_said() {
    let outcome = run(&["scan", "pkg:npm"]);
    assert_eq!(outcome.code, 3);
    assert!(outcome.stderr.contains("pkg:TYPE/"), "{}", outcome.stderr);
    let outcome = run(&["scan", "pkg:npm/lodash"]);
    assert_eq!(outcome.code, 0);
    assert!(
        outcome.stdout.contains("no version is named"),
        "{}",
        outcome.stdout
    );
}
