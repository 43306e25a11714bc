//! The cases of a policy: what was said, and what must come out.

use linchpin_document::{Node, NodeValue};
use serde_json::{Map, Number, Value};

use super::fields::Fields;
use super::signers::predicate_type;
use super::{Wrong, level};
use crate::Decision;
use crate::policy::{Case, Level, Rule, Said, SignerName, TrustedSigner};

const FIELDS: &[&str] = &[
    "title",
    "artifact",
    "environment",
    "channel",
    "level",
    "now",
    "statements",
    "expect",
    "rules",
];

const SAID: &[&str] = &["signer", "type", "predicate", "time"];

pub(super) fn read(
    fields: &Fields<'_>,
    signers: &[TrustedSigner],
    levels: &[Level],
    rules: &[Rule],
) -> Result<Case, Wrong> {
    fields.only(FIELDS)?;
    let owned = |name: &str| -> Result<Option<String>, Wrong> {
        Ok(fields.optional_text(name)?.map(|(_, text)| text.to_owned()))
    };
    let now = fields
        .moment("now")?
        .ok_or_else(|| (fields.start(), "a case needs the field `now`".to_owned()))?;
    let said = fields
        .each("statements", "a statement")?
        .iter()
        .map(|statement| said(statement, signers))
        .collect::<Result<Vec<_>, _>>()?;
    let of_rules = match fields.inner("rules", "`rules`") {
        None => Vec::new(),
        Some(expected) => expected
            .entries()?
            .into_iter()
            .map(|(id, node)| {
                if rules.iter().all(|rule| rule.id != id) {
                    return Err((node.start, format!("there is no rule `{id}`")));
                }
                Ok((id.to_owned(), decision(node)?))
            })
            .collect::<Result<Vec<_>, Wrong>>()?,
    };
    Ok(Case {
        title: fields.text("title")?.to_owned(),
        at: fields.start(),
        artifact: owned("artifact")?,
        environment: owned("environment")?,
        channel: owned("channel")?,
        level: level(fields, levels)?,
        now,
        said,
        expect: decision(fields.needed("expect")?)?,
        rules: of_rules,
    })
}

fn said(fields: &Fields<'_>, signers: &[TrustedSigner]) -> Result<Said, Wrong> {
    fields.only(SAID)?;
    let signer = fields.text("signer")?;
    // A policy that names nobody is given signers when it is asked.
    if !signers.is_empty() && signers.iter().all(|known| known.name.0 != signer) {
        let at = fields.needed("signer")?.start;
        return Err((at, format!("there is no signer `{signer}`")));
    }
    let word = fields.needed("type")?;
    let predicate_type = predicate_type(word.as_text().unwrap_or_default())
        .map_err(|problem| (word.start, problem))?;
    let predicate = match fields.get("predicate") {
        None => Value::Object(Map::new()),
        Some(node) => to_json(node),
    };
    Ok(Said {
        signer: SignerName(signer.to_owned()),
        predicate_type,
        predicate: predicate.to_string(),
        time: fields.moment("time")?,
    })
}

fn decision(node: &Node) -> Result<Decision, Wrong> {
    let word = node.as_text().unwrap_or_default();
    Decision::ALL
        .into_iter()
        .find(|decision| decision.word() == word)
        .ok_or_else(|| {
            let words = Decision::ALL.map(Decision::word).join(", ");
            (node.start, format!("what is expected is one of {words}"))
        })
}

/// A value of YAML as JSON. It is as deep as YAML is read.
fn to_json(node: &Node) -> Value {
    match &node.value {
        NodeValue::Null => Value::Null,
        NodeValue::Boolean(flag) => Value::Bool(*flag),
        NodeValue::Integer(number) => Value::Number(Number::from(*number)),
        NodeValue::Number(number) => Number::from_f64(*number).map_or(Value::Null, Value::Number),
        NodeValue::Text(text) => Value::String(text.as_str().to_owned()),
        NodeValue::List(items) => Value::Array(items.iter().map(to_json).collect()),
        NodeValue::Map(members) => {
            let entries = members.iter();
            let entries =
                entries.map(|member| (member.key.as_str().to_owned(), to_json(&member.value)));
            Value::Object(entries.collect())
        }
    }
}
