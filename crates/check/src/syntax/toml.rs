//! TOML with positions, read by the `toml` crate: <https://toml.io/en/v1.0.0>.

use std::sync::Arc;

use linchpin_document::{Member, Node, NodeValue, Position};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::LineIndex;
use super::{Documents, MOST_VALUES, SyntaxProblem};

/// Reads a text; where it is no TOML, nothing.
pub fn read(text: &str) -> Documents {
    let index = LineIndex::new(text);
    let table = match DeTable::parse(text) {
        Ok(table) => table,
        Err(error) => {
            let at = error
                .span()
                .map_or(Position::START, |span| index.position(span.start));
            let reason = error.message().lines().next().unwrap_or_default();
            return Documents {
                documents: Vec::new(),
                problem: Some(SyntaxProblem {
                    at,
                    text: format!("is no valid TOML: {reason}"),
                }),
            };
        }
    };
    let mut reading = Reading { index, values: 0 };
    let members = reading.table(table.get_ref());
    Documents {
        documents: vec![Node::map(Position::START, members)],
        problem: None,
    }
}

struct Reading<'t> {
    index: LineIndex<'t>,
    values: usize,
}

impl Reading<'_> {
    /// The members of a table, in the order of the text.
    fn table(&mut self, table: &DeTable<'_>) -> Vec<Member> {
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        let mut members = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            if self.values >= MOST_VALUES {
                break;
            }
            members.push(Member {
                key: Arc::new(key.get_ref().to_string()),
                key_start: self.index.position(key.span().start),
                value: self.value(value),
            });
        }
        members
    }

    // The parser limits the depth.
    fn value(&mut self, value: &Spanned<DeValue<'_>>) -> Node {
        self.values += 1;
        let span = value.span();
        let inner = match value.get_ref() {
            DeValue::String(text) => NodeValue::Text(Arc::new(text.to_string())),
            DeValue::Integer(number) => {
                let digits = number.as_str();
                i64::from_str_radix(digits, number.radix()).map_or_else(
                    |_| NodeValue::Text(Arc::new(digits.to_owned())),
                    NodeValue::Integer,
                )
            }
            DeValue::Float(number) => number.as_str().parse().map_or_else(
                |_| NodeValue::Text(Arc::new(number.as_str().to_owned())),
                NodeValue::Number,
            ),
            DeValue::Boolean(value) => NodeValue::Boolean(*value),
            DeValue::Datetime(moment) => NodeValue::Text(Arc::new(moment.to_string())),
            DeValue::Array(items) => {
                let items = items.iter().take(MOST_VALUES.saturating_sub(self.values));
                NodeValue::List(items.map(|item| self.value(item)).collect())
            }
            DeValue::Table(table) => NodeValue::Map(self.table(table)),
        };
        Node {
            start: self.index.position(span.start),
            end: self.index.position(span.end),
            value: inner,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_know_where_they_stand() {
        let read = read("[a]\nb = [1, 'x']\n[a.\"c d\"]\ne = true\nf = 2020-01-01\n");
        let document = &read.documents[0];
        let list = document.find(&["a", "b"]).unwrap();
        assert_eq!(list.items()[1].as_text(), Some("x"));
        assert_eq!(list.items()[1].start, Position { line: 2, column: 9 });
        let member = document.find(&["a", "c d"]).unwrap().member("e").unwrap();
        assert_eq!(member.key_start, Position { line: 4, column: 1 });
        assert_eq!(document.find_text(&["a", "c d", "f"]), Some("2020-01-01"));
        let wrong = super::read("a = 1\nb = \n");
        assert_eq!(wrong.problem.unwrap().at.line, 2);
    }
}
