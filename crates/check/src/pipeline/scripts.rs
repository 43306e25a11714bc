//! Scripts in pipelines: their lines as a shell reads them, each with its place.
//!
//! A line that ends with a backslash goes on in the next one, comments are left out. What a line
//! does is asked by the rules; nothing is run or expanded here.

use linchpin_document::Node;

use super::members::Members;
use super::places::Places;

/// Longest line of a script that is kept, in bytes.
const LONGEST_LINE: usize = 8 << 10;

/// The lines of a script: each a map with `text`.
pub(crate) fn lines(script: &Node, places: &mut Places<'_>) -> Vec<Node> {
    let Some(text) = script.as_text() else {
        return Vec::new();
    };
    if !places.may_look_at(text.len()) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut joined: Vec<(String, String)> = Vec::new();
    let mut open: Option<(String, String)> = None;
    for line in text.lines() {
        let line = line.trim();
        if open.is_none() && (line.is_empty() || line.starts_with('#')) {
            continue;
        }
        let (first, mut whole) = open
            .take()
            .unwrap_or_else(|| (line.to_owned(), String::new()));
        let (part, goes_on) = match line.strip_suffix('\\') {
            Some(part) => (part.trim_end(), true),
            None => (line, false),
        };
        if whole.len() + part.len() < LONGEST_LINE {
            if !whole.is_empty() {
                whole.push(' ');
            }
            whole.push_str(part);
        }
        if goes_on {
            open = Some((first, whole));
        } else {
            joined.push((first, whole));
        }
    }
    joined.extend(open);
    for (first, whole) in joined {
        if !places.may_find() {
            break;
        }
        found.push((first, whole));
    }
    let mut within = places.within(script);
    let line = |(first, whole): (String, String)| {
        let mut members = Members::at(within.next(&first));
        members.text("text", whole);
        members.finish()
    };
    found.into_iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use linchpin_document::Position;
    use linchpin_document::yaml;

    #[test]
    fn continued_lines_are_one_and_know_where_they_begin() {
        let text = "run: |\n  # no\n  curl x \\\n    | sh\n\n  ls\n";
        let document = yaml::read(text).documents.remove(0);
        let lines = lines(document.get("run").unwrap(), &mut Places::new(text));
        let shown: Vec<_> = lines
            .iter()
            .map(|line| (line.find_text(&["text"]).unwrap(), line.start))
            .collect();
        let at = |line, column| Position { line, column };
        assert_eq!(shown, [("curl x | sh", at(3, 3)), ("ls", at(6, 3))]);
    }
}
