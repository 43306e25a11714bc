//! Environment markers: the condition after the `;` of a requirement.
//! <https://packaging.python.org/en/latest/specifications/dependency-specifiers/#environment-markers>
//!
//! Kept in postfix order and evaluated with a stack, so that no nesting, however deep, can
//! exhaust the program's own stack.

use std::str::FromStr as _;

use pep440_rs::{Version, VersionSpecifier};

use super::{Environment, normalise_name};

/// A condition on the place where a package is installed, and on the extras asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Marker(Vec<Step>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Compare(Value, Operator, Value),
    And,
    Or,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Value {
    Variable(Variable),
    Text(Box<str>),
}

/// What a marker may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Variable {
    OsName,
    SysPlatform,
    PlatformMachine,
    PlatformPythonImplementation,
    PlatformRelease,
    PlatformSystem,
    PlatformVersion,
    PythonVersion,
    PythonFullVersion,
    ImplementationName,
    ImplementationVersion,
    Extra,
}

impl Variable {
    /// The names of the specification, and those that came before it.
    fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "os_name" | "os.name" => Self::OsName,
            "sys_platform" | "sys.platform" => Self::SysPlatform,
            "platform_machine" | "platform.machine" => Self::PlatformMachine,
            "platform_python_implementation"
            | "platform.python_implementation"
            | "python_implementation" => Self::PlatformPythonImplementation,
            "platform_release" => Self::PlatformRelease,
            "platform_system" => Self::PlatformSystem,
            "platform_version" | "platform.version" => Self::PlatformVersion,
            "python_version" => Self::PythonVersion,
            "python_full_version" => Self::PythonFullVersion,
            "implementation_name" => Self::ImplementationName,
            "implementation_version" => Self::ImplementationVersion,
            "extra" => Self::Extra,
            _ => return None,
        })
    }

    fn is_version(self) -> bool {
        matches!(
            self,
            Self::PythonVersion
                | Self::PythonFullVersion
                | Self::ImplementationVersion
                | Self::PlatformRelease
        )
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Less,
    LessOrEqual,
    Equal,
    NotEqual,
    GreaterOrEqual,
    Greater,
    Compatible,
    Exactly,
    In,
    NotIn,
}

const OPERATORS: [(&str, Operator); 8] = [
    ("===", Operator::Exactly),
    ("==", Operator::Equal),
    ("!=", Operator::NotEqual),
    ("<=", Operator::LessOrEqual),
    (">=", Operator::GreaterOrEqual),
    ("~=", Operator::Compatible),
    ("<", Operator::Less),
    (">", Operator::Greater),
];

impl Operator {
    fn text(self) -> &'static str {
        OPERATORS
            .iter()
            .find(|(_, operator)| *operator == self)
            .map_or("", |(text, _)| text)
    }
}

impl Marker {
    /// The condition `extra == "name"`.
    pub(crate) fn of_extra(name: &str) -> Self {
        Self(vec![Step::Compare(
            Value::Variable(Variable::Extra),
            Operator::Equal,
            Value::Text(name.into()),
        )])
    }

    /// Both conditions.
    pub(crate) fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self.0.push(Step::And);
        self
    }

    /// Whether it holds in an environment, for any of the extras or without one.
    pub(crate) fn holds<'a>(
        &self,
        environment: &Environment,
        extras: impl Iterator<Item = &'a str>,
    ) -> bool {
        std::iter::once("")
            .chain(extras)
            .any(|extra| self.evaluate(&|variable| environment.value(variable), extra))
    }

    /// Whether it may hold somewhere: only what it says of extras is looked at.
    pub(crate) fn may_hold<'a>(&self, extras: impl Iterator<Item = &'a str>) -> bool {
        std::iter::once("")
            .chain(extras)
            .any(|extra| self.evaluate(&|_| None, extra))
    }

    /// Whether it holds for a Python of today, on whatever platform.
    pub(crate) fn holds_for_some_python(&self) -> bool {
        (8..=15).any(|minor| {
            let environment = Environment::linux(3, minor, None);
            let versions = |variable: Variable| {
                let told = variable.is_version() && variable != Variable::PlatformRelease;
                told.then(|| environment.value(variable)).flatten()
            };
            self.evaluate(&versions, "")
        })
    }

    /// The extras that it names.
    pub(crate) fn extras(&self) -> impl Iterator<Item = Box<str>> {
        self.0.iter().filter_map(|step| match step {
            Step::Compare(Value::Variable(Variable::Extra), _, Value::Text(name))
            | Step::Compare(Value::Text(name), _, Value::Variable(Variable::Extra)) => {
                Some(normalise_name(name))
            }
            _ => None,
        })
    }

    /// A variable without a value makes its comparison true.
    fn evaluate(&self, environment: &dyn Fn(Variable) -> Option<String>, extra: &str) -> bool {
        let mut stack: Vec<bool> = Vec::new();
        for step in &self.0 {
            let result = match step {
                Step::Compare(left, operator, right) => {
                    compare(left, *operator, right, environment, extra)
                }
                Step::And | Step::Or => {
                    let (right, left) = (stack.pop(), stack.pop());
                    let (left, right) = (left.unwrap_or(true), right.unwrap_or(true));
                    if *step == Step::And {
                        left && right
                    } else {
                        left || right
                    }
                }
            };
            stack.push(result);
        }
        stack.pop().unwrap_or(true)
    }

    /// Reads a marker.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut rest = text.trim_start();
        let mut steps = Vec::new();
        // The operators and opening parentheses that still wait: the shunting-yard algorithm.
        let mut waiting: Vec<Waiting> = Vec::new();
        let mut value_comes = true;
        while !rest.is_empty() {
            if value_comes {
                if let Some(after) = rest.strip_prefix('(') {
                    waiting.push(Waiting::Parenthesis);
                    rest = after.trim_start();
                    continue;
                }
                let (left, after) = value(rest)?;
                let (operator, after) = operator(after)?;
                let (right, after) = value(after)?;
                steps.push(Step::Compare(left, operator, right));
                rest = after;
                value_comes = false;
            } else if let Some(after) = rest.strip_prefix(')') {
                loop {
                    match waiting.pop() {
                        Some(Waiting::Parenthesis) => break,
                        Some(operator) => steps.push(operator.step()),
                        None => return Err("`)` closes nothing".to_owned()),
                    }
                }
                rest = after.trim_start();
            } else if let Some(after) = word(rest, "and") {
                while matches!(waiting.last(), Some(Waiting::And)) {
                    waiting.pop();
                    steps.push(Step::And);
                }
                waiting.push(Waiting::And);
                rest = after;
                value_comes = true;
            } else if let Some(after) = word(rest, "or") {
                while let Some(Waiting::And | Waiting::Or) = waiting.last() {
                    steps.extend(waiting.pop().map(Waiting::step));
                }
                waiting.push(Waiting::Or);
                rest = after;
                value_comes = true;
            } else {
                return Err(format!("`{}` is no `and` or `or`", shorten(rest)));
            }
        }
        if value_comes {
            return Err("a comparison is missing at the end of the marker".to_owned());
        }
        while let Some(operator) = waiting.pop() {
            if operator == Waiting::Parenthesis {
                return Err("`(` is not closed".to_owned());
            }
            steps.push(operator.step());
        }
        Ok(Self(steps))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Waiting {
    Parenthesis,
    And,
    Or,
}

impl Waiting {
    fn step(self) -> Step {
        if self == Self::Or {
            Step::Or
        } else {
            Step::And
        }
    }
}

/// What comes after a word, if the text begins with it.
fn word<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let after = text.strip_prefix(word)?;
    let ends = !after.starts_with(|next: char| next.is_ascii_alphanumeric() || next == '_');
    ends.then(|| after.trim_start())
}

fn value(text: &str) -> Result<(Value, &str), String> {
    let invalid = || format!("`{}` is neither a known variable nor a text", shorten(text));
    if let Some(quote @ ('"' | '\'')) = text.chars().next() {
        let (inner, after) = text
            .get(1..)
            .and_then(|inner| inner.split_once(quote))
            .ok_or_else(invalid)?;
        return Ok((Value::Text(inner.into()), after.trim_start()));
    }
    let end = text
        .find(|next: char| !(next.is_ascii_alphanumeric() || matches!(next, '_' | '.')))
        .unwrap_or(text.len());
    let (name, after) = text.split_at(end);
    let variable = Variable::from_name(name).ok_or_else(invalid)?;
    Ok((Value::Variable(variable), after.trim_start()))
}

fn operator(text: &str) -> Result<(Operator, &str), String> {
    for (symbol, operator) in OPERATORS {
        if let Some(after) = text.strip_prefix(symbol) {
            return Ok((operator, after.trim_start()));
        }
    }
    if let Some(after) = word(text, "in") {
        return Ok((Operator::In, after));
    }
    if let Some(after) = word(text, "not").and_then(|after| word(after, "in")) {
        return Ok((Operator::NotIn, after));
    }
    Err(format!("`{}` is no comparison", shorten(text)))
}

fn shorten(text: &str) -> String {
    text.chars().take(40).collect()
}

fn compare(
    left: &Value,
    operator: Operator,
    right: &Value,
    environment: &dyn Fn(Variable) -> Option<String>,
    extra: &str,
) -> bool {
    let of_extra = [left, right].contains(&&Value::Variable(Variable::Extra));
    let of_version = [left, right]
        .iter()
        .any(|side| matches!(side, Value::Variable(variable) if variable.is_version()));
    let resolve = |side: &Value| match side {
        Value::Variable(Variable::Extra) => Some(extra.to_owned()),
        Value::Variable(variable) => environment(*variable),
        Value::Text(text) if of_extra => Some(normalise_name(text).into()),
        Value::Text(text) => Some(text.to_string()),
    };
    let (Some(left), Some(right)) = (resolve(left), resolve(right)) else {
        return true;
    };
    match operator {
        Operator::In => return right.contains(&left),
        Operator::NotIn => return !right.contains(&left),
        _ => {}
    }
    if of_version && let Some(result) = compare_versions(&left, operator, &right) {
        return result;
    }
    match operator {
        Operator::Less => left < right,
        Operator::LessOrEqual => left <= right,
        Operator::NotEqual => left != right,
        Operator::GreaterOrEqual => left >= right,
        Operator::Greater => left > right,
        _ => left == right,
    }
}

/// Compares as version specifiers do: `3.11 == "3.*"`. `None` if either side is no version.
fn compare_versions(left: &str, operator: Operator, right: &str) -> Option<bool> {
    let specifier = VersionSpecifier::from_str(&format!("{}{right}", operator.text())).ok()?;
    Some(specifier.contains(&Version::from_str(left).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(text: &str, extras: &[&str]) -> bool {
        let environment = Environment::linux(3, 11, None);
        Marker::parse(text)
            .unwrap_or_else(|error| panic!("{text}: {error}"))
            .holds(&environment, extras.iter().copied())
    }

    #[test]
    fn conditions_are_evaluated_as_versions_or_texts() {
        assert!(holds("python_version >= '3.8'", &[]));
        assert!(holds(
            "python_version<\"3.12\" and sys_platform != 'win32'",
            &[]
        ));
        assert!(!holds("python_version == '2.7' or (os_name == 'nt')", &[]));
        assert!(holds("'linux' in sys_platform", &[]));
        assert!(holds("sys_platform not in 'win32 darwin'", &[]));
        assert!(holds("platform.python_implementation == 'CPython'", &[]));
        assert!(holds("'3.9' < python_version", &[]));
        assert!(holds("python_version == '3.*'", &[]));
    }

    #[test]
    fn and_binds_closer_than_or() {
        assert!(holds(
            "os_name == 'posix' or os_name == 'nt' and os_name == 'x'",
            &[]
        ));
        assert!(!holds(
            "(os_name == 'posix' or os_name == 'nt') and os_name == 'x'",
            &[]
        ));
    }

    #[test]
    fn extras_hold_only_if_asked_for() {
        assert!(!holds("extra == 'redis'", &[]));
        assert!(holds("extra == 'Redis_Cluster'", &["redis-cluster"]));
        assert!(!holds("extra == 'a' and python_version < '3'", &["a"]));
        let marker = Marker::parse("extra == 'a' and python_version < '3'").unwrap();
        assert!(marker.may_hold(["a"].into_iter()));
        assert!(!marker.may_hold(std::iter::empty()));
    }

    #[test]
    fn mistakes_are_told_and_depth_is_no_danger() {
        for text in [
            "",
            "python_version",
            "python_version >",
            "(os_name == 'x'",
            "os_name == 'x')",
            "os_name = 'x'",
            "unknown == 'x'",
            "os_name == 'x' os_name == 'y'",
            "os_name == 'x",
        ] {
            assert!(Marker::parse(text).is_err(), "{text}");
        }
        let deep = format!(
            "{}os_name == 'posix'{}",
            "(".repeat(200_000),
            ")".repeat(200_000)
        );
        assert!(holds(&deep, &[]));
    }
}
