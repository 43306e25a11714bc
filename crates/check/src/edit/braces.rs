//! Blocks and objects between braces whose parts stand on lines of their own: HCL and Bicep.

use linchpin_document::{Member, Node, NodeValue};

use super::Splice;
use super::text::Text;
use super::value::{Written, between, key, on_one_line};
use crate::place::Step;

/// How much further what is within stands.
const STEP: &str = "  ";

/// Adds a member behind the last one of a block or object.
pub(super) fn add(
    text: &Text<'_>,
    written: Written,
    map: &Node,
    name: &str,
    rest: &[Step],
    value: &Node,
) -> Option<Splice> {
    let (open, close) = (opening(text, map)?, text.offset(map.end)?.checked_sub(1)?);
    let within = text.whole.get(open + 1..close)?;
    if !text.from(close).starts_with('}') {
        return None;
    }
    let outer = text.indentation(open);
    let Some(last) = within.rfind(|sign: char| !sign.is_whitespace()) else {
        // There is nothing in it yet.
        let inner = format!("{outer}{STEP}");
        let mut made = String::new();
        write(text, written, &inner, name, rest, value, &mut made)?;
        return Some(Splice {
            start: open + 1,
            end: close,
            text: format!("{made}{}{outer}", text.newline),
        });
    };
    if !within.contains('\n') {
        // What stands on one line is written on several.
        let inner = format!("{outer}{STEP}");
        let mut made = format!("{}{inner}{}", text.newline, within.trim());
        if within.contains(',') {
            return None;
        }
        write(text, written, &inner, name, rest, value, &mut made)?;
        return Some(Splice {
            start: open + 1,
            end: close,
            text: format!("{made}{}{outer}", text.newline),
        });
    }
    let last = open + 1 + last;
    // Labels and what is told of them stand before the brace.
    let places = map
        .members()
        .iter()
        .map(|member| text.offset(member.key_start));
    let first = places.flatten().filter(|place| *place > open).min()?;
    let mut made = String::new();
    let inner = text.indentation(first);
    // Lines of an object may end in commas; then all of them do.
    if text.from(last).starts_with(',') {
        return None;
    }
    write(text, written, inner, name, rest, value, &mut made)?;
    Some(Splice::insert(text.line_end(last), made))
}

/// Where the brace stands that a block or object begins with, behind its labels.
fn opening(text: &Text<'_>, map: &Node) -> Option<usize> {
    let start = text.offset(map.start)?;
    let end = text.offset(map.end)?;
    let mut is_quoted = false;
    for (offset, sign) in text.whole.get(start..end)?.char_indices() {
        match sign {
            '"' | '\'' => is_quoted = !is_quoted,
            '{' if !is_quoted => return Some(start + offset),
            '\n' => return None,
            _ => {}
        }
    }
    None
}

/// Writes a member with all that is within.
fn write(
    text: &Text<'_>,
    written: Written,
    indentation: &str,
    name: &str,
    rest: &[Step],
    value: &Node,
    made: &mut String,
) -> Option<()> {
    made.push_str(text.newline);
    made.push_str(indentation);
    made.push_str(&key(name, written));
    let inner = format!("{indentation}{STEP}");
    match (rest, &value.value) {
        ([], NodeValue::Map(members)) => {
            made.push_str(between(written));
            made.push('{');
            for member in members {
                write(text, written, &inner, &member.key, &[], &member.value, made)?;
            }
        }
        ([], _) => {
            made.push_str(between(written));
            made.push_str(&on_one_line(value, written));
            return Some(());
        }
        // A block of its own.
        ([Step::Item(_), Step::Name(name), rest @ ..], _) if written == Written::Hcl => {
            made.push_str(" {");
            write(text, written, &inner, name, rest, value, made)?;
        }
        ([Step::Name(name), rest @ ..], _) => {
            made.push_str(between(written));
            made.push('{');
            write(text, written, &inner, name, rest, value, made)?;
        }
        _ => return None,
    }
    made.push_str(text.newline);
    made.push_str(indentation);
    made.push('}');
    Some(())
}

/// Takes a member out that has lines of its own.
pub(super) fn remove(text: &Text<'_>, member: &Member) -> Option<Splice> {
    let start = text.offset(member.key_start)?;
    let end = match member.value.items() {
        // Blocks of one name stand apart; one alone can be taken out.
        [block] if block.start == member.key_start => text.offset(block.end)?,
        _ if member.value.start == member.key_start => return None,
        _ => text.offset(member.value.end)?,
    };
    let after = text.next_line(end);
    let rest = text.whole.get(end..after)?.trim();
    let is_alone = text.before(start).trim().is_empty()
        && (rest.is_empty() || rest.starts_with('#') || rest.starts_with("//"));
    is_alone.then(|| Splice {
        start: text.line_start(start),
        end: after,
        text: String::new(),
    })
}
