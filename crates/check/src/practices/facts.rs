//! What checks are answered from: values that others have gathered.

use linchpin_model::{Finding, Timestamp};

use super::{Files, ForgeFacts, History, Pipelines};

/// All that is known of a project. What could not be had is the reason why, a sentence without a full
/// stop.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// Its files.
    pub files: &'a Files,
    /// What its pipelines and the builds of its images do.
    pub pipelines: &'a Pipelines,
    /// Its commits.
    pub history: Result<&'a History, &'a str>,
    /// What its forge says.
    pub forge: Result<&'a ForgeFacts, &'a str>,
    /// The known flaws of its packages.
    pub vulnerabilities: Vulnerabilities<'a>,
    /// The moment as of which it is judged.
    pub now: Timestamp,
}

/// The known flaws of a project's packages.
#[derive(Debug, Clone, Copy)]
pub struct Vulnerabilities<'a> {
    /// What was found.
    pub findings: &'a [Finding],
    /// Whether only the few advisories that the program brings were there to compare with.
    pub starter_set_only: bool,
}
