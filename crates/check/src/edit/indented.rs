//! YAML whose structure is its indentation.

use linchpin_document::{Member, Node, NodeValue};

use super::Splice;
use super::changing::is_within;
use super::text::Text;
use super::value::{Written, key, on_one_line};
use crate::place::Step;

/// How much further what is within stands.
const STEP: usize = 2;

/// The members that stand in the map itself, and not in one that it merges in.
fn own(map: &Node) -> impl Iterator<Item = &Member> {
    let is_own = |member: &&Member| map.start <= member.key_start && member.key_start <= map.end;
    map.members().iter().filter(is_own)
}

/// Where a value ends that stands in another.
pub(super) fn end(text: &Text<'_>, around: &Node, node: &Node) -> Option<usize> {
    let start = text.offset(node.start)?;
    let begins_with = |signs: &[char]| text.from(start).starts_with(signs);
    match &node.value {
        NodeValue::Text(_) if let Some(head) = head_of_block(text, start) => {
            Some(end_of_block(text, around, head))
        }
        NodeValue::Map(_) if !begins_with(&['{', '!', '&']) => {
            let last = own(node).max_by_key(|member| member.key_start)?;
            if is_within(node, &last.value) {
                end(text, node, &last.value)
            } else {
                Some(text.line_end(text.offset(last.key_start)?))
            }
        }
        NodeValue::List(items) if !begins_with(&['[', '!', '&']) => {
            let last = items.last()?;
            is_within(node, last).then(|| end(text, node, last))?
        }
        _ if begins_with(&['!', '&']) => None,
        _ => text.offset(node.end),
    }
}

/// Where the sign stands that a text of several lines begins with, if it is one: on the line of its
/// name, while the text begins on a line of its own.
fn head_of_block(text: &Text<'_>, start: usize) -> Option<usize> {
    if text.from(start).starts_with(['|', '>']) {
        return Some(start);
    }
    if !text.before(start).trim().is_empty() {
        return None;
    }
    let before = text.whole.get(..text.line_start(start))?.trim_end();
    let line = text.line_start(before.len());
    let last = before
        .get(line..)?
        .split(" #")
        .next()?
        .split_whitespace()
        .next_back()?;
    let is_head = last.starts_with(['|', '>'])
        && last
            .chars()
            .skip(1)
            .all(|sign| matches!(sign, '+' | '-' | '0'..='9'));
    is_head.then_some(line)
}

/// Where a text of several lines ends: before the first line that is not further in than what it
/// stands in.
fn end_of_block(text: &Text<'_>, around: &Node, start: usize) -> usize {
    let outer = match &around.value {
        NodeValue::Map(_) => (around.start.column as usize).saturating_sub(1),
        _ => text.indentation(start).len(),
    };
    let mut end = text.line_end(start);
    let mut next = text.next_line(start);
    while next < text.whole.len() {
        let line_end = text.line_end(next);
        let line = text.whole.get(next..line_end).unwrap_or_default();
        let content = line.trim_start_matches(' ');
        if !content.trim().is_empty() {
            if line.len() - content.len() <= outer {
                break;
            }
            end = line_end;
        }
        next = text.next_line(next);
    }
    end
}

/// Adds a member to a map: before the one of a name, or behind the last one.
pub(super) fn add(
    text: &Text<'_>,
    map: &Node,
    name: &str,
    rest: &[Step],
    value: &Node,
    before: Option<&str>,
) -> Option<Splice> {
    let last = own(map).max_by_key(|member| member.key_start)?;
    let first = own(map).min_by_key(|member| member.key_start)?;
    let end = if is_within(map, &last.value) {
        end(text, map, &last.value)?
    } else {
        text.offset(last.key_start)?
    };
    let indentation = usize::try_from(first.key_start.column)
        .ok()?
        .checked_sub(1)?;
    let on_line = text.before(text.offset(first.key_start)?);
    // Names behind tabs or other signs would have another indentation than they seem to have.
    if !on_line.chars().all(|sign| matches!(sign, ' ' | '-')) {
        return None;
    }
    let mut lines = String::new();
    write(text, indentation, name, rest, value, &mut lines)?;
    let following = before.and_then(|name| own(map).find(|member| member.key.as_str() == name));
    if let Some(following) = following {
        let at = text.offset(following.key_start)?;
        if text.before(at).trim().is_empty() {
            let lines = lines.trim_start_matches(['\r', '\n']);
            let lines = format!("{lines}{}", text.newline);
            return Some(Splice::insert(text.line_start(at), lines));
        }
    }
    Some(Splice::insert(text.line_end(end), lines))
}

/// Writes a member with all that is within, each on a line of its own.
fn write(
    text: &Text<'_>,
    indentation: usize,
    name: &str,
    rest: &[Step],
    value: &Node,
    lines: &mut String,
) -> Option<()> {
    lines.push_str(text.newline);
    lines.push_str(&" ".repeat(indentation));
    lines.push_str(&key(name, Written::Yaml));
    lines.push(':');
    match rest.split_first() {
        Some((Step::Name(name), rest)) => {
            return write(text, indentation + STEP, name, rest, value, lines);
        }
        Some((Step::Item(_), _)) => return None,
        None => {}
    }
    if value.members().is_empty() {
        lines.push(' ');
        lines.push_str(&on_one_line(value, Written::Yaml));
        return Some(());
    }
    for member in value.members() {
        let inner = indentation + STEP;
        write(text, inner, &member.key, &[], &member.value, lines)?;
    }
    Some(())
}

/// Adds an item behind the last one of a list.
pub(super) fn append(text: &Text<'_>, list: &Node, item: &Node) -> Option<Splice> {
    let last = list.items().last().filter(|last| is_within(list, last))?;
    let start = text.offset(last.start)?;
    let before = text.before(start);
    let dash = before.rfind('-')?;
    // The first item may stand on the line of the list around.
    let is_alone = before.chars().all(|sign| matches!(sign, ' ' | '-'));
    let end = is_alone.then(|| end(text, list, last))??;
    let line = format!(
        "{}{}- {}",
        text.newline,
        " ".repeat(dash),
        on_one_line(item, Written::Yaml)
    );
    Some(Splice::insert(text.line_end(end), line))
}

/// Takes a member out, with its lines.
pub(super) fn remove(text: &Text<'_>, map: &Node, member: &Member) -> Option<Splice> {
    let start = text.offset(member.key_start)?;
    let end = end(text, map, &member.value)?.max(start);
    let after = text.next_line(end);
    // A map with nothing in it would be something else.
    if own(map).count() < 2 {
        return None;
    }
    if text.before(start).chars().all(|sign| sign == ' ') {
        return Some(Splice {
            start: text.line_start(start),
            end: after,
            text: String::new(),
        });
    }
    // The first member of an item stands behind its dash, and the next one takes its place.
    let following = own(map).filter(|other| other.key_start > member.key_start);
    let next = following.min_by_key(|other| other.key_start)?;
    Some(Splice {
        start,
        end: text.offset(next.key_start)?,
        text: String::new(),
    })
}
