//! YAML as pnpm and Yarn write it, read into the same loose values as JSON.
//!
//! Lockfiles have neither aliases nor deep nesting, so neither is supported: an alias is no value,
//! and a document that nests too deeply or holds too many values is refused. That leaves nothing
//! for a bomb to multiply.

use std::borrow::Cow;
use std::cell::Cell;
use std::rc::Rc;

use saphyr_parser::{Event, Parser, ScalarStyle};

use super::json::Loose;

/// Deepest nesting that is read. Lockfiles have five levels.
const DEEPEST: usize = 64;

/// Most values of one file.
const MOST_VALUES: usize = 20_000_000;

/// Most characters that the parser may take in before it says something. An object between braces
/// may turn out to be a key, so the parser keeps all of it until it ends; this bounds what it keeps.
const LOOKAHEAD: usize = 256 << 10;

/// A list or object that is not finished.
enum Open<'a> {
    List(Vec<Loose<'a>>),
    Map(Vec<(Cow<'a, str>, Loose<'a>)>, Option<Cow<'a, str>>),
}

/// Reads all documents of a file.
pub(crate) fn read_documents(text: &str) -> Result<Vec<Loose<'_>>, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut documents = Vec::new();
    let mut open: Vec<Open<'_>> = Vec::new();
    let taken = Rc::new(Cell::new(0_usize));
    let counted = Rc::clone(&taken);
    let characters = text.chars().take_while(move |_| {
        counted.set(counted.get() + 1);
        counted.get() <= LOOKAHEAD
    });
    for (count, event) in Parser::new_from_iter(characters).enumerate() {
        if taken.get() > LOOKAHEAD {
            return Err(format!(
                "holds a single value of more than {} KiB",
                LOOKAHEAD >> 10
            ));
        }
        taken.set(0);
        let (event, _) = event.map_err(|error| format!("is no valid YAML: {error}"))?;
        if count > MOST_VALUES {
            return Err(format!("holds more than {MOST_VALUES} values"));
        }
        let value = match event {
            Event::SequenceStart(..) => {
                open.push(Open::List(Vec::new()));
                None
            }
            Event::MappingStart(..) => {
                open.push(Open::Map(Vec::new(), None));
                None
            }
            Event::Scalar(text, style, ..) => Some(scalar(text, style)),
            Event::Alias(_) => Some(Loose::Other),
            Event::SequenceEnd | Event::MappingEnd => match open.pop() {
                Some(Open::List(items)) => Some(Loose::List(items)),
                Some(Open::Map(members, _)) => Some(Loose::Map(members)),
                None => None,
            },
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => None,
        };
        if open.len() > DEEPEST {
            return Err(format!("nests more than {DEEPEST} levels deep"));
        }
        if let Some(value) = value {
            place(value, &mut open, &mut documents);
        }
    }
    Ok(documents)
}

fn place<'a>(value: Loose<'a>, open: &mut [Open<'a>], documents: &mut Vec<Loose<'a>>) {
    match open.last_mut() {
        None => documents.push(value),
        Some(Open::List(items)) => items.push(value),
        Some(Open::Map(members, key)) => match key.take() {
            Some(key) => members.push((key, value)),
            // A key that is no text is read as an empty one, which nobody asks for.
            None => {
                *key = Some(match value {
                    Loose::Text(text) => text,
                    _ => Cow::Borrowed(""),
                });
            }
        },
    }
}

fn scalar(text: Cow<'_, str>, style: ScalarStyle) -> Loose<'_> {
    match (style, text.as_ref()) {
        (ScalarStyle::Plain, "true") => Loose::Flag(true),
        (ScalarStyle::Plain, "false") => Loose::Flag(false),
        (ScalarStyle::Plain, "" | "~" | "null") => Loose::Other,
        _ => Loose::Text(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_and_flows_are_read() {
        let documents =
            read_documents("a:\n  '@x/y': {b: [1, true]}\n---\nc: \"d\"\n? [1]\n: 2\n").unwrap();
        assert_eq!(documents.len(), 2);
        let inner = documents[0].get("a").unwrap().get("@x/y").unwrap();
        let list = inner.get("b").unwrap().items();
        assert_eq!(list[0].text(), Some("1"));
        assert!(list[1].is_true());
        assert_eq!(documents[1].get("c").unwrap().text(), Some("d"));
    }

    #[test]
    fn bombs_do_not_go_off() {
        assert!(read_documents(&"[".repeat(1_000_000)).is_err());
        assert!(read_documents(&"{a: ".repeat(100_000)).is_err());
        assert!(read_documents(&"- ".repeat(100_000)).is_err());
        let aliases = "a: &a [x]\nb: [*a, *a, *a]\n";
        let documents = read_documents(aliases).unwrap();
        assert!(documents[0].get("b").unwrap().items()[0].text().is_none());
        assert!(read_documents("a: [").is_err());
        assert!(read_documents(&format!("{{{}", "a: b, ".repeat(100_000))).is_err());
        assert!(read_documents(&format!("[{}", "a,\n".repeat(100_000))).is_err());
    }
}
