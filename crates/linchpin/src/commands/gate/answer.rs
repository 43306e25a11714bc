//! What came out, for people and for programs.

use std::fmt::Write as _;

use anyhow::{Context as _, Result};
use linchpin_policy::{Context, Decision, Policy, RuleVerdict, Verdict};
use linchpin_report::printable;
use linchpin_text::{counted, wrap};
use serde_json::{Value, json};

use crate::exit_codes::{ExitCode, Failure};

/// A verdict with what it is about.
pub(super) struct Answer<'a> {
    pub(super) policy: &'a Policy,
    pub(super) context: &'a Context,
    pub(super) verdict: &'a Verdict,
    /// Who has said something.
    pub(super) signers: Vec<&'a str>,
    /// What was found and does not count, with where it was and why.
    pub(super) passed_over: &'a [(String, String)],
}

/// The most offences of a rule, and the most things passed over, that are shown unless all are asked
/// for.
const SHOWN: usize = 5;

/// The columns of the word before a rule.
const WORD: usize = 11;

impl Answer<'_> {
    pub(super) fn table(&self, width: usize, all: bool) -> String {
        let mut text = format!(
            "{}  {}\n",
            heading(self.verdict.decision),
            printable(self.context.called())
        );
        if let Some(digest) = &self.context.digest {
            let _ = writeln!(text, "  digest    {digest}");
        }
        let level = self.policy.level.as_ref();
        let level = level.map_or_else(String::new, |level| {
            format!(", level {}", printable(&level.0))
        });
        let _ = writeln!(text, "  policy    {}{level}", printable(&self.policy.name));
        let by = if self.signers.is_empty() {
            "nobody whom the policy believes has said anything".to_owned()
        } else {
            let signers: Vec<String> = self
                .signers
                .iter()
                .map(|name| printable(name).into_owned())
                .collect();
            format!(
                "{} of {}",
                counted(self.verdict.statements, "statement"),
                signers.join(", ")
            )
        };
        let _ = writeln!(text, "  evidence  {by}");
        text.push('\n');
        for rule in &self.verdict.rules {
            describe(rule, width, all, &mut text);
        }
        let mut rest: Vec<String> = Vec::new();
        if self.verdict.left_out > 0 {
            rest.push(format!(
                "{} about other artifacts",
                counted(self.verdict.left_out, "rule")
            ));
        }
        let passed_over = self
            .passed_over
            .iter()
            .map(|(from, why)| format!("{from} does not count: {why}"));
        rest.extend(passed_over);
        rest.extend(self.verdict.notes.iter().cloned());
        if !rest.is_empty() {
            text.push('\n');
        }
        let shown = if all {
            rest.len()
        } else {
            SHOWN.min(rest.len())
        };
        for note in rest.iter().take(shown) {
            let (message, _) = split_hint(note);
            indented(&mut text, "note: ", &printable(message), 2, width);
        }
        if rest.len() > shown {
            let _ = writeln!(
                text,
                "  and {} more, which --verbose shows",
                rest.len() - shown
            );
        }
        text
    }

    pub(super) fn json(&self) -> Result<String> {
        let rules: Vec<Value> = self
            .verdict
            .rules
            .iter()
            .map(|rule| {
                json!({
                    "id": rule.id,
                    "title": rule.title,
                    "decision": rule.decision.word(),
                    "counts": rule.counts,
                    "level": rule.level,
                    "excepted": rule.excepted,
                    "reason": rule.reason,
                    "offences": rule.offences,
                    "fix": rule.fix,
                })
            })
            .collect();
        let passed_over: Vec<Value> = self
            .passed_over
            .iter()
            .map(|(from, why)| json!({"from": from, "reason": why}))
            .collect();
        let value = json!({
            "version": 1,
            "artifact": self.context.called(),
            "name": self.context.name,
            "digest": self.context.digest.as_ref().map(ToString::to_string),
            "environment": self.context.environment,
            "channel": self.context.channel,
            "decision": self.verdict.decision.word(),
            "policy": {
                "name": self.policy.name,
                "digest": self.policy.digest.as_ref().map(ToString::to_string),
                "level": self.policy.level.as_ref().map(|level| level.0.as_str()),
            },
            "buildLevel": self.verdict.build_level,
            "rules": rules,
            "statements": self.verdict.statements,
            "signers": self.signers,
            "passedOver": passed_over,
            "notes": self.verdict.notes,
            "time": self.context.now.to_string(),
        });
        let written = serde_json::to_string_pretty(&value)
            .context(Failure::new(ExitCode::Internal, "write JSON"))?;
        Ok(written + "\n")
    }
}

/// A rule, and what is wrong.
fn describe(rule: &RuleVerdict, width: usize, all: bool, text: &mut String) {
    let word = match (rule.decision, rule.counts) {
        (Decision::Passed, _) => "passed",
        (_, _) if rule.excepted.is_some() => "excepted",
        (_, false) => "would deny",
        (Decision::Denied, true) => "DENIED",
        (Decision::Undecided, true) => "UNDECIDED",
    };
    let title = format!("{}: {}", rule.id, printable(&rule.title));
    indented(text, &format!("{word:<WORD$}"), &title, 2, width);
    // What does not count yet is told in a line, unless all is asked for.
    if rule.decision == Decision::Passed || !(rule.counts || all) {
        return;
    }
    let deeper = 2 + WORD;
    if let Some(excepted) = &rule.excepted {
        indented(text, "", &printable(excepted), deeper, width);
        return;
    }
    if let Some(reason) = &rule.reason {
        let (message, hint) = split_hint(reason);
        indented(text, "", &printable(message), deeper, width);
        if let Some(hint) = hint {
            indented(text, "hint: ", &printable(hint), deeper, width);
        }
    }
    let shown = if all { rule.offences.len() } else { SHOWN };
    for offence in rule.offences.iter().take(shown) {
        indented(text, "- ", &printable(offence), deeper, width);
    }
    if rule.offences.len() > shown {
        let more = format!("and {} more", rule.offences.len() - shown);
        indented(text, "", &more, deeper, width);
    }
    if rule.counts {
        indented(text, "do: ", &printable(&rule.fix), deeper, width);
    } else if let Some(level) = &rule.level {
        let counts = format!("counts from the level {} on", printable(level));
        indented(text, "", &counts, deeper, width);
    }
}

fn heading(decision: Decision) -> &'static str {
    match decision {
        Decision::Passed => "passed",
        Decision::Denied => "DENIED",
        Decision::Undecided => "UNDECIDED",
    }
}

fn split_hint(text: &str) -> (&str, Option<&str>) {
    match text.split_once("\nhint: ") {
        Some((message, hint)) => (message, Some(hint)),
        None => (text, None),
    }
}

/// A text behind its beginning, whose other lines begin below the first.
fn indented(into: &mut String, begin: &str, text: &str, indent: usize, width: usize) {
    let deeper = indent + begin.len();
    let lines = wrap(text, width.saturating_sub(deeper).max(20));
    for (number, line) in lines.iter().enumerate() {
        let begin = if number == 0 { begin } else { "" };
        let _ = writeln!(
            into,
            "{:indent$}{begin:<before$}{line}",
            "",
            before = deeper - indent
        );
    }
}
