//! The bar of `--fail-on`: which findings make a command fail.

use linchpin_model::{Finding, FindingKind, Severity};
use linchpin_report::ExplainableFinding;

use crate::arguments::Bar;

/// What of a finding is held against the bar.
#[derive(Debug, Clone, Copy)]
pub(super) struct Weight {
    pub(super) kind: FindingKind,
    pub(super) severity: Severity,
    pub(super) is_exploited: bool,
}

impl From<&Finding> for Weight {
    fn from(finding: &Finding) -> Self {
        Self {
            kind: finding.kind,
            severity: finding.severity,
            is_exploited: finding.exploited.is_some(),
        }
    }
}

impl From<&ExplainableFinding> for Weight {
    fn from(finding: &ExplainableFinding) -> Self {
        Self {
            kind: finding.kind,
            severity: finding.severity,
            is_exploited: finding.exploited.is_some(),
        }
    }
}

/// Whether a finding is at or above the bar. What is malicious or used in attacks is above every
/// bar; what nobody has rated counts as medium.
pub(super) fn reaches(finding: Weight, bar: Bar) -> bool {
    let least = match bar {
        Bar::None => return false,
        Bar::Exploited => None,
        Bar::Low => Some(Severity::Low),
        Bar::Medium => Some(Severity::Medium),
        Bar::High => Some(Severity::High),
        Bar::Critical => Some(Severity::Critical),
    };
    if finding.kind == FindingKind::Malicious || finding.is_exploited {
        return true;
    }
    let severity = match (finding.kind, finding.severity) {
        (FindingKind::Notice, _) => return false,
        (_, Severity::Unknown) => Severity::Medium,
        (_, severity) => severity,
    };
    least.is_some_and(|least| severity >= least)
}
