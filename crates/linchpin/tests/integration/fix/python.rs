//! uv, pip's requirements files and Poetry, with an index on this machine: pages of links, and wheels.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io::{Cursor, Write as _};

use super::bench::{Bench, advisory, is_there};
use super::served::{File, serve};

/// The packages of the index: name, version, what it needs.
const PACKAGES: &[(&str, &str, &str)] = &[
    ("left", "1.0", ""),
    ("left", "1.0.1", ""),
    ("left", "1.0.2", ""),
    ("left", "2.0", ""),
    ("low", "1.0", ""),
    ("low", "1.1", ""),
    ("pin", "1.0", ""),
    ("pin", "1.1", ""),
    ("web", "1.0", "low<1.1"),
    ("web", "1.1", "low>=1.1"),
];

/// A wheel without code.
fn wheel(name: &str, version: &str, needs: &str) -> Vec<u8> {
    let information = format!("{name}-{version}.dist-info");
    let needs = if needs.is_empty() {
        String::new()
    } else {
        format!("Requires-Dist: {needs}\n")
    };
    let files = [
        (format!("{name}.py"), String::new()),
        (
            format!("{information}/METADATA"),
            format!("Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}"),
        ),
        (
            format!("{information}/WHEEL"),
            "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
                .to_owned(),
        ),
        (format!("{information}/RECORD"), String::new()),
    ];
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (path, text) in files {
        let options = zip::write::SimpleFileOptions::default();
        archive.start_file(path, options).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// An index: <https://packaging.python.org/en/latest/specifications/simple-repository-api/>.
fn index() -> String {
    let address = serve(|_| {
        let mut files: BTreeMap<String, File> = BTreeMap::new();
        let names: BTreeSet<&str> = PACKAGES.iter().map(|(name, _, _)| *name).collect();
        for name in names {
            let mut page = String::from("<!DOCTYPE html><html><body>\n");
            for (_, version, needs) in PACKAGES.iter().filter(|(of, _, _)| *of == name) {
                let file = format!("{name}-{version}-py3-none-any.whl");
                writeln!(page, "<a href=\"{file}\">{file}</a>").unwrap();
                let content = wheel(name, version, needs);
                let path = format!("simple/{name}/{file}");
                files.insert(path, ("application/octet-stream", content));
            }
            let page = ("text/html", page.into_bytes());
            files.insert(format!("simple/{name}/"), page);
        }
        files
    });
    format!("{address}simple")
}

fn bench(files: &[(&str, &str)]) -> Bench {
    let record = |id: &str, name: &str, fixed: &str| {
        let mut record = advisory("PyPI", id, name, Some(fixed));
        record["affected"][0]["ranges"][0]["type"] = "ECOSYSTEM".into();
        record
    };
    let advisories = [
        record("PYSEC-2026-1", "left", "1.0.1"),
        record("PYSEC-2026-2", "low", "1.1"),
        record("PYSEC-2026-3", "pin", "1.1"),
    ];
    Bench::new("PyPI", &advisories, files)
}

/// Settings of the clients that lead to the index, and to caches of their own.
fn settings(bench: &Bench) -> Vec<(&'static str, String)> {
    let index = index();
    let cache = bench.folder.path().join("cache").display().to_string();
    vec![
        ("UV_DEFAULT_INDEX", index.clone()),
        ("UV_CACHE_DIR", cache.clone()),
        ("PIP_INDEX_URL", index.clone()),
        ("PIP_FIND_LINKS", String::new()),
        ("PIP_CACHE_DIR", cache.clone()),
        ("POETRY_CACHE_DIR", cache),
        ("INDEX", index),
    ]
}

fn borrowed<'a>(settings: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    let settings = settings.iter();
    settings
        .map(|(name, value)| (*name, value.as_str()))
        .collect()
}

fn steps(plan: &serde_json::Value) -> Vec<(String, String)> {
    let steps = plan["projects"][0]["steps"].as_array().unwrap().iter();
    let mut steps: Vec<(String, String)> = steps
        .map(|step| {
            let text = |key: &str| step[key].as_str().unwrap().to_owned();
            (text("package"), text("to"))
        })
        .collect();
    steps.sort();
    steps
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let pairs = pairs.iter();
    pairs
        .map(|(name, version)| ((*name).to_owned(), (*version).to_owned()))
        .collect()
}

const PROJECT: &str = "[project]\nname = \"app\"\nversion = \"1.0\"\nrequires-python = \">=3.9\"\n";

#[test]
fn uv_makes_what_was_planned() {
    if !["uv", "pip"].into_iter().all(is_there) {
        return;
    }
    let manifest =
        format!("{PROJECT}dependencies = [\"left>=1.0,<2\", \"pin==1.0\", \"web==1.0\"]\n");
    let bench = bench(&[("pyproject.toml", &manifest)]);
    let settings = settings(&bench);
    let settings = borrowed(&settings);
    bench.client(
        &["uv", "lock", "--no-build", "--upgrade-package", "left==1.0"],
        &settings,
    );
    assert_eq!(bench.found().len(), 3);
    let plan = bench.keeps_its_promise(&settings);
    assert_eq!(plan["projects"][0]["tried"], true, "{plan:#}");
    // The lowest that helps, not the newest.
    assert_eq!(steps(&plan), pairs(&[("left", "1.0.1"), ("pin", "1.1")]));
    // uv's lockfile does not say what `web` asks for; uv itself does.
    let stays = &plan["projects"][0]["stays"][0];
    assert_eq!(stays["package"], "low", "{stays:#}");
    assert_eq!(stays["reason"], "refused", "{stays:#}");
    assert_eq!(bench.found().len(), 1);
    let changed = bench.text("pyproject.toml");
    assert!(changed.contains("left>=1.0,<2"), "{changed}");
    assert!(changed.contains("pin>=1.1"), "{changed}");
    assert!(!bench.target().join(".venv").exists());
}

#[test]
fn requirements_that_people_write_are_changed_in_their_lines() {
    if !["uv", "pip"].into_iter().all(is_there) {
        return;
    }
    let text = "# what we need\nleft==1.0  # pinned\nweb==1.0\nlow==1.0\n";
    let bench = bench(&[("requirements.txt", text)]);
    let settings = settings(&bench);
    let plan = bench.keeps_its_promise(&borrowed(&settings));
    assert_eq!(plan["projects"][0]["tried"], true, "{plan:#}");
    let changed = bench.text("requirements.txt");
    assert!(
        changed.starts_with("# what we need\nleft==1.0.1  # pinned\n"),
        "{changed}"
    );
}

#[test]
fn requirements_that_were_compiled_are_compiled_anew() {
    if !["uv", "pip"].into_iter().all(is_there) {
        return;
    }
    let bench = bench(&[("requirements.in", "left>=1.0,<2\nweb\n")]);
    let settings = settings(&bench);
    let settings = borrowed(&settings);
    let line = [
        "uv",
        "pip",
        "compile",
        "--quiet",
        "requirements.in",
        "-o",
        "requirements.txt",
    ];
    let pins = [
        "--upgrade-package",
        "left==1.0",
        "--upgrade-package",
        "web==1.0",
    ];
    bench.client(&[&line[..], &pins[..]].concat(), &settings);
    // The remark at its top must be that of who compiles without pins.
    let text = bench.text("requirements.txt");
    let plain: Vec<&str> = text
        .lines()
        .map(|line| line.split(" --upgrade-package").next().unwrap())
        .collect();
    fs::write(
        bench.target().join("requirements.txt"),
        plain.join("\n") + "\n",
    )
    .unwrap();
    assert_eq!(bench.found().len(), 2, "{text}");
    let plan = bench.keeps_its_promise(&settings);
    assert_eq!(plan["projects"][0]["tried"], true, "{plan:#}");
    assert_eq!(bench.found(), [], "{}", bench.text("requirements.txt"));
}

#[test]
fn poetry_makes_what_was_planned() {
    if !["poetry", "pip"].into_iter().all(is_there) {
        return;
    }
    let bench = bench(&[]);
    let settings = settings(&bench);
    let settings = borrowed(&settings);
    let (_, index) = settings.last().unwrap();
    let manifest = |left: &str| {
        format!(
            "{PROJECT}dependencies = [\"left{left}\", \"pin==1.0\", \"web==1.0\"]\n\n[tool.poetry]\n\
             package-mode = false\n\n[[tool.poetry.source]]\nname = \"here\"\nurl = \"{index}/\"\n\
             priority = \"primary\"\n"
        )
    };
    fs::create_dir_all(bench.target()).unwrap();
    let write = |left: &str| fs::write(bench.target().join("pyproject.toml"), manifest(left));
    // Locked when there was no other, and the range then opened again.
    write("==1.0").unwrap();
    bench.client(&["poetry", "lock", "-n"], &settings);
    write(">=1.0,<2").unwrap();
    bench.client(&["poetry", "lock", "-n"], &settings);
    assert_eq!(bench.found().len(), 3, "{}", bench.text("poetry.lock"));
    let plan = bench.keeps_its_promise(&settings);
    assert_eq!(plan["projects"][0]["tried"], false, "{plan:#}");
    // Of what a range allows Poetry takes the newest, and the plan says so.
    assert_eq!(steps(&plan), pairs(&[("left", "1.0.2"), ("pin", "1.1")]));
    let stays = &plan["projects"][0]["stays"][0];
    assert_eq!(stays["reason"], "not-allowed", "{stays:#}");
    assert_eq!(bench.found().len(), 1);
    let changed = bench.text("pyproject.toml");
    assert!(changed.contains("left>=1.0,<2"), "{changed}");
}
