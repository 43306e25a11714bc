//! Writes out the blocks of a module: once for each thing that `for_each` and `count` make of them,
//! with dynamic blocks unfolded, and those of the modules that it calls.

use std::collections::HashMap;

use linchpin_document::{Member, Node, NodeValue};

use super::evaluation::rounds;
use super::layout::Block;
use super::module::Module;
use super::scope::{Scope, is_unknown, number};
use super::{joins, network_rules, policies};

/// Most things that are made of one block.
const MOST_INSTANCES: usize = 30;

/// Attributes that hold maps. In the JSON form of the language nothing else tells them from blocks.
const MAPS: &[&str] = &[
    "tags",
    "tags_all",
    "labels",
    "user_labels",
    "resource_labels",
    "annotations",
    "metadata",
    "variables",
    "environment_variables",
    "app_settings",
    "parameters",
    "policy",
    "assume_role_policy",
];

/// A block as it is after evaluation.
#[derive(Debug)]
pub(super) struct Written<'f> {
    pub(super) block: Block<'f>,
    pub(super) body: Vec<Member>,
}

/// The blocks of a module and of those that it calls, by their files.
pub(super) fn write_out(module: &Module<'_, '_>, by_file: &mut HashMap<usize, Vec<Node>>) {
    let mut written: Vec<Written<'_>> = Vec::new();
    for block in &module.folder.blocks {
        for body in instances(module, block) {
            written.push(Written {
                block: *block,
                body,
            });
        }
    }
    for one in &written {
        if one.block.sort != "module" {
            continue;
        }
        let called = match module.called_by(&one.block) {
            Some(called) => {
                write_out(&called, by_file);
                continue;
            }
            None => module.call(&Node::map(one.block.body.start, one.body.clone())),
        };
        if let Some(called) = called {
            write_out(&called, by_file);
        }
    }
    joins::join(&mut written);
    for Written { block, mut body } in written {
        network_rules::add(block.of, block.body.start, &mut body);
        policies::add(block.of, block.body.start, &mut body);
        let nodes = by_file.entry(block.file).or_default();
        let node = subject(&block, body);
        if !nodes.contains(&node) {
            nodes.push(node);
        }
    }
}

/// What stands for a block in a document.
pub(super) fn subject(block: &Block<'_>, body: Vec<Member>) -> Node {
    let start = block.body.start;
    let mut inner = Node::map(start, body);
    inner.end = block.body.end;
    Node::map(
        start,
        vec![
            Member::added("sort", Node::text(start, block.sort)),
            Member::added("type", Node::text(start, block.of)),
            Member::added("name", Node::text(start, block.name)),
            Member::added("body", inner),
        ],
    )
}

/// What a block makes, each with its members.
fn instances(module: &Module<'_, '_>, block: &Block<'_>) -> Vec<Vec<Member>> {
    let body = |scope: Option<&Scope<'_>>| members(module, block.body, scope, block.is_json);
    let has_instances = matches!(block.sort, "resource" | "data" | "module");
    if let Some(each) = block.body.get("for_each").filter(|_| has_instances) {
        let each = module.value(each, None);
        return match rounds(&each) {
            None => vec![body(None)],
            Some(rounds) => {
                let is_set = matches!(each.value, NodeValue::List(_));
                let rounds = rounds.iter().take(MOST_INSTANCES);
                rounds
                    .map(|round| {
                        body(Some(&Scope {
                            name: "each",
                            value: &round.each(is_set),
                            around: None,
                        }))
                    })
                    .collect()
            }
        };
    }
    if let Some(count) = block.body.get("count").filter(|_| has_instances) {
        let count = module.value(count, None);
        let known = number(&count).filter(|_| !is_unknown(&count));
        return match known {
            None => vec![body(None)],
            Some(count) => (0i64..)
                .take(MOST_INSTANCES)
                .take_while(|index| {
                    #[expect(clippy::cast_precision_loss, reason = "it is small")]
                    let index = *index as f64;
                    index < count
                })
                .map(|index| {
                    let index = Node::at(block.body.start, NodeValue::Integer(index));
                    let value = Node::map(index.start, vec![Member::added("index", index)]);
                    body(Some(&Scope {
                        name: "count",
                        value: &value,
                        around: None,
                    }))
                })
                .collect(),
        };
    }
    vec![body(None)]
}

/// The members of a block, evaluated. What is null is not there.
fn members(
    module: &Module<'_, '_>,
    body: &Node,
    scope: Option<&Scope<'_>>,
    is_json: bool,
) -> Vec<Member> {
    let mut members: Vec<Member> = Vec::new();
    for member in body.members() {
        if member.key.as_str() == "dynamic" {
            dynamic(module, &member.value, scope, is_json, &mut members);
            continue;
        }
        let mut value = value(module, member, scope, is_json);
        match &value.value {
            NodeValue::Null => continue,
            // A truth may be written as a text; nobody means the text where these stand.
            NodeValue::Text(text) => {
                if let Ok(flag) = text.parse() {
                    value.value = NodeValue::Boolean(flag);
                }
            }
            _ => {}
        }
        let known = members.iter_mut().find(|known| known.key == member.key);
        match (known.map(|known| &mut known.value.value), value.value) {
            // Blocks that a dynamic one has made of the same name are there already.
            (Some(NodeValue::List(items)), NodeValue::List(more)) => items.extend(more),
            (_, inner) => members.push(Member {
                value: Node {
                    value: inner,
                    ..value
                },
                ..member.clone()
            }),
        }
    }
    members
}

fn value(
    module: &Module<'_, '_>,
    member: &Member,
    scope: Option<&Scope<'_>>,
    is_json: bool,
) -> Node {
    let value = &member.value;
    let block = |body: &Node| {
        let members = module
            .world
            .deeper(|| members(module, body, scope, is_json));
        members.map_or_else(
            || body.clone(),
            |members| Node {
                start: body.start,
                end: body.end,
                value: NodeValue::Map(members),
            },
        )
    };
    match &value.value {
        NodeValue::List(items) if items.iter().any(|item| !item.members().is_empty()) => {
            let items = items.iter().map(|item| match &item.value {
                NodeValue::Map(_) => block(item),
                _ => module.value(item, scope),
            });
            Node {
                start: value.start,
                end: value.end,
                value: NodeValue::List(items.collect()),
            }
        }
        NodeValue::Map(_) if is_json && !MAPS.contains(&member.key.as_str()) => {
            Node::list(value.start, vec![block(value)])
        }
        _ => module.value(value, scope),
    }
}

/// Unfolds dynamic blocks:
/// <https://developer.hashicorp.com/terraform/language/expressions/dynamic-blocks>.
fn dynamic(
    module: &Module<'_, '_>,
    blocks: &Node,
    scope: Option<&Scope<'_>>,
    is_json: bool,
    members: &mut Vec<Member>,
) {
    let blocks = match &blocks.value {
        NodeValue::List(items) => items.as_slice(),
        _ => std::slice::from_ref(blocks),
    };
    for labelled in blocks.iter().flat_map(Node::members) {
        for block in one_or_more(&labelled.value) {
            unfold(module, labelled, block, scope, is_json, members);
        }
    }
}

fn one_or_more(node: &Node) -> &[Node] {
    match &node.value {
        NodeValue::List(items) => items,
        _ => std::slice::from_ref(node),
    }
}

fn unfold(
    module: &Module<'_, '_>,
    labelled: &Member,
    block: &Node,
    scope: Option<&Scope<'_>>,
    is_json: bool,
    members: &mut Vec<Member>,
) {
    let (Some(each), Some(content)) = (block.get("for_each"), block.get("content")) else {
        return;
    };
    let Some(content) = one_or_more(content).first() else {
        return;
    };
    let iterator = block.find_text(&["iterator"]);
    let iterator = iterator.map(|text| text.trim_start_matches("${").trim_end_matches('}'));
    let iterator = iterator.unwrap_or(&labelled.key);
    let each = module.value(each, scope);
    let body = |scope: Option<&Scope<'_>>| {
        let made = module
            .world
            .deeper(|| self::members(module, content, scope, is_json));
        let mut node = Node::map(content.start, made.unwrap_or_default());
        node.end = content.end;
        node
    };
    let made: Vec<Node> = match rounds(&each) {
        None => vec![body(scope)],
        Some(rounds) => rounds
            .iter()
            .take(MOST_INSTANCES)
            .map(|round| {
                body(Some(&Scope {
                    name: iterator,
                    value: &round.each(false),
                    around: scope,
                }))
            })
            .collect(),
    };
    if made.is_empty() {
        return;
    }
    let known = members.iter_mut().find(|known| known.key == labelled.key);
    match known.map(|known| &mut known.value.value) {
        Some(NodeValue::List(items)) => items.extend(made),
        _ => members.push(Member {
            value: Node::list(content.start, made),
            ..labelled.clone()
        }),
    }
}
