//! The functions of templates and of Bicep that need nothing but their arguments:
//! <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions>.

use std::sync::Arc;

use linchpin_document::{Member, Node, NodeValue};

use super::expression::Operator;

/// Most items that a function makes.
const MOST_ITEMS: i64 = 1_000;

/// What a function comes to; none if it is not known here, or not for these arguments.
pub(super) fn call(name: &str, arguments: &[Node]) -> Option<NodeValue> {
    let flag = |flag| Some(NodeValue::Boolean(flag));
    match (name, arguments) {
        ("concat", [first, ..]) if !first.items().is_empty() || is_list(first) => {
            let items = arguments.iter().flat_map(Node::items).cloned();
            Some(NodeValue::List(items.collect()))
        }
        ("concat", _) => {
            let texts = arguments.iter().map(text).collect::<Option<Vec<_>>>()?;
            Some(written(texts.concat()))
        }
        ("format", [pattern, values @ ..]) => format(pattern.as_text()?, values),
        ("string", [value]) => Some(written(text(value)?)),
        ("int", [value]) => text(value)?.parse().ok().map(NodeValue::Integer),
        ("bool", [value]) => flag(truth(value)?),
        ("true", []) => flag(true),
        ("false", []) => flag(false),
        ("null", []) => Some(NodeValue::Null),
        ("not", [value]) => flag(!truth(value)?),
        ("equals", [left, right]) => flag(same(left, right)),
        ("less", [left, right]) => compare_or_compute(Operator::Less, left, right),
        ("lessorequals", [left, right]) => compare_or_compute(Operator::LessOrEqual, left, right),
        ("greater", [left, right]) => compare_or_compute(Operator::Greater, left, right),
        ("greaterorequals", [left, right]) => {
            compare_or_compute(Operator::GreaterOrEqual, left, right)
        }
        ("add", [left, right]) => compare_or_compute(Operator::Add, left, right),
        ("sub", [left, right]) => compare_or_compute(Operator::Subtract, left, right),
        ("mul", [left, right]) => compare_or_compute(Operator::Multiply, left, right),
        ("div", [left, right]) => compare_or_compute(Operator::Divide, left, right),
        ("mod", [left, right]) => compare_or_compute(Operator::Remainder, left, right),
        ("tolower", [value]) => Some(written(value.as_text()?.to_lowercase())),
        ("toupper", [value]) => Some(written(value.as_text()?.to_uppercase())),
        ("trim", [value]) => Some(written(value.as_text()?.trim().to_owned())),
        ("startswith", [value, start]) => {
            let start = start.as_text()?.to_lowercase();
            flag(value.as_text()?.to_lowercase().starts_with(&start))
        }
        ("endswith", [value, end]) => {
            let end = end.as_text()?.to_lowercase();
            flag(value.as_text()?.to_lowercase().ends_with(&end))
        }
        ("replace", [value, old, new]) => {
            let old = old.as_text().filter(|old| !old.is_empty())?;
            Some(written(value.as_text()?.replace(old, new.as_text()?)))
        }
        ("substring", [value, start, rest @ ..]) => {
            let length = rest.first().map(number);
            let text = value.as_text()?.chars();
            let text = text.skip(usize::try_from(number(start)?).ok()?);
            Some(written(match length {
                Some(length) => text.take(usize::try_from(length?).ok()?).collect(),
                None => text.collect(),
            }))
        }
        ("split", [value, by]) => {
            let by = by.as_text().filter(|by| !by.is_empty())?;
            let parts = value.as_text()?.split(by).take(1_000);
            let parts = parts.map(|part| Node::text(value.start, part));
            Some(NodeValue::List(parts.collect()))
        }
        ("join", [list, by]) => {
            let texts = list.items().iter().map(text).collect::<Option<Vec<_>>>()?;
            Some(written(texts.join(by.as_text()?)))
        }
        ("length", [value]) => {
            let length = match &value.value {
                NodeValue::Text(text) => text.chars().count(),
                NodeValue::List(items) => items.len(),
                NodeValue::Map(members) => members.len(),
                _ => return None,
            };
            i64::try_from(length).ok().map(NodeValue::Integer)
        }
        ("empty", [value]) => flag(is_empty(value)),
        ("contains", [list, item]) => flag(contains(list, item)?),
        ("coalesce", _) => {
            let mut known = arguments.iter();
            known
                .find(|value| value.value != NodeValue::Null)
                .or(arguments.first())
                .map(|value| value.value.clone())
        }
        ("createarray", _) => Some(NodeValue::List(arguments.to_vec())),
        ("array", [value]) => Some(NodeValue::List(match &value.value {
            NodeValue::List(items) => items.clone(),
            _ => vec![value.clone()],
        })),
        ("createobject", _) => {
            let pairs = arguments.chunks_exact(2).filter_map(|pair| match pair {
                [name, value] => Some(Member::added(name.as_text()?, value.clone())),
                _ => None,
            });
            Some(NodeValue::Map(pairs.collect()))
        }
        ("union", [first, ..]) => Some(union(first, arguments)),
        ("first", [list]) => list.items().first().map(|item| item.value.clone()),
        ("last", [list]) => list.items().last().map(|item| item.value.clone()),
        ("skip" | "take", [list, count]) if is_list(list) => {
            let count = usize::try_from(number(count)?.max(0)).ok()?;
            let items = list.items().iter().cloned();
            Some(NodeValue::List(if name == "skip" {
                items.skip(count).collect()
            } else {
                items.take(count).collect()
            }))
        }
        ("take", [value, count]) => {
            let count = usize::try_from(number(count)?.max(0)).ok()?;
            Some(written(value.as_text()?.chars().take(count).collect()))
        }
        ("range", [start, count]) => {
            let (start, count) = (number(start)?, number(count)?.clamp(0, MOST_ITEMS));
            let numbers = (0..count).map(|number| start.checked_add(number));
            let numbers = numbers.collect::<Option<Vec<_>>>()?.into_iter();
            let at = arguments.first()?.start;
            let items = numbers.map(|number| Node::at(at, NodeValue::Integer(number)));
            Some(NodeValue::List(items.collect()))
        }
        ("min" | "max", _) => {
            let list = match arguments {
                [list] if is_list(list) => list.items(),
                several => several,
            };
            let numbers = list.iter().map(number).collect::<Option<Vec<_>>>()?;
            let found = if name == "min" {
                numbers.into_iter().min()
            } else {
                numbers.into_iter().max()
            };
            found.map(NodeValue::Integer)
        }
        ("items", [map]) => {
            let items = map.members().iter().map(|member| {
                let key = Member::added("key", Node::text(member.key_start, member.key.as_str()));
                let value = Member::added("value", member.value.clone());
                Node::map(member.key_start, vec![key, value])
            });
            Some(NodeValue::List(items.collect()))
        }
        ("tryget", [map, name]) => {
            let found = self::member(map, name.as_text()?);
            Some(found.map_or(NodeValue::Null, |node| node.value))
        }
        ("any", [value]) => Some(value.value.clone()),
        _ => None,
    }
}

fn written(text: String) -> NodeValue {
    NodeValue::Text(Arc::new(text))
}

fn is_list(node: &Node) -> bool {
    matches!(node.value, NodeValue::List(_))
}

/// `{0}` and `{1}` stand for the values.
fn format(pattern: &str, values: &[Node]) -> Option<NodeValue> {
    let mut made = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        made.push_str(before);
        if let Some(after) = after.strip_prefix('{') {
            made.push('{');
            rest = after;
            continue;
        }
        let (number, after) = after.split_once('}')?;
        let number: usize = number.split([':', ',']).next()?.parse().ok()?;
        made.push_str(&text(values.get(number)?)?);
        rest = after;
        if made.len() > 64 << 10 {
            return None;
        }
    }
    made.push_str(rest);
    Some(written(made.replace("}}", "}")))
}

fn is_empty(node: &Node) -> bool {
    match &node.value {
        NodeValue::Null => true,
        NodeValue::Text(text) => text.is_empty(),
        NodeValue::List(items) => items.is_empty(),
        NodeValue::Map(members) => members.is_empty(),
        _ => false,
    }
}

fn contains(list: &Node, item: &Node) -> Option<bool> {
    Some(match &list.value {
        NodeValue::List(items) => items.iter().any(|known| same(known, item)),
        NodeValue::Map(_) => member(list, item.as_text()?).is_some(),
        NodeValue::Text(whole) => whole.contains(&text(item)?),
        _ => return None,
    })
}

/// Lists one behind the other; maps with the last of each name.
fn union(first: &Node, all: &[Node]) -> NodeValue {
    if is_list(first) {
        let mut items: Vec<Node> = Vec::new();
        for item in all.iter().flat_map(Node::items) {
            let is_plain = item.items().is_empty() && item.members().is_empty();
            if items.len() < 200 && is_plain && items.iter().any(|known| same(known, item)) {
                continue;
            }
            items.push(item.clone());
        }
        return NodeValue::List(items);
    }
    NodeValue::Map(all.iter().flat_map(Node::members).cloned().collect())
}

/// The member of a name, whatever its case.
pub(super) fn member(node: &Node, name: &str) -> Option<Node> {
    let mut members = node.members().iter().rev();
    let found = members.find(|member| member.key.eq_ignore_ascii_case(name));
    found.map(|member| member.value.clone())
}

/// An item of a list by its number, or a member of a map by its name.
pub(super) fn item(node: &Node, index: &Node) -> Option<Node> {
    match &index.value {
        NodeValue::Integer(number) => {
            let number = usize::try_from(*number).ok()?;
            node.items().get(number).cloned()
        }
        NodeValue::Text(name) => member(node, name),
        _ => None,
    }
}

/// A truth; texts and numbers are some as well.
pub(super) fn truth(node: &Node) -> Option<bool> {
    match &node.value {
        NodeValue::Boolean(flag) => Some(*flag),
        NodeValue::Integer(number) => Some(*number != 0),
        NodeValue::Text(text) => text.to_ascii_lowercase().parse().ok(),
        _ => None,
    }
}

/// A whole number.
pub(super) fn number(node: &Node) -> Option<i64> {
    match &node.value {
        NodeValue::Integer(number) => Some(*number),
        _ => None,
    }
}

/// A value as a text; none of lists and maps.
pub(super) fn text(node: &Node) -> Option<String> {
    match &node.value {
        NodeValue::Text(text) => Some(text.as_ref().clone()),
        NodeValue::Boolean(true) => Some("True".to_owned()),
        NodeValue::Boolean(false) => Some("False".to_owned()),
        NodeValue::Integer(number) => Some(number.to_string()),
        NodeValue::Number(number) => Some(number.to_string()),
        NodeValue::Null | NodeValue::List(_) | NodeValue::Map(_) => None,
    }
}

/// Whether two values are the same, wherever they stand.
pub(super) fn same(left: &Node, right: &Node) -> bool {
    left.to_value() == right.to_value()
}

/// What an operator makes of two values.
pub(super) fn compare_or_compute(
    operator: Operator,
    left: &Node,
    right: &Node,
) -> Option<NodeValue> {
    let numbers = number(left).zip(number(right));
    let computed = match operator {
        Operator::Equal => return Some(NodeValue::Boolean(same(left, right))),
        Operator::Unequal => return Some(NodeValue::Boolean(!same(left, right))),
        Operator::Alike | Operator::Unlike => {
            let alike = left.as_text()?.to_lowercase() == right.as_text()?.to_lowercase();
            return Some(NodeValue::Boolean(alike == (operator == Operator::Alike)));
        }
        Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => {
            let order = match numbers {
                Some((left, right)) => left.cmp(&right),
                None => left.as_text()?.cmp(right.as_text()?),
            };
            return Some(NodeValue::Boolean(match operator {
                Operator::Less => order.is_lt(),
                Operator::LessOrEqual => order.is_le(),
                Operator::Greater => order.is_gt(),
                _ => order.is_ge(),
            }));
        }
        Operator::Add => numbers.and_then(|(left, right)| left.checked_add(right)),
        Operator::Subtract => numbers.and_then(|(left, right)| left.checked_sub(right)),
        Operator::Multiply => numbers.and_then(|(left, right)| left.checked_mul(right)),
        Operator::Divide => numbers.and_then(|(left, right)| left.checked_div(right)),
        Operator::Remainder => numbers.and_then(|(left, right)| left.checked_rem(right)),
        Operator::Otherwise | Operator::And | Operator::Or => None,
    };
    computed.map(NodeValue::Integer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use linchpin_document::Position;
    use linchpin_document::yaml;

    #[test]
    fn functions_come_to_what_they_should() {
        let value = |text: &str| yaml::read(text).documents.remove(0);
        for (name, arguments, expected) in [
            ("concat", "[a, 1, b]", "a1b"),
            ("concat", "[[a], [b, c]]", "[a, b, c]"),
            ("format", "['{0}-{1:d}{{}}', x, 7]", "'x-7{}'"),
            ("substring", "[abcdef, 2, 3]", "cde"),
            ("split", "['a,b', ',']", "[a, b]"),
            ("union", "[{a: 1}, {a: 2}]", "{a: 2}"),
            ("union", "[[a], [a, b]]", "[a, b]"),
            ("contains", "[{Name: 1}, name]", "true"),
            ("empty", "['']", "true"),
            ("range", "[2, 3]", "[2, 3, 4]"),
            ("items", "[{a: 1}]", "[{key: a, value: 1}]"),
            ("max", "[[1, 5, 2]]", "5"),
            ("createobject", "[a, 1, b, 2]", "{a: 1, b: 2}"),
            ("skip", "[[1, 2, 3], 1]", "[2, 3]"),
            ("coalesce", "[null, b]", "b"),
            ("div", "[7, 2]", "3"),
        ] {
            let made = call(name, value(arguments).items()).unwrap();
            let made = Node::at(Position::START, made);
            assert!(same(&made, &value(expected)), "{name}: {made:?}");
        }
        assert_eq!(call("div", value("[1, 0]").items()), None);
        assert_eq!(call("add", value("[9223372036854775807, 1]").items()), None);
        assert_eq!(call("uniquestring", value("[a]").items()), None);
        let Some(NodeValue::List(many)) = call("range", value("[0, 99999999]").items()) else {
            panic!("no list");
        };
        assert_eq!(many.len(), 1_000);
    }
}
