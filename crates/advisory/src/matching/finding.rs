//! From the records that hold for a package to findings: one for each flaw, led by the name that
//! people know it by, with the fields of the record that knows most.

use std::collections::BTreeSet;

use linchpin_model::{
    About, ExploitPrediction, Exploitation, Finding, FindingKind, PackageId, Reason, Remedy,
    RuleId, Scope, Severity, Timestamp,
};

use super::flaws::{Names, flaws, is_cve};
use super::questions::Asked;
use crate::database::{Advisory, End, Rating, Word};
use crate::priority::{Circumstances, Fix, risk_score};
use crate::ranges::Judgement;

/// A record that holds for a package.
pub(super) struct Hit<'a> {
    pub(super) advisory: Advisory<&'a str>,
    pub(super) reason: Reason,
    pub(super) fixed: Option<String>,
    /// What the record says for this package apart.
    pub(super) rating: Option<Rating<&'a str>>,
    pub(super) summary: String,
}

/// A flaw of a package: a finding, but for the package and what follows from it.
#[derive(Debug, Clone)]
pub(super) struct Flawed {
    id: String,
    aliases: Vec<String>,
    kind: FindingKind,
    severity: Severity,
    cvss_tenths: Option<u8>,
    exploited: Option<Exploitation>,
    /// Set by the matcher, which has the database.
    pub(super) prediction: Option<ExploitPrediction>,
    remedy: Option<Remedy>,
    summary: String,
    published: Option<Timestamp>,
    because: Vec<Reason>,
}

/// The comparison that was made, to be told by `explain`.
pub(super) fn reason(asked: Asked<'_>, advisory: &str, judgement: &Judgement<'_, &str>) -> Reason {
    let question = asked.question;
    match judgement {
        Judgement::In(interval) => Reason::InRange {
            advisory: advisory.to_owned(),
            name: question.name.clone(),
            ecosystem: asked.ecosystem,
            release: asked.release.map(str::to_owned),
            version: question.version.clone(),
            scheme: asked.ecosystem.facts().scheme,
            introduced: interval.introduced.map(str::to_owned),
            fixed: match interval.end {
                End::Fixed(version) => Some(version.to_owned()),
                _ => None,
            },
            last_affected: match interval.end {
                End::LastAffected(version) => Some(version.to_owned()),
                _ => None,
            },
        },
        Judgement::Listed | Judgement::Unaffected => Reason::Listed {
            advisory: advisory.to_owned(),
            name: question.name.clone(),
            ecosystem: asked.ecosystem,
            version: question.version.clone(),
        },
    }
}

/// Makes one of all records that describe the same flaw.
pub(super) fn flawed(mut hits: Vec<Hit<'_>>) -> Vec<Flawed> {
    // What knows most comes first, and supplies the fields.
    hits.sort_by_cached_key(|hit| {
        (
            hit.fixed.is_none(),
            hit.rating().tenths.is_none(),
            hit.rating().word.is_none(),
            hit.summary.is_empty(),
            hit.advisory.id,
        )
    });
    let names: Vec<Names<'_>> = hits
        .iter()
        .map(|hit| Names {
            id: hit.advisory.id,
            others: hit
                .advisory
                .aliases
                .iter()
                .chain(&hit.advisory.upstream)
                .copied()
                .collect(),
        })
        .collect();
    flaws(&names)
        .into_iter()
        .filter_map(|flaw| {
            let mut places = flaw.records;
            places.sort_unstable();
            let group: Vec<&Hit<'_>> = places.iter().filter_map(|&place| hits.get(place)).collect();
            let names: Vec<&str> = flaw.names.into_iter().collect();
            one(&group, &names)
        })
        .collect()
}

/// One flaw from its records, the one that knows most first.
fn one(group: &[&Hit<'_>], names: &[&str]) -> Option<Flawed> {
    let best = group.first()?;
    let kind = group
        .iter()
        .map(|hit| FindingKind::from(hit.advisory.kind))
        .min()?;
    let id = lead(names, kind).unwrap_or(best.advisory.id);
    let rated = group
        .iter()
        .map(|hit| hit.rating())
        .min_by_key(|rating| (rating.tenths.is_none(), rating.word.is_none()));
    let cvss_tenths = rated.and_then(|rating| rating.tenths);
    let exploited = group
        .iter()
        .flat_map(|hit| &hit.advisory.exploited)
        .find(|listed| names.contains(&listed.name))
        .map(|listed| Exploitation {
            added: listed.added.to_owned(),
            ransomware: listed.ransomware,
        });

    let mut because: Vec<Reason> = group.iter().map(|hit| hit.reason.clone()).collect();
    if let Some(Rating {
        vector: Some(vector),
        tenths: Some(tenths),
        ..
    }) = rated
    {
        because.push(Reason::Scored {
            vector: (*vector).to_owned(),
            tenths: *tenths,
        });
    }
    because.extend(exploited.clone().map(Reason::Exploited));
    if group.len() > 1 {
        because.push(Reason::SameFlaw {
            records: group
                .iter()
                .skip(1)
                .map(|hit| hit.advisory.id.to_owned())
                .collect(),
        });
    }

    Some(Flawed {
        id: id.to_owned(),
        aliases: names
            .iter()
            .filter(|name| **name != id)
            .map(|name| (*name).to_owned())
            .collect(),
        kind,
        severity: severity(kind, rated),
        cvss_tenths,
        exploited,
        prediction: None,
        remedy: match kind {
            // Other versions may be clean, but which one is, only a person can say.
            FindingKind::Malicious => Some(Remedy::Remove),
            _ => group
                .iter()
                .find_map(|hit| hit.fixed.clone())
                .map(|version| Remedy::Upgrade { version }),
        },
        summary: group
            .iter()
            .map(|hit| &hit.summary)
            .find(|summary| !summary.is_empty())
            .cloned()
            .unwrap_or_default(),
        published: group
            .iter()
            .find_map(|hit| Timestamp::from_second(hit.advisory.published?).ok()),
        because,
    })
}

/// The name that leads: for an attack that of the project that collects them, else the CVE id,
/// else GitHub's.
fn lead<'a>(names: &[&'a str], kind: FindingKind) -> Option<&'a str> {
    let first = |wanted: fn(&str) -> bool| names.iter().copied().find(|name| wanted(name));
    let attack = (kind == FindingKind::Malicious)
        .then(|| first(|name| name.starts_with("MAL-")))
        .flatten();
    attack
        .or_else(|| first(is_cve))
        .or_else(|| first(|name| name.starts_with("GHSA-")))
}

/// An attack is critical whatever anybody scored, and a notice is no flaw.
fn severity(kind: FindingKind, rating: Option<&Rating<&str>>) -> Severity {
    match kind {
        FindingKind::Malicious => return Severity::Critical,
        FindingKind::Notice => return Severity::None,
        _ => {}
    }
    let Some(rating) = rating else {
        return Severity::Unknown;
    };
    if let Some(tenths) = rating.tenths {
        return Severity::from_cvss(f64::from(tenths) / 10.0);
    }
    match rating.word {
        None => Severity::Unknown,
        Some(Word::None) => Severity::None,
        Some(Word::Low) => Severity::Low,
        Some(Word::Medium) => Severity::Medium,
        Some(Word::High) => Severity::High,
        Some(Word::Critical) => Severity::Critical,
    }
}

impl<'a> Hit<'a> {
    /// Whether all that the record speaks of is among these flaws. A bulletin about several is
    /// only settled when all of them are.
    pub(super) fn is_about(&self, flaws: &BTreeSet<&str>) -> bool {
        let names = || {
            std::iter::once(&self.advisory.id)
                .chain(&self.advisory.aliases)
                .chain(&self.advisory.upstream)
        };
        let mut cves = names().filter(|name| is_cve(name)).peekable();
        if cves.peek().is_none() {
            names().any(|name| flaws.contains(name))
        } else {
            cves.all(|name| flaws.contains(name))
        }
    }

    /// The severity for this package, else that of the record.
    fn rating(&self) -> &Rating<&'a str> {
        self.rating.as_ref().unwrap_or(&self.advisory.rating)
    }
}

impl Flawed {
    /// All its names.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.id.as_str()).chain(self.aliases.iter().map(String::as_str))
    }

    /// Whether no record says how bad it is.
    pub(super) fn is_unrated(&self) -> bool {
        self.kind == FindingKind::Vulnerability && self.severity == Severity::Unknown
    }

    /// Takes a score that is not of its own records, and the reason for it.
    pub(super) fn rate(&mut self, tenths: u8, reason: Reason) {
        self.severity = Severity::from_cvss(f64::from(tenths) / 10.0);
        self.cvss_tenths = Some(tenths);
        self.because.push(reason);
    }

    /// The finding for one package. The depth is the number of steps from a project.
    pub(super) fn finding(
        &self,
        package: PackageId,
        scope: Scope,
        depth: Option<usize>,
    ) -> Finding {
        let (score, parts) = risk_score(Circumstances {
            kind: self.kind,
            severity: self.severity,
            cvss_tenths: self.cvss_tenths,
            exploited: self.exploited.as_ref(),
            prediction: self.prediction,
            fix: match self.remedy {
                Some(Remedy::Upgrade { .. }) => Fix::Known,
                Some(Remedy::Remove) | None => Fix::Unknown,
            },
            depth,
            scope,
        });
        let mut because = self.because.clone();
        because.extend(self.prediction.map(Reason::Predicted));
        because.push(Reason::Weighed(parts));
        Finding {
            rule: RuleId(self.id.clone()),
            aliases: self.aliases.clone(),
            kind: self.kind,
            severity: self.severity,
            cvss_tenths: self.cvss_tenths,
            score,
            exploited: self.exploited.clone(),
            about: About::Package(package),
            remedy: self.remedy.clone(),
            summary: self.summary.clone(),
            published: self.published,
            because,
        }
    }
}
