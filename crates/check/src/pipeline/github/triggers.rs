//! The events on which a workflow runs: `on` as a text, a list or a map, made one map.

use linchpin_document::{Member, Node, NodeValue};

use super::contexts::PRIVILEGED;

/// Events that somebody outside can cause, with or without the rights of the repository.
const FROM_FORKS: &[&str] = &[
    "pull_request",
    "pull_request_review",
    "pull_request_review_comment",
];

/// The events by their names, each with its configuration.
pub(super) fn triggers(document: &Node) -> Node {
    let Some(on) = document.get("on") else {
        return Node::map(document.start, Vec::new());
    };
    let bare = |node: &Node| {
        let name = node.as_text()?;
        let null = Node::at(node.start, NodeValue::Null);
        Some(Member::added(name, null))
    };
    let members = match &on.value {
        NodeValue::Text(_) => bare(on).into_iter().collect(),
        NodeValue::List(items) => items.iter().filter_map(bare).collect(),
        NodeValue::Map(members) => members.clone(),
        _ => Vec::new(),
    };
    Node {
        start: on.start,
        end: on.end,
        value: NodeValue::Map(members),
    }
}

/// The names of events.
pub(super) fn names(triggers: &Node) -> Vec<String> {
    let members = triggers.members().iter();
    members.map(|member| member.key.as_ref().clone()).collect()
}

/// The events that anybody can cause and that run with the rights of the repository.
pub(super) fn privileged(events: &[String]) -> impl Iterator<Item = String> {
    let privileged = |event: &&String| PRIVILEGED.contains(&event.as_str());
    events.iter().filter(privileged).cloned()
}

/// The events that anybody can cause.
pub(super) fn public(events: &[String]) -> impl Iterator<Item = String> {
    let public = |event: &&String| {
        let event = event.as_str();
        PRIVILEGED.contains(&event) || FROM_FORKS.contains(&event)
    };
    events.iter().filter(public).cloned()
}
