//! Literals in `setup.py`, read without running it: <https://setuptools.pypa.io/en/latest/references/keywords.html>.
//!
//! Only what stands there as a text or a list of texts is taken: `name="x"`, `install_requires=["y"]`,
//! `install_requires=REQUIRED` with `REQUIRED = ["y"]` elsewhere in the file. What is computed is told.

use std::collections::HashSet;

/// Most tokens of one file.
const MOST_TOKENS: usize = 200_000;

/// What the file says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct SetupText {
    pub(super) name: Option<String>,
    pub(super) version: Option<String>,
    pub(super) install_requires: Vec<String>,
    pub(super) tests_require: Vec<String>,
    pub(super) extras_require: Vec<String>,
    /// Names of arguments whose value is computed.
    pub(super) computed: Vec<&'static str>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token<'a> {
    Word(&'a str),
    /// A text without anything to be put in; nothing for one with.
    Text(Option<String>),
    Sign(char),
}

/// Reads a file; nothing if it does not call `setup`.
pub(super) fn read(text: &str) -> Option<SetupText> {
    let tokens = tokens(text);
    let call = tokens
        .windows(2)
        .position(|pair| matches!(pair, [Token::Word("setup"), Token::Sign('(')]))?;
    let arguments = tokens.get(call + 2..)?;
    let mut found = SetupText::default();
    let mut depth = 0_usize;
    let mut seen = HashSet::new();
    for (place, token) in arguments.iter().enumerate() {
        match token {
            Token::Sign('(' | '[' | '{') => depth += 1,
            Token::Sign(')' | ']' | '}') => match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => break,
            },
            // An argument can be given once.
            Token::Word(name)
                if depth == 0
                    && arguments.get(place + 1) == Some(&Token::Sign('='))
                    && seen.insert(*name) =>
            {
                let value = arguments.get(place + 2..).unwrap_or_default();
                take_argument(name, value, &tokens, &mut found);
            }
            _ => {}
        }
    }
    Some(found)
}

fn take_argument(name: &str, value: &[Token<'_>], all: &[Token<'_>], found: &mut SetupText) {
    match name {
        "name" => found.name = text(value, all),
        "version" => found.version = text(value, all),
        "install_requires" => take_list(value, all, "install_requires", found),
        "tests_require" => take_list(value, all, "tests_require", found),
        "extras_require" => take_list(value, all, "extras_require", found),
        _ => {}
    }
}

fn text(value: &[Token<'_>], all: &[Token<'_>]) -> Option<String> {
    match resolve(value, all) {
        [
            Token::Text(text),
            Token::Sign(',' | ')') | Token::Word(_),
            ..,
        ]
        | [Token::Text(text)] => text.clone(),
        _ => None,
    }
}

fn take_list(value: &[Token<'_>], all: &[Token<'_>], name: &'static str, found: &mut SetupText) {
    let value = resolve(value, all);
    let (mut texts, is_whole) = list(value, name == "extras_require");
    if !is_whole {
        found.computed.push(name);
    }
    match name {
        "install_requires" => found.install_requires.append(&mut texts),
        "tests_require" => found.tests_require.append(&mut texts),
        _ => found.extras_require.append(&mut texts),
    }
}

/// The value that a name stands for, if it was given one in the file; one step only.
fn resolve<'a, 'b>(value: &'b [Token<'a>], all: &'b [Token<'a>]) -> &'b [Token<'a>] {
    let [Token::Word(name), Token::Sign(',' | ')'), ..] = value else {
        return value;
    };
    let is_assignment = |window: &[Token<'_>]| {
        matches!(window, [Token::Word(word), Token::Sign('='), next]
            if word == name && *next != Token::Sign('=') && !matches!(next, Token::Word(word) if word == name))
    };
    all.windows(3)
        .position(is_assignment)
        .and_then(|place| all.get(place + 2..))
        .unwrap_or(value)
}

/// The texts in a list, or those in the lists of a table, and whether that is all there is.
fn list(value: &[Token<'_>], is_table: bool) -> (Vec<String>, bool) {
    let mut texts = Vec::new();
    let mut depth = 0_usize;
    let mut is_whole = true;
    for (place, token) in value.iter().enumerate() {
        match token {
            Token::Sign('(' | '[' | '{') => depth += 1,
            Token::Sign(')' | ']' | '}') => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    let next = value.get(place + 1);
                    let is_joined = matches!(next, Some(Token::Sign('+' | '.' | '[')));
                    return (texts, is_whole && !is_joined);
                }
            }
            Token::Text(text) => {
                let is_key = is_table && value.get(place + 1) == Some(&Token::Sign(':'));
                match text {
                    Some(text) if !is_key && depth > 0 => texts.push(text.clone()),
                    Some(_) => {}
                    None => is_whole = false,
                }
            }
            Token::Sign(',' | ':') => {}
            _ => is_whole = false,
        }
        if depth == 0 {
            return (texts, false);
        }
    }
    (texts, false)
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens: Vec<Token<'_>> = Vec::new();
    let mut rest = text;
    while tokens.len() < MOST_TOKENS
        && let Some(first) = rest.chars().next()
    {
        let is_word = |next: char| next.is_alphanumeric() || next == '_';
        if first == '#' {
            let end = rest.find('\n').unwrap_or(rest.len());
            rest = rest.get(end..).unwrap_or_default();
        } else if first == '\'' || first == '"' {
            let (text, after) = text_literal(rest, first);
            // Texts that follow each other are one.
            match (tokens.last_mut(), text) {
                (Some(Token::Text(Some(before))), Some(text)) => before.push_str(&text),
                (_, text) => tokens.push(Token::Text(text)),
            }
            rest = after;
        } else if is_word(first) {
            let end = rest.find(|next| !is_word(next)).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            let is_prefix = word.len() <= 2 && after.starts_with(['\'', '"']);
            if is_prefix && word.contains(['f', 'F', 'b', 'B']) {
                let quote = after.chars().next().unwrap_or('"');
                tokens.push(Token::Text(None));
                rest = text_literal(after, quote).1;
            } else {
                if !is_prefix {
                    tokens.push(Token::Word(word));
                }
                rest = after;
            }
        } else {
            if !first.is_whitespace() && first != '\\' {
                tokens.push(Token::Sign(first));
            }
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
        }
    }
    tokens
}

/// The text between quotes, simple or triple, and what follows it.
fn text_literal(rest: &str, quote: char) -> (Option<String>, &str) {
    let triple: String = std::iter::repeat_n(quote, 3).collect();
    let (end_mark, start) = if rest.starts_with(&triple) {
        (triple.as_str(), 3)
    } else {
        (triple.get(..1).unwrap_or_default(), 1)
    };
    let body = rest.get(start..).unwrap_or_default();
    let mut text = String::new();
    let mut characters = body.char_indices();
    while let Some((at, next)) = characters.next() {
        let here = body.get(at..).unwrap_or_default();
        if here.starts_with(end_mark) {
            let after = here.get(end_mark.len()..).unwrap_or_default();
            return (Some(text), after);
        }
        match next {
            '\\' => text.extend(characters.next().map(|(_, escaped)| escaped)),
            '\n' if start == 1 => return (None, here),
            _ => text.push(next),
        }
    }
    (None, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_read() {
        let found = read(
            r#"
# setup(name="no")
from setuptools import setup, find_packages
REQUIRED = [
    'requests>=2', "six" ";python_version<'3'",  # a comment
]
setup(
    name="shop", version='''1.0''', packages=find_packages(where="x"),
    install_requires=REQUIRED,
    extras_require={"fast": ["orjson==3"], 'test': ('pytest',)},
    tests_require=read("tests.txt"),
)"#,
        )
        .unwrap();
        assert_eq!(found.name.as_deref(), Some("shop"));
        assert_eq!(found.version.as_deref(), Some("1.0"));
        assert_eq!(
            found.install_requires,
            ["requests>=2", "six;python_version<'3'"]
        );
        assert_eq!(found.extras_require, ["orjson==3", "pytest"]);
        assert_eq!(found.computed, ["tests_require"]);
    }

    #[test]
    fn what_is_computed_is_told() {
        let computed = |text: &str| read(text).unwrap().computed;
        assert_eq!(
            computed("setup(install_requires=a + ['x'])"),
            ["install_requires"]
        );
        assert_eq!(
            computed("setup(install_requires=['x'] + a)"),
            ["install_requires"]
        );
        assert_eq!(
            computed("setup(install_requires=[f'{x}'])"),
            ["install_requires"]
        );
        assert_eq!(
            computed("setup(install_requires=[x for x in y])"),
            ["install_requires"]
        );
        assert!(computed("setup(install_requires=[])").is_empty());
        assert_eq!(read("setup(version=version())").unwrap().version, None);
        assert_eq!(read("print(1)"), None);
    }

    #[test]
    fn broken_texts_end() {
        for text in [
            "setup(name='",
            "setup(name=\"\"\"",
            "setup(",
            "setup(a='\\",
            "setup(x=((",
        ] {
            let _ = read(text);
        }
    }
}
