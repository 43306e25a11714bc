//! Packages that look like attacks, and honest ones beside them: `tests/packages/`.

use std::fmt::Write as _;
use std::path::Path;

use linchpin_check::{Depth, PackageCode, Rules};
use linchpin_model::About;
use linchpin_source::{SourceOptions, open, read_together};

/// The findings of a folder, one on a line.
fn findings(folder: &Path, depth: Depth) -> String {
    let rules = Rules::default();
    let code = PackageCode::new(&rules, depth);
    let source = open(folder.to_str().unwrap(), SourceOptions::default()).unwrap();
    let visited = read_together(source.as_ref(), &[&code]).unwrap();
    let checked = code.finish(&visited);
    assert_eq!(checked.notes, []);
    let mut text = String::new();
    for finding in &checked.findings {
        let About::Place(place) = &finding.about else {
            panic!("{finding:?}");
        };
        writeln!(
            text,
            "{} {} {}:{}: {}",
            finding.severity.label(),
            finding.rule,
            place.path,
            place.line.unwrap(),
            finding.summary
        )
        .unwrap();
    }
    text
}

fn compare(sort: &str, depth: Depth) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/packages")
        .join(sort);
    let mut cases: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    cases.sort();
    assert!(cases.len() >= 5);
    for case in cases {
        let found = findings(&case, depth);
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        insta::with_settings!({ snapshot_path => &case, prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!("expected", found);
        });
        let is_honest = name == "honest";
        let is_bad = found.lines().any(|line| !line.starts_with("low"));
        assert_eq!(is_bad, !is_honest, "{name}: {found}");
    }
}

#[test]
fn installed_packages_that_look_like_attacks_are_recognised() {
    compare("installed", Depth::Followed);
}

#[test]
fn single_packages_that_look_like_attacks_are_recognised() {
    compare("single", Depth::All);
}
