//! What `linchpin verify` tells: for people, and as JSON. `tree` tells signers and moments the same
//! way.

use std::fmt::Write as _;

use anyhow::{Context, Result};
use linchpin_report::printable;
use linchpin_trust::{Claim, Evidence, PredicateType, Signer, Verified};
use serde_json::{Value, json};

use super::Refused;
use crate::exit_codes::{ExitCode, Failure};

/// What was asked.
pub(super) struct Asked<'a> {
    pub(super) artifact: &'a str,
    /// Where the bundle is.
    pub(super) bundle: &'a str,
}

impl Asked<'_> {
    pub(super) fn table(&self, verified: &Verified<Claim>) -> String {
        let evidence = verified.evidence();
        let mut text = format!("verified {}\n", printable(self.artifact));
        if let Some(digest) = &evidence.artifact {
            let _ = writeln!(text, "  digest     {digest}");
        }
        let _ = writeln!(text, "  signed by  {}", signer(&evidence.signer));
        let says = match verified.value() {
            Claim::Signature => "a signature without a statement".to_owned(),
            Claim::Statement(statement) => what(statement.predicate_type()),
        };
        let _ = writeln!(text, "  what       {says}");
        let _ = writeln!(text, "  when       {}", when(evidence));
        text
    }

    pub(super) fn json(&self, verified: &Verified<Claim>) -> Value {
        let evidence = verified.evidence();
        let predicate_type = match verified.value() {
            Claim::Signature => Value::Null,
            Claim::Statement(statement) => statement.predicate_type().uri().into(),
        };
        json!({
            "version": 1,
            "artifact": self.artifact,
            "bundle": self.bundle,
            "verified": true,
            "digest": evidence.artifact.as_ref().map(ToString::to_string),
            "signer": signer_json(&evidence.signer),
            "predicateType": predicate_type,
            "logged": evidence.logged,
            "stamped": evidence.stamped,
            "times": evidence.times.iter().map(ToString::to_string).collect::<Vec<_>>(),
        })
    }

    pub(super) fn refused_json(&self, refused: &Refused) -> Value {
        let why = refused.why.root_cause().to_string();
        let (message, hint) = apart(&why);
        let mut answer = json!({
            "version": 1,
            "artifact": self.artifact,
            "bundle": self.bundle,
            "verified": false,
            "reason": refused.id,
            "message": message,
            "hint": hint,
        });
        if let (Some(tried), Value::Object(answer)) = (&refused.tried, &mut answer) {
            let tried = tried.iter().map(|tried| {
                json!({
                    "bundle": tried.place,
                    "reason": tried.id,
                    "message": apart(&tried.message).0,
                })
            });
            answer.insert("tried".to_owned(), tried.collect());
        }
        answer
    }
}

/// A message and its hint.
pub(in crate::commands) fn apart(text: &str) -> (&str, Option<&str>) {
    match text.split_once("\nhint: ") {
        Some((message, hint)) => (message, Some(hint)),
        None => (text, None),
    }
}

/// What a bundle says, for people.
pub(in crate::commands) fn what(predicate_type: &PredicateType) -> String {
    match predicate_type.word() {
        Some("signature") => "a signature".to_owned(),
        Some(word) => format!("a statement of the type {word}"),
        None => format!("a statement of the type {predicate_type}"),
    }
}

/// Who signed, for people.
pub(in crate::commands) fn signer(signer: &Signer) -> String {
    match signer {
        Signer::Key {
            algorithm,
            fingerprint,
        } => format!("the {algorithm} key {fingerprint}"),
        Signer::Identity { identity, issuer } => format!(
            "{}, for whom {} vouches",
            printable(identity),
            printable(issuer)
        ),
    }
}

/// Who signed, for programs.
pub(in crate::commands) fn signer_json(signer: &Signer) -> Value {
    match signer {
        Signer::Key {
            algorithm,
            fingerprint,
        } => json!({"key": {"algorithm": algorithm.name(), "fingerprint": fingerprint}}),
        Signer::Identity { identity, issuer } => json!({"identity": identity, "issuer": issuer}),
    }
}

/// When it was signed, for people.
pub(in crate::commands) fn when(evidence: &Evidence) -> String {
    match evidence.times.first() {
        Some(time) if evidence.logged && evidence.stamped => {
            format!("{time}, in a transparency log and by a timestamp authority")
        }
        Some(time) if evidence.logged => format!("{time}, in a transparency log"),
        Some(time) => format!("{time}, by a timestamp authority"),
        None if evidence.logged => "unknown, in a transparency log".to_owned(),
        None => "unknown: a key alone tells no time".to_owned(),
    }
}

pub(in crate::commands) fn line(value: &Value) -> Result<String> {
    let text = serde_json::to_string_pretty(value)
        .context(Failure::new(ExitCode::Internal, "write JSON"))?;
    Ok(text + "\n")
}
