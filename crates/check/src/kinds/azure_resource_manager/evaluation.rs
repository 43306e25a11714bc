//! Values with their expressions evaluated. What is not known is a text `${...}`.

use std::sync::Arc;

use linchpin_document::{Member, Node, NodeValue, Position};

use super::expression::{Expression, Language, Operator, Part, parse, parts};
use super::functions;
use super::module::Module;
use crate::policy_statements::move_places;

/// Most things that one loop makes.
pub(super) const MOST_INSTANCES: usize = 30;

/// Longest text that is made.
const MOST_TEXT: usize = 64 << 10;

/// A name that a loop gives, and those around it.
pub(super) struct Scope<'s> {
    /// In templates, the name of the loop.
    pub(super) name: &'s str,
    pub(super) value: Node,
    /// The name of the number of the round, and that number.
    pub(super) index_name: Option<&'s str>,
    pub(super) index: i64,
    pub(super) around: Option<&'s Self>,
}

/// Whether a value is not known.
pub(super) fn is_unknown(node: &Node) -> bool {
    node.as_text().is_some_and(|text| text.contains("${"))
}

/// Whether anything in a value is not known.
pub(super) fn holds_unknown(node: &Node) -> bool {
    let mut waiting = vec![node];
    while let Some(node) = waiting.pop() {
        if is_unknown(node) {
            return true;
        }
        waiting.extend(node.items());
        waiting.extend(node.members().iter().map(|member| &member.value));
    }
    false
}

/// A value at the place where it is used.
fn moved(mut node: Node, at: &Node) -> Node {
    move_places(&mut node, &|_| at.start);
    node.end = at.end;
    node
}

impl Module<'_, '_> {
    /// A value, evaluated.
    pub(super) fn value(&self, node: &Node, scope: Option<&Scope<'_>>) -> Node {
        let value = self.world.deeper(|| match &node.value {
            NodeValue::Text(text) => self.text(node, text, scope),
            NodeValue::List(items) => {
                let items = items.iter().map(|item| self.value(item, scope));
                with(node, NodeValue::List(items.collect()))
            }
            NodeValue::Map(_) => {
                if let Some(made) = node.get("$for") {
                    return self.looped(node, made, scope);
                }
                with(node, NodeValue::Map(self.members(node, scope)))
            }
            _ => node.clone(),
        });
        value.unwrap_or_else(|| match &node.value {
            // Nothing is left to be spent, so nothing is known.
            NodeValue::Text(text) => self.unknown(node, text),
            NodeValue::List(_) | NodeValue::Map(_) => with(node, NodeValue::Null),
            _ => node.clone(),
        })
    }

    /// The members of a map; loops of properties make theirs.
    fn members(&self, node: &Node, scope: Option<&Scope<'_>>) -> Vec<Member> {
        let mut members = Vec::new();
        for member in node.members() {
            let is_copy = self.language == Language::Json && member.key.as_str() == "copy";
            if is_copy && !member.value.items().is_empty() {
                for copy in member.value.items() {
                    let name = copy.find_text(&["name"]).unwrap_or_default();
                    if let Some(value) = self.copied(copy, scope) {
                        members.push(Member {
                            key: Arc::new(name.to_owned()),
                            key_start: copy.start,
                            value,
                        });
                    }
                }
                continue;
            }
            members.push(Member {
                value: self.value(&member.value, scope),
                ..member.clone()
            });
        }
        members
    }

    /// What a loop of templates makes: a list.
    pub(super) fn copied(&self, copy: &Node, scope: Option<&Scope<'_>>) -> Option<Node> {
        let count = self.count(copy, scope)?;
        let (name, input) = (copy.find_text(&["name"])?, copy.get("input")?);
        let mut items = Vec::new();
        for index in 0..count {
            let inner = Scope {
                name,
                value: Node::at(copy.start, NodeValue::Integer(index)),
                index_name: None,
                index,
                around: scope,
            };
            items.push(self.value(input, Some(&inner)));
        }
        Some(with(copy, NodeValue::List(items)))
    }

    /// How many times a loop of templates goes round, if that is known.
    pub(super) fn count(&self, copy: &Node, scope: Option<&Scope<'_>>) -> Option<i64> {
        let count = self.value(copy.get("count")?, scope);
        let most = i64::try_from(MOST_INSTANCES).unwrap_or(i64::MAX);
        match count.value {
            NodeValue::Integer(count) => Some(count.clamp(0, most)),
            _ => None,
        }
    }

    /// What a loop of Bicep makes: a list, or one item of it where it is not known over what it goes.
    fn looped(&self, node: &Node, made: &Node, scope: Option<&Scope<'_>>) -> Node {
        let Some(body) = made.get("body") else {
            return with(node, NodeValue::Null);
        };
        let items = match self.rounds(made, scope) {
            None => vec![self.value(body, scope)],
            Some(rounds) => rounds
                .iter()
                .map(|round| self.value(body, Some(round)))
                .collect(),
        };
        with(node, NodeValue::List(items))
    }

    /// The rounds of a loop of Bicep, if it is known over what it goes.
    pub(super) fn rounds<'s>(
        &self,
        head: &'s Node,
        scope: Option<&'s Scope<'s>>,
    ) -> Option<Vec<Scope<'s>>> {
        let list = self.value(head.get("in")?, scope);
        let NodeValue::List(items) = list.value else {
            return None;
        };
        let name = head.find_text(&["item"])?;
        let rounds = (0i64..).zip(items).take(MOST_INSTANCES);
        let rounds = rounds.map(|(index, value)| Scope {
            name,
            value,
            index_name: head.find_text(&["index"]),
            index,
            around: scope,
        });
        Some(rounds.collect())
    }

    fn unknown(&self, node: &Node, text: &Arc<String>) -> Node {
        let text = match self.language {
            Language::Json if is_expression(text) => {
                let inner = text.get(1..text.len() - 1).unwrap_or_default();
                Arc::new(format!("${{{inner}}}"))
            }
            _ => Arc::clone(text),
        };
        with(node, NodeValue::Text(text))
    }

    fn text(&self, node: &Node, text: &Arc<String>, scope: Option<&Scope<'_>>) -> Node {
        if self.language == Language::Bicep {
            return self.pieces(node, text, scope);
        }
        if !is_expression(text) {
            let text = match text.strip_prefix("[[") {
                Some(rest) => Arc::new(format!("[{rest}")),
                None => Arc::clone(text),
            };
            return with(node, NodeValue::Text(text));
        }
        let inner = text.get(1..text.len() - 1).unwrap_or_default();
        self.world.spend(inner.len() / 16);
        let value = parse(inner, Language::Json)
            .and_then(|expression| self.evaluate(&expression, scope, node));
        match value {
            Some(value) => moved(value, node),
            None => self.unknown(node, text),
        }
    }

    /// A text of Bicep: one expression alone is its value, among others it is a part of a text.
    fn pieces(&self, node: &Node, text: &Arc<String>, scope: Option<&Scope<'_>>) -> Node {
        if !text.contains("${") {
            return node.clone();
        }
        self.world.spend(text.len() / 16);
        let known = |written: &str| {
            let expression = parse(written, Language::Bicep)?;
            self.evaluate(&expression, scope, node)
        };
        let parts = parts(text);
        if let [Part::Expression(written)] = parts.as_slice() {
            return match known(written) {
                Some(value) => moved(value, node),
                None => node.clone(),
            };
        }
        let mut made = String::new();
        for part in parts {
            match part {
                Part::Written(text) => made.push_str(text),
                Part::Expression(written) => {
                    match known(written).as_ref().and_then(functions::text) {
                        Some(text) => made.push_str(&text),
                        None => made.extend(["${", written, "}"]),
                    }
                }
            }
            if made.len() > MOST_TEXT || !self.world.spend(1 + made.len() / 64) {
                return node.clone();
            }
        }
        with(node, NodeValue::Text(Arc::new(made)))
    }

    /// The value of an expression; none if it is not known.
    pub(super) fn evaluate(
        &self,
        expression: &Expression,
        scope: Option<&Scope<'_>>,
        at: &Node,
    ) -> Option<Node> {
        self.world
            .deeper(|| self.known(expression, scope, at))
            .flatten()
            .filter(|node| !is_unknown(node))
    }

    fn known(&self, expression: &Expression, scope: Option<&Scope<'_>>, at: &Node) -> Option<Node> {
        let start = at.start;
        let value = |value| Some(Node::at(start, value));
        match expression {
            Expression::Null => value(NodeValue::Null),
            Expression::Boolean(flag) => value(NodeValue::Boolean(*flag)),
            Expression::Integer(number) => value(NodeValue::Integer(*number)),
            Expression::Text(text) if self.language == Language::Bicep => {
                let node = Node::text(start, text.as_str());
                Some(self.pieces(&node, &Arc::new(text.clone()), scope))
            }
            Expression::Text(text) => value(NodeValue::Text(Arc::new(text.clone()))),
            Expression::Name(name) => self.scoped(name, scope, start).or_else(|| {
                let is_bicep = self.language == Language::Bicep;
                is_bicep.then(|| self.named(name)).flatten()
            }),
            Expression::List(items) => {
                let items = items.iter().map(|item| self.evaluate(item, scope, at));
                value(NodeValue::List(items.collect::<Option<_>>()?))
            }
            Expression::Object(members) => {
                let members = members.iter().map(|(name, member)| {
                    Some(Member::added(name, self.evaluate(member, scope, at)?))
                });
                value(NodeValue::Map(members.collect::<Option<_>>()?))
            }
            Expression::Member(of, name) => {
                let of = self.evaluate(of, scope, at)?;
                functions::member(&of, name)
            }
            Expression::Index(of, index) => {
                let of = self.evaluate(of, scope, at)?;
                let index = self.evaluate(index, scope, at)?;
                functions::item(&of, &index)
            }
            Expression::Not(inner) => {
                let flag = functions::truth(&self.evaluate(inner, scope, at)?)?;
                value(NodeValue::Boolean(!flag))
            }
            Expression::Negative(inner) => {
                let number = functions::number(&self.evaluate(inner, scope, at)?)?;
                value(NodeValue::Integer(number.checked_neg()?))
            }
            Expression::Choice(condition, yes, no) => self.choice(condition, yes, no, scope, at),
            Expression::Two(operator, left, right) => self.two(*operator, left, right, scope, at),
            Expression::Call(name, arguments) => self.call(name, arguments, scope, at),
        }
    }

    fn choice(
        &self,
        condition: &Expression,
        yes: &Expression,
        no: &Expression,
        scope: Option<&Scope<'_>>,
        at: &Node,
    ) -> Option<Node> {
        let condition = self.evaluate(condition, scope, at);
        match condition.as_ref().and_then(functions::truth) {
            Some(true) => self.evaluate(yes, scope, at),
            Some(false) => self.evaluate(no, scope, at),
            // What is the same both ways is known.
            None => {
                let yes = self.evaluate(yes, scope, at)?;
                let no = self.evaluate(no, scope, at)?;
                functions::same(&yes, &no).then_some(yes)
            }
        }
    }

    fn two(
        &self,
        operator: Operator,
        left: &Expression,
        right: &Expression,
        scope: Option<&Scope<'_>>,
        at: &Node,
    ) -> Option<Node> {
        let flag = |flag| Some(Node::at(at.start, NodeValue::Boolean(flag)));
        let left = self.evaluate(left, scope, at);
        match operator {
            Operator::And | Operator::Or => {
                let decides = operator == Operator::Or;
                let right = self.evaluate(right, scope, at);
                let truth = |node: &Option<Node>| node.as_ref().and_then(functions::truth);
                match (truth(&left), truth(&right)) {
                    (Some(one), _) | (_, Some(one)) if one == decides => flag(decides),
                    (Some(_), Some(_)) => flag(!decides),
                    _ => None,
                }
            }
            Operator::Otherwise => match left?.value {
                NodeValue::Null => self.evaluate(right, scope, at),
                value => Some(Node::at(at.start, value)),
            },
            _ => {
                let right = self.evaluate(right, scope, at)?;
                functions::compare_or_compute(operator, &left?, &right)
                    .map(|value| Node::at(at.start, value))
            }
        }
    }

    fn call(
        &self,
        name: &str,
        arguments: &[Expression],
        scope: Option<&Scope<'_>>,
        at: &Node,
    ) -> Option<Node> {
        let lower = name.to_ascii_lowercase();
        if let ("if", [condition, yes, no]) = (lower.as_str(), arguments) {
            return self.choice(condition, yes, no, scope, at);
        }
        if lower == "copyindex" {
            return self.copy_index(arguments, scope, at);
        }
        if let ("and" | "or", [first, rest @ ..]) = (lower.as_str(), arguments) {
            return self.all_or_any(lower == "or", first, rest, scope, at);
        }
        let mut values = Vec::new();
        for argument in arguments {
            values.push(self.evaluate(argument, scope, at)?);
        }
        match (lower.as_str(), values.as_slice()) {
            ("parameters", [name]) => self.parameter(name.as_text()?),
            ("variables", [name]) => self.variable(name.as_text()?),
            (name, values) => {
                let size: usize = values.iter().map(Node::size).sum();
                if !self.world.spend(1 + size) {
                    return None;
                }
                let made = functions::call(name, values)?;
                let node = Node::at(at.start, made);
                let length = node.as_text().map_or(0, str::len);
                let is_small = length <= MOST_TEXT && self.world.spend(node.size() + length / 64);
                is_small.then_some(node)
            }
        }
    }

    fn all_or_any(
        &self,
        decides: bool,
        first: &Expression,
        rest: &[Expression],
        scope: Option<&Scope<'_>>,
        at: &Node,
    ) -> Option<Node> {
        let mut is_known = true;
        for argument in std::iter::once(first).chain(rest) {
            let value = self.evaluate(argument, scope, at);
            match value.as_ref().and_then(functions::truth) {
                Some(truth) if truth == decides => {
                    return Some(Node::at(at.start, NodeValue::Boolean(decides)));
                }
                Some(_) => {}
                None => is_known = false,
            }
        }
        is_known.then(|| Node::at(at.start, NodeValue::Boolean(!decides)))
    }

    /// The number of the round of a loop of templates, from the innermost or from a named one.
    fn copy_index(
        &self,
        arguments: &[Expression],
        scope: Option<&Scope<'_>>,
        at: &Node,
    ) -> Option<Node> {
        let mut name = None;
        let mut first = 0;
        for argument in arguments {
            match self.evaluate(argument, scope, at)?.value {
                NodeValue::Text(text) => name = Some(text),
                NodeValue::Integer(number) => first = number,
                _ => return None,
            }
        }
        let mut scope = scope;
        while let Some(here) = scope {
            let is_it = name
                .as_ref()
                .is_none_or(|name| here.name.eq_ignore_ascii_case(name));
            if is_it {
                let index = here.index.checked_add(first)?;
                return Some(Node::at(at.start, NodeValue::Integer(index)));
            }
            scope = here.around;
        }
        None
    }

    /// What a loop of Bicep gives a name to.
    fn scoped(&self, name: &str, scope: Option<&Scope<'_>>, at: Position) -> Option<Node> {
        let mut scope = scope;
        while let Some(here) = scope {
            if here.index_name == Some(name) {
                return Some(Node::at(at, NodeValue::Integer(here.index)));
            }
            if here.name == name {
                self.world.spend(here.value.size());
                return Some(here.value.clone());
            }
            scope = here.around;
        }
        None
    }
}

/// Whether a text of a template is an expression.
pub(super) fn is_expression(text: &str) -> bool {
    text.len() > 2 && text.starts_with('[') && text.ends_with(']') && !text.starts_with("[[")
}

/// A value at the place of another.
fn with(like: &Node, value: NodeValue) -> Node {
    Node {
        start: like.start,
        end: like.end,
        value,
    }
}
