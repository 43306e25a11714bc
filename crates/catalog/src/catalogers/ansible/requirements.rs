//! `requirements.yml`: collections and roles that a project asks for:
//! <https://docs.ansible.com/ansible/latest/galaxy/user_guide.html#installing-multiple-roles-from-a-file>.

use linchpin_model::{OccurrenceKind, PackageUrl, Scope};

use super::{Fragment, collection_url};
use crate::cataloger::Parsed;
use crate::documents::json::Loose;
use crate::documents::yaml::read_documents;
use crate::git_source::GitSource;
use crate::references::References;

pub(super) fn read(text: &str) -> Parsed<Fragment> {
    let documents = match read_documents(text) {
        Ok(documents) => documents,
        Err(problem) => return Parsed::failed(problem),
    };
    let mut references = References::default();
    for document in &documents {
        let list = |name: &str| document.get(name).map(Loose::items).unwrap_or_default();
        // Files of old are a list of roles alone.
        for role in document.items().iter().chain(list("roles")) {
            read_role(role, &mut references);
        }
        for collection in list("collections") {
            read_collection(collection, &mut references);
        }
    }
    let parsed = references.into_parsed();
    Parsed {
        value: parsed.value.map(Fragment::Requirements),
        problems: parsed.problems,
    }
}

fn read_collection(collection: &Loose<'_>, references: &mut References) {
    let text = |name: &str| collection.get(name).and_then(Loose::text);
    // `name`, `name:version`, or an object.
    let (name, version) = match collection.text() {
        Some(line) => match line.split_once(':').filter(|_| !line.contains('/')) {
            Some((name, version)) => (Some(name), Some(version)),
            None => (Some(line), None),
        },
        None => (text("name").or_else(|| text("source")), text("version")),
    };
    let Some(name) = name else { return };
    if let Some(source) =
        GitSource::parse(name).or_else(|| GitSource::parse(&format!("git::{name}")))
        && name.contains(['/', '@'])
    {
        if let Some(reference) = source.at(version).reference(Scope::Runtime) {
            references.add_reference(reference);
        }
        return;
    }
    let purl = name.split_once('.').and_then(|(namespace, name)| {
        let is_plain = |part: &str| {
            part.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        (is_plain(namespace) && is_plain(name))
            .then(|| collection_url(namespace, name, version.and_then(exact_version)))?
    });
    match purl {
        Some(purl) => references.add(purl, OccurrenceKind::Declared, Scope::Runtime),
        None => references.problem("a collection has a name that can not be read".to_owned()),
    }
}

fn read_role(role: &Loose<'_>, references: &mut References) {
    let text = |name: &str| role.get(name).and_then(Loose::text);
    let Some(source) = role
        .text()
        .or_else(|| text("src"))
        .or_else(|| text("role"))
        .or_else(|| text("name"))
    else {
        return;
    };
    // `src,version,name` is the form of old.
    let mut parts = source.split(',');
    let source = parts.next().unwrap_or_default().trim();
    let version = parts.next().map(str::trim).or_else(|| text("version"));
    if source.contains(['/', '@']) {
        let source =
            GitSource::parse(source).or_else(|| GitSource::parse(&format!("git::{source}")));
        match source.and_then(|source| source.at(version).reference(Scope::Runtime)) {
            Some(reference) => references.add_reference(reference),
            None => references.problem("a role has an address that can not be read".to_owned()),
        }
        return;
    }
    // Others are `include: other.yml`, or roles that lie beside the file.
    if let Some(purl) = role_url(source, version) {
        references.add(purl, OccurrenceKind::Declared, Scope::Runtime);
    }
}

/// The package URL of a role of Galaxy: `namespace.name`. Roles of other names are a project's own.
pub(super) fn role_url(name: &str, version: Option<&str>) -> Option<PackageUrl> {
    let (namespace, name) = name.split_once('.')?;
    PackageUrl::with_qualifiers(
        "ansible",
        Some(&namespace.to_lowercase()),
        &name.to_lowercase(),
        version.filter(|version| !version.is_empty()),
        &[("type", "role")],
    )
    .ok()
}

/// A version, unless it is a range: `6.0.0` or `==6.0.0`.
pub(super) fn exact_version(version: &str) -> Option<&str> {
    let version = version.trim().trim_start_matches('=').trim();
    (version.starts_with(|first: char| first.is_ascii_digit())
        && !version.contains([',', '*', ' ', '<', '>']))
    .then_some(version)
}

/// `meta/.galaxy_install_info`, which the client leaves in a role: its version and when it was put there.
pub(super) fn read_installed_role(text: &str) -> Parsed<Fragment> {
    match read_documents(text) {
        Ok(documents) => {
            let version = documents
                .first()
                .and_then(|document| document.get("version"));
            let version = version.and_then(Loose::text).map(str::to_owned);
            Parsed::clean(Fragment::Role(version))
        }
        Err(problem) => Parsed::failed(problem),
    }
}
