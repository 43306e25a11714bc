//! Packages of pacman, compared with what pacman says of the same database.

use std::collections::BTreeSet;

use crate::cases::{case_input, inventory_of};
use crate::reference_tools::output_of;

#[test]
fn packages_and_edges_are_those_of_pacman() {
    let input = case_input("pacman/arch");
    let database = input.join("var/lib/pacman");
    let ask = |what: &str| {
        let database = database.to_str().unwrap();
        output_of("pacman", &[what, "--dbpath", database], &input)
    };
    let Some(theirs) = ask("-Q") else { return };
    let inventory = inventory_of(&input);
    let ours: BTreeSet<String> = inventory
        .packages
        .iter()
        .map(|package| format!("{} {}", package.purl.name(), package.version().unwrap()))
        .collect();
    let theirs: BTreeSet<String> = theirs.lines().map(str::to_owned).collect();
    assert_eq!(ours, theirs);

    // pacman says it from the other side, and knows what is provided.
    let mut needed = BTreeSet::new();
    let mut name = String::new();
    for line in ask("-Qi").unwrap().lines() {
        let Some((field, value)) = line.split_once(" : ") else {
            continue;
        };
        match field.trim() {
            "Name" => value.clone_into(&mut name),
            "Required By" if value != "None" => {
                for by in value.split_whitespace() {
                    needed.insert(format!("{by} needs {name}"));
                }
            }
            _ => {}
        }
    }
    let mut edges = BTreeSet::new();
    for (id, package) in inventory.iter() {
        for dependency in inventory.dependencies_of(id) {
            let on = inventory.package(dependency.on).purl.name();
            edges.insert(format!("{} needs {on}", package.purl.name()));
        }
    }
    assert!(!edges.is_empty());
    assert_eq!(edges, needed);
}
