//! The verdict as a statement: the predicate `https://slsa.dev/verification_summary/v1`, by which others
//! can go without asking all rules again. <https://slsa.dev/spec/v1.1/verification_summary>

use linchpin_model::{Digest, Timestamp};
use serde_json::{Map, Value, json};

use crate::decision::{Decision, Verdict};

/// What a verdict says of its making.
#[derive(Debug, Clone, Copy)]
pub struct SummaryFacts<'a> {
    /// The URI of the gate.
    pub verifier: &'a str,
    /// Its version.
    pub version: &'a str,
    /// The moment.
    pub now: Timestamp,
    /// What the artifact was asked for as: its name, or its digest if it has none.
    pub resource: &'a str,
    /// The policy, as it was named.
    pub policy: &'a str,
    /// The digest of the policy's text.
    pub policy_digest: Option<&'a Digest>,
    /// The digests of the bundles that were verified, with where they were.
    pub inputs: &'a [(String, Digest)],
}

/// The predicate for a verdict. What can not be decided has not passed.
pub fn summarize(verdict: &Verdict, facts: &SummaryFacts<'_>) -> Value {
    let digests = |digest: &Digest| {
        let name = digest.algorithm().name().to_owned();
        Value::Object(Map::from_iter([(name, digest.hex().into())]))
    };
    let mut policy = json!({"uri": facts.policy});
    if let Some(digest) = facts.policy_digest {
        policy["digest"] = digests(digest);
    }
    let inputs: Vec<Value> = facts
        .inputs
        .iter()
        .map(|(from, digest)| json!({"uri": from, "digest": digests(digest)}))
        .collect();
    let passed = verdict.decision == Decision::Passed;
    let level = match (passed, verdict.build_level) {
        (false, _) => "FAILED".to_owned(),
        (true, Some(level)) => format!("SLSA_BUILD_LEVEL_{level}"),
        (true, None) => "SLSA_BUILD_LEVEL_UNEVALUATED".to_owned(),
    };
    json!({
        "verifier": {"id": facts.verifier, "version": {"linchpin": facts.version}},
        "timeVerified": facts.now.to_string(),
        "resourceUri": facts.resource,
        "policy": policy,
        "inputAttestations": inputs,
        "verificationResult": if passed { "PASSED" } else { "FAILED" },
        "verifiedLevels": [level],
        "slsaVersion": "1.1",
    })
}
