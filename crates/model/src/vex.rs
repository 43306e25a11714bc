//! What people say of exploitability: the statements of VEX documents, whatever format they come
//! in.
//!
//! A statement joins a vulnerability, products and a status. The four statuses and five
//! justifications are those that all formats share ("Minimum Requirements for Vulnerability
//! Exploitability eXchange", published by CISA). What a statement means for a finding is decided
//! in the room `advisory`.

use std::fmt;
use std::str::FromStr;

use crate::{Digest, PackageUrl, Timestamp};

/// Whether a vulnerability concerns a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VexStatus {
    /// It can not be exploited there.
    NotAffected,
    /// It can, and somebody ought to do something.
    Affected,
    /// The product holds the repair.
    Fixed,
    /// Nobody knows yet.
    UnderInvestigation,
}

impl VexStatus {
    /// The word of OpenVEX, which our own formats use.
    pub fn label(self) -> &'static str {
        match self {
            Self::NotAffected => "not_affected",
            Self::Affected => "affected",
            Self::Fixed => "fixed",
            Self::UnderInvestigation => "under_investigation",
        }
    }

    /// The status with this word.
    pub fn from_label(label: &str) -> Option<Self> {
        [
            Self::NotAffected,
            Self::Affected,
            Self::Fixed,
            Self::UnderInvestigation,
        ]
        .into_iter()
        .find(|status| status.label() == label)
    }

    /// The same for a person.
    pub fn words(self) -> &'static str {
        match self {
            Self::NotAffected => "not affected",
            Self::Affected => "affected",
            Self::Fixed => "fixed",
            Self::UnderInvestigation => "under investigation",
        }
    }
}

/// Why a product is not affected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VexJustification {
    /// The product does not hold the component.
    ComponentNotPresent,
    /// The component is there, the vulnerable code is not.
    VulnerableCodeNotPresent,
    /// The vulnerable code is there, and never runs.
    VulnerableCodeNotInExecutePath,
    /// It runs, and no attacker can make it do harm.
    VulnerableCodeCannotBeControlledByAdversary,
    /// The product protects itself.
    InlineMitigationsAlreadyExist,
}

/// A word is no justification.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no justification; they are component_not_present, vulnerable_code_not_present, vulnerable_code_not_in_execute_path, vulnerable_code_cannot_be_controlled_by_adversary and inline_mitigations_already_exist"
)]
pub struct UnknownJustification(pub String);

impl VexJustification {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::ComponentNotPresent,
        Self::VulnerableCodeNotPresent,
        Self::VulnerableCodeNotInExecutePath,
        Self::VulnerableCodeCannotBeControlledByAdversary,
        Self::InlineMitigationsAlreadyExist,
    ];

    /// The word that OpenVEX and CSAF have for it.
    pub fn label(self) -> &'static str {
        match self {
            Self::ComponentNotPresent => "component_not_present",
            Self::VulnerableCodeNotPresent => "vulnerable_code_not_present",
            Self::VulnerableCodeNotInExecutePath => "vulnerable_code_not_in_execute_path",
            Self::VulnerableCodeCannotBeControlledByAdversary => {
                "vulnerable_code_cannot_be_controlled_by_adversary"
            }
            Self::InlineMitigationsAlreadyExist => "inline_mitigations_already_exist",
        }
    }

    /// The same for a person.
    pub fn words(self) -> &'static str {
        match self {
            Self::ComponentNotPresent => "the component is not present",
            Self::VulnerableCodeNotPresent => "the vulnerable code is not present",
            Self::VulnerableCodeNotInExecutePath => "the vulnerable code never runs",
            Self::VulnerableCodeCannotBeControlledByAdversary => {
                "no attacker can control the vulnerable code"
            }
            Self::InlineMitigationsAlreadyExist => "the product protects itself",
        }
    }
}

impl FromStr for VexJustification {
    type Err = UnknownJustification;

    fn from_str(text: &str) -> Result<Self, UnknownJustification> {
        Self::ALL
            .into_iter()
            .find(|justification| justification.label() == text)
            .ok_or_else(|| UnknownJustification(text.chars().take(100).collect()))
    }
}

/// A VEX document, as far as it was understood.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VexDocument {
    /// How to name it to a person: the file as given.
    pub name: String,
    /// Who wrote it.
    pub author: Option<String>,
    /// Its statements, in its order.
    pub statements: Vec<VexStatement>,
    /// What could not be understood or is invalid, as sentence fragments.
    pub problems: Vec<String>,
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VexStatement {
    /// The names of the vulnerability: its id and its aliases.
    pub vulnerability: Vec<String>,
    /// What it is about. Without any, it is about nothing.
    pub products: Vec<VexProduct>,
    /// What it says.
    pub status: VexStatus,
    /// Why a product is not affected.
    pub justification: Option<VexJustification>,
    /// The same, or what to do, in words.
    pub detail: Option<String>,
    /// When it was known to be true.
    pub timestamp: Option<Timestamp>,
}

/// A product, or parts of one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VexProduct {
    /// What names it: any of these will do.
    pub identifiers: Vec<VexIdentifier>,
    /// The parts of it that the statement is about; without any, the whole.
    pub parts: Vec<Vec<VexIdentifier>>,
}

/// What names a product or a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VexIdentifier {
    /// A package URL. Without a version it stands for all versions, and qualifiers that it has not
    /// may have any value.
    Purl(PackageUrl),
    /// The versions of a package in a range of the notation `vers`.
    Versions {
        /// The package, without a version.
        purl: PackageUrl,
        /// `vers:npm/>=1.0.0|<2.0.0`, as written.
        range: String,
    },
    /// A digest of the file or image.
    Digest(Digest),
    /// A release of a distribution, in the words of its `os-release`: `rhel` and `9`.
    Distribution {
        /// Its `ID`.
        id: String,
        /// The first part of its `VERSION_ID`; all releases if there is none.
        major: Option<String>,
    },
    /// A name, of which nothing is known but the text.
    Name(String),
    /// The target that is looked at, whatever it is: what a document says of its own parts.
    Target,
}

impl fmt::Display for VexIdentifier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Purl(purl) => write!(formatter, "{purl}"),
            Self::Versions { purl, range } => write!(formatter, "{purl} in {range}"),
            Self::Digest(digest) => write!(formatter, "{digest}"),
            Self::Distribution { id, major } => {
                write!(formatter, "{id} {}", major.as_deref().unwrap_or("*"))
            }
            Self::Name(name) => formatter.write_str(name),
            Self::Target => formatter.write_str("the target"),
        }
    }
}
