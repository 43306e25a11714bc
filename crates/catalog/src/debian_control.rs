//! The paragraphs of Debian's control files, which its package database and machine-readable
//! copyright files share: deb822(5).
//!
//! Nothing is copied: a value is the piece of the text that holds it, continuation lines included.

/// One paragraph: fields in the order in which they stand.
#[derive(Debug)]
pub(crate) struct Paragraph<'a> {
    fields: Vec<(&'a str, &'a str)>,
}

impl<'a> Paragraph<'a> {
    /// The value of a field with all its lines; names are compared without regard to case.
    pub(crate) fn get(&self, name: &str) -> Option<&'a str> {
        self.fields
            .iter()
            .find(|(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
    }

    /// The first line of a field's value.
    pub(crate) fn line(&self, name: &str) -> Option<&'a str> {
        let value = self
            .fields
            .iter()
            .find(|(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| *value)?;
        Some(value.lines().next().unwrap_or_default().trim())
    }
}

/// The paragraphs of a text. Lines that are neither a field nor the continuation of one are
/// passed over.
pub(crate) fn paragraphs(text: &str) -> impl Iterator<Item = Paragraph<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            if rest.is_empty() {
                return None;
            }
            let paragraph = next_paragraph(&mut rest);
            if !paragraph.fields.is_empty() {
                return Some(paragraph);
            }
        }
    })
}

fn next_paragraph<'a>(rest: &mut &'a str) -> Paragraph<'a> {
    let mut fields: Vec<(&str, &str)> = Vec::new();
    // Where the last field's value starts, and how long it is so far.
    let mut value: Option<(&str, &str, usize)> = None;
    while !rest.is_empty() {
        let length = rest.find('\n').map_or(rest.len(), |end| end + 1);
        let (line, after) = rest.split_at(length);
        let here = *rest;
        *rest = after;
        if line.trim().is_empty() {
            break;
        }
        if line.starts_with([' ', '\t']) {
            if let Some((_, _, taken)) = &mut value {
                *taken += length;
            }
            continue;
        }
        fields.extend(value.take().and_then(finished));
        if let Some((name, _)) = line.split_once(':') {
            let start = here.get(name.len() + 1..).unwrap_or_default();
            value = Some((name, start, length - name.len() - 1));
        }
    }
    fields.extend(value.and_then(finished));
    Paragraph { fields }
}

fn finished<'a>((name, start, length): (&'a str, &'a str, usize)) -> Option<(&'a str, &'a str)> {
    Some((name, start.get(..length)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_and_their_continuations_are_found() {
        let text = "\n\nPackage: a\nDescription: one\n two\n .\n three\nBroken line\nVersion: 1\n\n\nPackage:b";
        let found: Vec<Paragraph<'_>> = paragraphs(text).collect();
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].get("package"), Some("a"));
        assert_eq!(found[0].line("Description"), Some("one"));
        assert_eq!(found[0].get("Description"), Some("one\n two\n .\n three"));
        assert_eq!(found[0].get("Version"), Some("1"));
        assert_eq!(found[1].get("Package"), Some("b"));
        assert_eq!(found[1].get("Version"), None);
    }
}
