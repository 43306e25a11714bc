//! From an OSV record to what a scan needs of it: the flaw's names, how bad it is, and for each
//! package the affected versions.
//!
//! Here is decided what a record means: whether it speaks of an attack, a flaw or a notice, which
//! of several severities counts, which packages can be matched at all. References, credits and
//! the long description are left behind.

mod bulletin;
mod go_imports;
mod module_stream;
mod rating;
mod summary;

use std::cmp::Ordering;

use linchpin_model::{Ecosystem, Timestamp};
use serde_json::Value;

use crate::database::{Advisory, AdvisoryPlace, Affected, Kind, Notice, Rating, SummaryPlace};
use crate::names::normalise;
use crate::ranges::{Event, Judgement, intervals, judge};
use crate::record::{AffectedEntry, EventEntry, RangeEntry, Record, is_plain_id};
use bulletin::Bulletin;
use module_stream::StatedStreams;
use rating::{rating, rating_of_affected};
use summary::{first_sentence, one_line};

/// The longest name or version that is taken; the real ones are far shorter.
const LONGEST: usize = 1024;
/// The most ranges for one package that are taken; the real ones are under a hundred.
const MOST_INTERVALS: usize = 1000;
/// Dates before 1990 stand for "unknown": sources write the year 1 or 1970.
const EARLIEST: i64 = 631_152_000;

/// A record, condensed.
#[derive(Debug)]
pub(crate) struct Condensed {
    pub(crate) advisory: Advisory<String>,
    pub(crate) summary: String,
    pub(crate) packages: Vec<CondensedPackage>,
    /// What could not be understood, as fragments.
    pub(crate) problems: Vec<String>,
}

/// What a record says of one package.
#[derive(Debug)]
pub(crate) struct CondensedPackage {
    pub(crate) ecosystem: Ecosystem,
    pub(crate) release: Option<String>,
    pub(crate) name: String,
    pub(crate) affected: Affected<String>,
}

/// Condenses a record. It may have no package that can be matched.
pub(crate) fn condense(record: Record) -> Condensed {
    let mut problems = Vec::new();
    let (kind, notice) = kind(&record);
    let streams = StatedStreams::of_title(record.summary.as_deref());
    let bulletin = Bulletin::of(&record);
    let mut rating = rating(&record.severity, &record.database_specific);
    if rating == Rating::default() {
        rating = record
            .affected
            .iter()
            .map(rating_of_affected)
            .find(|rating| *rating != Rating::default())
            .unwrap_or_default();
    }
    if rating == Rating::default() {
        rating.word = bulletin.word;
    }
    let id = record.id;
    let mut aliases = plain_ids(record.aliases, &id);
    aliases.retain(|alias| *alias != id);
    let mut upstream = record.upstream;
    upstream.extend(bulletin.repairs);
    let upstream = plain_ids(upstream, &id);
    let related = plain_ids(record.related, &id);
    let packages = join_same(
        record
            .affected
            .into_iter()
            .filter(|_| !bulletin.is_harmless)
            .filter_map(|entry| package(entry, &streams, &mut problems))
            .collect(),
    );
    let summary = record
        .summary
        .as_deref()
        .map(one_line)
        .filter(|summary| !summary.is_empty())
        .or_else(|| record.details.as_deref().map(first_sentence))
        .unwrap_or_default();
    Condensed {
        advisory: Advisory {
            id,
            aliases,
            upstream,
            related,
            kind,
            notice,
            rating,
            published: seconds(record.published.as_deref()),
            modified: seconds(record.modified.as_deref()),
            exploited: Vec::new(),
            summary: SummaryPlace::default(),
        },
        summary,
        packages,
        problems,
    }
}

/// Malicious: an id of the malicious-packages project, GitHub's CWE-506 ("embedded malicious
/// code"), RustSec's category, or a plain statement. A notice: RustSec's `unmaintained` and
/// `notice`. `unsound` stays a flaw, mostly of unknown severity: safe code can go wrong with it.
fn kind(record: &Record) -> (Kind, Option<Notice>) {
    let specific = &record.database_specific;
    let has = |value: &Value, field: &str, wanted: &str| {
        value
            .get(field)
            .and_then(Value::as_array)
            .is_some_and(|values| values.iter().any(|value| value.as_str() == Some(wanted)))
    };
    let malicious = record.id.starts_with("MAL-")
        || record.aliases.iter().any(|alias| alias.starts_with("MAL-"))
        || specific.get("malicious").and_then(Value::as_bool) == Some(true)
        || has(specific, "cwe_ids", "CWE-506")
        || record
            .affected
            .iter()
            .any(|affected| has(&affected.database_specific, "categories", "malicious"));
    if malicious {
        return (Kind::Malicious, None);
    }
    let words: Option<Vec<&str>> = record
        .affected
        .iter()
        .map(|affected| affected.database_specific.get("informational")?.as_str())
        .collect();
    match words.as_deref() {
        Some(words @ [_, ..])
            if words
                .iter()
                .all(|word| matches!(*word, "unmaintained" | "notice")) =>
        {
            let notice = if words.contains(&"unmaintained") {
                Notice::Unmaintained
            } else {
                Notice::Other
            };
            (Kind::Notice, Some(notice))
        }
        _ => (Kind::Vulnerability, None),
    }
}

fn package(
    entry: AffectedEntry,
    streams: &StatedStreams,
    problems: &mut Vec<String>,
) -> Option<CondensedPackage> {
    let rating = rating_of_affected(&entry);
    let named = entry.package?;
    let (ecosystem, release) = Ecosystem::from_osv(named.ecosystem.trim())?;
    let release = release
        .filter(|_| ecosystem.facts().has_releases)
        .map(str::to_owned);
    if !is_plain_text(&named.name) {
        problems.push(
            "the name of a package is empty, too long, or holds control characters".to_owned(),
        );
        return None;
    }
    let scheme = ecosystem.facts().scheme;
    let mut affected = Affected {
        advisory: AdvisoryPlace::default(),
        intervals: Vec::new(),
        versions: Vec::new(),
        rating: (rating != Rating::default()).then_some(rating),
        imports: if ecosystem == Ecosystem::Go {
            go_imports::read(&entry.ecosystem_specific)
        } else {
            Vec::new()
        },
        module: None,
    };
    for range in entry.ranges {
        // Commits are not versions; there is nothing in an inventory to compare them with.
        if range.kind.as_deref() == Some("GIT") {
            continue;
        }
        let (folded, invalid) = intervals(scheme, events(range, problems));
        affected.intervals.extend(folded);
        if let Some(invalid) = invalid {
            problems.push(invalid.to_string());
        }
    }
    if affected.intervals.len() > MOST_INTERVALS {
        problems.push(format!(
            "it has over {MOST_INTERVALS} ranges for one package"
        ));
        affected.intervals.truncate(MOST_INTERVALS);
    }
    // Most records list all versions that lie in their ranges once more. What the ranges say
    // already is left out: it would be nine tenths of the database.
    affected.versions = entry
        .versions
        .into_iter()
        .filter(|version| is_plain_text(version))
        .filter(|version| !matches!(judge(scheme, version, &affected), Ok(Judgement::In(_))))
        .collect();
    affected.versions.sort();
    affected.versions.dedup();
    if affected.intervals.is_empty() && affected.versions.is_empty() {
        return None;
    }
    affected.module = streams.stream(scheme, named.purl.as_deref(), &affected);
    Some(CondensedPackage {
        ecosystem,
        release,
        name: normalise(ecosystem, &named.name).into_owned(),
        affected,
    })
}

/// Records may speak of one package several times, once for each branch. Joined, a version that
/// one part calls fixed can be checked against all others.
fn join_same(mut packages: Vec<CondensedPackage>) -> Vec<CondensedPackage> {
    fn place(package: &CondensedPackage) -> (Ecosystem, Option<&str>, &str, Option<&str>) {
        (
            package.ecosystem,
            package.release.as_deref(),
            &package.name,
            package.affected.module.as_deref(),
        )
    }
    packages.sort_by(|left, right| place(left).cmp(&place(right)));
    let mut joined: Vec<CondensedPackage> = Vec::with_capacity(packages.len());
    for package in packages {
        match joined.last_mut() {
            Some(last) if place(last) == place(&package) => {
                let more = package.affected;
                last.affected.intervals.extend(more.intervals);
                last.affected.intervals.truncate(MOST_INTERVALS);
                last.affected.versions.extend(more.versions);
                last.affected.rating = last.affected.rating.take().or(more.rating);
                last.affected.imports =
                    go_imports::join(std::mem::take(&mut last.affected.imports), more.imports);
            }
            _ => joined.push(package),
        }
    }
    joined
}

fn events(range: RangeEntry, problems: &mut Vec<String>) -> Vec<Event> {
    let mut events = Vec::new();
    for entry in range.events {
        let EventEntry {
            introduced,
            fixed,
            last_affected,
            limit,
        } = entry;
        let several = [
            introduced.map(Event::Introduced as fn(String) -> Event),
            fixed.map(Event::Fixed),
            last_affected.map(Event::LastAffected),
            limit.map(Event::Limit),
        ];
        for event in several.into_iter().flatten() {
            let (Event::Introduced(version)
            | Event::Fixed(version)
            | Event::LastAffected(version)
            | Event::Limit(version)) = &event;
            if is_plain_text(version) {
                events.push(event);
            } else {
                problems
                    .push("a version is empty, too long, or holds control characters".to_owned());
            }
        }
    }
    events
}

fn plain_ids(ids: Vec<String>, own: &str) -> Vec<String> {
    let mut ids: Vec<String> = ids
        .into_iter()
        .filter(|id| is_plain_id(id) && id != own)
        .collect();
    ids.sort();
    ids.dedup();
    ids
}

fn is_plain_text(text: &str) -> bool {
    !text.trim().is_empty() && text.len() <= LONGEST && !text.chars().any(char::is_control)
}

fn seconds(text: Option<&str>) -> Option<i64> {
    let seconds = text?.parse::<Timestamp>().ok()?.as_second();
    (seconds.cmp(&EARLIEST) != Ordering::Less).then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn condensed(json: &str) -> Condensed {
        condense(Record::parse(json.as_bytes()).unwrap())
    }

    #[test]
    fn kinds_are_told_apart() {
        let kind = |json: &str| condensed(json).advisory.kind;
        let notice = |json: &str| condensed(json).advisory.notice;
        assert_eq!(kind(r#"{"id":"MAL-2024-1"}"#), Kind::Malicious);
        assert_eq!(
            kind(r#"{"id":"GHSA-1","database_specific":{"cwe_ids":["CWE-506"]}}"#),
            Kind::Malicious
        );
        let rust = |categories: &str, informational: &str| {
            kind(&format!(
                r#"{{"id":"RUSTSEC-1","affected":[{{"database_specific":{{"categories":[{categories}],"informational":{informational}}}}}]}}"#
            ))
        };
        assert_eq!(rust("\"malicious\"", "null"), Kind::Malicious);
        assert_eq!(rust("", "\"unmaintained\""), Kind::Notice);
        assert_eq!(rust("", "\"unsound\""), Kind::Vulnerability);
        assert_eq!(kind(r#"{"id":"CVE-1"}"#), Kind::Vulnerability);
        for (word, expected) in [
            ("unmaintained", Some(Notice::Unmaintained)),
            ("notice", Some(Notice::Other)),
            ("unsound", None),
        ] {
            let json = format!(
                r#"{{"id":"RUSTSEC-1","affected":[{{"database_specific":{{"informational":"{word}"}}}}]}}"#
            );
            assert_eq!(notice(&json), expected, "{word}");
        }
    }

    #[test]
    fn versions_that_the_ranges_hold_are_left_out() {
        let record = condensed(
            r#"{"id":"X","affected":[{"package":{"ecosystem":"PyPI","name":"A_b"},
                "ranges":[{"type":"GIT","events":[{"introduced":"0"},{"fixed":"abc"}]},
                          {"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"2.0"}]}],
                "versions":["1.0","1.5","3.0"]}]}"#,
        );
        assert_eq!(record.packages.len(), 1);
        assert_eq!(record.packages[0].name, "a-b");
        assert_eq!(record.packages[0].affected.versions, ["3.0"]);
        assert_eq!(record.packages[0].affected.intervals.len(), 1);
    }

    #[test]
    fn dates_that_stand_for_unknown_are_none() {
        assert_eq!(seconds(Some("0001-01-01T00:00:00Z")), None);
        assert_eq!(seconds(Some("1970-01-01T00:00:00Z")), None);
        assert!(seconds(Some("2021-10-28T05:27:07.120992Z")).is_some());
    }
}
