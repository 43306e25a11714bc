//! Cargo, with a registry in a folder.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde_json::{Value, json};

use super::bench::{Bench, Needs, advisory, is_there};
use super::served::serve;
use crate::program::outcome;

/// A registry of Cargo in a folder, and settings that replace the public one with it.
fn cargo_home(folder: &Path, crates: &[(&str, &str, Needs)]) -> PathBuf {
    let registry = folder.join("registry");
    for (path, text) in index(crates) {
        let path = registry.join("index").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let location = format!("local-registry = {:?}", registry.display().to_string());
    home_with(folder, &location)
}

/// Settings that have Cargo ask a registry at an address of this machine, which it keeps files of.
fn cargo_home_served(folder: &Path, crates: &[(&str, &str, Needs)]) -> PathBuf {
    let address = serve(|address| {
        let settings = format!("{{\"dl\": \"{address}crates\"}}");
        let mut files = BTreeMap::from([(
            "index/config.json".to_owned(),
            ("application/json", settings.into_bytes()),
        )]);
        for (path, text) in index(crates) {
            files.insert(format!("index/{path}"), ("text/plain", text.into_bytes()));
        }
        files
    });
    home_with(folder, &format!("registry = \"sparse+{address}index/\""))
}

fn home_with(folder: &Path, location: &str) -> PathBuf {
    let home = folder.join("cargo-home");
    fs::create_dir_all(&home).unwrap();
    let settings =
        format!("[source.crates-io]\nreplace-with = \"here\"\n[source.here]\n{location}\n");
    fs::write(home.join("config.toml"), settings).unwrap();
    home
}

/// The files of an index.
fn index(crates: &[(&str, &str, Needs)]) -> BTreeMap<String, String> {
    let mut index: BTreeMap<String, String> = BTreeMap::new();
    for (name, version, needs) in crates {
        let needs: Vec<Value> = needs
            .iter()
            .map(|(name, range)| {
                json!({"name": name, "req": range, "features": [], "optional": false,
                    "default_features": true, "target": null, "kind": "normal"})
            })
            .collect();
        let line = json!({"name": name, "vers": version, "deps": needs, "features": {},
            "cksum": "0".repeat(64), "yanked": false});
        let path = match name.len() {
            1 | 2 => format!("{}/{name}", name.len()),
            3 => format!("3/{}/{name}", &name[..1]),
            _ => format!("{}/{}/{name}", &name[..2], &name[2..4]),
        };
        let text = index.entry(path).or_default();
        text.push_str(&line.to_string());
        text.push('\n');
    }
    index
}

#[test]
fn cargo_makes_what_was_planned_and_its_refusal_is_told() {
    if !is_there("cargo") {
        return;
    }
    let manifest = "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\
                    [dependencies]\nweb = \"1\"\nleft = \"1\"\n";
    let advisories = [
        advisory("crates.io", "GHSA-left-left-left", "left", Some("1.0.1")),
        advisory("crates.io", "GHSA-lowl-lowl-lowl", "low", Some("1.1.0")),
    ];
    let files = [("Cargo.toml", manifest), ("src/main.rs", "fn main() {}")];
    let bench = Bench::new("crates.io", &advisories, &files);
    let crates: &[(&str, &str, Needs)] = &[
        ("web", "1.0.0", &[("low", "~1.0")]),
        ("low", "1.0.0", &[]),
        ("low", "1.1.0", &[]),
        ("left", "1.0.0", &[]),
        ("left", "1.0.1", &[]),
    ];
    let home = cargo_home(bench.folder.path(), crates);
    let lock = |arguments: &[&str]| {
        let mut command = Command::new("cargo");
        command
            .args(arguments)
            .current_dir(bench.target())
            .env("CARGO_HOME", &home);
        command.assert().success();
    };
    lock(&["generate-lockfile"]);
    lock(&["update", "-p", "left", "--precise", "1.0.0"]);
    assert_eq!(bench.found().len(), 2);
    let fix = |arguments: &[&str]| outcome(bench.program(arguments).env("CARGO_HOME", &home));
    let plan = fix(&["-f", "json"]).json();
    let project = &plan["projects"][0];
    assert_eq!(project["tried"], true, "{project:#}");
    assert_eq!(project["steps"][0]["package"], "left", "{project:#}");
    assert_eq!(project["steps"].as_array().unwrap().len(), 1);
    assert_eq!(project["stays"][0]["reason"], "refused", "{project:#}");
    let explanation = project["stays"][0]["explanation"].as_str().unwrap();
    assert!(explanation.contains("web v1.0.0"), "{explanation}");

    let applied = fix(&["--apply"]);
    assert_eq!(applied.code, 0, "{applied:?}");
    let after = bench.found();
    assert_eq!(after.len(), 1);
    assert_eq!(after[0].1, "pkg:cargo/low@1.0.0");
}

#[test]
fn a_newer_parent_is_found_in_what_cargo_keeps_of_its_registry() {
    if !is_there("cargo") {
        return;
    }
    let manifest = "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\
                    [dependencies]\nweb = \"1\"\n";
    let advisories = [
        advisory("crates.io", "GHSA-lowl-lowl-lowl", "low", Some("2.0.0")),
        advisory("crates.io", "GHSA-oldd-oldd-oldd", "old", None),
    ];
    let files = [("Cargo.toml", manifest), ("src/main.rs", "fn main() {}")];
    let bench = Bench::new("crates.io", &advisories, &files);
    let crates: &[(&str, &str, Needs)] = &[
        ("web", "1.0.0", &[("low", "1"), ("old", "1")]),
        ("web", "1.1.0", &[("low", "2"), ("old", "1")]),
        ("web", "1.2.0", &[("low", "2")]),
        ("web", "1.3.0", &[("low", "2")]),
        ("low", "1.0.0", &[]),
        ("low", "2.0.0", &[]),
        ("old", "1.0.0", &[]),
    ];
    let home = cargo_home_served(bench.folder.path(), crates);
    for arguments in [
        &["generate-lockfile"][..],
        &["update", "-p", "web", "--precise", "1.0.0"],
    ] {
        let mut command = Command::new("cargo");
        command
            .args(arguments)
            .current_dir(bench.target())
            .env("CARGO_HOME", &home);
        command.assert().success();
    }
    assert_eq!(bench.found().len(), 2);
    let fix = |arguments: &[&str]| outcome(bench.program(arguments).env("CARGO_HOME", &home));
    let plan = fix(&["-f", "json"]).json();
    let project = &plan["projects"][0];
    assert_eq!(project["tried"], true, "{project:#}");
    let steps = project["steps"].as_array().unwrap();
    assert_eq!(steps.len(), 1, "{project:#}");
    assert_eq!(
        (&steps[0]["package"], &steps[0]["to"]),
        (&json!("web"), &json!("1.2.0")),
        "{project:#}"
    );
    let applied = fix(&["--apply"]);
    assert_eq!(applied.code, 0, "{applied:?}");
    assert_eq!(bench.found().len(), 0);
}
