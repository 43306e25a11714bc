//! The nouns of Linchpin, with their invariants: packages, inventories, findings.
//!
//! Every other room speaks in these types. Nothing here reads a file, a clock or the
//! environment, and nothing here knows a wire format: those live in the room that reads or
//! writes them.

mod advisory_facts;
mod difference;
mod digest;
mod distribution;
mod ecosystem;
mod exploit_prediction;
mod finding;
mod inventory;
mod license;
mod note;
mod package;
mod package_url;
mod requirement;
mod routes;
mod subject;
mod target_path;

pub use advisory_facts::{AdvisoryFacts, AdvisoryOrigin};
pub use difference::{
    Change, ChangedComponent, ComparedComponent, ComparedDependency, Difference, PackageIdentity,
};
pub use digest::{Digest, DigestAlgorithm, InvalidDigest};
pub use distribution::Distribution;
pub use ecosystem::{Ecosystem, EcosystemFacts, VersionScheme};
pub use exploit_prediction::ExploitPrediction;
pub use finding::{
    About, Exploitation, Finding, FindingKind, Location, Reason, Remedy, RiskScore, RuleId,
    Severity, Step, UnknownSeverity,
};
pub use inventory::{Dependency, Inventory, InventoryBuilder};
pub use license::{InvalidLicense, LicenseExpression};
pub use note::{Note, NoteKind};
pub use package::{
    CatalogerId, FileRecord, LayerIndex, Occurrence, OccurrenceKind, Package, PackageId, Role,
    Scope, SourcePackage,
};
pub use package_url::{
    InvalidPackageUrl, MessageSeverity, PackageUrl, PackageUrlComponents, ValidationMessage,
    validate_package_url,
};
pub use requirement::{Requirement, Requirer};
pub use routes::Routes;
pub use subject::{Subject, SubjectKind};
pub use target_path::TargetPath;

/// A moment in time, as the advisory sources state it.
pub use jiff::Timestamp;
