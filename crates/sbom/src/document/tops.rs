//! What hangs directly on the target, so that a reader who walks the graph from there misses
//! nothing.

use linchpin_model::{Inventory, PackageId, Role};

/// The projects, what nothing else needs, and one package of each ring that nothing outside of it
/// needs.
pub(super) fn tops(inventory: &Inventory) -> Vec<PackageId> {
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
