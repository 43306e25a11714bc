//! The rules of a policy.

use linchpin_expression::{Expression, ExpressionError};

use super::fields::Fields;
use super::{Wrong, level};
use crate::names::{NAMES, shape};
use crate::policy::{Applies, Level, Question, Rule};

const FIELDS: &[&str] = &[
    "id", "title", "when", "level", "require", "deny", "message", "fix",
];

const APPLIES: &[&str] = &["images", "environments", "channels"];

pub(super) fn read(fields: &Fields<'_>, levels: &[Level]) -> Result<Rule, Wrong> {
    fields.only(FIELDS)?;
    let question = match (
        fields.optional_text("require")?,
        fields.optional_text("deny")?,
    ) {
        (Some(_), None) => Question::Require(expression(fields, "require")?),
        (None, Some(_)) => Question::Deny(expression(fields, "deny")?),
        _ => {
            let problem = "a rule has `require` or `deny`, and not both".to_owned();
            return Err((fields.start(), problem));
        }
    };
    let applies = match fields.inner("when", "`when`") {
        None => Applies::default(),
        Some(when) => {
            when.only(APPLIES)?;
            Applies {
                images: when.texts("images")?,
                environments: when.texts("environments")?,
                channels: when.texts("channels")?,
            }
        }
    };
    Ok(Rule {
        id: id(fields)?,
        title: fields.text("title")?.to_owned(),
        at: fields.start(),
        applies,
        level: level(fields, levels)?,
        question,
        message: fields.text("message")?.to_owned(),
        fix: fields.text("fix")?.to_owned(),
    })
}

fn id(fields: &Fields<'_>) -> Result<String, Wrong> {
    let id = fields.text("id")?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if id.len() <= 100 && id.chars().all(plain) {
        return Ok(id.to_owned());
    }
    let at = fields.needed("id")?.start;
    let problem = format!("the id `{id}` is not of small letters, digits and hyphens alone");
    Err((at, problem))
}

/// An expression, whose faults are told at their place in the file where it stands on one line, else
/// at its beginning with the line inside of it.
fn expression(fields: &Fields<'_>, name: &str) -> Result<Expression, Wrong> {
    let node = fields.needed(name)?;
    let text = node.as_text().unwrap_or_default();
    Expression::parse_shaped(text, &shape).map_err(|error| {
        let mut problem = format!("`{name}` is no expression that is taken: {error}");
        if let ExpressionError::UnknownName { .. } = error {
            let known: Vec<&str> = NAMES.iter().map(|entry| entry.name).collect();
            problem.push_str("; there are ");
            problem.push_str(&known.join(", "));
        }
        (node.start, problem)
    })
}
