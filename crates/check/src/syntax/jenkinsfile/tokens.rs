//! The words of a Jenkinsfile: names, texts with what they interpolate, numbers, signs, ends of
//! lines. Comments are left out.

use linchpin_document::Position;

/// Most words of a file.
const MOST_TOKENS: usize = 300_000;

/// Most expressions of one text.
const MOST_INTERPOLATED: usize = 200;

/// Longest text between slashes, in characters.
const LONGEST_SLASHY: usize = 1_000;

/// A word with its place.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) start: Position,
    pub(super) end: Position,
}

/// What it is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum TokenKind {
    /// A name with what follows after dots: `env.BRANCH_NAME`.
    Name(String),
    /// A text, and the expressions that are put into it.
    Text(String, Vec<String>),
    /// A number, as it is written.
    Number(String),
    /// A sign: `{`, `,`. Signs that mean nothing here are one of many.
    Sign(char),
    /// The end of a line, or a semicolon.
    End,
}

/// The words of a text; whether it was too long for all of them.
pub(super) fn tokens(text: &str) -> (Vec<Token>, bool) {
    let mut reading = Reading {
        rest: text,
        at: Position::START,
        tokens: Vec::new(),
    };
    while let Some(character) = reading.rest.chars().next() {
        if reading.tokens.len() >= MOST_TOKENS {
            return (reading.tokens, true);
        }
        reading.one(character);
    }
    (reading.tokens, false)
}

struct Reading<'t> {
    rest: &'t str,
    at: Position,
    tokens: Vec<Token>,
}

impl Reading<'_> {
    fn one(&mut self, character: char) {
        let rest = self.rest;
        let start = self.at;
        let is_name = |other: char| other.is_alphanumeric() || other == '_' || other == '$';
        if character == '\n' || character == ';' {
            self.skip(1);
            self.push(TokenKind::End, start);
        } else if character.is_whitespace() {
            self.skip(character.len_utf8());
        } else if rest.starts_with("\\\n") {
            self.skip(2);
        } else if rest.starts_with("//") || rest.starts_with("#!") {
            self.skip(rest.find('\n').unwrap_or(rest.len()));
        } else if rest.starts_with("/*") {
            self.skip(rest.find("*/").map_or(rest.len(), |end| end + 2));
        } else if let Some(quote) = self.quote() {
            self.quoted(quote);
        } else if character.is_ascii_digit() {
            let part = |other: char| other.is_alphanumeric() || other == '_';
            let length = rest.find(|other| !part(other)).unwrap_or(rest.len());
            self.skip(length);
            self.push(TokenKind::Number(rest[..length].to_owned()), start);
        } else if is_name(character) {
            let mut length = 0;
            for (at, other) in rest.char_indices() {
                let next = rest[at + other.len_utf8()..].chars().next();
                let is_dot =
                    other == '.' && next.is_some_and(|next| next.is_alphabetic() || next == '_');
                let is_safe_dot = other == '?' && next == Some('.');
                if !is_name(other) && !is_dot && !is_safe_dot {
                    break;
                }
                length = at + other.len_utf8();
            }
            self.skip(length);
            self.push(TokenKind::Name(rest[..length].replace('?', "")), start);
        } else {
            self.skip(character.len_utf8());
            self.push(TokenKind::Sign(character), start);
        }
    }

    fn push(&mut self, kind: TokenKind, start: Position) {
        self.tokens.push(Token {
            kind,
            start,
            end: self.at,
        });
    }

    /// How a text begins here, if one does.
    fn quote(&self) -> Option<&'static str> {
        let quotes = ["'''", "\"\"\"", "'", "\""];
        if let Some(quote) = quotes
            .into_iter()
            .find(|quote| self.rest.starts_with(quote))
        {
            return Some(quote);
        }
        let rest = self.rest.strip_prefix('/')?;
        // `/` begins a text where a value is expected, and divides elsewhere.
        let before = self.tokens.last().map(|token| &token.kind);
        let expects_value = matches!(
            before,
            Some(TokenKind::Sign('(' | ',' | '=' | '~' | '[' | ':'))
        );
        let mut ahead = rest.chars().take(LONGEST_SLASHY);
        let mut closes = || ahead.find(|next| matches!(next, '/' | '\n')) == Some('/');
        (expects_value && closes()).then_some("/")
    }

    fn quoted(&mut self, quote: &'static str) {
        let start = self.at;
        self.skip(quote.len());
        let body = self.rest;
        let mut end = body.len();
        let mut characters = body.char_indices();
        let mut depth = 0usize;
        while let Some((at, character)) = characters.next() {
            if depth == 0 && body[at..].starts_with(quote) {
                end = at;
                break;
            }
            match character {
                '\\' => {
                    characters.next();
                }
                '$' if quote.starts_with('"') && body[at..].starts_with("${") => {
                    characters.next();
                    depth += 1;
                }
                '{' if depth > 0 => depth += 1,
                '}' if depth > 0 => depth -= 1,
                // A text of one line that does not end there is a mistake; the rest is to be read.
                '\n' if quote.len() == 1 => {
                    end = at;
                    break;
                }
                _ => {}
            }
        }
        let inside = &body[..end];
        self.skip(end);
        if self.rest.starts_with(quote) {
            self.skip(quote.len());
        }
        let is_raw = quote.starts_with('\'');
        let interpolated = if is_raw {
            Vec::new()
        } else {
            interpolated(inside)
        };
        self.push(TokenKind::Text(unescaped(inside), interpolated), start);
    }

    /// Goes on by so many bytes, which end a character.
    fn skip(&mut self, bytes: usize) {
        let passed = &self.rest[..bytes];
        let breaks = passed.bytes().filter(|byte| *byte == b'\n').count();
        if let Some(last) = passed.rfind('\n') {
            let breaks = u32::try_from(breaks).unwrap_or(u32::MAX);
            self.at.line = self.at.line.saturating_add(breaks);
            self.at.column = 1;
            self.columns(&passed[last + 1..]);
        } else {
            self.columns(passed);
        }
        self.rest = &self.rest[bytes..];
    }

    fn columns(&mut self, passed: &str) {
        let columns = u32::try_from(passed.chars().count()).unwrap_or(u32::MAX);
        self.at.column = self.at.column.saturating_add(columns);
    }
}

/// What is put into a text: `${params.NAME}` and `$NAME`.
fn interpolated(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        let escapes = rest[..at]
            .bytes()
            .rev()
            .take_while(|byte| *byte == b'\\')
            .count();
        let after = &rest[at + 1..];
        rest = after;
        if escapes % 2 == 1 || found.len() >= MOST_INTERPOLATED {
            continue;
        }
        let expression = if let Some(inner) = after.strip_prefix('{') {
            inner.split('}').next().unwrap_or_default()
        } else {
            let part = |other: char| other.is_alphanumeric() || other == '_' || other == '.';
            let length = after.find(|other| !part(other)).unwrap_or(after.len());
            after[..length].trim_end_matches('.')
        };
        let begins = |first: char| first.is_alphabetic() || first == '_' || first == '(';
        if expression.trim_start().starts_with(begins) {
            found.push(expression.trim().to_owned());
        }
    }
    found
}

/// Only what matters for scripts is undone: escaped quotes, dollars and backslashes.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            plain.push(character);
            continue;
        }
        match characters.next() {
            Some('n') => plain.push('\n'),
            Some('t') => plain.push('\t'),
            Some(other @ ('\'' | '"' | '$' | '\\' | '/')) => plain.push(other),
            Some(other) => {
                plain.push('\\');
                plain.push(other);
            }
            None => {}
        }
    }
    plain
}
