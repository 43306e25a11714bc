//! The lists that come beside the advisories: what is known to be exploited, and what is
//! predicted to be.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use linchpin_advisory::{ExploitPredictions, ExploitedCatalogue};
use linchpin_model::Ecosystem;

use crate::exit_codes::{ExitCode, Failure};

/// Reads the catalogue of known exploited vulnerabilities.
pub(super) fn exploited(path: &Path) -> Result<ExploitedCatalogue> {
    let failure = || Failure::new(ExitCode::Database, format!("read `{}`", path.display()));
    let file = File::open(path).with_context(failure)?;
    ExploitedCatalogue::read(file).with_context(failure)
}

/// Reads the predictions of exploitation.
pub(super) fn predictions(path: &Path) -> Result<ExploitPredictions> {
    let failure = || Failure::new(ExitCode::Database, format!("read `{}`", path.display()));
    let file = File::open(path).with_context(failure)?;
    ExploitPredictions::read(file).with_context(failure)
}

/// The ecosystems that are named, as OSV or package URLs name them.
pub(super) fn ecosystems(names: &[String]) -> Result<BTreeSet<Ecosystem>> {
    names.iter().map(|name| ecosystem(name)).collect()
}

/// The ecosystem that is named.
pub(super) fn ecosystem(name: &str) -> Result<Ecosystem> {
    Ecosystem::all()
        .find(|ecosystem| {
            let facts = ecosystem.facts();
            facts.osv_name.eq_ignore_ascii_case(name)
                || facts.label.eq_ignore_ascii_case(name)
                || (!facts.is_distribution() && facts.purl_type == name)
        })
        .ok_or_else(|| {
            let known: Vec<&str> = Ecosystem::all()
                .map(|ecosystem| ecosystem.facts().osv_name)
                .collect();
            anyhow!(
                "there is no ecosystem `{name}`\nhint: the ecosystems are {}",
                known.join(", ")
            )
            .context(Failure::new(ExitCode::WrongUse, "understand the arguments"))
        })
}
