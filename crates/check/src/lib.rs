//! Checks: what is wrong with the documents of a target, by rules that are data.
//!
//! A [`Kind`] of document says which files it wants, how they are read, and which things rules can
//! look at. A [`Rule`] is one file of YAML with an expression over such a thing. [`Checks`] reads
//! the documents in the one pass over a source, asks the rules, and makes findings.

mod checks;
pub mod edit;
mod engine;
pub mod examples;
mod image_name;
mod internal_names;
mod kind;
pub mod kinds;
mod licenses;
mod look_alike;
mod network_rules;
mod of_others;
mod package_code;
mod pipeline;
mod place;
mod policy_statements;
pub mod practices;
mod priority;
mod repairing;
mod rule;
mod rules;
pub mod secrets;
pub mod services;
mod shell;
mod steps;
pub mod syntax;

pub use checks::{Checked, Checks};
pub use engine::{Answers, ExcerptLine, NotAsked, Offence, Unasked};
pub use internal_names::InternalNames;
pub use kind::{DocumentFile, Kind, Part, Subject, SubjectKind};
pub use licenses::{
    InvalidLicensePolicy, LicensePolicy, LicenseStanding, LicensesEntry, check_licenses,
    license_steps,
};
pub use linchpin_document::{Member, Node, NodeValue, Position};
pub use look_alike::look_alikes;
pub use package_code::{Depth, PackageCode};
pub use place::{InvalidPlace, Place};
pub use repairing::{Left, Made, Reach, Repaired, RepairedFile, Repairing};
pub use rule::{Example, InvalidRule, Rule};
pub use rules::{MOST_RULE, Rules, embedded_text, order};
pub use steps::steps;
