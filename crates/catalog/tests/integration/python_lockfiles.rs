//! Lockfiles of PDM, Poetry, Pipenv and uv (`pylock.toml`), compared with what these clients read in
//! the same files. None of them needs the network for it.

#![expect(
    clippy::disallowed_methods,
    reason = "tests run reference tools in temporary folders"
)]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};

use linchpin_model::{Inventory, Role};

use crate::cases::{case_input, inventory_of};
use crate::reference_tools::skip;

/// The files of a case, of its uppermost folder.
fn copy_of(case: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(case_input(case)).unwrap() {
        let entry = entry.unwrap();
        if entry.path().is_file() {
            std::fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
        }
    }
    folder
}

/// What a client prints; nothing if it is not there.
fn printed_by(client: &str, arguments: &[&str], folder: &Path) -> Option<String> {
    let output = Command::new(client)
        .args(arguments)
        .current_dir(folder)
        .env("HOME", folder)
        .env("PDM_CHECK_UPDATE", "0")
        .env("PDM_USE_VENV", "0")
        .env("PDM_PYTHON", "python3")
        .env("PIPENV_IGNORE_VIRTUALENVS", "1")
        .env("POETRY_VIRTUALENVS_CREATE", "0")
        .stdin(Stdio::null())
        .output();
    let Ok(output) = output else {
        skip(&format!("{client} is not there"));
        return None;
    };
    assert!(
        output.status.success(),
        "{client}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Some(String::from_utf8(output.stdout).unwrap())
}

/// `name version` of the lines `name==version; marker` and `name[extra]==version`.
fn requirements(text: &str) -> BTreeSet<String> {
    text.lines()
        .filter_map(|line| line.split([';', ' ']).next()?.split_once("=="))
        .map(|(name, version)| {
            let name = name.split('[').next().unwrap().to_ascii_lowercase();
            format!("{name} {version}")
        })
        .collect()
}

fn libraries(inventory: &Inventory) -> BTreeSet<String> {
    let libraries = inventory.libraries();
    libraries
        .filter(|(_, package)| package.role == Role::Library)
        .map(|(_, package)| format!("{} {}", package.name(), package.version().unwrap_or("?")))
        .collect()
}

#[test]
fn a_lockfile_of_pdm_is_as_pdm_exports_it() {
    let folder = copy_of("pdm-lock/extras-and-groups");
    let found = libraries(&inventory_of(folder.path()));
    let arguments = ["export", "-f", "requirements", "--no-hashes", "-G", ":all"];
    let Some(output) = printed_by("pdm", &arguments, folder.path()) else {
        return;
    };
    let theirs = requirements(&output);
    assert!(theirs.len() > 15, "{output}");
    assert_eq!(found, theirs);
}

#[test]
fn a_lockfile_of_pipenv_is_as_pipenv_lists_it() {
    let folder = copy_of("pipfile-lock/default-and-develop");
    let found = libraries(&inventory_of(folder.path()));
    let Some(output) = printed_by("pipenv", &["requirements", "--dev"], folder.path()) else {
        return;
    };
    let theirs = requirements(&output);
    assert!(theirs.len() > 4, "{output}");
    assert_eq!(found, theirs);
}

#[test]
fn a_lockfile_of_poetry_is_as_poetry_shows_it() {
    let folder = copy_of("poetry-lock/extras-and-groups");
    let inventory = inventory_of(folder.path());
    let arguments = ["show", "--tree", "--no-ansi", "--no-interaction"];
    let Some(output) = printed_by("poetry", &arguments, folder.path()) else {
        return;
    };
    // `name version description`, and below it `├── name constraint`, deeper ones indented by four.
    let (mut packages, mut edges) = (BTreeSet::new(), BTreeSet::new());
    let mut above: Vec<String> = Vec::new();
    for line in output.lines() {
        let drawn = |c: char| matches!(c, '├' | '└' | '─' | '│' | ' ');
        let text = line.trim_start_matches(drawn);
        let depth = line.chars().take_while(|c| drawn(*c)).count() / 4;
        let mut words = text.split(' ');
        let (name, version) = (words.next().unwrap().to_owned(), words.next().unwrap());
        above.truncate(depth);
        match above.last() {
            Some(from) => {
                edges.insert((from.clone(), name.clone()));
            }
            None => {
                packages.insert(format!("{name} {version}"));
            }
        }
        above.push(name);
    }
    assert!(packages.len() > 3 && edges.len() > 5, "{output}");
    let found = libraries(&inventory);
    let missing: Vec<&String> = packages.difference(&found).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let found: BTreeSet<(String, String)> = inventory
        .libraries()
        .filter(|(_, package)| package.role == Role::Library)
        .flat_map(|(id, package)| {
            let needed = inventory.dependencies_of(id).iter();
            needed.map(|dependency| {
                let on = inventory.package(dependency.on).name();
                (package.name(), on)
            })
        })
        .collect();
    assert_eq!(found, edges);
}

#[test]
fn what_uv_writes_into_a_pylock_is_what_it_exports() {
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/uv-lock/workspace/input");
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("core")).unwrap();
    for file in ["uv.lock", "pyproject.toml", "core/pyproject.toml"] {
        std::fs::copy(case.join(file), folder.path().join(file)).unwrap();
    }
    let export = |format: &str, arguments: &[&str]| {
        let common = [
            "export",
            "--frozen",
            "--offline",
            "--no-header",
            "--no-emit-workspace",
            "--all-packages",
            "--all-extras",
            "--all-groups",
            "--format",
            format,
        ];
        printed_by("uv", &[&common, arguments].concat(), folder.path())
    };
    let Some(pylock) = export("pylock.toml", &[]) else {
        return;
    };
    let plain = export("requirements.txt", &["--no-hashes"]).unwrap();
    let alone = tempfile::tempdir().unwrap();
    std::fs::write(alone.path().join("pylock.toml"), pylock).unwrap();
    let theirs = requirements(&plain);
    assert!(theirs.len() > 15, "{plain}");
    assert_eq!(libraries(&inventory_of(alone.path())), theirs);
}
