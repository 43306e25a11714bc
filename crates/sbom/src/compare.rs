//! What is different between two documents, of whatever formats.
//!
//! Components are the same if their package URLs are, version and the qualifiers that a release
//! changes aside; what has no package URL goes by its name. Versions of one package that are in
//! both documents are compared in their details, the others are paired in order: old with new.
//! Dependencies are compared between packages, not between their versions: that a new version is
//! needed by the same packages as the old one is no change.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use linchpin_model::{PackageIdentity, PackageUrl};

use crate::document::{Component, ComponentKind, Document, RelationshipKind};
use crate::flat::{licenses_line, supplier_line};

pub use linchpin_model::{
    Change, ChangedComponent, ComparedComponent, ComparedDependency, Difference,
};

/// What names a component across versions.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Identity {
    /// What the document is about.
    Product,
    /// A package URL without its version.
    Package(PackageIdentity),
    /// A sort and a name.
    Named(ComponentKind, String),
}

/// Compares two documents.
pub fn compare(before: &Document, after: &Document) -> Difference {
    let (old, new) = (Side::new(before), Side::new(after));
    let mut difference = Difference::default();
    let identities: BTreeSet<&Identity> =
        old.components.keys().chain(new.components.keys()).collect();
    let none = Vec::new();
    for identity in identities {
        let was = old.components.get(identity).unwrap_or(&none);
        let is = new.components.get(identity).unwrap_or(&none);
        if *identity == Identity::Product {
            // Names of folders and images differ as a matter of course; the versions may tell.
            continue;
        }
        pair(was, is, &mut difference);
    }
    difference.added.sort();
    difference.removed.sort();
    difference.changed.sort();
    difference.dependencies_added = new
        .dependencies
        .difference(&old.dependencies)
        .cloned()
        .collect();
    difference.dependencies_removed = old
        .dependencies
        .difference(&new.dependencies)
        .cloned()
        .collect();
    difference
}

/// One of the two documents.
struct Side<'a> {
    components: BTreeMap<Identity, Vec<&'a Component>>,
    dependencies: BTreeSet<ComparedDependency>,
}

impl<'a> Side<'a> {
    fn new(document: &'a Document) -> Self {
        let primary = document.metadata.primary.as_ref();
        let mut components: BTreeMap<Identity, Vec<&Component>> = BTreeMap::new();
        let mut names: BTreeMap<&str, String> = BTreeMap::new();
        for (place, component) in document.all_components().enumerate() {
            let is_primary = place == 0 && primary.is_some();
            let identity = if is_primary {
                Identity::Product
            } else {
                identity(component)
            };
            if !component.reference.is_empty() {
                let name = if is_primary {
                    "(the product)".to_owned()
                } else {
                    component.full_name()
                };
                names.insert(&component.reference, name);
            }
            components.entry(identity).or_default().push(component);
        }
        for versions in components.values_mut() {
            versions.sort_by(|one, other| {
                (&one.version, &one.purl, &one.reference).cmp(&(
                    &other.version,
                    &other.purl,
                    &other.reference,
                ))
            });
        }
        let name = |reference: &str| {
            names
                .get(reference)
                .cloned()
                .unwrap_or_else(|| reference.to_owned())
        };
        let dependencies = document
            .relationships
            .iter()
            .filter(|relationship| {
                matches!(
                    relationship.kind,
                    RelationshipKind::DependsOn(_) | RelationshipKind::Contains
                )
            })
            .map(|relationship| ComparedDependency {
                from: name(&relationship.from),
                to: name(&relationship.to),
            })
            .collect();
        Self {
            components,
            dependencies,
        }
    }
}

fn identity(component: &Component) -> Identity {
    let purl = component
        .purl
        .as_deref()
        .and_then(|purl| purl.parse::<PackageUrl>().ok());
    match purl {
        Some(purl) => Identity::Package(PackageIdentity::from(&purl)),
        None => Identity::Named(component.kind, component.full_name()),
    }
}

/// Pairs the versions of one package.
fn pair(was: &[&Component], is: &[&Component], difference: &mut Difference) {
    let mut by_version: BTreeMap<Option<&str>, VecDeque<&Component>> = BTreeMap::new();
    for new in is {
        by_version
            .entry(new.version.as_deref())
            .or_default()
            .push_back(new);
    }
    let mut left: Vec<&Component> = Vec::new();
    for old in was {
        let same = by_version
            .get_mut(&old.version.as_deref())
            .and_then(VecDeque::pop_front);
        match same {
            Some(new) => difference.changed.extend(changed(old, new)),
            None => left.push(old),
        }
    }
    let mut fresh = by_version.into_values().flatten();
    for old in left {
        match fresh.next() {
            Some(new) => difference.changed.extend(changed(old, new)),
            None => difference.removed.push(compared(old)),
        }
    }
    difference.added.extend(fresh.map(compared));
}

fn compared(component: &Component) -> ComparedComponent {
    ComparedComponent {
        name: component.full_name(),
        version: component.version.clone(),
        purl: component.purl.clone(),
        licenses: said(licenses_line(component)),
    }
}

fn said(line: String) -> Option<String> {
    Some(line).filter(|line| !line.is_empty())
}

fn changed(old: &Component, new: &Component) -> Option<ChangedComponent> {
    let change = |of: &dyn Fn(&Component) -> Option<String>| -> Option<Change> {
        let (before, after) = (of(old), of(new));
        (before != after).then_some((before, after))
    };
    let version = change(&|component| component.version.clone());
    let hashes = |component: &Component| {
        let hashes: BTreeSet<String> = component
            .hashes
            .iter()
            .map(|hash| {
                let value = hash.value.to_ascii_lowercase();
                format!("{}:{value}", hash.algorithm.label())
            })
            .collect();
        said(hashes.into_iter().collect::<Vec<_>>().join(" "))
    };
    let found = ChangedComponent {
        before: compared(old),
        after: compared(new),
        licenses: change(&|component| said(licenses_line(component))),
        supplier: change(&|component| said(supplier_line(component))),
        // Another version has another archive; that says nothing.
        hashes: version.is_none().then(|| change(&hashes)).flatten(),
        version,
    };
    let same = found.version.is_none()
        && found.licenses.is_none()
        && found.supplier.is_none()
        && found.hashes.is_none();
    (!same).then_some(found)
}
