//! From an OSV record to what a scan needs of it: the flaw's names, how bad it is, and for each
//! package the affected versions.
//!
//! Here is decided what a record means: whether it speaks of an attack, a flaw or a notice, which
//! of several severities counts, which packages can be matched at all. References, credits and
//! the long description are left behind.

use std::cmp::Ordering;

use linchpin_model::{Ecosystem, Severity, Timestamp};
use serde_json::Value;

use crate::cvss;
use crate::database::{Advisory, Affected, Exploited, Kind, Rating, Summary, Word};
use crate::feeds::{ExploitedCatalogue, plain_date};
use crate::names::normalise;
use crate::ranges::{Event, Judgement, intervals, judge};
use crate::record::{AffectedEntry, EventEntry, RangeEntry, Record, SeverityEntry, is_plain_id};

/// The longest name or version that is taken; the real ones are far shorter.
const LONGEST: usize = 1024;
/// The most ranges for one package that are taken; the real ones are under a hundred.
const MOST_INTERVALS: usize = 1000;
/// Summaries are cut after this many characters.
const SUMMARY: usize = 300;
/// Dates before 1990 stand for "unknown": sources write the year 1 or 1970.
const EARLIEST: i64 = 631_152_000;

/// A record, condensed.
#[derive(Debug)]
pub(crate) struct Condensed {
    pub(crate) advisory: Advisory<String>,
    pub(crate) summary: String,
    /// When it was last changed, in seconds since 1970.
    pub(crate) modified: Option<i64>,
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
pub(crate) fn condense(record: Record, exploited: &ExploitedCatalogue) -> Condensed {
    let mut problems = Vec::new();
    let kind = kind(&record);
    let mut rating = rating(&record.severity, &record.database_specific);
    if rating == Rating::default() {
        rating = record
            .affected
            .iter()
            .map(rating_of_affected)
            .find(|rating| *rating != Rating::default())
            .unwrap_or_default();
    }
    let id = record.id;
    let mut aliases = plain_ids(record.aliases, &id);
    aliases.retain(|alias| *alias != id);
    let upstream = plain_ids(record.upstream, &id);
    let listed = std::iter::once(&id)
        .chain(&aliases)
        .chain(&upstream)
        .filter_map(|name| {
            let listed = exploited.get(name)?;
            Some(Exploited {
                name: name.clone(),
                added: listed.added.clone(),
                ransomware: listed.ransomware,
            })
        })
        .chain(own_exploitation(&id, &record.database_specific))
        .collect();

    let packages = join_same(
        record
            .affected
            .into_iter()
            .filter_map(|entry| package(entry, &mut problems))
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
            kind,
            rating,
            published: seconds(record.published.as_deref()),
            exploited: listed,
            summary: Summary::default(),
        },
        summary,
        modified: seconds(record.modified.as_deref()),
        packages,
        problems,
    }
}

/// Malicious: an id of the malicious-packages project, GitHub's CWE-506 ("embedded malicious
/// code"), RustSec's category, or a plain statement. A notice: RustSec's `unmaintained` and
/// `notice`. `unsound` stays a flaw, mostly of unknown severity: safe code can go wrong with it.
fn kind(record: &Record) -> Kind {
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
        return Kind::Malicious;
    }
    let mut informational = record.affected.iter().map(|affected| {
        affected
            .database_specific
            .get("informational")
            .and_then(Value::as_str)
    });
    let notice = !record.affected.is_empty()
        && informational.all(|word| matches!(word, Some("unmaintained" | "notice")));
    if notice {
        Kind::Notice
    } else {
        Kind::Vulnerability
    }
}

/// The severity of a whole record. A vector of a newer version of CVSS counts before one of an
/// older, any vector before a bare number, and a number before a word.
fn rating(entries: &[SeverityEntry], specific: &Value) -> Rating<String> {
    let mut rating = Rating {
        word: entries
            .iter()
            .filter(|entry| !entry.kind.as_deref().unwrap_or("").starts_with("CVSS"))
            .find_map(|entry| word(entry.score.as_deref()?))
            .or_else(|| word(specific.get("severity")?.as_str()?)),
        ..Rating::default()
    };
    let best = entries
        .iter()
        .filter_map(|entry| entry.score.as_deref())
        .filter_map(|vector| Some((cvss::base_score(vector).ok()?, vector)))
        // The first of several equals counts.
        .reduce(|best, next| {
            if next.0.version > best.0.version {
                next
            } else {
                best
            }
        });
    if let Some((score, vector)) = best {
        rating.vector = Some(vector.to_owned());
        rating.tenths = Some(score.tenths);
    } else {
        rating.tenths = ["cvss_v4", "cvss_v3", "cvss_v2"]
            .into_iter()
            .find_map(|field| tenths(specific.get(field)?));
    }
    rating
}

/// The severity for one package: its own entries, RustSec's vector, the urgency that Debian and
/// Ubuntu give.
fn rating_of_affected(affected: &AffectedEntry) -> Rating<String> {
    let mut rating = rating(&affected.severity, &affected.database_specific);
    if rating.vector.is_none()
        && let Some(vector) = affected
            .database_specific
            .get("cvss")
            .and_then(Value::as_str)
        && let Ok(score) = cvss::base_score(vector)
    {
        rating.vector = Some(vector.to_owned());
        rating.tenths = Some(score.tenths);
    }
    if rating.word.is_none() {
        rating.word = ["severity", "urgency", "ubuntu_priority"]
            .into_iter()
            .find_map(|field| word(affected.ecosystem_specific.get(field)?.as_str()?));
    }
    rating
}

fn word(text: &str) -> Option<Word> {
    let text = text.trim().to_ascii_lowercase();
    // Distributions have words of their own for the two ends.
    match text.as_str() {
        "unimportant" | "negligible" => return Some(Word::None),
        "important" => return Some(Word::High),
        _ => {}
    }
    match text.parse::<Severity>().ok()? {
        Severity::Unknown => None,
        Severity::None => Some(Word::None),
        Severity::Low => Some(Word::Low),
        Severity::Medium => Some(Word::Medium),
        Severity::High => Some(Word::High),
        Severity::Critical => Some(Word::Critical),
    }
}

/// A score from 0 to 10 as a number or text.
fn tenths(value: &Value) -> Option<u8> {
    let score = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    #[expect(
        clippy::cast_sign_loss,
        reason = "the range is checked in the same breath"
    )]
    (0.0..=10.0)
        .contains(&score)
        .then(|| (score * 10.0).round() as u8)
}

/// What the program's own records say of exploitation: they come without the catalogue.
fn own_exploitation(id: &str, specific: &Value) -> Option<Exploited<String>> {
    let known = specific.get("known_exploited")?;
    Some(Exploited {
        name: id.to_owned(),
        added: plain_date(known.get("added")?.as_str()?),
        ransomware: known.get("ransomware").and_then(Value::as_bool) == Some(true),
    })
}

fn package(entry: AffectedEntry, problems: &mut Vec<String>) -> Option<CondensedPackage> {
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
        advisory: 0,
        intervals: Vec::new(),
        versions: Vec::new(),
        rating: (rating != Rating::default()).then_some(rating),
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
    fn place(package: &CondensedPackage) -> (Ecosystem, Option<&str>, &str) {
        (package.ecosystem, package.release.as_deref(), &package.name)
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

/// The text on one line, without control characters, and not too long.
fn one_line(text: &str) -> String {
    // Cut before the work, so that a text of megabytes costs no more than a long one.
    let start: String = text.chars().take(8 * SUMMARY).collect();
    let mut line = String::new();
    let words = start
        .split(|character: char| character.is_whitespace() || is_hidden(character))
        .filter(|word| !word.is_empty());
    for word in words {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if let Some((cut, _)) = line.char_indices().nth(SUMMARY) {
        line.truncate(cut);
        line.push('…');
    }
    line
}

/// Control characters, and those that turn the direction of text around.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The first sentence of a description in Markdown, without headings.
fn first_sentence(details: &str) -> String {
    let start = details
        .lines()
        .map(str::trim)
        .take(50)
        .find(|line| !line.is_empty() && !line.starts_with(['#', '<', '`', '|', '=']))
        .unwrap_or("");
    let line = one_line(start);
    match line.find(". ") {
        Some(end) => line.get(..=end).unwrap_or(&line).to_owned(),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn condensed(json: &str) -> Condensed {
        condense(
            Record::parse(json.as_bytes()).unwrap(),
            &ExploitedCatalogue::default(),
        )
    }

    #[test]
    fn kinds_are_told_apart() {
        let kind = |json: &str| condensed(json).advisory.kind;
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
    }

    #[test]
    fn the_newest_cvss_counts_then_numbers_then_words() {
        let rating = |json: &str| condensed(json).advisory.rating;
        let both = rating(
            r#"{"id":"X","severity":[
                {"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"},
                {"type":"CVSS_V4","score":"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N"},
                {"type":"CVSS_V3","score":"nonsense"}]}"#,
        );
        assert!(both.vector.unwrap().starts_with("CVSS:4.0"));
        assert_eq!(
            rating(r#"{"id":"X","database_specific":{"cvss_v2":5.0,"cvss_v3":"7.5"}}"#).tenths,
            Some(75)
        );
        assert_eq!(
            rating(r#"{"id":"X","database_specific":{"severity":"MODERATE"}}"#).word,
            Some(Word::Medium)
        );
    }

    #[test]
    fn summaries_are_one_clean_line() {
        assert_eq!(
            condensed("{\"id\":\"X\",\"summary\":\" a\\u001b[31m\\n b\\u202e \"}").summary,
            "a [31m b"
        );
        assert_eq!(
            condensed(r####"{"id":"X","details":"### Impact\nA thing breaks. Much more."}"####)
                .summary,
            "A thing breaks."
        );
        assert_eq!(
            condensed(&format!(r#"{{"id":"X","summary":"{}"}}"#, "é".repeat(9000)))
                .summary
                .chars()
                .count(),
            301
        );
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
