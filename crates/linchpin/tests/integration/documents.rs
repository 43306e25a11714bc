//! What is done with documents: `linchpin sbom diff`, `merge`, `score`, `enrich`, `query`, and the
//! formats for people.

use std::path::Path;

use crate::program::{outcome, program, run, storefront};

fn write(folder: &Path, name: &str, content: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, content).unwrap();
    path.display().to_string()
}

fn document(name: &str, libraries: &[(&str, &str)]) -> String {
    let components: Vec<String> = libraries
        .iter()
        .map(|(name, version)| {
            format!(
                r#"{{"type":"library","bom-ref":"{name}@{version}","name":"{name}","version":"{version}","purl":"pkg:npm/{name}@{version}","licenses":[{{"license":{{"id":"MIT"}}}}]}}"#
            )
        })
        .collect();
    let needs: Vec<String> = libraries
        .iter()
        .map(|(name, version)| format!(r#""{name}@{version}""#))
        .collect();
    format!(
        r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"metadata":{{"component":{{"type":"application","bom-ref":"root","name":"{name}"}}}},"components":[{}],"dependencies":[{{"ref":"root","dependsOn":[{}]}}]}}"#,
        components.join(","),
        needs.join(",")
    )
}

#[test]
fn a_difference_is_1_and_none_is_0() {
    let folder = tempfile::tempdir().unwrap();
    let old = write(
        folder.path(),
        "old.json",
        &document("shop", &[("left", "1.0.0"), ("gone", "1.0.0")]),
    );
    let new = write(
        folder.path(),
        "new.json",
        &document("shop", &[("left", "1.1.0"), ("fresh", "2.0.0")]),
    );
    let same = run(&["sbom", "diff", &old, &old]);
    assert_eq!(
        (same.code, same.stdout.as_str(), same.stderr.as_str()),
        (0, "Nothing is different.\n", "")
    );
    let different = run(&["sbom", "diff", &old, &new]);
    assert_eq!(different.code, 1, "{}", different.stderr);
    assert_eq!(
        different.stdout,
        "\
1 component added, 1 removed, 1 changed; 1 dependency added, 1 removed

   NAME   WHAT     BEFORE  AFTER
+  fresh  added            2.0.0
-  gone   removed  1.0.0
~  left   version  1.0.0   1.1.0

   FROM           TO
+  (the product)  fresh
-  (the product)  gone
"
    );
    let json = run(&["sbom", "diff", "--format", "json", &old, &new]).json();
    assert_eq!(json["same"], false);
    assert_eq!(json["added"][0]["purl"], "pkg:npm/fresh@2.0.0");
    assert_eq!(json["changed"][0]["version"]["after"], "1.1.0");
    assert_eq!(json["dependencies"]["removed"][0]["to"], "gone");
}

#[test]
fn documents_and_targets_can_be_compared() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shop.json").display().to_string();
    assert_eq!(run(&["sbom", &storefront(), "-o", &file]).code, 0);
    let outcome = run(&["sbom", "diff", &file, &storefront()]);
    assert_eq!(outcome.code, 0, "{}", outcome.stdout);
}

#[test]
fn documents_come_from_the_standard_input_too() {
    let input = document("shop", &[("left", "1.0.0")]);
    let scored = outcome(program(&["sbom", "score", "-", "-f", "json"]).write_stdin(input));
    assert_eq!(scored.code, 0, "{}", scored.stderr);
    let json = scored.json();
    assert_eq!(json["components"], 2);
    assert_eq!(json["standards"].as_array().unwrap().len(), 3);
    let ntia = &json["standards"][0]["elements"];
    assert_eq!(ntia[0]["id"], "supplier-name");
    assert_eq!(ntia[0]["missing"][1], "left 1.0.0");
}

#[test]
fn a_score_can_fail() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(
        folder.path(),
        "shop.json",
        &document("shop", &[("left", "1.0.0")]),
    );
    let shown = run(&["sbom", "score", &file]);
    assert_eq!(shown.code, 0);
    assert!(shown.stdout.starts_with("Grade "), "{}", shown.stdout);
    assert!(shown.stdout.contains("Supplier name"));
    assert_eq!(run(&["sbom", "score", "--fail-below", "95", &file]).code, 1);
    assert_eq!(run(&["sbom", "score", "--fail-below", "0", &file]).code, 0);
    assert_eq!(
        run(&["sbom", "score", "--fail-below", "101", &file]).code,
        2
    );
}

#[test]
fn merged_documents_are_documents() {
    let folder = tempfile::tempdir().unwrap();
    let one = write(
        folder.path(),
        "one.json",
        &document("one", &[("left", "1.0.0"), ("both", "1.0.0")]),
    );
    let two = write(
        folder.path(),
        "two.json",
        &document("two", &[("right", "1.0.0"), ("both", "1.0.0")]),
    );
    let flat = run(&[
        "sbom",
        "merge",
        &one,
        &two,
        "--name",
        "whole",
        "--version",
        "7",
    ]);
    assert_eq!(flat.code, 0, "{}", flat.stderr);
    let json = flat.json();
    assert_eq!(json["metadata"]["component"]["name"], "whole");
    assert_eq!(json["metadata"]["component"]["version"], "7");
    assert_eq!(json["components"].as_array().unwrap().len(), 5);
    let again = run(&[
        "sbom",
        "merge",
        &one,
        &two,
        "--name",
        "whole",
        "--version",
        "7",
    ]);
    assert_eq!(flat.stdout, again.stdout);
    let tree = run(&["sbom", "merge", "--hierarchical", &one, &two]).json();
    assert_eq!(tree["components"].as_array().unwrap().len(), 2);
    assert_eq!(
        tree["components"][1]["components"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert_eq!(run(&["sbom", "merge", "-", "-"]).code, 2);
    assert_eq!(
        run(&["sbom", "merge", "--flat", "--hierarchical", &one]).code,
        2
    );
}

#[test]
fn gaps_are_filled_from_a_target() {
    let folder = tempfile::tempdir().unwrap();
    let bare = folder.path().join("bare.txt").display().to_string();
    assert_eq!(
        run(&["sbom", &storefront(), "-f", "purls", "-o", &bare]).code,
        0
    );
    let enriched = run(&[
        "sbom",
        "enrich",
        &bare,
        "--from",
        &storefront(),
        "-f",
        "cyclonedx-json",
    ]);
    assert_eq!(enriched.code, 0, "{}", enriched.stderr);
    assert!(
        enriched.stderr.contains("filled in: "),
        "{}",
        enriched.stderr
    );
    let json = enriched.json();
    let hashed = json["components"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|component| component.get("hashes").is_some());
    assert!(hashed.count() > 100);
    assert_eq!(run(&["sbom", "enrich", &bare]).code, 2);
}

#[test]
fn queries_choose_components() {
    let query = |expression: &str| run(&["sbom", "query", &storefront(), expression]);
    let found = query("type == \"npm\" && name == \"lodash\"");
    assert_eq!(found.code, 0, "{}", found.stderr);
    assert!(found.stdout.contains("lodash"), "{}", found.stdout);
    let json = run(&["sbom", "query", "-f", "json", &storefront(), "direct"]).json();
    assert!(json["matched"].as_u64().unwrap() > 0);
    assert_eq!(
        run(&["sbom", "query", "--fail-on-match", &storefront(), "true"]).code,
        1
    );
    for (wrong, message) in [
        ("nam == \"x\"", "line 1, column 1: there is no field `nam`"),
        ("name ==", "line 1, column "),
        ("name", "neither true nor false"),
        (&"(".repeat(500), "nested deeper than"),
    ] {
        let outcome = query(wrong);
        assert_eq!(outcome.code, 2, "{wrong}");
        assert_eq!(outcome.stdout, "");
        assert!(outcome.stderr.contains(message), "{}", outcome.stderr);
    }
}

#[test]
fn people_are_given_tables_and_spreadsheets() {
    for width in ["80", "200"] {
        let table =
            outcome(program(&["sbom", &storefront(), "--format", "table"]).env("COLUMNS", width));
        assert_eq!(table.code, 0);
        let width: usize = width.parse().unwrap();
        for line in table.stdout.lines().skip(1) {
            assert!(line.chars().count() <= width, "{line}");
        }
    }
    let csv = run(&["sbom", &storefront(), "--format", "csv"]);
    assert!(csv.stdout.starts_with("name,version,type,licenses,"));
    assert!(csv.stdout.contains("\r\n"));
    let folder = tempfile::tempdir().unwrap();
    let sheet = folder.path().join("scan.xlsx");
    let format = format!("xlsx={}", sheet.display());
    assert_eq!(run(&["scan", &storefront(), "--format", &format]).code, 0);
    assert!(std::fs::read(&sheet).unwrap().starts_with(b"PK"));
}

#[test]
fn what_is_no_document_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let broken = write(
        folder.path(),
        "broken.json",
        "{\"bomFormat\":\"CycloneDX\",",
    );
    for arguments in [
        vec!["sbom", "diff", &broken, &broken],
        vec!["sbom", "score", &broken],
        vec!["sbom", "merge", &broken],
        vec!["sbom", "query", &broken, "true"],
        vec!["sbom", "score", "no/such/file"],
    ] {
        let outcome = run(&arguments);
        assert_eq!(outcome.code, 3, "{arguments:?}: {}", outcome.stderr);
        assert_eq!(outcome.stdout, "");
    }
}
