//! Lockfiles of the other clients of npm's registry, compared with what these list of the same
//! files: packages and edges, workspaces and aliases included. None of them needs the network for it.

#![expect(
    clippy::disallowed_methods,
    reason = "tests run reference tools, from the folder that the environment names"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use linchpin_model::{Inventory, PackageId, Role};
use serde_json::Value;

use crate::cases::{case_input, inventory_of};
use crate::reference_tools::skip;

/// Packages as `name version`, edges between them. Members of the workspace have no version.
#[derive(Debug, Default, PartialEq, Eq)]
struct Graph {
    packages: BTreeSet<String>,
    edges: BTreeSet<(String, String)>,
}

/// What we find.
fn ours(inventory: &Inventory) -> Graph {
    let mut graph = Graph::default();
    let label = |id: PackageId| {
        let package = inventory.package(id);
        match package.role {
            Role::Application => package.name(),
            Role::Library => format!("{} {}", package.name(), package.version().unwrap_or("?")),
        }
    };
    for (id, package) in inventory.iter() {
        if package.role == Role::Library {
            graph.packages.insert(label(id));
        }
        for dependency in inventory.dependencies_of(id) {
            // Members are listed by themselves.
            if inventory.package(dependency.on).role == Role::Library {
                graph.edges.insert((label(id), label(dependency.on)));
            }
        }
    }
    graph
}

/// A copy of a case, because clients leave files behind.
fn copy_of(case: &str) -> tempfile::TempDir {
    fn copy(from: &Path, to: &Path) {
        for entry in std::fs::read_dir(from).unwrap() {
            let (from, to) = (
                entry.as_ref().unwrap().path(),
                to.join(entry.unwrap().file_name()),
            );
            if from.is_dir() {
                std::fs::create_dir(&to).unwrap();
                copy(&from, &to);
            } else {
                std::fs::copy(&from, &to).unwrap();
            }
        }
    }
    let folder = tempfile::tempdir().unwrap();
    copy(&case_input(case), folder.path());
    folder
}

/// What a client prints. It is in the folder of installed packages that the environment names.
fn listed_by(script: &str, arguments: &[&str], folder: &Path) -> Option<String> {
    let clients = std::env::var_os("LINCHPIN_NODE_CLIENTS").map(PathBuf::from);
    let script = clients.map(|clients| clients.join(script));
    let Some(script) = script.filter(|script| script.exists()) else {
        skip("the clients of npm's registry are not there (LINCHPIN_NODE_CLIENTS)");
        return None;
    };
    let is_program = script.extension().is_none_or(|ending| ending != "js");
    let mut command = if is_program {
        Command::new(&script)
    } else {
        let mut command = Command::new("node");
        command.arg(&script);
        command
    };
    let output = command
        .args(arguments)
        .current_dir(folder)
        .env("HOME", folder)
        .env("YARN_ENABLE_TELEMETRY", "0")
        .env("YARN_ENABLE_NETWORK", "0")
        .env("npm_config_offline", "true")
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn a_lockfile_of_pnpm_is_as_pnpm_lists_it() {
    for case in ["pnpm-lock/v9", "pnpm-lock/catalogs"] {
        let folder = copy_of(case);
        let arguments = [
            "list",
            "-r",
            "--depth=Infinity",
            "--json",
            "--lockfile-only",
        ];
        let Some(output) = listed_by(".bin/pnpm", &arguments, folder.path()) else {
            return;
        };
        let projects: Value = serde_json::from_str(&output).unwrap();
        let mut theirs = Graph::default();
        for project in projects.as_array().unwrap() {
            let name = project["name"].as_str().unwrap();
            add_pnpm(name, project, &mut theirs);
        }
        assert!(theirs.packages.len() > 1, "{output}");
        assert_eq!(ours(&inventory_of(folder.path())), theirs, "{case}");
    }
}

fn add_pnpm(from: &str, node: &Value, graph: &mut Graph) {
    for kind in ["dependencies", "devDependencies", "optionalDependencies"] {
        for needed in node[kind].as_object().into_iter().flatten() {
            let (name, version) = (&needed.1["from"], &needed.1["version"]);
            let (name, version) = (name.as_str().unwrap(), version.as_str().unwrap());
            if version.starts_with("link:") || version.starts_with("file:") {
                continue;
            }
            let label = format!("{name} {version}");
            graph.packages.insert(label.clone());
            graph.edges.insert((from.to_owned(), label.clone()));
            add_pnpm(&label, needed.1, graph);
        }
    }
}

#[test]
fn a_lockfile_of_yarn_berry_is_as_yarn_lists_it() {
    let folder = copy_of("yarn-lock/berry");
    let arguments = ["info", "--all", "--recursive", "--json"];
    let Some(output) = listed_by("@yarnpkg/cli-dist/bin/yarn.js", &arguments, folder.path()) else {
        return;
    };
    let mut theirs = Graph::default();
    for line in output.lines() {
        let package: Value = serde_json::from_str(line).unwrap();
        let (from, is_member) = berry_label(package["value"].as_str().unwrap());
        if !is_member {
            theirs.packages.insert(from.clone());
        }
        for needed in package["children"]["Dependencies"]
            .as_array()
            .into_iter()
            .flatten()
        {
            let (on, is_member) = berry_label(needed["locator"].as_str().unwrap());
            if !is_member {
                theirs.edges.insert((from.clone(), on));
            }
        }
    }
    assert!(theirs.packages.len() > 10, "{output}");
    assert_eq!(ours(&inventory_of(folder.path())), theirs);
}

/// `name version` of `name@npm:version` and of the longer forms, and whether it is a member.
fn berry_label(locator: &str) -> (String, bool) {
    let place = locator[1..].find('@').unwrap() + 1;
    let (name, reference) = (&locator[..place], &locator[place + 1..]);
    if reference.starts_with("workspace:") {
        return (name.to_owned(), true);
    }
    let version = reference.replace("%3A", ":");
    let version = version.rsplit("npm:").next().unwrap();
    let version = version.split(['#', ':']).next().unwrap();
    (format!("{name} {version}"), false)
}

/// The real names behind the aliases of a project.
fn aliases(folder: &Path) -> BTreeMap<String, String> {
    let manifest = std::fs::read(folder.join("package.json")).unwrap();
    let manifest: Value = serde_json::from_slice(&manifest).unwrap();
    let kinds = ["dependencies", "devDependencies", "optionalDependencies"];
    let declared = kinds.iter().filter_map(|kind| manifest[kind].as_object());
    declared
        .flatten()
        .filter_map(|(alias, range)| {
            let real = range.as_str()?.strip_prefix("npm:")?;
            let end = real.rfind('@').filter(|place| *place > 0)?;
            Some((alias.clone(), real[..end].to_owned()))
        })
        .collect()
}

/// `name version` of `name@version`, where the name may be an alias.
fn plain_label(text: &str, aliases: &BTreeMap<String, String>) -> String {
    let (name, version) = text.rsplit_once('@').unwrap();
    let name = aliases.get(name).map_or(name, String::as_str);
    format!("{name} {version}")
}

#[test]
fn a_lockfile_of_yarn_1_is_as_yarn_lists_it() {
    let folder = copy_of("yarn-lock/classic");
    let inventory = inventory_of(folder.path());
    // Our inputs have no addresses of registries, without which Yarn takes no entry for locked.
    let path = folder.path().join("yarn.lock");
    let lock = std::fs::read_to_string(&path).unwrap();
    let lines = lock
        .lines()
        .map(|line| match line.strip_prefix("  version ") {
            Some(version) => format!(
                "{line}\n  resolved \"https://registry.example/x/-/x-{}.tgz#{:040}\"",
                version.trim_matches('"'),
                0
            ),
            None => line.to_owned(),
        });
    std::fs::write(&path, lines.collect::<Vec<_>>().join("\n")).unwrap();
    let arguments = ["list", "--json", "--no-progress", "--offline"];
    let Some(output) = listed_by("yarn/bin/yarn.js", &arguments, folder.path()) else {
        return;
    };
    let trees = output
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .find(|line| line["type"] == "tree")
        .unwrap();
    let aliases = aliases(folder.path());
    // Edges are told by the range that is asked for: their names are compared.
    let mut theirs = (BTreeSet::new(), BTreeSet::new());
    let mut waiting: Vec<&Value> = trees["data"]["trees"].as_array().unwrap().iter().collect();
    while let Some(node) = waiting.pop() {
        let label = plain_label(node["name"].as_str().unwrap(), &aliases);
        for child in node["children"].as_array().into_iter().flatten() {
            if child["shadow"] == true {
                let on = plain_label(child["name"].as_str().unwrap(), &aliases);
                let on = on.split(' ').next().unwrap().to_owned();
                theirs.1.insert((label.clone(), on));
            } else {
                waiting.push(child);
            }
        }
        theirs.0.insert(label);
    }
    let members: BTreeSet<String> = inventory
        .iter()
        .filter(|(_, package)| package.role == Role::Application)
        .map(|(_, package)| package.name())
        .collect();
    let is_member = |label: &str| members.contains(label.split(' ').next().unwrap());
    theirs.0.retain(|label| !is_member(label));
    theirs.1.retain(|(from, _)| !is_member(from));
    let found = ours(&inventory);
    let edges: BTreeSet<(String, String)> = found
        .edges
        .into_iter()
        .filter(|(from, _)| from.contains(' '))
        .map(|(from, on)| (from, on.split(' ').next().unwrap().to_owned()))
        .collect();
    assert!(theirs.0.len() > 10 && theirs.1.len() > 10, "{output}");
    assert_eq!((found.packages, edges), theirs);
}

#[test]
fn a_lockfile_of_bun_names_what_bun_lists() {
    let folder = copy_of("bun-lock/workspaces");
    let inventory = inventory_of(folder.path());
    let Some(output) = listed_by(".bin/bun", &["list", "--all"], folder.path()) else {
        return;
    };
    let aliases = aliases(folder.path());
    let theirs: BTreeSet<String> = output
        .lines()
        .filter_map(|line| line.split_once("── ").map(|(_, name)| name))
        .filter(|name| !name.contains("@workspace:") && !name.ends_with('@'))
        .map(|name| plain_label(name, &aliases))
        .collect();
    assert!(theirs.len() > 10, "{output}");
    assert_eq!(ours(&inventory).packages, theirs);
}
