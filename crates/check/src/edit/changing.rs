//! Changes, as pieces of the text that become others.

use linchpin_document::{Node, NodeValue};

use super::text::Text;
use super::tree::{Followed, Tree};
use super::value::{self, Written};
use super::{Change, Splice, Wrong, braces, enclosed, indented};
use crate::place::Step;

/// Most pieces of one edit.
const MOST_SPLICES: usize = 50;

/// A text in which something is to be changed.
pub(super) struct Changing<'t, 'n> {
    pub(super) text: &'t Text<'t>,
    pub(super) tree: &'t Tree<'n>,
    pub(super) written: Written,
}

impl Changing<'_, '_> {
    /// What an edit comes to; nothing if a part of it can not be made, or nothing is to be done.
    pub(super) fn splices(&self, wrong: &Wrong<'_>) -> Option<Vec<Splice>> {
        let mut splices = Vec::new();
        for change in &wrong.edit.changes {
            splices.extend(self.change(change, wrong)?);
        }
        let is_some = !splices.is_empty() && splices.len() <= MOST_SPLICES;
        is_some.then_some(splices)
    }

    fn change(&self, change: &Change, wrong: &Wrong<'_>) -> Option<Vec<Splice>> {
        let start = self.text.offset(wrong.start)?;
        match change {
            Change::Set {
                place,
                value,
                before,
            } => self.set(wrong, place.steps(), value, before.as_deref()),
            Change::Correct { place, value } => {
                let followed = self.tree.follow(wrong, place.steps());
                if followed.is_some_and(|followed| !followed.rest.is_empty()) {
                    return Some(Vec::new());
                }
                self.set(wrong, place.steps(), value, None)
            }
            Change::Append { place, item } => self.append(wrong, place.steps(), item),
            Change::Remove { place } => {
                let followed = self.tree.follow(wrong, place.steps())?;
                match (followed.member, followed.around, followed.rest) {
                    (Some(member), Some(around), []) if is_within(around, &member.value) => {
                        Some(vec![if self.is_enclosed(around)? {
                            enclosed::remove(self.text, around, member)?
                        } else if self.written == Written::Yaml {
                            indented::remove(self.text, around, member)?
                        } else {
                            braces::remove(self.text, member)?
                        }])
                    }
                    _ => None,
                }
            }
            Change::Replace {
                place,
                pattern,
                with,
            } => {
                let (start, end) = match place {
                    Some(place) => {
                        let followed = self.tree.follow(wrong, place.steps())?;
                        let member = followed.member.filter(|_| followed.rest.is_empty())?;
                        let start = self.text.offset(member.value.start)?;
                        (start, self.end(followed.around?, followed.node)?)
                    }
                    None => {
                        let end = self.text.offset(wrong.end)?;
                        let end = match self.tree.at(wrong.start) {
                            Some(node) if end <= start => self.text.offset(node.end)?,
                            _ => end,
                        };
                        (start, end)
                    }
                };
                let old = self.text.whole.get(start..end)?;
                let found = pattern.captures_iter(old).take(MOST_SPLICES);
                let splices = found.map(|captures| {
                    let mut new = String::new();
                    captures.expand(with, &mut new);
                    let matched = captures.get_match();
                    let (from, to) = (start + matched.start(), start + matched.end());
                    Splice::least(from, to, matched.as_str(), &new)
                });
                Some(splices.collect())
            }
            Change::LineBefore { line } => {
                let at = self.text.line_start(start);
                let newline = self.text.newline;
                let line = format!("{}{line}{newline}", self.text.indentation(start));
                Some(vec![Splice::insert(at, line)])
            }
            Change::LineAfter { line } => {
                let end = self.text.offset(wrong.end)?;
                let at = self.text.line_end(end);
                let line = format!(
                    "{}{}{line}",
                    self.text.newline,
                    self.text.indentation(start)
                );
                Some(vec![Splice::insert(at, line)])
            }
        }
    }

    /// Whether a list or map stands in brackets whose parts are divided by commas.
    fn is_enclosed(&self, node: &Node) -> Option<bool> {
        let first = self.text.from(self.text.offset(node.start)?).chars().next();
        Some(match self.written {
            Written::Json => true,
            Written::Yaml => matches!(first, Some('{' | '[')),
            Written::Hcl | Written::Bicep => matches!(first, Some('[')),
        })
    }

    /// Where a value ends that stands in another.
    fn end(&self, around: &Node, node: &Node) -> Option<usize> {
        if self.written == Written::Yaml && !self.is_enclosed(around)? {
            return indented::end(self.text, around, node);
        }
        self.text.offset(node.end)
    }

    fn set(
        &self,
        wrong: &Wrong<'_>,
        way: &[Step],
        value: &Node,
        before: Option<&str>,
    ) -> Option<Vec<Splice>> {
        let followed = self.tree.follow(wrong, way)?;
        if let Some((first, rest)) = followed.rest.split_first() {
            return match first {
                Step::Name(name) => self.add(&followed, name, rest, value, before),
                Step::Item(_) => None,
            };
        }
        let (around, node) = (followed.around?, followed.node);
        if same(node, value) {
            return Some(Vec::new());
        }
        if !is_within(around, node) {
            return None;
        }
        let (start, end) = (self.text.offset(node.start)?, self.text.offset(node.end)?);
        let old = self.text.whole.get(start..end)?;
        let new = value::on_one_line(value, self.written);
        let is_plain = match &node.value {
            NodeValue::Null if old.is_empty() => {
                return self.fill(&followed, &new);
            }
            NodeValue::Map(_) | NodeValue::List(_) => self.is_enclosed(node)?,
            // A value on a line of its own may be of several lines, as YAML has them.
            NodeValue::Text(text) => {
                let is_alone =
                    self.written == Written::Yaml && self.text.before(start).trim().is_empty();
                let is_expression = self.written == Written::Json && old.starts_with("\"[");
                !is_alone
                    && !is_expression
                    && !text.contains("${")
                    && !old.starts_with(['|', '>', '!', '&'])
            }
            _ => !old.starts_with(['!', '&', '*']),
        };
        let is_one = is_plain && !old.contains('\n') && !old.is_empty();
        is_one.then(|| {
            vec![Splice {
                start,
                end,
                text: new,
            }]
        })
    }

    /// Gives a name its value that has none: `permissions:`.
    fn fill(&self, followed: &Followed<'_, '_>, new: &str) -> Option<Vec<Splice>> {
        let member = followed.member?;
        let start = self.text.offset(member.key_start)?;
        let line = self.text.whole.get(start..self.text.line_end(start))?;
        let is_it = line.trim_end().strip_suffix(':')? == member.key.as_str();
        is_it.then(|| {
            vec![Splice::insert(
                start + member.key.len() + 1,
                format!(" {new}"),
            )]
        })
    }

    /// Adds a member to a map, with those within that are missing as well.
    fn add(
        &self,
        followed: &Followed<'_, '_>,
        name: &str,
        rest: &[Step],
        value: &Node,
        before: Option<&str>,
    ) -> Option<Vec<Splice>> {
        let map = followed.node;
        if !matches!(map.value, NodeValue::Map(_)) {
            return None;
        }
        if followed
            .around
            .is_some_and(|around| !is_within(around, map))
        {
            return None;
        }
        let splice = if self.is_enclosed(map)? {
            enclosed::add(self.text, self.written, map, name, rest, value)?
        } else if self.written == Written::Yaml {
            indented::add(self.text, map, name, rest, value, before)?
        } else {
            braces::add(self.text, self.written, map, name, rest, value)?
        };
        Some(vec![splice])
    }

    fn append(&self, wrong: &Wrong<'_>, way: &[Step], item: &Node) -> Option<Vec<Splice>> {
        let followed = self.tree.follow(wrong, way)?;
        if let Some((first, rest)) = followed.rest.split_first() {
            let list = Node::list(item.start, vec![item.clone()]);
            return match first {
                Step::Name(name) => self.add(&followed, name, rest, &list, None),
                Step::Item(_) => None,
            };
        }
        let (around, list) = (followed.around?, followed.node);
        if !matches!(list.value, NodeValue::List(_)) || !is_within(around, list) {
            return None;
        }
        if list.items().iter().any(|known| same(known, item)) {
            return Some(Vec::new());
        }
        Some(vec![if self.is_enclosed(list)? {
            enclosed::append(self.text, self.written, list, item)?
        } else {
            indented::append(self.text, list, item)?
        }])
    }
}

/// Whether a value stands in the one around it, and is no alias of one that stands elsewhere.
pub(super) fn is_within(around: &Node, node: &Node) -> bool {
    around.start <= node.start && node.start <= around.end
}

/// Whether two values are the same, wherever they stand.
fn same(left: &Node, right: &Node) -> bool {
    left.to_value() == right.to_value()
}
