//! Lockfiles of Conda environments: `conda-lock.yml` (<https://conda.github.io/conda-lock/output/>), and
//! lists of exact addresses that start with `@EXPLICIT`.
//!
//! One file holds the packages of several platforms, which need each other per platform. The cases of
//! its tests are written by hand after the documentation.

use linchpin_model::{CatalogerId, Digest, OccurrenceKind, Package, PackageUrl, Role, Scope};
use linchpin_source::{Entry, Pattern};

use crate::addresses::without_credentials;
use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::conda_packages::{CondaPackage, digests};
use crate::documents::json::Loose;
use crate::documents::yaml::read_documents;
use crate::package_graph::PackageGraph;
use crate::package_roots::is_inside_package;
use crate::python;

pub(super) static CATALOGER: CondaLock = CondaLock;

pub(super) struct CondaLock;

/// A package of one platform.
#[derive(Debug)]
pub(super) struct LockedPackage {
    url: PackageUrl,
    /// The platform, and the name there.
    platform: Box<str>,
    name: Box<str>,
    scope: Scope,
    hashes: Vec<Digest>,
    download: Option<String>,
    needs: Vec<Box<str>>,
}

impl Cataloger for CondaLock {
    type Fragment = Vec<LockedPackage>;
    const ID: CatalogerId = CatalogerId("conda-lock");
    const DOCUMENTATION: &'static str = "Reads `conda-lock.yml` and explicit lists of Conda (`conda-*.lock`, \
        `@EXPLICIT`): packages of Conda and of Python's index with digests and addresses, and edges where the file has \
        them. The packages that nothing else needs are taken as asked for.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Suffix("conda-lock.yml"),
        Pattern::Suffix("conda-lock.yaml"),
        Pattern::Glob("**/conda-*.lock"),
    ];

    fn read(entry: &Entry<'_>) -> Parsed<Vec<LockedPackage>> {
        if is_inside_package(entry.path) {
            return Parsed::not_mine();
        }
        let text = String::from_utf8_lossy(entry.content);
        if entry.path.name().strip_suffix(".lock").is_some() {
            return read_explicit(&text);
        }
        let documents = match read_documents(&text) {
            Ok(documents) => documents,
            Err(problem) => return Parsed::failed(problem),
        };
        let Some(packages) = documents
            .first()
            .and_then(|document| document.get("package"))
        else {
            return Parsed::failed("is no lockfile of conda-lock: it has no `package`");
        };
        let packages = packages.items();
        let locked: Vec<LockedPackage> = packages.iter().filter_map(locked_package).collect();
        let left_out = packages.len() - locked.len();
        Parsed {
            value: Some(locked),
            problems: told_left_out(left_out),
        }
    }

    fn assemble(fragments: Vec<Located<Vec<LockedPackage>>>, assembly: &mut Assembly<'_>) {
        for file in &fragments {
            add_file(file, assembly);
        }
    }
}

fn told_left_out(left_out: usize) -> Vec<String> {
    let told =
        format!("entries left out because they name no package that can be read: {left_out}");
    Vec::from_iter((left_out > 0).then_some(told))
}

fn read_explicit(text: &str) -> Parsed<Vec<LockedPackage>> {
    if !text.lines().any(|line| line.trim() == "@EXPLICIT") {
        return Parsed::not_mine();
    }
    let mut packages = Vec::new();
    let mut left_out = 0;
    for line in text.lines().map(str::trim) {
        if line.is_empty() || line.starts_with(['#', '@']) {
            continue;
        }
        let (address, digest) = line.split_once('#').unwrap_or((line, ""));
        let found = CondaPackage::of_address(address);
        let Some((url, found)) = found.and_then(|found| Some((found.url()?, found))) else {
            left_out += 1;
            continue;
        };
        let sha256 = digest.strip_prefix("sha256:");
        packages.push(LockedPackage {
            url,
            platform: "".into(),
            name: found.name.into(),
            scope: Scope::Runtime,
            hashes: digests(Some(digest), sha256),
            download: Some(without_credentials(address)),
            needs: Vec::new(),
        });
    }
    Parsed {
        value: Some(packages),
        problems: told_left_out(left_out),
    }
}

fn locked_package(entry: &Loose<'_>) -> Option<LockedPackage> {
    let text = |member: &str| entry.get(member).and_then(Loose::text);
    let name = text("name")?;
    let address = text("url");
    let url = if text("manager") == Some("pip") {
        python::package_url(name, text("version"))?
    } else {
        let named = CondaPackage {
            name: name.to_owned(),
            version: text("version").map(str::to_owned),
            ..CondaPackage::default()
        };
        address
            .and_then(CondaPackage::of_address)
            .unwrap_or(named)
            .url()?
    };
    let hash = |member: &str| entry.get("hash")?.get(member)?.text();
    let is_main = text("category").is_none_or(|category| category == "main");
    let needs = entry
        .get("dependencies")
        .into_iter()
        .flat_map(Loose::members);
    Some(LockedPackage {
        url,
        platform: text("platform").unwrap_or_default().into(),
        name: name.into(),
        scope: if is_main {
            Scope::Runtime
        } else {
            Scope::Development
        },
        hashes: digests(hash("md5"), hash("sha256")),
        download: address.map(without_credentials),
        needs: needs.map(|(name, _)| name.as_ref().into()).collect(),
    })
}

fn add_file(file: &Located<Vec<LockedPackage>>, assembly: &mut Assembly<'_>) {
    let Some(url) = assembly.unnamed_project(&file.path.parent()) else {
        return;
    };
    let mut graph = PackageGraph::default();
    let mut root = Package::new(
        url,
        file.occurrence(OccurrenceKind::Declared, CondaLock::ID),
    );
    root.role = Role::Application;
    let root = graph.add("", root);
    let mut waiting = Vec::new();
    for (place, locked) in file.value.iter().enumerate() {
        let occurrence = file.occurrence(OccurrenceKind::Locked, CondaLock::ID);
        let mut package = Package::new(locked.url.clone(), occurrence);
        package.hashes.clone_from(&locked.hashes);
        package.download.clone_from(&locked.download);
        let node = graph.add(&format!("#{place}"), package);
        graph.also_known_as(&key(locked, &locked.name), node);
        waiting.push((node, locked));
    }
    for (node, locked) in &waiting {
        for need in &locked.needs {
            if let Some(on) = graph.find(&key(locked, need)) {
                graph.depend(*node, on, Scope::Runtime);
            }
        }
    }
    let nodes: Vec<usize> = waiting.iter().map(|(node, _)| *node).collect();
    for (node, locked) in graph
        .roots_among(&nodes)
        .into_iter()
        .filter_map(|node| Some((node, waiting.get(node.checked_sub(1)?)?.1)))
        .collect::<Vec<_>>()
    {
        graph.depend(root, node, locked.scope);
    }
    graph.finish(assembly);
}

fn key(locked: &LockedPackage, name: &str) -> String {
    format!("{}\0{name}", locked.platform)
}
