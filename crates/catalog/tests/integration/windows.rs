//! A hive of Windows that hivexregedit has filled with thousands of keys.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::cases::{case_input, inventory_of};
use crate::reference_tools::output_of;

#[test]
fn keys_that_hivexregedit_has_written_are_found() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("Windows/System32/config");
    fs::create_dir_all(&folder).unwrap();
    let hive = folder.join("SOFTWARE");
    fs::copy(
        case_input("windows/server").join("Windows/System32/config/SOFTWARE"),
        &hive,
    )
    .unwrap();
    let before = programs(root.path());
    let mut expected = before.clone();
    let mut additions = String::from("Windows Registry Editor Version 5.00\n");
    for number in 0..3_000 {
        // Names and values of many lengths.
        let name = format!("Program {number} x{}", "x".repeat(number % 60));
        let _ = write!(
            additions,
            "\n[\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\Key{number:05}]\n\
             \"Comment\"=dword:{number:08x}\n\"DisplayName\"=\"{name}\"\n\"DisplayVersion\"=\"1.{number}\"\n"
        );
        expected.insert(format!("{name} 1.{number}"));
    }
    let file = root.path().join("additions.reg");
    fs::write(&file, additions).unwrap();
    let arguments = [
        "--merge",
        "--encoding",
        "UTF-8",
        hive.to_str().unwrap(),
        file.to_str().unwrap(),
    ];
    if output_of("hivexregedit", &arguments, Path::new("/")).is_none() {
        return;
    }
    let found = programs(root.path());
    let differences: Vec<&String> = found.symmetric_difference(&expected).take(5).collect();
    assert!(differences.is_empty(), "{differences:?}");
}

fn programs(root: &Path) -> BTreeSet<String> {
    let inventory = inventory_of(root);
    assert!(inventory.notes.is_empty(), "{:?}", inventory.notes);
    let programs = inventory
        .packages
        .iter()
        .filter(|package| package.purl.namespace() == Some("windows-program"));
    programs
        .map(|package| format!("{} {}", package.purl.name(), package.version().unwrap()))
        .collect()
}
