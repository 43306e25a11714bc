//! Format `sarif`: SARIF 2.1.0, for code scanning services and editors.
//!
//! One rule for each advisory, one result for each finding and place. What GitHub's code scanning
//! needs beyond the standard (`security-severity`, `primaryLocationLineHash`, a region in every
//! location) is there:
//! <https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning>.
//! The standard: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>.

mod fixes;
mod uri;
mod wire;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use linchpin_model::{
    Finding, FindingKind, LayerIndex, Note, Reason, Remedy, Routes, RuleReason, Severity,
    SubjectKind, Suppression,
};
use sha2::{Digest as _, Sha256};

use super::Format;
use crate::text::{sentence, visible};
use crate::{ExplainableFinding, ExplainableLocation, Report, WriteOptions};

/// SARIF 2.1.0.
pub const FORMAT: Format = Format {
    id: "sarif",
    documentation: "SARIF 2.1.0, for code scanning services and editors.",
    write,
};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

fn write(report: &Report<'_>, _options: &WriteOptions, out: &mut dyn Write) -> io::Result<()> {
    let subject = &report.inventory.subject;
    let rules = Rules::new(report);
    let document = wire::Document {
        schema: SCHEMA,
        version: "2.1.0",
        runs: vec![wire::Run {
            column_kind: "unicodeCodePoints",
            results: results(report, &rules),
            tool: wire::Tool {
                driver: wire::Driver {
                    name: "Linchpin",
                    version: report.tool_version,
                    rules: rules.list,
                },
            },
            invocations: vec![wire::Invocation {
                execution_successful: true,
                tool_execution_notifications: report.notes.iter().map(notification).collect(),
            }],
            properties: wire::RunProperties {
                target: &subject.name,
                target_kind: subject.kind.label(),
                digest: subject.digest.as_ref().map(ToString::to_string),
            },
        }],
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    out.write_all(b"\n")
}

/// The rules, in the order in which findings first name them.
struct Rules {
    list: Vec<wire::Rule>,
    places: HashMap<String, usize>,
}

impl Rules {
    fn new(report: &Report<'_>) -> Self {
        let mut rules = Self {
            list: Vec::new(),
            places: HashMap::new(),
        };
        let suppressed = report
            .suppressed
            .iter()
            .map(|suppressed| &suppressed.finding);
        for finding in report.findings.iter().chain(suppressed) {
            let id = &finding.rule.0;
            if let Some(known) = rules
                .places
                .get(id)
                .and_then(|place| rules.list.get_mut(*place))
            {
                // The same advisory in another package: only the way out may differ.
                let line = way_out(report, finding);
                if !known.help.text.contains(&line) && known.help.text.len() < MAX_HELP {
                    known.help.text.push('\n');
                    known.help.text.push_str(&line);
                }
                continue;
            }
            rules.places.insert(id.clone(), rules.list.len());
            rules.list.push(rule(report, finding));
        }
        rules
    }
}

/// How many bytes of help a rule may grow to.
const MAX_HELP: usize = 4000;

fn rule(report: &Report<'_>, finding: &Finding) -> wire::Rule {
    if let Some(reason) = finding.rule_reason() {
        return rule_of_check(finding, reason);
    }
    let summary = match sentence(&finding.summary) {
        empty if empty.is_empty() => format!("{} in a package", visible(&finding.rule.0)),
        summary => summary,
    };
    let mut help = summary.clone();
    if !finding.aliases.is_empty() {
        let names: Vec<_> = finding.aliases.iter().map(|alias| visible(alias)).collect();
        let _ = write!(help, "\nAlso known as {}.", names.join(", "));
    }
    if let Some(found) = &finding.exploited {
        let _ = write!(
            help,
            "\nKnown to be used in attacks, in the catalogue of exploited vulnerabilities since {}.",
            visible(&found.added)
        );
    }
    help.push('\n');
    help.push_str(&way_out(report, finding));

    let mut tags = vec![
        "security",
        "supply-chain",
        finding.kind.label(),
        finding.severity.label(),
    ];
    if finding.exploited.is_some() {
        tags.push("exploited");
    }
    let tags = tags.into_iter().map(str::to_owned).collect();
    wire::Rule {
        id: finding.rule.0.clone(),
        short_description: text(format!("{}: {summary}", visible(&finding.rule.0))),
        full_description: text(summary),
        help: text(help),
        help_uri: Some(format!(
            "https://osv.dev/vulnerability/{}",
            uri::encode(&finding.rule.0)
        )),
        default_configuration: wire::Configuration {
            level: level(finding),
        },
        properties: wire::RuleProperties {
            security_severity: security_severity(finding),
            tags,
        },
    }
}

/// A rule of a check: what it says holds wherever it finds something.
fn rule_of_check(finding: &Finding, reason: &RuleReason) -> wire::Rule {
    let title = sentence(&reason.title);
    let mut help = format!(
        "{}\n\n{}",
        sentence(&reason.why),
        visible_lines(&reason.fix)
    );
    for reference in &reason.references {
        let _ = write!(help, "\n{}", visible(reference));
    }
    wire::Rule {
        id: finding.rule.0.clone(),
        short_description: text(title.clone()),
        full_description: text(format!("{title} {}", sentence(&reason.why))),
        help: text(help),
        help_uri: reason.references.first().cloned(),
        default_configuration: wire::Configuration {
            level: level(finding),
        },
        properties: wire::RuleProperties {
            security_severity: security_severity(finding),
            tags: vec![
                "security".to_owned(),
                finding.kind.label().to_owned(),
                visible(&reason.category).into_owned(),
            ],
        },
    }
}

/// Several lines, each made harmless.
fn visible_lines(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(visible).collect();
    lines.join("\n")
}

fn text(text: String) -> wire::Message {
    wire::Message { text }
}

/// The number that GitHub makes a word of, by the bands of CVSS. Where no vector gives one, the
/// lowest number of the band that the advisory names, so that its word and ours agree.
fn security_severity(finding: &Finding) -> Option<String> {
    let tenths = match (finding.cvss_tenths, finding.severity) {
        (Some(tenths), severity) if Severity::from_cvss(f64::from(tenths) / 10.0) == severity => {
            tenths
        }
        (_, Severity::Critical) => 90,
        (_, Severity::High) => 70,
        (_, Severity::Medium) => 40,
        (_, Severity::Low) => 1,
        (_, Severity::None | Severity::Unknown) => return None,
    };
    (tenths > 0).then(|| format!("{}.{}", tenths / 10, tenths % 10))
}

fn level(finding: &Finding) -> &'static str {
    if finding.kind == FindingKind::Malicious || finding.exploited.is_some() {
        return "error";
    }
    match finding.severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium | Severity::Unknown => "warning",
        Severity::Low | Severity::None => "note",
    }
}

fn subject(report: &Report<'_>, finding: &Finding) -> Option<String> {
    match &finding.about {
        linchpin_model::About::Package(id) => {
            let package = report.inventory.package(*id);
            let version = package.version().unwrap_or("of unknown version");
            Some(format!("{} {}", visible(&package.name()), visible(version)))
        }
        linchpin_model::About::Place(_) => None,
    }
}

fn way_out(report: &Report<'_>, finding: &Finding) -> String {
    if let Some(reason) = finding.rule_reason() {
        return reason.fix.lines().next().map(sentence).unwrap_or_default();
    }
    let subject = subject(report, finding).unwrap_or_else(|| "it".to_owned());
    match &finding.remedy {
        Some(Remedy::Upgrade { version }) => {
            format!("Upgrade {subject} to {} or later.", visible(version))
        }
        Some(Remedy::Remove) => format!("Remove {subject}."),
        None => format!("No version is known that fixes {subject}."),
    }
}

fn results(report: &Report<'_>, rules: &Rules) -> Vec<wire::Result> {
    let routes = Routes::new(report.inventory);
    let mut results = Vec::new();
    let counting = report.findings.iter().map(|finding| (finding, &[][..]));
    let suppressed = report
        .suppressed
        .iter()
        .map(|suppressed| (&suppressed.finding, suppressed.because.as_slice()));
    for (finding, because) in counting.chain(suppressed) {
        let Some(&rule_index) = rules.places.get(&finding.rule.0) else {
            continue;
        };
        let suppressions: Vec<wire::Suppression> = because.iter().map(suppression).collect();
        let explained = ExplainableFinding::new(finding, report.inventory, &routes);
        // A file that is both a manifest and a lockfile shows a package twice, and is one place.
        let mut told = std::collections::BTreeSet::new();
        for location in &explained.locations {
            if !told.insert((&location.path, location.line)) {
                continue;
            }
            results.push(wire::Result {
                rule_id: explained.id.clone(),
                rule_index,
                level: level(finding),
                rank: f64::from(finding.score.0),
                message: text(escape_links(&message(report, finding, location))),
                locations: vec![wire::Location::new(
                    uri::of_path(&location.path),
                    location.line.unwrap_or(1),
                    location.column,
                )],
                partial_fingerprints: wire::Fingerprints {
                    primary_location_line_hash: fingerprint(&explained, location),
                },
                fixes: fixes::of(finding, location),
                suppressions: (!report.suppressed.is_empty()).then(|| suppressions.clone()),
                properties: wire::ResultProperties {
                    package: explained
                        .package
                        .as_ref()
                        .map(|package| package.purl.clone()),
                    fixed: finding.fixed().map(str::to_owned),
                    layer: location.layer,
                    via: explained.via.clone(),
                },
            });
        }
    }
    results
}

/// A ground on which a result does not count. All are outside of the source that it is in.
fn suppression(ground: &Suppression) -> wire::Suppression {
    wire::Suppression {
        kind: "external",
        status: "accepted",
        justification: sentence(&crate::grounds::ground(ground)),
        properties: wire::SuppressionProperties {
            by: ground.label(),
            expires: match ground {
                Suppression::Excepted(exception) => Some(exception.expires.to_string()),
                Suppression::Stated(_) | Suppression::CodeAbsent(_) | Suppression::Commented(_) => {
                    None
                }
            },
        },
    }
}

/// `lodash 4.17.15 (layer 3): CVE-… (high), Command injection. Upgrade lodash … to 4.17.21 or later.`
fn message(report: &Report<'_>, finding: &Finding, location: &ExplainableLocation) -> String {
    let mut text = subject(report, finding).unwrap_or_else(|| visible(&location.path).into_owned());
    if report.inventory.subject.kind == SubjectKind::Image
        && let Some(layer) = location.layer
    {
        let _ = write!(text, " (layer {layer})");
    }
    let _ = write!(
        text,
        ": {} ({})",
        visible(&finding.rule.0),
        finding.severity.label()
    );
    if finding.exploited.is_some() {
        text.push_str(", known to be exploited");
    }
    if finding.kind == FindingKind::Malicious {
        text.push_str(", malicious");
    }
    let summary = sentence(&finding.summary);
    if !summary.is_empty() {
        let _ = write!(text, ", {}", summary.trim_end_matches('.'));
    }
    let _ = write!(text, ". {}", way_out(report, finding));
    text
}

/// Square brackets make links in SARIF messages (section 3.11.6); a name of a package must not.
fn escape_links(text: &str) -> String {
    text.replace('[', "\\[").replace(']', "\\]")
}

/// What makes this result the same one in the next scan, and tells two versions of a package in
/// one lockfile apart: the flaw, the package, and the place.
fn fingerprint(finding: &ExplainableFinding, location: &ExplainableLocation) -> String {
    let package = finding.package.as_ref().map_or("", |package| &package.purl);
    let mut hash = Sha256::new();
    // A rule finds several places in one file: what stands there tells them apart, and not the
    // number of the line, which changes with every line before it.
    let line = finding.because.iter().find_map(|reason| match reason {
        Reason::Rule(rule) => (rule.excerpt.iter())
            .find(|line| Some(line.line) == location.line)
            .map(|line| line.text.trim()),
        _ => None,
    });
    let parts = [finding.id.as_str(), package, &location.path];
    for part in parts.into_iter().chain(line) {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let mut text = String::with_capacity(34);
    for byte in hash.finalize().iter().take(16) {
        let _ = write!(text, "{byte:02x}");
    }
    // GitHub counts equal hashes of one file after the colon; ours are never equal.
    text.push_str(":1");
    text
}

fn notification(note: &Note) -> wire::Notification {
    let layer = match note.layer {
        Some(LayerIndex(layer)) => format!(" (layer {layer})"),
        None => String::new(),
    };
    wire::Notification {
        level: "warning",
        message: text(escape_links(&format!("{}{layer}", sentence(&note.text)))),
        locations: note
            .path
            .iter()
            .map(|path| wire::Location::new(uri::of_path(path.as_str()), 1, None))
            .collect(),
    }
}
