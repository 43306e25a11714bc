//! Statements of policies of AWS in one form, whichever document they stand in:
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html>.
//!
//! | member | what |
//! |---|---|
//! | `attribute` | where the policy stands: `assume_role_policy` |
//! | `effect` | `Allow` or `Deny` |
//! | `actions`, `not_actions`, `resources`, `not_resources` | lists of texts |
//! | `principals` | who, as a list of texts; services and accounts alike |
//! | `principal_types` | the sorts of these: `AWS`, `Service`, `Federated`, `*` |
//! | `conditions` | a list of maps with `test`, `variable` and `values` |

use std::sync::Arc;

use linchpin_document::{Member, Node, NodeValue, Position};

use crate::syntax::json;

/// Most statements of one policy.
const MOST_STATEMENTS: usize = 500;

/// The statements of a policy, which is a map or the text of one; none if it is no policy.
pub(crate) fn statements(attribute: &str, value: &Node) -> Vec<Node> {
    let parsed;
    let policy = match &value.value {
        NodeValue::Map(_) => value,
        NodeValue::Text(text) => {
            let Some(read) = parse(text, value) else {
                return Vec::new();
            };
            parsed = read;
            &parsed
        }
        _ => return Vec::new(),
    };
    let Some(statements) = policy.get("Statement") else {
        return Vec::new();
    };
    let statements = match &statements.value {
        NodeValue::List(items) => items.as_slice(),
        _ => std::slice::from_ref(statements),
    };
    statements
        .iter()
        .filter(|statement| !statement.members().is_empty())
        .take(MOST_STATEMENTS)
        .map(|node| statement(attribute, node))
        .collect()
}

/// A policy that is written as text. Its places are those of the file where the text is written
/// line by line, and that of the text otherwise.
fn parse(text: &str, value: &Node) -> Option<Node> {
    if !text.trim_start().starts_with('{') || !text.contains("\"Statement\"") {
        return None;
    }
    let mut policy = json::read(text).documents.pop()?;
    let by_line = value.end.line > value.start.line;
    let place = |at: Position| {
        if by_line {
            Position {
                line: at.line.saturating_add(value.start.line),
                column: at.column,
            }
        } else {
            value.start
        }
    };
    move_places(&mut policy, &place);
    Some(policy)
}

/// Gives all places of a value anew.
pub(crate) fn move_places(node: &mut Node, place: &impl Fn(Position) -> Position) {
    let mut waiting = vec![node];
    while let Some(node) = waiting.pop() {
        node.start = place(node.start);
        node.end = place(node.end);
        match &mut node.value {
            NodeValue::List(items) => waiting.extend(items),
            NodeValue::Map(members) => {
                for member in members {
                    member.key_start = place(member.key_start);
                    waiting.push(&mut member.value);
                }
            }
            _ => {}
        }
    }
}

fn statement(attribute: &str, node: &Node) -> Node {
    let mut members = vec![Member::added(
        "attribute",
        Node::text(node.start, attribute),
    )];
    for (name, written) in [("sid", "Sid"), ("effect", "Effect")] {
        members.extend(node.member(written).map(|member| renamed(member, name)));
    }
    for (name, written) in [
        ("actions", "Action"),
        ("not_actions", "NotAction"),
        ("resources", "Resource"),
        ("not_resources", "NotResource"),
    ] {
        let list = node.member(written).map(|member| Member {
            value: list(&member.value),
            ..renamed(member, name)
        });
        members.push(list.unwrap_or_else(|| empty(name, node.start)));
    }
    principals(node, &mut members);
    members.push(conditions(node));
    Node {
        start: node.start,
        end: node.end,
        value: NodeValue::Map(members),
    }
}

fn renamed(member: &Member, name: &str) -> Member {
    Member {
        key: Arc::new(name.to_owned()),
        ..member.clone()
    }
}

/// A list without anything in it.
pub(crate) fn empty(name: &str, at: Position) -> Member {
    Member::added(name, Node::list(at, Vec::new()))
}

/// A value as a list: what is none is a list of one.
pub(crate) fn list(value: &Node) -> Node {
    match &value.value {
        NodeValue::List(_) => value.clone(),
        NodeValue::Null => Node::list(value.start, Vec::new()),
        _ => Node::list(value.start, vec![value.clone()]),
    }
}

fn principals(node: &Node, members: &mut Vec<Member>) {
    let written = ["Principal", "NotPrincipal"];
    let names = ["principals", "not_principals"];
    for (written, name) in written.into_iter().zip(names) {
        let Some(member) = node.member(written) else {
            members.push(empty(name, node.start));
            continue;
        };
        let at = member.value.start;
        let mut who = Vec::new();
        let mut types = Vec::new();
        match &member.value.value {
            NodeValue::Map(sorts) => {
                for sort in sorts {
                    types.push(Node::text(at, sort.key.as_str()));
                    who.extend_from_slice(list(&sort.value).items());
                }
            }
            _ => {
                types.push(Node::text(at, "*"));
                who.extend_from_slice(list(&member.value).items());
            }
        }
        members.push(Member {
            value: Node::list(at, who),
            ..renamed(member, name)
        });
        if name == "principals" {
            members.push(Member::added("principal_types", Node::list(at, types)));
        }
    }
    if node.get("Principal").is_none() {
        members.push(empty("principal_types", node.start));
    }
}

fn conditions(node: &Node) -> Member {
    let Some(member) = node.member("Condition") else {
        return empty("conditions", node.start);
    };
    let mut conditions = Vec::new();
    for test in member.value.members() {
        for variable in test.value.members() {
            let at = variable.key_start;
            conditions.push(Node::map(
                at,
                vec![
                    Member::added("test", Node::text(at, test.key.as_str())),
                    Member::added("variable", Node::text(at, variable.key.as_str())),
                    Member::added("values", list(&variable.value)),
                ],
            ));
        }
    }
    if conditions.is_empty() {
        // A condition that is not known, or is one of a form of its own, is one all the same.
        conditions.push(Node::map(member.value.start, Vec::new()));
    }
    Member {
        value: Node::list(member.value.start, conditions),
        ..renamed(member, "conditions")
    }
}
