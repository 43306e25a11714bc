//! `package-lock.json` of all versions:
//! <https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json>.

use linchpin_document::{Member, Node};

use super::{Locked, field, is_set};

/// Deepest nesting of the first version's packages in each other.
const DEEPEST: usize = 40;

pub(super) fn packages(document: &Node) -> Vec<Locked> {
    let mut packages = Vec::new();
    if let Some(all) = document.get("packages") {
        packages.extend(all.members().iter().filter_map(of_path));
    } else if let Some(all) = document.get("dependencies") {
        nested(all, &mut packages, DEEPEST);
    }
    packages
}

/// An entry of `packages`, whose name is a path.
fn of_path(member: &Member) -> Option<Locked> {
    let (_, name) = member.key.rsplit_once("node_modules/")?;
    let entry = &member.value;
    if is_set(entry, "link") {
        return None;
    }
    let called = field(entry, "name");
    let name = if called.is_empty() {
        name.to_owned()
    } else {
        called
    };
    Some(Locked {
        has_script: is_set(entry, "hasInstallScript"),
        deprecated: field(entry, "deprecated"),
        ..locked(member, name, is_set(entry, "inBundle"))
    })
}

fn nested(all: &Node, packages: &mut Vec<Locked>, deepest: usize) {
    for member in all.members() {
        let entry = &member.value;
        let version = field(entry, "version");
        let alias = version
            .strip_prefix("npm:")
            .and_then(|alias| alias.rsplit_once('@'));
        let name = alias.map_or(member.key.as_str(), |(name, _)| name);
        packages.push(locked(member, name.to_owned(), is_set(entry, "bundled")));
        if let Some(inner) = entry.get("dependencies").filter(|_| deepest > 0) {
            nested(inner, packages, deepest - 1);
        }
    }
}

fn locked(member: &Member, name: String, is_bundled: bool) -> Locked {
    let entry = &member.value;
    let version = field(entry, "version");
    let resolved = field(entry, "resolved");
    let url = if resolved.is_empty() && version.contains("://") {
        version.clone()
    } else {
        resolved
    };
    let integrity = field(entry, "integrity");
    let is_git = url.starts_with("git");
    let is_fetched = url.starts_with("http://") || url.starts_with("https://");
    Locked {
        at: Some(member.key_start),
        name,
        is_unchecked: is_fetched && integrity.is_empty() && !is_bundled,
        version,
        url,
        integrity,
        is_git,
        ..Locked::default()
    }
}
