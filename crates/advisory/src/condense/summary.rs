//! One sentence for a report: a record's summary, or the first sentence of its description.

/// Summaries are cut after this many characters.
const LONGEST: usize = 300;

/// The text on one line, without control characters, and not too long.
pub(super) fn one_line(text: &str) -> String {
    // Cut before the work, so that a text of megabytes costs no more than a long one.
    let start: String = text.chars().take(8 * LONGEST).collect();
    let mut line = String::new();
    let words = start
        .split(|character: char| character.is_whitespace() || is_hidden(character))
        .filter(|word| !word.is_empty());
    for word in words {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if let Some((cut, _)) = line.char_indices().nth(LONGEST) {
        line.truncate(cut);
        line.push('…');
    }
    line
}

/// Control characters, and those that turn the direction of text around.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The first sentence of a description in Markdown, without headings.
pub(super) fn first_sentence(details: &str) -> String {
    let start = details
        .lines()
        .map(str::trim)
        .take(50)
        .find(|line| !line.is_empty() && !line.starts_with(['#', '<', '`', '|', '=']))
        .unwrap_or("");
    let line = one_line(start);
    match line.find(". ") {
        Some(end) => line.get(..=end).unwrap_or(&line).to_owned(),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summaries_are_one_clean_line() {
        assert_eq!(one_line(" a\u{1b}[31m\n b\u{202e} "), "a [31m b");
        assert_eq!(one_line(&"é".repeat(9000)).chars().count(), 301);
        assert_eq!(
            first_sentence("### Impact\nA thing breaks. Much more."),
            "A thing breaks."
        );
        assert_eq!(first_sentence(""), "");
    }
}
