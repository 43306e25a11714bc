//! Text for a terminal: hostile characters made visible, widths counted in columns.
//!
//! Names, paths, versions and summaries come from files that anyone may have written. A raw
//! escape sequence in one of them could repaint the page, and a bidirectional override could make
//! a bad line read like a good one (<https://trojansource.codes/>); neither may reach a terminal.

mod columns;

use std::borrow::Cow;
use std::fmt::Write as _;

use unicode_width::UnicodeWidthChar;

pub use columns::{Column, Shortening, table};

/// What stands for text that was left out.
const ELLIPSIS: char = '…';

/// The text with everything that a terminal would act on, or not show, as an escape like
/// `\u{1b}`.
pub fn visible(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_visible) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            character if is_visible(character) => shown.push(character),
            character => {
                let _ = write!(shown, "\\u{{{:x}}}", u32::from(character));
            }
        }
    }
    Cow::Owned(shown)
}

/// Prose of an advisory: its line breaks and runs of blanks are one blank, the rest as
/// [`visible`].
pub fn sentence(text: &str) -> String {
    let mut joined = String::with_capacity(text.len());
    for word in text.split_ascii_whitespace() {
        if !joined.is_empty() {
            joined.push(' ');
        }
        joined.push_str(&visible(word));
    }
    joined
}

/// Whether a character takes room on the screen and does nothing else. What takes no column is
/// either a command (controls, bidirectional marks, tags) or can be heaped up without end
/// (combining marks).
fn is_visible(character: char) -> bool {
    let acts = matches!(
        character,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}'
    );
    !acts && !character.is_control() && character.width().is_some_and(|width| width > 0)
}

/// The number of columns that a text takes.
pub fn columns(text: &str) -> usize {
    text.chars().map(char_columns).sum()
}

fn char_columns(character: char) -> usize {
    character.width().unwrap_or(0)
}

/// The longest beginning of a text that takes at most so many columns.
fn beginning(text: &str, room: usize) -> &str {
    let mut used = 0;
    for (position, character) in text.char_indices() {
        used += char_columns(character);
        if used > room {
            return text.get(..position).unwrap_or_default();
        }
    }
    text
}

/// The longest end of a text that takes at most so many columns.
fn ending(text: &str, room: usize) -> &str {
    let mut used = 0;
    for (position, character) in text.char_indices().rev() {
        used += char_columns(character);
        if used > room {
            return text
                .get(position + character.len_utf8()..)
                .unwrap_or_default();
        }
    }
    text
}

/// The text in at most so many columns, its end left out where it is too long.
pub fn shorten_end(text: &str, room: usize) -> Cow<'_, str> {
    if columns(text) <= room {
        return Cow::Borrowed(text);
    }
    match room {
        0 => Cow::Borrowed(""),
        _ => Cow::Owned(format!("{}{ELLIPSIS}", beginning(text, room - 1))),
    }
}

/// The text in at most so many columns, its middle left out where it is too long: for versions,
/// which differ at their ends.
pub fn shorten_middle(text: &str, room: usize) -> Cow<'_, str> {
    if columns(text) <= room {
        return Cow::Borrowed(text);
    }
    let Some(left) = room.checked_sub(1) else {
        return Cow::Borrowed("");
    };
    let head = beginning(text, left - left / 3);
    let tail = ending(text, left - columns(head));
    Cow::Owned(format!("{head}{ELLIPSIS}{tail}"))
}

/// A name in at most so many columns. Where a name has several parts (`@scope/name`,
/// `group:artifact`, a Go module), the last one tells it apart from others and stays.
pub fn shorten_name(name: &str, room: usize) -> Cow<'_, str> {
    if columns(name) <= room || !name.contains(['/', ':']) {
        return shorten_end(name, room);
    }
    match room {
        0 => Cow::Borrowed(""),
        _ => Cow::Owned(format!("{ELLIPSIS}{}", ending(name, room - 1))),
    }
}

/// A path in at most so many columns: its first folders and its file stay, folders between them
/// are left out whole where that is possible.
pub fn shorten_path(path: &str, room: usize) -> Cow<'_, str> {
    if columns(path) <= room {
        return Cow::Borrowed(path);
    }
    let Some((folders, file)) = path.rsplit_once('/') else {
        return shorten_middle(path, room);
    };
    // `…/` and the file need this much; if that is too much, the file itself is shortened.
    let needed = columns(file) + 2;
    if needed > room {
        return shorten_middle(file, room);
    }
    let mut left = room - needed;
    let parts: Vec<&str> = folders.split('/').collect();
    let (mut first, mut last) = (0, parts.len());
    let (mut head, mut tail) = (String::new(), String::new());
    // The last folder says most (the name of a package, often), then the first one; the rest from
    // the side that still has room.
    let (mut from_end, mut stuck) = (true, 0);
    while stuck < 2 && first < last {
        let part = if from_end {
            parts[last - 1]
        } else {
            parts[first]
        };
        match left.checked_sub(columns(part) + 1) {
            Some(rest) if from_end => {
                left = rest;
                tail.insert_str(0, &format!("{part}/"));
                last -= 1;
                stuck = 0;
            }
            Some(rest) => {
                left = rest;
                let _ = write!(head, "{part}/");
                first += 1;
                stuck = 0;
            }
            None => stuck += 1,
        }
        from_end = !from_end;
    }
    Cow::Owned(format!("{head}{ELLIPSIS}/{tail}{file}"))
}

/// The text followed by blanks, so that it takes exactly so many columns (or more, if it is
/// longer).
pub fn pad(text: &str, room: usize) -> String {
    let missing = room.saturating_sub(columns(text));
    format!("{text}{}", " ".repeat(missing))
}

/// Breaks prose into lines of at most so many columns, at blanks; a word that is longer than a
/// line is left whole, so that commands and addresses can be copied. What [`unbroken`] tied
/// together stays on one line where a line can hold it.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    let words = text.split(' ').flat_map(|word| {
        // What is too long for any line may be broken after all.
        let tied = columns(word) <= width;
        word.split(move |character| character == NO_BREAK && !tied)
    });
    for word in words.filter(|word| !word.is_empty()) {
        let size = columns(word);
        if !line.is_empty() && used + 1 + size > width {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        if !line.is_empty() {
            line.push(' ');
            used += 1;
        }
        line.push_str(word);
        used += size;
    }
    if !line.is_empty() {
        lines.push(line);
    }
    for line in &mut lines {
        *line = line.replace(NO_BREAK, " ");
    }
    lines
}

/// A blank at which [`wrap`] does not break.
const NO_BREAK: char = '\u{a0}';

/// The text as one word for [`wrap`].
pub fn unbroken(text: &str) -> String {
    text.replace(' ', "\u{a0}")
}

/// A number with its thousands apart: `212,345`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number and its noun: `1 finding`, `2 findings`. The noun takes an `s`.
pub fn counted(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(number as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_terminal_acts_on_stays() {
        assert_eq!(visible("a\u{1b}[2Jb"), "a\\u{1b}[2Jb");
        assert_eq!(visible("a\nb\tc\r"), "a\\nb\\tc\\r");
        assert_eq!(visible("a\u{202e}b\u{2066}"), "a\\u{202e}b\\u{2066}");
        assert_eq!(visible("\u{9b}31m\u{7f}\u{0}"), "\\u{9b}31m\\u{7f}\\u{0}");
        assert_eq!(visible("e\u{301}\u{e0041}"), "e\\u{301}\\u{e0041}");
        assert_eq!(visible("größe 日本"), "größe 日本");
        assert_eq!(sentence(" one\n two\u{7}"), "one two\\u{7}");
    }

    #[test]
    fn shortened_text_fits() {
        let texts = [
            "",
            "a",
            "日本語のとても長い名前/日本語/ファイル",
            "usr/lib/python3.11/site-packages/requests-2.31.0.dist-info/METADATA",
            "1:2.36.1-8+deb11u1",
            "/a//b/",
        ];
        for text in texts {
            for room in 0..80 {
                for short in [
                    shorten_end(text, room),
                    shorten_middle(text, room),
                    shorten_path(text, room),
                    shorten_name(text, room),
                ] {
                    assert!(columns(&short) <= room, "{text} in {room}: {short}");
                    if columns(text) <= room {
                        assert_eq!(short, text);
                    }
                }
            }
        }
    }

    #[test]
    fn paths_lose_their_middle() {
        let path = "srv/shop/frontend/node_modules/lodash/package.json";
        assert_eq!(shorten_path(path, 34), "srv/shop/…/lodash/package.json");
        assert_eq!(shorten_path(path, 24), "…/lodash/package.json");
        assert_eq!(shorten_path(path, 15), "…/package.json");
        assert_eq!(shorten_path(path, 8), "packa…on");
    }

    #[test]
    fn prose_is_broken_at_blanks() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("a-very-long-word x", 4), ["a-very-long-word", "x"]);
        assert!(wrap("", 4).is_empty());
        assert_eq!(wrap(&format!("x {}", unbroken("a b")), 4), ["x", "a b"]);
        assert_eq!(wrap(&unbroken("one two"), 4), ["one", "two"]);
    }

    #[test]
    fn numbers_are_readable() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(counted(1, "finding"), "1 finding");
        assert_eq!(counted(2, "finding"), "2 findings");
    }
}
