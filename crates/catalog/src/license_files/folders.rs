//! Where the licence files of a package lie: beside what shows that it is there.

use linchpin_model::{Occurrence, OccurrenceKind, Package, Role, TargetPath};

/// Manifests of projects: the licence beside one is the project's.
const MANIFESTS: &[&str] = &[
    "Cargo.toml",
    "Gemfile",
    "build.gradle",
    "build.gradle.kts",
    "composer.json",
    "go.mod",
    "mix.exs",
    "package.json",
    "pom.xml",
    "pubspec.yaml",
    "pyproject.toml",
    "setup.cfg",
    "setup.py",
];

/// The folders in which a package's licence files may lie, the likeliest first. A lockfile says where
/// a package is named and not where it is: what lies beside it is another's.
pub(super) fn of_package(package: &Package) -> Vec<TargetPath> {
    let mut folders = Vec::new();
    for occurrence in &package.occurrences {
        let is_there = matches!(
            occurrence.kind,
            OccurrenceKind::Installed | OccurrenceKind::Embedded
        );
        if package.role == Role::Application && MANIFESTS.contains(&occurrence.path.name()) {
            folders.push(occurrence.path.parent());
        } else if is_there {
            of_installed(package, occurrence, &mut folders);
        }
    }
    folders.dedup();
    folders
}

fn of_installed(package: &Package, occurrence: &Occurrence, folders: &mut Vec<TargetPath>) {
    let path = &occurrence.path;
    let beside = path.parent();
    let purl = &package.purl;
    match (purl.kind(), path.name()) {
        ("npm", "package.json") | ("cargo", "Cargo.toml") => folders.push(beside),
        ("pypi", "METADATA" | "PKG-INFO") => {
            folders.push(beside.join("licenses"));
            folders.push(beside);
        }
        ("gem", name) if name.ends_with(".gemspec") => {
            let full = name.trim_end_matches(".gemspec");
            if beside.name() == "specifications" {
                folders.push(beside.parent().join("gems").join(full));
            } else {
                folders.push(beside);
            }
        }
        ("golang", "modules.txt") => folders.push(beside.join(&purl.full_name())),
        ("composer", "installed.json") => {
            folders.push(beside.parent().join(&purl.full_name()));
        }
        ("nuget", name) if name.ends_with(".nuspec") => folders.push(beside),
        ("maven", name)
            if [".jar", ".war", ".ear"]
                .iter()
                .any(|end| name.ends_with(end)) =>
        {
            folders.push(path.in_archive(b"META-INF"));
        }
        _ => {}
    }
}
