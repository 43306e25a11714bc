//! The dependency graph: a node for every component, and every package within reach of the
//! target, so that a reader who walks from there misses nothing.

use std::collections::BTreeSet;

use linchpin_model::{Inventory, PackageId, Role};

use super::components::OPERATING_SYSTEM;
use super::{TARGET, wire};

/// A node for the target, the operating system and each package, in the order of the components.
pub(super) fn dependencies(inventory: &Inventory) -> Vec<wire::Dependency<'_>> {
    let purl = |id: PackageId| inventory.package(id).purl.as_str();
    let mut direct: BTreeSet<&str> = tops(inventory).into_iter().map(purl).collect();
    let mut nodes = Vec::with_capacity(inventory.packages.len() + 2);
    if inventory.distribution.is_some() {
        direct.insert(OPERATING_SYSTEM);
        nodes.push(wire::Dependency {
            reference: OPERATING_SYSTEM,
            depends_on: Vec::new(),
        });
    }
    nodes.extend(inventory.iter().map(|(id, package)| {
        wire::Dependency {
            reference: package.purl.as_str(),
            depends_on: inventory
                .dependencies_of(id)
                .iter()
                .map(|dependency| purl(dependency.on))
                .collect::<BTreeSet<_>>()
                .into_iter()
                .collect(),
        }
    }));
    nodes.insert(
        0,
        wire::Dependency {
            reference: TARGET,
            depends_on: direct.into_iter().collect(),
        },
    );
    nodes
}

/// What hangs directly on the target: the projects, what nothing else needs, and one package of
/// each ring that nothing outside of it needs.
fn tops(inventory: &Inventory) -> Vec<PackageId> {
    let count = inventory.packages.len();
    let mut needed = vec![false; count];
    for dependency in inventory.dependencies.iter().flatten() {
        if let Some(mark) = needed.get_mut(dependency.on.index()) {
            *mark = true;
        }
    }
    let is_top = |id: PackageId| {
        inventory.package(id).role == Role::Application || needed.get(id.index()) == Some(&false)
    };
    let ids = || inventory.iter().map(|(id, _)| id);
    let mut tops: Vec<PackageId> = ids().filter(|id| is_top(*id)).collect();
    let mut reached = vec![false; count];
    for top in &tops {
        reach(inventory, *top, &mut reached);
    }
    for id in ids() {
        if reached.get(id.index()) == Some(&false) {
            tops.push(id);
            reach(inventory, id, &mut reached);
        }
    }
    tops
}

/// Marks a package and everything that it needs.
fn reach(inventory: &Inventory, start: PackageId, reached: &mut [bool]) {
    let mut waiting = vec![start];
    while let Some(id) = waiting.pop() {
        match reached.get_mut(id.index()) {
            Some(mark) if !*mark => *mark = true,
            _ => continue,
        }
        waiting.extend(
            inventory
                .dependencies_of(id)
                .iter()
                .map(|dependency| dependency.on),
        );
    }
}
