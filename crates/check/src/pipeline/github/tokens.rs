//! The words of an expression of GitHub Actions:
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/expressions>.

/// Most words of an expression.
const MOST_TOKENS: usize = 4_000;

/// A word.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token<'a> {
    /// A name: `github`, `true`.
    Name(&'a str),
    /// A text between single quotes, with doubled quotes made one.
    Text(String),
    /// A number, as it is written.
    Number(&'a str),
    /// A sign: `&&`, `.`, `[`.
    Sign(&'static str),
}

const SIGNS: &[&str] = &[
    "&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "(", ")", "[", "]", ".", ",", "*",
];

/// The words of a text, or nothing if it is no expression.
pub(super) fn tokens(text: &str) -> Option<Vec<Token<'_>>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        if tokens.len() >= MOST_TOKENS {
            return None;
        }
        let length = if first == '\'' {
            let (text, length) = quoted(rest)?;
            tokens.push(Token::Text(text));
            length
        } else if first.is_ascii_alphabetic() || first == '_' {
            let part = |other: char| other.is_ascii_alphanumeric() || other == '_' || other == '-';
            let length = rest.find(|other| !part(other)).unwrap_or(rest.len());
            tokens.push(Token::Name(rest.get(..length)?));
            length
        } else if first.is_ascii_digit() || (matches!(first, '-' | '+') && rest.len() > 1) {
            let part = |other: char| other.is_ascii_alphanumeric() || ".+-".contains(other);
            let length = rest.find(|other| !part(other)).unwrap_or(rest.len());
            tokens.push(Token::Number(rest.get(..length)?));
            length
        } else {
            let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign))?;
            tokens.push(Token::Sign(sign));
            sign.len()
        };
        rest = rest.get(length..)?.trim_start();
    }
    Some(tokens)
}

/// A text between quotes at the beginning, and the length of all of it.
fn quoted(text: &str) -> Option<(String, usize)> {
    let mut value = String::new();
    let mut characters = text.char_indices().skip(1).peekable();
    while let Some((at, character)) = characters.next() {
        if character != '\'' {
            value.push(character);
        } else if characters.next_if(|(_, next)| *next == '\'').is_some() {
            value.push('\'');
        } else {
            return Some((value, at + 1));
        }
    }
    None
}
