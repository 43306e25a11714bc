//! Verdicts of gates: the predicate `https://slsa.dev/verification_summary/v1`.
//! <https://slsa.dev/spec/v1.1/verification_summary>

use std::collections::BTreeMap;

use linchpin_model::Timestamp;
use serde::Deserialize;

use super::{optional_moment, read};
use crate::evidence::Testimony;

/// A verdict of a gate.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Summary {
    pub(crate) verifier: Verifier,
    #[serde(default, deserialize_with = "optional_moment")]
    pub(crate) time_verified: Option<Timestamp>,
    pub(crate) resource_uri: String,
    pub(crate) policy: PolicyUsed,
    pub(crate) verification_result: String,
    #[serde(default)]
    pub(crate) verified_levels: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Verifier {
    pub(crate) id: String,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct PolicyUsed {
    #[serde(default)]
    pub(crate) uri: String,
    #[serde(default)]
    pub(crate) digest: BTreeMap<String, String>,
}

impl Summary {
    pub(crate) fn read(testimony: &Testimony) -> Result<Self, String> {
        let summary: Self = read(testimony)?;
        match summary.verification_result.as_str() {
            "PASSED" | "FAILED" => Ok(summary),
            other => Err(format!("`{other}` is no result of a gate")),
        }
    }
}
