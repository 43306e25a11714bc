//! The words behind a keyword: by blanks and quotes, or as a list in JSON.

use linchpin_document::Position;

use crate::shell::{Placed, RawWord};

/// Most words of an instruction.
const MOST_WORDS: usize = 5_000;

/// Words by blanks, without their quotes.
pub(super) fn by_blanks(text: &[Placed], escape: char) -> Vec<RawWord> {
    let mut words = Vec::new();
    let mut place = 0usize;
    while let Some((word, after)) = next(text, place, escape) {
        words.push(word);
        place = after;
        if words.len() >= MOST_WORDS {
            break;
        }
    }
    words
}

/// The next word from a place on, and the place behind it.
pub(super) fn next(text: &[Placed], from: usize, escape: char) -> Option<(RawWord, usize)> {
    let blank = |placed: &Placed| placed.character.is_whitespace();
    let begin = text
        .iter()
        .skip(from)
        .position(|placed| !blank(placed))?
        .checked_add(from)?;
    let start = text.get(begin)?.at;
    let mut characters = Vec::new();
    let (mut quote, mut place, mut is_quoted) = (None, begin, false);
    let mut end = start;
    while let Some(placed) = text.get(place) {
        let next = placed.character;
        if quote.is_none() && blank(placed) {
            break;
        }
        end = behind(placed.at);
        place += 1;
        if next == escape && quote != Some('\'') {
            if let Some(escaped) = text.get(place) {
                // In front of a variable it stays, so that the variable stays one that is none.
                if !matches!(escaped.character, '"' | '\'' | ' ') && escaped.character != escape {
                    characters.push(*placed);
                }
                characters.push(*escaped);
                end = behind(escaped.at);
                place += 1;
            }
        } else if quote == Some(next) {
            quote = None;
        } else if quote.is_none() && matches!(next, '\'' | '"') {
            quote = Some(next);
            is_quoted = true;
        } else {
            characters.push(*placed);
        }
    }
    Some((
        RawWord {
            characters,
            start,
            end,
            is_quoted,
        },
        place,
    ))
}

pub(super) fn behind(at: Position) -> Position {
    Position {
        line: at.line,
        column: at.column.saturating_add(1),
    }
}

/// Words as a list of texts in JSON, if that is what they are.
pub(super) fn as_list(text: &[Placed]) -> Option<Vec<RawWord>> {
    let mut rest = text;
    skip_blanks(&mut rest);
    expect(&mut rest, '[')?;
    let mut words = Vec::new();
    loop {
        skip_blanks(&mut rest);
        if words.is_empty() && expect(&mut rest, ']').is_some() {
            break;
        }
        words.push(quoted(&mut rest)?);
        skip_blanks(&mut rest);
        if expect(&mut rest, ']').is_some() {
            break;
        }
        expect(&mut rest, ',')?;
        if words.len() > MOST_WORDS {
            return None;
        }
    }
    skip_blanks(&mut rest);
    rest.is_empty().then_some(words)
}

fn skip_blanks(rest: &mut &[Placed]) {
    while let Some((first, after)) = rest.split_first()
        && first.character.is_whitespace()
    {
        *rest = after;
    }
}

fn take(rest: &mut &[Placed]) -> Option<Placed> {
    let (first, after) = rest.split_first()?;
    *rest = after;
    Some(*first)
}

fn expect(rest: &mut &[Placed], wanted: char) -> Option<Placed> {
    let first = rest.first().filter(|first| first.character == wanted)?;
    let first = *first;
    take(rest);
    Some(first)
}

fn quoted(rest: &mut &[Placed]) -> Option<RawWord> {
    let start = expect(rest, '"')?.at;
    let mut characters = Vec::new();
    loop {
        let next = take(rest)?;
        match next.character {
            '"' => {
                let end = behind(next.at);
                return Some(RawWord {
                    characters,
                    start,
                    end,
                    is_quoted: true,
                });
            }
            '\\' => {
                let character = match take(rest)?.character {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    'b' => '\u{8}',
                    'f' => '\u{c}',
                    'u' => {
                        let mut code = 0u32;
                        for _ in 0..4 {
                            code = code * 16 + take(rest)?.character.to_digit(16)?;
                        }
                        char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
                    }
                    other @ ('"' | '\\' | '/') => other,
                    _ => return None,
                };
                characters.push(Placed {
                    character,
                    at: next.at,
                });
            }
            _ => characters.push(next),
        }
    }
}
