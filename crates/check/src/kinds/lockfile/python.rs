//! Lockfiles of Python: `uv.lock`, `poetry.lock` and `pdm.lock` in TOML, `Pipfile.lock` in JSON.

use linchpin_document::{Node, Position};

use super::{Locked, field};

pub(super) fn of_toml(document: &Node) -> Vec<Locked> {
    let packages = document.get("package");
    // Old lockfiles of Poetry have all hashes in one table.
    let hashes_apart = document.find(&["metadata", "files"]).is_some();
    let items = packages.map_or(&[][..], Node::items);
    items
        .iter()
        .filter_map(|package| locked(package, hashes_apart))
        .collect()
}

fn locked(package: &Node, hashes_apart: bool) -> Option<Locked> {
    let source = package.get("source");
    let of_source = |key: &str| {
        source
            .and_then(|source| source.find_text(&[key]))
            .unwrap_or_default()
    };
    let is_local = ["path", "editable", "virtual", "directory"]
        .iter()
        .any(|key| !of_source(key).is_empty())
        || matches!(of_source("type"), "directory" | "file")
        || package.get("path").is_some();
    if is_local {
        return None;
    }
    let files = package.get("files").or_else(|| package.get("wheels"));
    let first = files
        .and_then(|files| files.items().first())
        .or_else(|| package.get("sdist"));
    let of_file = |key: &str| {
        first
            .and_then(|file| file.find_text(&[key]))
            .unwrap_or_default()
    };
    let is_git =
        !of_source("git").is_empty() || of_source("type") == "git" || package.get("git").is_some();
    let address = [
        of_source("git"),
        of_source("registry"),
        of_source("url"),
        of_file("url"),
    ];
    // What is fetched over plain HTTP counts before where the list of it is.
    let url = address
        .iter()
        .find(|url| url.starts_with("http://"))
        .or_else(|| address.iter().find(|url| !url.is_empty()))
        .copied()
        .unwrap_or_default();
    let integrity = of_file("hash").to_owned();
    Some(Locked {
        at: Some(name_place(package)),
        name: field(package, "name"),
        version: field(package, "version"),
        url: url.to_owned(),
        is_unchecked: !is_git && !hashes_apart && integrity.is_empty(),
        integrity,
        is_git,
        ..Locked::default()
    })
}

fn name_place(package: &Node) -> Position {
    let name = package.member("name");
    name.map_or(package.start, |member| member.key_start)
}

pub(super) fn of_pipenv(document: &Node) -> Vec<Locked> {
    let sources = document
        .find(&["_meta", "sources"])
        .map_or(&[][..], Node::items);
    let address = |index: &str| {
        let mut named = sources
            .iter()
            .filter(|source| source.find_text(&["name"]) == Some(index));
        let source = named.next().or_else(|| sources.first());
        source
            .map(|source| field(source, "url"))
            .unwrap_or_default()
    };
    let groups = ["default", "develop"]
        .iter()
        .filter_map(|group| document.get(group));
    let members = groups.flat_map(Node::members);
    members
        .filter(|member| member.value.get("path").is_none())
        .map(|member| {
            let entry = &member.value;
            let git = field(entry, "git");
            let hashes = entry.get("hashes").map_or(&[][..], Node::items);
            let integrity = hashes.first().and_then(Node::as_text).unwrap_or_default();
            Locked {
                at: Some(member.key_start),
                name: member.key.to_string(),
                version: field(entry, "version").trim_start_matches('=').to_owned(),
                is_unchecked: git.is_empty() && integrity.is_empty(),
                url: if git.is_empty() {
                    address(&field(entry, "index"))
                } else {
                    git.clone()
                },
                integrity: integrity.to_owned(),
                is_git: !git.is_empty(),
                ..Locked::default()
            }
        })
        .collect()
}
