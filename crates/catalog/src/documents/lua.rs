//! Lua files that hold data: assignments of texts and tables, read into the same loose values as
//! JSON. Nothing is evaluated; what is computed is no value.

use std::borrow::Cow;

use super::code::{Lexicon, Piece, read_code};
use super::json::Loose;

const LUA: Lexicon = Lexicon {
    line_comments: &["--"],
    block_comment: Some(("--[[", "]]")),
    quotes: "\"'",
    multiline: false,
    brackets: "()[]{}",
    word_marks: "",
    lines: false,
};

/// The assignments of a file, or of the table that it returns.
pub(crate) fn read_assignments(text: &str) -> Result<Loose<'static>, String> {
    let pieces = read_code(text, &LUA)?;
    let mut members = Vec::new();
    let mut at = 0;
    while let Some(piece) = pieces.get(at) {
        let rest = pieces.get(at + 1..).unwrap_or_default();
        match (piece, rest) {
            (Piece::Word("return"), [Piece::Group('{', inner), ..]) => {
                members.extend(table(inner));
                at += 1;
            }
            (Piece::Word(name), [equals, given, ..]) if equals.is('=') => {
                // What goes on behind the value makes it computed: `"a" .. version`.
                let goes_on = rest.get(2).is_some_and(|next| next.is('.'));
                let value = if goes_on {
                    Loose::Other
                } else {
                    value(std::slice::from_ref(given))
                };
                members.push((Cow::Owned((*name).to_owned()), value));
                at += 2;
            }
            _ => {}
        }
        at += 1;
    }
    Ok(Loose::Map(members))
}

fn value(pieces: &[Piece<'_>]) -> Loose<'static> {
    match pieces {
        [Piece::Text(text)] => Loose::Text(Cow::Owned(text.to_string())),
        [Piece::Word("true")] => Loose::Flag(true),
        [Piece::Word("false")] => Loose::Flag(false),
        [Piece::Group('{', inner)] => {
            let members = table(inner);
            if members.iter().all(|(key, _)| key.is_empty()) {
                return Loose::List(members.into_iter().map(|(_, item)| item).collect());
            }
            Loose::Map(members)
        }
        _ => Loose::Other,
    }
}

/// The members of a table; those without a name have an empty one.
fn table(pieces: &[Piece<'_>]) -> Vec<(Cow<'static, str>, Loose<'static>)> {
    let parts = pieces.split(|piece| piece.is(',') || piece.is(';'));
    parts
        .filter(|part| !part.is_empty())
        .map(|part| match part {
            [Piece::Word(name), equals, rest @ ..] if equals.is('=') => {
                (Cow::Owned((*name).to_owned()), value(rest))
            }
            [Piece::Group('[', key), equals, rest @ ..] if equals.is('=') => {
                let key = key
                    .first()
                    .and_then(Piece::word_or_text)
                    .unwrap_or_default();
                (Cow::Owned(key.to_owned()), value(rest))
            }
            item => (Cow::Borrowed(""), value(item)),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_read() {
        let text = "-- c\npackage = \"a\"\nversion = '1-1'\ncomputed = \"a\" .. version\n\
            deps = { \"lua >= 5.1\", \"b\" }\nd = { [\"x-y\"] = \"z\", k = true }\n";
        let document = read_assignments(text).unwrap();
        assert_eq!(document.text_of("package"), Some("a"));
        assert_eq!(document.texts_of("deps"), ["lua >= 5.1", "b"]);
        assert_eq!(document.get("d").and_then(|d| d.text_of("x-y")), Some("z"));
        assert_eq!(document.text_of("computed"), None);
        let returned = read_assignments("return { dependencies = { a = \"1-1\" } }").unwrap();
        assert_eq!(returned.members_of("dependencies").len(), 1);
    }
}
