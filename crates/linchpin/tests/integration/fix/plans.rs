//! Plans without a registry: what they say, and what is told to no client.

use std::fs;

use serde_json::{Value, json};

use super::bench::{Bench, advisory};
use super::npm::{LOCKFILE, MANIFEST, npm_bench};
use crate::program::{outcome, run};

#[test]
fn a_plan_without_a_registry_says_what_it_assumes() {
    let bench = npm_bench();
    let plan = bench.fix(&["--offline"]);
    assert_eq!(plan.code, 0, "{plan:?}");
    let expected = "\
1 change removes 1 of 3 findings in .

package-lock.json (npm): 3 findings now, 2 afterwards
  This plan was not tried: `--offline` was given
  1. left 1.0.0 -> 1.0.1 (patch, if the client agrees)
     removes 1: GHSA-left-left-left
  To do it, or with --apply:
    npm install left@1.0.1 --package-lock-only --ignore-scripts
  What stays:
    low 1.0.0, through web: GHSA-lowl-lowl-lowl
      1.1.0 is without it, but web@1.0.0 asks for `~1.0.0`
      or insist on it against their word: `\"overrides\": {\"low\": \"1.1.0\"}` in package.json; or do without web, through which it comes in
    web 1.0.0: GHSA-webb-webb-webb
      no version without it is known
      or do without web
  To accept one for a time, put into linchpin.toml:
    [[exceptions]]
    id = \"GHSA-lowl-lowl-lowl\"
    package = \"pkg:npm/low@1.0.0\"
    reason = \"WHY\"
    expires = YYYY-MM-DD
";
    assert_eq!(plan.stdout, expected);
    let plan = bench.fix(&["--offline", "-f", "json"]).json();
    assert_eq!(plan["format"], "linchpin-fix");
    assert_eq!(plan["version"], 1);
    assert_eq!(
        plan["summary"],
        json!({"steps": 1, "findings": 3, "removed": 1, "introduced": 0})
    );
    let project = &plan["projects"][0];
    assert_eq!(project["tried"], false);
    assert_eq!(project["steps"][0]["assumed"], true);
    assert_eq!(project["stays"][0]["reason"], "not-allowed");
    assert_eq!(project["stays"][1]["reason"], "no-fix");
    let markdown = bench.fix(&["--offline", "-f", "markdown"]).stdout;
    assert!(markdown.contains("| `left` | `1.0.0` | `1.0.1` | patch | GHSA-left-left-left |"));
    assert_eq!(bench.fix(&["--apply", "--dry-run"]).code, 2);
}

#[test]
fn what_does_not_count_is_not_planned_for() {
    let bench = npm_bench();
    let exception = "[[exceptions]]\nid = \"GHSA-left-left-left\"\npackage = \"pkg:npm/left@1.0.0\"\n\
        reason = \"never called\"\nexpires = 9999-12-31\n";
    fs::write(bench.target().join("linchpin.toml"), exception).unwrap();
    let summary = |arguments: &[&str]| bench.fix(arguments).json()["summary"].clone();
    assert_eq!(
        summary(&["--offline", "-f", "json"]),
        json!({"steps": 0, "findings": 2, "removed": 0, "introduced": 0})
    );
    assert_eq!(
        summary(&["--offline", "--no-config", "-f", "json"]),
        json!({"steps": 1, "findings": 3, "removed": 1, "introduced": 0})
    );
}

#[test]
fn what_is_said_of_a_product_holds_for_plans_as_for_scans() {
    let bench = npm_bench();
    let statement = |flaw: &str, product: Value| {
        json!({
            "vulnerability": {"name": flaw},
            "products": [product],
            "status": "not_affected",
            "justification": "vulnerable_code_not_in_execute_path"
        })
    };
    let counted = |statements: Value| -> Vec<u64> {
        let document = json!({
            "@context": "https://openvex.dev/ns/v0.2.0",
            "@id": "https://example.org/vex/1",
            "author": "nobody",
            "timestamp": "2026-01-01T00:00:00Z",
            "version": 1,
            "statements": statements
        });
        let file = bench.folder.path().join("vex.json");
        fs::write(&file, document.to_string()).unwrap();
        let vex = file.to_str().unwrap();
        let plan = bench.fix(&["--offline", "-f", "json", "--vex", vex]).json();
        let database = bench.database.to_str().unwrap();
        let target = bench.target().display().to_string();
        let scan = run(&[
            "scan", &target, "--db", database, "--vex", vex, "-f", "json",
        ]);
        let found = scan.json()["findings"].as_array().unwrap().len() as u64;
        vec![plan["summary"]["findings"].as_u64().unwrap(), found]
    };
    let part = |whole: &str, part: &str| json!({"@id": whole, "subcomponents": [{"@id": part}]});
    assert_eq!(counted(json!([])), [3, 3]);
    // Of the project that is locked, of one of its parts, of all that comes in through another part.
    let app = "pkg:npm/app@1.0.0";
    let left = statement("GHSA-left-left-left", part(app, "pkg:npm/left"));
    assert_eq!(counted(json!([left])), [2, 2]);
    let whole = statement("GHSA-webb-webb-webb", json!({"@id": app}));
    let low = statement("GHSA-lowl-lowl-lowl", part("pkg:npm/web", "pkg:npm/low"));
    assert_eq!(counted(json!([left, whole, low])), [0, 0]);
    // Of another product nothing is said, nor of a version that is not locked.
    let other = statement(
        "GHSA-left-left-left",
        part("pkg:npm/other@1.0.0", "pkg:npm/left"),
    );
    let version = statement("GHSA-left-left-left", part(app, "pkg:npm/left@9.0.0"));
    assert_eq!(counted(json!([other, version])), [3, 3]);
}

/// What the end of a scan says, which asks nobody, is what `fix` says that asks nobody.
#[test]
fn a_scan_says_no_other_than_a_plan() {
    let steps = |advisories: &[Value], files: &[(&str, &str)]| -> Vec<String> {
        let bench = Bench::new("npm", advisories, files);
        let database = bench.database.to_str().unwrap();
        let target = bench.target().display().to_string();
        let scan = run(&["scan", &target, "--db", database, "-f", "json"]).json();
        let steps = scan["next"].as_array().unwrap().iter();
        steps
            .map(|step| {
                let command = step["command"].as_str();
                command.or(step["action"].as_str()).unwrap().to_owned()
            })
            .collect()
    };
    let files = [("package.json", MANIFEST), ("package-lock.json", LOCKFILE)];
    let advisories = [
        advisory("npm", "GHSA-left-left-left", "left", Some("1.0.1")),
        advisory("npm", "GHSA-lowl-lowl-lowl", "low", Some("1.1.0")),
    ];
    assert_eq!(
        steps(&advisories, &files),
        [
            "npm install left@1.0.1",
            "Upgrade low from 1.0.0 to 1.1.0 (it comes in through web): web 1.0.0 asks for `~1.0.0`; \
             `linchpin fix` looks for releases that take 1.1.0"
        ]
    );
    // Two flaws, of which what all allow removes one: the other is told by who holds it.
    let lockfile = LOCKFILE.replace(r#""low": "~1.0.0""#, r#""low": "~1.0.0", "left": "~1.0.0""#);
    let held = [("package.json", MANIFEST), ("package-lock.json", &lockfile)];
    let advisories = [
        advisory("npm", "GHSA-left-left-left", "left", Some("1.0.1")),
        advisory("npm", "GHSA-more-more-more", "left", Some("1.1.0")),
    ];
    assert_eq!(
        steps(&advisories, &held),
        [
            "npm install left@1.0.1",
            "Upgrade left from 1.0.0 to 1.1.0: web 1.0.0 asks for `~1.0.0`; `linchpin fix` looks for \
             releases that take 1.1.0"
        ]
    );
    // Here the version is allowed, and both say that the lockfile alone has to change.
    let advisories = [advisory("npm", "GHSA-lowl-lowl-lowl", "low", Some("1.0.3"))];
    assert_eq!(steps(&advisories, &files), ["npm update low"]);
    let bench = Bench::new("npm", &advisories, &files);
    let plan = bench.fix(&["--offline", "-f", "json"]).json();
    let command = &plan["projects"][0]["commands"][0];
    assert_eq!(
        command,
        "npm update low --package-lock-only --ignore-scripts"
    );
}

#[test]
fn nothing_is_told_to_a_client_that_could_be_an_option() {
    let lockfile = r#"{"lockfileVersion": 3, "packages": {
        "": {"name": "app", "dependencies": {"-x": "^1.0.0", "a": "^1.0.0"}},
        "node_modules/-x": {"version": "1.0.0"},
        "node_modules/a": {"version": "1.0.0;touch x"}}}"#;
    let advisories = [advisory("npm", "GHSA-xxxx-xxxx-xxxx", "-x", Some("1.0.1"))];
    let bench = Bench::new("npm", &advisories, &[("package-lock.json", lockfile)]);
    let plan = bench.fix(&["-f", "json"]).json();
    assert_eq!(plan["projects"][0]["steps"], json!([]));
    assert_eq!(plan["projects"][0]["commands"], json!([]));
}

#[test]
fn what_a_client_can_not_do_leaves_all_as_it_was() {
    let manifest = "a==1.0\nb==1.0\n";
    let advisories = [advisory("PyPI", "PYSEC-2026-1", "a", Some("1.1"))];
    let bench = Bench::new("PyPI", &advisories, &[("requirements.txt", manifest)]);
    // No client is found: the plan is told, not tried, and can not be applied.
    let nowhere = bench.folder.path().join("nowhere");
    let fix = |arguments: &[&str]| outcome(bench.program(arguments).env("PATH", &nowhere));
    let plan = fix(&["-f", "json"]).json();
    let project = &plan["projects"][0];
    assert_eq!(project["tried"], false, "{project:#}");
    assert_eq!(project["untried_because"], "`uv` is not installed");
    assert_eq!(project["steps"][0]["to"], "1.1");
    let applied = fix(&["--apply"]);
    assert_eq!(applied.code, 6, "{applied:?}");
    assert!(applied.stderr.contains("all is as it was"), "{applied:?}");
    let text = fs::read_to_string(bench.target().join("requirements.txt")).unwrap();
    assert_eq!(text, manifest);
}
