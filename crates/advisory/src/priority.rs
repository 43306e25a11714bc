//! How urgent a finding is, from 0 to 100.
//!
//! | what | score |
//! |---|---|
//! | the package is an attack | 100 |
//! | used in attacks, says the catalogue | 90, up to 6 more by severity, 3 more for ransomware |
//! | any other flaw | up to 80 by severity, 6 more with a fix, less where it matters less |
//! | a notice | 5, 6 more with a fix |
//!
//! Severity is the CVSS base score; where nobody gives one, the middle of the band that the
//! advisory's word names, and where there is no word either, that of a medium flaw: unknown is
//! not harmless. A fix weighs as much as three quarters of a CVSS point: what can be done at once comes first
//! among equals. Packages that only builds or development need lose 15, those the software works
//! without 4. Only what is used in attacks, or is one, ever reaches 90.

use linchpin_model::{Exploitation, FindingKind, RiskScore, Scope, Severity};

/// What the urgency of a finding depends on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Circumstances<'a> {
    pub(crate) kind: FindingKind,
    pub(crate) severity: Severity,
    pub(crate) cvss_tenths: Option<u8>,
    pub(crate) exploited: Option<&'a Exploitation>,
    pub(crate) has_fix: bool,
    pub(crate) scope: Scope,
}

/// How urgent it is.
pub(crate) fn risk_score(circumstances: Circumstances<'_>) -> RiskScore {
    let tenths = u32::from(
        circumstances
            .cvss_tenths
            .unwrap_or_else(|| middle(circumstances.severity)),
    )
    .min(100);
    let fix = if circumstances.has_fix { 6 } else { 0 };
    let score = match (circumstances.kind, circumstances.exploited) {
        (FindingKind::Malicious, _) => 100,
        (_, Some(exploited)) => 90 + tenths * 6 / 100 + if exploited.ransomware { 3 } else { 0 },
        (FindingKind::Notice, None) => 5 + fix,
        (FindingKind::Vulnerability, None) => {
            let less = match circumstances.scope {
                Scope::Runtime | Scope::Peer => 0,
                Scope::Optional => 4,
                Scope::Build | Scope::Development => 15,
            };
            (tenths * 8 / 10 + fix).saturating_sub(less).min(89)
        }
    };
    RiskScore(u8::try_from(score).unwrap_or(100).min(100))
}

/// The middle of a band, in tenths.
fn middle(severity: Severity) -> u8 {
    match severity {
        Severity::Critical => 95,
        Severity::High => 80,
        Severity::Medium | Severity::Unknown => 55,
        Severity::Low => 25,
        Severity::None => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLAW: Circumstances<'_> = Circumstances {
        kind: FindingKind::Vulnerability,
        severity: Severity::Critical,
        cvss_tenths: Some(98),
        exploited: None,
        has_fix: true,
        scope: Scope::Runtime,
    };

    #[test]
    fn attacks_come_first_then_what_attacks_use() {
        let exploitation = |ransomware| Exploitation {
            added: "2021-12-10".to_owned(),
            ransomware,
        };
        let (plain, ransomware) = (exploitation(false), exploitation(true));
        let score = |circumstances| risk_score(circumstances).0;
        let malicious = Circumstances {
            kind: FindingKind::Malicious,
            ..FLAW
        };
        let exploited = |exploited, cvss_tenths| Circumstances {
            exploited: Some(exploited),
            cvss_tenths,
            ..FLAW
        };
        assert_eq!(score(malicious), 100);
        assert_eq!(score(exploited(&ransomware, Some(100))), 99);
        assert_eq!(score(exploited(&plain, Some(98))), 95);
        assert_eq!(score(exploited(&plain, Some(10))), 90);
        assert_eq!(score(FLAW), 84);
        let all = Circumstances {
            cvss_tenths: Some(100),
            ..FLAW
        };
        assert!(score(all) < 90);
    }

    #[test]
    fn a_fix_lifts_and_development_lowers() {
        let score = |circumstances| risk_score(circumstances).0;
        let unfixed = Circumstances {
            has_fix: false,
            ..FLAW
        };
        let development = Circumstances {
            scope: Scope::Development,
            ..FLAW
        };
        let unknown = Circumstances {
            severity: Severity::Unknown,
            cvss_tenths: None,
            ..FLAW
        };
        assert!(score(unfixed) < score(FLAW));
        assert!(score(development) < score(unfixed));
        assert_eq!(score(unknown), 50);
    }
}
