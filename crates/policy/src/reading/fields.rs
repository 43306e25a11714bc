//! The fields of a map in a policy: each is of its sort or an error with its place.

use linchpin_document::{Node, NodeValue, Position};
use linchpin_model::{Date, Timestamp};

use super::Wrong;

/// The fields of a map.
pub(super) struct Fields<'a> {
    /// What the map is, for messages: `a rule`.
    what: &'static str,
    node: &'a Node,
}

impl<'a> Fields<'a> {
    pub(super) fn of(what: &'static str, node: &'a Node) -> Self {
        Self { what, node }
    }

    /// Where the map begins.
    pub(super) fn start(&self) -> Position {
        self.node.start
    }

    /// Where an item of a list begins.
    pub(super) fn item_start(&self, list: &str, place: usize) -> Position {
        let item = self.node.get(list).and_then(|list| list.items().get(place));
        item.map_or(self.start(), |item| item.start)
    }

    /// Refuses fields that are not in the list, and such as stand twice.
    pub(super) fn only(&self, known: &[&str]) -> Result<(), Wrong> {
        let NodeValue::Map(members) = &self.node.value else {
            return Err((self.start(), format!("{} is a map of fields", self.what)));
        };
        for (place, member) in members.iter().enumerate() {
            let name = member.key.as_str();
            if !known.contains(&name) {
                let problem = format!(
                    "{} has no field `{name}`; it has {}",
                    self.what,
                    known.join(", ")
                );
                return Err((member.key_start, problem));
            }
            if members
                .iter()
                .take(place)
                .any(|other| other.key == member.key)
            {
                return Err((member.key_start, format!("`{name}` stands twice")));
            }
        }
        Ok(())
    }

    /// A field that must be there.
    pub(super) fn needed(&self, name: &str) -> Result<&'a Node, Wrong> {
        self.get(name).ok_or_else(|| {
            (
                self.start(),
                format!("{} needs the field `{name}`", self.what),
            )
        })
    }

    pub(super) fn get(&self, name: &str) -> Option<&'a Node> {
        self.node
            .get(name)
            .filter(|node| node.value != NodeValue::Null)
    }

    /// A text that must be there.
    pub(super) fn text(&self, name: &str) -> Result<&'a str, Wrong> {
        self.needed(name)?;
        Ok(self.optional_text(name)?.map_or("", |(_, text)| text))
    }

    /// A text with its place, if it is there.
    pub(super) fn optional_text(&self, name: &str) -> Result<Option<(Position, &'a str)>, Wrong> {
        let Some(node) = self.get(name) else {
            return Ok(None);
        };
        match node.as_text().map(str::trim) {
            Some(text) if !text.is_empty() => Ok(Some((node.start, text))),
            _ => Err((node.start, format!("`{name}` is a text"))),
        }
    }

    /// A text or a list of texts; none if it is not there.
    pub(super) fn texts(&self, name: &str) -> Result<Vec<String>, Wrong> {
        self.get(name)
            .map_or(Ok(Vec::new()), |node| texts(name, node))
    }

    /// A list of maps; none if it is not there.
    pub(super) fn each(&self, name: &str, what: &'static str) -> Result<Vec<Fields<'a>>, Wrong> {
        let Some(node) = self.get(name) else {
            return Ok(Vec::new());
        };
        match &node.value {
            NodeValue::List(items) => Ok(items.iter().map(|item| Fields::of(what, item)).collect()),
            _ => Err((node.start, format!("`{name}` is a list"))),
        }
    }

    /// The fields of a map, if it is there.
    pub(super) fn inner(&self, name: &str, what: &'static str) -> Option<Fields<'a>> {
        self.get(name).map(|node| Fields::of(what, node))
    }

    /// The names and values of the map.
    pub(super) fn entries(&self) -> Result<Vec<(&'a str, &'a Node)>, Wrong> {
        match &self.node.value {
            NodeValue::Map(members) => Ok(members
                .iter()
                .map(|member| (member.key.as_str(), &member.value))
                .collect()),
            _ => Err((self.start(), format!("{} is a map", self.what))),
        }
    }

    /// A moment: a date, which means its beginning in UTC, or a date and a time.
    pub(super) fn moment(&self, name: &str) -> Result<Option<Timestamp>, Wrong> {
        let Some((at, text)) = self.optional_text(name)? else {
            return Ok(None);
        };
        moment(text).map(Some).ok_or_else(|| {
            let problem =
                format!("`{text}` is no moment such as 2026-01-31 or 2026-01-31T12:00:00Z");
            (at, problem)
        })
    }
}

/// A text or a list of texts.
pub(super) fn texts(name: &str, node: &Node) -> Result<Vec<String>, Wrong> {
    let nodes = match &node.value {
        NodeValue::List(items) => items.as_slice(),
        _ => std::slice::from_ref(node),
    };
    nodes
        .iter()
        .map(|node| match node.as_text() {
            Some(text) if !text.trim().is_empty() => Ok(text.to_owned()),
            _ => Err((node.start, format!("`{name}` is a text or a list of texts"))),
        })
        .collect()
}

/// A date or a moment.
pub(crate) fn moment(text: &str) -> Option<Timestamp> {
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Some(moment);
    }
    let date: Date = text.parse().ok()?;
    format!("{date}T00:00:00Z").parse().ok()
}
