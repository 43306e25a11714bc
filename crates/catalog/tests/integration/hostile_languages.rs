//! Files that were made to cost much or to lead in circles: lockfiles and manifests of languages.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use linchpin_model::{Inventory, Scope};

use crate::cases::inventory_of;

/// The inventory of a folder with these files, which must not take long.
fn of_files(files: &[(&str, String)]) -> Inventory {
    let folder = tempfile::tempdir().unwrap();
    for (path, content) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    let start = Instant::now();
    let inventory = inventory_of(folder.path());
    assert!(
        start.elapsed() < Duration::from_secs(60),
        "{:?}",
        start.elapsed()
    );
    inventory
}

#[test]
fn projects_of_maven_that_are_each_others_parents_end() {
    let pom = |name: &str, parent: &str| {
        format!(
            "<project><parent><groupId>g</groupId><artifactId>{parent}</artifactId><version>1</version>\
             <relativePath>../{parent}</relativePath></parent><artifactId>{name}</artifactId>\
             <properties><a>${{b}}${{b}}</a><b>${{a}}${{a}}</b></properties>\
             <dependencyManagement><dependencies><dependency><groupId>g</groupId><artifactId>{parent}</artifactId>\
             <version>1</version><type>pom</type><scope>import</scope></dependency></dependencies></dependencyManagement>\
             <dependencies><dependency><groupId>g</groupId><artifactId>x</artifactId><version>${{a}}</version>\
             </dependency></dependencies></project>"
        )
    };
    let inventory = of_files(&[
        ("a/pom.xml", pom("a", "b")),
        ("b/pom.xml", pom("b", "a")),
        ("c/pom.xml", pom("c", "c")),
    ]);
    assert!(inventory.find("pkg:maven/g/x").is_some());
    assert!(inventory.find("pkg:maven/g/a@1").is_some());
}

#[test]
fn many_copies_of_one_name_make_few_edges() {
    let mut lock = "GEM\n  remote: https://packages.example/\n  specs:\n".to_owned();
    for number in 0..5_000 {
        let _ = writeln!(lock, "    same (1.0.{number})\n      same\n      other");
        let _ = writeln!(lock, "    other (1.0.{number})\n      same");
    }
    lock.push_str("\nDEPENDENCIES\n  same\n");
    let inventory = of_files(&[("Gemfile.lock", lock)]);
    assert_eq!(inventory.packages.len(), 10_001);
}

#[test]
fn brackets_and_signs_without_end_are_passed_over() {
    let deep = "(".repeat(200_000);
    let equals = "requires = ".repeat(40_000);
    let texts = "\"a\" % \"b\" % \"1\" ".repeat(10_000);
    let groups = "(\"g\" % \"b\" % \"1\")".repeat(10_000);
    let inventory = of_files(&[
        ("a/MODULE.bazel", format!("module({deep}")),
        ("a/Package.swift", deep.clone()),
        ("a/build.gradle", format!("dependencies {{ {deep}")),
        ("a/deps.edn", "#_".repeat(100_000)),
        ("a/build.zig.zon", ".{".repeat(100_000)),
        (
            "a/CMakeLists.txt",
            format!("FetchContent_Declare({}", "${".repeat(100_000)),
        ),
        ("a/mix.exs", "defp deps do [".repeat(50_000)),
        ("a/mix.lock", "%{".repeat(100_000)),
        ("a/rebar.lock", "{".repeat(200_000)),
        ("a/Gemfile", "gem(".repeat(200_000)),
        ("a/cpanfile", "on test => sub {".repeat(50_000)),
        ("b/conanfile.py", equals),
        ("b/build.sbt", texts),
        ("c/build.sbt", groups),
        ("c/x.rockspec", "a={".repeat(200_000)),
        (
            "c/x.opam",
            "opam-version: \"2.0\" depends: [".repeat(20_000),
        ),
    ]);
    assert!(inventory.roots().count() > 0);
}

#[test]
fn inputs_of_a_flake_that_follow_each_other_end() {
    let mut inputs = String::new();
    for number in 0..5_000 {
        let _ = write!(inputs, "\"i{number}\":[\"i{}\"],", (number + 1) % 5_000);
    }
    let lock = format!(
        "{{\"nodes\":{{\"root\":{{\"inputs\":{{{inputs}\"z\":\"root\"}}}}}},\"root\":\"root\",\"version\":7}}"
    );
    let inventory = of_files(&[("flake.lock", lock)]);
    assert_eq!(inventory.packages.len(), 1);
}

#[test]
fn what_a_manifest_says_twice_is_matched_by_name() {
    const COUNT: usize = 80_000;
    let list = |entry: &dyn Fn(usize) -> String| -> String {
        let entries: Vec<String> = (0..COUNT).map(entry).collect();
        entries.join(",")
    };
    let peers = list(&|number| format!("\"peer-{number}\":\"*\""));
    let meta = list(&|number| format!("\"peer-{number}\":{{\"optional\":true}}"));
    let package = format!(
        "{{\"name\":\"a\",\"version\":\"1.0.0\",\"peerDependencies\":{{{peers}}},\
         \"peerDependenciesMeta\":{{{meta}}}}}"
    );

    let mut lock = "version = 4\n\n[[package]]\nname = \"root\"\nversion = \"1.0.0\"\n".to_owned();
    let mut manifest =
        "[package]\nname = \"root\"\nversion = \"1.0.0\"\n\n[dev-dependencies]\n".to_owned();
    lock.push_str("dependencies = [\n");
    for number in 0..COUNT {
        let _ = writeln!(lock, " \"crate-{number}\",");
        let _ = writeln!(manifest, "crate-{number} = \"1\"");
    }
    lock.push_str("]\n");
    for number in 0..COUNT {
        let _ = write!(
            lock,
            "\n[[package]]\nname = \"crate-{number}\"\nversion = \"1.0.0\"\n\
             source = \"registry+https://registry.example/index\"\n"
        );
    }

    let subjects = list(&|number| format!("\"SPDXRef-{number}\""));
    let packages = list(&|number| format!("{{\"SPDXID\":\"SPDXRef-{number}\",\"name\":\"p\"}}"));
    let document = format!(
        "{{\"spdxVersion\":\"SPDX-2.3\",\"documentDescribes\":[{subjects}],\"packages\":[{packages}]}}"
    );

    let inventory = of_files(&[
        ("node_modules/a/package.json", package),
        ("rust/Cargo.lock", lock),
        ("rust/Cargo.toml", manifest),
        ("opt/x/.spdx-x.spdx", document),
    ]);
    let mut packages = inventory.packages.iter();
    let last = packages.find(|package| package.purl.name() == "crate-79999");
    assert_eq!(last.unwrap().scope, Scope::Development);
}
