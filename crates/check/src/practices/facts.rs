//! What checks are answered from: values that others have gathered.

use linchpin_model::{Finding, LicenseExpression, Timestamp};

use super::{Change, Commit, Files, ForgeFacts, History, Pipelines};

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
    /// Tells which licence a text is.
    pub license_of_text: fn(&str) -> Option<LicenseExpression>,
    /// The moment as of which it is judged.
    pub now: Timestamp,
}

impl<'a> Facts<'a> {
    /// The history.
    ///
    /// # Errors
    /// Why there is none.
    pub(super) fn history(&self) -> Result<&'a History, String> {
        self.history.map_err(str::to_owned)
    }

    /// The latest changes of the branch.
    ///
    /// # Errors
    /// Why they can not be told.
    pub(super) fn recent_changes(&self) -> Result<Vec<Change<'a>>, String> {
        self.history()?.recent_changes()
    }

    /// The latest commits.
    ///
    /// # Errors
    /// Why they can not be told.
    pub(super) fn recent_commits(&self) -> Result<&'a [Commit], String> {
        self.history()?.recent_commits()
    }

    /// One of the answers of the forge.
    ///
    /// # Errors
    /// Why there is none.
    pub(super) fn of_forge<T>(
        &self,
        answer: fn(&ForgeFacts) -> &Result<T, String>,
    ) -> Result<&'a T, String> {
        let forge = self.forge.map_err(str::to_owned)?;
        answer(forge).as_ref().map_err(Clone::clone)
    }
}

/// The known flaws of a project's packages.
#[derive(Debug, Clone, Copy)]
pub struct Vulnerabilities<'a> {
    /// What was found.
    pub findings: &'a [Finding],
    /// Whether only the few advisories that the program brings were there to compare with.
    pub starter_set_only: bool,
}
