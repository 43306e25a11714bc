//! One version written in two ways is one package: Python's `3.2` and `3.2.0` are equal by PEP 440,
//! and a requirements file often says one where the installed copy says the other. NuGet tells neither
//! the case of names nor zeros at the end of a version apart.

use std::collections::HashMap;
use std::str::FromStr as _;

use linchpin_model::{Ecosystem, InventoryBuilder, OccurrenceKind, Package, PackageId};
use pep440_rs::Version;

/// What is the same of two packages that are one.
#[derive(PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Same {
    Python(String, Version),
    NuGet(String, String),
}

/// Unites packages of the same name and an equal version. The spelling of the installed copy
/// counts, else the shortest one.
pub(crate) fn unite_equal_versions(inventory: &mut InventoryBuilder) {
    let mut groups: HashMap<Same, Vec<PackageId>> = HashMap::new();
    for (index, package) in inventory.packages().iter().enumerate() {
        if let Some(same) = same(package) {
            let id = PackageId(index as u32);
            groups.entry(same).or_default().push(id);
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

fn same(package: &Package) -> Option<Same> {
    let version = package.version()?;
    if package.purl.kind() == "nuget" {
        let (numbers, label) = match version.split_once('-') {
            Some((numbers, label)) => (numbers, Some(label)),
            None => (version, None),
        };
        let mut version = numbers.to_owned();
        while let Some(shorter) = version.strip_suffix(".0") {
            version.truncate(shorter.len());
        }
        if let Some(label) = label {
            version = format!("{version}-{}", label.to_lowercase());
        }
        return Some(Same::NuGet(package.purl.name().to_lowercase(), version));
    }
    if package.purl.ecosystem() != Some(Ecosystem::PyPi) {
        return None;
    }
    let version = Version::from_str(version).ok()?;
    Some(Same::Python(package.purl.name().to_owned(), version))
}

fn rank(package: &Package) -> (bool, usize, String) {
    let installed = package
        .occurrences
        .iter()
        .any(|occurrence| occurrence.kind == OccurrenceKind::Installed);
    let version = package.version().unwrap_or_default();
    (!installed, version.len(), version.to_owned())
}
