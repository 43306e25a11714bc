//! The expressions of templates and of Bicep, as trees:
//! <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-expressions> and
//! <https://learn.microsoft.com/azure/azure-resource-manager/bicep/operators>.
//!
//! One grammar serves both: that of templates is a part of that of Bicep, but for how apostrophes in
//! texts are written. What is not understood is no tree, and its value is not known.

use crate::syntax::bicep::scanning::{interpolation, quoted};
use crate::syntax::bicep::values;

/// Deepest nesting.
const DEEPEST: usize = 40;

/// Most parts of one expression.
const MOST_PARTS: usize = 2_000;

/// Longest expression, in bytes.
const LONGEST: usize = 32 << 10;

/// In which language something is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    Json,
    Bicep,
}

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expression {
    Null,
    Boolean(bool),
    Integer(i64),
    /// A text; in Bicep with expressions in it.
    Text(String),
    Name(String),
    List(Vec<Self>),
    Object(Vec<(String, Self)>),
    Call(String, Vec<Self>),
    Member(Box<Self>, String),
    Index(Box<Self>, Box<Self>),
    Not(Box<Self>),
    Negative(Box<Self>),
    Two(Operator, Box<Self>, Box<Self>),
    Choice(Box<Self>, Box<Self>, Box<Self>),
}

/// What stands between two expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Otherwise,
    Or,
    And,
    Equal,
    Unequal,
    Alike,
    Unlike,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

/// The operators by how loosely they bind, those that begin like others before them.
const OPERATORS: &[(&str, Operator, u8)] = &[
    ("??", Operator::Otherwise, 1),
    ("||", Operator::Or, 2),
    ("&&", Operator::And, 3),
    ("==", Operator::Equal, 4),
    ("!=", Operator::Unequal, 4),
    ("=~", Operator::Alike, 4),
    ("!~", Operator::Unlike, 4),
    ("<=", Operator::LessOrEqual, 5),
    (">=", Operator::GreaterOrEqual, 5),
    ("<", Operator::Less, 5),
    (">", Operator::Greater, 5),
    ("+", Operator::Add, 6),
    ("-", Operator::Subtract, 6),
    ("*", Operator::Multiply, 7),
    ("/", Operator::Divide, 7),
    ("%", Operator::Remainder, 7),
];

/// Reads an expression.
pub(super) fn parse(text: &str, language: Language) -> Option<Expression> {
    if text.len() > LONGEST {
        return None;
    }
    let mut parser = Parser {
        rest: text,
        language,
        depth: 0,
        parts: 0,
    };
    let expression = parser.choice()?;
    parser.skip_blanks();
    parser.rest.is_empty().then_some(expression)
}

struct Parser<'a> {
    rest: &'a str,
    language: Language,
    depth: usize,
    parts: usize,
}

impl<'a> Parser<'a> {
    fn skip_blanks(&mut self) {
        loop {
            self.rest = self.rest.trim_start();
            if self.language == Language::Bicep && self.rest.starts_with("//") {
                self.rest = self.rest.split_once('\n').map_or("", |(_, rest)| rest);
            } else if self.language == Language::Bicep && self.rest.starts_with("/*") {
                self.rest = self.rest.split_once("*/").map_or("", |(_, rest)| rest);
            } else {
                return;
            }
        }
    }

    fn take(&mut self, text: &str) -> bool {
        self.skip_blanks();
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn name(&mut self) -> Option<&'a str> {
        self.skip_blanks();
        let length = self
            .rest
            .find(|sign: char| !(sign.is_ascii_alphanumeric() || sign == '_'))
            .unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at_checked(length)?;
        if name.is_empty() || name.starts_with(|sign: char| sign.is_ascii_digit()) {
            return None;
        }
        self.rest = rest;
        Some(name)
    }

    /// `condition ? yes : no`, or anything that binds closer.
    fn choice(&mut self) -> Option<Expression> {
        self.parts += 1;
        if self.depth >= DEEPEST || self.parts > MOST_PARTS {
            return None;
        }
        self.depth += 1;
        let condition = self.operators(1)?;
        self.skip_blanks();
        let is_choice = self.rest.starts_with('?') && !self.rest.starts_with("??");
        let expression = if is_choice && self.take("?") {
            let yes = self.choice()?;
            if !self.take(":") {
                return None;
            }
            let no = self.choice()?;
            Expression::Choice(Box::new(condition), Box::new(yes), Box::new(no))
        } else {
            condition
        };
        self.depth -= 1;
        Some(expression)
    }

    fn operators(&mut self, loosest: u8) -> Option<Expression> {
        let mut left = self.unary()?;
        loop {
            self.skip_blanks();
            let found = OPERATORS
                .iter()
                .find(|(written, ..)| self.rest.starts_with(written));
            let Some((written, operator, binding)) = found.filter(|found| found.2 >= loosest)
            else {
                return Some(left);
            };
            self.parts += 1;
            if self.parts > MOST_PARTS {
                return None;
            }
            self.take(written);
            let right = self.operators(binding + 1)?;
            left = Expression::Two(*operator, Box::new(left), Box::new(right));
        }
    }

    fn unary(&mut self) -> Option<Expression> {
        self.skip_blanks();
        let mut before = Vec::new();
        while self.rest.starts_with(['!', '-']) && !self.rest.starts_with("!=") {
            before.push(self.rest.starts_with('!'));
            self.rest = self.rest.get(1..)?;
            self.skip_blanks();
            if before.len() > DEEPEST {
                return None;
            }
        }
        let mut expression = self.behind()?;
        for is_not in before.into_iter().rev() {
            let inner = Box::new(expression);
            expression = if is_not {
                Expression::Not(inner)
            } else {
                Expression::Negative(inner)
            };
        }
        Some(expression)
    }

    /// A value, with the members and items that are taken of it.
    fn behind(&mut self) -> Option<Expression> {
        let mut expression = self.primary()?;
        let mut taken = 0;
        loop {
            taken += 1;
            if taken > DEEPEST {
                return None;
            }
            self.skip_blanks();
            let is_safe = self.rest.starts_with(".?") || self.rest.starts_with("[?");
            if self.rest.starts_with("::") {
                self.rest = self.rest.get(2..)?;
                let name = self.name()?.to_owned();
                expression = Expression::Member(Box::new(expression), name);
            } else if self.rest.starts_with('.') {
                self.rest = self.rest.get(1 + usize::from(is_safe)..)?;
                let name = self.name()?.to_owned();
                self.skip_blanks();
                if self.rest.starts_with('(') {
                    // A function of a resource or of a namespace.
                    let arguments = self.arguments()?;
                    expression = match &expression {
                        Expression::Name(space) if matches!(space.as_str(), "sys" | "az") => {
                            Expression::Call(name, arguments)
                        }
                        _ => Expression::Call(format!(".{name}"), arguments),
                    };
                } else {
                    expression = Expression::Member(Box::new(expression), name);
                }
            } else if self.rest.starts_with('[') {
                self.rest = self.rest.get(1 + usize::from(is_safe)..)?;
                let index = self.choice()?;
                if !self.take("]") {
                    return None;
                }
                expression = Expression::Index(Box::new(expression), Box::new(index));
            } else if self.rest.starts_with('!')
                && !self.rest.starts_with("!=")
                && !self.rest.starts_with("!~")
            {
                // It is promised not to be null.
                self.rest = self.rest.get(1..)?;
            } else {
                return Some(expression);
            }
        }
    }

    fn arguments(&mut self) -> Option<Vec<Expression>> {
        if !self.take("(") {
            return None;
        }
        let mut arguments = Vec::new();
        loop {
            if self.take(")") {
                return Some(arguments);
            }
            arguments.push(self.choice()?);
            if !self.take(",") {
                return self.take(")").then_some(arguments);
            }
        }
    }

    fn primary(&mut self) -> Option<Expression> {
        self.skip_blanks();
        match self.rest.chars().next()? {
            '(' => {
                self.rest = self.rest.get(1..)?;
                let inner = self.choice()?;
                self.take(")").then_some(inner)
            }
            '\'' => self.text().map(Expression::Text),
            '[' if self.language == Language::Bicep => self.list(),
            '{' if self.language == Language::Bicep => self.object(),
            sign if sign.is_ascii_digit() => {
                let length = self.rest.find(|sign: char| !sign.is_ascii_digit());
                let (digits, rest) = self.rest.split_at(length.unwrap_or(self.rest.len()));
                self.rest = rest;
                digits.parse().ok().map(Expression::Integer)
            }
            _ => {
                let name = self.name()?;
                self.skip_blanks();
                if self.rest.starts_with('(') {
                    return Some(Expression::Call(name.to_owned(), self.arguments()?));
                }
                Some(match (name, self.language) {
                    ("true", _) => Expression::Boolean(true),
                    ("false", _) => Expression::Boolean(false),
                    ("null", _) => Expression::Null,
                    _ => Expression::Name(name.to_owned()),
                })
            }
        }
    }

    fn text(&mut self) -> Option<String> {
        if self.language == Language::Bicep {
            let (written, rest) = self.rest.split_at_checked(quoted(self.rest)?)?;
            self.rest = rest;
            return Some(values::text(written));
        }
        let mut rest = self.rest.strip_prefix('\'')?;
        let mut read = String::new();
        loop {
            let (before, after) = rest.split_once('\'')?;
            read.push_str(before);
            rest = after;
            match rest.strip_prefix('\'') {
                // Two stand for one.
                Some(after) => {
                    read.push('\'');
                    rest = after;
                }
                None => break,
            }
        }
        self.rest = rest;
        Some(read)
    }

    fn list(&mut self) -> Option<Expression> {
        self.rest = self.rest.get(1..)?;
        let mut items = Vec::new();
        loop {
            while self.take(",") {}
            if self.take("]") {
                return Some(Expression::List(items));
            }
            items.push(self.choice()?);
        }
    }

    fn object(&mut self) -> Option<Expression> {
        self.rest = self.rest.get(1..)?;
        let mut members = Vec::new();
        loop {
            while self.take(",") {}
            if self.take("}") {
                return Some(Expression::Object(members));
            }
            let name = if self.rest.starts_with('\'') {
                self.text()?
            } else {
                self.name()?.to_owned()
            };
            if !self.take(":") {
                return None;
            }
            members.push((name, self.choice()?));
        }
    }
}

/// The parts of a text of Bicep: what is written, and expressions in it.
pub(super) fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(place) = rest.find("${") {
        let (before, from) = rest.split_at(place);
        if let Some(before) = before.strip_suffix('$') {
            // It only looks like one.
            parts.push(Part::Written(before));
            parts.push(Part::Written("${"));
            rest = from.get(2..).unwrap_or_default();
            continue;
        }
        parts.push(Part::Written(before));
        let Some(length) = interpolation(from) else {
            rest = from;
            break;
        };
        let inner = from.get(2..length - 1).unwrap_or_default();
        parts.push(Part::Expression(inner));
        rest = from.get(length..).unwrap_or_default();
    }
    parts.push(Part::Written(rest));
    parts.retain(|part| *part != Part::Written(""));
    parts
}

/// A part of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part<'t> {
    Written(&'t str),
    Expression(&'t str),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_bind_as_they_should() {
        let shown = |text: &str| format!("{:?}", parse(text, Language::Bicep).unwrap());
        for (left, right) in [
            ("a || b && c == d", "a || (b && (c == d))"),
            ("a + b * c - d", "(a + (b * c)) - d"),
            ("a ?? b ? c : d ? e : f", "(a ?? b) ? c : (d ? e : f)"),
            ("!a.b[0].?c", "!(a.b[0].c)"),
            ("!empty(a) && -1 < b", "(!(empty(a))) && ((-1) < b)"),
            ("sys.concat(a, b)", "concat(a, b)"),
        ] {
            assert_eq!(shown(left), shown(right), "{left}");
        }
    }

    #[test]
    fn templates_write_apostrophes_twice() {
        let parsed = parse(
            "concat('it''s', parameters('a').b[copyIndex()])",
            Language::Json,
        );
        let Some(Expression::Call(name, arguments)) = parsed else {
            panic!("{parsed:?}");
        };
        assert_eq!(name, "concat");
        assert_eq!(arguments[0], Expression::Text("it's".to_owned()));
        assert_eq!(arguments.len(), 2);
    }

    #[test]
    fn what_is_no_expression_and_what_is_too_much_is_none() {
        for text in [
            "", "a b", "f(", "a.", "'a", "a ? b", "[1", "{a: 1", "{a 1}", "1 +",
        ] {
            assert_eq!(parse(text, Language::Bicep), None, "{text}");
        }
        for (open, close) in [
            ("(", ")"),
            ("f(", ")"),
            ("[", "]"),
            ("a[", "]"),
            ("!", ""),
            ("a ? b : ", ""),
        ] {
            let text = format!("{}1{}", open.repeat(3_000), close.repeat(3_000));
            assert_eq!(parse(&text, Language::Bicep), None, "{open}");
        }
        assert_eq!(parse(&"1+".repeat(20_000), Language::Bicep), None);
        assert_eq!(
            parse(&format!("1{}", "+1".repeat(3_000)), Language::Bicep),
            None
        );
    }

    #[test]
    fn texts_have_parts() {
        assert_eq!(
            parts("a${b('}')}$${c}${d"),
            [
                Part::Written("a"),
                Part::Expression("b('}')"),
                Part::Written("${"),
                Part::Written("c}"),
                Part::Written("${d"),
            ]
        );
    }
}
