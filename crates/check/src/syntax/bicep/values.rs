//! Values: objects, lists, texts, and expressions as they are written.

use std::sync::Arc;

use linchpin_document::{Member, Node, NodeValue};

use super::cursor::Cursor;
use super::scanning::{self, Until};
use super::{DEEPEST, MOST_VALUES, statements};

/// A value, up to what ends it.
pub(super) fn value(cursor: &mut Cursor<'_>, until: Until) -> Result<Node, String> {
    cursor.values += 1;
    if cursor.values > MOST_VALUES {
        return Err(format!("holds more than {MOST_VALUES} values"));
    }
    if cursor.depth >= DEEPEST {
        return Err(format!("nests more than {DEEPEST} levels deep"));
    }
    cursor.skip_blanks();
    let begin = cursor.offset;
    let start = cursor.position();
    cursor.depth += 1;
    let read = literal(cursor);
    cursor.depth -= 1;
    let length = scanning::expression(cursor.text.get(begin..).unwrap_or_default(), until);
    if length == 0 {
        return Err("a value is missing".to_owned());
    }
    let is_whole = read.as_ref().is_ok_and(Option::is_some) && cursor.offset == begin + length;
    // What is wrong within a list or object is no expression either.
    let value = match read {
        Ok(Some(value)) if is_whole => value,
        Err(problem)
            if cursor
                .text
                .get(begin..)
                .is_some_and(|rest| rest.starts_with(['{', '['])) =>
        {
            return Err(problem);
        }
        _ => {
            cursor.offset = begin + length;
            let written = cursor.text.get(begin..cursor.offset).unwrap_or_default();
            NodeValue::Text(Arc::new(format!("${{{written}}}")))
        }
    };
    let end = cursor.position();
    Ok(Node { start, end, value })
}

/// What is no expression; nothing if it is one.
fn literal(cursor: &mut Cursor<'_>) -> Result<Option<NodeValue>, String> {
    let value = match cursor.peek() {
        Some('{') => NodeValue::Map(object(cursor)?),
        Some('[') => return list(cursor).map(Some),
        Some('\'') => {
            let length = scanning::quoted(cursor.rest()).ok_or("a text has no end")?;
            let written = cursor.rest().get(..length).unwrap_or_default();
            cursor.offset += length;
            NodeValue::Text(Arc::new(text(written)))
        }
        Some(sign) if sign.is_ascii_digit() || sign == '-' => {
            let rest = cursor.rest();
            let digits = rest.trim_start_matches('-');
            let digits = digits.len()
                - digits
                    .trim_start_matches(|sign: char| sign.is_ascii_digit())
                    .len();
            let length = digits + usize::from(sign == '-');
            let Some(number) = rest.get(..length).and_then(|text| text.parse().ok()) else {
                return Ok(None);
            };
            cursor.offset += length;
            NodeValue::Integer(number)
        }
        _ => match cursor.name() {
            Some("true") => NodeValue::Boolean(true),
            Some("false") => NodeValue::Boolean(false),
            Some("null") => NodeValue::Null,
            _ => return Ok(None),
        },
    };
    Ok(Some(value))
}

/// The members of an object, resources that are declared in it among them.
pub(super) fn object(cursor: &mut Cursor<'_>) -> Result<Vec<Member>, String> {
    if !cursor.take("{") {
        return Err("an opening brace is missing".to_owned());
    }
    let mut members = Vec::new();
    let mut resources = Vec::new();
    loop {
        cursor.skip_lines();
        while cursor.take(",") {
            cursor.skip_lines();
        }
        if cursor.take("}") {
            break;
        }
        if cursor.is_at_end() {
            return Err("a closing brace is missing".to_owned());
        }
        if cursor.rest().starts_with("...") || cursor.rest().starts_with('@') {
            // What is spread, or said about a resource.
            cursor.offset += scanning::expression(cursor.rest(), Until::Line).max(1);
            continue;
        }
        if let Some(resource) = statements::nested_resource(cursor)? {
            resources.push(resource);
            continue;
        }
        members.push(member(cursor)?);
    }
    if let Some(first) = resources.first() {
        let list = Node::list(first.start, resources);
        members.push(Member::added("resources", list));
    }
    Ok(members)
}

fn member(cursor: &mut Cursor<'_>) -> Result<Member, String> {
    let key_start = cursor.position();
    let key = if cursor.peek() == Some('\'') {
        let length = scanning::quoted(cursor.rest()).ok_or("a text has no end")?;
        let written = cursor.rest().get(..length).unwrap_or_default();
        cursor.offset += length;
        text(written)
    } else {
        cursor.name().ok_or("a name is missing")?.to_owned()
    };
    cursor.skip_blanks();
    if !cursor.take(":") {
        return Err("a colon is missing".to_owned());
    }
    cursor.skip_lines();
    Ok(Member {
        key: Arc::new(key),
        key_start,
        value: value(cursor, Until::Line)?,
    })
}

/// A list, or what a loop makes of one.
fn list(cursor: &mut Cursor<'_>) -> Result<NodeValue, String> {
    cursor.offset += 1;
    cursor.skip_lines();
    if is_loop(cursor) {
        let start = cursor.position();
        let mut members = loop_head(cursor)?;
        cursor.skip_lines();
        let body = value(cursor, Until::Line)?;
        members.push(Member::added("body", body));
        cursor.skip_lines();
        if !cursor.take("]") {
            return Err("a closing bracket is missing".to_owned());
        }
        let made = Node::map(start, members);
        return Ok(NodeValue::Map(vec![Member::added("$for", made)]));
    }
    let mut items = Vec::new();
    loop {
        cursor.skip_lines();
        while cursor.take(",") {
            cursor.skip_lines();
        }
        if cursor.take("]") {
            return Ok(NodeValue::List(items));
        }
        if cursor.is_at_end() {
            return Err("a closing bracket is missing".to_owned());
        }
        if cursor.rest().starts_with("...") {
            cursor.offset += scanning::expression(cursor.rest(), Until::Line).max(1);
            continue;
        }
        items.push(value(cursor, Until::Line)?);
    }
}

pub(super) fn is_loop(cursor: &Cursor<'_>) -> bool {
    cursor.rest().starts_with("for ") || cursor.rest().starts_with("for(")
}

/// `for item in list:` or `for (item, index) in list:`, as a map.
pub(super) fn loop_head(cursor: &mut Cursor<'_>) -> Result<Vec<Member>, String> {
    let start = cursor.position();
    cursor.offset += "for".len();
    cursor.skip_blanks();
    let in_brackets = cursor.take("(");
    cursor.skip_blanks();
    let item = cursor.name().ok_or("a loop needs a name")?;
    let mut members = vec![Member::added("item", Node::text(start, item))];
    if in_brackets {
        cursor.skip_blanks();
        if !cursor.take(",") {
            return Err("a loop needs a second name".to_owned());
        }
        cursor.skip_blanks();
        let index = cursor.name().ok_or("a loop needs a second name")?;
        members.push(Member::added("index", Node::text(start, index)));
        cursor.skip_blanks();
        cursor.take(")");
    }
    cursor.skip_blanks();
    if cursor.name() != Some("in") {
        return Err("a loop needs `in`".to_owned());
    }
    members.push(Member::added("in", value(cursor, Until::Colon)?));
    cursor.skip_blanks();
    if !cursor.take(":") {
        return Err("a colon is missing".to_owned());
    }
    Ok(members)
}

/// What stands between apostrophes. Expressions in it stay; what only looks like one is `$${`.
pub(crate) fn text(written: &str) -> String {
    if let Some(inner) = written.strip_prefix("'''") {
        let inner = inner.strip_suffix("'''").unwrap_or(inner);
        let inner = inner.strip_prefix('\r').unwrap_or(inner);
        return inner
            .strip_prefix('\n')
            .unwrap_or(inner)
            .replace("${", "$${");
    }
    let inner = written.strip_prefix('\'').unwrap_or(written);
    let mut rest = inner.strip_suffix('\'').unwrap_or(inner);
    let mut read = String::with_capacity(rest.len());
    while let Some(place) = rest.find(['\\', '$']) {
        read.push_str(rest.get(..place).unwrap_or_default());
        rest = rest.get(place..).unwrap_or_default();
        if let Some(length) = scanning::interpolation(rest) {
            read.push_str(rest.get(..length).unwrap_or_default());
            rest = rest.get(length..).unwrap_or_default();
            continue;
        }
        let mut signs = rest.chars();
        let (first, second) = (signs.next(), signs.next());
        match (first, second) {
            (Some('\\'), Some('n')) => read.push('\n'),
            (Some('\\'), Some('r')) => read.push('\r'),
            (Some('\\'), Some('t')) => read.push('\t'),
            (Some('\\'), Some('$')) => read.push_str("$$"),
            (Some('\\'), Some('u')) => {
                let code = rest
                    .strip_prefix("\\u{")
                    .and_then(|code| code.split_once('}'));
                if let Some((code, after)) = code {
                    let sign = u32::from_str_radix(code, 16).ok().and_then(char::from_u32);
                    read.push(sign.unwrap_or('\u{fffd}'));
                    rest = after;
                    continue;
                }
            }
            (Some('\\'), Some(sign)) => read.push(sign),
            (Some(sign), _) => {
                read.push(sign);
                rest = rest.get(1..).unwrap_or_default();
                continue;
            }
            (None, _) => break,
        }
        rest = signs.as_str();
    }
    read.push_str(rest);
    read
}
