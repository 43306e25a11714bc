//! Signs that are no words: what code looks like that is not to be read.

use memchr::memmem;

use crate::secrets::entropy;

/// How many characters that nobody sees stand together before they hide something.
const INVISIBLE_RUN: usize = 24;

/// How long an encoded text is that may hold code, in characters.
const LONG_TEXT: usize = 1_000;

/// The least entropy of such a text in bits for each character: base64 of random bytes has 6, of
/// packed code 5.9, hexadecimal numbers 4.
const DENSE: f64 = 3.6;

/// How many names such as `_0x1a2b` make a text the output of an obfuscator.
const OBFUSCATED_NAMES: usize = 30;

/// Most of an encoded text that its entropy is taken of.
const SAMPLE: usize = 4 << 10;

/// Each sign with where it begins and ends.
pub(crate) fn places(text: &str) -> Vec<(&'static str, usize, usize)> {
    let mut places = Vec::new();
    if !text.is_ascii() {
        places.extend(invisible(text).map(|(start, end)| ("invisible", start, end)));
    }
    places.extend(encoded(text).map(|(start, end)| ("blob", start, end)));
    places.extend(obfuscated(text).map(|(start, end)| ("obfuscated", start, end)));
    places
}

/// Characters without a look, in a run that is longer than any writing needs.
fn invisible(text: &str) -> Option<(usize, usize)> {
    let mut run = 0;
    let mut start = 0;
    for (place, character) in text.char_indices() {
        if is_invisible(character) {
            if run == 0 {
                start = place;
            }
            run += 1;
            if run >= INVISIBLE_RUN {
                return Some((start, place + character.len_utf8()));
            }
        } else {
            run = 0;
        }
    }
    None
}

/// Variation selectors, fillers, joiners, tags: <https://www.unicode.org/reports/tr36/>. Private
/// characters are the glyphs of icon fonts.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{fe00}'..='\u{fe0f}'
            | '\u{e0100}'..='\u{e01ef}'
            | '\u{e0000}'..='\u{e007f}'
            | '\u{200b}'..='\u{200d}'
            | '\u{2060}'..='\u{2064}'
            | '\u{3164}'
            | '\u{ffa0}'
    )
}

/// The first long text of base64 or of hexadecimal numbers, unless it says that it is a picture, a
/// font, a map of sources or a module of WebAssembly.
fn encoded(text: &str) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut start = 0;
    while start < bytes.len() {
        let length = bytes[start..]
            .iter()
            .take_while(|byte| is_encoded(**byte))
            .count();
        let run = &bytes[start..start + length];
        if length >= LONG_TEXT
            && entropy(&run[..length.min(SAMPLE)]) >= DENSE
            && !is_declared(&bytes[..start], run)
        {
            return Some((start, start + length));
        }
        start += length + 1;
    }
    None
}

fn is_encoded(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'_' | b'-')
}

/// What texts of base64 begin with that are modules of WebAssembly, pictures and fonts.
const HARMLESS_STARTS: &[&[u8]] = &[
    b"AGFzbQ",
    b"iVBOR",
    b"/9j/",
    b"R0lGOD",
    b"d09G",
    b"T1RUTw",
    b"AAEAAAA",
    b"0061736d",
];

fn is_declared(before: &[u8], run: &[u8]) -> bool {
    let near = &before[before.len().saturating_sub(80)..];
    memmem::find(near, b"data:").is_some()
        || memmem::find(near, b"sourceMapping").is_some()
        || HARMLESS_STARTS.iter().any(|start| run.starts_with(start))
}

/// The first of many names that an obfuscator gives.
fn obfuscated(text: &str) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut names = memmem::find_iter(bytes, b"_0x").filter(|place| {
        let digits = bytes[place + 3..]
            .iter()
            .take_while(|byte| byte.is_ascii_hexdigit());
        (4..=6).contains(&digits.take(7).count())
    });
    let first = names.next()?;
    let is_many = names.take(OBFUSCATED_NAMES).count() + 1 >= OBFUSCATED_NAMES;
    is_many.then_some((first, first + 7))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(text: &str) -> Vec<&'static str> {
        places(text).into_iter().map(|(id, _, _)| id).collect()
    }

    #[test]
    fn what_is_not_to_be_read_is_seen() {
        let dense: String = (0..1_200u32)
            .map(|number| {
                char::from(
                    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                        [(number * number % 51) as usize],
                )
            })
            .collect();
        let names: String = "_0x1a2b;_0x3c4d;".repeat(20);
        for (text, expected) in [
            (format!("a = '{dense}'"), vec!["blob"]),
            (format!("url(data:image/png;base64,{dense}"), vec![]),
            (format!("a = '{}'", "A".repeat(2_000)), vec![]),
            (format!("x{}y", "\u{fe01}".repeat(30)), vec!["invisible"]),
            ("❤\u{fe0f} ".repeat(30), vec![]),
            (names, vec!["obfuscated"]),
            ("_0x1".repeat(60), vec![]),
        ] {
            assert_eq!(
                ids(&text),
                expected,
                "{}",
                text.chars().take(20).collect::<String>()
            );
        }
    }
}
