//! Go programs without the functions in which a flaw is: real ones, for several systems and
//! processors, against advisories that name functions which are there and which are not.

#![expect(clippy::disallowed_methods, reason = "the test runs Go's own compiler")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::program::{available, run};

const LIBRARY: &str = r"package lib

func Inlined(n int) int { return n*7 + 3 }

func Generic[T any](v T) []T { return append(make([]T, 0, 3), v) }

type Decoder struct{ N int }

//go:noinline
func (d *Decoder) Decode() int { return d.N * 2 }

func (d Decoder) Value() int { return d.N * 5 }

//go:noinline
func (d *Decoder) Bound() int { return d.N * 9 }

func (d *Decoder) Unused() int { return d.N * 11 }

func Closure() func(int) int {
	x := 0
	return func(n int) int { x += n; return x * helper(n) }
}

//go:noinline
func helper(n int) int { return n * 13 }

//go:noinline
func Absent(n int) int { return n * 17 }

func AbsentInlined(n int) int { return n * 19 }
";

const PROGRAM: &str = r#"package main

import (
	"fmt"
	"os"

	lib "modules.example/lib.v1"
	"modules.example/lib.v1/inner"
)

func Local(n int) int { return n * 23 }

func main() {
	n := len(os.Args)
	d := lib.Decoder{N: n}
	f := d.Bound
	fmt.Println(lib.Inlined(n), lib.Generic(n), lib.Generic(os.Args[0]), d.Decode(), d.Value())
	fmt.Println(f(), lib.Closure()(3), inner.Twice(n), Local(n))
}
"#;

fn write_project(root: &Path) {
    let write = |path: &str, text: &str| {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write(
        "go.mod",
        "module modules.example/app\n\ngo 1.18\n\nrequire modules.example/lib.v1 v1.2.3\n",
    );
    write("main.go", PROGRAM);
    write(
        "vendor/modules.txt",
        "# modules.example/lib.v1 v1.2.3\n## explicit; go 1.18\nmodules.example/lib.v1\nmodules.example/lib.v1/inner\n",
    );
    write("vendor/modules.example/lib.v1/lib.go", LIBRARY);
    write(
        "vendor/modules.example/lib.v1/inner/inner.go",
        "package inner\n\nfunc Twice(n int) int { return n * 2 }\n",
    );
}

/// Whether the flaw is in the program, by what the advisory names.
fn flaws() -> Vec<(&'static str, &'static str, Value, bool)> {
    let root = "modules.example/lib.v1";
    let inner = "modules.example/lib.v1/inner";
    let named = |path: &str, symbols: &[&str]| json!([{ "path": path, "symbols": symbols }]);
    vec![
        (
            "GO-1",
            root,
            named(root, &["Absent", "AbsentInlined", "Decoder.Unused"]),
            false,
        ),
        ("GO-2", root, named(root, &["Inlined"]), true),
        ("GO-3", root, named(root, &["Generic"]), true),
        ("GO-4", root, named(root, &["Decoder.Value"]), true),
        ("GO-5", root, named(root, &["Closure"]), true),
        ("GO-6", root, Value::Null, true),
        ("GO-7", root, json!([{ "path": inner }]), true),
        (
            "GO-8",
            root,
            json!([{ "path": "modules.example/lib.v1/other" }]),
            false,
        ),
        ("GO-9", root, named(inner, &["Thrice"]), false),
        (
            "GO-10",
            root,
            named(root, &["Absent", "Decoder.Decode"]),
            true,
        ),
        ("GO-11", root, named(root, &["Decoder.Bound"]), true),
        ("GO-12", root, named(root, &["helper"]), true),
        (
            "GO-13",
            "stdlib",
            named("net/http", &["Server.Serve"]),
            false,
        ),
        ("GO-14", "stdlib", named("fmt", &["Fprintln"]), true),
        ("GO-15", "stdlib", named("fmt", &["Sscan"]), false),
    ]
}

fn write_advisories(folder: &Path) {
    let ecosystem = folder.join("Go");
    fs::create_dir_all(&ecosystem).unwrap();
    for (id, module, imports, _) in flaws() {
        let record = json!({
            "schema_version": "1.6.0", "id": id, "modified": "2026-01-01T00:00:00Z",
            "affected": [{
                "package": { "ecosystem": "Go", "name": module },
                "ranges": [{ "type": "SEMVER", "events": [{ "introduced": "0" }, { "fixed": "99.0.0" }] }],
                "ecosystem_specific": { "imports": imports }
            }]
        });
        fs::write(ecosystem.join(format!("{id}.json")), record.to_string()).unwrap();
    }
    // Another record of the first flaw, which names no functions.
    let other = json!({
        "id": "GHSA-aaaa-bbbb-cccc", "aliases": ["GO-1"], "modified": "2026-01-01T00:00:00Z",
        "affected": [{
            "package": { "ecosystem": "Go", "name": "modules.example/lib.v1" },
            "ranges": [{ "type": "SEMVER", "events": [{ "introduced": "0" }, { "fixed": "99.0.0" }] }]
        }]
    });
    fs::write(
        ecosystem.join("GHSA-aaaa-bbbb-cccc.json"),
        other.to_string(),
    )
    .unwrap();
}

fn build(root: &Path, name: &str, settings: &[(&str, &str)], flags: &[&str]) -> bool {
    let mut command = Command::new("go");
    command
        .args(["build", "-mod=vendor", "-trimpath", "-buildvcs=false", "-o"])
        .arg(root.join(name))
        .args(flags)
        .arg(".")
        .current_dir(root)
        .env("GOPROXY", "off")
        .env("GOFLAGS", "")
        .env("CGO_ENABLED", "0");
    for (name, value) in settings {
        command.env(name, value);
    }
    let Ok(output) = command.output() else {
        return false;
    };
    assert!(
        output.status.success(),
        "{name}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    true
}

/// For each flaw whether it counts; the document beside it.
fn found(target: &Path, database: &Path) -> (BTreeMap<String, bool>, Value) {
    let scan = run(&[
        "scan",
        target.to_str().unwrap(),
        "--db",
        database.to_str().unwrap(),
        "--format",
        "json",
    ]);
    assert_eq!(scan.code, 0, "{}", scan.stderr);
    let json = scan.json();
    let ids = |list: &str, counts: bool| {
        json[list]
            .as_array()
            .unwrap()
            .iter()
            .map(|finding| {
                let id = finding["id"].as_str().unwrap();
                // The lead of two names is GitHub's.
                let id = if id.starts_with("GHSA") { "GO-1" } else { id };
                (id.to_owned(), counts)
            })
            .collect::<Vec<_>>()
    };
    let all = ids("findings", true)
        .into_iter()
        .chain(ids("suppressed", false));
    (all.collect(), json)
}

#[test]
fn what_is_not_in_the_program_does_not_count() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write_project(root);
    if !available(build(root, "plain", &[], &[]), "go") {
        return;
    }
    let stripped = ["-ldflags", "-s -w"];
    build(root, "stripped", &[], &stripped);
    build(root, "pie", &[], &["-buildmode=pie", "-ldflags", "-s -w"]);
    build(root, "program.exe", &[("GOOS", "windows")], &stripped);
    build(
        root,
        "for-mac",
        &[("GOOS", "darwin"), ("GOARCH", "arm64")],
        &[],
    );
    build(root, "big-endian", &[("GOARCH", "s390x")], &stripped);

    let feed = tempfile::tempdir().unwrap();
    write_advisories(feed.path());
    let database = feed.path().join("advisories.db");
    let import = run(&[
        "db",
        "import",
        feed.path().to_str().unwrap(),
        "--db",
        database.to_str().unwrap(),
    ]);
    assert_eq!(import.code, 0, "{}", import.stderr);

    let expected: BTreeMap<String, bool> = flaws()
        .into_iter()
        .map(|(id, _, _, counts)| (id.to_owned(), counts))
        .collect();
    for name in [
        "plain",
        "stripped",
        "pie",
        "program.exe",
        "for-mac",
        "big-endian",
    ] {
        let (result, json) = found(&root.join(name), &database);
        assert_eq!(result, expected, "{name}");
        let proof = json["suppressed"]
            .as_array()
            .unwrap()
            .iter()
            .map(|finding| &finding["suppressed_by"][0])
            .find(|proof| proof["advisories"] == json!(["GO-1"]))
            .unwrap();
        assert_eq!(proof["by"], "code-absent");
        assert_eq!(proof["justification"], "vulnerable_code_not_present");
        assert_eq!(
            proof["looked_for"],
            json!([{ "package": "modules.example/lib.v1", "symbols": ["Absent", "AbsentInlined", "Decoder.Unused"] }])
        );
        let program = &proof["programs"][0];
        assert!(program["functions"].as_u64().unwrap() > 1000, "{program}");
        assert_eq!(
            program["digest"], json["target"]["digest"],
            "the digest of the file: {program}"
        );
    }

    // Where the same module is somewhere else as well, nothing is known of that place.
    let only = tempfile::tempdir().unwrap();
    fs::copy(root.join("stripped"), only.path().join("app")).unwrap();
    assert_eq!(found(only.path(), &database).0, expected);
    fs::copy(root.join("go.mod"), only.path().join("go.mod")).unwrap();
    let (with_sources, _) = found(only.path(), &database);
    assert_eq!(with_sources.get("GO-1"), Some(&true));
    // The standard library is only in the program.
    assert_eq!(with_sources.get("GO-13"), Some(&false));
}
