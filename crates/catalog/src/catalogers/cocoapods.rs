//! CocoaPods: `Podfile.lock`, and its copy beside installed pods, `Pods/Manifest.lock`.
//! <https://guides.cocoapods.org/using/using-cocoapods.html>.
//!
//! A subspec (`GoogleUtilities/Logger`) is a part of its pod: the pod is the package, with the edges
//! of all its subspecs. What only tests need, the `Podfile` would tell by its targets; it is a Ruby
//! program, and is not read.

use std::collections::{BTreeMap, HashMap};

use linchpin_model::{CatalogerId, Digest, DigestAlgorithm, OccurrenceKind, PackageUrl, Role};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::documents::json::Loose;
use crate::documents::yaml::read_documents;
use crate::lock_graph::{Lock, Need, Part, ProjectFile, Tells, assemble_projects};
use crate::package_roots::is_inside_package;
use crate::repository::Repository;

pub(super) static CATALOGER: CocoaPods = CocoaPods;

pub(super) struct CocoaPods;

impl Cataloger for CocoaPods {
    type Fragment = ProjectFile;
    const ID: CatalogerId = CatalogerId("cocoapods");
    const DOCUMENTATION: &'static str = "Reads `Podfile.lock` and `Pods/Manifest.lock`: pods with their edges, the \
        checksums of their specifications and, where a pod comes from a repository, the revision. Subspecs count as \
        their pod. Pods of a path are the project's own.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Name("Podfile.lock"),
        Pattern::Suffix("Pods/Manifest.lock"),
    ];

    fn read(entry: &Entry<'_>) -> Parsed<ProjectFile> {
        let is_installed = entry.path.name() == "Manifest.lock";
        let folder = if is_installed {
            entry.path.parent().parent()
        } else {
            entry.path.parent()
        };
        if is_inside_package(&folder.join("Podfile.lock")) {
            return Parsed::not_mine();
        }
        let text = String::from_utf8_lossy(entry.content);
        let document = match read_documents(&text) {
            Ok(documents) => documents.into_iter().next().unwrap_or_default(),
            Err(problem) => return Parsed::failed(problem),
        };
        if document.get("PODS").is_none() && document.get("DEPENDENCIES").is_none() {
            return Parsed::failed("is no lockfile of CocoaPods: it lists no pods");
        }
        let kind = if is_installed {
            OccurrenceKind::Installed
        } else {
            OccurrenceKind::Locked
        };
        let (lock, problems) = lock(&document, entry, kind);
        Parsed {
            value: Some(ProjectFile {
                folder,
                tells: Tells::Lock(lock),
            }),
            problems,
        }
    }

    fn assemble(fragments: Vec<Located<ProjectFile>>, assembly: &mut Assembly<'_>) {
        assemble_projects(fragments, Self::ID, assembly);
    }
}

/// The pod that a name such as `Pod/Subspec (~> 1.0)` means, and what stands in brackets.
fn pod(text: &str) -> (&str, Option<&str>) {
    let (name, rest) = text.split_once(" (").unwrap_or((text, ""));
    let name = name.split('/').next().unwrap_or_default();
    let name = name.trim();
    (name, rest.strip_suffix(')').filter(|rest| !rest.is_empty()))
}

fn lock(document: &Loose<'_>, entry: &Entry<'_>, kind: OccurrenceKind) -> (Lock, Vec<String>) {
    let mut problems = Vec::new();
    let mut pods: BTreeMap<&str, Part> = BTreeMap::new();
    let table = |name: &str| -> HashMap<&str, &Loose<'_>> {
        let members = document.members_of(name).iter();
        members.map(|(key, value)| (key.as_ref(), value)).collect()
    };
    let checkouts = table("CHECKOUT OPTIONS");
    let external = table("EXTERNAL SOURCES");
    let checksums = table("SPEC CHECKSUMS");
    for item in document.get("PODS").map(Loose::items).unwrap_or_default() {
        // A text, or an object of one member: the pod and what it needs.
        let (text, needs): (&str, &[Loose<'_>]) = match item.members() {
            [(name, needs), ..] => (name, needs.items()),
            [] => (item.text().unwrap_or_default(), &[]),
        };
        let (name, version) = pod(text);
        let source = checkouts.get(name);
        let repository = source.and_then(|source| {
            let revision = source.text_of(":commit").or_else(|| source.text_of(":tag"));
            Some(Repository::parse(source.text_of(":git")?)?.location(revision))
        });
        if !pods.contains_key(name) {
            let location = repository.clone().unwrap_or_default();
            let qualifiers = [("vcs_url", location.as_str())];
            let url = PackageUrl::with_qualifiers("cocoapods", None, name, version, &qualifiers);
            let Ok(url) = url else {
                problems.push(format!("`{text}` names no pod"));
                continue;
            };
            let mut part = Part::new(name, url, entry, kind, CocoaPods::ID);
            part.package.download = repository;
            if external
                .get(name)
                .is_some_and(|external| external.get(":path").is_some())
            {
                part.package.role = Role::Application;
            }
            let checksum = checksums.get(name).and_then(|hex| hex.text());
            let checksum =
                checksum.and_then(|hex| Digest::from_hex(DigestAlgorithm::Sha1, hex).ok());
            part.package.hashes.extend(checksum);
            pods.insert(name, part);
        }
        if let Some(part) = pods.get_mut(name) {
            let needs = needs.iter().filter_map(|need| Some(pod(need.text()?).0));
            part.needs
                .extend(needs.filter(|need| *need != name).map(Need::new));
        }
    }
    let direct = document
        .get("DEPENDENCIES")
        .map(Loose::items)
        .unwrap_or_default();
    let direct = direct
        .iter()
        .filter_map(|text| Some(Need::new(pod(text.text()?).0)));
    let lock = Lock {
        root: None,
        direct: Some(direct.collect()),
        parts: pods.into_values().collect(),
    };
    (lock, problems)
}
