//! The functions that configurations use most:
//! <https://developer.hashicorp.com/terraform/language/functions>. Those that read files, the clock or
//! the network are not known, and neither is what their results are asked for.
//!
//! `jsonencode` gives the value itself and no text, so that rules see what is in a policy.

use std::sync::Arc;

use linchpin_document::{Member, Node, NodeValue, Position};

use super::scope::{
    Evaluated, Failed, holds_unknown, is_unknown, number, number_node, same, text, truth,
};
use crate::syntax::json;

/// Longest list that is made.
const MOST_ITEMS: usize = 5_000;

/// Longest text that is made.
const MOST_TEXT: usize = 64 << 10;

/// Calls a function; nothing if its result is not known.
pub(super) fn call(
    name: &str,
    arguments: Vec<Evaluated>,
    expands: bool,
    at: Position,
) -> Result<Option<Node>, Failed> {
    match name {
        "try" => {
            let first = arguments.into_iter().find_map(Result::ok);
            return first.map(Some).ok_or(Failed);
        }
        "can" => {
            let is_known = !arguments.iter().flatten().any(is_unknown);
            let flag = NodeValue::Boolean(arguments.iter().all(Result::is_ok));
            return Ok(is_known.then(|| Node::at(at, flag)));
        }
        _ => {}
    }
    let mut arguments: Vec<Node> = arguments.into_iter().collect::<Result<_, _>>()?;
    if expands && let Some(last) = arguments.pop() {
        match last.value {
            NodeValue::List(items) => arguments.extend(items),
            _ => return Ok(None),
        }
    }
    Ok(known(name, &arguments, at))
}

fn known(name: &str, arguments: &[Node], at: Position) -> Option<Node> {
    let first = arguments.first();
    let value = match name {
        "merge" => return merge(arguments, at),
        "concat" | "setunion" => return concat(arguments, at),
        "coalesce" => {
            let is_set = |node: &&Node| match &node.value {
                NodeValue::Null => false,
                NodeValue::Text(text) => !text.is_empty(),
                _ => true,
            };
            return arguments.iter().find(is_set).cloned();
        }
        "coalescelist" => {
            let is_set = |node: &&Node| is_unknown(node) || !node.items().is_empty();
            return arguments.iter().find(is_set).cloned();
        }
        "jsonencode" | "tolist" | "tomap" | "sensitive" | "nonsensitive" | "ephemeralasnull"
        | "yamlencode" | "sort" | "reverse" => return first.cloned(),
        "toset" | "distinct" => NodeValue::List(distinct(first?)?),
        "compact" => {
            let items = list(first?)?.iter();
            let is_set = |node: &&Node| {
                !matches!(&node.value, NodeValue::Null)
                    && node.as_text().is_none_or(|text| !text.is_empty())
            };
            NodeValue::List(items.filter(is_set).cloned().collect())
        }
        "flatten" => {
            let mut flat = Vec::new();
            flatten(first?, 8, &mut flat)?;
            NodeValue::List(flat)
        }
        "lookup" => {
            let key = text(arguments.get(1)?)?;
            let map = map(first?)?;
            let found = map.iter().rev().find(|member| member.key == key);
            return match (found, arguments.get(2)) {
                (Some(member), _) => Some(member.value.clone()),
                (None, Some(default)) => Some(default.clone()),
                (None, None) => None,
            };
        }
        "element" => {
            let items = list(first?)?;
            let index = number(arguments.get(1)?)?;
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "an index below zero is the first one"
            )]
            let index = index as usize;
            return items.get(index.checked_rem(items.len())?).cloned();
        }
        "one" => {
            let items = list(first?)?;
            return match items {
                [] => Some(Node::at(at, NodeValue::Null)),
                [item] => Some(item.clone()),
                _ => None,
            };
        }
        "slice" => {
            let range = (index(arguments.get(1)?)?, index(arguments.get(2)?)?);
            NodeValue::List(list(first?)?.get(range.0..range.1)?.to_vec())
        }
        "keys" => {
            let keys = map(first?)?.iter();
            let keys = keys.map(|member| Node::text(member.value.start, member.key.as_str()));
            NodeValue::List(keys.collect())
        }
        "values" => {
            let values = map(first?)?.iter();
            NodeValue::List(values.map(|member| member.value.clone()).collect())
        }
        "zipmap" => {
            let keys = list(first?)?.iter();
            let pairs = keys.zip(list(arguments.get(1)?)?);
            let pairs: Option<Vec<Member>> = pairs
                .map(|(key, value)| Some(Member::added(&text(key)?, value.clone())))
                .collect();
            NodeValue::Map(pairs?)
        }
        "contains" => {
            let (items, wanted) = (list(first?)?, arguments.get(1)?);
            if items.iter().any(holds_unknown) || holds_unknown(wanted) {
                return None;
            }
            NodeValue::Boolean(items.iter().any(|item| same(item, wanted)))
        }
        "length" => {
            let first = first.filter(|first| !is_unknown(first))?;
            let length = match &first.value {
                NodeValue::List(items) => items.len(),
                NodeValue::Map(members) => members.len(),
                NodeValue::Text(text) => text.chars().count(),
                _ => return None,
            };
            NodeValue::Integer(i64::try_from(length).ok()?)
        }
        "min" | "max" => {
            let numbers: Option<Vec<f64>> = arguments.iter().map(number).collect();
            let numbers = numbers?.into_iter();
            let chosen = if name == "min" {
                numbers.reduce(f64::min)
            } else {
                numbers.reduce(f64::max)
            };
            return Some(number_node(at, chosen?));
        }
        "abs" => return Some(number_node(at, number(first?)?.abs())),
        "floor" => return Some(number_node(at, number(first?)?.floor())),
        "ceil" => return Some(number_node(at, number(first?)?.ceil())),
        "tonumber" | "parseint" => return Some(number_node(at, number(first?)?)),
        "tobool" => NodeValue::Boolean(truth(first?)?),
        "anytrue" | "alltrue" => {
            let flags: Option<Vec<bool>> = list(first?)?.iter().map(truth).collect();
            let mut flags = flags?.into_iter();
            NodeValue::Boolean(if name == "anytrue" {
                flags.any(|flag| flag)
            } else {
                flags.all(|flag| flag)
            })
        }
        "jsondecode" => {
            let first = first?;
            return match &first.value {
                NodeValue::Text(text) if !is_unknown(first) => {
                    let read = json::read(text).documents.pop()?;
                    Some(super::scope::moved(read, at))
                }
                NodeValue::Map(_) | NodeValue::List(_) => Some(first.clone()),
                _ => None,
            };
        }
        "range" => {
            let count = index(first.filter(|_| arguments.len() == 1)?)?;
            let numbers = (0i64..).take(count.min(MOST_ITEMS));
            let numbers = numbers.map(|number| Node::at(at, NodeValue::Integer(number)));
            NodeValue::List(numbers.collect())
        }
        _ => NodeValue::Text(Arc::new(of_texts(name, arguments)?)),
    };
    Some(Node::at(at, value))
}

/// The functions that make texts.
fn of_texts(name: &str, arguments: &[Node]) -> Option<String> {
    let all = |place: usize| text(arguments.get(place)?);
    // What is changed must be known; what is only put beside something need not be.
    let known = |place: usize| {
        let node = arguments.get(place).filter(|node| !is_unknown(node))?;
        text(node)
    };
    let made = match name {
        "tostring" => all(0)?.as_ref().clone(),
        "lower" => known(0)?.to_lowercase(),
        "upper" => known(0)?.to_uppercase(),
        "title" => {
            let text = known(0)?;
            let mut characters = text.chars();
            let first = characters.next().map(char::to_uppercase);
            first.into_iter().flatten().chain(characters).collect()
        }
        "trimspace" | "chomp" => known(0)?.trim().to_owned(),
        "trimprefix" => {
            let (text, prefix) = (known(0)?, known(1)?);
            text.strip_prefix(prefix.as_str())
                .unwrap_or(&text)
                .to_owned()
        }
        "trimsuffix" => {
            let (text, suffix) = (known(0)?, known(1)?);
            text.strip_suffix(suffix.as_str())
                .unwrap_or(&text)
                .to_owned()
        }
        "replace" => {
            let (text, from, to) = (known(0)?, known(1)?, known(2)?);
            let is_pattern = from.len() > 1 && from.starts_with('/') && from.ends_with('/');
            if is_pattern || from.is_empty() || text.len() * (to.len() + 1) > MOST_TEXT {
                return None;
            }
            text.replace(from.as_str(), &to)
        }
        "substr" => {
            let text = known(0)?;
            let (start, length) = (index(arguments.get(1)?)?, number(arguments.get(2)?)?);
            let rest = text.chars().skip(start);
            if length < 0.0 {
                rest.collect()
            } else {
                rest.take(index(arguments.get(2)?)?).collect()
            }
        }
        "join" => {
            let separator = known(0)?;
            let mut texts = Vec::new();
            for argument in arguments.get(1..)? {
                for item in list(argument)? {
                    texts.push(text(item)?.as_ref().clone());
                }
            }
            texts.join(&separator)
        }
        "format" => format(&known(0)?, arguments.get(1..)?)?,
        _ => return None,
    };
    (made.len() <= MOST_TEXT).then_some(made)
}

/// `%s`, `%d` and `%v` in their order; others are not known.
fn format(pattern: &str, values: &[Node]) -> Option<String> {
    let mut made = String::new();
    let mut values = values.iter();
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        if character != '%' {
            made.push(character);
            continue;
        }
        match characters.next()? {
            '%' => made.push('%'),
            's' | 'd' | 'v' => made.push_str(&text(values.next()?)?),
            'q' => made.extend(["\"", text(values.next()?)?.as_str(), "\""]),
            _ => return None,
        }
        if made.len() > MOST_TEXT {
            return None;
        }
    }
    Some(made)
}

/// The item of a list or a map.
pub(super) fn item(value: &Node, key: &Node) -> Option<Node> {
    match &value.value {
        NodeValue::List(items) => items.get(index(key)?).cloned(),
        NodeValue::Map(_) => value.get(&text(key)?).cloned(),
        _ => None,
    }
}

fn list(node: &Node) -> Option<&[Node]> {
    match &node.value {
        NodeValue::List(items) => Some(items),
        _ => None,
    }
}

fn map(node: &Node) -> Option<&[Member]> {
    match &node.value {
        NodeValue::Map(members) => Some(members),
        _ => None,
    }
}

fn index(node: &Node) -> Option<usize> {
    match &node.value {
        NodeValue::Integer(number) => usize::try_from(*number).ok(),
        NodeValue::Text(text) => text.parse().ok(),
        _ => None,
    }
}

fn merge(arguments: &[Node], at: Position) -> Option<Node> {
    let mut merged: Vec<Member> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for argument in arguments {
        match &argument.value {
            NodeValue::Null => {}
            NodeValue::Map(members) => {
                for member in members {
                    let place = *places
                        .entry(Arc::clone(&member.key))
                        .or_insert(merged.len());
                    match merged.get_mut(place) {
                        Some(known) => *known = member.clone(),
                        None => merged.push(member.clone()),
                    }
                }
            }
            _ => return None,
        }
    }
    Some(Node::map(at, merged))
}

/// What is not known stays as an item, so that the rest is seen.
fn concat(arguments: &[Node], at: Position) -> Option<Node> {
    let mut items = Vec::new();
    for argument in arguments {
        match &argument.value {
            NodeValue::List(more) => items.extend_from_slice(more),
            NodeValue::Text(_) if is_unknown(argument) => items.push(argument.clone()),
            _ => return None,
        }
        if items.len() > MOST_ITEMS {
            return None;
        }
    }
    Some(Node::list(at, items))
}

fn distinct(node: &Node) -> Option<Vec<Node>> {
    let items = list(node)?;
    if items.len() > 300 {
        return Some(items.to_vec());
    }
    let mut distinct: Vec<Node> = Vec::new();
    for item in items {
        if !distinct.iter().any(|known| same(known, item)) {
            distinct.push(item.clone());
        }
    }
    Some(distinct)
}

fn flatten(node: &Node, deepest: usize, flat: &mut Vec<Node>) -> Option<()> {
    for item in list(node)? {
        match &item.value {
            NodeValue::List(_) if deepest > 0 => flatten(item, deepest - 1, flat)?,
            _ => flat.push(item.clone()),
        }
        (flat.len() <= MOST_ITEMS).then_some(())?;
    }
    Some(())
}
