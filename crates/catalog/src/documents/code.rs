//! Files written in a programming or configuration language, read for the literals in them:
//! words, texts and brackets as a tree. Nothing is ever evaluated.
//!
//! Languages differ in comments, quotes and what makes a word; a [`Lexicon`] says that. What a
//! group means, the reader of a format knows.

use std::borrow::Cow;

/// Deepest nesting that is kept as a tree; brackets deeper down are passed over.
const DEEPEST: usize = 48;

/// Largest file that is read. Files that people write have some kilobytes.
pub(crate) const MOST_BYTES: usize = 4 << 20;

/// How a language is written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lexicon {
    /// What starts a comment that ends with the line.
    pub(crate) line_comments: &'static [&'static str],
    /// What encloses a comment of several lines.
    pub(crate) block_comment: Option<(&'static str, &'static str)>,
    /// The quotes of texts. One that is not closed on its line is passed over, unless `multiline`.
    pub(crate) quotes: &'static str,
    /// Whether texts may go over several lines.
    pub(crate) multiline: bool,
    /// Opening brackets, each followed by its closing one.
    pub(crate) brackets: &'static str,
    /// Marks that belong to words, beside letters, digits and the underscore.
    pub(crate) word_marks: &'static str,
    /// Whether the end of a line counts, as the mark `\n`.
    pub(crate) lines: bool,
}

/// Comments and quotes as in C, brackets of three kinds.
pub(crate) const C_LIKE: Lexicon = Lexicon {
    line_comments: &["//"],
    block_comment: Some(("/*", "*/")),
    quotes: "\"",
    multiline: false,
    brackets: "()[]{}",
    word_marks: "",
    lines: false,
};

/// Comments with `#`, both quotes, as in Python, Ruby and their like.
pub(crate) const SCRIPT: Lexicon = Lexicon {
    line_comments: &["#"],
    block_comment: None,
    quotes: "\"'",
    multiline: false,
    brackets: "()[]{}",
    word_marks: "",
    lines: false,
};

/// A piece of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// A name, a number, a keyword.
    Word(&'a str),
    /// A quoted text without its quotes, escapes resolved.
    Text(Cow<'a, str>),
    /// Any other character.
    Mark(char),
    /// What stands between two brackets, and the opening one.
    Group(char, Vec<Piece<'a>>),
}

impl<'a> Piece<'a> {
    /// The text of a quoted piece.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The name of a word.
    pub(crate) fn word(&self) -> Option<&'a str> {
        match self {
            Self::Word(word) => Some(word),
            _ => None,
        }
    }

    /// A word or a quoted text.
    pub(crate) fn word_or_text(&self) -> Option<&str> {
        self.word().or_else(|| self.text())
    }

    /// What is in a group with this opening bracket.
    pub(crate) fn group(&self, bracket: char) -> Option<&[Piece<'a>]> {
        match self {
            Self::Group(found, pieces) if *found == bracket => Some(pieces),
            _ => None,
        }
    }

    /// What is in any group.
    pub(crate) fn inner(&self) -> &[Piece<'a>] {
        match self {
            Self::Group(_, pieces) => pieces,
            _ => &[],
        }
    }

    /// Whether it is this mark.
    pub(crate) fn is(&self, mark: char) -> bool {
        *self == Self::Mark(mark)
    }
}

/// The parts of a list that a mark separates; empty ones are left out.
pub(crate) fn split<'p, 'a>(
    pieces: &'p [Piece<'a>],
    mark: char,
) -> impl Iterator<Item = &'p [Piece<'a>]> {
    pieces
        .split(move |piece| piece.is(mark))
        .filter(|part| !part.is_empty())
}

/// All groups in a tree with the pieces around them, each list of pieces once: the outermost first.
pub(crate) fn all_lists<'p, 'a>(pieces: &'p [Piece<'a>]) -> Vec<&'p [Piece<'a>]> {
    let mut lists = vec![pieces];
    let mut next = 0;
    while let Some(list) = lists.get(next).copied() {
        next += 1;
        lists.extend(
            list.iter()
                .map(Piece::inner)
                .filter(|list| !list.is_empty()),
        );
    }
    lists
}

/// Every call `name(…)` in a tree, with the pieces between its brackets.
pub(crate) fn calls<'p, 'a>(pieces: &'p [Piece<'a>]) -> Vec<(&'a str, &'p [Piece<'a>])> {
    let mut found = Vec::new();
    for list in all_lists(pieces) {
        for pair in list.windows(2) {
            if let [Piece::Word(name), Piece::Group('(', arguments)] = pair {
                found.push((*name, arguments.as_slice()));
            }
        }
    }
    found
}

/// The value of a named argument: `name = value` or `name: value`.
pub(crate) fn named<'p, 'a>(arguments: &'p [Piece<'a>], name: &str) -> Option<&'p [Piece<'a>]> {
    split(arguments, ',').find_map(|part| {
        let part = skip_lines(part);
        match part {
            [Piece::Word(found), mark, value @ ..]
                if *found == name && (mark.is('=') || mark.is(':')) =>
            {
                Some(value)
            }
            _ => None,
        }
    })
}

/// The text of a named argument, if it is a plain text.
pub(crate) fn named_text<'p>(arguments: &'p [Piece<'_>], name: &str) -> Option<&'p str> {
    named(arguments, name).and_then(only_text)
}

/// The text, if there is nothing else.
pub(crate) fn only_text<'p>(pieces: &'p [Piece<'_>]) -> Option<&'p str> {
    match pieces {
        [Piece::Text(text)] => Some(text),
        _ => None,
    }
}

fn skip_lines<'p, 'a>(mut pieces: &'p [Piece<'a>]) -> &'p [Piece<'a>] {
    while let [first, rest @ ..] = pieces
        && first.is('\n')
    {
        pieces = rest;
    }
    pieces
}

/// Reads a file. Only one that is too large is refused.
pub(crate) fn read_code<'a>(text: &'a str, lexicon: &Lexicon) -> Result<Vec<Piece<'a>>, String> {
    if text.len() > MOST_BYTES {
        return Err(format!(
            "is {} MiB large and was passed over; at most {} MiB are read",
            text.len() >> 20,
            MOST_BYTES >> 20
        ));
    }
    let mut open: Vec<(char, Vec<Piece<'a>>)> = vec![('\0', Vec::new())];
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut too_deep = 0_usize;
    while let Some(first) = rest.chars().next() {
        if let Some(start) = lexicon.line_comments.iter().find(|s| rest.starts_with(**s)) {
            rest = rest.get(start.len()..).unwrap_or_default();
            rest = rest
                .find('\n')
                .and_then(|end| rest.get(end..))
                .unwrap_or_default();
            continue;
        }
        if let Some((start, end)) = lexicon.block_comment
            && let Some(after) = rest.strip_prefix(start)
        {
            rest = after.split_once(end).map_or("", |(_, after)| after);
            continue;
        }
        if lexicon.quotes.contains(first) {
            if let Some((text, after)) = quoted(rest, first, lexicon.multiline) {
                push(&mut open, Piece::Text(text));
                rest = after;
            } else {
                push(&mut open, Piece::Mark(first));
                rest = rest.get(first.len_utf8()..).unwrap_or_default();
            }
            continue;
        }
        let is_word = |c: char| c.is_alphanumeric() || c == '_' || lexicon.word_marks.contains(c);
        if is_word(first) {
            let end = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            push(&mut open, Piece::Word(word));
            rest = after;
            continue;
        }
        rest = rest.get(first.len_utf8()..).unwrap_or_default();
        match lexicon.brackets.find(first).map(|at| at % 2 == 0) {
            Some(true) if open.len() > DEEPEST => too_deep += 1,
            Some(true) => open.push((first, Vec::new())),
            Some(false) if too_deep > 0 => too_deep -= 1,
            Some(false) => close(&mut open),
            None if first == '\n' && lexicon.lines => push(&mut open, Piece::Mark('\n')),
            None if first.is_whitespace() => {}
            None => push(&mut open, Piece::Mark(first)),
        }
    }
    while open.len() > 1 {
        close(&mut open);
    }
    Ok(open.pop().map(|(_, pieces)| pieces).unwrap_or_default())
}

fn push<'a>(open: &mut [(char, Vec<Piece<'a>>)], piece: Piece<'a>) {
    if let Some((_, pieces)) = open.last_mut() {
        pieces.push(piece);
    }
}

/// Finishes the innermost group; a closing bracket without an opening one is passed over.
fn close(open: &mut Vec<(char, Vec<Piece<'_>>)>) {
    if open.len() > 1
        && let Some((bracket, pieces)) = open.pop()
    {
        push(open, Piece::Group(bracket, pieces));
    }
}

/// A quoted text at the beginning, and what follows it. Three quotes make a text of several lines.
fn quoted(text: &str, quote: char, multiline: bool) -> Option<(Cow<'_, str>, &str)> {
    let three: String = [quote; 3].iter().collect();
    if quote != '\''
        && let Some(inner) = text.strip_prefix(three.as_str())
    {
        let (inner, after) = inner.split_once(three.as_str())?;
        return Some((Cow::Borrowed(inner.trim()), after));
    }
    let inner = text.get(quote.len_utf8()..)?;
    let mut resolved = String::new();
    let mut taken = 0;
    let mut characters = inner.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '\n' if !multiline => return None,
            '\\' if quote != '`' => {
                resolved.push_str(inner.get(taken..at)?);
                let (escaped_at, escaped) = characters.next()?;
                match escaped {
                    'n' => resolved.push('\n'),
                    't' => resolved.push('\t'),
                    '\\' | '"' | '\'' => resolved.push(escaped),
                    // What is no escape that matters here is kept as it is written.
                    other => {
                        resolved.push('\\');
                        resolved.push(other);
                    }
                }
                taken = escaped_at + escaped.len_utf8();
            }
            _ if character == quote => {
                let after = inner.get(at + quote.len_utf8()..)?;
                let tail = inner.get(taken..at)?;
                if taken == 0 {
                    return Some((Cow::Borrowed(tail), after));
                }
                resolved.push_str(tail);
                return Some((Cow::Owned(resolved), after));
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_and_their_arguments_are_found() {
        let text = "module(name = \"a\") # x(\nb(dep('c', version = '1.0'), \"it's\")";
        let pieces = read_code(text, &SCRIPT).unwrap();
        let found = calls(&pieces);
        let names: Vec<&str> = found.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["module", "b", "dep"]);
        assert_eq!(named_text(found[0].1, "name"), Some("a"));
        assert_eq!(named_text(found[2].1, "version"), Some("1.0"));
    }

    #[test]
    fn quotes_and_brackets_that_do_not_match_are_survived() {
        let pieces = read_code("don't (a [b \"c\nd\") ]] }", &SCRIPT).unwrap();
        assert!(!pieces.is_empty());
        let brackets = "(".repeat(100_000);
        let deep = read_code(&brackets, &SCRIPT).unwrap();
        assert_eq!(deep.len(), 1);
        assert!(read_code(&"x".repeat(MOST_BYTES + 1), &SCRIPT).is_err());
        assert_eq!(
            read_code(r#""a\"b\\c""#, &C_LIKE).unwrap(),
            [Piece::Text("a\"b\\c".into())]
        );
    }
}
