//! What a risk score is made of: the addends, each with its reason.
//!
//! How many points each of them is worth is decided in the room `advisory`, in `priority`.

use crate::Scope;

/// One addend of a risk score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScorePart {
    /// Why.
    pub factor: ScoreFactor,
    /// How many points of the hundred; negative where it matters less.
    pub points: i8,
}

/// What raises or lowers a risk score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ScoreFactor {
    /// The package is an attack.
    Malicious,
    /// It is a notice and no flaw.
    Notice,
    /// How bad the flaw is.
    Severity,
    /// It is used in attacks.
    Exploited,
    /// Ransomware campaigns use it.
    Ransomware,
    /// It is likely to be used in attacks soon.
    Prediction,
    /// A version without it is known.
    Fix,
    /// How near the package is: the project itself asks for it, or something that it asks for.
    Depth,
    /// What the package is needed for, where that is not to run.
    Scope(Scope),
}

impl ScoreFactor {
    /// The word in our formats.
    pub fn label(self) -> &'static str {
        match self {
            Self::Malicious => "malicious",
            Self::Notice => "notice",
            Self::Severity => "severity",
            Self::Exploited => "exploited",
            Self::Ransomware => "ransomware",
            Self::Prediction => "prediction",
            Self::Fix => "fix",
            Self::Depth => "depth",
            Self::Scope(_) => "scope",
        }
    }

    /// The factor of a word; the scope is not told by it.
    pub fn from_label(label: &str, scope: Scope) -> Option<Self> {
        [
            Self::Malicious,
            Self::Notice,
            Self::Severity,
            Self::Exploited,
            Self::Ransomware,
            Self::Prediction,
            Self::Fix,
            Self::Depth,
            Self::Scope(scope),
        ]
        .into_iter()
        .find(|factor| factor.label() == label)
    }
}
