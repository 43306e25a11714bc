//! `pnpm-lock.yaml`: entries of `packages` by name and version, with a slash in front in old ones.

use linchpin_document::{Member, Node};

use super::{Locked, field, is_set};

pub(super) fn packages(document: &Node) -> Vec<Locked> {
    let packages = document.get("packages");
    let members = packages.map_or(&[][..], Node::members);
    members.iter().map(locked).collect()
}

fn locked(member: &Member) -> Locked {
    let key = member.key.trim_start_matches('/');
    let key = key.split('(').next().unwrap_or_default();
    let at = key
        .get(1..)
        .and_then(|rest| rest.find('@'))
        .map(|at| at + 1);
    let (name, version) = at.map_or((key, ""), |at| (&key[..at], &key[at + 1..]));
    let entry = &member.value;
    let resolution = |field: &str| entry.find_text(&["resolution", field]).unwrap_or_default();
    let (tarball, repository) = (resolution("tarball"), resolution("repo"));
    let is_git = resolution("type") == "git" || !repository.is_empty();
    let integrity = resolution("integrity").to_owned();
    Locked {
        at: Some(member.key_start),
        name: name.to_owned(),
        version: version.to_owned(),
        url: if is_git { repository } else { tarball }.to_owned(),
        is_unchecked: !is_git
            && !tarball.is_empty()
            && integrity.is_empty()
            && tarball.contains("/-/"),
        integrity,
        is_git,
        deprecated: field(entry, "deprecated"),
        has_script: is_set(entry, "requiresBuild"),
    }
}
