//! How bad a record says that a flaw is.

use linchpin_model::Severity;
use serde_json::Value;

use crate::cvss;
use crate::database::{Rating, Word};
use crate::record::{AffectedEntry, SeverityEntry};

/// The severity of a whole record. A vector of a newer version of CVSS counts before one of an
/// older, any vector before a bare number, and a number before a word.
pub(super) fn rating(entries: &[SeverityEntry], specific: &Value) -> Rating<String> {
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
pub(super) fn rating_of_affected(affected: &AffectedEntry) -> Rating<String> {
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

/// A word for how bad it is.
pub(super) fn word(text: &str) -> Option<Word> {
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

#[cfg(test)]
mod tests {
    use crate::condense::condense;
    use crate::database::Word;
    use crate::record::Record;

    #[test]
    fn the_newest_cvss_counts_then_numbers_then_words() {
        let rating = |json: &str| {
            let record = Record::parse(json.as_bytes()).unwrap();
            condense(record).advisory.rating
        };
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
}
