//! Policies: has everyone done the work that they were supposed to do? Verified statements in, a
//! verdict with its reasons out.
//!
//! A [`Policy`] is one file of YAML: whom to believe, which builds, and rules in CEL. [`Evidence`]
//! holds what those whom it believes have said of an artifact, and only what the room `trust` has
//! verified gets in. [`decide`] asks the rules. Whatever is missing, unknown or can not be computed
//! is never a yes. Nothing is read, fetched or signed here; the time is given.

mod cases;
mod decision;
mod evidence;
mod facts;
mod names;
mod policy;
mod predicates;
mod provenance;
mod reading;
mod starter;
mod summary;

pub use cases::{CaseOutcome, run_cases};
pub use decision::{Context, Decision, RuleVerdict, Verdict, decide};
pub use evidence::{Evidence, NotAdmitted, Readers, SbomReader, VexReader, Wanted};
pub use facts::{Completeness, PackageFacts, SbomFacts};
pub use names::{FieldEntry, NAMES, NameEntry, Sort};
pub use policy::{
    Applies, Case, Level, Policy, Rule, Said, SignerName, TrustedBuild, TrustedSigner,
};
pub use predicates::EXCEPTION;
pub use reading::{InvalidPolicy, MAX_POLICY_BYTES, read};
pub use starter::{STARTER, starter};
pub use summary::{SummaryFacts, summarize};
