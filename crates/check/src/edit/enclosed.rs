//! Lists and maps in brackets whose parts are divided by commas: JSON, and YAML in its short form.

use linchpin_document::{Member, Node, NodeValue};

use super::Splice;
use super::text::Text;
use super::value::{Written, between, key, on_one_line};
use crate::place::Step;

/// Adds a member before the first one of a map.
pub(super) fn add(
    text: &Text<'_>,
    written: Written,
    map: &Node,
    name: &str,
    rest: &[Step],
    value: &Node,
) -> Option<Splice> {
    let start = text.offset(map.start)?;
    text.from(start).starts_with('{').then_some(())?;
    let first = map.members().iter().map(|member| member.key_start).min();
    let first = first
        .map(|at| text.offset(at))
        .filter(|at| *at >= Some(start));
    let mut made = on_one_line(value, written);
    for step in rest.iter().rev() {
        if let Step::Name(name) = step {
            made = format!("{{{}{}{made}}}", key(name, written), between(written));
        }
    }
    let made = format!("{}{}{made}", key(name, written), between(written));
    let made = match first.flatten() {
        None => made,
        // On a line of its own, as the first one is.
        Some(first) if text.line_start(first) > start => {
            format!("{}{}{made},", text.newline, text.indentation(first))
        }
        Some(_) => format!("{made}, "),
    };
    Some(Splice::insert(start + 1, made))
}

/// Adds an item behind the last one of a list.
pub(super) fn append(
    text: &Text<'_>,
    written: Written,
    list: &Node,
    item: &Node,
) -> Option<Splice> {
    let item = on_one_line(item, written);
    let Some(last) = list.items().last() else {
        let start = text.offset(list.start)?;
        return Some(Splice::insert(start + 1, item));
    };
    let start = text.offset(last.start)?;
    let end = text.offset(last.end)?;
    let indentation = text.indentation(start);
    let is_alone = text.before(start) == indentation;
    let made = if is_alone {
        format!(",{}{indentation}{item}", text.newline)
    } else {
        format!(", {item}")
    };
    (end > start).then(|| Splice::insert(end, made))
}

/// Takes a member out, with the comma that divides it from the others.
pub(super) fn remove(text: &Text<'_>, map: &Node, member: &Member) -> Option<Splice> {
    let start = text.offset(member.key_start)?;
    let end = text.offset(member.value.end)?;
    let mut others = map.members().iter();
    let next = map
        .members()
        .iter()
        .filter(|other| other.key_start > member.key_start)
        .min_by_key(|other| other.key_start);
    if let Some(next) = next {
        return Some(Splice {
            start,
            end: text.offset(next.key_start)?,
            text: String::new(),
        });
    }
    let before = others
        .by_ref()
        .filter(|other| other.key_start < member.key_start)
        .max_by_key(|other| other.key_start);
    let start = match before.map(|before| &before.value) {
        Some(before) if !matches!(before.value, NodeValue::Null) => text.offset(before.end)?,
        Some(_) => return None,
        None => start,
    };
    (end >= start).then_some(Splice {
        start,
        end,
        text: String::new(),
    })
}
