//! What is added to resources so that rules are one readable line.
//!
//! To a container: `image_reference` (its parts), `effective` (the security context that counts:
//! the container's own before that of the pod), `added` and `dropped` (capabilities in capital
//! letters without `CAP_`), `words` (of command and arguments), `program` and `flags`. To a `ConfigMap` or `Secret`: `entries`. What is
//! added points to where it is written.

use std::sync::Arc;

use linchpin_document::{Member, Node, NodeValue};

use super::resource::{CONTAINERS, get_mut, plain_text, pod_mut};
use super::{flags, image};

/// Most containers of one pod that are looked at.
const MOST_CONTAINERS: usize = 1_000;

/// What a pod's security context says for its containers, too.
const SHARED: &[&str] = &[
    "runAsUser",
    "runAsGroup",
    "runAsNonRoot",
    "seLinuxOptions",
    "seccompProfile",
    "appArmorProfile",
    "windowsOptions",
];

/// Adds what rules ask for to a resource.
pub(super) fn add(resource: &mut Node) {
    if let Some(pod) = pod_mut(resource) {
        let shared: Vec<Member> = pod
            .get("securityContext")
            .map_or(&[][..], Node::members)
            .iter()
            .filter(|member| SHARED.contains(&member.key.as_str()))
            .cloned()
            .collect();
        for list in CONTAINERS {
            let Some(NodeValue::List(containers)) =
                get_mut(pod, list).map(|containers| &mut containers.value)
            else {
                continue;
            };
            for container in containers.iter_mut().take(MOST_CONTAINERS) {
                add_to_container(container, &shared);
            }
        }
    }
    let kind = resource.find_text(&["kind"]).unwrap_or_default();
    if matches!(kind, "ConfigMap" | "Secret") {
        let entries = Node::list(resource.start, entries(resource));
        push(resource, Member::added("entries", entries));
    }
}

fn push(node: &mut Node, member: Member) {
    if let NodeValue::Map(members) = &mut node.value {
        members.push(member);
    }
}

fn add_to_container(container: &mut Node, shared: &[Member]) {
    let start = container.start;
    let own = container
        .get("securityContext")
        .map_or(&[][..], Node::members);
    let context = container
        .get("securityContext")
        .map_or(start, |context| context.start);
    // The last one of a name counts.
    let effective = Node::map(context, shared.iter().chain(own).cloned().collect());
    let capabilities = |key: &str| {
        let list = container.find(&["securityContext", "capabilities", key]);
        let items = list.map_or(&[][..], Node::items).iter();
        let items = items.filter_map(capability);
        Node::list(list.map_or(context, |list| list.start), items.collect())
    };
    let mut added = vec![
        Member::added("effective", effective),
        Member::added("added", capabilities("add")),
        Member::added("dropped", capabilities("drop")),
    ];
    let words: Vec<Node> = ["command", "args"]
        .iter()
        .filter_map(|key| container.get(key))
        .flat_map(Node::items)
        .filter(|word| word.as_text().is_some())
        .cloned()
        .collect();
    added.push(Member::added("words", Node::list(start, words)));
    if let Some(parts) = container.get("image").and_then(image::parts) {
        added.push(Member::added("image_reference", parts));
    }
    if let Some((program, flags)) = flags::program_and_flags(container) {
        added.push(Member::added("program", program));
        let by_name = flags.iter().filter_map(|flag| {
            let name = flag.find_text(&["name"])?;
            Some(Member::added(name, flag.get("value")?.clone()))
        });
        added.push(Member::added("flag", Node::map(start, by_name.collect())));
        added.push(Member::added("flags", Node::list(start, flags)));
    }
    for member in added {
        push(container, member);
    }
}

/// A capability as the kernel names it, without `CAP_`.
fn capability(node: &Node) -> Option<Node> {
    let name = node.as_text()?.to_ascii_uppercase();
    let name = name.strip_prefix("CAP_").unwrap_or(&name).to_owned();
    Some(Node {
        start: node.start,
        end: node.end,
        value: NodeValue::Text(Arc::new(name)),
    })
}

/// What a `ConfigMap` or `Secret` holds, as maps with `name`, `value` and `from`. Values of `data`
/// in a `Secret` are as they are written, in base64.
fn entries(resource: &Node) -> Vec<Node> {
    let mut entries = Vec::new();
    for from in ["data", "stringData"] {
        for member in resource.get(from).map_or(&[][..], Node::members) {
            let Some(value) = plain_text(&member.value) else {
                continue;
            };
            let added = |key: &str, text: Arc<String>| Member {
                key: Arc::new(key.to_owned()),
                key_start: member.key_start,
                value: Node::at(member.value.start, NodeValue::Text(text)),
            };
            let members = vec![
                added("name", Arc::clone(&member.key)),
                added("value", value),
                added("from", Arc::new(from.to_owned())),
            ];
            entries.push(Node::map(member.key_start, members));
        }
    }
    entries
}
