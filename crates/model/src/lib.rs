//! The nouns of Linchpin, with their invariants: packages, inventories, findings.
//!
//! Every other room speaks in these types. Nothing here reads a file, a clock or the
//! environment, and nothing here knows a wire format: those live in the room that reads or
//! writes them.

mod advisory_facts;
mod difference;
mod digest;
mod distribution;
mod document_count;
mod ecosystem;
mod exploit_prediction;
mod finding;
mod function_names;
mod inventory;
mod license;
mod license_category;
mod note;
mod package;
mod package_url;
mod requirement;
mod routes;
mod score_part;
mod subject;
mod suppression;
mod target_path;
mod version_scheme;
mod vex;

pub use advisory_facts::{AdvisoryFacts, AdvisoryOrigin};
pub use difference::{
    Change, ChangedComponent, ComparedComponent, ComparedDependency, Difference, PackageIdentity,
};
pub use digest::{Digest, DigestAlgorithm, InvalidDigest};
pub use distribution::Distribution;
pub use document_count::DocumentCount;
pub use ecosystem::{Ecosystem, EcosystemFacts, FiledBy};
pub use exploit_prediction::ExploitPrediction;
pub use finding::{
    About, Excerpt, Exploitation, Finding, FindingKind, Location, Reason, Remedy, Repair,
    RiskScore, RuleId, RuleReason, Severity, Step, TextEdit, UnknownSeverity,
};
pub use function_names::{FunctionNames, FunctionNamesBuilder, ProgramFunctions};
pub use inventory::{Dependency, Inventory, InventoryBuilder};
pub use license::{InvalidLicense, LicenseExpression};
pub use license_category::{LicenseCategory, LicenseTerm, UnknownLicenseCategory};
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
pub use score_part::{ScoreFactor, ScorePart};
pub use subject::{Subject, SubjectKind};
pub use suppression::{
    AbsentCode, CheckedProgram, CommentedOut, GrantedException, PackageSymbols, Statement,
    Suppressed, Suppression,
};
pub use target_path::TargetPath;
pub use version_scheme::VersionScheme;
pub use vex::{
    UnknownJustification, VexDocument, VexIdentifier, VexJustification, VexProduct, VexStatement,
    VexStatus,
};

/// A moment in time, as the advisory sources state it.
pub use jiff::Timestamp;
/// A day, in UTC where it is compared with a moment.
pub use jiff::civil::Date;
