//! The tree for programs, version 1.

use anyhow::Result;
use linchpin_trust::UnverifiedSigner;
use serde_json::{Value, json};

use super::{Leaf, State, Tree, What};
use crate::commands::verify::{apart, line, signer_json};

/// The whole document.
pub(super) fn written(tree: &Tree) -> Result<String> {
    line(&json!({
        "version": 1,
        "image": tree.image,
        "digest": tree.digest.to_string(),
        "attached": tree.leaves.iter().map(leaf).collect::<Vec<Value>>(),
    }))
}

fn leaf(leaf: &Leaf) -> Value {
    let (what, kind) = match &leaf.what {
        What::Says(predicate_type) => (predicate_type.word(), predicate_type.uri()),
        What::Called(called) => (None, called.as_str()),
    };
    let mut value = json!({
        "form": leaf.form,
        "what": what,
        "type": kind,
        "manifest": leaf.manifest.to_string(),
        "layer": leaf.layer,
        "size": leaf.size,
        "state": state(&leaf.state),
        "signer": signer(&leaf.state),
    });
    if let Value::Object(fields) = &mut value {
        match &leaf.state {
            State::Verified(verified) => {
                let evidence = verified.evidence();
                let times = evidence.times.iter().map(ToString::to_string);
                fields.insert("times".to_owned(), times.collect());
                fields.insert("logged".to_owned(), evidence.logged.into());
            }
            State::Refused { id, message } => {
                fields.insert("reason".to_owned(), (*id).into());
                fields.insert("message".to_owned(), apart(message).0.into());
            }
            State::Unavailable(message) => {
                fields.insert("message".to_owned(), apart(message).0.into());
            }
            State::Unverified(_) | State::Unsigned => {}
        }
    }
    value
}

fn state(state: &State) -> &'static str {
    match state {
        State::Unverified(_) => "not-verified",
        State::Verified(_) => "verified",
        State::Refused { .. } => "refused",
        State::Unsigned => "unsigned",
        State::Unavailable(_) => "unavailable",
    }
}

fn signer(state: &State) -> Value {
    match state {
        State::Verified(verified) => signer_json(&verified.evidence().signer),
        State::Unverified(UnverifiedSigner::Key { hint }) => {
            json!({"key": {"fingerprint": hint}})
        }
        State::Unverified(UnverifiedSigner::Certificate { identity, issuer }) => {
            json!({"identity": identity, "issuer": issuer})
        }
        _ => Value::Null,
    }
}
