//! Expressions that users write, in the Common Expression Language:
//! <https://github.com/google/cel-spec>.
//!
//! Queries over components, rules and policies ask their questions in it. The language always
//! comes to an end; here it is made sure that it does so soon: texts, depths and loops are bounded
//! before anything is evaluated. What an expression may ask for is up to the room that uses it.

mod bounds;
mod functions;
mod shape;
mod shared;

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use cel::common::value::{CowVal, Val};
use cel::context::VariableResolver;
use cel::{Context, Env, Program};

pub use cel::Value;
pub use cel::objects::{Key, Map};
pub use shape::Shape;

/// Longest list that an expression should be given.
pub const MOST_ITEMS: usize = 10_000;

/// Most steps that loops may take: evaluations of the innermost body.
const MOST_STEPS: usize = 4_000_000;

/// Why a text is no expression that is taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExpressionError {
    /// It is too long or too deep.
    #[error("{0}")]
    TooMuch(String),
    /// It is no expression.
    #[error("line {line}, column {column}: {message}")]
    Syntax {
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
        /// What is wrong.
        message: String,
    },
    /// It asks for something that is not there.
    #[error("line {line}, column {column}: there is no field `{name}`")]
    UnknownName {
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
        /// What was asked for.
        name: String,
    },
    /// It asks a value for a field that it has not.
    #[error(
        "line {line}, column {column}: there is no field `{name}` here{}",
        listed(known)
    )]
    UnknownField {
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
        /// What was asked for.
        name: String,
        /// The fields that there are.
        known: Vec<&'static str>,
    },
}

fn listed(known: &[&str]) -> String {
    if known.is_empty() {
        return ": it is a single value or a list".to_owned();
    }
    format!("; there are {}", known.join(", "))
}

/// Why an expression has no answer for certain values: `no such key: name`, for instance.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct EvaluationError(pub String);

/// An expression that was understood.
pub struct Expression {
    program: Program,
    asked: BTreeSet<String>,
    /// The fields that it may ask for; none if it may ask for any.
    fields: Option<BTreeSet<String>>,
    loops: u32,
    has_inner_loops: bool,
}

/// How much a value holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Extent {
    /// How many items its longest list or map has.
    pub longest: usize,
    /// How many values there are in all.
    pub total: usize,
}

impl Extent {
    /// That of a value.
    pub fn of(value: &Value) -> Self {
        let mut extent = Self::default();
        let mut waiting = vec![value];
        while let Some(value) = waiting.pop() {
            extent.total += 1;
            match value {
                Value::List(items) => {
                    extent.longest = extent.longest.max(items.len());
                    waiting.extend(items.iter());
                }
                Value::Map(map) => {
                    extent.longest = extent.longest.max(map.map.len());
                    waiting.extend(map.map.values());
                }
                _ => {}
            }
        }
        extent
    }

    /// That of both together.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self {
            longest: self.longest.max(other.longest),
            total: self.total.saturating_add(other.total),
        }
    }
}

impl std::fmt::Debug for Expression {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Expression")
            .field("asked", &self.asked)
            .finish_non_exhaustive()
    }
}

/// The functions of the language, with its extensions for texts and lists, and our own.
static ENVIRONMENT: LazyLock<Arc<Env>> = LazyLock::new(|| {
    let mut environment = Env::stdlib();
    functions::add(&mut environment);
    Arc::new(environment)
});

impl Expression {
    /// Understands a text that may ask for the names that `known` holds for.
    pub fn parse(text: &str, known: impl Fn(&str) -> bool) -> Result<Self, ExpressionError> {
        if let Some(much) = bounds::too_much(text) {
            return Err(ExpressionError::TooMuch(much));
        }
        let program = ENVIRONMENT.compile(text).map_err(|errors| {
            let first = errors.errors.first();
            let (line, column) = first.map_or((1, 1), |error| error.pos);
            ExpressionError::Syntax {
                line: usize::try_from(line).unwrap_or(1).max(1),
                column: usize::try_from(column).unwrap_or(1).max(1),
                message: first.map_or_else(
                    || "it is no expression".to_owned(),
                    |error| error.msg.clone(),
                ),
            }
        })?;
        let names = bounds::names(program.expression());
        if let Some(much) = names.has_too_many_loops() {
            return Err(ExpressionError::TooMuch(much));
        }
        let mut asked = BTreeSet::new();
        for (name, node) in &names.asked {
            if known(name) {
                asked.insert((*name).to_owned());
            } else if !names.own.contains(name) {
                let place = program.source_info().offset_for(*node);
                let (line, column) = position(text, place.map_or(0, |(start, _)| start));
                return Err(ExpressionError::UnknownName {
                    line,
                    column,
                    name: (*name).to_owned(),
                });
            }
        }
        let loops = u32::try_from(names.loops).unwrap_or(u32::MAX);
        let has_inner_loops = names.has_inner_loops;
        let fields = names.fields.as_ref();
        let fields = fields.map(|fields| fields.iter().map(|field| (*field).to_owned()).collect());
        Ok(Self {
            program,
            asked,
            fields,
            loops,
            has_inner_loops,
        })
    }

    /// Understands a text that may ask for the names that have a shape, and for no field that is not
    /// in it.
    pub fn parse_shaped(
        text: &str,
        shape: &dyn Fn(&str) -> Option<Shape>,
    ) -> Result<Self, ExpressionError> {
        let expression = Self::parse(text, |name| shape(name).is_some())?;
        match shape::missing_field(expression.program.expression(), shape) {
            None => Ok(expression),
            Some(missing) => {
                let place = expression.program.source_info().offset_for(missing.node);
                let (line, column) = position(text, place.map_or(0, |(start, _)| start));
                Err(ExpressionError::UnknownField {
                    line,
                    column,
                    name: missing.name,
                    known: missing.known,
                })
            }
        }
    }

    /// The names that it asks for, sorted.
    pub fn asked(&self) -> impl Iterator<Item = &str> {
        self.asked.iter().map(String::as_str)
    }

    /// Whether it may ask some value for a field of this name.
    pub fn may_ask_for_field(&self, name: &str) -> bool {
        let fields = self.fields.as_ref();
        fields.is_none_or(|fields| fields.contains(name))
    }

    /// Whether loops over values that hold so much take too long. The caller knows how large its values
    /// are; without loops nothing does.
    pub fn is_too_much_for(&self, extent: Extent) -> bool {
        let Extent { longest, total } = extent;
        let steps = match (self.has_inner_loops, self.loops.checked_sub(1)) {
            // Loops over what the items of a loop hold see no value twice.
            (true, Some(others)) => longest
                .checked_pow(others)
                .and_then(|steps| steps.checked_mul(total)),
            _ => longest.checked_pow(self.loops),
        };
        steps.is_none_or(|steps| steps > MOST_STEPS)
    }

    /// The same for values that are asked of many times: none of them is copied. A name without a value
    /// is null.
    pub fn evaluate_prepared(
        &self,
        values: &[(&str, &Prepared)],
    ) -> Result<Value, EvaluationError> {
        let lent = Lent(values);
        let mut context = Context::with_env(Arc::clone(&ENVIRONMENT));
        context.set_variable_resolver(&lent);
        for name in &self.asked {
            if values.iter().all(|(known, _)| known != name) {
                context.add_variable_from_value(name.as_str(), Value::Null);
            }
        }
        self.program
            .execute(&context)
            .map_err(|error| EvaluationError(error.to_string().chars().take(300).collect()))
    }

    /// Its value, where `value` gives those of the names that it asks for.
    pub fn evaluate(&self, mut value: impl FnMut(&str) -> Value) -> Result<Value, EvaluationError> {
        let mut context = Context::with_env(Arc::clone(&ENVIRONMENT));
        for name in &self.asked {
            context.add_variable_from_value(name.as_str(), value(name));
        }
        self.program
            .execute(&context)
            .map_err(|error| EvaluationError(error.to_string().chars().take(300).collect()))
    }
}

/// A value that is ready to be asked of many times.
pub struct Prepared(Box<dyn Val>);

impl Prepared {
    /// Makes a value ready; nothing for one of a sort that expressions can not hold.
    pub fn new(value: Value) -> Option<Self> {
        shared::ready(value).map(Self)
    }
}

impl std::fmt::Debug for Prepared {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Prepared").finish_non_exhaustive()
    }
}

/// Lends values to an expression, by their names.
struct Lent<'a>(&'a [(&'a str, &'a Prepared)]);

impl VariableResolver for Lent<'_> {
    fn resolve<'b>(&'b self, variable: &str) -> Option<CowVal<'b, 'b>> {
        let (_, value) = self.0.iter().find(|(name, _)| *name == variable)?;
        Some(CowVal::Borrowed(value.0.as_ref()))
    }
}

/// The sort of a value, for messages: `a list`.
pub fn sort_of(value: &Value) -> &'static str {
    match value {
        Value::List(_) => "a list",
        Value::Map(_) => "a map",
        Value::Int(_) | Value::UInt(_) | Value::Float(_) => "a number",
        Value::String(_) => "a text",
        Value::Bool(_) => "true or false",
        Value::Null => "null",
        _ => "something else",
    }
}

/// The line and column of a character, counted from 1.
fn position(text: &str, place: u32) -> (usize, usize) {
    let before: String = text.chars().take(place as usize).collect();
    let line = before.matches('\n').count() + 1;
    let column = before
        .rsplit('\n')
        .next()
        .unwrap_or_default()
        .chars()
        .count()
        + 1;
    (line, column)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evaluate(text: &str) -> Result<Value, EvaluationError> {
        let expression = Expression::parse(text, |name| name == "this").unwrap();
        expression.evaluate(|_| "10.0.0.1".into())
    }

    #[test]
    fn texts_lists_and_optional_fields_can_be_asked() {
        for text in [
            "this.matches('^[0-9.]+$')",
            "this.split('.').size() == 4",
            "{'a': {'b': 1}}.?a.?b.orValue(0) == 1",
            "{'a': {}}.?a.?b.orValue(0) == 0",
            "['b', 'a'].sort() == ['a', 'b']",
            "'AbC'.lowerAscii() == 'abc'",
        ] {
            assert_eq!(evaluate(text), Ok(Value::Bool(true)), "{text}");
        }
    }

    #[test]
    fn fields_that_may_be_asked_for_are_known() {
        let asks = |text: &str, field: &str| {
            let expression = Expression::parse(text, |name| name == "this").unwrap();
            expression.may_ask_for_field(field)
        };
        for text in [
            "this.a == 1",
            "this['a'] == 1",
            "this.?a.hasValue()",
            "has(this.a)",
            "[this].exists(t, t.a == 1)",
            "this['' + 'a'] == 1",
        ] {
            assert!(asks(text, "a"), "{text}");
        }
        for text in ["this.b == 'a'", "this[0].b == 1", "this.b['c'] == 1"] {
            assert!(!asks(text, "a"), "{text}");
        }
    }

    #[test]
    fn prepared_values_are_asked_like_others() {
        let text = "this.all(item, item.startsWith('a')) && that == null";
        let expression = Expression::parse(text, |name| name == "this" || name == "that").unwrap();
        let value = Prepared::new(vec![Value::from("ab"), Value::from("ac")].into()).unwrap();
        let answer = expression.evaluate_prepared(&[("this", &value)]);
        assert_eq!(answer, Ok(Value::Bool(true)));
    }

    #[test]
    fn maps_in_prepared_lists_are_maps() {
        let map = |name: &str, size: i64| -> Value {
            let fields = [("name", Value::from(name)), ("size", Value::Int(size))];
            let fields: std::collections::HashMap<String, Value> = fields
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect();
            fields.into()
        };
        let list: Value = vec![map("a", 1), map("b", 2), map("a", 1)].into();
        let prepared = Prepared::new(list).unwrap();
        let evaluate = |text: &str| {
            let expression = Expression::parse(text, |name| name == "this").unwrap();
            expression.evaluate_prepared(&[("this", &prepared)])
        };
        for text in [
            "this[0] == this[2] && this[0] != this[1]",
            "this[1] == {'name': 'b', 'size': 2} && {'name': 'b', 'size': 2} == this[1]",
            "this[1] in this && {'name': 'a', 'size': 1} in this && !({'name': 'c'} in this)",
            "this.filter(t, t.name == 'a').map(t, t.size) == [1, 1]",
            "this.all(t, 'name' in t && t.size() == 2 && has(t.size) && !has(t.x))",
            "this.exists(t, t['name'] == 'b') && this[0].?x.orValue(3) == 3",
            "this[?1].?name.orValue('') == 'b' && this[?1][?'size'].orValue(0) == 2",
            "this[?1].value().name == 'b' && this[?1].orValue({}).size == 2",
            "this[?7].?name.orValue('none') == 'none' && this[?1].?x.hasValue() == false",
            "this.map(t, t).filter(t, t.all(key, key in ['name', 'size'])).size() == 3",
            "(this.size() == 3 ? this[1] : this[0]).name == 'b'",
            "(this + this).size() == 6 && type(this[0]) == type({})",
        ] {
            assert_eq!(evaluate(text), Ok(Value::Bool(true)), "{text}");
        }
        // What comes out is a value like any other.
        let found = evaluate("this.filter(t, t.size == 2)");
        assert_eq!(found, Ok(vec![map("b", 2)].into()));
        assert_eq!(evaluate("this[1]"), Ok(map("b", 2)));
        assert!(evaluate("this[0].x").is_err());
    }

    #[test]
    fn a_pattern_that_is_none_or_too_large_is_an_error() {
        assert!(evaluate("this.matches('(')").is_err());
        assert!(evaluate("this.matches('((a{1000}){1000}){1000}')").is_err());
    }

    #[test]
    fn what_takes_for_ever_is_refused_before_it_is_tried() {
        let three = "this.all(a, this.all(b, this.all(c, a == b)))";
        assert!(matches!(
            Expression::parse(three, |name| name == "this"),
            Err(ExpressionError::TooMuch(_))
        ));
        let too_much = |text: &str, longest: usize, total: usize| {
            let expression = Expression::parse(text, |name| name == "this").unwrap();
            expression.is_too_much_for(Extent { longest, total })
        };
        let two = "this.all(a, this.all(b, a == b))";
        assert!(!too_much(two, 1_000, 1_000_000));
        assert!(too_much(two, 10_000, 10_000));
        // What items hold is looked at once each, however many items there are.
        let inner = "this.filter(a, a.names.exists(n, n == 'x'))";
        assert!(!too_much(inner, 100_000, 1_000_000));
        assert!(too_much(inner, 100_000, 10_000_000));
        for not_inner in [
            // A list of the item, for each item of another.
            "this.all(a, a.x.all(b, a.y.all(c, b == c)))",
            // What was computed may hold everything in each item.
            "this.map(a, this).all(b, b.all(c, c == 1))",
            "this.all(a, this.names.all(b, a == b))",
        ] {
            assert!(too_much(not_inner, 10_000, 20_000), "{not_inner}");
        }
    }

    #[test]
    fn fields_that_are_not_there_are_told_with_their_place() {
        let shape = |name: &str| match name {
            "findings" => Some(Shape::list(Shape::fields([
                ("id", Shape::Plain),
                ("fixed_in", Shape::list(Shape::Plain)),
            ]))),
            "artifact" => Some(Shape::fields([("name", Shape::Plain)])),
            _ => None,
        };
        let parse = |text: &str| Expression::parse_shaped(text, &shape);
        for right in [
            "findings.filter(f, f.id == 'a').map(f, f.fixed_in).all(f, f.size() > 0)",
            "findings.exists(f, f.?id.orValue('') == artifact.name)",
            "findings[0].id == 'a' || {'x': 1}.x == 1",
            "findings.exists_one(f, has(f.id))",
            "findings.map(f, f.id).sort()[0].startsWith('CVE')",
        ] {
            assert!(parse(right).is_ok(), "{right}: {:?}", parse(right));
        }
        for wrong in [
            "findings.filter(f, f.exploted)",
            "true || findings.filter(f, f.id == 'a').exists(x, x.ids == 'a')",
            "findings[0].idd == 'a'",
            "findings[0]['idd'] == 'a'",
            "findings.exists(f, f.?idd.orValue('') == '')",
            "artifact.nam == 'a'",
            "artifact.name.first",
            "findings.map(f, f.id).exists(i, i.x)",
            "findings.id == 'a'",
            "findings.exists(f, findings.exists(g, f.id == g.idd))",
            "findings.filter(f, has(f.idd)).size() == 0",
            "[artifact][0].nam == ''",
            "(findings.size() > 0 ? findings[0] : findings[1]).idd == ''",
        ] {
            let error = parse(wrong).unwrap_err();
            assert!(
                matches!(error, ExpressionError::UnknownField { .. }),
                "{wrong}: {error}"
            );
        }
        let error = parse("true &&\n  artifact.nam == ''").unwrap_err();
        assert_eq!(
            error.to_string(),
            "line 2, column 11: there is no field `nam` here; there are name"
        );
    }

    #[test]
    fn names_that_are_not_there_are_told_with_their_place() {
        let error = Expression::parse("true &&\n  that.x", |name| name == "this").unwrap_err();
        assert_eq!(
            error.to_string(),
            "line 2, column 3: there is no field `that`"
        );
    }
}
