//! Results of tests and checks: the predicate `https://in-toto.io/attestation/test-result/v0.1`.
//! <https://github.com/in-toto/attestation/blob/main/spec/predicates/test-result.md>

use serde::Deserialize;

use super::read;
use crate::evidence::Testimony;

/// A result.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TestResult {
    pub(crate) result: Outcome,
    #[serde(default)]
    pub(crate) configuration: Vec<Descriptor>,
    #[serde(default)]
    pub(crate) passed_tests: Vec<String>,
    #[serde(default)]
    pub(crate) warned_tests: Vec<String>,
    #[serde(default)]
    pub(crate) failed_tests: Vec<String>,
}

/// What came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Outcome {
    Passed,
    Warned,
    Failed,
}

impl Outcome {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Passed => "PASSED",
            Self::Warned => "WARNED",
            Self::Failed => "FAILED",
        }
    }
}

/// A resource, as in-toto describes them.
#[derive(Debug, Deserialize)]
pub(crate) struct Descriptor {
    uri: Option<String>,
    name: Option<String>,
}

impl Descriptor {
    pub(crate) fn called(&self) -> String {
        let called = self.uri.as_ref().or(self.name.as_ref());
        called.cloned().unwrap_or_default()
    }
}

impl TestResult {
    pub(crate) fn read(testimony: &Testimony) -> Result<Self, String> {
        read(testimony)
    }
}
