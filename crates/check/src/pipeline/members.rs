//! Building the views that rules look at: maps whose members are made one after the other.

use linchpin_document::{Member, Node, NodeValue, Position};

/// A map that is being made. All that is added stands where the map stands.
#[derive(Debug)]
pub(crate) struct Members {
    start: Position,
    members: Vec<Member>,
}

impl Members {
    /// An empty map at a place.
    pub(crate) fn at(start: Position) -> Self {
        Self {
            start,
            members: Vec::new(),
        }
    }

    /// What a document holds itself, to be added to. What is no map holds nothing.
    pub(crate) fn of(node: &Node) -> Self {
        Self {
            start: node.start,
            members: node.members().to_vec(),
        }
    }

    /// The same with another place.
    pub(crate) fn starting(self, start: Position) -> Self {
        Self { start, ..self }
    }

    /// Adds a value, in the place of one of this name, whose position it keeps.
    pub(crate) fn put(&mut self, key: &str, value: Node) {
        let there = self.members.iter_mut().rev();
        match there.into_iter().find(|member| member.key.as_str() == key) {
            Some(member) => member.value = value,
            None => self.members.push(Member::added(key, value)),
        }
    }

    /// Adds a text.
    pub(crate) fn text(&mut self, key: &str, text: impl Into<String>) {
        self.put(key, Node::text(self.start, text));
    }

    /// Adds a flag.
    pub(crate) fn flag(&mut self, key: &str, flag: bool) {
        self.put(key, Node::at(self.start, NodeValue::Boolean(flag)));
    }

    /// Adds a number.
    pub(crate) fn number(&mut self, key: &str, number: usize) {
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        self.put(key, Node::at(self.start, NodeValue::Integer(number)));
    }

    /// Adds a list of texts.
    pub(crate) fn texts(&mut self, key: &str, texts: impl IntoIterator<Item = String>) {
        let items = texts.into_iter().map(|text| Node::text(self.start, text));
        self.put(key, Node::list(self.start, items.collect()));
    }

    /// Adds a list.
    pub(crate) fn list(&mut self, key: &str, items: Vec<Node>) {
        self.put(key, Node::list(self.start, items));
    }

    /// The finished map.
    pub(crate) fn finish(self) -> Node {
        Node::map(self.start, self.members)
    }
}

/// The texts of a value that is a text or a list of them.
pub(crate) fn texts(node: &Node) -> Vec<&Node> {
    match &node.value {
        NodeValue::Text(_) => vec![node],
        _ => node
            .items()
            .iter()
            .filter(|item| item.as_text().is_some())
            .collect(),
    }
}

/// A value as a document would write it: `true`, `8080`, `text`. Nothing of lists and maps.
pub(crate) fn written(node: &Node) -> Option<String> {
    match &node.value {
        NodeValue::Text(text) => Some(text.as_ref().clone()),
        NodeValue::Boolean(flag) => Some(flag.to_string()),
        NodeValue::Integer(number) => Some(number.to_string()),
        NodeValue::Number(number) => Some(number.to_string()),
        NodeValue::Null | NodeValue::List(_) | NodeValue::Map(_) => None,
    }
}
