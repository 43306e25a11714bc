//! Findings: what is wrong, how bad it is, why we say so, and what to do about it.

use std::fmt;
use std::str::FromStr;

use crate::{
    Ecosystem, ExploitPrediction, LayerIndex, PackageId, ScorePart, Statement, TargetPath,
    Timestamp, VersionScheme,
};

/// The id of what found it: an advisory (`CVE-2021-44228`) or, later, a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(pub String);

impl fmt::Display for RuleId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// What sort of thing is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingKind {
    /// The package itself is an attack.
    Malicious,
    /// The package has a known flaw.
    Vulnerability,
    /// Nothing to exploit today: unmaintained, withdrawn by its author, deprecated.
    Notice,
    /// A container, a cluster or a cloud is set up in a way that helps attackers.
    Configuration,
    /// So is what builds, tests or publishes.
    Pipeline,
    /// A password, key or token lies open.
    Secret,
    /// A package does what attacks do, or comes the way on which attacks come. Nobody has said
    /// that it is one.
    Suspicious,
    /// A licence asks for more than the project wants to give, or nobody knows what it asks for.
    License,
    /// The project does not do what keeps software safe.
    Practice,
}

impl FindingKind {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Malicious,
        Self::Vulnerability,
        Self::Notice,
        Self::Configuration,
        Self::Pipeline,
        Self::Secret,
        Self::Suspicious,
        Self::License,
        Self::Practice,
    ];

    /// The word in our formats.
    pub fn label(self) -> &'static str {
        match self {
            Self::Malicious => "malicious",
            Self::Vulnerability => "vulnerability",
            Self::Notice => "notice",
            Self::Configuration => "configuration",
            Self::Pipeline => "pipeline",
            Self::Secret => "secret",
            Self::Suspicious => "suspicious",
            Self::License => "license",
            Self::Practice => "practice",
        }
    }
}

/// How bad it is, by the bands of CVSS: <https://www.first.org/cvss/v3.1/specification-document>,
/// section 5. The order is that of badness.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Severity {
    /// Nobody has said.
    #[default]
    Unknown,
    /// A score of 0, or a notice.
    None,
    /// 0.1 to 3.9.
    Low,
    /// 4.0 to 6.9.
    Medium,
    /// 7.0 to 8.9.
    High,
    /// 9.0 to 10.0.
    Critical,
}

/// A word is no severity.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no severity; they are low, medium, high and critical")]
pub struct UnknownSeverity(pub String);

impl Severity {
    /// All of them, mildest first.
    pub const ALL: [Self; 6] = [
        Self::Unknown,
        Self::None,
        Self::Low,
        Self::Medium,
        Self::High,
        Self::Critical,
    ];

    /// The band of a CVSS score.
    pub fn from_cvss(score: f64) -> Self {
        match score {
            score if score >= 9.0 => Self::Critical,
            score if score >= 7.0 => Self::High,
            score if score >= 4.0 => Self::Medium,
            score if score > 0.0 => Self::Low,
            _ => Self::None,
        }
    }

    /// The word in our formats.
    pub fn label(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::None => "none",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

impl FromStr for Severity {
    type Err = UnknownSeverity;

    fn from_str(text: &str) -> Result<Self, UnknownSeverity> {
        let lower = text.to_ascii_lowercase();
        // GitHub's advisories say "moderate" where CVSS says "medium".
        let lower = if lower == "moderate" {
            "medium"
        } else {
            &lower
        };
        Self::ALL
            .into_iter()
            .find(|severity| severity.label() == lower)
            .ok_or_else(|| UnknownSeverity(text.chars().take(100).collect()))
    }
}

/// How urgent a finding is: 0 to 100, the higher the sooner. Findings are ordered by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct RiskScore(pub u8);

/// The flaw is being used in attacks, says the catalogue of known exploited vulnerabilities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exploitation {
    /// The day on which it was added to the catalogue, `2021-12-10`.
    pub added: String,
    /// Whether ransomware campaigns are known to use it.
    pub ransomware: bool,
}

/// A place in the target.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// The file.
    pub path: TargetPath,
    /// Its layer.
    pub layer: Option<LayerIndex>,
    /// The line, counted from 1.
    pub line: Option<u32>,
    /// The column in characters, counted from 1.
    pub column: Option<u32>,
}

/// What a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum About {
    /// A package of the inventory.
    Package(PackageId),
    /// A place in a file.
    Place(Location),
}

/// What removes a finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Remedy {
    /// Take this version or a later one.
    Upgrade {
        /// The lowest version above the installed one in which it is fixed.
        version: String,
    },
    /// Take the package out: it is an attack, or nobody maintains it.
    Remove,
}

/// One step of the reasoning that led to a finding. `explain` prints them; nothing is computed
/// a second time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The version lies in a range of an advisory.
    InRange {
        /// The record that says so.
        advisory: String,
        /// The name under which the package was looked up.
        name: String,
        /// The ecosystem, and its release where it has releases.
        ecosystem: Ecosystem,
        /// The release, `12` for Debian 12.
        release: Option<String>,
        /// The version that was compared: that of the source package for distributions.
        version: String,
        /// The ordering that compared it.
        scheme: VersionScheme,
        /// The first affected version; `None` means since the beginning.
        introduced: Option<String>,
        /// The first version that is no longer affected.
        fixed: Option<String>,
        /// The last affected version, where the advisory gives that instead.
        last_affected: Option<String>,
    },
    /// The advisory lists this very version.
    Listed {
        /// The record that says so.
        advisory: String,
        /// The name under which the package was looked up.
        name: String,
        /// The ecosystem.
        ecosystem: Ecosystem,
        /// The version.
        version: String,
    },
    /// The severity was computed from a vector.
    Scored {
        /// The vector as the advisory gives it.
        vector: String,
        /// Its base score, in tenths: 98 is 9.8.
        tenths: u8,
    },
    /// The severity is that which a record outside of the package's own gives for the same flaw:
    /// none of those that hold for the package says how bad it is.
    Lent {
        /// The record that gives it.
        advisory: String,
        /// The name by which it is the same flaw.
        flaw: String,
        /// The vector, where the record has one and no bare number.
        vector: Option<String>,
        /// The base score, in tenths.
        tenths: u8,
    },
    /// It is known to be used in attacks.
    Exploited(Exploitation),
    /// How likely it is to be used in attacks soon.
    Predicted(ExploitPrediction),
    /// What the risk score is made of; the parts add up to it.
    Weighed(Vec<ScorePart>),
    /// Several records describe this flaw; these were taken as one.
    SameFlaw {
        /// The other records' ids.
        records: Vec<String>,
    },
    /// A VEX document says that it holds, or that this is being looked into.
    Stated(Statement),
    /// A rule says so.
    Rule(RuleReason),
}

/// What a rule says, and the place where it says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleReason {
    /// What is wrong in general, as a sentence without a full stop.
    pub title: String,
    /// What sort of weakness it is: `isolation`.
    pub category: String,
    /// Why it matters.
    pub why: String,
    /// What to write instead.
    pub fix: String,
    /// Where to read on.
    pub references: Vec<String>,
    /// The lines around the place.
    pub excerpt: Vec<Excerpt>,
    /// What changes the file so that it is right, where that does not depend on the project.
    pub repair: Option<Repair>,
    /// For a secret: what makes it the same one wherever it is found, and does not tell it.
    pub fingerprint: Option<String>,
}

/// Edits of a file that remove a finding in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// They do not overlap. Those at one place are made in their order.
    pub edits: Vec<TextEdit>,
    /// What may no longer work afterwards. Nothing means that they are safe.
    pub may_break: Option<String>,
}

/// A piece of a text that becomes another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextEdit {
    /// Where it begins: line, and column in characters, both counted from 1.
    pub start: (u32, u32),
    /// The place behind its last character.
    pub end: (u32, u32),
    /// What stands there afterwards.
    pub text: String,
}

/// A line of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// Its number, counted from 1.
    pub line: u32,
    /// Its text, cut where it is very long.
    pub text: String,
}

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What found it; for packages the advisory.
    pub rule: RuleId,
    /// Other names of the same flaw, sorted.
    pub aliases: Vec<String>,
    /// What sort of thing is wrong.
    pub kind: FindingKind,
    /// How bad it is.
    pub severity: Severity,
    /// The CVSS base score in tenths, where a record gives one.
    pub cvss_tenths: Option<u8>,
    /// How urgent it is.
    pub score: RiskScore,
    /// Set if it is known to be used in attacks.
    pub exploited: Option<Exploitation>,
    /// What it is about.
    pub about: About,
    /// What removes it, if anything is known to.
    pub remedy: Option<Remedy>,
    /// One sentence that says what is wrong.
    pub summary: String,
    /// When the advisory was published.
    pub published: Option<Timestamp>,
    /// Why we say so.
    pub because: Vec<Reason>,
}

impl Finding {
    /// All its names: the id and the aliases.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.rule.0.as_str()).chain(self.aliases.iter().map(String::as_str))
    }

    /// What the rule says that found it, if a rule did.
    pub fn rule_reason(&self) -> Option<&RuleReason> {
        self.because.iter().find_map(|reason| match reason {
            Reason::Rule(rule) => Some(rule),
            _ => None,
        })
    }

    /// The fingerprint of the secret that was found.
    pub fn fingerprint(&self) -> Option<&str> {
        self.rule_reason()?.fingerprint.as_deref()
    }

    /// The version that removes it.
    pub fn fixed(&self) -> Option<&str> {
        match &self.remedy {
            Some(Remedy::Upgrade { version }) => Some(version),
            _ => None,
        }
    }
}

/// One thing to do next, which removes findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// One sentence: what to do.
    pub action: String,
    /// The command that does it, where there is one.
    pub command: Option<String>,
    /// The file or place to do it in.
    pub place: Option<TargetPath>,
    /// The findings that it removes, by their place in the report's list.
    pub removes: Vec<usize>,
    /// How much risk they add up to: the sum of their risk scores, where those that are used in
    /// attacks count several times.
    pub risk: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn severities_follow_the_bands_of_cvss() {
        for (score, severity) in [
            (0.0, Severity::None),
            (0.1, Severity::Low),
            (3.9, Severity::Low),
            (4.0, Severity::Medium),
            (7.0, Severity::High),
            (9.0, Severity::Critical),
        ] {
            assert_eq!(Severity::from_cvss(score), severity, "{score}");
        }
        assert_eq!("MODERATE".parse(), Ok(Severity::Medium));
    }
}
