//! A project and a database of advisories of its own, and what is asked of every client.

use std::fs;
use std::path::PathBuf;

use assert_cmd::Command;
use serde_json::{Value, json};

use crate::program::{Outcome, available, outcome, program, run};

/// A folder with a project and a database of advisories.
pub(super) struct Bench {
    pub(super) folder: tempfile::TempDir,
    pub(super) database: PathBuf,
}

impl Bench {
    pub(super) fn new(ecosystem: &str, advisories: &[Value], files: &[(&str, &str)]) -> Self {
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

    pub(super) fn target(&self) -> PathBuf {
        self.folder.path().join("target")
    }

    pub(super) fn program(&self, arguments: &[&str]) -> Command {
        let mut command = program(&["fix", "."]);
        command
            .current_dir(self.target())
            .args(["--db", self.database.to_str().unwrap()])
            .args(arguments);
        command
    }

    pub(super) fn fix(&self, arguments: &[&str]) -> Outcome {
        outcome(&mut self.program(arguments))
    }

    /// Plans with the real client, whose settings lead to a registry on this machine: the plan changes
    /// nothing. Then applies, and asks a new scan whether exactly that came which was promised.
    pub(super) fn keeps_its_promise(&self, settings: &[(&str, &str)]) -> Value {
        let fix = |arguments: &[&str]| {
            outcome(
                self.program(arguments)
                    .envs(settings.iter().copied())
                    .args(["--include-dev"]),
            )
        };
        let before = self.found();
        let plan = fix(&["-f", "json"]);
        assert_eq!(plan.code, 0, "{plan:?}");
        let plan = plan.json();
        assert_eq!(self.found(), before, "a plan changes nothing");
        let applied = fix(&["--apply"]);
        assert_eq!(applied.code, 0, "{applied:?}");
        let shown = "A new look at it shows what was promised";
        assert!(applied.stdout.contains(shown), "{applied:?}");

        let after = self.found();
        let ids = |found: &[(String, String)]| -> Vec<String> {
            let mut ids: Vec<String> = found.iter().map(|(id, _)| id.clone()).collect();
            ids.sort();
            ids
        };
        let promised = |list: &str| -> Vec<String> {
            let flaws = plan["projects"][0][list].as_array().unwrap().iter();
            flaws
                .map(|flaw| flaw["id"].as_str().unwrap().to_owned())
                .collect()
        };
        let mut expected = ids(&before);
        for id in promised("removes") {
            let place = expected.iter().position(|other| *other == id).unwrap();
            expected.remove(place);
        }
        expected.extend(promised("introduces"));
        expected.sort();
        assert_eq!(ids(&after), expected, "{plan:#}");
        plan
    }

    /// A file of the target.
    pub(super) fn text(&self, path: &str) -> String {
        fs::read_to_string(self.target().join(path)).unwrap()
    }

    /// Runs a client in the target, as the project's owner does to begin with.
    pub(super) fn client(&self, line: &[&str], settings: &[(&str, &str)]) {
        let mut command = Command::new(line[0]);
        command
            .args(&line[1..])
            .current_dir(self.target())
            .envs(settings.iter().copied());
        command.assert().success();
    }

    /// What a new scan finds: ids and package URLs.
    pub(super) fn found(&self) -> Vec<(String, String)> {
        let scan = run(&[
            "scan",
            self.target().to_str().unwrap(),
            "--db",
            self.database.to_str().unwrap(),
            "--include-dev",
            "--only",
            "packages",
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

pub(super) fn advisory(ecosystem: &str, id: &str, name: &str, fixed: Option<&str>) -> Value {
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

/// Names and ranges of what a version needs.
pub(super) type Needs = &'static [(&'static str, &'static str)];

/// Whether a client is here.
pub(super) fn is_there(tool: &str) -> bool {
    let found = Command::new(tool)
        .arg(if tool == "go" { "version" } else { "--version" })
        .output()
        .is_ok();
    available(found, tool)
}
