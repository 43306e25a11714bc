//! One version written in two ways is one package: Python's `3.2` and `3.2.0` are equal by PEP 440,
//! and a requirements file often says one where the installed copy says the other.

use std::collections::HashMap;
use std::str::FromStr as _;

use linchpin_model::{Ecosystem, InventoryBuilder, OccurrenceKind, Package, PackageId};
use pep440_rs::Version;

/// Unites Python packages of the same name and an equal version. The spelling of the installed
/// copy counts, else the shortest one.
pub(crate) fn unite_equal_versions(inventory: &mut InventoryBuilder) {
    let mut groups: HashMap<(String, Version), Vec<PackageId>> = HashMap::new();
    for (index, package) in inventory.packages().iter().enumerate() {
        if package.purl.ecosystem() != Some(Ecosystem::PyPi) {
            continue;
        }
        if let Some(version) = package
            .version()
            .and_then(|version| Version::from_str(version).ok())
        {
            groups
                .entry((package.purl.name().to_owned(), version))
                .or_default()
                .push(PackageId(index as u32));
        }
    }
    let mut groups: Vec<Vec<PackageId>> = groups
        .into_values()
        .filter(|group| group.len() > 1)
        .collect();
    groups.sort();
    for mut group in groups {
        let packages = inventory.packages();
        group.sort_by_key(|id| rank(&packages[id.index()]));
        if let Some((&first, others)) = group.split_first() {
            for &other in others {
                inventory.unite(first, other);
            }
        }
    }
}

fn rank(package: &Package) -> (bool, usize, String) {
    let installed = package
        .occurrences
        .iter()
        .any(|occurrence| occurrence.kind == OccurrenceKind::Installed);
    let version = package.version().unwrap_or_default();
    (!installed, version.len(), version.to_owned())
}
