//! `yarn.lock` of both formats: entries by what was asked for, `name@range, name@range`.

use linchpin_document::{Member, Node};

use super::{Locked, field};

pub(super) fn packages(document: &Node) -> Vec<Locked> {
    let is_second = document.get("__metadata").is_some();
    let read = if is_second { of_second } else { of_first };
    document.members().iter().filter_map(read).collect()
}

/// What the first of the wishes asks for: the name, and the range behind it.
fn wish(key: &str) -> Option<(&str, &str)> {
    let first = key.split(", ").next()?;
    let at = first.get(1..)?.find('@')? + 1;
    Some((&first[..at], &first[at + 1..]))
}

/// The name of what an alias stands for: `npm:other@^1`.
fn alias(range: &str) -> Option<&str> {
    let (name, _) = range.strip_prefix("npm:")?.rsplit_once('@')?;
    (!name.is_empty()).then_some(name)
}

fn of_first(member: &Member) -> Option<Locked> {
    let (name, range) = wish(&member.key)?;
    let entry = &member.value;
    let url = field(entry, "resolved");
    let integrity = field(entry, "integrity");
    let is_git = url.starts_with("git") || range.contains(".git") || range.starts_with("git");
    let is_fetched = url.starts_with("http://") || url.starts_with("https://");
    // Before there was `integrity`, the hash stood behind the address. Archives of commits, as
    // code hosts make them, have none.
    let has_fragment = url.contains('#');
    Some(Locked {
        at: Some(member.key_start),
        name: alias(range).unwrap_or(name).to_owned(),
        version: field(entry, "version"),
        is_unchecked: is_fetched && integrity.is_empty() && !has_fragment && url.contains("/-/"),
        url,
        integrity,
        is_git,
        ..Locked::default()
    })
}

fn of_second(member: &Member) -> Option<Locked> {
    if member.key.as_str() == "__metadata" {
        return None;
    }
    let entry = &member.value;
    let resolution = field(entry, "resolution");
    let (name, origin) = wish(&resolution)?;
    if ["workspace:", "link:", "portal:", "file:"]
        .iter()
        .any(|local| origin.starts_with(local))
    {
        return None;
    }
    let is_address = origin.contains("://") && !origin.starts_with("npm:");
    Some(Locked {
        at: Some(member.key_start),
        name: name.to_owned(),
        version: field(entry, "version"),
        integrity: field(entry, "checksum"),
        is_git: is_address && (origin.contains(".git#") || origin.contains("commit=")),
        url: if is_address {
            origin.to_owned()
        } else {
            String::new()
        },
        ..Locked::default()
    })
}
