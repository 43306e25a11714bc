//! Terms of Erlang and Elixir, as lockfiles and application files hold them, read into the same
//! loose values as JSON: <https://www.erlang.org/doc/system/data_types.html>.
//!
//! Atoms, strings, binaries and numbers are texts; tuples and lists are lists; a pair `key: value`
//! or `key => value` is a list of two.

use std::borrow::Cow;

use super::code::{Lexicon, Piece, SCRIPT, read_code, split};
use super::json::Loose;

const ERLANG: Lexicon = Lexicon {
    line_comments: &["%"],
    multiline: true,
    word_marks: "@.-+",
    ..SCRIPT
};

const ELIXIR: Lexicon = Lexicon {
    quotes: "\"",
    multiline: true,
    word_marks: "@?!",
    ..SCRIPT
};

/// The terms of an Erlang file, each ended by a full stop.
pub(crate) fn read_terms(text: &str) -> Result<Vec<Loose<'static>>, String> {
    let pieces = read_code(text, &ERLANG)?;
    let is_end = |piece: &Piece<'_>| piece.is('.') || piece.word() == Some(".");
    let terms = pieces.split(is_end).filter(|pieces| !pieces.is_empty());
    Ok(terms.map(term).collect())
}

/// An Elixir file as pieces.
pub(crate) fn read_elixir(text: &str) -> Result<Vec<Piece<'_>>, String> {
    read_code(text, &ELIXIR)
}

/// A term of pieces.
pub(crate) fn term(pieces: &[Piece<'_>]) -> Loose<'static> {
    let pair = pieces
        .iter()
        .position(|piece| piece.is(':') || piece.is('='));
    if let Some(at) = pair.filter(|at| *at > 0)
        && let (Some(key), Some(value)) = (pieces.get(..at), pieces.get(at + 1..))
        && !value.is_empty()
    {
        return Loose::List(vec![single(key), single(value)]);
    }
    single(pieces)
}

fn single(pieces: &[Piece<'_>]) -> Loose<'static> {
    // What else stands around a value: `<<`, `>>`, `%`, and the colon of an atom.
    let value = pieces.iter().find(|piece| !matches!(piece, Piece::Mark(_)));
    match value {
        Some(Piece::Text(text)) => Loose::Text(Cow::Owned(text.to_string())),
        Some(Piece::Word(word)) => Loose::Text(Cow::Owned((*word).to_owned())),
        Some(Piece::Group(_, inner)) => Loose::List(split(inner, ',').map(term).collect()),
        _ => Loose::Other,
    }
}

/// The value of a key in a list of pairs.
pub(crate) fn lookup<'l>(pairs: &'l [Loose<'static>], key: &str) -> Option<&'l Loose<'static>> {
    pairs.iter().find_map(|pair| match pair.items() {
        [found, value] if found.text() == Some(key) => Some(value),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_read() {
        let text = "%% a comment\n{\"1.2.0\",\n[{<<\"a\">>,{pkg,<<\"a\">>,<<\"1.0\">>},0}]}.\n[{k,'v'}].\n";
        let terms = read_terms(text).unwrap();
        assert_eq!(terms.len(), 2);
        let first = &terms[0].items()[1].items()[0];
        assert_eq!(first.items()[1].items()[2].text(), Some("1.0"));
        assert_eq!(
            lookup(terms[1].items(), "k").and_then(Loose::text),
            Some("v")
        );
    }

    #[test]
    fn elixir_pairs_are_read() {
        let pieces = read_elixir("[only: [:dev, :test], a: \"x\"]").unwrap();
        let value = term(&pieces);
        let only = lookup(value.items(), "only").unwrap();
        assert_eq!(only.items()[1].text(), Some("test"));
        assert_eq!(lookup(value.items(), "a").and_then(Loose::text), Some("x"));
    }
}
