//! `composer.lock`: <https://getcomposer.org/doc/01-basic-usage.md>. Archives that code hosts make
//! of a commit have no checksum; the commit stands for it.

use linchpin_document::{Node, NodeValue};

use super::{Locked, field, is_set};

pub(super) fn packages(document: &Node) -> Vec<Locked> {
    let groups = ["packages", "packages-dev"]
        .iter()
        .filter_map(|key| document.get(key));
    let items = groups.flat_map(Node::items);
    items.map(locked).collect()
}

fn locked(package: &Node) -> Locked {
    let of_archive = |key: &str| package.find_text(&["dist", key]).unwrap_or_default();
    let is_git = package.get("dist").is_none() && package.get("source").is_some();
    let source = package.find_text(&["source", "url"]).unwrap_or_default();
    let abandoned = package.get("abandoned").map(|node| &node.value);
    Locked {
        at: package.member("name").map(|name| name.key_start),
        name: field(package, "name"),
        version: field(package, "version"),
        url: if is_git { source } else { of_archive("url") }.to_owned(),
        integrity: of_archive("shasum").to_owned(),
        is_git,
        deprecated: match abandoned {
            Some(NodeValue::Text(other)) => format!("abandoned; use {other} instead"),
            _ if is_set(package, "abandoned") => "abandoned".to_owned(),
            _ => String::new(),
        },
        ..Locked::default()
    }
}
