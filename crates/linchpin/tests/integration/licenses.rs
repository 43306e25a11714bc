//! Licences as a user meets them: told by text, counted, and held against a policy.

use std::path::Path;

use crate::program::run;

/// A project with one package, whose licence is stated, or told by the text beside it.
fn project(folder: &Path, license: Option<&str>, text: Option<&str>) {
    let package = folder.join("node_modules/report-server");
    std::fs::create_dir_all(&package).unwrap();
    let license = license.map(|license| format!(r#", "license": "{license}""#));
    std::fs::write(
        package.join("package.json"),
        format!(
            r#"{{"name": "report-server", "version": "1.2.3"{}}}"#,
            license.unwrap_or_default()
        ),
    )
    .unwrap();
    if let Some(text) = text {
        std::fs::write(package.join("LICENSE"), text).unwrap();
    }
    std::fs::write(
        folder.join("package.json"),
        r#"{"name": "shop", "version": "1.0.0", "license": "MIT", "dependencies": {"report-server": "1.2.3"}}"#,
    )
    .unwrap();
}

/// The licence ISC, with a holder of its own.
const ISC: &str = "ISC License

Copyright (c) 2021, Example Reports

Permission to use, copy, modify, and/or distribute this software for any
purpose with or without fee is hereby granted, provided that the above
copyright notice and this permission notice appear in all copies.

THE SOFTWARE IS PROVIDED \"AS IS\" AND EXAMPLE REPORTS DISCLAIMS ALL WARRANTIES
WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED WARRANTIES OF MERCHANTABILITY
AND FITNESS. IN NO EVENT SHALL EXAMPLE REPORTS BE LIABLE FOR ANY SPECIAL, DIRECT,
INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM
LOSS OF USE, DATA OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR
OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR
PERFORMANCE OF THIS SOFTWARE.
";

fn package(target: &str) -> serde_json::Value {
    let outcome = run(&["scan", "-q", target, "-f", "json"]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    let report: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    let packages = report["packages"].as_array().unwrap();
    let found = packages
        .iter()
        .find(|package| package["purl"] == "pkg:npm/report-server@1.2.3");
    found.unwrap().clone()
}

#[test]
fn a_licence_is_told_by_its_text_and_never_guessed() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().display().to_string();
    project(folder.path(), None, Some(ISC));
    let told = package(&target);
    assert_eq!(told["license"], "ISC");
    assert_eq!(told["license_category"], "permissive");
    assert_eq!(told["license_file"], "node_modules/report-server/LICENSE");
    let sbom = run(&["sbom", "-q", &target, "-f", "cyclonedx-json"]);
    let sbom: serde_json::Value = serde_json::from_str(&sbom.stdout).unwrap();
    let component = sbom["components"]
        .as_array()
        .unwrap()
        .iter()
        .find(|component| component["name"] == "report-server")
        .unwrap();
    assert_eq!(
        component["licenses"][0]["license"]["acknowledgement"],
        "concluded"
    );

    let more = format!("{ISC}\nThe software must not be used by competitors.\n");
    project(folder.path(), None, Some(&more));
    assert_eq!(package(&target)["license"], serde_json::Value::Null);
    // What the package says itself counts.
    project(folder.path(), Some("BSD-2-Clause"), Some(ISC));
    let stated = package(&target);
    assert_eq!(stated["license"], "BSD-2-Clause");
    assert_eq!(stated.get("license_file"), None);
}

#[test]
fn a_policy_decides_and_an_exception_excepts() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().display().to_string();
    project(folder.path(), Some("AGPL-3.0-only"), None);
    let scan = ["scan", "-q", &target, "--fail-on", "low"];
    // Without a policy it is said, and nothing fails.
    let outcome = run(&scan);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    assert!(
        outcome.stdout.contains("1 network copyleft"),
        "{}",
        outcome.stdout
    );
    assert!(
        outcome
            .stdout
            .contains("note      report-server 1.2.3 has AGPL-3.0-only: what is built"),
        "{}",
        outcome.stdout
    );

    let policy = "[licenses]\ndeny = [\"network-copyleft\"]\n";
    let file = folder.path().join("linchpin.toml");
    std::fs::write(&file, policy).unwrap();
    let outcome = run(&scan);
    assert_eq!(outcome.code, 1, "{outcome:?}");
    assert!(
        outcome
            .stdout
            .contains("use another package than report-server")
            || outcome
                .stdout
                .contains("Use another package than report-server"),
        "{}",
        outcome.stdout
    );
    let skipped = run(&[
        "scan",
        "-q",
        &target,
        "--skip",
        "licenses",
        "--fail-on",
        "low",
    ]);
    assert_eq!(skipped.code, 0, "{skipped:?}");
    assert!(!skipped.stdout.contains("Licences"), "{}", skipped.stdout);

    for id in ["AGPL-3.0-only", "license-network-copyleft"] {
        let excepted = format!(
            "{policy}[[exceptions]]\nid = \"{id}\"\npackage = \"pkg:npm/report-server\"\n\
             reason = \"it runs unchanged\"\nexpires = 2999-01-01\n"
        );
        std::fs::write(&file, excepted).unwrap();
        let outcome = run(&scan);
        assert_eq!(outcome.code, 0, "{outcome:?}");
        assert!(
            outcome.stdout.contains("it runs unchanged"),
            "{}",
            outcome.stdout
        );
    }

    std::fs::write(&file, "[licenses]\ndeny = [\"agpl\"]\n").unwrap();
    let outcome = run(&scan);
    assert_eq!(outcome.code, 2, "{outcome:?}");
    assert!(
        outcome
            .stderr
            .contains("line 2, column 9: `agpl` is neither"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn a_template_writes_the_report() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("shop");
    project(&target, Some("AGPL-3.0-only"), None);
    let target = target.display().to_string();
    let template = folder.path().join("list.txt");
    let name = template.display().to_string();
    std::fs::write(
        &template,
        "{% for f in findings %}{{ f.id }}: {{ f.name }} {{ f.version }}\n{% endfor %}",
    )
    .unwrap();
    let outcome = run(&["scan", "-q", &target, "--template", &name]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    assert_eq!(
        outcome.stdout,
        "license-network-copyleft: report-server 1.2.3\n"
    );
    std::fs::write(&template, "a\n{{ finding }}\n").unwrap();
    let outcome = run(&["scan", "-q", &target, "--template", &name]);
    assert_eq!(outcome.code, 2, "{outcome:?}");
    assert!(
        outcome
            .stderr
            .contains(&format!("{name}:2: undefined value")),
        "{}",
        outcome.stderr
    );
    assert_eq!(outcome.stdout, "");
}
