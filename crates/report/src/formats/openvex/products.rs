//! What the statements are about: the target, or the projects in it, with packages as their parts.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use linchpin_model::{
    About, DigestAlgorithm, Finding, Inventory, PackageId, PackageUrl, Role, Subject, SubjectKind,
};

use super::wire::{Identifiers, Product};

/// Finds the products of findings.
pub(super) struct Products<'a> {
    inventory: &'a Inventory,
    /// The target, where it has an identity that others know.
    target: Option<Product>,
    /// What needs each package.
    needed_by: Vec<Vec<PackageId>>,
    projects: RefCell<HashMap<PackageId, Vec<PackageId>>>,
}

impl<'a> Products<'a> {
    pub(super) fn new(inventory: &'a Inventory) -> Self {
        let mut needed_by = vec![Vec::new(); inventory.packages.len()];
        for (id, _) in inventory.iter() {
            for dependency in inventory.dependencies_of(id) {
                if let Some(needed_by) = needed_by.get_mut(dependency.on.index()) {
                    needed_by.push(id);
                }
            }
        }
        Self {
            target: target(&inventory.subject),
            inventory,
            needed_by,
            projects: RefCell::default(),
        }
    }

    /// The products of findings that are said to be alike.
    pub(super) fn of(&self, findings: &[&Finding]) -> Vec<Product> {
        let mut parts: BTreeMap<Product, BTreeSet<Product>> = BTreeMap::new();
        for finding in findings {
            let About::Package(id) = finding.about else {
                // The target as a whole: a place in it has no name that others know.
                parts.entry(self.whole()).or_default();
                continue;
            };
            let package = purl(&self.inventory.package(id).purl);
            let projects = match self.target {
                Some(_) => Vec::new(),
                None => self.projects(id),
            };
            if projects.is_empty() {
                parts.entry(self.whole()).or_default().insert(package);
                continue;
            }
            for project in projects {
                let project = purl(&self.inventory.package(project).purl);
                parts.entry(project).or_default().insert(package.clone());
            }
        }
        parts
            .into_iter()
            .map(|(product, parts)| Product {
                subcomponents: parts.into_iter().collect(),
                ..product
            })
            .collect()
    }

    fn whole(&self) -> Product {
        self.target.clone().unwrap_or_else(|| {
            let name = percent_encoded(&self.inventory.subject.name);
            product(format!("urn:linchpin:target:{name}"))
        })
    }

    /// The projects that lead to a package, in order.
    fn projects(&self, package: PackageId) -> Vec<PackageId> {
        if let Some(known) = self.projects.borrow().get(&package) {
            return known.clone();
        }
        let mut seen = BTreeSet::from([package]);
        let mut waiting = vec![package];
        let mut found = BTreeSet::new();
        while let Some(id) = waiting.pop() {
            if id != package && self.inventory.package(id).role == Role::Application {
                found.insert(id);
            }
            let needed_by = self.needed_by.get(id.index()).map(Vec::as_slice);
            for by in needed_by.unwrap_or_default() {
                if seen.insert(*by) {
                    waiting.push(*by);
                }
            }
        }
        let found: Vec<PackageId> = found.into_iter().collect();
        self.projects.borrow_mut().insert(package, found.clone());
        found
    }
}

/// An image is known by its digest, a file by that of its bytes.
fn target(subject: &Subject) -> Option<Product> {
    let digest = subject.digest.as_ref()?;
    let hashes = BTreeMap::from([(
        match digest.algorithm() {
            DigestAlgorithm::Md5 => "md5",
            DigestAlgorithm::Sha1 => "sha1",
            DigestAlgorithm::Sha256 => "sha-256",
            DigestAlgorithm::Sha384 => "sha-384",
            DigestAlgorithm::Sha512 => "sha-512",
        }
        .to_owned(),
        digest.hex().to_owned(),
    )]);
    let last = subject.name.rsplit('/').next().unwrap_or_default();
    let name = last.split(['@', ':']).next().unwrap_or_default();
    let kind = match subject.kind {
        SubjectKind::Image => "oci",
        SubjectKind::File | SubjectKind::Archive => "generic",
        // A commit says nothing that a scan of a checkout could compare.
        SubjectKind::Directory | SubjectKind::Repository | SubjectKind::Package => return None,
    };
    let purl_of_target =
        PackageUrl::new(kind, None, &name.to_lowercase(), Some(&digest.to_string())).ok()?;
    Some(Product {
        hashes,
        ..purl(&purl_of_target)
    })
}

fn purl(purl: &PackageUrl) -> Product {
    Product {
        identifiers: Some(Identifiers {
            purl: purl.to_string(),
        }),
        ..product(purl.to_string())
    }
}

fn product(id: String) -> Product {
    Product {
        id,
        identifiers: None,
        hashes: BTreeMap::new(),
        subcomponents: Vec::new(),
    }
}

fn percent_encoded(text: &str) -> String {
    use std::fmt::Write as _;
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}
