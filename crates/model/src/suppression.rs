//! Findings that do not count, and why: exceptions that the user made, statements about
//! exploitability, and evidence in the target itself.
//!
//! What is suppressed is never gone: every report lists it with what made it so.

use jiff::civil::Date;

use crate::{
    Digest, Finding, FindingKind, LayerIndex, TargetPath, Timestamp, VexJustification, VexStatus,
};

/// A finding that does not count. Together the grounds cover every place of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppressed {
    /// The finding.
    pub finding: Finding,
    /// Why it does not count; never empty.
    pub because: Vec<Suppression>,
}

impl Suppressed {
    /// Whether it is an attack or used in attacks: such findings come first in every list.
    pub fn is_urgent(&self) -> bool {
        self.finding.kind == FindingKind::Malicious || self.finding.exploited.is_some()
    }
}

/// One ground on which a finding does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Suppression {
    /// The user made an exception.
    Excepted(GrantedException),
    /// A VEX document says that the product is not affected, or holds the repair.
    Stated(Statement),
    /// The program does not hold the functions in which the flaw is.
    CodeAbsent(AbsentCode),
    /// A comment beside the place says that it may stay.
    Commented(CommentedOut),
}

impl Suppression {
    /// The word in our formats.
    pub fn label(&self) -> &'static str {
        match self {
            Self::Excepted(_) => "exception",
            Self::Stated(_) => "vex",
            Self::CodeAbsent(_) => "code-absent",
            Self::Commented(_) => "comment",
        }
    }
}

/// An exception that the user made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantedException {
    /// The name of the flaw as the user wrote it.
    pub id: String,
    /// Why the finding may stay.
    pub reason: String,
    /// The first day, in UTC, on which the finding counts again.
    pub expires: Date,
    /// Why the flaw does no harm, in VEX's words, where the user said so.
    pub justification: Option<VexJustification>,
    /// The file in which it is written.
    pub origin: String,
}

/// A comment that names the rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommentedOut {
    /// Why the finding may stay.
    pub reason: String,
    /// The line of the comment, counted from 1, in the file of the finding.
    pub line: u32,
}

/// What a VEX document says of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The document: the file as given.
    pub document: String,
    /// Who says it.
    pub author: Option<String>,
    /// What is said.
    pub status: VexStatus,
    /// Why a product is not affected.
    pub justification: Option<VexJustification>,
    /// The same, or what to do, in words.
    pub detail: Option<String>,
    /// When it was known to be true.
    pub timestamp: Option<Timestamp>,
}

/// The proof that the flawed code is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AbsentCode {
    /// The advisories that name the flawed functions.
    pub advisories: Vec<String>,
    /// What was looked for, by package.
    pub looked_for: Vec<PackageSymbols>,
    /// The programs in which none of it is.
    pub programs: Vec<CheckedProgram>,
}

/// Functions of a package.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PackageSymbols {
    /// The import path: `golang.org/x/text/language`.
    pub package: String,
    /// The functions and methods: `Parse`, `Decoder.Decode`.
    pub symbols: Vec<String>,
}

/// A program whose functions were compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedProgram {
    /// The file.
    pub path: TargetPath,
    /// Its layer.
    pub layer: Option<LayerIndex>,
    /// The digest of the file.
    pub digest: Option<Digest>,
    /// The number of names in its table of functions.
    pub functions: u64,
}
