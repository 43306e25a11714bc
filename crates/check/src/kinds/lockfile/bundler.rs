//! `Gemfile.lock`: a section of gems for each place that they come from.

use linchpin_document::Node;

use super::{Locked, field};

pub(super) fn packages(document: &Node) -> Vec<Locked> {
    let sections = document.get("sections").map_or(&[][..], Node::items);
    let fetched = sections
        .iter()
        .filter(|section| matches!(section.find_text(&["kind"]), Some("GEM" | "GIT")));
    fetched
        .flat_map(|section| {
            let url = field(section, "remote");
            let is_git = section.find_text(&["kind"]) == Some("GIT");
            let specs = section.get("specs").map_or(&[][..], Node::items);
            specs.iter().map(move |spec| Locked {
                at: Some(spec.start),
                name: field(spec, "name"),
                version: field(spec, "version"),
                url: url.clone(),
                is_git,
                ..Locked::default()
            })
        })
        .collect()
}
