//! `Cargo.lock`. Packages of the project itself have no source.

use linchpin_document::Node;

use super::{Locked, field};

pub(super) fn packages(document: &Node) -> Vec<Locked> {
    // The first version has the checksums in a table of their own.
    let checksums_apart = document.get("metadata").is_some();
    let packages = document.get("package");
    let items = packages.map_or(&[][..], Node::items);
    items
        .iter()
        .filter_map(|package| {
            let url = field(package, "source");
            let is_git = url.starts_with("git+");
            let integrity = field(package, "checksum");
            let name = package.member("name")?;
            (!url.is_empty()).then(|| Locked {
                at: Some(name.key_start),
                name: field(package, "name"),
                version: field(package, "version"),
                is_unchecked: !is_git && integrity.is_empty() && !checksums_apart,
                url,
                integrity,
                is_git,
                ..Locked::default()
            })
        })
        .collect()
}
