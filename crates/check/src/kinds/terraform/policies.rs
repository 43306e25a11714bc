//! Statements of policies of AWS, wherever in a resource they stand.

use std::sync::Arc;

use linchpin_document::{Member, Node, NodeValue, Position};

use crate::policy_statements::{empty, list, statements};

/// The member that holds them.
pub(super) const MEMBER: &str = "_policy_statements";

/// Adds the statements of the policies of a block, if it has any.
pub(super) fn add(of: &str, start: Position, body: &mut Vec<Member>) {
    let mut found = Vec::new();
    for member in body
        .iter()
        .filter(|member| !super::joins::is_joined(&member.key))
    {
        if of == "aws_iam_policy_document" && member.key.as_str() == "statement" {
            found.extend(member.value.items().iter().map(of_document));
            continue;
        }
        found.extend(statements(&member.key, &member.value));
        for inner in member.value.items().iter().flat_map(Node::members) {
            found.extend(statements(&inner.key, &inner.value));
        }
    }
    if !found.is_empty() {
        body.push(Member::added(MEMBER, Node::list(start, found)));
    }
}

/// A statement of the data source that writes policies:
/// <https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document>.
fn of_document(block: &Node) -> Node {
    let at = block.start;
    let mut members = vec![Member::added("attribute", Node::text(at, "statement"))];
    members.extend(block.member("sid").cloned());
    members.push(
        block
            .member("effect")
            .cloned()
            .unwrap_or_else(|| Member::added("effect", Node::text(at, "Allow"))),
    );
    for name in ["actions", "not_actions", "resources", "not_resources"] {
        let member = block.member(name).map(|member| Member {
            value: list(&member.value),
            ..member.clone()
        });
        members.push(member.unwrap_or_else(|| empty(name, at)));
    }
    for name in ["principals", "not_principals"] {
        let Some(member) = block.member(name) else {
            members.push(empty(name, at));
            continue;
        };
        let mut who = Vec::new();
        let mut types = Vec::new();
        for principal in member.value.items() {
            types.extend(principal.get("type").cloned());
            let identifiers = principal.get("identifiers").map(list);
            who.extend(identifiers.iter().flat_map(Node::items).cloned());
        }
        members.push(Member {
            value: Node::list(member.value.start, who),
            ..member.clone()
        });
        if name == "principals" {
            members.push(Member::added("principal_types", Node::list(at, types)));
        }
    }
    if block.get("principals").is_none() {
        members.push(empty("principal_types", at));
    }
    let conditions = block.member("condition").map(|member| Member {
        key: Arc::new("conditions".to_owned()),
        ..member.clone()
    });
    members.push(conditions.unwrap_or_else(|| empty("conditions", at)));
    Node {
        start: at,
        end: block.end,
        value: NodeValue::Map(members),
    }
}
