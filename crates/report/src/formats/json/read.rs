//! Reading a report back, as far as `explain` and `diff` need it.
//!
//! Tolerant of what a later program of the same version adds (unknown fields and reasons are
//! skipped), strict about what it is: another format or a newer version is a typed refusal.

use std::collections::BTreeMap;

use linchpin_model::{
    AdvisoryFacts, AdvisoryOrigin, Ecosystem, Excerpt, ExploitPrediction, Exploitation,
    FindingKind, Inventory, InventoryBuilder, LicenseExpression, Package, PackageUrl, Reason,
    Remedy, RiskScore, Role, RuleReason, Scope, ScoreFactor, ScorePart, Severity, Subject,
    SubjectKind, TargetPath,
};
use serde::Deserialize;

use super::{NAME, VERSION, repair as repairs, suppression, wire};
use crate::{
    ExplainableFinding, ExplainableLocation, ExplainablePackage, ExplainableReport, LeftOut,
};

/// What an earlier scan came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlierReport {
    /// Its findings, with what explains them.
    pub explainable: ExplainableReport,
    /// The packages, without the places where they were found and without what needs what; nothing
    /// for a report of a program that did not list them yet.
    pub inventory: Option<Inventory>,
    /// The advisories that the target was compared with.
    pub advisories: AdvisoryFacts,
    /// What was found and is not in it.
    pub left_out: LeftOut,
}

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
    #[serde(default)]
    advisories: Advisories,
    packages: Option<Vec<wire::Package>>,
    findings: Vec<wire::Finding>,
    #[serde(default)]
    suppressed: Vec<wire::Finding>,
    #[serde(default)]
    left_out: StatedLeftOut,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: String,
    digest: Option<String>,
    platform: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Advisories {
    path: Option<String>,
    newest: Option<String>,
    records: BTreeMap<String, u64>,
    exploited_catalogue: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct StatedLeftOut {
    development: usize,
    unfixed: usize,
}

/// Whether bytes are a report of ours, of whatever version.
pub fn is_report(bytes: &[u8]) -> bool {
    serde_json::from_slice::<Stamp>(bytes).is_ok_and(|stamp| stamp.format == NAME)
}

/// Reads a report back.
pub fn read(bytes: &[u8]) -> Result<EarlierReport, ReadReportError> {
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
    let subject = Subject {
        name: document.target.name,
        kind: SubjectKind::ALL
            .into_iter()
            .find(|kind| kind.label() == document.target.kind)
            .unwrap_or(SubjectKind::Directory),
        digest: document.target.digest.and_then(|text| text.parse().ok()),
        platform: document.target.platform,
        layers: Vec::new(),
    };
    Ok(EarlierReport {
        explainable: ExplainableReport {
            target: subject.name.clone(),
            target_kind: subject.kind,
            findings: document
                .findings
                .into_iter()
                .chain(document.suppressed)
                .map(finding)
                .collect(),
        },
        inventory: document
            .packages
            .map(|packages| inventory(packages, subject)),
        advisories: advisories(document.advisories),
        left_out: LeftOut {
            development: document.left_out.development,
            unfixed: document.left_out.unfixed,
        },
    })
}

fn inventory(packages: Vec<wire::Package>, subject: Subject) -> Inventory {
    let mut builder = InventoryBuilder::default();
    for stated in packages {
        let Ok(purl) = stated.purl.parse::<PackageUrl>() else {
            continue;
        };
        builder.add(Package {
            role: match stated.role.as_str() {
                "application" => Role::Application,
                _ => Role::Library,
            },
            scope: scope(&stated.scope).unwrap_or_default(),
            license: stated
                .license
                .and_then(|text| LicenseExpression::parse(&text).ok()),
            license_file: stated.license_file.map(|path| TargetPath::new(&path)),
            ..Package::unplaced(purl)
        });
    }
    builder.finish(subject)
}

fn advisories(stated: Advisories) -> AdvisoryFacts {
    let mut records: Vec<(Ecosystem, u64)> = stated
        .records
        .iter()
        .filter_map(|(name, count)| Some((Ecosystem::from_osv(name)?.0, *count)))
        .collect();
    records.sort();
    AdvisoryFacts {
        origin: stated
            .path
            .map_or(AdvisoryOrigin::StarterSet, AdvisoryOrigin::File),
        newest: stated.newest.and_then(|text| text.parse().ok()),
        records,
        exploited_catalogue: stated.exploited_catalogue,
        // Reports do not state these.
        current: None,
        exploit_predictions: None,
    }
}

fn scope(label: &str) -> Option<Scope> {
    Scope::ALL.into_iter().find(|scope| scope.label() == label)
}

fn finding(found: wire::Finding) -> ExplainableFinding {
    let found_scope = found.scope.as_deref().and_then(scope).unwrap_or_default();
    ExplainableFinding {
        id: found.id,
        aliases: found.aliases,
        kind: FindingKind::ALL
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
            scope: found_scope,
            purl,
        }),
        locations: found
            .locations
            .into_iter()
            .map(|location| ExplainableLocation {
                path: location.path,
                layer: location.layer,
                line: location.line,
                column: location.column,
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
        because: found
            .because
            .into_iter()
            .filter_map(|because| reason(because, found_scope))
            .collect(),
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

/// Parts per hundred thousand of a share of one.
fn parts(share: f64) -> Option<u32> {
    let parts = (share * f64::from(ExploitPrediction::WHOLE)).round();
    #[expect(clippy::cast_sign_loss, reason = "it is checked to be a share of one")]
    (0.0..=f64::from(ExploitPrediction::WHOLE))
        .contains(&parts)
        .then_some(parts as u32)
}

fn reason(reason: wire::Reason, scope: Scope) -> Option<Reason> {
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
        wire::Reason::Lent {
            advisory,
            flaw,
            vector,
            cvss,
        } => Reason::Lent {
            advisory,
            flaw,
            vector,
            tenths: tenths(cvss)?,
        },
        wire::Reason::Exploited { added, ransomware } => {
            Reason::Exploited(Exploitation { added, ransomware })
        }
        wire::Reason::Predicted {
            probability,
            percentile,
        } => Reason::Predicted(ExploitPrediction::new(
            parts(probability)?,
            parts(percentile)?,
        )?),
        wire::Reason::Weighed { parts } => Reason::Weighed(
            parts
                .into_iter()
                .filter_map(|part| {
                    Some(ScorePart {
                        factor: ScoreFactor::from_label(&part.factor, scope)?,
                        points: part.points,
                    })
                })
                .collect(),
        ),
        wire::Reason::SameFlaw { records } => Reason::SameFlaw { records },
        wire::Reason::Stated(statement) => Reason::Stated(suppression::read_statement(statement)?),
        wire::Reason::Rule {
            title,
            category,
            why,
            fix,
            references,
            excerpt,
            repair,
            fingerprint,
        } => Reason::Rule(RuleReason {
            title,
            category,
            why,
            fix,
            references,
            excerpt: excerpt
                .into_iter()
                .map(|wire::ExcerptLine { line, text }| Excerpt { line, text })
                .collect(),
            repair: repair.map(repairs::read),
            fingerprint,
        }),
        wire::Reason::Other => return None,
    })
}
