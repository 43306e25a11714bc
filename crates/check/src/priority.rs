//! How urgent a finding of a rule is, on the scale of all findings.
//!
//! | severity | points |
//! |---|---|
//! | critical | 80 |
//! | high | 60 |
//! | medium | 35 |
//! | low | 15 |
//!
//! The points stand between those of flaws in packages (7 for each point of the CVSS base score):
//! a privileged container is as urgent as a flaw of 8.6 that nobody is known to exploit. What is used
//! in attacks comes first in any case.

use linchpin_model::{ScoreFactor, ScorePart, Severity};

/// The score, and what it is made of.
pub(crate) fn risk_score(severity: Severity) -> (u8, Vec<ScorePart>) {
    let points = match severity {
        Severity::Critical => 80,
        Severity::High => 60,
        Severity::Medium => 35,
        Severity::Low => 15,
        Severity::None | Severity::Unknown => 0,
    };
    let part = ScorePart {
        factor: ScoreFactor::Severity,
        points,
    };
    (points.unsigned_abs(), vec![part])
}
