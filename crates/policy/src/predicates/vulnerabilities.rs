//! Known flaws: the predicate `https://in-toto.io/attestation/vulns/v0.2`.
//! <https://github.com/in-toto/attestation/blob/main/spec/predicates/vulns_02.md>
//!
//! The severity is a word or a score, by whatever method. In annotations, Linchpin says more: other
//! ids, whether attackers use a flaw, and the packages that have it with the version that has not.

use linchpin_model::{PackageUrl, Severity, Timestamp};
use serde::Deserialize;
use serde_json::Value;

use super::{optional_moment, read};
use crate::evidence::Testimony;

/// A scan.
#[derive(Debug)]
pub(crate) struct Scan {
    /// The URI of the scanner.
    pub(crate) scanner: String,
    /// Its version.
    pub(crate) version: String,
    /// When it ended.
    pub(crate) finished: Timestamp,
    /// When its database was current.
    pub(crate) database: Option<Timestamp>,
    /// What it found.
    pub(crate) flaws: Vec<Flaw>,
}

/// A flaw in a package.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Flaw {
    pub(crate) id: String,
    pub(crate) aliases: Vec<String>,
    /// The severity, as its word.
    pub(crate) severity: &'static str,
    /// The CVSS base score; 0 if nobody says.
    pub(crate) score: f64,
    pub(crate) exploited: bool,
    pub(crate) malicious: bool,
    /// The package, where the scanner says which.
    pub(crate) package: Option<PackageUrl>,
    /// The version without the flaw.
    pub(crate) fixed_in: Option<String>,
}

/// The most flaws of a scan, each package of one counted.
const MOST_FLAWS: usize = 100_000;

impl Scan {
    pub(crate) fn read(testimony: &Testimony) -> Result<Self, String> {
        let wire: Wire = read(testimony)?;
        let metadata = wire.metadata;
        let finished = metadata
            .scan_finished_on
            .or(metadata.scan_started_on)
            .ok_or("it does not say when the scan ended")?;
        let mut flaws = Vec::new();
        for result in &wire.scanner.result {
            flaws.extend(result.flaws());
            if flaws.len() > MOST_FLAWS {
                return Err(format!("it has more than {MOST_FLAWS} flaws"));
            }
        }
        Ok(Self {
            scanner: wire.scanner.uri,
            version: wire.scanner.version.unwrap_or_default(),
            finished,
            database: wire.scanner.db.and_then(|db| db.last_update),
            flaws,
        })
    }
}

#[derive(Deserialize)]
struct Wire {
    scanner: Scanner,
    metadata: Metadata,
}

#[derive(Deserialize)]
struct Scanner {
    uri: String,
    version: Option<String>,
    db: Option<Database>,
    /// Missing only where a scanner found nothing and says so in this way.
    result: Vec<Found>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Database {
    #[serde(default, deserialize_with = "optional_moment")]
    last_update: Option<Timestamp>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metadata {
    #[serde(default, deserialize_with = "optional_moment")]
    scan_started_on: Option<Timestamp>,
    #[serde(default, deserialize_with = "optional_moment")]
    scan_finished_on: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Found {
    id: String,
    #[serde(default)]
    severity: Vec<Rated>,
    #[serde(default)]
    annotations: Vec<serde_json::Map<String, Value>>,
}

#[derive(Deserialize)]
struct Rated {
    #[serde(default)]
    method: String,
    score: Value,
}

impl Found {
    /// One for each package; one without a package if the scanner does not say which.
    fn flaws(&self) -> Vec<Flaw> {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let mut aliases = Vec::new();
        let mut exploited = false;
        let mut packages = Vec::new();
        for annotation in &self.annotations {
            if let Some(list) = annotation.get("aliases").and_then(Value::as_str) {
                aliases.extend(list.split(',').map(|alias| alias.trim().to_owned()));
            }
            exploited |= annotation
                .get("exploited")
                .is_some_and(|value| value == "true" || *value == Value::Bool(true));
            if let Some(package) = annotation.get("package").and_then(Value::as_str) {
                let purl = package.parse::<PackageUrl>().ok();
                packages.push((purl, annotation.get("fixedIn").and_then(text)));
            }
        }
        if packages.is_empty() {
            packages.push((None, None));
        }
        let (severity, score, malicious) = self.rated();
        packages
            .into_iter()
            .map(|(package, fixed_in)| Flaw {
                id: self.id.clone(),
                aliases: aliases.clone(),
                severity,
                score,
                exploited,
                malicious,
                package,
                fixed_in,
            })
            .collect()
    }

    /// The severity, the score, and whether it is an attack. Where only a score is known, the
    /// severity is the one that CVSS has for it; the worst of what is said counts.
    fn rated(&self) -> (&'static str, f64, bool) {
        let mut malicious = self.id.starts_with("MAL-");
        let mut word: Option<Severity> = None;
        let mut score = 0.0_f64;
        for rated in &self.severity {
            let text = match &rated.score {
                Value::String(text) => text.trim().to_owned(),
                other => other.to_string(),
            };
            if text.eq_ignore_ascii_case("malicious") {
                malicious = true;
            } else if let Ok(severity) = text.to_ascii_lowercase().parse::<Severity>() {
                word = word.max(Some(severity));
            } else if let Ok(number) = text.parse::<f64>()
                && (0.0..=10.0).contains(&number)
                && !rated.method.to_ascii_lowercase().contains("epss")
            {
                score = score.max(number);
            }
        }
        let of_score = match score {
            9.0.. => Some(Severity::Critical),
            7.0.. => Some(Severity::High),
            4.0.. => Some(Severity::Medium),
            0.1.. => Some(Severity::Low),
            _ => None,
        };
        let severity = match (malicious, word.max(of_score)) {
            (true, _) => "critical",
            (false, Some(severity)) => severity.label(),
            (false, None) => "unknown",
        };
        (severity, score, malicious)
    }
}
