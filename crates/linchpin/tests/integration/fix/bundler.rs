//! Bundler, with a repository of gems in a folder, whose index `gem` itself makes.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use assert_cmd::Command;

use super::bench::{Bench, Needs, advisory, is_there};

/// Builds gems into a folder, and its index.
fn publish(repository: &Path, gems: &[(&str, &str, Needs)]) {
    let source = repository.join("source");
    fs::create_dir_all(&source).unwrap();
    fs::create_dir_all(repository.join("gems")).unwrap();
    let gem = |arguments: &[&str], folder: &Path| {
        let mut command = Command::new("gem");
        command.args(arguments).current_dir(folder);
        command.assert().success();
    };
    for (name, version, needs) in gems {
        let mut more = String::new();
        for (name, range) in *needs {
            writeln!(more, "  s.add_dependency {name:?}, {range:?}").unwrap();
        }
        let text = format!(
            "Gem::Specification.new do |s|\n  s.name = {name:?}\n  s.version = {version:?}\n  \
             s.summary = \"a gem\"\n  s.authors = [\"nobody\"]\n  s.files = []\n{more}end\n"
        );
        fs::write(source.join("a.gemspec"), text).unwrap();
        let to = format!("../gems/{name}-{version}.gem");
        gem(&["build", "--quiet", "a.gemspec", "-o", &to], &source);
    }
    gem(&["generate_index", "--quiet", "-d", "."], repository);
}

#[test]
fn bundler_makes_what_was_planned() {
    if !["bundle", "gem"].into_iter().all(is_there) {
        return;
    }
    let record = |id: &str, name: &str, fixed: Option<&str>| {
        let mut record = advisory("RubyGems", id, name, fixed);
        record["affected"][0]["ranges"][0]["type"] = "ECOSYSTEM".into();
        record
    };
    let advisories = [
        record("GHSA-left-left-left", "left", Some("1.0.1")),
        record("GHSA-lowl-lowl-lowl", "low", Some("1.1.0")),
        record("GHSA-farr-farr-farr", "far", Some("1.2.0")),
    ];
    let bench = Bench::new("RubyGems", &advisories, &[]);
    let repository = bench.folder.path().join("repository");
    let low: Needs = &[("low", ">= 1.0")];
    let first: &[(&str, &str, Needs)] = &[
        ("left", "1.0.0", &[]),
        ("low", "1.0.0", &[]),
        ("far", "1.0.0", &[]),
        ("web", "1.0.0", low),
    ];
    publish(&repository, first);
    fs::create_dir_all(bench.target()).unwrap();
    let manifest = format!(
        "source \"file://{}\"\ngem \"left\", \"~> 1.0\"\ngem \"web\"\ngem \"far\", \"~> 1.0.0\"\n",
        repository.display()
    );
    fs::write(bench.target().join("Gemfile"), &manifest).unwrap();
    let home = bench.folder.path().join("home").display().to_string();
    let settings = [
        ("BUNDLE_SILENCE_ROOT_WARNING", "1"),
        ("BUNDLE_USER_HOME", home.as_str()),
    ];
    bench.client(&["bundle", "lock"], &settings);
    let later: &[(&str, &str, Needs)] = &[
        ("left", "1.0.1", &[]),
        ("left", "1.1.0", &[]),
        ("low", "1.1.0", &[]),
        ("far", "1.2.0", &[]),
    ];
    publish(&repository, later);
    assert_eq!(bench.found().len(), 3, "{}", bench.text("Gemfile.lock"));
    let plan = bench.keeps_its_promise(&settings);
    let project = &plan["projects"][0];
    assert_eq!(project["tried"], false, "{project:#}");
    assert_eq!(project["steps"].as_array().unwrap().len(), 2, "{project:#}");
    // A Gemfile is a program, which only people change: what it does not allow stays.
    assert_eq!(project["stays"][0]["reason"], "not-allowed", "{project:#}");
    assert_eq!(bench.text("Gemfile"), manifest);
    let left: Vec<String> = bench.found().into_iter().map(|(id, _)| id).collect();
    assert_eq!(left, ["GHSA-farr-farr-farr"]);
}
