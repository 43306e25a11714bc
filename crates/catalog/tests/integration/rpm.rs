//! Packages of rpm, compared with what rpm says of the same database.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use linchpin_model::Inventory;

use crate::cases::{case_input, inventory_of};
use crate::reference_tools::output_of;

const FORMAT: &str = "%{NAME} %{EPOCHNUM} %{VERSION}-%{RELEASE} %{ARCH} %{SOURCERPM} %{VENDOR}\n";

/// What rpm says, of a copy of the database, because it makes files beside it.
struct Database {
    folder: tempfile::TempDir,
    backend: &'static str,
}

impl Database {
    fn copy_of(folder: &Path, backend: &'static str) -> Self {
        let copy = tempfile::tempdir().unwrap();
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
        }
        Self {
            folder: copy,
            backend,
        }
    }

    fn rpm(&self, arguments: &[&str]) -> Option<String> {
        let path = self.folder.path().to_str().unwrap();
        let backend = format!("_db_backend {}", self.backend);
        let mut all = vec!["--dbpath", path, "--define", &backend];
        all.extend(arguments);
        output_of("rpm", &all, Path::new("/"))
    }

    fn packages(&self) -> Option<BTreeSet<String>> {
        let output = self.rpm(&["-qa", "--queryformat", FORMAT])?;
        Some(output.lines().map(str::to_owned).collect())
    }

    /// `name needs name`, asked for one requirement at a time.
    fn edges(&self) -> Option<BTreeSet<String>> {
        let mut edges = BTreeSet::new();
        for name in self.rpm(&["-qa", "--queryformat", "%{NAME}\n"])?.lines() {
            for requirement in self.rpm(&["-q", "--requires", name])?.lines() {
                let capability = requirement.split_ascii_whitespace().next().unwrap();
                if capability.starts_with("rpmlib(") || capability.starts_with('(') {
                    continue;
                }
                let arguments = [
                    "-q",
                    "--whatprovides",
                    capability,
                    "--queryformat",
                    "%{NAME}\n",
                ];
                for provider in self.rpm(&arguments)?.lines() {
                    if provider != name {
                        edges.insert(format!("{name} needs {provider}"));
                    }
                }
            }
        }
        Some(edges)
    }
}

fn our_packages(inventory: &Inventory) -> BTreeSet<String> {
    inventory
        .packages
        .iter()
        .map(|package| {
            let purl = &package.purl;
            format!(
                "{} {} {} {} {} {}",
                purl.name(),
                purl.qualifier("epoch").unwrap_or("0"),
                purl.version().unwrap(),
                purl.qualifier("arch").unwrap(),
                purl.qualifier("upstream").unwrap_or("(none)"),
                package.supplier.as_deref().unwrap_or("(none)"),
            )
        })
        .collect()
}

fn our_edges(inventory: &Inventory) -> BTreeSet<String> {
    let mut edges = BTreeSet::new();
    for (id, package) in inventory.iter() {
        for needed in inventory.dependencies_of(id) {
            let on = inventory.package(needed.on).purl.name();
            edges.insert(format!("{} needs {on}", package.purl.name()));
        }
    }
    edges
}

#[test]
fn databases_have_the_packages_and_edges_that_rpm_sees_in_them() {
    for (case, folder, backend) in [
        ("rpm/sqlite", "var/lib/rpm", "sqlite"),
        ("rpm/sqlite-log", "usr/lib/sysimage/rpm", "sqlite"),
        ("rpm/berkeley", "var/lib/rpm", "bdb_ro"),
    ] {
        let input = case_input(case);
        let inventory = inventory_of(&input);
        let database = Database::copy_of(&input.join(folder), backend);
        let Some(theirs) = database.packages() else {
            return;
        };
        assert_eq!(our_packages(&inventory), theirs, "{case}");
        // rpm resolves requirements through tables that the two other cases do not have.
        if case == "rpm/sqlite" {
            assert_eq!(our_edges(&inventory), database.edges().unwrap(), "{case}");
        }
    }
}

#[test]
fn a_database_that_rpm_has_just_made_is_read() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("var/lib/rpm");
    fs::create_dir_all(&folder).unwrap();
    let database = Database::copy_of(&folder, "sqlite");
    let mut arguments = vec![
        "-i",
        "--justdb",
        "--nodeps",
        "--noscripts",
        "--ignorearch",
        "--force-debian",
    ];
    let files = case_input("rpm/package-files").join("downloads");
    let names = [
        "example-base-1.2.3-4.el9.noarch.rpm",
        "libexample-1.2.3-4.el9.noarch.rpm",
    ];
    let paths = names.map(|name| files.join(name).to_str().unwrap().to_owned());
    arguments.extend(paths.iter().map(String::as_str));
    if database.rpm(&["--initdb"]).is_none() {
        return;
    }
    database.rpm(&arguments);
    for entry in fs::read_dir(database.folder.path()).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), folder.join(entry.file_name())).unwrap();
    }
    let ours = our_packages(&inventory_of(root.path()));
    assert_eq!(ours.len(), 2);
    assert_eq!(ours, database.packages().unwrap());
}
