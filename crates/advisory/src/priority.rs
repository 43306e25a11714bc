//! How urgent a finding is, from 0 to 100: a sum whose parts are kept and shown.
//!
//! | what | points |
//! |---|---|
//! | the package is an attack | 100, and nothing else counts |
//! | severity | 7 for each point of the CVSS base score, up to 70 |
//! | likely to be used in attacks within 30 days (EPSS) | 12 from 50 %, 8 from 10 %, 4 from 1 % |
//! | a version without the flaw is known | 5 |
//! | the project asks for the package itself | 2; 1 if through one other package |
//! | needed to build or develop only | -15 |
//! | the software works without it | -4 |
//! | used in attacks, says the catalogue (KEV) | 90, up to 6 more by severity, 3 more for ransomware; the other parts do not count |
//! | a notice | 5, 5 more with a fix |
//!
//! Severity is the CVSS base score; where nobody gives one, the middle of the band that the
//! advisory's word names, and where there is no word either, that of a medium flaw: unknown is not
//! harmless. Only what is used in attacks, or is one, ever reaches 90: the other parts add up to 89
//! at most. What was seen to be used at run time will be one more part.

use linchpin_model::{
    ExploitPrediction, Exploitation, FindingKind, RiskScore, Scope, ScoreFactor, ScorePart,
    Severity,
};

/// What the urgency of a finding depends on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Circumstances<'a> {
    pub(crate) kind: FindingKind,
    pub(crate) severity: Severity,
    pub(crate) cvss_tenths: Option<u8>,
    pub(crate) exploited: Option<&'a Exploitation>,
    pub(crate) prediction: Option<ExploitPrediction>,
    pub(crate) fix: Fix,
    /// How many steps a project is away: 1 where it asks for the package itself. `None` where no
    /// project does.
    pub(crate) depth: Option<usize>,
    pub(crate) scope: Scope,
}

/// Whether a version without the flaw is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fix {
    Known,
    Unknown,
}

/// How urgent it is, and what that is made of. Parts of no points are left out.
pub(crate) fn risk_score(circumstances: Circumstances<'_>) -> (RiskScore, Vec<ScorePart>) {
    let tenths = circumstances
        .cvss_tenths
        .unwrap_or_else(|| middle(circumstances.severity))
        .min(100);
    let share = |most: u16| i8::try_from(u16::from(tenths) * most / 100).unwrap_or_default();
    let fix = match circumstances.fix {
        Fix::Known => 5,
        Fix::Unknown => 0,
    };
    let parts = match (circumstances.kind, circumstances.exploited) {
        (FindingKind::Malicious, _) => vec![(ScoreFactor::Malicious, 100)],
        (_, Some(exploited)) => vec![
            (ScoreFactor::Exploited, 90),
            (ScoreFactor::Severity, share(6)),
            (
                ScoreFactor::Ransomware,
                if exploited.ransomware { 3 } else { 0 },
            ),
        ],
        (FindingKind::Notice, None) => vec![(ScoreFactor::Notice, 5), (ScoreFactor::Fix, fix)],
        // Checks weigh their findings themselves.
        (_, None) => vec![
            (ScoreFactor::Severity, share(70)),
            (
                ScoreFactor::Prediction,
                circumstances.prediction.map_or(0, likelihood),
            ),
            (ScoreFactor::Fix, fix),
            (
                ScoreFactor::Depth,
                match circumstances.depth {
                    Some(1) => 2,
                    Some(2) => 1,
                    _ => 0,
                },
            ),
            (
                ScoreFactor::Scope(circumstances.scope),
                match circumstances.scope {
                    Scope::Runtime | Scope::Peer => 0,
                    Scope::Optional => -4,
                    Scope::Build | Scope::Development => -15,
                },
            ),
        ],
    };
    let mut sum = 0i16;
    let mut kept = Vec::new();
    for (factor, points) in parts {
        // What is of no weight has none less: the sum does not go below nought.
        let points = points.max(i8::try_from(-sum).unwrap_or(i8::MIN));
        sum += i16::from(points);
        if points != 0 {
            kept.push(ScorePart { factor, points });
        }
    }
    (RiskScore(u8::try_from(sum).unwrap_or(100).min(100)), kept)
}

/// The points for what EPSS predicts. Most flaws are below one percent.
fn likelihood(prediction: ExploitPrediction) -> i8 {
    const PERCENT: u32 = ExploitPrediction::WHOLE / 100;
    match prediction.probability / PERCENT {
        50.. => 12,
        10.. => 8,
        1.. => 4,
        0 => 0,
    }
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
        prediction: None,
        fix: Fix::Known,
        depth: None,
        scope: Scope::Runtime,
    };

    fn score(circumstances: Circumstances<'_>) -> u8 {
        let (score, parts) = risk_score(circumstances);
        let sum: i16 = parts.iter().map(|part| i16::from(part.points)).sum();
        assert_eq!(i16::from(score.0), sum, "{parts:?}");
        score.0
    }

    #[test]
    fn attacks_come_first_then_what_attacks_use() {
        let exploitation = |ransomware| Exploitation {
            added: "2021-12-10".to_owned(),
            ransomware,
        };
        let (plain, ransomware) = (exploitation(false), exploitation(true));
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
        assert_eq!(score(FLAW), 73);
        let all = Circumstances {
            cvss_tenths: Some(100),
            prediction: ExploitPrediction::new(ExploitPrediction::WHOLE, 0),
            depth: Some(1),
            ..FLAW
        };
        assert_eq!(score(all), 89);
    }

    #[test]
    fn every_part_counts_in_its_direction() {
        let with = |change: fn(&mut Circumstances<'_>)| {
            let mut circumstances = FLAW;
            change(&mut circumstances);
            score(circumstances)
        };
        assert_eq!(with(|flaw| flaw.fix = Fix::Unknown), 68);
        assert_eq!(with(|flaw| flaw.depth = Some(1)), 75);
        assert_eq!(with(|flaw| flaw.depth = Some(2)), 74);
        assert_eq!(with(|flaw| flaw.depth = Some(3)), 73);
        assert_eq!(with(|flaw| flaw.scope = Scope::Optional), 69);
        assert_eq!(with(|flaw| flaw.scope = Scope::Development), 58);
        for (probability, points) in [(999, 0), (1000, 4), (9_999, 4), (10_000, 8), (50_000, 12)] {
            let likely = Circumstances {
                prediction: ExploitPrediction::new(probability, 0),
                ..FLAW
            };
            assert_eq!(score(likely), 73 + points, "{probability}");
        }
        let unknown = Circumstances {
            severity: Severity::Unknown,
            cvss_tenths: None,
            ..FLAW
        };
        assert_eq!(score(unknown), 43);
        let mild = Circumstances {
            cvss_tenths: Some(1),
            fix: Fix::Unknown,
            scope: Scope::Development,
            ..FLAW
        };
        assert_eq!(score(mild), 0);
    }
}
