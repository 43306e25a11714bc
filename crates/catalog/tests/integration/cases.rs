//! Cases as folders: `tests/cases/<cataloger>/<case>/input/` is a target, and the snapshot beside it
//! is what the inventory must say of it. A case whose name starts with `bad-` holds input that can
//! not be read in full. To accept a changed result: `INSTA_UPDATE=always cargo test`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use linchpin_catalog::{catalogers, take_inventory};
use linchpin_model::Inventory;
use linchpin_source::{DirectorySource, SourceOptions};

/// The inventory of a folder.
pub(crate) fn inventory_of(folder: &Path) -> Inventory {
    let source = DirectorySource::open(folder, SourceOptions::default()).unwrap();
    take_inventory(&source).unwrap()
}

/// The input of one case: `<cataloger>/<case>`.
pub(crate) fn case_input(case: &str) -> PathBuf {
    cases().join(case).join("input")
}

#[test]
fn every_case_gives_its_expected_inventory() {
    let mut different = Vec::new();
    for case in folders(&cases().join("*/*")) {
        let text = render(&inventory_of(&case.join("input")));
        let mut settings = insta::Settings::new();
        settings.set_snapshot_path(&case);
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        let compared = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            settings.bind(|| insta::assert_snapshot!("expected", text));
        }));
        if compared.is_err() {
            different.push(case);
        }
    }
    assert!(different.is_empty(), "other than expected: {different:?}");
}

#[test]
fn every_cataloger_has_a_good_and_a_bad_case() {
    for cataloger in catalogers() {
        let folder = cases().join(cataloger.id.0);
        let names: Vec<String> = folders(&folder.join("*"))
            .iter()
            .map(|case| case.file_name().unwrap().to_string_lossy().into_owned())
            .collect();
        assert!(
            names.iter().any(|name| !name.starts_with("bad-")),
            "{} has no good case",
            cataloger.id
        );
        assert!(
            names.iter().any(|name| name.starts_with("bad-")),
            "{} has no bad case",
            cataloger.id
        );
    }
}

pub(crate) fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

/// The folders that a path with `*` parts matches, sorted.
fn folders(pattern: &Path) -> Vec<PathBuf> {
    let mut found = vec![PathBuf::from("/")];
    for part in pattern.components().skip(1) {
        if part.as_os_str() == "*" {
            found = found
                .iter()
                .filter_map(|folder| std::fs::read_dir(folder).ok())
                .flatten()
                .map(|entry| entry.unwrap().path())
                .filter(|path| path.is_dir())
                .collect();
        } else {
            for folder in &mut found {
                folder.push(part);
            }
        }
    }
    found.sort();
    found
}

/// An inventory as text that a person can check: a line per package, its details indented.
pub(crate) fn render(inventory: &Inventory) -> String {
    let mut text = String::new();
    if let Some(distribution) = &inventory.distribution {
        let _ = writeln!(text, "distribution {}", distribution.label());
    }
    for (id, package) in inventory.iter() {
        let _ = writeln!(
            text,
            "{} {} {}",
            package.purl,
            package.scope.label(),
            format!("{:?}", package.role).to_lowercase()
        );
        if let Some(license) = &package.license {
            let _ = writeln!(text, "    license {license}");
        }
        if let Some(source) = &package.source {
            let _ = writeln!(text, "    source {} {}", source.name, source.version);
        }
        if let Some(supplier) = &package.supplier {
            let _ = writeln!(text, "    supplier {supplier}");
        }
        if let Some(download) = &package.download {
            let _ = writeln!(text, "    download {download}");
        }
        for hash in &package.hashes {
            let _ = writeln!(
                text,
                "    hash {}:{}…",
                hash.algorithm().name(),
                &hash.hex()[..16]
            );
        }
        if let Some(files) = &package.files {
            let _ = writeln!(
                text,
                "    files {} of {} missing",
                files.missing, files.listed
            );
        }
        for occurrence in &package.occurrences {
            let owner = occurrence
                .owner
                .map(|owner| format!(" owned by {}", inventory.package(owner).purl))
                .unwrap_or_default();
            let _ = writeln!(
                text,
                "    {} {} ({}){owner}",
                occurrence.kind.label(),
                occurrence.path,
                occurrence.cataloger
            );
        }
        for dependency in inventory.dependencies_of(id) {
            let _ = writeln!(
                text,
                "    needs {} {}",
                inventory.package(dependency.on).purl,
                dependency.scope.label()
            );
        }
    }
    for note in &inventory.notes {
        let path = note
            .path
            .as_ref()
            .map(|path| format!("{path}: "))
            .unwrap_or_default();
        let _ = writeln!(text, "note {path}{}", note.text);
    }
    text
}
