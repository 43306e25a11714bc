//! Python packages and edges compared with what pip and uv say themselves.
#![expect(clippy::disallowed_methods, reason = "tests run reference tools")]
#![expect(clippy::print_stderr, reason = "a test that is skipped says so")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use linchpin_model::{Inventory, OccurrenceKind, Package, Role, Scope};

use crate::cases::inventory_of;

/// Says that a test can not run here, or fails where all must run.
fn skip(why: &str) {
    assert!(
        std::env::var_os("LINCHPIN_REQUIRE_TOOLS").is_none(),
        "{why}, and LINCHPIN_REQUIRE_TOOLS is set"
    );
    eprintln!("skipped: {why}");
}

/// The output of a command; nothing if it is not there or fails.
fn output(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).output().ok()?;
    if !output.status.success() {
        eprintln!("{}", String::from_utf8_lossy(&output.stderr));
        return None;
    }
    String::from_utf8(output.stdout).ok()
}

fn integration_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/integration")
}

/// What is installed, in the words of `pip_edges.py`.
fn installed(inventory: &Inventory) -> BTreeSet<String> {
    let is_installed = |id| {
        let package: &Package = inventory.package(id);
        let mut kinds = package.occurrences.iter().map(|found| found.kind);
        kinds.any(|kind| kind == OccurrenceKind::Installed)
    };
    let mut lines = BTreeSet::new();
    for (id, package) in inventory.iter().filter(|(id, _)| is_installed(*id)) {
        let version = package.version().unwrap_or_default();
        lines.insert(format!("package {} {version}", package.name()));
        for dependency in inventory.dependencies_of(id) {
            if is_installed(dependency.on) {
                let on = inventory.package(dependency.on).name();
                lines.insert(format!("edge {} {on}", package.name()));
            }
        }
    }
    lines
}

fn site_packages(python: &str) -> Option<PathBuf> {
    let script = "import sysconfig; print(sysconfig.get_path('purelib'))";
    let path = output(Command::new(python).args(["-c", script]))?;
    Some(PathBuf::from(path.trim()))
}

fn assert_equal_to_pip(python: &str, scanned: &Path, site: &Path) {
    let script = integration_folder().join("pip_edges.py");
    let Some(expected) = output(Command::new(python).arg(script).arg(site)) else {
        return skip("`pip inspect` does not run");
    };
    let expected: BTreeSet<String> = expected.lines().map(str::to_owned).collect();
    let found = installed(&inventory_of(scanned));
    let missing: Vec<&String> = expected.difference(&found).collect();
    let extra: Vec<&String> = found.difference(&expected).collect();
    assert!(
        missing.is_empty() && extra.is_empty(),
        "missing {missing:#?}, not in pip's answer {extra:#?}"
    );
    eprintln!("{} packages and edges are as pip says", expected.len());
}

#[test]
fn a_virtual_environment_is_as_pip_inspect_says() {
    let folder = tempfile::tempdir().unwrap();
    let (wheels, venv) = (folder.path().join("wheels"), folder.path().join("venv"));
    std::fs::create_dir(&wheels).unwrap();
    let script = integration_folder().join("make_wheels.py");
    let made = output(Command::new("python3").arg(script).arg(&wheels))
        .and_then(|_| output(Command::new("python3").args(["-m", "venv"]).arg(&venv)));
    if made.is_none() {
        return skip("`python3 -m venv` does not run");
    }
    let python = venv.join("bin/python");
    let python = python.to_str().unwrap();
    output(
        Command::new(python)
            .args(["-m", "pip", "install", "--no-index", "--find-links"])
            .arg(&wheels)
            .args(["web-server", "platform-bound", "wants-more", "memcached"]),
    )
    .expect("pip installs from local wheels");
    let site = site_packages(python).unwrap();
    assert_equal_to_pip(python, &venv, &site);
}

#[test]
fn the_packages_of_this_machines_python_are_as_pip_inspect_says() {
    let Some(site) = site_packages("python3").filter(|site| site.ends_with("site-packages")) else {
        return skip("there is no `python3` with a folder `site-packages`");
    };
    // The version of the interpreter is in the name of the folder above.
    let scanned = site.parent().and_then(Path::parent).unwrap();
    let others = std::fs::read_dir(scanned).unwrap().flatten().count();
    if others > 50 {
        return eprintln!("skipped: the folder above `site-packages` holds more than Python");
    }
    assert_equal_to_pip("python3", scanned, &site);
}

#[test]
fn a_uv_lockfile_is_as_uv_exports_it() {
    let case = integration_folder().join("../cases/uv-lock/workspace/input");
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("core")).unwrap();
    for file in ["uv.lock", "pyproject.toml", "core/pyproject.toml"] {
        std::fs::copy(case.join(file), folder.path().join(file)).unwrap();
    }
    let exported = output(
        Command::new("uv")
            .args([
                "export",
                "--frozen",
                "--offline",
                "--no-header",
                "--no-hashes",
            ])
            .args([
                "--all-packages",
                "--all-extras",
                "--all-groups",
                "--no-emit-workspace",
            ])
            .current_dir(folder.path()),
    );
    let Some(exported) = exported else {
        return skip("`uv export` does not run");
    };
    // `name==version ; marker`, and below it `# via a` or `# via` and `#   a` for each.
    let mut expected = BTreeSet::new();
    let mut current = String::new();
    for line in exported.lines() {
        if let Some(comment) = line.trim_start().strip_prefix('#') {
            let by = comment.trim();
            let by = by.strip_prefix("via").map_or(by, str::trim);
            if !by.is_empty() {
                expected.insert(format!("{by} needs {current}"));
            }
        } else {
            current = line.split([' ', ';']).next().unwrap().to_owned();
            expected.insert(current.clone());
        }
    }
    let inventory = inventory_of(folder.path());
    let mut found = BTreeSet::new();
    for (id, package) in inventory.iter() {
        let label = |package: &Package| -> String {
            format!(
                "{}=={}",
                package.name(),
                package.version().unwrap_or_default()
            )
        };
        if package.role == Role::Library {
            found.insert(label(package));
        }
        for dependency in inventory.dependencies_of(id) {
            let on = inventory.package(dependency.on);
            // For what a group of the project asks for, uv names nobody.
            if on.role == Role::Library && dependency.scope != Scope::Development {
                found.insert(format!("{} needs {}", package.name(), label(on)));
            }
        }
    }
    assert!(expected.len() > 40, "uv said too little: {exported}");
    assert_eq!(found, expected);
}
