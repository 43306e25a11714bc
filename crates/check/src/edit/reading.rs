//! The `edit` of a rule.

use linchpin_document::{Node, NodeValue, Position};
use regex::Regex;

use super::{Change, Edit};
use crate::place::Place;

/// What is wrong, and where.
type Wrong = (Position, String);

/// What a change may hold beside its own word.
const FIELDS: &[&str] = &[
    "set",
    "change",
    "to",
    "before",
    "remove",
    "append",
    "item",
    "replace",
    "with",
    "in",
    "line_before",
    "line_after",
    "may_break",
];

/// Reads it: one change, or a list of them.
pub(crate) fn read(node: &Node) -> Result<Edit, Wrong> {
    let changes = match &node.value {
        NodeValue::List(items) if !items.is_empty() => items.as_slice(),
        _ => std::slice::from_ref(node),
    };
    let may_break = changes
        .iter()
        .find_map(|change| change.get("may_break"))
        .map(|node| {
            let text = node.as_text().map(|text| text.trim().to_owned());
            text.filter(|text| !text.is_empty())
                .ok_or_else(|| (node.start, "`may_break` is a text".to_owned()))
        })
        .transpose()?;
    Ok(Edit {
        changes: changes.iter().map(change).collect::<Result<_, Wrong>>()?,
        may_break,
    })
}

fn change(node: &Node) -> Result<Change, Wrong> {
    for member in node.members() {
        if !FIELDS.contains(&member.key.as_str()) {
            let problem = format!("an edit has no field `{}`", member.key);
            return Err((member.key_start, problem));
        }
    }
    let needs = |name: &str| {
        let missing = || (node.start, format!("this edit needs `{name}`"));
        node.get(name).cloned().ok_or_else(missing)
    };
    let text = |name: &str| {
        let value = needs(name)?;
        let text = value.as_text().map(str::to_owned);
        text.ok_or_else(|| (value.start, format!("`{name}` is a text")))
    };
    let place = |name: &str| -> Result<Place, Wrong> {
        let at = needs(name)?.start;
        let place: Place = text(name)?
            .parse()
            .map_err(|error| (at, format!("{error}")))?;
        if place.len() == 0 {
            return Err((at, format!("`{name}` is the place of a member")));
        }
        Ok(place)
    };
    let line = |name: &str| {
        let line = text(name)?;
        if line.contains('\n') {
            return Err((node.start, format!("`{name}` is one line")));
        }
        Ok(line)
    };
    let has = |name: &str| node.get(name).is_some();
    if has("set") {
        Ok(Change::Set {
            place: place("set")?,
            value: needs("to")?,
            before: has("before").then(|| text("before")).transpose()?,
        })
    } else if has("change") {
        Ok(Change::Correct {
            place: place("change")?,
            value: needs("to")?,
        })
    } else if has("remove") {
        Ok(Change::Remove {
            place: place("remove")?,
        })
    } else if has("append") {
        Ok(Change::Append {
            place: place("append")?,
            item: needs("item")?,
        })
    } else if has("replace") {
        let at = needs("replace")?.start;
        let pattern = Regex::new(&text("replace")?)
            .map_err(|error| (at, format!("`replace` is no regular expression: {error}")))?;
        Ok(Change::Replace {
            place: has("in").then(|| place("in")).transpose()?,
            pattern,
            with: text("with")?,
        })
    } else if has("line_before") {
        Ok(Change::LineBefore {
            line: line("line_before")?,
        })
    } else if has("line_after") {
        Ok(Change::LineAfter {
            line: line("line_after")?,
        })
    } else {
        let problem =
            "an edit is one of set, change, remove, append, replace, line_before and line_after";
        Err((node.start, problem.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use linchpin_document::yaml;

    #[test]
    fn mistakes_are_told_with_their_place() {
        for (text, said) in [
            ("set: a.b\nto: false", ""),
            ("- {set: a, to: 1}\n- {remove: b, may_break: Much.}", ""),
            ("set: a", "1:1 this edit needs `to`"),
            ("set: .a\nto: 1", "1:6 `.a` is no place"),
            ("sat: a", "1:1 an edit has no field `sat`"),
            ("to: a", "1:1 an edit is one of"),
            ("replace: '('\nwith: ''", "1:10 `replace` is no regular"),
            ("line_after: |\n  a\n  b\n", "1:1 `line_after` is one line"),
            ("remove: ''", "1:9 `remove` is the place of a member"),
        ] {
            let read = read(&yaml::read(text).documents[0]);
            match read {
                Ok(_) => assert_eq!(said, "", "{text}"),
                Err((at, problem)) => {
                    let shown = format!("{}:{} {problem}", at.line, at.column);
                    assert!(!said.is_empty() && shown.starts_with(said), "{shown}");
                }
            }
        }
    }
}
