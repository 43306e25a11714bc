//! Reads a rule, and says what is wrong with it with the line.

use linchpin_document::{Node, NodeValue, Position};
use linchpin_expression::{Expression, ExpressionError};
use linchpin_model::Severity;

use super::{Example, Rule};
use crate::edit;
use crate::kind::{Kind, SubjectKind};
use crate::kinds;
use linchpin_document::yaml;

/// What a rule may hold.
const FIELDS: &[&str] = &[
    "id",
    "title",
    "severity",
    "category",
    "why",
    "fix",
    "references",
    "applies_to",
    "each",
    "of",
    "when",
    "at",
    "message",
    "edit",
    "pass",
    "fail",
];

/// What is wrong with a rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{}:{}: {problem}", at.line, at.column)]
pub struct InvalidRule {
    /// The file.
    pub file: String,
    /// Where in it.
    pub at: Position,
    /// What.
    pub problem: String,
}

/// Reads a rule from the text of a file.
pub(crate) fn read(file: &str, text: &str) -> Result<Rule, InvalidRule> {
    let invalid = |at: Position, problem: String| InvalidRule {
        file: file.to_owned(),
        at,
        problem,
    };
    let mut read = yaml::read(text);
    if let Some(problem) = read.problem {
        return Err(invalid(problem.at, problem.text));
    }
    let (Some(document), true) = (read.documents.pop(), read.documents.is_empty()) else {
        let problem = "a file holds one rule".to_owned();
        return Err(invalid(Position::START, problem));
    };
    Fields(&document)
        .rule()
        .map_err(|(at, problem)| invalid(at, problem))
}

/// What is wrong, and where.
type Wrong = (Position, String);

struct Fields<'a>(&'a Node);

impl<'a> Fields<'a> {
    fn rule(&self) -> Result<Rule, Wrong> {
        for member in self.0.members() {
            if !FIELDS.contains(&member.key.as_str()) {
                let problem = format!("a rule has no field `{}`", member.key);
                return Err((member.key_start, problem));
            }
        }
        let kind = self.kind()?;
        let each = self.each(kind)?;
        let known = |name: &str| name == "this" || each.around.contains(&name);
        let at = self.places()?;
        let severity = self.text("severity")?;
        let rule = Rule {
            id: self.id()?,
            title: self.text("title")?.1.to_owned(),
            severity: severity
                .1
                .parse()
                .ok()
                .filter(|known| *known >= Severity::Low)
                .ok_or_else(|| {
                    let problem = "the severity is low, medium, high or critical".to_owned();
                    (severity.0, problem)
                })?,
            category: self.text("category")?.1.to_owned(),
            why: self.text("why")?.1.trim().to_owned(),
            fix: self.text("fix")?.1.trim_end().to_owned(),
            references: self.texts("references")?,
            kind,
            each,
            of: self.texts("of")?,
            when: self
                .expression("when", known)?
                .ok_or_else(|| self.missing("when"))?,
            at,
            message: self.expression("message", known)?,
            edit: self.0.get("edit").map(edit::read).transpose()?,
            pass: self.examples("pass", kind)?,
            fail: self.examples("fail", kind)?,
        };
        Ok(rule)
    }

    fn missing(&self, name: &str) -> Wrong {
        (self.0.start, format!("a rule needs the field `{name}`"))
    }

    /// A text that must be there, with its place.
    fn text(&self, name: &str) -> Result<(Position, &'a str), Wrong> {
        let node = self.0.get(name).ok_or_else(|| self.missing(name))?;
        match node.as_text() {
            Some(text) if !text.trim().is_empty() => Ok((node.start, text)),
            _ => Err((node.start, format!("`{name}` is a text"))),
        }
    }

    /// A text or a list of texts, or nothing.
    fn texts(&self, name: &str) -> Result<Vec<String>, Wrong> {
        let Some(node) = self.0.get(name) else {
            return Ok(Vec::new());
        };
        let nodes = match &node.value {
            NodeValue::List(items) => items.as_slice(),
            _ => std::slice::from_ref(node),
        };
        nodes
            .iter()
            .map(|node| {
                let text = node.as_text().map(str::to_owned);
                text.ok_or_else(|| (node.start, format!("`{name}` is a text or a list of texts")))
            })
            .collect()
    }

    fn id(&self) -> Result<String, Wrong> {
        let (at, id) = self.text("id")?;
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if id.len() <= 80 && id.bytes().all(allowed) && !id.starts_with('-') {
            Ok(id.to_owned())
        } else {
            let problem = "an id has lower case letters, digits and hyphens, at most 80".to_owned();
            Err((at, problem))
        }
    }

    fn kind(&self) -> Result<&'static Kind, Wrong> {
        let (at, word) = self.text("applies_to")?;
        kinds::find(word).ok_or_else(|| {
            let words: Vec<&str> = kinds::ALL.iter().map(|kind| kind.id).collect();
            let problem = format!(
                "`{word}` is no kind of document; they are {}",
                words.join(", ")
            );
            (at, problem)
        })
    }

    fn each(&self, kind: &'static Kind) -> Result<&'static SubjectKind, Wrong> {
        let (at, word) = self.text("each")?;
        let found = kind.subjects.iter().find(|subject| subject.name == word);
        found.ok_or_else(|| {
            let words: Vec<&str> = kind.subjects.iter().map(|subject| subject.name).collect();
            let words = words.join(", ");
            let problem = format!("rules for {} look at each of: {words}", kind.id);
            (at, problem)
        })
    }

    fn places(&self) -> Result<Vec<crate::place::Place>, Wrong> {
        let at = self.0.get("at").map_or(self.0.start, |node| node.start);
        self.texts("at")?
            .iter()
            .map(|text| text.parse().map_err(|error| (at, format!("{error}"))))
            .collect()
    }

    fn expression(
        &self,
        name: &str,
        known: impl Fn(&str) -> bool,
    ) -> Result<Option<Expression>, Wrong> {
        let Some(node) = self.0.get(name) else {
            return Ok(None);
        };
        let (at, text) = match &node.value {
            NodeValue::Boolean(flag) => (node.start, flag.to_string()),
            _ => self.text(name).map(|(at, text)| (at, text.to_owned()))?,
        };
        Expression::parse(&text, known).map(Some).map_err(|error| {
            let said = match &error {
                ExpressionError::TooMuch(much) => format!("`{name}` is too much: {much}"),
                other => format!("`{name}` is no expression: {other}"),
            };
            (at, said)
        })
    }

    /// Each a text, or a map of texts by their paths.
    fn examples(&self, name: &str, kind: &Kind) -> Result<Vec<Example>, Wrong> {
        let node = self.0.get(name).ok_or_else(|| self.missing(name))?;
        let wrong = |node: &Node| {
            let problem = format!("`{name}` is a list of texts, or of maps from paths to texts");
            (node.start, problem)
        };
        if node.items().is_empty() {
            return Err(wrong(node));
        }
        let example = |item: &Node| match &item.value {
            NodeValue::Text(text) => Ok(Example(vec![(
                kind.example.to_owned(),
                text.as_ref().clone(),
            )])),
            NodeValue::Map(members) => members
                .iter()
                .map(|member| {
                    let text = member.value.as_text().ok_or_else(|| wrong(item))?;
                    Ok((member.key.as_ref().clone(), text.to_owned()))
                })
                .collect::<Result<_, Wrong>>()
                .map(Example),
            _ => Err(wrong(item)),
        };
        node.items().iter().map(example).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "\
id: compose-x
title: X
severity: high
category: isolation
why: Because. It is so.
fix: Write it.
applies_to: compose
each: service
when: this.?privileged.orValue(false) == true
at: privileged
pass: ['services: {}']
fail: ['services: {a: {privileged: true}}']
";

    #[test]
    fn mistakes_are_told_with_their_place() {
        assert!(read("x.yaml", GOOD).is_ok());
        for (from, to, said) in [
            (
                "severity: high",
                "severity: bad",
                "x.yaml:3:11: the severity is",
            ),
            (
                "each: service",
                "each: pod",
                "x.yaml:8:7: rules for compose look at each of: file, service",
            ),
            (
                "this.?priv",
                "that.?priv",
                "x.yaml:9:7: `when` is no expression: line 1, column 1: there is no field `that`",
            ),
            (
                "at: priv",
                "at: .priv",
                "x.yaml:10:5: `.privileged` is no place",
            ),
            (
                "title: X\n",
                "",
                "x.yaml:1:1: a rule needs the field `title`",
            ),
            ("title:", "name:", "x.yaml:2:1: a rule has no field `name`"),
            ("id: compose-x", "id: Compose X", "x.yaml:1:5: an id has"),
            (
                "pass: ['services: {}']",
                "pass: []",
                "x.yaml:11:7: `pass` is a list",
            ),
        ] {
            let error = read("x.yaml", &GOOD.replace(from, to)).unwrap_err();
            assert!(error.to_string().starts_with(said), "{error}");
        }
    }
}
