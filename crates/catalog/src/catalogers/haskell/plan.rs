//! The plan that cabal builds by, `dist-newstyle/cache/plan.json`: every package with what it needs.
//!
//! Units of one package (its library, its programs, its tests) are one package here.

use std::collections::HashMap;

use linchpin_model::{Digest, DigestAlgorithm, OccurrenceKind, Role, Scope};
use linchpin_source::Entry;

use super::{Haskell, package_url};
use crate::cataloger::{Cataloger as _, Parsed};
use crate::documents::json::{Loose, read_loose};
use crate::lock_graph::{Lock, Need, Part, ProjectFile, Tells};

pub(super) fn read(entry: &Entry<'_>) -> Parsed<ProjectFile> {
    let text = String::from_utf8_lossy(entry.content);
    let document = match read_loose(&text) {
        Ok(document) => document,
        Err(problem) => return Parsed::failed(problem),
    };
    let Some(units) = document.get("install-plan").map(Loose::items) else {
        // Other programs have plans of this name too.
        return Parsed::not_mine();
    };
    let key_of = |unit: &Loose<'_>| {
        let name = unit.text_of("pkg-name")?;
        Some(format!(
            "{name} {}",
            unit.text_of("pkg-version").unwrap_or_default()
        ))
    };
    let keys: HashMap<&str, String> = units
        .iter()
        .filter_map(|unit| Some((unit.text_of("id")?, key_of(unit)?)))
        .collect();
    let mut parts: Vec<Part> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for unit in units {
        let (Some(key), Some(name)) = (key_of(unit), unit.text_of("pkg-name")) else {
            continue;
        };
        let place = match places.get(&key) {
            Some(&place) => place,
            None => {
                let Some(url) = package_url(name, unit.text_of("pkg-version")) else {
                    continue;
                };
                let kind = OccurrenceKind::Locked;
                let mut part = Part::new(key.as_str(), url, entry, kind, Haskell::ID);
                part.also.push(name.into());
                if unit.text_of("style") == Some("local") {
                    part.package.role = Role::Application;
                }
                let digest = unit.text_of("pkg-src-sha256");
                let digest =
                    digest.and_then(|hex| Digest::from_hex(DigestAlgorithm::Sha256, hex).ok());
                part.package.hashes.extend(digest);
                places.insert(key, parts.len());
                parts.push(part);
                parts.len() - 1
            }
        };
        let Some(part) = parts.get_mut(place) else {
            continue;
        };
        let component = unit.text_of("component-name").unwrap_or_default();
        let mut needs = |list: &Loose<'_>, component: &str| {
            let scope = scope_of(component);
            for (field, of_field) in [("depends", scope), ("exe-depends", Scope::Build)] {
                let ids = list.get(field).map(Loose::items).unwrap_or_default();
                let found = ids.iter().filter_map(|id| keys.get(id.text()?));
                let needs = found.map(|key| Need::of(key.as_str(), scope.through(of_field)));
                part.needs.extend(needs);
            }
        };
        needs(unit, component);
        for (component, list) in unit.members_of("components") {
            needs(list, component);
        }
    }
    for part in &mut parts {
        let own = part.key.clone();
        part.needs.retain(|need| need.key != own);
    }
    let roots = parts
        .iter()
        .filter(|part| part.package.role == Role::Application);
    let direct = roots.map(|part| Need::new(part.key.clone())).collect();
    let mut folder = entry.path.parent();
    if folder.name() == "cache" {
        folder = folder.parent().parent();
    }
    let lock = Lock {
        root: None,
        direct: Some(direct),
        parts,
    };
    Parsed::clean(ProjectFile {
        folder,
        tells: Tells::Lock(lock),
    })
}

fn scope_of(component: &str) -> Scope {
    match component.split(':').next().unwrap_or_default() {
        "test" | "bench" => Scope::Development,
        "setup" => Scope::Build,
        _ => Scope::Runtime,
    }
}
