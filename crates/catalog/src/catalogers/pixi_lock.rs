//! Pixi's lockfile, `pixi.lock`, versions 4 to 6: <https://pixi.sh/latest/workspace/lockfile/>.
//!
//! It lists archives by their addresses and, per environment and platform, which of them are taken.
//! The cases of its tests are written by hand after the documentation.

use std::collections::{BTreeMap, HashMap, HashSet};

use linchpin_model::{
    CatalogerId, Digest, LicenseExpression, OccurrenceKind, Package, PackageUrl, Role, Scope,
};
use linchpin_source::{Entry, Pattern};

use crate::addresses::without_credentials;
use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::conda_packages::{CondaPackage, digests, name_of_requirement};
use crate::documents::json::Loose;
use crate::documents::yaml::read_documents;
use crate::licenses;
use crate::package_graph::PackageGraph;
use crate::package_roots::is_inside_package;
use crate::python::{Requirement, is_for_development, package_url};

pub(super) static CATALOGER: PixiLock = PixiLock;

pub(super) struct PixiLock;

/// A lockfile.
#[derive(Debug, Default)]
pub(super) struct Lockfile {
    /// Addresses by environment and platform, with what the environment is for.
    environments: Vec<(Scope, Vec<Box<str>>)>,
    packages: BTreeMap<Box<str>, LockedPackage>,
}

#[derive(Debug)]
struct LockedPackage {
    url: PackageUrl,
    /// The name by which others need it. Packages of Conda and of Python have names of their own.
    name: String,
    license: Option<LicenseExpression>,
    hashes: Vec<Digest>,
    needs: Vec<String>,
}

impl Cataloger for PixiLock {
    type Fragment = Lockfile;
    const ID: CatalogerId = CatalogerId("pixi-lock");
    const DOCUMENTATION: &'static str = "Reads `pixi.lock` of versions 4 to 6: packages of Conda and of Python's index with \
        digests, licences and addresses, and edges inside of each environment and platform. Environments named for \
        development, tests or documentation have that scope.";
    const WANTS: &'static [Pattern] = &[Pattern::Name("pixi.lock")];

    fn read(entry: &Entry<'_>) -> Parsed<Lockfile> {
        if is_inside_package(entry.path) {
            return Parsed::not_mine();
        }
        let text = String::from_utf8_lossy(entry.content);
        let documents = match read_documents(&text) {
            Ok(documents) => documents,
            Err(problem) => return Parsed::failed(problem),
        };
        let Some((document, packages)) = documents
            .first()
            .and_then(|document| Some((document, document.get("packages")?)))
        else {
            return Parsed::failed("is no lockfile of Pixi: it has no `packages`");
        };
        let mut lockfile = Lockfile::default();
        let mut left_out = 0;
        for entry in packages.items() {
            match locked_package(entry) {
                Some((address, package)) => {
                    lockfile.packages.insert(address, package);
                }
                None => left_out += 1,
            }
        }
        let environments = document.get("environments");
        for (name, environment) in environments.into_iter().flat_map(Loose::members) {
            let scope = if is_for_development(name) {
                Scope::Development
            } else {
                Scope::Runtime
            };
            let platforms = environment
                .get("packages")
                .into_iter()
                .flat_map(Loose::members);
            for (_, list) in platforms {
                let addresses = list.items().iter().filter_map(address);
                let addresses = addresses.map(Into::into).collect();
                lockfile.environments.push((scope, addresses));
            }
        }
        let told =
            format!("entries left out because they name no package that can be read: {left_out}");
        Parsed {
            value: Some(lockfile),
            problems: Vec::from_iter((left_out > 0).then_some(told)),
        }
    }

    fn assemble(fragments: Vec<Located<Lockfile>>, assembly: &mut Assembly<'_>) {
        for file in &fragments {
            add_file(file, assembly);
        }
    }
}

/// The address of an entry: in `conda` or `pypi`, before version 5 in `url`.
fn address<'a>(entry: &'a Loose<'_>) -> Option<&'a str> {
    let mut members = ["conda", "pypi", "url"].into_iter();
    members.find_map(|member| entry.get(member)?.text())
}

fn locked_package(entry: &Loose<'_>) -> Option<(Box<str>, LockedPackage)> {
    let text = |member: &str| entry.get(member).and_then(Loose::text);
    let list = |member: &str| {
        let items = entry.get(member).into_iter().flat_map(Loose::items);
        items.filter_map(Loose::text)
    };
    let address = address(entry)?;
    let is_python = text("pypi").is_some() || text("kind") == Some("pypi");
    let (url, name, needs) = if is_python {
        let url = package_url(text("name")?, text("version"))?;
        let name = format!("pypi {}", url.name());
        let needs = list("requires_dist").filter_map(|text| {
            let requirement = Requirement::parse(text).ok()?;
            let marker = requirement.marker.as_ref();
            // What an extra needs is there only where the extra was asked for.
            marker
                .is_none_or(|marker| marker.may_hold(std::iter::empty()))
                .then(|| format!("pypi {}", requirement.name))
        });
        (url, name, needs.collect())
    } else {
        let found = CondaPackage::of_address(address).or_else(|| {
            Some(CondaPackage {
                name: text("name")?.to_owned(),
                version: text("version").map(str::to_owned),
                ..CondaPackage::default()
            })
        })?;
        let needs = list("depends")
            .filter_map(name_of_requirement)
            .map(str::to_owned);
        (found.url()?, found.name.clone(), needs.collect())
    };
    let package = LockedPackage {
        url,
        name,
        license: text("license")
            .and_then(|text| licenses::from_expression(text).or_else(|| licenses::from_name(text))),
        hashes: digests(text("md5"), text("sha256")),
        needs,
    };
    Some((address.into(), package))
}

fn add_file(file: &Located<Lockfile>, assembly: &mut Assembly<'_>) {
    let Some(url) = assembly.unnamed_project(&file.path.parent()) else {
        return;
    };
    let lockfile = &file.value;
    let mut graph = PackageGraph::default();
    let mut root = Package::new(url, file.occurrence(OccurrenceKind::Declared, PixiLock::ID));
    root.role = Role::Application;
    let root = graph.add("", root);
    for (address, locked) in &lockfile.packages {
        let occurrence = file.occurrence(OccurrenceKind::Locked, PixiLock::ID);
        let mut package = Package::new(locked.url.clone(), occurrence);
        package.license.clone_from(&locked.license);
        package.hashes.clone_from(&locked.hashes);
        package.download = Some(without_credentials(address)).filter(|text| text.contains("://"));
        graph.add(address, package);
    }
    let mut missing = HashSet::new();
    for (scope, addresses) in &lockfile.environments {
        let mut here = Vec::new();
        let mut by_name: HashMap<&str, usize> = HashMap::new();
        for address in addresses {
            match (graph.find(address), lockfile.packages.get(address)) {
                (Some(node), Some(locked)) => {
                    by_name.insert(&locked.name, node);
                    here.push((node, locked));
                }
                _ => {
                    missing.insert(address);
                }
            }
        }
        let mut needed: HashSet<usize> = HashSet::new();
        for (node, locked) in &here {
            for need in &locked.needs {
                if let Some(&on) = by_name.get(need.as_str()).filter(|on| *on != node) {
                    graph.depend(*node, on, Scope::Runtime);
                    needed.insert(on);
                }
            }
        }
        for (node, _) in here.iter().filter(|(node, _)| !needed.contains(node)) {
            graph.depend(root, *node, *scope);
        }
    }
    if !missing.is_empty() {
        assembly.inventory.note(file.note(format!(
            "archives that an environment names and that it does not describe: {}",
            missing.len()
        )));
    }
    graph.finish(assembly);
}
