//! Java archives: those that Debian built, compared with the coordinates in its own Maven
//! repository, and some made with the JDK.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use linchpin_catalog::take_inventory;
use linchpin_model::{DigestAlgorithm, Inventory, OccurrenceKind, Role};
use linchpin_source::SourceOptions;

use crate::cases::inventory_of;
use crate::reference_tools::{output_of, skip};

const REPOSITORY: &str = "/usr/share/maven-repo";

/// The archives of the repository, each with the coordinates under which it is filed: it may be
/// filed under several.
fn filed() -> BTreeMap<PathBuf, BTreeSet<String>> {
    let mut filed: BTreeMap<PathBuf, BTreeSet<String>> = BTreeMap::new();
    let mut folders = vec![PathBuf::from(REPOSITORY)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "jar") {
                let inside = path.strip_prefix(REPOSITORY).unwrap();
                let mut parts: Vec<&str> =
                    inside.iter().map(|part| part.to_str().unwrap()).collect();
                parts.pop();
                let version = parts.pop().unwrap();
                let artifact = parts.pop().unwrap();
                // `debian` stands for whichever version there is.
                if version != "debian"
                    && let Ok(real) = path.canonicalize()
                {
                    let group = parts.join(".");
                    let group = group.strip_prefix("repository.").unwrap_or(&group);
                    filed
                        .entry(real)
                        .or_default()
                        .insert(format!("{group}:{artifact}"));
                }
            }
        }
    }
    filed
}

/// What is found in one archive: its own coordinates.
fn found(inventory: &Inventory, name: &str) -> Vec<String> {
    inventory
        .packages
        .iter()
        .filter(|package| {
            package.occurrences.iter().any(|occurrence| {
                occurrence.path.as_str() == name && occurrence.kind == OccurrenceKind::Installed
            })
        })
        .map(|package| {
            format!(
                "{}:{}",
                package.purl.namespace().unwrap_or("?"),
                package.purl.name()
            )
        })
        .collect()
}

#[test]
fn archives_of_debian_have_the_coordinates_that_it_files_them_under() {
    if !Path::new(REPOSITORY).exists() {
        skip("there is no Maven repository of Debian");
        return;
    }
    let renamed = tempfile::tempdir().unwrap();
    let (mut right, mut unnamed, mut wrong) = (0, Vec::new(), Vec::new());
    let mut right_renamed = 0;
    for (number, (file, mut coordinates)) in filed().into_iter().enumerate() {
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        if name.starts_with("jsr305-") {
            // Debian files it under a group of its own.
            coordinates.insert("com.google.code.findbugs:jsr305".to_owned());
        }
        let mut compare = |file: &Path, name: &str| {
            let source =
                linchpin_source::open(file.to_str().unwrap(), SourceOptions::default()).unwrap();
            let found = found(&take_inventory(source.as_ref()).unwrap(), name);
            match found.as_slice() {
                [one] if coordinates.contains(one) => return true,
                [one] if one.starts_with("?:") => {
                    unnamed.push(format!("{name} of {}", file.display()));
                }
                other => wrong.push(format!("{name}: {other:?} instead of {coordinates:?}")),
            }
            false
        };
        right += usize::from(compare(&file, &name));
        // Under another name it may be known or not, but never be taken for something else.
        let copy = renamed.path().join(format!("thing-{number}.jar"));
        std::fs::copy(&file, &copy).unwrap();
        let name = copy.file_name().unwrap().to_str().unwrap().to_owned();
        right_renamed += usize::from(compare(&copy, &name));
    }
    println!("{right} right, {right_renamed} renamed, unnamed {unnamed:#?}");
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(right > 60 && right_renamed > 45, "unnamed {unnamed:#?}");
}

#[test]
fn a_war_leads_to_what_is_in_it_and_a_renamed_library_is_known_by_its_classes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let source = |package: &str| format!("package {package}; public class Main {{ }}");
    for (file, package) in [
        ("Io.java", "org.apache.commons.io"),
        ("App.java", "com.example.app"),
    ] {
        std::fs::create_dir_all(path.join("src")).unwrap();
        let text = source(package).replace("Main", file.trim_end_matches(".java"));
        std::fs::write(path.join("src").join(file), text).unwrap();
    }
    std::fs::write(path.join("manifest"), "Implementation-Version: 2.11.0\n").unwrap();
    for command in [
        ["javac", "-d", "io", "src/Io.java"].as_slice(),
        &["javac", "-d", "app/WEB-INF/classes", "src/App.java"],
        &["mkdir", "-p", "app/WEB-INF/lib"],
        &[
            "jar",
            "cfm",
            "app/WEB-INF/lib/renamed.jar",
            "manifest",
            "-C",
            "io",
            ".",
        ],
        &["jar", "cf", "app.war", "-C", "app", "."],
        &["rm", "-r", "src", "io", "app"],
    ] {
        if output_of(command[0], &command[1..], path).is_none() {
            return;
        }
    }
    let jar_digest = {
        let inventory = inventory_of(path);
        let io = inventory
            .find("pkg:maven/commons-io/commons-io@2.11.0")
            .unwrap();
        let package = inventory.package(io);
        assert_eq!(
            package.occurrences[0].path.as_str(),
            "app.war!/WEB-INF/lib/renamed.jar"
        );
        assert_eq!(package.occurrences[0].kind, OccurrenceKind::Embedded);
        let (app, application) = inventory.roots().next().unwrap();
        assert_eq!(application.purl.as_str(), "pkg:generic/app");
        assert_eq!(application.role, Role::Application);
        assert_eq!(inventory.dependencies_of(app)[0].on, io);
        package
            .hashes
            .iter()
            .find(|digest| digest.algorithm() == DigestAlgorithm::Sha1)
            .unwrap()
            .hex()
            .to_owned()
    };
    output_of("jar", &["xf", "app.war", "WEB-INF/lib/renamed.jar"], path).unwrap();
    let sum = output_of("sha1sum", &["WEB-INF/lib/renamed.jar"], path).unwrap();
    assert!(sum.starts_with(&jar_digest), "{sum} {jar_digest}");
}
