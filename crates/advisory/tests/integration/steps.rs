//! What to do next, and what is left out.

use linchpin_advisory::{Database, Selection, match_advisories, next_steps, select};
use linchpin_model::{Inventory, OccurrenceKind, PackageId, Role, Routes, Scope, Step};
use serde_json::{Value, json};

use crate::workbench::{Workbench, database};

fn advisory(id: &str, ecosystem: &str, name: &str, fixed: &str) -> Value {
    json!({
        "id": id, "modified": "2024-01-01T00:00:00Z", "database_specific": {"severity": "HIGH"},
        "affected": [{
            "package": {"ecosystem": ecosystem, "name": name},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": fixed}]}]
        }]
    })
}

fn steps(inventory: &Inventory, database: &Database) -> Vec<Step> {
    let findings = match_advisories(inventory, database).unwrap().findings;
    let steps = next_steps(&findings, inventory, &Routes::new(inventory), None);
    let mut counted: Vec<usize> = steps.iter().flat_map(|step| step.removes.clone()).collect();
    counted.sort_unstable();
    let before = counted.len();
    counted.dedup();
    assert_eq!(counted.len(), before, "a finding is in two steps");
    steps
}

/// The one step for one package in one file, as command or sentence.
fn told(ecosystem: &str, purl: &str, name: &str, fixed: &str, path: &str) -> String {
    let (_folder, database) = database(&[advisory("X-1", ecosystem, name, fixed)]);
    let mut bench = Workbench::default();
    bench.package(purl, path, |_| {});
    let steps = steps(&bench.finish(), &database);
    assert_eq!(steps.len(), 1, "{steps:?}");
    assert_eq!(steps[0].place.as_ref().unwrap().as_str(), path);
    steps[0].command.clone().unwrap_or(steps[0].action.clone())
}

#[test]
fn each_package_manager_is_told_in_its_own_words() {
    for (ecosystem, purl, name, path, expected) in [
        (
            "npm",
            "pkg:npm/%40a/b@1.0.0",
            "@a/b",
            "web/package-lock.json",
            "npm install @a/b@2.0.0",
        ),
        (
            "PyPI",
            "pkg:pypi/box@1.0.0",
            "box",
            "uv.lock",
            "uv lock --upgrade-package box==2.0.0",
        ),
        (
            "PyPI",
            "pkg:pypi/box@1.0.0",
            "box",
            "poetry.lock",
            "poetry update box",
        ),
        (
            "PyPI",
            "pkg:pypi/box@1.0.0",
            "box",
            "Pipfile.lock",
            "pipenv upgrade box==2.0.0",
        ),
        (
            "PyPI",
            "pkg:pypi/box@1.0.0",
            "box",
            "requirements/base-requirements.txt",
            "Upgrade box from 1.0.0 to 2.0.0: change its line to `box==2.0.0`, or compile the file anew if it was compiled",
        ),
        (
            "crates.io",
            "pkg:cargo/box@2.0.0-rc.1",
            "box",
            "Cargo.lock",
            "cargo update -p box@2.0.0-rc.1 --precise 2.0.0",
        ),
        (
            "Go",
            "pkg:golang/example.org/box@v1.0.0",
            "example.org/box",
            "go.mod",
            "go get example.org/box@v2.0.0",
        ),
    ] {
        assert_eq!(told(ecosystem, purl, name, "2.0.0", path), expected);
    }
}

#[test]
fn what_comes_through_another_says_so_and_is_overridden() {
    let (_folder, database) = database(&[
        advisory("X-1", "npm", "minimist", "1.2.6"),
        advisory("X-2", "npm", "minimist", "1.2.3"),
    ]);
    let mut bench = Workbench::default();
    let lock = "package-lock.json";
    let root = bench.package("pkg:npm/shop@1.0.0", lock, |package| {
        package.role = Role::Application;
    });
    let mkdirp = bench.package("pkg:npm/mkdirp@0.5.1", lock, |_| {});
    let minimist = bench.package("pkg:npm/minimist@0.0.8", lock, |_| {});
    bench.builder.depend(root, mkdirp, Scope::Runtime);
    bench.builder.depend(mkdirp, minimist, Scope::Runtime);
    let steps = steps(&bench.finish(), &database);
    assert_eq!(steps.len(), 1);
    assert_eq!(steps[0].removes, [0, 1]);
    assert_eq!(steps[0].command, None);
    assert_eq!(
        steps[0].action,
        "Upgrade minimist from 0.0.8 to 1.2.6 (it comes in through mkdirp): in package.json, add to `overrides`: \"minimist\": \"1.2.6\", then run `npm install`"
    );
}

#[test]
fn cargo_is_not_told_what_it_would_refuse() {
    let lock = "Cargo.lock";
    let (_folder, database) = database(&[advisory("X-1", "crates.io", "wasm", "36.0.7")]);
    let build = |through: bool| {
        let mut bench = Workbench::default();
        let root = bench.package("pkg:cargo/app@1.0.0", lock, |package| {
            package.role = Role::Application;
        });
        let wasm = bench.package("pkg:cargo/wasm@27.0.0", lock, |_| {});
        if through {
            let host = bench.package("pkg:cargo/host@1.0.0", lock, |_| {});
            bench.builder.depend(root, host, Scope::Runtime);
            bench.builder.depend(host, wasm, Scope::Runtime);
        } else {
            bench.builder.depend(root, wasm, Scope::Runtime);
        }
        steps(&bench.finish(), &database).remove(0)
    };
    assert_eq!(
        build(false).command.as_deref(),
        Some("cargo add wasm@36.0.7")
    );
    let transitive = build(true);
    assert_eq!(transitive.command, None);
    assert!(
        transitive.action.contains("a release of host is needed"),
        "{}",
        transitive.action
    );
}

#[test]
fn a_member_of_a_workspace_is_named() {
    let (_folder, database) = database(&[advisory("X-1", "npm", "box", "2.0.0")]);
    let mut bench = Workbench::default();
    let member = bench.package(
        "pkg:npm/member@1.0.0",
        "shop/packages/member/package.json",
        |package| {
            package.role = Role::Application;
        },
    );
    let found = bench.package("pkg:npm/box@1.0.0", "shop/package-lock.json", |_| {});
    bench.builder.depend(member, found, Scope::Runtime);
    let steps = steps(&bench.finish(), &database);
    assert_eq!(
        steps[0].command.as_deref(),
        Some("npm install box@2.0.0 --workspace=packages/member")
    );
}

#[test]
fn a_distribution_is_one_step() {
    let (_folder, database) = database(&[
        advisory("X-1", "Debian:12", "openssl", "3.0.15-1"),
        advisory("X-2", "Debian:12", "curl", "8.0-1"),
    ]);
    let mut bench = Workbench::default();
    bench.distribution("debian", Some("12"));
    for (purl, source) in [
        ("pkg:deb/debian/libssl3@3.0.1-1", "openssl"),
        ("pkg:deb/debian/openssl@3.0.1-1", "openssl"),
        ("pkg:deb/debian/curl@7.0-1", "curl"),
    ] {
        bench.package(purl, "var/lib/dpkg/status", |package| {
            let version = package.version().unwrap().to_owned();
            Workbench::source(package, source, &version);
            package.occurrences[0].kind = OccurrenceKind::Installed;
        });
    }
    let steps = steps(&bench.finish(), &database);
    assert_eq!(steps.len(), 1);
    assert_eq!(steps[0].removes, [0, 1, 2]);
    assert_eq!(
        steps[0].command.as_deref(),
        Some("apt-get update && apt-get install --only-upgrade curl libssl3 openssl")
    );
}

#[test]
fn hostile_names_and_versions_are_in_no_command() {
    for name in [
        "$(id)", "a;id", "a b", "-rf", "a`id`", "a\u{7}", "a'b", "a|b", "a\nb",
    ] {
        let (_folder, database) = database(&[
            advisory("X-1", "PyPI", "sober", "2.0"),
            advisory("X-2", "npm", name, "2.0.0"),
        ]);
        let mut bench = Workbench::default();
        let url = linchpin_model::PackageUrl::new("npm", None, name, Some("1.0.0")).unwrap();
        bench.package(url.as_str(), "package-lock.json", |_| {});
        for step in steps(&bench.finish(), &database) {
            assert_eq!(step.command, None, "{name:?}");
            assert!(!step.action.contains(char::is_control), "{name:?}");
        }
    }
    for version in ["2.0;id", "$(id)", "2.0 --index-url=x"] {
        let (_folder, database) = database(&[json!({
            "id": "X-1", "modified": "2024-01-01T00:00:00Z",
            "affected": [{"package": {"ecosystem": "Debian:12", "name": "box"},
                "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": version}]}]}]
        })]);
        let mut bench = Workbench::default();
        bench.distribution("debian", Some("12"));
        bench.package("pkg:deb/debian/box@1", "var/lib/dpkg/status", |_| {});
        for step in steps(&bench.finish(), &database) {
            assert!(!step.command.unwrap_or_default().contains(version));
        }
    }
}

#[test]
fn an_attack_is_removed_first() {
    let (_folder, database) = database(&[
        advisory("MAL-2024-1", "npm", "evil", "2.0.0"),
        advisory("X-1", "npm", "box", "2.0.0"),
    ]);
    let mut bench = Workbench::default();
    bench.package("pkg:npm/box@1.0.0", "package-lock.json", |_| {});
    bench.package("pkg:npm/evil@1.0.0", "package-lock.json", |_| {});
    let steps = steps(&bench.finish(), &database);
    assert_eq!(steps.len(), 2);
    assert_eq!(steps[0].command.as_deref(), Some("npm uninstall evil"));
    assert!(steps[0].action.contains("replace every password"));
    assert_eq!(steps[0].risk, 400);
}

#[test]
fn five_steps_at_most_by_risk() {
    let records: Vec<Value> = (0..20)
        .map(|number| {
            advisory(
                &format!("X-{number}"),
                "npm",
                &format!("box{}", number % 9),
                "2.0.0",
            )
        })
        .collect();
    let (_folder, database) = database(&records);
    let mut bench = Workbench::default();
    for number in 0..9 {
        bench.package(
            &format!("pkg:npm/box{number}@1.0.0"),
            "package-lock.json",
            |_| {},
        );
    }
    let steps = steps(&bench.finish(), &database);
    assert_eq!(steps.len(), 5);
    assert!(steps.is_sorted_by(|left, right| left.risk >= right.risk));
    // Boxes 0 and 1 have three findings each, the others two.
    assert_eq!(steps[0].removes.len(), 3);
}

#[test]
fn development_and_unfixed_are_left_out_and_counted() {
    let mut unfixed = advisory("X-3", "npm", "box", "2.0.0");
    unfixed["affected"][0]["ranges"][0]["events"] = json!([{"introduced": "0"}]);
    let (_folder, database) = database(&[
        advisory("X-1", "npm", "box", "2.0.0"),
        advisory("X-2", "npm", "tester", "2.0.0"),
        unfixed,
        advisory("MAL-1", "npm", "evil", "2.0.0"),
    ]);
    let mut bench = Workbench::default();
    bench.package("pkg:npm/box@1.0.0", "package-lock.json", |_| {});
    for purl in ["pkg:npm/tester@1.0.0", "pkg:npm/evil@1.0.0"] {
        bench.package(purl, "package-lock.json", |package| {
            package.scope = Scope::Development;
        });
    }
    let inventory = bench.finish();
    let findings = match_advisories(&inventory, &database).unwrap().findings;
    let ids = |selection| {
        let selected = select(findings.clone(), &inventory, selection);
        let ids: Vec<String> = selected
            .shown
            .iter()
            .map(|finding| finding.rule.0.clone())
            .collect();
        (ids.join(" "), selected.development, selected.unfixed)
    };
    assert_eq!(
        ids(Selection::default()),
        ("MAL-1 X-1 X-3".to_owned(), 1, 0)
    );
    assert_eq!(
        ids(Selection {
            include_development: true,
            only_fixed: true
        }),
        ("MAL-1 X-1 X-2".to_owned(), 0, 1)
    );
}

#[test]
fn what_an_operating_system_package_owns_is_left_to_its_advisories() {
    let (_folder, database) = database(&[advisory("X-1", "PyPI", "box", "2.0")]);
    let mut bench = Workbench::default();
    let owner: PackageId = bench.package(
        "pkg:deb/debian/python3-box@1",
        "var/lib/dpkg/status",
        |_| {},
    );
    bench.package(
        "pkg:pypi/box@1.0",
        "usr/lib/python3/dist-packages/box.dist-info/METADATA",
        |package| {
            package.occurrences[0].owner = Some(owner);
        },
    );
    let inventory = bench.finish();
    assert!(
        match_advisories(&inventory, &database)
            .unwrap()
            .findings
            .is_empty()
    );
}
