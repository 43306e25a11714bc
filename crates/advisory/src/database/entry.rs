//! What a database holds, as postcard writes it: advisories, and what each says of a package.
//!
//! These types are the file's: a change of them is a new format version.

use linchpin_model::{FindingKind, Severity, Timestamp};
use serde::{Deserialize, Serialize};

/// What an advisory says of one package: which versions are affected.
///
/// Texts are borrowed from the database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Affected<Text> {
    /// Where the advisory is, for [`Database::advisory`](super::Database::advisory).
    #[serde(skip)]
    pub(crate) advisory: AdvisoryPlace,
    /// The affected ranges, in order.
    pub intervals: Vec<Interval<Text>>,
    /// Affected versions that lie in none of the intervals.
    pub versions: Vec<Text>,
    /// How bad it is for this package, where the advisory says that apart.
    pub(crate) rating: Option<Rating<Text>>,
    /// The parts of a Go module that have the flaw. Empty where the advisory does not say: then it
    /// is the whole module.
    pub imports: Vec<Import<Text>>,
    /// The module stream of a distribution with RPM packages that this holds for, `nodejs:18`.
    /// `None` for packages outside of modules, and where the record does not say which stream.
    pub module: Option<Text>,
}

/// Where an advisory is: in which of a database's files, and where in its section.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct AdvisoryPlace {
    pub(crate) shard: usize,
    pub(crate) offset: u64,
}

/// A package of a Go module that has a flaw:
/// <https://go.dev/doc/security/vuln/database#schema>.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import<Text> {
    /// The path by which it is imported.
    pub path: Text,
    /// Functions and methods that lead to the flaw, `Conn.Read`. Empty means all of the package.
    pub symbols: Vec<Text>,
}

/// A range of affected versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interval<Text> {
    /// The first affected version; `None` since the beginning.
    pub introduced: Option<Text>,
    /// Where it ends.
    pub end: End<Text>,
    /// Versions from here on are of another branch, of which this range says nothing.
    pub limit: Option<Text>,
}

/// The end of a range.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum End<Text> {
    /// No version is known to be free of the flaw.
    Open,
    /// The first version that is free of it.
    Fixed(Text),
    /// The last version that has it.
    LastAffected(Text),
}

/// How bad a flaw is, as far as anybody said.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Rating<Text> {
    /// The CVSS vector of the newest version among those given.
    pub(crate) vector: Option<Text>,
    /// Its base score in tenths, or a score that the advisory gives without a vector.
    pub(crate) tenths: Option<u8>,
    /// The word that the advisory has for it.
    pub(crate) word: Option<Word>,
}

impl<Text> Rating<Text> {
    /// The band that the score is in, else the advisory's word.
    pub(crate) fn severity(&self) -> Severity {
        match (self.tenths, self.word) {
            (Some(tenths), _) => Severity::from_cvss(f64::from(tenths) / 10.0),
            (None, None) => Severity::Unknown,
            (None, Some(Word::None)) => Severity::None,
            (None, Some(Word::Low)) => Severity::Low,
            (None, Some(Word::Medium)) => Severity::Medium,
            (None, Some(Word::High)) => Severity::High,
            (None, Some(Word::Critical)) => Severity::Critical,
        }
    }
}

/// The words that advisories use for severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Word {
    /// Of no importance.
    None,
    /// Low.
    Low,
    /// Medium, or moderate.
    Medium,
    /// High, or important.
    High,
    /// Critical.
    Critical,
}

/// What an advisory is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Kind {
    Malicious,
    Vulnerability,
    Notice,
}

/// What an advisory notices that is no flaw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Notice {
    /// Nobody maintains the package any more.
    Unmaintained,
    /// Anything else that its users should know.
    Other,
}

impl From<Kind> for FindingKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Malicious => Self::Malicious,
            Kind::Vulnerability => Self::Vulnerability,
            Kind::Notice => Self::Notice,
        }
    }
}

/// What an advisory says, whatever the package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advisory<Text> {
    /// Its id.
    pub id: Text,
    /// Other names of the same flaw.
    pub aliases: Vec<Text>,
    /// The flaws that a distribution's record speaks about.
    pub upstream: Vec<Text>,
    /// Flaws and records that have to do with it. They are no other names of the same flaw, but
    /// some distributions list here what their record speaks about.
    pub related: Vec<Text>,
    pub(crate) kind: Kind,
    /// What it notices, if it is a notice and no flaw.
    pub notice: Option<Notice>,
    pub(crate) rating: Rating<Text>,
    /// When it was published, in seconds since 1970.
    pub(crate) published: Option<i64>,
    /// When it was last changed, in seconds since 1970.
    pub(crate) modified: Option<i64>,
    /// Comes from the catalogue, which is updated apart from the advisories.
    #[serde(skip)]
    pub(crate) exploited: Vec<Exploited<Text>>,
    #[serde(skip)]
    pub(crate) summary: SummaryPlace,
}

impl<'a> Advisory<&'a str> {
    /// All names of what it speaks about: its id, its aliases, and the flaws upstream.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'a str> {
        std::iter::once(self.id)
            .chain(self.aliases.iter().copied())
            .chain(self.upstream.iter().copied())
    }
}

impl<Text> Advisory<Text> {
    /// When it was last changed.
    pub fn modified(&self) -> Option<Timestamp> {
        Timestamp::from_second(self.modified?).ok()
    }

    /// What it is about.
    pub fn kind(&self) -> FindingKind {
        self.kind.into()
    }
}

/// What the catalogue of known exploited vulnerabilities says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Exploited<Text> {
    /// Which of the advisory's names the catalogue lists.
    pub(crate) name: Text,
    pub(crate) added: Text,
    pub(crate) ransomware: bool,
}

/// Where a summary is: which compressed block, and where in its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Summary {
    pub(crate) block: u64,
    pub(crate) start: u32,
    pub(crate) length: u32,
}

/// A summary's place, and in which of a database's files it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct SummaryPlace {
    pub(crate) shard: usize,
    pub(crate) at: Summary,
}

/// What the file says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct FileFacts {
    /// The date of the newest record, in seconds since 1970.
    pub(crate) newest: Option<i64>,
    /// The number of records for each ecosystem, by its name in OSV.
    pub(crate) records: Vec<(String, u64)>,
    /// The number of packages that they speak about.
    pub(crate) packages: u64,
    /// The number of records for each release of a distribution.
    pub(crate) releases: Vec<(String, String, u64)>,
}
