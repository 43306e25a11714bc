//! Packages, what they are needed for, and what needs what must equal what npm itself says.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests run the reference client and say what they skip"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use linchpin_model::{Inventory, Role};
use serde_json::Value;

use crate::cases::inventory_of;

/// Whether npm is to read the lockfile or what is installed.
#[derive(Clone, Copy, PartialEq)]
enum Look {
    Lockfile,
    Installed,
}

#[test]
fn lockfiles_of_all_versions_say_what_npm_says() {
    for version in 1..=3 {
        compare(&case(&format!("lockfile-v{version}")), Look::Lockfile);
    }
}

#[test]
fn an_installed_tree_says_what_npm_says_with_and_without_its_hidden_lockfile() {
    let installed = case("installed");
    let fresh = tempfile::tempdir().unwrap();
    copy(&installed, fresh.path());
    // npm believes its hidden lockfile only while nothing is newer, and a checkout has no order.
    let hidden = fresh.path().join("node_modules/.package-lock.json");
    fs::write(&hidden, fs::read(&hidden).unwrap()).unwrap();
    compare(fresh.path(), Look::Installed);

    let folder = tempfile::tempdir().unwrap();
    copy(&installed, folder.path());
    fs::remove_file(folder.path().join("node_modules/.package-lock.json")).unwrap();
    // Without it, npm itself does not tell what is for development; we must.
    if let Some(expected) = npm_says(folder.path(), Look::Installed) {
        let found = say(&inventory_of(folder.path()));
        let edges = |lines: &BTreeSet<String>| -> Vec<String> {
            let edges = lines.iter().filter(|line| line.contains(" needs "));
            edges.cloned().collect()
        };
        assert_eq!(edges(&found), edges(&expected));
    }
    assert_eq!(
        say(&inventory_of(&installed)),
        say(&inventory_of(folder.path()))
    );
}

#[test]
fn the_example_says_what_npm_says() {
    compare(
        &repository().join("examples/storefront/web"),
        Look::Lockfile,
    );
}

#[test]
fn large_projects_say_what_npm_says() {
    let Some(corpus) = std::env::var_os("LINCHPIN_CORPUS").map(PathBuf::from) else {
        println!("skipped: LINCHPIN_CORPUS does not name a folder of large projects");
        return;
    };
    compare(&corpus.join("node-monorepo/npm"), Look::Lockfile);
    for project in ["server", "web", "tools"] {
        let project = corpus.join("mixed-tree").join(project);
        compare(&project, Look::Lockfile);
        compare(&project, Look::Installed);
    }
}

/// Compares what we say of a folder with what npm says of it. Its lockfile and what is installed
/// are looked at one at a time.
fn compare(folder: &Path, look: Look) {
    let Some(expected) = npm_says(folder, look) else {
        return;
    };
    let copied = tempfile::tempdir().unwrap();
    let target = match look {
        Look::Lockfile if folder.join("node_modules").exists() => {
            for name in ["package.json", "package-lock.json"] {
                fs::copy(folder.join(name), copied.path().join(name)).unwrap();
            }
            copied.path()
        }
        Look::Installed if folder.join("package-lock.json").exists() => {
            copy_manifests(folder, copied.path());
            copied.path()
        }
        _ => folder,
    };
    let found = say(&inventory_of(target));
    let lacking: Vec<&String> = expected.difference(&found).collect();
    let too_many: Vec<&String> = found.difference(&expected).collect();
    assert!(
        lacking.is_empty() && too_many.is_empty(),
        "{}: only npm says {lacking:#?}, only we say {too_many:#?}",
        folder.display()
    );
    assert!(expected.len() > 10, "npm says too little: {expected:?}");
}

/// Packages with their scope, and edges, a line each.
fn say(inventory: &Inventory) -> BTreeSet<String> {
    let name = |id| {
        let package = inventory.package(id);
        format!("{}@{}", package.name(), package.version().unwrap_or("none"))
    };
    let mut lines = BTreeSet::new();
    for (id, package) in inventory.iter() {
        lines.insert(match package.role {
            Role::Application => format!("{} is a project", name(id)),
            Role::Library => format!("{} is {}", name(id), package.scope.label()),
        });
        for dependency in inventory.dependencies_of(id) {
            lines.insert(format!("{} needs {}", name(id), name(dependency.on)));
        }
    }
    lines
}

/// The same lines from `npm ls`; nothing if there is no npm here.
fn npm_says(folder: &Path, look: Look) -> Option<BTreeSet<String>> {
    let mut command = Command::new("npm");
    command
        .args(["ls", "--all", "--json", "--long", "--offline"])
        .arg("--no-update-notifier")
        .current_dir(folder);
    if look == Look::Lockfile {
        command.arg("--package-lock-only");
    }
    let Ok(output) = command.output() else {
        assert!(
            std::env::var_os("LINCHPIN_REQUIRE_TOOLS").is_none(),
            "npm can not be run"
        );
        println!("skipped: npm can not be run");
        return None;
    };
    // It fails where something is extraneous or invalid, and lists everything all the same.
    let tree: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut seen = Seen::default();
    let root = seen.visit(text_of(&tree, "name"), &tree);
    seen.projects.insert(root);
    let packages = seen.scopes.into_iter().map(|(name, scope)| {
        if seen.projects.contains(&name) {
            format!("{name} is a project")
        } else {
            format!("{name} is {}", SCOPES[scope])
        }
    });
    Some(packages.chain(seen.edges).collect())
}

fn text_of<'a>(node: &'a Value, key: &str) -> &'a str {
    node[key].as_str().unwrap_or("none")
}

const SCOPES: [&str; 4] = ["runtime", "optional", "peer", "dev"];

#[derive(Default)]
struct Seen {
    scopes: BTreeMap<String, usize>,
    projects: BTreeSet<String>,
    edges: BTreeSet<String>,
}

impl Seen {
    fn visit(&mut self, key: &str, node: &Value) -> String {
        let is_link = node["resolved"]
            .as_str()
            .is_some_and(|resolved| resolved.starts_with("file:") && !resolved.ends_with("gz"));
        // Of linked folders in old lockfiles, npm gives the folder's name.
        let name = if is_link { key } else { text_of(node, "name") };
        let name = format!("{name}@{}", text_of(node, "version"));
        let is = |key: &str| node[key] == true;
        let scope = if is("extraneous") {
            0
        } else if is("dev") {
            3
        } else if is("optional") || is("devOptional") {
            1
        } else if is("peer") {
            2
        } else {
            0
        };
        let strongest = self.scopes.entry(name.clone()).or_insert(scope);
        *strongest = scope.min(*strongest);
        if is_link {
            self.projects.insert(name.clone());
        }
        for child in node["dependencies"].as_object().into_iter().flatten() {
            // Optional packages that are not there have no version.
            if child.1["version"].is_string() && child.1["missing"] != true {
                let needed = self.visit(child.0, child.1);
                if needed != name && child.1["extraneous"] != true {
                    self.edges.insert(format!("{name} needs {needed}"));
                }
            }
        }
        name
    }
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn case(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/cases/npm")
        .join(name)
        .join("input")
}

fn copy(from: &Path, to: &Path) {
    copy_if(from, to, &|_| true);
}

fn copy_manifests(from: &Path, to: &Path) {
    copy_if(from, to, &|name| {
        name == "package.json" || name == ".package-lock.json"
    });
}

fn copy_if(from: &Path, to: &Path, wanted: &dyn Fn(&str) -> bool) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            copy_if(&entry.path(), &target, wanted);
        } else if kind.is_symlink() {
            std::os::unix::fs::symlink(fs::read_link(entry.path()).unwrap(), target).unwrap();
        } else if wanted(&entry.file_name().to_string_lossy()) {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
