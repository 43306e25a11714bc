//! What an entry of a log says twice must agree.
//!
//! The log of version 2 repeats in a proof what its signed checkpoint says, and the crate goes by
//! the checkpoint alone, as that log's documentation allows. A bundle that contradicts itself is
//! refused here all the same: another reader may go by the other place.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::verification::Refusal;

/// Sees that the entries contradict neither themselves nor the logs of the trusted root, which are
/// given by the ids of their keys. That they hold was verified before.
pub(super) fn check(entries: &[Value], known_logs: &[Vec<u8>]) -> Result<(), Refusal> {
    entries.iter().try_for_each(|entry| {
        let id = entry.pointer("/logId/keyId").and_then(Value::as_str);
        let id = id.unwrap_or_default();
        let is_known = STANDARD.decode(id).is_ok_and(|id| known_logs.contains(&id));
        if !is_known {
            return Err(Refusal::UnknownLog(id.chars().take(200).collect()));
        }
        entry
            .get("inclusionProof")
            .map_or(Ok(()), |proof| check_proof(entry, proof))
    })
}

fn check_proof(entry: &Value, proof: &Value) -> Result<(), Refusal> {
    let contradicted =
        |what: &str| Refusal::LogProof(format!("its {what} is not that of the signed checkpoint"));
    let envelope = proof
        .pointer("/checkpoint/envelope")
        .and_then(Value::as_str);
    let mut lines = envelope.unwrap_or_default().lines().skip(1);
    let (size, root) = (lines.next(), lines.next());
    if let Some(said) = number(proof.get("treeSize"))
        && size.and_then(|size| size.parse().ok()) != Some(said)
    {
        return Err(contradicted("tree size"));
    }
    if let Some(said) = proof.get("rootHash").and_then(Value::as_str)
        && !said.is_empty()
        && root != Some(said)
    {
        return Err(contradicted("root"));
    }
    // In version 1 the entry's index counts over all shards of the log, and the proof's in one.
    let kind = entry.get("kindVersion");
    if kind == Some(&json!({"kind": "hashedrekord", "version": "0.0.2"}))
        && let Some(said) = number(proof.get("logIndex"))
        && number(entry.get("logIndex")) != Some(said)
    {
        let told = "its index is not that of the entry".to_owned();
        return Err(Refusal::LogProof(told));
    }
    Ok(())
}

/// A number, which protocol buffers write as text, and leave out if it is none.
fn number(value: Option<&Value>) -> Option<u64> {
    match value? {
        Value::String(text) => text.parse().ok(),
        other => other.as_u64(),
    }
}
