//! Plans in JSON, as `terraform show -json` writes them:
//! <https://developer.hashicorp.com/terraform/internals/json-format>.
//!
//! Values are all known there but those that the cloud gives; these become the text `${unknown}`.

use std::collections::HashMap;

use linchpin_document::{Member, Node, NodeValue};

use super::blocks::Written;
use super::layout::Block;
use super::{joins, network_rules, policies};

/// Most resources of one plan.
const MOST_RESOURCES: usize = 20_000;

/// Deepest nesting of modules.
const DEEPEST: usize = 20;

/// Whether a document is a plan or a state.
pub(super) fn is_plan(document: &Node) -> bool {
    let is_known = |name| document.get(name).is_some();
    is_known("format_version")
        && (is_known("planned_values") || is_known("resource_changes") || is_known("values"))
}

/// The blocks of a plan.
pub(super) fn blocks(plan: &Node) -> Vec<Node> {
    let mut resources = Vec::new();
    for name in ["planned_values", "values"] {
        if let Some(root) = plan.find(&[name, "root_module"]) {
            of_module(root, 0, &mut resources);
        }
    }
    let changes: HashMap<&str, &Node> = plan
        .get("resource_changes")
        .map_or(&[][..], Node::items)
        .iter()
        .filter_map(|change| Some((change.find_text(&["address"])?, change.get("change")?)))
        .collect();
    let mut references = HashMap::new();
    if let Some(root) = plan.find(&["configuration", "root_module", "resources"]) {
        for resource in root.items() {
            if let Some(address) = resource.find_text(&["address"]) {
                references.insert(address, resource);
            }
        }
    }
    let mut written: Vec<Written<'_>> = Vec::new();
    for resource in resources {
        let (Some(of), Some(name), Some(values)) = (
            resource.find_text(&["type"]),
            resource.find_text(&["name"]),
            resource.get("values"),
        ) else {
            continue;
        };
        let is_data = resource.find_text(&["mode"]) == Some("data");
        let mut body = present(values);
        let address = resource.find_text(&["address"]).unwrap_or_default();
        if let Some(unknown) = changes
            .get(address)
            .and_then(|one| one.get("after_unknown"))
        {
            add_unknown(unknown, values, &mut body);
        }
        let configured = address
            .split('[')
            .next()
            .and_then(|name| references.get(name));
        if let Some(expressions) = configured.and_then(|one| one.get("expressions")) {
            add_references(expressions, &mut body);
        }
        written.push(Written {
            block: Block {
                file: 0,
                sort: if is_data { "data" } else { "resource" },
                of,
                name,
                body: values,
                is_json: true,
            },
            body,
        });
    }
    joins::join(&mut written);
    written
        .into_iter()
        .map(|Written { block, mut body }| {
            network_rules::add(block.of, block.body.start, &mut body);
            policies::add(block.of, block.body.start, &mut body);
            super::blocks::subject(&block, body)
        })
        .collect()
}

fn of_module<'n>(module: &'n Node, depth: usize, resources: &mut Vec<&'n Node>) {
    let here = module.get("resources").map_or(&[][..], Node::items);
    let room = MOST_RESOURCES.saturating_sub(resources.len());
    resources.extend(here.iter().take(room));
    if depth < DEEPEST {
        for child in module.get("child_modules").map_or(&[][..], Node::items) {
            of_module(child, depth + 1, resources);
        }
    }
}

/// The members that say something: a plan holds every attribute, with null where nothing is set.
fn present(values: &Node) -> Vec<Member> {
    let says_nothing = |value: &NodeValue| match value {
        NodeValue::Null => true,
        NodeValue::List(items) => items.is_empty(),
        NodeValue::Map(members) => members.is_empty(),
        NodeValue::Text(text) => text.is_empty(),
        _ => false,
    };
    let members = values.members().iter();
    members
        .filter(|member| !says_nothing(&member.value.value))
        .map(|member| Member {
            value: Node {
                value: match &member.value.value {
                    NodeValue::List(items) => NodeValue::List(
                        items
                            .iter()
                            .map(|item| match item.value {
                                NodeValue::Map(_) => Node {
                                    value: NodeValue::Map(present(item)),
                                    ..item.clone()
                                },
                                _ => item.clone(),
                            })
                            .collect(),
                    ),
                    other => other.clone(),
                },
                ..member.value.clone()
            },
            ..member.clone()
        })
        .collect()
}

/// Attributes that the cloud will give.
fn add_unknown(unknown: &Node, values: &Node, body: &mut Vec<Member>) {
    for member in unknown.members() {
        if member.value.value == NodeValue::Boolean(true) {
            let node = Node::text(values.start, "${unknown}");
            body.push(Member::added(&member.key, node));
        }
    }
}

/// What an attribute that is not known refers to: it says which bucket a setting belongs to.
fn add_references(expressions: &Node, body: &mut [Member]) {
    for expression in expressions.members() {
        let first = expression.value.get("references").map(Node::items);
        let Some(text) = first
            .and_then(|items| items.first())
            .and_then(Node::as_text)
        else {
            continue;
        };
        let known = body.iter_mut().find(|member| member.key == expression.key);
        if let Some(member) = known.filter(|member| super::scope::is_unknown(&member.value)) {
            member.value = super::scope::unknown(member.value.start, text);
        }
    }
}
