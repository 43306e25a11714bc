//! Comments are taken out before signs are looked for: what is told in one does not run.
//!
//! Only whole lines are: to tell whether `/*` in the middle of a line begins a comment, all of a
//! language would have to be understood, and a mistake in that would be a place to hide code.

use super::language::Language;

/// The text with blanks instead of comments: every place stays where it is.
pub(crate) fn without_comments(language: Language, text: &str) -> String {
    let mut without = String::with_capacity(text.len());
    let mut until: Option<&str> = None;
    // Whether the line before may be followed by the description of what it begins.
    let mut opens = true;
    for line in text.split_inclusive('\n') {
        let content = line.trim();
        if let Some(end) = until {
            match line.find(end) {
                Some(place) => {
                    let place = place + end.len();
                    blank(&line[..place], &mut without);
                    without.push_str(&line[place..]);
                    until = None;
                }
                None => blank(line, &mut without),
            }
            continue;
        }
        if content.is_empty() {
            without.push_str(line);
            continue;
        }
        let block = block(language, content, opens);
        opens = content.ends_with(':');
        match block {
            Some((start, end)) => {
                let begins = line.find(start).unwrap_or(0) + start.len();
                let ends = line[begins..]
                    .find(end)
                    .map(|place| begins + place + end.len());
                let ends = ends.unwrap_or_else(|| {
                    until = Some(end);
                    line.len()
                });
                blank(&line[..ends], &mut without);
                without.push_str(&line[ends..]);
            }
            None if language.is_comment(content) => blank(line, &mut without),
            None => without.push_str(line),
        }
    }
    without
}

/// What begins a comment of several lines on this line, and what ends it.
fn block(language: Language, content: &str, opens: bool) -> Option<(&'static str, &'static str)> {
    let of =
        |start: &'static str, end: &'static str| content.starts_with(start).then_some((start, end));
    match language {
        Language::JavaScript | Language::Rust => of("/*", "*/"),
        Language::Python if opens => {
            let content = content.trim_start_matches(['r', 'R', 'u', 'U']);
            let quotes = ["\"\"\"", "'''"]
                .into_iter()
                .find(|quotes| content.starts_with(quotes));
            quotes.map(|quotes| (quotes, quotes))
        }
        Language::Ruby => of("=begin", "=end"),
        _ => None,
    }
}

fn blank(text: &str, without: &mut String) {
    for byte in text.bytes() {
        without.push(if byte == b'\n' { '\n' } else { ' ' });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_become_blanks_of_the_same_length() {
        for (language, text, expected) in [
            (
                Language::JavaScript,
                "a // b\n/* c\n d */ e\n  // f\nx = '/*'\n",
                "a // b\n    \n      e\n      \nx = '/*'\n",
            ),
            (
                Language::Python,
                "def a():\n    \"\"\"b\n    ä\"\"\"\n    exec(\n'''c''')\n# d\n",
                "def a():\n        \n         \n    exec(\n'''c''')\n   \n",
            ),
            (Language::Shell, "# a\nb # c\n", "   \nb # c\n"),
        ] {
            let without = without_comments(language, text);
            assert_eq!(without, expected);
            assert_eq!(without.len(), text.len());
        }
    }
}
