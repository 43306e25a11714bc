//! Reads a policy, and says what is wrong with it by line and column. Whatever is not known is
//! refused: a rule with a misspelt field would be one that nobody asks.

mod builds;
mod cases;
mod fields;
mod rules;
mod signers;

use std::collections::BTreeSet;

use linchpin_document::{Documents, Position, yaml};
use linchpin_trust::Artifact;

use crate::policy::{Level, Policy};
use fields::Fields;
pub(crate) use fields::moment;

/// The largest policy that is read, in bytes.
pub const MAX_POLICY_BYTES: usize = 1 << 20;

/// What is wrong with a policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{}:{}: {problem}", at.line, at.column)]
pub struct InvalidPolicy {
    /// The file.
    pub file: String,
    /// Where in it.
    pub at: Position,
    /// What.
    pub problem: String,
}

/// What is wrong, and where.
type Wrong = (Position, String);

/// What a policy may hold.
const FIELDS: &[&str] = &[
    "policy", "title", "signers", "builds", "levels", "level", "rules", "cases",
];

/// Reads a policy. `file` is how to name it to a person; `read_key` gives the bytes of a file with a
/// public key that the policy names.
pub fn read(
    file: &str,
    text: &str,
    read_key: &dyn Fn(&str) -> Result<Vec<u8>, String>,
) -> Result<Policy, InvalidPolicy> {
    let invalid = |(at, problem): Wrong| InvalidPolicy {
        file: file.to_owned(),
        at,
        problem,
    };
    if text.len() > MAX_POLICY_BYTES {
        let problem = format!("has more than {MAX_POLICY_BYTES} bytes, which no policy needs");
        return Err(invalid((Position::START, problem)));
    }
    let Documents {
        mut documents,
        problem,
    } = yaml::read(text);
    if let Some(problem) = problem {
        return Err(invalid((problem.at, problem.text)));
    }
    let (Some(document), true) = (documents.pop(), documents.is_empty()) else {
        let problem = "a file holds one policy".to_owned();
        return Err(invalid((Position::START, problem)));
    };
    let mut policy = policy(&Fields::of("a policy", &document), read_key).map_err(invalid)?;
    file.clone_into(&mut policy.name);
    policy.digest = Artifact::read(&mut text.as_bytes(), &[])
        .ok()
        .and_then(|artifact| artifact.digest().cloned());
    Ok(policy)
}

fn policy(
    fields: &Fields<'_>,
    read_key: &dyn Fn(&str) -> Result<Vec<u8>, String>,
) -> Result<Policy, Wrong> {
    fields.only(FIELDS)?;
    let version = fields.needed("policy")?;
    if version.value != linchpin_document::NodeValue::Integer(1) {
        let problem = "the version of the format is `policy: 1`".to_owned();
        return Err((version.start, problem));
    }
    let levels: Vec<Level> = fields.texts("levels")?.into_iter().map(Level).collect();
    let level = level(fields, &levels)?;
    let signers = fields
        .each("signers", "a signer")?
        .iter()
        .map(|signer| signers::read(signer, read_key))
        .collect::<Result<Vec<_>, _>>()?;
    unique(
        fields,
        "signers",
        signers.iter().map(|signer| signer.name.0.as_str()),
    )?;
    let builds = fields
        .each("builds", "a build")?
        .iter()
        .map(|build| builds::read(build, &signers))
        .collect::<Result<Vec<_>, _>>()?;
    let rules = fields
        .each("rules", "a rule")?
        .iter()
        .map(|rule| rules::read(rule, &levels))
        .collect::<Result<Vec<_>, _>>()?;
    unique(fields, "rules", rules.iter().map(|rule| rule.id.as_str()))?;
    if rules.is_empty() {
        let problem = "a policy without rules would let everything pass".to_owned();
        return Err((fields.start(), problem));
    }
    let cases = fields
        .each("cases", "a case")?
        .iter()
        .map(|case| cases::read(case, &signers, &levels, &rules))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Policy {
        name: String::new(),
        digest: None,
        title: fields.text("title")?.to_owned(),
        signers,
        builds,
        levels,
        level,
        rules,
        cases,
    })
}

/// The level that `level` names, which must be one of the policy's.
fn level(fields: &Fields<'_>, levels: &[Level]) -> Result<Option<Level>, Wrong> {
    let Some((at, name)) = fields.optional_text("level")? else {
        return Ok(None);
    };
    let level = Level(name.to_owned());
    if levels.contains(&level) {
        return Ok(Some(level));
    }
    let known: Vec<&str> = levels.iter().map(|level| level.0.as_str()).collect();
    let problem = if known.is_empty() {
        format!("`{name}` is no level: the policy has no `levels`")
    } else {
        format!("`{name}` is no level; `levels` has {}", known.join(", "))
    };
    Err((at, problem))
}

/// Refuses names that stand twice.
fn unique<'a>(
    fields: &Fields<'_>,
    list: &str,
    names: impl Iterator<Item = &'a str>,
) -> Result<(), Wrong> {
    let mut seen = BTreeSet::new();
    for (place, name) in names.enumerate() {
        if !seen.insert(name) {
            let at = fields.item_start(list, place);
            return Err((at, format!("there are two {list} with the name `{name}`")));
        }
    }
    Ok(())
}
