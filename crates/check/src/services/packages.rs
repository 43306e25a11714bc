//! The packages that talk to services.

use std::collections::BTreeMap;

use linchpin_model::{Inventory, OccurrenceKind, Package, Role, Routes, Scope};

use super::catalogue::Service;
use super::uses::{Evidence, EvidenceKind, Use};

/// Packages by their type and name. Names with a `*` are tried one after another.
struct Packages<'s> {
    exact: BTreeMap<(&'s str, &'s str), usize>,
    globs: Vec<(&'s str, &'s str, &'s str, usize)>,
}

impl<'s> Packages<'s> {
    fn new(services: &'s [Service]) -> Self {
        let mut packages = Self {
            exact: BTreeMap::new(),
            globs: Vec::new(),
        };
        for (place, service) in services.iter().enumerate() {
            for (kind, name) in &service.packages {
                match name.split_once('*') {
                    Some((start, end)) => packages.globs.push((kind, start, end, place)),
                    None => drop(packages.exact.insert((kind, name), place)),
                }
            }
        }
        // The longer beginning is the more exact.
        packages.globs.sort_by_key(|(_, start, end, place)| {
            (std::cmp::Reverse(start.len() + end.len()), *place)
        });
        packages
    }

    fn service_of(&self, package: &Package) -> Option<usize> {
        let kind = package.purl.kind();
        let name = package.purl.full_name().to_lowercase();
        self.exact.get(&(kind, name.as_str())).copied().or_else(|| {
            let glob = self.globs.iter().find(|(of, start, end, _)| {
                *of == kind
                    && name.len() >= start.len() + end.len()
                    && name.starts_with(start)
                    && name.ends_with(end)
            });
            glob.map(|(_, _, _, place)| *place)
        })
    }
}

/// Adds what packages show. Of a service that the project's own requirements show, those further down
/// say nothing more.
pub(super) fn add_packages(
    services: &[Service],
    inventory: &Inventory,
    include_development: bool,
    known: &mut BTreeMap<usize, Use>,
) {
    let packages = Packages::new(services);
    let routes = Routes::new(inventory);
    let mut shown: BTreeMap<usize, (Vec<Evidence>, Vec<Evidence>)> = BTreeMap::new();
    for (id, package) in inventory.iter() {
        if package.role == Role::Application
            || (package.scope == Scope::Development && !include_development)
        {
            continue;
        }
        let Some(service) = packages.service_of(package) else {
            continue;
        };
        let foremost = package.occurrences.iter().min_by_key(|occurrence| {
            (
                occurrence.kind != OccurrenceKind::Declared,
                occurrence.kind != OccurrenceKind::Locked,
            )
        });
        let Some(occurrence) = foremost else {
            continue;
        };
        let evidence = Evidence {
            kind: EvidenceKind::Package,
            what: match package.version() {
                Some(version) => format!("{} {version}", package.name()),
                None => package.name(),
            },
            path: occurrence.path.clone(),
            line: None,
            layer: occurrence.layer,
        };
        let is_indirect = routes.direct_dependency(id).is_some() && !routes.is_direct(id);
        let (direct, indirect) = shown.entry(service).or_default();
        if is_indirect { indirect } else { direct }.push(evidence);
    }
    for (service, (direct, indirect)) in shown {
        let used = known.entry(service).or_default();
        used.is_indirect = direct.is_empty() && used.evidence.is_empty();
        let evidence = if direct.is_empty() { indirect } else { direct };
        for one in evidence {
            used.add(one);
        }
    }
}
