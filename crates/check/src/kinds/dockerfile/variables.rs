//! What variables stand for, as far as the file says: ARG with a default, and ENV.

use std::collections::HashMap;

/// Longest text that variables are put into.
const LONGEST: usize = 4 << 10;

/// Deepest nesting of values in values: `${A:-${B:-c}}`.
const DEEPEST: usize = 5;

/// Most bytes of names and values that are kept for one stage.
const MOST_KEPT: usize = 32 << 10;

/// The variables that are known at a place.
#[derive(Debug, Clone, Default)]
pub(super) struct Variables {
    values: HashMap<String, String>,
    size: usize,
}

impl Variables {
    /// Sets one. When there are too many, it is not known any more what this one is.
    pub(super) fn set(&mut self, name: &str, value: String) {
        self.forget(name);
        let size = name.len().saturating_add(value.len());
        if self.size.saturating_add(size) <= MOST_KEPT {
            self.size = self.size.saturating_add(size);
            self.values.insert(name.to_owned(), value);
        }
    }

    /// Forgets what one was.
    pub(super) fn forget(&mut self, name: &str) {
        if let Some(value) = self.values.remove(name) {
            self.size = self
                .size
                .saturating_sub(name.len().saturating_add(value.len()));
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// A text with the values of its variables. What is not known stays as it is written.
    pub(super) fn expand(&self, text: &str) -> String {
        self.expand_nested(text, 0)
    }

    fn expand_nested(&self, text: &str, depth: usize) -> String {
        let mut expanded = String::new();
        let mut rest = text;
        while let Some(place) = rest.find('$') {
            let (before, after) = rest.split_at(place);
            let after = after.get(1..).unwrap_or_default();
            if expanded.len() > LONGEST {
                break;
            }
            if let Some(escaped) = before.strip_suffix('\\') {
                expanded.push_str(escaped);
                expanded.push('$');
                rest = after;
                continue;
            }
            expanded.push_str(before);
            let (written, name, operator, word) = variable(after);
            let known = self.get(name);
            let is_set = known.is_some_and(|value| !operator.starts_with(':') || !value.is_empty());
            match (known, operator.trim_start_matches(':')) {
                _ if name.is_empty() => expanded.push('$'),
                (Some(_), "+") if is_set && depth < DEEPEST => {
                    expanded.push_str(&self.expand_nested(word, depth + 1));
                }
                (_, "+") => {}
                (Some(value), "" | "-" | "?") if is_set => expanded.push_str(value),
                (_, "-") if depth < DEEPEST => {
                    expanded.push_str(&self.expand_nested(word, depth + 1));
                }
                _ => {
                    expanded.push('$');
                    expanded.push_str(after.get(..written).unwrap_or_default());
                }
            }
            rest = after
                .get(if name.is_empty() { 0 } else { written }..)
                .unwrap_or_default();
        }
        expanded.push_str(rest);
        let end = expanded
            .char_indices()
            .map(|(place, _)| place)
            .take_while(|place| *place <= LONGEST);
        let end = if expanded.len() > LONGEST {
            end.last().unwrap_or(0)
        } else {
            expanded.len()
        };
        expanded.truncate(end);
        expanded
    }
}

/// How long what stands behind `$` is, the name in it, an operator, and the word behind that.
fn variable(after: &str) -> (usize, &str, &str, &str) {
    let name_end = |text: &str| {
        text.find(|next: char| !next.is_ascii_alphanumeric() && next != '_')
            .unwrap_or(text.len())
    };
    let Some(inner) = after.strip_prefix('{') else {
        let end = name_end(after);
        return (end, after.get(..end).unwrap_or_default(), "", "");
    };
    if name_end(inner) == 0 {
        return (0, "", "", "");
    }
    let mut depth = 1usize;
    let mut close = inner.len();
    for (place, character) in inner.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => {
                depth -= 1;
                if depth == 0 {
                    close = place;
                    break;
                }
            }
            _ => {}
        }
    }
    let content = inner.get(..close).unwrap_or_default();
    let (name, rest) = content.split_at(name_end(content));
    let length = (close + 2).min(after.len());
    for operator in [":-", ":+", ":?", "-", "+", "?"] {
        if let Some(word) = rest.strip_prefix(operator) {
            return (length, name, operator, word);
        }
    }
    // Another operator, such as those that take something away: what comes of it is not known.
    let operator = if rest.is_empty() { "" } else { "#" };
    (length, name, operator, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_put_in_where_they_are_known() {
        let mut variables = Variables::default();
        variables.set("A", "1".to_owned());
        variables.set("E", String::new());
        for (text, expanded) in [
            ("x$A-${A}y", "x1-1y"),
            ("${B:-2} ${A:-2} ${E:-3} ${E-3}", "2 1 3 "),
            ("${A:+4}${B:+4}", "4"),
            ("${B:-${C:-${A}}}", "1"),
            ("$B ${B} ${A#x} \\$A $", "$B ${B} ${A#x} $A $"),
            ("${", "${"),
            ("$$A ${A", "$1 1"),
            ("ü${Ä}ü", "ü${Ä}ü"),
        ] {
            assert_eq!(variables.expand(text), expanded, "{text}");
        }
    }

    #[test]
    fn values_that_grow_are_cut() {
        let mut variables = Variables::default();
        variables.set("A", "x".repeat(100));
        for _ in 0..100 {
            let value = variables.expand("$A$A$A");
            variables.set("A", value);
        }
        assert!(variables.get("A").unwrap().len() <= LONGEST);
        variables.expand(&"${A:-".repeat(50_000));
    }
}
