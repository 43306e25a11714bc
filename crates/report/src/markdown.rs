//! Markdown for comments on pull requests.
//!
//! Names come from files that anyone may have written, and the comment is posted in the name of a
//! trusted program: nothing in a name may become a link, an image, a mention of somebody, a
//! reference to an issue, HTML or another row. So every text that is not our own stands in
//! `<code>`, where forges look for no mentions and references, and of its characters only letters,
//! digits, hyphens and the points of numbers stay as they are; the rest are character references,
//! which CommonMark never reads as structure (<https://spec.commonmark.org/0.31.2/#entity-and-numeric-character-references>) and
//! the extensions for tables and bare addresses do not see at all
//! (<https://github.github.com/gfm/#tables-extension->).

use std::fmt::Write as _;

use crate::text::{grouped, shorten_middle, visible};

/// The number of rows of a table. The comments of a forge may have 65,536 characters.
pub(crate) const MOST_ROWS: usize = 50;

/// The number of columns of a text; what is longer loses its middle.
const MOST_COLUMNS: usize = 60;

/// A row of a table, made harmless already.
pub(crate) type Row = Vec<String>;

/// A table with its heading; of very many rows the first ones.
pub(crate) fn push_table(page: &mut String, heading: &[&str], rows: &[Row]) {
    let _ = writeln!(page, "| {} |", heading.join(" | "));
    let _ = writeln!(page, "|{}", "---|".repeat(heading.len()));
    for row in rows.iter().take(MOST_ROWS) {
        let _ = writeln!(page, "| {} |", row.join(" | "));
    }
    if rows.len() > MOST_ROWS {
        let more = grouped((rows.len() - MOST_ROWS) as u64);
        let _ = writeln!(page, "\n… and {more} more");
    }
}

/// The id of an advisory with the way to its text, if it is an id of the usual form.
pub(crate) fn advisory(id: &str) -> String {
    let usual = id.contains('-')
        && id.len() < 40
        && id
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
    if usual {
        format!("[{id}](https://osv.dev/vulnerability/{id})")
    } else {
        code(id)
    }
}

/// A text that is not our own, as one that says nothing but itself.
pub(crate) fn code(text: &str) -> String {
    let shown = visible(text);
    let short = shorten_middle(&shown, MOST_COLUMNS);
    if short.is_empty() {
        return String::new();
    }
    let mut code = String::from("<code>");
    let mut after_digit = false;
    for letter in short.chars() {
        if letter.is_alphanumeric() || letter == '-' || (letter == '.' && after_digit) {
            code.push(letter);
        } else {
            let _ = write!(code, "&#{};", u32::from(letter));
        }
        after_digit = letter.is_ascii_digit();
    }
    code.push_str("</code>");
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_foreign_text_nothing_stays_that_means_something() {
        assert_eq!(code("left-pad 1.2"), "<code>left-pad&#32;1.2</code>");
        assert_eq!(code("www.x"), "<code>www&#46;x</code>");
        assert_eq!(code("@a|b"), "<code>&#64;a&#124;b</code>");
        assert_eq!(code("a\n# b"), "<code>a&#92;n&#35;&#32;b</code>");
        assert_eq!(code(""), "");
        assert!(code(&"x".repeat(1000)).len() < 100);
    }

    #[test]
    fn only_a_usual_id_is_a_link() {
        assert_eq!(
            advisory("GHSA-xvch-5gv4-984h"),
            "[GHSA-xvch-5gv4-984h](https://osv.dev/vulnerability/GHSA-xvch-5gv4-984h)"
        );
        for id in ["RHSA-2024:1", "CVE-1)](x", "", "x", "CVE-1 2"] {
            assert!(!advisory(id).contains("osv.dev"), "{id}");
        }
    }
}
