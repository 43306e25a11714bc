//! `linchpin fix`: plans without a registry, and real clients with registries on this machine.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde_json::{Value, json};

use crate::program::{Outcome, available, outcome, program, run};

/// A folder with a project and a database of advisories.
struct Bench {
    folder: tempfile::TempDir,
    database: PathBuf,
}

impl Bench {
    fn new(ecosystem: &str, advisories: &[Value], files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mirror = folder.path().join("mirror");
        fs::create_dir_all(mirror.join(ecosystem)).unwrap();
        fs::write(mirror.join("ecosystems.txt"), format!("{ecosystem}\n")).unwrap();
        for record in advisories {
            let id = record["id"].as_str().unwrap();
            let path = mirror.join(ecosystem).join(format!("{id}.json"));
            fs::write(path, record.to_string()).unwrap();
        }
        let database = folder.path().join("advisories.db");
        let import = run(&[
            "db",
            "import",
            mirror.to_str().unwrap(),
            "--db",
            database.to_str().unwrap(),
        ]);
        assert_eq!(import.code, 0, "{import:?}");
        let bench = Self { folder, database };
        for (path, text) in files {
            let path = bench.target().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        bench
    }

    fn target(&self) -> PathBuf {
        self.folder.path().join("target")
    }

    fn program(&self, arguments: &[&str]) -> Command {
        let mut command = program(&["fix", "."]);
        command
            .current_dir(self.target())
            .args(["--db", self.database.to_str().unwrap()])
            .args(arguments);
        command
    }

    fn fix(&self, arguments: &[&str]) -> Outcome {
        outcome(&mut self.program(arguments))
    }

    /// What a new scan finds: ids and package URLs.
    fn found(&self) -> Vec<(String, String)> {
        let scan = run(&[
            "scan",
            self.target().to_str().unwrap(),
            "--db",
            self.database.to_str().unwrap(),
            "--include-dev",
            "-f",
            "json",
        ])
        .json();
        let findings = scan["findings"].as_array().unwrap().iter();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        findings
            .map(|finding| (text(&finding["id"]), text(&finding["package"])))
            .collect()
    }
}

fn advisory(ecosystem: &str, id: &str, name: &str, fixed: Option<&str>) -> Value {
    let mut events = vec![json!({"introduced": "0"})];
    events.extend(fixed.map(|fixed| json!({"fixed": fixed})));
    json!({
        "id": id,
        "modified": "2026-01-01T00:00:00Z",
        "summary": "a flaw",
        "affected": [{
            "package": {"ecosystem": ecosystem, "name": name},
            "ranges": [{"type": "SEMVER", "events": events}]
        }]
    })
}

const LOCKFILE: &str = r#"{
  "name": "app", "version": "1.0.0", "lockfileVersion": 3, "requires": true,
  "packages": {
    "": {"name": "app", "version": "1.0.0", "dependencies": {"left": "^1.0.0", "web": "^1.0.0"}},
    "node_modules/left": {"version": "1.0.0"},
    "node_modules/low": {"version": "1.0.0"},
    "node_modules/web": {"version": "1.0.0", "dependencies": {"low": "~1.0.0"}}
  }
}
"#;
const MANIFEST: &str = r#"{"name": "app", "version": "1.0.0", "dependencies": {"left": "^1.0.0", "web": "^1.0.0"}}
"#;

fn npm_bench() -> Bench {
    let advisories = [
        advisory("npm", "GHSA-left-left-left", "left", Some("1.0.1")),
        advisory("npm", "GHSA-lowl-lowl-lowl", "low", Some("1.1.0")),
        advisory("npm", "GHSA-webb-webb-webb", "web", None),
    ];
    let files = [("package.json", MANIFEST), ("package-lock.json", LOCKFILE)];
    Bench::new("npm", &advisories, &files)
}

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
      or do without web, through which it comes in
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

/// Names and ranges of what a version needs.
type Needs = &'static [(&'static str, &'static str)];

/// A registry of npm on this machine: versions and what each needs.
fn npm_registry(packages: &[(&str, &[(&str, Needs)])]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    let documents: BTreeMap<String, String> = packages
        .iter()
        .map(|(name, versions)| {
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
            let document =
                json!({"name": name, "dist-tags": {"latest": latest}, "versions": versions});
            ((*name).to_owned(), document.to_string())
        })
        .collect();
    let documents = std::sync::Arc::new(documents);
    std::thread::spawn(move || {
        // Clients open connections that they use later, so each has its own thread.
        for stream in listener.incoming().flatten() {
            let documents = std::sync::Arc::clone(&documents);
            std::thread::spawn(move || answer(stream, &documents));
        }
    });
    address
}

fn answer(mut stream: TcpStream, documents: &BTreeMap<String, String>) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let first = lines.next().and_then(Result::ok).unwrap_or_default();
    while lines
        .next()
        .is_some_and(|line| line.is_ok_and(|line| !line.is_empty()))
    {}
    let path = first
        .split(' ')
        .nth(1)
        .unwrap_or("/")
        .trim_start_matches('/');
    let (status, body) = match documents.get(path) {
        Some(body) => ("200 OK", body.as_str()),
        None => ("404 Not Found", "{}"),
    };
    let _ = write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n{body}",
        body.len()
    );
}

fn is_there(tool: &str) -> bool {
    let found = Command::new(tool).arg("--version").output().is_ok();
    available(found, tool)
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

/// A registry of Cargo in a folder, and settings that replace the public one with it.
fn cargo_home(folder: &Path, crates: &[(&str, &str, Needs)]) -> PathBuf {
    let home = folder.join("cargo-home");
    let registry = folder.join("registry");
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
        let text = index.entry((*name).to_owned()).or_default();
        text.push_str(&line.to_string());
        text.push('\n');
    }
    for (name, text) in index {
        let path = match name.len() {
            1 | 2 => format!("{}/{name}", name.len()),
            3 => format!("3/{}/{name}", &name[..1]),
            _ => format!("{}/{}/{name}", &name[..2], &name[2..4]),
        };
        let path = registry.join("index").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    fs::create_dir_all(&home).unwrap();
    let settings = format!(
        "[source.crates-io]\nreplace-with = \"here\"\n[source.here]\nlocal-registry = {:?}\n",
        registry.display().to_string()
    );
    fs::write(home.join("config.toml"), settings).unwrap();
    home
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
