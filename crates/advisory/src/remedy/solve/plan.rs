//! What a plan is made of.

use linchpin_model::TargetPath;

use crate::remedy::Jump;

/// How a package gets to another version.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum How {
    /// What everybody asks for allows it: only the lockfile changes.
    Lock,
    /// The project asks for another version, in these manifests.
    Manifest(Vec<TargetPath>),
}

/// One package in another version.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Move {
    /// The package.
    pub name: Box<str>,
    /// The version that is locked.
    pub from: Box<str>,
    /// The version to take. The lowest one that helps; a client that takes no version but the newest
    /// gets that.
    pub to: Box<str>,
    /// What changes.
    pub how: How,
}

/// A package that is another after a step.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// The package.
    pub name: Box<str>,
    /// Its version before; nothing if it is new.
    pub from: Option<Box<str>>,
    /// Its version afterwards; nothing if nobody needs it any more.
    pub to: Option<Box<str>>,
}

/// A flaw of a version that is locked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FlawOf {
    /// The package.
    pub name: Box<str>,
    /// The version that has it.
    pub version: Box<str>,
    /// The id of the finding.
    pub id: Box<str>,
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanStep {
    /// What is moved.
    pub moved: Move,
    /// Whether the project itself asks for it.
    pub is_direct: bool,
    /// How far.
    pub jump: Jump,
    /// The version that is moved stays, too, for others who allow no other.
    pub is_kept_too: bool,
    /// What moves with it.
    pub along: Vec<Change>,
    /// The flaws that are gone after it.
    pub removes: Vec<FlawOf>,
    /// Flaws that come with it.
    pub introduces: Vec<FlawOf>,
    /// How much risk is gone.
    pub risk: u32,
    /// What others ask for is not in any file: the client has the last word.
    pub is_assumed: bool,
}

/// Somebody who does not allow a version.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Blocker {
    /// Who.
    pub name: Box<str>,
    /// In which version; empty for a project without one.
    pub version: Box<str>,
    /// What it asks for.
    pub range: Box<str>,
}

/// Why a flaw stays.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// The package is an attack: it is to be taken out, no version of it taken.
    Attack,
    /// No version without it is known.
    NoFix,
    /// The package does not come from a registry.
    NotFromRegistry,
    /// The version without it is farther away than is allowed.
    TooFar {
        /// The version.
        version: Box<str>,
        /// How far it is.
        jump: Jump,
    },
    /// Somebody does not allow the version without it.
    NotAllowed {
        /// The version.
        version: Box<str>,
        /// Who does not.
        by: Vec<Blocker>,
    },
    /// The client would not take it.
    Refused {
        /// The version.
        version: Box<str>,
        /// In the client's words.
        because: Box<str>,
    },
    /// The other versions have flaws that weigh as much, or need what has.
    NothingBetter {
        /// The version without it.
        version: Box<str>,
    },
}

/// Flaws of a version that stay, for one reason.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stay {
    /// The package.
    pub name: Box<str>,
    /// Its version.
    pub version: Box<str>,
    /// The ids of the findings.
    pub flaws: Vec<Box<str>>,
    /// Why.
    pub why: Why,
    /// Whether the project itself asks for it.
    pub is_direct: bool,
    /// The packages that the project asks for and through which it comes in.
    pub through: Vec<Box<str>>,
    /// The newest older version that has none of its flaws and that all allow, if one is known.
    pub older: Option<Box<str>>,
}

/// The fewest changes that remove the most risk, and what they do not remove.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// What to do, in this order.
    pub steps: Vec<PlanStep>,
    /// What stays.
    pub stays: Vec<Stay>,
    /// How many flaws there were.
    pub before: usize,
    /// How many there are when all is done.
    pub after: usize,
}
