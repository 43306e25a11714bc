//! The other names: the artifact, the moment, provenance, checks, verdicts, statements and signers.

use std::collections::BTreeMap;

use linchpin_expression::Value;
use linchpin_model::Timestamp;
use linchpin_trust::Provenance;

use super::values::{from_json, list, record, text, texts};
use super::{Materials, Raw, age, age_of, whose};
use crate::decision::Context;
use crate::evidence::Evidence;
use crate::predicates::summary::Summary;
use crate::predicates::test_result::{Descriptor, TestResult};
use crate::provenance::judge;

pub(super) fn artifact(context: &Context) -> Value {
    let optional = |value: &Option<String>| text(value.as_deref().unwrap_or_default());
    let digest = context.digest.as_ref().map(ToString::to_string);
    record([
        ("name", text(context.called())),
        ("digest", optional(&digest)),
        ("environment", optional(&context.environment)),
        ("channel", optional(&context.channel)),
    ])
}

pub(super) fn now(now: Timestamp) -> Value {
    let written = now.to_string();
    // A moment is always written as `2026-01-31T12:00:00Z`, with more digits behind the seconds or not.
    let hour = written.get(11..13).and_then(|hour| hour.parse().ok());
    // The first of January 1970 was a Thursday.
    let days = now.as_second().div_euclid(86_400);
    let weekday = (days + 3).rem_euclid(7) + 1;
    record([
        ("date", text(written.get(..10).unwrap_or_default())),
        ("time", text(&written)),
        ("weekday", Value::Int(weekday)),
        ("hour", Value::Int(hour.unwrap_or_default())),
    ])
}

/// The builds that the policy takes. Why it does not take another is a note.
pub(super) fn provenance(materials: &mut Materials<'_>) -> Raw {
    let mut taken = Vec::new();
    let now = materials.context.now;
    for testimony in materials
        .evidence
        .of_types(&["provenance", "provenance-v0.2"])
    {
        let predicate = testimony.predicate.as_deref().unwrap_or_default();
        let read = match testimony.predicate_type.word() {
            Some("provenance") => Provenance::read_v1(predicate),
            _ => Provenance::read_v0_2(predicate),
        };
        let judged = read.map_err(|error| error.to_string()).and_then(|read| {
            let build = judge(&read, &testimony.signer, &materials.policy.builds)?;
            Ok((build, read))
        });
        match judged {
            Err(why) => {
                let note = format!("{} does not count: {why}", whose(testimony));
                materials.notes.push(note);
            }
            Ok((build, read)) => {
                materials.build_level = materials.build_level.max(Some(build.level));
                let source = read.source.as_ref();
                let of_source =
                    |value: Option<&String>| text(value.map(String::as_str).unwrap_or_default());
                taken.push(record([
                    ("builder", text(&read.builder)),
                    ("level", Value::Int(i64::from(build.level))),
                    ("build_type", text(&read.build_type)),
                    ("source", of_source(source.map(|source| &source.uri))),
                    (
                        "ref",
                        of_source(source.and_then(|source| source.reference.as_ref())),
                    ),
                    (
                        "commit",
                        of_source(source.and_then(|source| source.commit.as_ref())),
                    ),
                    ("signer", text(&testimony.signer.0)),
                    ("age", Value::Float(age_of(read.finished, testimony, now))),
                ]));
            }
        }
    }
    Raw::Value(list(taken))
}

pub(super) fn checks(materials: &Materials<'_>) -> Raw {
    let mut results = Vec::new();
    for testimony in materials.evidence.of_types(&["test-result"]) {
        match TestResult::read(testimony) {
            Err(why) => {
                return Raw::Unreadable(format!("{} can not be read: {why}", whose(testimony)));
            }
            Ok(read) => results.push(record([
                ("result", text(read.result.word())),
                ("passed", texts(&read.passed_tests)),
                ("warned", texts(&read.warned_tests)),
                ("failed", texts(&read.failed_tests)),
                (
                    "configuration",
                    texts(read.configuration.iter().map(Descriptor::called)),
                ),
                ("signer", text(&testimony.signer.0)),
                ("age", Value::Float(age(testimony, materials.context.now))),
            ])),
        }
    }
    Raw::Value(list(results))
}

/// Verdicts of other gates. One that is about something else does not count, even if it is about the
/// same bytes: what may run in one place need not in another.
pub(super) fn summaries(materials: &mut Materials<'_>) -> Raw {
    let mut verdicts = Vec::new();
    let now = materials.context.now;
    for testimony in materials.evidence.of_types(&["vsa"]) {
        let summary = match Summary::read(testimony) {
            Ok(summary) if is_resource(&summary.resource_uri, materials.context) => summary,
            Ok(summary) => {
                materials.notes.push(format!(
                    "{} does not count: it is about `{}`",
                    whose(testimony),
                    summary.resource_uri
                ));
                continue;
            }
            Err(why) => {
                let note = format!("{} does not count: {why}", whose(testimony));
                materials.notes.push(note);
                continue;
            }
        };
        let digest = summary.policy.digest.iter().next();
        let digest = digest.map(|(algorithm, value)| format!("{algorithm}:{value}"));
        verdicts.push(record([
            ("result", text(&summary.verification_result)),
            ("verifier", text(&summary.verifier.id)),
            ("policy", text(&summary.policy.uri)),
            ("policy_digest", text(&digest.unwrap_or_default())),
            ("levels", texts(&summary.verified_levels)),
            ("signer", text(&testimony.signer.0)),
            (
                "age",
                Value::Float(age_of(summary.time_verified, testimony, now)),
            ),
        ]));
    }
    Raw::Value(list(verdicts))
}

/// Whether a verdict is about what is asked about: by its name, or by its digest where it has none.
fn is_resource(uri: &str, context: &Context) -> bool {
    let digest = context.digest.as_ref().map(ToString::to_string);
    Some(uri) == context.name.as_deref() || Some(uri) == digest.as_deref()
}

pub(super) fn statements(materials: &Materials<'_>) -> Raw {
    let now = materials.context.now;
    let all = materials.evidence.all().iter();
    let values = all.map(|testimony| {
        let word = testimony.predicate_type.word().unwrap_or_default();
        let predicate = match (word, &testimony.predicate) {
            ("cyclonedx" | "spdx", _) | (_, None) => Ok(serde_json::Value::Null),
            (_, Some(predicate)) => serde_json::from_str(predicate),
        };
        let predicate =
            predicate.map_err(|error| format!("{} can not be read: {error}", whose(testimony)))?;
        Ok(record([
            ("type", text(testimony.predicate_type.uri())),
            ("word", text(word)),
            ("signer", text(&testimony.signer.0)),
            ("logged", Value::Bool(testimony.logged)),
            ("age", Value::Float(age(testimony, now))),
            ("predicate", from_json(&predicate)),
        ]))
    });
    match values.collect::<Result<Vec<Value>, String>>() {
        Ok(values) => Raw::Value(list(values)),
        Err(why) => Raw::Unreadable(why),
    }
}

pub(super) fn signers(evidence: &Evidence) -> Value {
    let mut said: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for testimony in evidence.all() {
        let predicate_type = &testimony.predicate_type;
        let types = said.entry(&testimony.signer.0).or_default();
        types.push(predicate_type.word().unwrap_or(predicate_type.uri()));
    }
    list(said.into_iter().map(|(name, mut types)| {
        types.sort_unstable();
        types.dedup();
        record([("name", text(name)), ("says", texts(types))])
    }))
}
