//! Reading a report back, as far as `explain` needs it.
//!
//! Tolerant of what a later program of the same version adds (unknown fields and reasons are
//! skipped), strict about what it is: another format or a newer version is a typed refusal.

use linchpin_model::{
    Ecosystem, Exploitation, FindingKind, Reason, Remedy, RiskScore, Scope, Severity, SubjectKind,
};
use serde::Deserialize;

use super::{NAME, VERSION, suppression, wire};
use crate::{ExplainableFinding, ExplainableLocation, ExplainablePackage, ExplainableReport};

/// Why bytes are no report that can be explained.
#[derive(Debug, thiserror::Error)]
pub enum ReadReportError {
    /// It is no JSON, or JSON of another shape.
    #[error("it is no report in JSON")]
    Json(#[from] serde_json::Error),
    /// It is JSON, and not a report of ours.
    #[error("it is no report of `linchpin scan --format json`: its `format` is `{0}`")]
    OtherFormat(String),
    /// It is a report of a newer program.
    #[error("it is version {0} of the report format, this program reads up to version {VERSION}")]
    NewerVersion(u64),
}

/// What says which document this is.
#[derive(Deserialize)]
struct Stamp {
    #[serde(default)]
    format: String,
    #[serde(default)]
    version: u64,
}

#[derive(Deserialize)]
struct Document {
    target: Target,
    findings: Vec<wire::Finding>,
    #[serde(default)]
    suppressed: Vec<wire::Finding>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: String,
}

/// Reads a report back.
pub fn read(bytes: &[u8]) -> Result<ExplainableReport, ReadReportError> {
    let stamp: Stamp = serde_json::from_slice(bytes)?;
    if stamp.format != NAME {
        return Err(ReadReportError::OtherFormat(
            stamp.format.chars().take(100).collect(),
        ));
    }
    if stamp.version > VERSION {
        return Err(ReadReportError::NewerVersion(stamp.version));
    }
    let document: Document = serde_json::from_slice(bytes)?;
    Ok(ExplainableReport {
        target: document.target.name,
        target_kind: SubjectKind::ALL
            .into_iter()
            .find(|kind| kind.label() == document.target.kind)
            .unwrap_or(SubjectKind::Directory),
        findings: document
            .findings
            .into_iter()
            .chain(document.suppressed)
            .map(finding)
            .collect(),
    })
}

fn finding(found: wire::Finding) -> ExplainableFinding {
    let kinds = [
        FindingKind::Malicious,
        FindingKind::Vulnerability,
        FindingKind::Notice,
    ];
    let scope = |label: &str| Scope::ALL.into_iter().find(|scope| scope.label() == label);
    ExplainableFinding {
        id: found.id,
        aliases: found.aliases,
        kind: kinds
            .into_iter()
            .find(|kind| kind.label() == found.kind)
            .unwrap_or(FindingKind::Vulnerability),
        severity: found.severity.parse().unwrap_or(Severity::Unknown),
        cvss_tenths: found.cvss.and_then(tenths),
        score: RiskScore(found.score),
        exploited: found.exploited.map(|exploited| Exploitation {
            added: exploited.added,
            ransomware: exploited.ransomware,
        }),
        package: found.package.map(|purl| ExplainablePackage {
            name: found.name.unwrap_or_else(|| purl.clone()),
            version: found.version,
            scope: found.scope.as_deref().and_then(scope).unwrap_or_default(),
            purl,
        }),
        locations: found
            .locations
            .into_iter()
            .map(|location| ExplainableLocation {
                path: location.path,
                layer: location.layer,
                line: location.line,
                kind: location.kind,
                owner: location.owner,
            })
            .collect(),
        route: found.route,
        via: found.via,
        remedy: match (found.fixed, found.remedy.as_deref()) {
            (Some(version), _) => Some(Remedy::Upgrade { version }),
            (None, Some("remove")) => Some(Remedy::Remove),
            (None, _) => None,
        },
        summary: found.summary,
        published: found.published.and_then(|text| text.parse().ok()),
        because: found.because.into_iter().filter_map(reason).collect(),
        suppressed_by: found
            .suppressed_by
            .into_iter()
            .filter_map(suppression::read)
            .collect(),
    }
}

/// The tenths of a CVSS score, if it is one.
fn tenths(score: f64) -> Option<u8> {
    (0_u8..=100).find(|tenths| (score * 10.0 - f64::from(*tenths)).abs() < 0.05)
}

fn reason(reason: wire::Reason) -> Option<Reason> {
    let known = |name: &str| Ecosystem::from_osv(name).map(|(ecosystem, _)| ecosystem);
    Some(match reason {
        wire::Reason::InRange {
            advisory,
            name,
            ecosystem,
            release,
            version,
            introduced,
            fixed,
            last_affected,
        } => {
            let ecosystem = known(&ecosystem)?;
            Reason::InRange {
                advisory,
                name,
                ecosystem,
                release,
                version,
                scheme: ecosystem.facts().scheme,
                introduced,
                fixed,
                last_affected,
            }
        }
        wire::Reason::Listed {
            advisory,
            name,
            ecosystem,
            version,
        } => Reason::Listed {
            advisory,
            name,
            ecosystem: known(&ecosystem)?,
            version,
        },
        wire::Reason::Scored { vector, cvss } => Reason::Scored {
            vector,
            tenths: tenths(cvss)?,
        },
        wire::Reason::Exploited { added, ransomware } => {
            Reason::Exploited(Exploitation { added, ransomware })
        }
        wire::Reason::SameFlaw { records } => Reason::SameFlaw { records },
        wire::Reason::Stated(statement) => Reason::Stated(suppression::read_statement(statement)?),
        wire::Reason::Other => return None,
    })
}
