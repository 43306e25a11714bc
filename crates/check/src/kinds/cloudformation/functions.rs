//! The functions of templates, in their long and short forms:
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html>.
//!
//! What is not known is a text with `${...}` in it, as it would stand in `!Sub`.

use std::cell::Cell;

use linchpin_document::{Member, Node, NodeValue, Position};

use crate::policy_statements::move_places;

/// How much may be made out of one template: values, and bytes of texts by 64.
const MOST_WORK: usize = 500_000;

/// Longest text that is made.
const MOST_TEXT: usize = 64 << 10;

/// A template, for those who evaluate what is in it.
pub(super) struct Template<'d> {
    document: &'d Node,
    work: Cell<usize>,
}

/// What a value comes to.
enum Value {
    Known(Node),
    /// It is as if it were not there.
    Nothing,
}

impl<'d> Template<'d> {
    pub(super) fn new(document: &'d Node) -> Self {
        Self {
            document,
            work: Cell::new(MOST_WORK),
        }
    }

    /// Properties, evaluated.
    pub(super) fn properties(&self, node: &Node) -> Vec<Member> {
        let members = node.members().iter().filter_map(|member| {
            let Value::Known(mut value) = self.value(&member.value) else {
                return None;
            };
            match &value.value {
                NodeValue::Null => return None,
                // In templates of JSON, truths are often texts.
                NodeValue::Text(text) => {
                    if let Ok(flag) = text.parse() {
                        value.value = NodeValue::Boolean(flag);
                    }
                }
                _ => {}
            }
            Some(Member {
                value,
                ..member.clone()
            })
        });
        members.collect()
    }

    fn spend(&self, work: usize) -> bool {
        let left = self.work.get();
        self.work.set(left.saturating_sub(work));
        left > work
    }

    fn value(&self, node: &Node) -> Value {
        let value = match &node.value {
            NodeValue::Map(members) => {
                if let [member] = members.as_slice()
                    && let Some(name) = function(&member.key)
                {
                    return self.call(name, &member.value, node.start);
                }
                NodeValue::Map(self.properties(node))
            }
            NodeValue::List(items) => {
                let items = items.iter().filter_map(|item| match self.value(item) {
                    Value::Known(node) => Some(node),
                    Value::Nothing => None,
                });
                NodeValue::List(items.collect())
            }
            other => other.clone(),
        };
        Value::Known(Node {
            start: node.start,
            end: node.end,
            value,
        })
    }

    fn known(&self, node: &Node) -> Node {
        match self.value(node) {
            Value::Known(node) => node,
            Value::Nothing => Node::at(node.start, NodeValue::Null),
        }
    }

    fn call(&self, name: &str, argument: &Node, at: Position) -> Value {
        if name == "Ref" {
            return match argument.as_text() {
                Some("AWS::NoValue") => Value::Nothing,
                Some(name) => Value::Known(self.named(name, at)),
                None => Value::Known(unknown(at, "Ref")),
            };
        }
        if name == "If" {
            return self.choice(argument, at);
        }
        let made = match name {
            "GetAtt" => Some(unknown(at, &attribute(argument))),
            "Base64" => Some(self.known(argument)),
            "Sub" => self.sub(argument, at),
            "Join" => self.join(argument, at),
            "FindInMap" => self.mapped(argument, at),
            "Select" => self.select(argument),
            "Split" => self.split(argument, at),
            _ => None,
        };
        Value::Known(made.unwrap_or_else(|| unknown(at, &format!("Fn::{name}"))))
    }

    /// What a name stands for: the default of a parameter, or nothing that is known.
    fn named(&self, name: &str, at: Position) -> Node {
        let default = self.document.find(&["Parameters", name, "Default"]);
        match default {
            Some(default) if self.spend(default.size()) => {
                let mut value = default.clone();
                let of = self.document.find_text(&["Parameters", name, "Type"]);
                let is_list = of.is_some_and(|of| of.contains("List"));
                if let (true, Some(text)) = (is_list, default.as_text()) {
                    let items = text.split(',').take(1_000);
                    let items = items.map(|item| Node::text(at, item.trim()));
                    value = Node::list(at, items.collect());
                }
                move_places(&mut value, &|_| at);
                value
            }
            _ => unknown(at, name),
        }
    }

    /// Which way a condition goes is not known; what is the same both ways is.
    fn choice(&self, argument: &Node, at: Position) -> Value {
        let [condition, yes, no] = argument.items() else {
            return Value::Known(unknown(at, "Fn::If"));
        };
        match (self.value(yes), self.value(no)) {
            (Value::Known(yes), Value::Known(no)) if same(&yes, &no) => Value::Known(yes),
            _ => {
                let condition = condition.as_text().unwrap_or("Fn::If");
                Value::Known(unknown(at, condition))
            }
        }
    }

    fn sub(&self, argument: &Node, at: Position) -> Option<Node> {
        let (pattern, own) = match &argument.value {
            NodeValue::Text(text) => (text.as_str(), None),
            NodeValue::List(items) => (items.first()?.as_text()?, items.get(1)),
            _ => return None,
        };
        let mut made = String::new();
        let mut rest = pattern;
        while let Some((before, after)) = rest.split_once("${") {
            made.push_str(before);
            let (name, after) = after.split_once('}')?;
            rest = after;
            if let Some(literal) = name.strip_prefix('!') {
                made.push_str("${");
                made.push_str(literal);
                made.push('}');
                continue;
            }
            let name = name.trim();
            let value = match own.and_then(|own| own.get(name)) {
                Some(value) => self.known(value),
                None => self.named(name, at),
            };
            match text(&value) {
                Some(text) => made.push_str(&text),
                None => made.extend(["${", name, "}"]),
            }
            if made.len() > MOST_TEXT || !self.spend(1 + made.len() / 64) {
                return None;
            }
        }
        made.push_str(rest);
        self.spend(made.len() / 64).then(|| Node {
            // A text that is written line by line keeps its end, so that policies in it have places.
            start: at,
            end: argument.end,
            value: NodeValue::Text(std::sync::Arc::new(made)),
        })
    }

    fn join(&self, argument: &Node, at: Position) -> Option<Node> {
        let [separator, items] = argument.items() else {
            return None;
        };
        let items = self.known(items);
        let NodeValue::List(items) = &items.value else {
            return None;
        };
        let mut texts = Vec::new();
        let mut length = 0;
        for item in items {
            let text = text(item)?;
            length += text.len();
            if length > MOST_TEXT || !self.spend(1 + text.len() / 64) {
                return None;
            }
            texts.push(text);
        }
        Some(Node::text(at, texts.join(separator.as_text()?)))
    }

    fn mapped(&self, argument: &Node, at: Position) -> Option<Node> {
        let keys: Vec<Node> = argument.items().iter().map(|key| self.known(key)).collect();
        let texts: Option<Vec<String>> = keys.iter().take(3).map(text).collect();
        let texts = texts?;
        let [map, first, second] = texts.as_slice() else {
            return None;
        };
        let found = self.document.find(&["Mappings", map, first, second])?;
        self.spend(found.size()).then_some(())?;
        let mut value = found.clone();
        move_places(&mut value, &|_| at);
        Some(value)
    }

    fn select(&self, argument: &Node) -> Option<Node> {
        let [index, list] = argument.items() else {
            return None;
        };
        let index: usize = text(&self.known(index))?.parse().ok()?;
        let list = self.known(list);
        list.items().get(index).cloned()
    }

    fn split(&self, argument: &Node, at: Position) -> Option<Node> {
        let [separator, whole] = argument.items() else {
            return None;
        };
        let (separator, whole) = (separator.as_text()?, text(&self.known(whole))?);
        if separator.is_empty() || whole.contains("${") || !self.spend(whole.len()) {
            return None;
        }
        let parts = whole.split(separator).map(|part| Node::text(at, part));
        Some(Node::list(at, parts.collect()))
    }
}

/// The function that a name means: `Fn::Sub` and `!Sub` are one.
fn function(name: &str) -> Option<&str> {
    match name {
        "Ref" | "!Ref" => Some("Ref"),
        "Condition" => None,
        name => name.strip_prefix("Fn::").or_else(|| name.strip_prefix('!')),
    }
}

fn unknown(at: Position, written: &str) -> Node {
    Node::text(at, format!("${{{written}}}"))
}

/// `Resource.Attribute`, of both ways in which that is written.
fn attribute(argument: &Node) -> String {
    match argument.as_text() {
        Some(text) => text.to_owned(),
        None => {
            let parts = argument.items().iter().filter_map(Node::as_text);
            parts.collect::<Vec<_>>().join(".")
        }
    }
}

/// A value as a text; none of lists and maps.
pub(super) fn text(node: &Node) -> Option<String> {
    match &node.value {
        NodeValue::Text(text) => Some(text.as_ref().clone()),
        NodeValue::Boolean(flag) => Some(flag.to_string()),
        NodeValue::Integer(number) => Some(number.to_string()),
        NodeValue::Number(number) => Some(number.to_string()),
        NodeValue::Null | NodeValue::List(_) | NodeValue::Map(_) => None,
    }
}

/// Whether two values are the same, wherever they stand.
fn same(left: &Node, right: &Node) -> bool {
    let mut waiting = vec![(left, right)];
    while let Some((left, right)) = waiting.pop() {
        match (&left.value, &right.value) {
            (NodeValue::List(left), NodeValue::List(right)) if left.len() == right.len() => {
                waiting.extend(left.iter().zip(right));
            }
            (NodeValue::Map(left), NodeValue::Map(right)) if left.len() == right.len() => {
                for (left, right) in left.iter().zip(right) {
                    if left.key != right.key {
                        return false;
                    }
                    waiting.push((&left.value, &right.value));
                }
            }
            (left, right) if left == right => {}
            _ => return false,
        }
    }
    true
}
