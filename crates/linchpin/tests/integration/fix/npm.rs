//! npm, with a registry on this machine: for a lockfile alone it asks for documents, never for
//! packages.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::bench::{Bench, Needs, advisory, is_there};
use super::served::{File, serve};
use crate::program::outcome;

pub(super) const LOCKFILE: &str = r#"{
  "name": "app", "version": "1.0.0", "lockfileVersion": 3, "requires": true,
  "packages": {
    "": {"name": "app", "version": "1.0.0", "dependencies": {"left": "^1.0.0", "web": "^1.0.0"}},
    "node_modules/left": {"version": "1.0.0"},
    "node_modules/low": {"version": "1.0.0"},
    "node_modules/web": {"version": "1.0.0", "dependencies": {"low": "~1.0.0"}}
  }
}
"#;
pub(super) const MANIFEST: &str = r#"{"name": "app", "version": "1.0.0", "dependencies": {"left": "^1.0.0", "web": "^1.0.0"}}
"#;

pub(super) fn npm_bench() -> Bench {
    let advisories = [
        advisory("npm", "GHSA-left-left-left", "left", Some("1.0.1")),
        advisory("npm", "GHSA-lowl-lowl-lowl", "low", Some("1.1.0")),
        advisory("npm", "GHSA-webb-webb-webb", "web", None),
    ];
    let files = [("package.json", MANIFEST), ("package-lock.json", LOCKFILE)];
    Bench::new("npm", &advisories, &files)
}

/// A registry of npm on this machine: versions and what each needs.
fn npm_registry(packages: &[(&str, &[(&str, Needs)])]) -> String {
    serve(|address| {
        packages
            .iter()
            .map(|(name, versions)| {
                let document = document(address, name, versions);
                let file: File = ("application/json", document.to_string().into_bytes());
                ((*name).to_owned(), file)
            })
            .collect()
    })
}

fn document(address: &str, name: &str, versions: &[(&str, Needs)]) -> Value {
    let latest = versions.last().unwrap().0;
    let versions: serde_json::Map<String, Value> = versions
        .iter()
        .map(|(version, needs)| {
            let needs: BTreeMap<&str, &str> = needs.iter().copied().collect();
            let document = json!({
                "name": name,
                "version": version,
                "dependencies": needs,
                "dist": {
                    "tarball": format!("{address}{name}-{version}.tgz"),
                    "shasum": "0000000000000000000000000000000000000000"
                }
            });
            ((*version).to_owned(), document)
        })
        .collect();
    json!({"name": name, "dist-tags": {"latest": latest}, "versions": versions})
}

#[test]
fn npm_makes_what_was_planned() {
    if !is_there("npm") {
        return;
    }
    let bench = npm_bench();
    let registry = npm_registry(&[
        ("left", &[("1.0.0", &[]), ("1.0.1", &[]), ("1.2.0", &[])]),
        ("low", &[("1.0.0", &[]), ("1.1.0", &[])]),
        (
            "web",
            &[
                ("1.0.0", &[("low", "~1.0.0")]),
                ("1.0.5", &[("low", "~1.0.0")]),
                ("1.1.0", &[("low", "^1.1.0")]),
            ],
        ),
    ]);
    let cache = bench.folder.path().join("cache");
    let fix = |arguments: &[&str]| {
        let mut command = bench.program(arguments);
        command
            .env("npm_config_registry", &registry)
            .env("npm_config_cache", &cache);
        outcome(&mut command)
    };
    let before = bench.found();
    assert_eq!(before.len(), 3);
    let plan = fix(&["-f", "json"]).json();
    let project = &plan["projects"][0];
    assert_eq!(project["tried"], true, "{project:#}");
    assert_eq!(plan["summary"]["removed"], 2, "{project:#}");
    let steps = project["steps"].as_array().unwrap();
    let step = |name: &str| steps.iter().find(|step| step["package"] == name).unwrap();
    assert_eq!(step("left")["to"], "1.0.1");
    assert_eq!(step("web")["to"], "1.1.0");
    assert_eq!(
        step("web")["moves_along"],
        json!([{"package": "low", "from": "1.0.0", "to": "1.1.0"}])
    );
    assert_eq!(bench.found(), before, "a plan changes nothing");

    let applied = fix(&["--apply"]);
    assert_eq!(applied.code, 0, "{applied:?}");
    assert!(
        applied.stdout.contains("shows what was promised"),
        "{applied:?}"
    );
    assert!(applied.stdout.contains("+++ b/package.json"), "{applied:?}");
    let after = bench.found();
    assert_eq!(
        after,
        [(
            "GHSA-webb-webb-webb".to_owned(),
            "pkg:npm/web@1.1.0".to_owned()
        )]
    );
    assert!(!bench.target().join("node_modules").exists());
}

/// A lockfile in which somebody got a peer that he does not allow was made passing over peers, and npm
/// changes it in no other way.
#[test]
fn npm_passes_over_peers_where_the_lockfile_does() {
    if !is_there("npm") {
        return;
    }
    let lockfile = r#"{
  "name": "app", "version": "1.0.0", "lockfileVersion": 3, "requires": true,
  "packages": {
    "": {"name": "app", "version": "1.0.0", "dependencies": {"left": "^1.0.0", "plug": "^1.0.0", "web": "^2.0.0"}},
    "node_modules/left": {"version": "1.0.0"},
    "node_modules/plug": {"version": "1.0.0", "peerDependencies": {"web": "^1.0.0"}},
    "node_modules/web": {"version": "2.0.0"}
  }
}
"#;
    let manifest = r#"{"name": "app", "version": "1.0.0", "dependencies": {"left": "^1.0.0", "plug": "^1.0.0", "web": "^2.0.0"}}
"#;
    let advisories = [advisory(
        "npm",
        "GHSA-left-left-left",
        "left",
        Some("1.0.1"),
    )];
    let files = [("package.json", manifest), ("package-lock.json", lockfile)];
    let bench = Bench::new("npm", &advisories, &files);
    let address = serve(|address| {
        let packages: &[(&str, &[(&str, Needs)])] = &[
            ("left", &[("1.0.0", &[]), ("1.0.1", &[])]),
            ("plug", &[("1.0.0", &[])]),
            ("web", &[("1.0.0", &[]), ("2.0.0", &[])]),
        ];
        packages
            .iter()
            .map(|(name, versions)| {
                let mut document = document(address, name, versions);
                if *name == "plug" {
                    document["versions"]["1.0.0"]["peerDependencies"] = json!({"web": "^1.0.0"});
                }
                let file: File = ("application/json", document.to_string().into_bytes());
                ((*name).to_owned(), file)
            })
            .collect()
    });
    let cache = bench.folder.path().join("cache").display().to_string();
    let settings = [
        ("npm_config_registry", address.as_str()),
        ("npm_config_cache", &cache),
    ];
    let plan = bench.keeps_its_promise(&settings);
    let project = &plan["projects"][0];
    assert_eq!(project["tried"], true, "{project:#}");
    assert_eq!(project["passes_over_peers"], true, "{project:#}");
    let command = project["commands"][0].as_str().unwrap();
    assert!(command.ends_with(" --legacy-peer-deps"), "{command}");
    assert_eq!(bench.found(), []);
}
