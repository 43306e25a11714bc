//! Cuts a template into text and actions, and an action into words:
//! <https://pkg.go.dev/text/template>.

/// Longest template that is read, in bytes.
pub(super) const LONGEST: usize = 1 << 20;

/// Most words of one action.
const MOST_WORDS: usize = 500;

/// A piece of a template.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Piece {
    /// Text as it stands, and where it begins.
    Text { from: usize, to: usize },
    /// What stands between the braces, and where they begin.
    Action { at: usize, words: Vec<Word> },
}

/// A word of an action.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Word {
    /// A name: of a function, or `if`, `end`, `true`.
    Name(String),
    /// Names behind a point, `.Values.a`; none for the point alone. The flag says whether it
    /// belongs to what stands right before it: `(x).a`, `$x.a`.
    Fields(Vec<String>, bool),
    /// `$name`, or `$` alone.
    Variable(String),
    Text(String),
    Integer(i64),
    Number(f64),
    Open,
    Close,
    Pipe,
    /// `:=`
    Declare,
    /// `=`
    Assign,
    Comma,
}

/// Cuts a template. White space beside `{{-` and `-}}` is left out.
pub(super) fn pieces(text: &str) -> Result<Vec<Piece>, (usize, String)> {
    let wrong = |at: usize, text: &str| Err((at, text.to_owned()));
    if text.len() > LONGEST {
        return wrong(0, "is longer than templates that are rendered");
    }
    let mut pieces = Vec::new();
    let mut from = 0;
    while let Some(found) = text[from..].find("{{") {
        let at = from + found;
        let trims_left =
            text[at + 2..].starts_with('-') && text[at + 3..].starts_with([' ', '\t', '\r', '\n']);
        let before = &text[from..at];
        let before = if trims_left {
            before.trim_end()
        } else {
            before
        };
        if !before.is_empty() {
            pieces.push(Piece::Text {
                from,
                to: from + before.len(),
            });
        }
        let mut inner = at + 2 + usize::from(trims_left);
        let rest = text[inner..].trim_start();
        let after = if rest.starts_with("/*") {
            let Some(end) = text[inner..].find("*/") else {
                return wrong(at, "has a comment without an end");
            };
            inner += end + 2;
            let Some(close) = text[inner..].find("}}") else {
                return wrong(at, "has an action without an end");
            };
            inner + close + 2
        } else {
            let (words, end) = words(text, inner).map_err(|problem| (at, problem))?;
            pieces.push(Piece::Action { at, words });
            end
        };
        from = after;
        if text[..after].ends_with("-}}")
            && text[..after - 3].ends_with([' ', '\t', '\r', '\n', '/'])
        {
            from += text[after..].len() - text[after..].trim_start().len();
        }
    }
    if from < text.len() {
        pieces.push(Piece::Text {
            from,
            to: text.len(),
        });
    }
    Ok(pieces)
}

/// The words of an action, and the place behind its braces.
fn words(text: &str, start: usize) -> Result<(Vec<Word>, usize), String> {
    let mut words = Vec::new();
    let mut at = start;
    let mut spaced = true;
    loop {
        if words.len() > MOST_WORDS {
            return Err("has an action of very many words".to_owned());
        }
        let rest = &text[at..];
        let Some(first) = rest.chars().next() else {
            return Err("has an action without an end".to_owned());
        };
        if rest.starts_with("}}") {
            return Ok((words, at + 2));
        }
        if rest.starts_with("-}}") {
            return Ok((words, at + 3));
        }
        if first.is_whitespace() {
            at += first.len_utf8();
            spaced = true;
            continue;
        }
        let (word, length) = match first {
            '(' => (Word::Open, 1),
            ')' => (Word::Close, 1),
            '|' => (Word::Pipe, 1),
            ',' => (Word::Comma, 1),
            ':' if rest.starts_with(":=") => (Word::Declare, 2),
            '=' => (Word::Assign, 1),
            '"' => quoted(rest)?,
            '\'' => {
                let inner = rest[1..].chars().next().unwrap_or_default();
                (
                    Word::Integer(i64::from(u32::from(inner))),
                    inner.len_utf8() + 2,
                )
            }
            '`' => {
                let end = rest[1..].find('`').ok_or("has a text without an end")?;
                (Word::Text(rest[1..=end].to_owned()), end + 2)
            }
            '.' => {
                let length = name_length(rest, true);
                let names = rest[..length].split('.').filter(|name| !name.is_empty());
                let names = names.map(str::to_owned).collect();
                let belongs =
                    !spaced && matches!(words.last(), Some(Word::Close | Word::Variable(_)));
                (Word::Fields(names, belongs), length)
            }
            '$' => {
                let length = 1 + name_length(&rest[1..], false);
                (Word::Variable(rest[1..length].to_owned()), length)
            }
            _ if first.is_ascii_digit()
                || (first == '-' && rest[1..].starts_with(|next: char| next.is_ascii_digit())) =>
            {
                let digits = |character: char| {
                    character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | '+' | '_')
                };
                let length = rest
                    .find(|character| !digits(character))
                    .unwrap_or(rest.len());
                // `1}}` and `-1 -}}` end with the braces.
                let number = rest[..length].trim_end_matches('-');
                let word = match (number.parse::<i64>(), number.parse::<f64>()) {
                    (Ok(number), _) => Word::Integer(number),
                    (_, Ok(number)) => Word::Number(number),
                    _ => return Err(format!("has the number `{number}`")),
                };
                (word, number.len())
            }
            _ => {
                let length = name_length(rest, false);
                if length == 0 {
                    return Err(format!("has `{first}` in an action"));
                }
                (Word::Name(rest[..length].to_owned()), length)
            }
        };
        words.push(word);
        at += length;
        spaced = false;
        if !text.is_char_boundary(at) || at > text.len() {
            return Err("has a character without an end".to_owned());
        }
    }
}

fn name_length(text: &str, points: bool) -> usize {
    let inside = |character: char| {
        character.is_alphanumeric() || character == '_' || (points && character == '.')
    };
    text.find(|character| !inside(character))
        .unwrap_or(text.len())
}

/// A text in double quotes with what Go escapes in it.
fn quoted(text: &str) -> Result<(Word, usize), String> {
    let mut read = String::new();
    let mut characters = text.char_indices().skip(1);
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Ok((Word::Text(read), at + 1)),
            '\n' => break,
            '\\' => match characters.next() {
                Some((_, 'n')) => read.push('\n'),
                Some((_, 't')) => read.push('\t'),
                Some((_, 'r')) => read.push('\r'),
                Some((_, other @ ('"' | '\\' | '\''))) => read.push(other),
                Some((_, other)) => return Err(format!("has the escape `\\{other}`")),
                None => break,
            },
            other => read.push(other),
        }
    }
    Err("has a text without an end".to_owned())
}
