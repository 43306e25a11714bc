//! Comments that say that a finding may stay: `# linchpin: ignore[rule-id] because of this`, on the
//! line of the finding or on a line of its own before it.
//!
//! A reason is asked for. Without one the comment has no effect, and that is said.

/// What stands before the ids.
const MARK: &str = "linchpin: ignore[";

/// Most ids in one comment.
const MOST_IDS: usize = 50;

/// A comment about a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ignored {
    /// Its line, counted from 1.
    pub(crate) line: u32,
    /// The rules that it names.
    pub(crate) rules: Vec<String>,
    /// Why; empty if it does not say.
    pub(crate) reason: String,
    /// Whether it stands on a line of its own, and so is about the next line that is none.
    covers_next: Option<u32>,
}

impl Ignored {
    /// Whether it is about a finding of this rule on this line.
    pub(crate) fn covers(&self, rule: &str, line: u32) -> bool {
        let here = self.covers_next.unwrap_or(self.line);
        (line == here || line == self.line) && self.rules.iter().any(|known| known == rule)
    }
}

/// The comments of a text.
pub(crate) fn ignored(text: &str) -> Vec<Ignored> {
    if !text.contains(MARK) {
        return Vec::new();
    }
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let Some((before, after)) = line.split_once(MARK) else {
            continue;
        };
        let Some((rules, reason)) = after.split_once(']') else {
            continue;
        };
        let ends = ["*/", "-->", "#}"];
        let reason = ends.iter().fold(reason.trim(), |reason, end| {
            reason.trim_end_matches(end).trim()
        });
        found.push(Ignored {
            line: number(index),
            rules: rules
                .split(',')
                .map(|id| id.trim().to_owned())
                .take(MOST_IDS)
                .collect(),
            reason: reason.trim_start_matches([':', '-', ' ']).to_owned(),
            covers_next: is_comment_only(before).then(|| next_line(&lines, index)),
        });
    }
    found
}

fn number(index: usize) -> u32 {
    u32::try_from(index).map_or(u32::MAX, |index| index.saturating_add(1))
}

/// Whether nothing but the beginning of a comment is there.
fn is_comment_only(text: &str) -> bool {
    matches!(text.trim(), "#" | "//" | "/*" | "<!--" | "*" | "{#")
}

/// The next line that says something.
fn next_line(lines: &[&str], index: usize) -> u32 {
    let comment = |line: &str| {
        let line = line.trim();
        line.is_empty() || line.starts_with('#') || line.starts_with("//")
    };
    let further = lines.iter().enumerate().skip(index + 1);
    let next = further.into_iter().find(|(_, line)| !comment(line));
    next.map_or(u32::MAX, |(index, _)| number(index))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_cover_their_line_or_the_next_one() {
        let text = "a: 1 # linchpin: ignore[x, y] it is a test\n\
                    # linchpin: ignore[x]: known\n# more\n\nb: 2\nc: 3\n\
                    /* linchpin: ignore[z] */\nd\n";
        let found = ignored(text);
        assert_eq!(found.len(), 3);
        assert!(found[0].covers("y", 1) && !found[0].covers("y", 2));
        assert_eq!(found[0].reason, "it is a test");
        assert!(found[1].covers("x", 5) && !found[1].covers("x", 6));
        assert_eq!(found[1].reason, "known");
        assert_eq!(found[2].reason, "");
    }
}
