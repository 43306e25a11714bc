//! Evaluates expressions: <https://developer.hashicorp.com/terraform/language/expressions>.
//!
//! A value that is not known is the text `${...}` of its expression. What can not be evaluated,
//! because something is asked for that is not there, is [`Failed`], which `try` catches.

use std::cell::RefCell;
use std::str::FromStr;
use std::sync::Arc;

use hcl_edit::Span;
use hcl_edit::expr::{
    BinaryOp, BinaryOperator, Expression, ForExpr, Object, Traversal, TraversalOperator,
    UnaryOperator,
};
use hcl_edit::template::{Directive, Element, Template};
use linchpin_document::{Member, Node, NodeValue, Position};

use super::functions;
use super::module::Module;
use super::scope::{
    Evaluated, Failed, Scope, is_unknown, number, number_node, same, text, truth, unknown,
};
use crate::syntax::hcl::lines::Lines;
use crate::syntax::hcl::{name, number_value};

/// Longest text that is made.
const MOST_TEXT: usize = 64 << 10;

/// Most rounds of a loop.
const MOST_ROUNDS: usize = 500;

/// The text in which an expression is written.
pub(super) struct Written<'a> {
    text: &'a str,
    lines: RefCell<Lines<'a>>,
}

impl Written<'_> {
    fn of(&self, spanned: &impl Span) -> &str {
        let span = spanned.span();
        span.and_then(|span| self.text.get(span))
            .unwrap_or_default()
    }

    fn at(&self, spanned: &impl Span) -> Position {
        let start = spanned.span().map_or(0, |span| span.start);
        self.lines.borrow_mut().position(start)
    }

    fn unknown(&self, spanned: &impl Span) -> Node {
        unknown(self.at(spanned), self.of(spanned))
    }
}

impl Module<'_, '_> {
    /// A text with what stands in its templates.
    pub(super) fn text(&self, node: &Node, text: &str, scope: Option<&Scope<'_>>) -> Node {
        if !(text.contains("${") || text.contains("%{")) || !self.world.spend(text.len() / 32) {
            return node.clone();
        }
        let Ok(template) = Template::from_str(text) else {
            return node.clone();
        };
        // A single expression stands behind `${`; the text of it begins where the value does.
        let base = Position {
            line: node.start.line,
            column: node.start.column.saturating_sub(2).max(1),
        };
        let written = Written {
            text,
            lines: RefCell::new(Lines::from(text, base)),
        };
        let mut elements = template.iter();
        let first = elements.next();
        if let (Some(Element::Interpolation(one)), None) = (first, elements.next()) {
            return match self.expression(&one.expr, &written, scope) {
                Ok(value) => value,
                Err(Failed) => node.clone(),
            };
        }
        Node {
            start: node.start,
            end: node.end,
            value: NodeValue::Text(Arc::new(self.template(&template, &written, scope))),
        }
    }

    fn template(
        &self,
        template: &Template,
        written: &Written<'_>,
        scope: Option<&Scope<'_>>,
    ) -> String {
        let mut made = String::new();
        for element in template {
            let part = match element {
                Element::Literal(literal) => Some(literal.replace("$${", "${")),
                Element::Interpolation(one) => self
                    .expression(&one.expr, written, scope)
                    .ok()
                    .and_then(|value| text(&value))
                    .map(|text| text.as_ref().clone()),
                Element::Directive(directive) => self.directive(directive, written, scope),
            };
            match part {
                Some(part) => made.push_str(&part),
                None => made.push_str(written.of(element)),
            }
            if made.len() > MOST_TEXT || !self.world.spend(1 + made.len() / 256) {
                made.push_str("${...}");
                break;
            }
        }
        made
    }

    fn directive(
        &self,
        directive: &Directive,
        written: &Written<'_>,
        scope: Option<&Scope<'_>>,
    ) -> Option<String> {
        match directive {
            Directive::If(choice) => {
                let condition = &choice.if_expr.cond_expr;
                let condition = self.expression(condition, written, scope).ok()?;
                let chosen = if truth(&condition)? {
                    Some(&choice.if_expr.template)
                } else {
                    choice.else_expr.as_ref().map(|other| &other.template)
                };
                let text = chosen.map(|chosen| self.template(chosen, written, scope));
                Some(text.unwrap_or_default())
            }
            Directive::For(each) => {
                let each = &each.for_expr;
                let collection = self
                    .expression(&each.collection_expr, written, scope)
                    .ok()?;
                let mut made = String::new();
                let key = each.key_var.as_ref().map(|key| key.as_str());
                let value = each.value_var.as_str();
                for round in rounds(&collection)? {
                    self.world.spend(1).then_some(())?;
                    let round = round.scopes(key, value, scope, |scope| {
                        self.template(&each.template, written, Some(scope))
                    });
                    made.push_str(&round);
                    if made.len() > MOST_TEXT {
                        return None;
                    }
                }
                Some(made)
            }
        }
    }

    /// The value of an expression.
    pub(super) fn expression(
        &self,
        expression: &Expression,
        written: &Written<'_>,
        scope: Option<&Scope<'_>>,
    ) -> Evaluated {
        let deeper = self
            .world
            .deeper(|| self.expression_here(expression, written, scope));
        deeper.unwrap_or_else(|| Ok(written.unknown(expression)))
    }

    fn expression_here(
        &self,
        expression: &Expression,
        written: &Written<'_>,
        scope: Option<&Scope<'_>>,
    ) -> Evaluated {
        let value = match expression {
            Expression::Null(_) => NodeValue::Null,
            Expression::Bool(flag) => NodeValue::Boolean(*flag.value()),
            Expression::Number(number) => number_value(number.value()),
            Expression::String(text) => NodeValue::Text(Arc::new(text.value().clone())),
            Expression::StringTemplate(template) => {
                let template = Template::from(template.clone());
                NodeValue::Text(Arc::new(self.template(&template, written, scope)))
            }
            Expression::HeredocTemplate(heredoc) => {
                let text = self.template(&heredoc.template, written, scope);
                NodeValue::Text(Arc::new(text))
            }
            Expression::Array(array) => {
                let items = array.iter().map(|item| {
                    let value = self.expression(item, written, scope);
                    value.unwrap_or_else(|Failed| written.unknown(item))
                });
                NodeValue::List(items.collect())
            }
            Expression::Object(object) => return self.object(expression, object, written, scope),
            Expression::Parenthesis(inner) => {
                return self.expression(inner.inner(), written, scope);
            }
            Expression::Variable(variable) => {
                let found = Scope::find(scope, variable.as_str());
                return Ok(found.map_or_else(|| written.unknown(expression), Clone::clone));
            }
            Expression::Traversal(traversal) => return self.traversal(traversal, written, scope),
            Expression::Conditional(choice) => {
                let condition = self.expression(&choice.cond_expr, written, scope)?;
                let branch = |branch| self.expression(branch, written, scope);
                return match truth(&condition) {
                    Some(true) => branch(&choice.true_expr),
                    Some(false) => branch(&choice.false_expr),
                    None => {
                        let yes = branch(&choice.true_expr);
                        let no = branch(&choice.false_expr);
                        match (yes, no) {
                            (Ok(yes), Ok(no)) if same(&yes, &no) => Ok(yes),
                            _ => Ok(written.unknown(expression)),
                        }
                    }
                };
            }
            Expression::UnaryOp(unary) => {
                let value = self.expression(&unary.expr, written, scope)?;
                let at = written.at(expression);
                let result = match unary.operator.value() {
                    UnaryOperator::Not => {
                        truth(&value).map(|flag| Node::at(at, NodeValue::Boolean(!flag)))
                    }
                    UnaryOperator::Neg => number(&value).map(|value| number_node(at, -value)),
                };
                return Ok(result.unwrap_or_else(|| written.unknown(expression)));
            }
            Expression::BinaryOp(binary) => {
                let result = self.binary(binary, written, scope)?;
                return Ok(result.map_or_else(
                    || written.unknown(expression),
                    |value| Node::at(written.at(expression), value),
                ));
            }
            Expression::FuncCall(call) => {
                let arguments = call.args.iter();
                let arguments = arguments.map(|one| self.expression(one, written, scope));
                let arguments: Vec<Evaluated> = arguments.collect();
                if call.name.is_namespaced() {
                    return Ok(written.unknown(expression));
                }
                let at = written.at(expression);
                let expands = call.args.expand_final();
                let size: usize = arguments.iter().flatten().map(Node::size).sum();
                self.world.spend(size);
                let name = call.name.name.as_str();
                let result = functions::call(name, arguments, expands, at)?;
                return Ok(result.unwrap_or_else(|| written.unknown(expression)));
            }
            Expression::ForExpr(each) => {
                let result = self.for_each(each, written, scope)?;
                return Ok(result.map_or_else(
                    || written.unknown(expression),
                    |value| Node::at(written.at(expression), value),
                ));
            }
        };
        Ok(Node::at(written.at(expression), value))
    }

    fn object(
        &self,
        expression: &Expression,
        object: &Object,
        written: &Written<'_>,
        scope: Option<&Scope<'_>>,
    ) -> Evaluated {
        let mut members = Vec::new();
        for (key, value) in object {
            let (key, key_start) = match (key, name(key)) {
                (hcl_edit::expr::ObjectKey::Ident(ident), Some(name)) => {
                    (Arc::new(name), written.at(ident))
                }
                (hcl_edit::expr::ObjectKey::Expression(key), Some(name)) => {
                    (Arc::new(name), written.at(key))
                }
                (hcl_edit::expr::ObjectKey::Expression(key), None) => {
                    let value = self.expression(key, written, scope)?;
                    let Some(text) = text(&value) else {
                        return Ok(written.unknown(expression));
                    };
                    (text, written.at(key))
                }
                (_, None) => return Ok(written.unknown(expression)),
            };
            let inner = value.expr();
            let value = self.expression(inner, written, scope);
            members.push(Member {
                key,
                key_start,
                value: value.unwrap_or_else(|Failed| written.unknown(inner)),
            });
        }
        Ok(Node::map(written.at(expression), members))
    }

    fn binary(
        &self,
        binary: &BinaryOp,
        written: &Written<'_>,
        scope: Option<&Scope<'_>>,
    ) -> Result<Option<NodeValue>, Failed> {
        let left = self.expression(&binary.lhs_expr, written, scope)?;
        let operator = *binary.operator.value();
        // A side that decides alone leaves the other one unasked.
        match (operator, truth(&left)) {
            (BinaryOperator::And, Some(false)) => return Ok(Some(NodeValue::Boolean(false))),
            (BinaryOperator::Or, Some(true)) => return Ok(Some(NodeValue::Boolean(true))),
            _ => {}
        }
        let right = self.expression(&binary.rhs_expr, written, scope)?;
        let flag = |flag: Option<bool>| flag.map(NodeValue::Boolean);
        let result = match operator {
            BinaryOperator::And | BinaryOperator::Or => match (operator, truth(&right)) {
                (BinaryOperator::And, Some(false)) => flag(Some(false)),
                (BinaryOperator::Or, Some(true)) => flag(Some(true)),
                (_, right) => flag(truth(&left).and(right)),
            },
            BinaryOperator::Eq | BinaryOperator::NotEq => {
                let is_known =
                    !super::scope::holds_unknown(&left) && !super::scope::holds_unknown(&right);
                let is_same = same(&left, &right)
                    || match (text(&left), text(&right)) {
                        (Some(left), Some(right)) => left == right,
                        _ => false,
                    };
                flag(is_known.then_some(is_same == (operator == BinaryOperator::Eq)))
            }
            _ => {
                let (Some(left), Some(right)) = (number(&left), number(&right)) else {
                    return Ok(None);
                };
                let value = |number: f64| {
                    let node = number_node(Position::START, number);
                    number.is_finite().then_some(node.value)
                };
                match operator {
                    BinaryOperator::Plus => value(left + right),
                    BinaryOperator::Minus => value(left - right),
                    BinaryOperator::Mul => value(left * right),
                    BinaryOperator::Div => value(left / right),
                    BinaryOperator::Mod => value(left % right),
                    BinaryOperator::Less => flag(Some(left < right)),
                    BinaryOperator::LessEq => flag(Some(left <= right)),
                    BinaryOperator::Greater => flag(Some(left > right)),
                    BinaryOperator::GreaterEq => flag(Some(left >= right)),
                    _ => None,
                }
            }
        };
        Ok(result)
    }

    fn for_each(
        &self,
        each: &ForExpr,
        written: &Written<'_>,
        scope: Option<&Scope<'_>>,
    ) -> Result<Option<NodeValue>, Failed> {
        let collection = self.expression(&each.intro.collection_expr, written, scope)?;
        let Some(rounds) = rounds(&collection) else {
            return Ok(None);
        };
        let key = each.intro.key_var.as_ref().map(|key| key.as_str());
        let value = each.intro.value_var.as_str();
        let mut items = Vec::new();
        let mut members: Vec<Member> = Vec::new();
        for round in rounds {
            let made = round.scopes(key, value, scope, |scope| {
                let scope = Some(scope);
                if let Some(condition) = &each.cond {
                    let wanted = self.expression(&condition.expr, written, scope)?;
                    match truth(&wanted) {
                        Some(true) => {}
                        Some(false) => return Ok(None),
                        // Which of them are wanted is not known.
                        None => return Err(Failed),
                    }
                }
                let value = self.expression(&each.value_expr, written, scope)?;
                let key = match &each.key_expr {
                    Some(key) => text(&self.expression(key, written, scope)?).ok_or(Failed)?,
                    None => Arc::default(),
                };
                Ok(Some((key, value)))
            });
            let Ok(made) = made else { return Ok(None) };
            let Some((key, value)) = made else { continue };
            let found = members.iter_mut().find(|member| member.key == key);
            match (&each.key_expr, found) {
                (None, _) => items.push(value),
                (Some(_), None) => {
                    let value = if each.grouping {
                        Node::list(value.start, vec![value])
                    } else {
                        value
                    };
                    members.push(Member {
                        key,
                        key_start: value.start,
                        value,
                    });
                }
                (Some(_), Some(member)) => match &mut member.value.value {
                    NodeValue::List(items) if each.grouping => items.push(value),
                    other => *other = value.value,
                },
            }
        }
        Ok(Some(match each.key_expr {
            None => NodeValue::List(items),
            Some(_) => NodeValue::Map(members),
        }))
    }

    fn traversal(
        &self,
        traversal: &Traversal,
        written: &Written<'_>,
        scope: Option<&Scope<'_>>,
    ) -> Evaluated {
        let at = written.at(&traversal.expr);
        let start = traversal.expr.span().map_or(0, |span| span.start);
        let last = traversal.operators.last().and_then(Span::span);
        let whole = written.text.get(start..last.map_or(start, |span| span.end));
        let whole = whole.unwrap_or_default();
        let mut operators = traversal.operators.as_slice();
        let mut value =
            match &traversal.expr {
                Expression::Variable(variable) => match Scope::find(scope, variable.as_str()) {
                    Some(found) => found.clone(),
                    None => {
                        let mut names = vec![variable.as_str()];
                        names.extend(operators.iter().map_while(
                            |operator| match operator.value() {
                                TraversalOperator::GetAttr(name) => Some(name.as_str()),
                                _ => None,
                            },
                        ));
                        let (found, taken) = self.refer(&names, at, whole);
                        let taken = taken.saturating_sub(1).min(operators.len());
                        let (_, rest) = operators.split_at(taken);
                        let is_all = rest.len() == operators.len();
                        operators = rest;
                        match found {
                            Ok(found) if is_unknown(&found) && is_all => return Ok(found),
                            found => found?,
                        }
                    }
                },
                other => self.expression(other, written, scope)?,
            };
        while let Some((operator, rest)) = operators.split_first() {
            if is_unknown(&value) {
                return Ok(Self::further(&value, operators, written, whole, at));
            }
            let next = match operator.value() {
                TraversalOperator::GetAttr(name) => value.get(name.as_str()).cloned(),
                TraversalOperator::LegacyIndex(index) => {
                    let index = index.value();
                    let index = usize::try_from(*index).unwrap_or(usize::MAX);
                    value.items().get(index).cloned()
                }
                TraversalOperator::Index(index) => {
                    let index = self.expression(index, written, scope)?;
                    if is_unknown(&index) {
                        return Ok(unknown(at, whole));
                    }
                    functions::item(&value, &index)
                }
                TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_) => {
                    return Ok(self.splat(&value, rest, at, whole));
                }
            };
            value = next.ok_or(Failed)?;
            operators = rest;
        }
        Ok(value)
    }

    /// A value that is not known, and what is asked of it.
    fn further(
        value: &Node,
        operators: &[hcl_edit::Decorated<TraversalOperator>],
        written: &Written<'_>,
        whole: &str,
        at: Position,
    ) -> Node {
        let known = value.as_text().unwrap_or_default();
        let inner = known
            .strip_prefix("${")
            .and_then(|text| text.strip_suffix('}'));
        let from = operators
            .first()
            .and_then(Span::span)
            .map(|span| span.start);
        let to = operators.last().and_then(Span::span).map(|span| span.end);
        match (inner, from, to) {
            (Some(inner), Some(from), Some(to)) if !inner.contains("${") && inner.len() < 500 => {
                let rest = written.text.get(from..to).unwrap_or_default();
                let dot = if rest.starts_with(['.', '[']) {
                    ""
                } else {
                    "."
                };
                unknown(at, &format!("{inner}{dot}{rest}"))
            }
            _ => unknown(at, whole),
        }
    }

    /// `list[*].name`
    fn splat(
        &self,
        value: &Node,
        rest: &[hcl_edit::Decorated<TraversalOperator>],
        at: Position,
        whole: &str,
    ) -> Node {
        let items = match &value.value {
            NodeValue::List(items) => items.as_slice(),
            NodeValue::Null => &[],
            _ => std::slice::from_ref(value),
        };
        let mut made = Vec::new();
        for item in items.iter().take(MOST_ROUNDS) {
            let mut value = item;
            for operator in rest {
                let TraversalOperator::GetAttr(name) = operator.value() else {
                    return unknown(at, whole);
                };
                match value.get(name.as_str()) {
                    Some(next) => value = next,
                    None => return unknown(at, whole),
                }
            }
            if !self.world.spend(value.size()) {
                return unknown(at, whole);
            }
            made.push(value.clone());
        }
        Node::list(at, made)
    }
}

/// One round of a loop.
pub(super) struct Round<'n> {
    key: Node,
    value: &'n Node,
}

/// The rounds of a loop over a value; none if it is not known.
pub(super) fn rounds(collection: &Node) -> Option<Vec<Round<'_>>> {
    match &collection.value {
        NodeValue::List(items) => {
            let items = items.iter().zip(0i64..).take(MOST_ROUNDS);
            let rounds = items.map(|(value, index)| Round {
                key: Node::at(value.start, NodeValue::Integer(index)),
                value,
            });
            Some(rounds.collect())
        }
        NodeValue::Map(members) => {
            let members = members.iter().take(MOST_ROUNDS);
            let rounds = members.map(|member| Round {
                key: Node::text(member.value.start, member.key.as_str()),
                value: &member.value,
            });
            Some(rounds.collect())
        }
        _ => None,
    }
}

impl Round<'_> {
    /// Does something with the names of this round.
    fn scopes<T>(
        &self,
        key: Option<&str>,
        value: &str,
        around: Option<&Scope<'_>>,
        work: impl FnOnce(&Scope<'_>) -> T,
    ) -> T {
        let outer;
        let around = match key {
            Some(name) => {
                outer = Scope {
                    name,
                    value: &self.key,
                    around,
                };
                Some(&outer)
            }
            None => around,
        };
        work(&Scope {
            name: value,
            value: self.value,
            around,
        })
    }

    /// The key and the value as one: what `each` and the names of dynamic blocks stand for. In a set
    /// the values are their keys.
    pub(super) fn each(&self, is_set: bool) -> Node {
        let key = if is_set {
            self.value.clone()
        } else {
            self.key.clone()
        };
        Node::map(
            self.value.start,
            vec![
                Member::added("key", key),
                Member::added("value", self.value.clone()),
            ],
        )
    }
}
