//! Whether a version is affected: OSV's algorithm,
//! <https://ossf.github.io/osv-schema/#evaluation>.
//!
//! The events of a range are sorted and folded into intervals once, when the database is
//! compiled; what remains for a scan is to compare a version with the two ends of each.

use std::cmp::Ordering;

use linchpin_model::VersionScheme;

use crate::database::{Affected, End, Interval};
use crate::versions::{InvalidVersion, compare};

/// An event of a range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Event {
    Introduced(String),
    Fixed(String),
    LastAffected(String),
    Limit(String),
}

/// What came of comparing a version with what an advisory says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Judgement<'a, Text> {
    /// It is not affected.
    Unaffected,
    /// It lies in this interval.
    In(&'a Interval<Text>),
    /// The advisory lists it.
    Listed,
}

/// Folds the events of one range into intervals.
///
/// With an error comes what can be made of the events in the order in which they are given: one
/// of their versions can not be compared, so every comparison with it will say so again.
pub(crate) fn intervals(
    scheme: VersionScheme,
    events: Vec<Event>,
) -> (Vec<Interval<String>>, Option<InvalidVersion>) {
    let invalid = events
        .iter()
        .filter_map(position)
        .find_map(|version| compare(scheme, version, version).err());
    let mut limits = Vec::new();
    let mut turns = Vec::new();
    for event in events {
        match event {
            Event::Limit(limit) => limits.push(limit),
            other => turns.push(other),
        }
    }
    if invalid.is_none() {
        turns = sorted(scheme, turns);
    }
    // A version counts if it comes before any of the limits, so the highest decides.
    let limit = if limits.iter().any(|limit| limit == "*") {
        None
    } else {
        limits
            .into_iter()
            .reduce(|highest, limit| match compare(scheme, &limit, &highest) {
                Ok(Ordering::Greater) => limit,
                _ => highest,
            })
    };

    let mut intervals: Vec<Interval<String>> = Vec::new();
    let mut open: Option<Option<String>> = None;
    for event in turns {
        match event {
            Event::Introduced(version) => {
                if open.is_none() {
                    open = Some((version != "0").then_some(version));
                }
            }
            Event::Fixed(version) => {
                // The last affected version and the fixed one are the same: fixed comes later.
                if let Some(Interval { end, .. }) = intervals.last_mut()
                    && matches!(&*end, End::LastAffected(last)
                        if compare(scheme, last, &version) == Ok(Ordering::Equal))
                {
                    *end = End::Fixed(version.clone());
                }
                if let Some(introduced) = open.take() {
                    intervals.push(interval(introduced, End::Fixed(version), limit.as_ref()));
                }
            }
            Event::LastAffected(version) => {
                if let Some(introduced) = open.take() {
                    intervals.push(interval(
                        introduced,
                        End::LastAffected(version),
                        limit.as_ref(),
                    ));
                }
            }
            Event::Limit(_) => {}
        }
    }
    if let Some(introduced) = open {
        intervals.push(interval(introduced, End::Open, limit.as_ref()));
    }
    // "Introduced and fixed in the same version" affects nothing.
    intervals.retain(|interval| !is_empty(scheme, interval));
    (intervals, invalid)
}

/// The events in the order of their versions. Of events at one version, the order in which the
/// record gives them counts.
///
/// A merge sort of our own: that of the library may panic where an ordering contradicts itself, and
/// those of Conan and pacman do.
fn sorted(scheme: VersionScheme, events: Vec<Event>) -> Vec<Event> {
    let comes_after = |left: &Event, right: &Event| match (position(left), position(right)) {
        (Some(left), Some(right)) => compare(scheme, left, right) == Ok(Ordering::Greater),
        (left, right) => left.is_some() && right.is_none(),
    };
    let mut runs: Vec<Vec<Event>> = events.into_iter().map(|event| vec![event]).collect();
    while runs.len() > 1 {
        let mut merged = Vec::with_capacity(runs.len().div_ceil(2));
        let mut some = runs.into_iter();
        while let Some(left) = some.next() {
            let Some(right) = some.next() else {
                merged.push(left);
                break;
            };
            let mut run = Vec::with_capacity(left.len() + right.len());
            let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
            loop {
                let next = match (left.peek(), right.peek()) {
                    (Some(first), Some(second)) if comes_after(first, second) => right.next(),
                    (Some(_), _) => left.next(),
                    (None, _) => right.next(),
                };
                let Some(next) = next else { break };
                run.push(next);
            }
            merged.push(run);
        }
        runs = merged;
    }
    runs.pop().unwrap_or_default()
}

fn interval(
    introduced: Option<String>,
    end: End<String>,
    limit: Option<&String>,
) -> Interval<String> {
    Interval {
        introduced,
        end,
        limit: limit.cloned(),
    }
}

fn is_empty(scheme: VersionScheme, interval: &Interval<String>) -> bool {
    match (&interval.introduced, &interval.end) {
        (Some(introduced), End::Fixed(fixed)) => {
            compare(scheme, introduced, fixed) == Ok(Ordering::Equal)
        }
        _ => false,
    }
}

/// The version of an event; `None` is before all versions.
fn position(event: &Event) -> Option<&str> {
    match event {
        Event::Introduced(version) if version == "0" => None,
        Event::Limit(version) if version == "*" => None,
        Event::Introduced(version)
        | Event::Fixed(version)
        | Event::LastAffected(version)
        | Event::Limit(version) => Some(version),
    }
}

/// Compares a version with what an advisory says of its package.
///
/// An error means that no interval that could be compared holds the version, and that at least
/// one could not be.
pub(crate) fn judge<'a, Text: AsRef<str>>(
    scheme: VersionScheme,
    version: &str,
    affected: &'a Affected<Text>,
) -> Result<Judgement<'a, Text>, InvalidVersion> {
    if affected
        .versions
        .iter()
        .any(|listed| listed.as_ref() == version)
    {
        return Ok(Judgement::Listed);
    }
    let mut failure = None;
    for interval in &affected.intervals {
        match holds(scheme, version, interval) {
            Ok(true) => return Ok(Judgement::In(interval)),
            Ok(false) => {}
            Err(invalid) => failure = failure.or(Some(invalid)),
        }
    }
    // The same version is often written in two ways, `1.0` and `1.0.0`.
    if affected
        .versions
        .iter()
        .any(|listed| compare(scheme, version, listed.as_ref()) == Ok(Ordering::Equal))
    {
        return Ok(Judgement::Listed);
    }
    failure.map_or(Ok(Judgement::Unaffected), Err)
}

fn holds<Text: AsRef<str>>(
    scheme: VersionScheme,
    version: &str,
    interval: &Interval<Text>,
) -> Result<bool, InvalidVersion> {
    if let Some(introduced) = &interval.introduced
        && compare(scheme, version, introduced.as_ref())? == Ordering::Less
    {
        return Ok(false);
    }
    if let Some(limit) = &interval.limit
        && compare(scheme, version, limit.as_ref())? != Ordering::Less
    {
        return Ok(false);
    }
    Ok(match &interval.end {
        End::Open => {
            // Without any comparison, a text that is no version at all would count as affected.
            if interval.introduced.is_none() {
                compare(scheme, version, version)?;
            }
            true
        }
        End::Fixed(fixed) => compare(scheme, version, fixed.as_ref())? == Ordering::Less,
        End::LastAffected(last) => compare(scheme, version, last.as_ref())? != Ordering::Greater,
    })
}

/// Whether a version is at or past one that the advisory calls fixed: its authors say that this
/// version has the repair, and not only that the flaw is elsewhere.
pub(crate) fn has_fix<Text: AsRef<str>>(
    scheme: VersionScheme,
    version: &str,
    affected: &Affected<Text>,
) -> bool {
    matches!(judge(scheme, version, affected), Ok(Judgement::Unaffected))
        && affected
            .intervals
            .iter()
            .any(|interval| match &interval.end {
                End::Fixed(fixed) => matches!(
                    compare(scheme, version, fixed.as_ref()),
                    Ok(Ordering::Greater | Ordering::Equal)
                ),
                End::Open | End::LastAffected(_) => false,
            })
}

/// The lowest version above the given one that an advisory calls fixed, and that no other of its
/// intervals holds.
pub(crate) fn lowest_fixed<'a, Text: AsRef<str>>(
    scheme: VersionScheme,
    version: &str,
    affected: &'a Affected<Text>,
) -> Option<&'a str> {
    let mut lowest: Option<&str> = None;
    for interval in &affected.intervals {
        let End::Fixed(fixed) = &interval.end else {
            continue;
        };
        let fixed = fixed.as_ref();
        let better = compare(scheme, fixed, version) == Ok(Ordering::Greater)
            && lowest.is_none_or(|lowest| compare(scheme, fixed, lowest) == Ok(Ordering::Less));
        if better && matches!(judge(scheme, fixed, affected), Ok(Judgement::Unaffected)) {
            lowest = Some(fixed);
        }
    }
    lowest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::AdvisoryPlace;
    use Event::{Fixed, Introduced, LastAffected, Limit};
    use VersionScheme::Npm;

    fn event(make: fn(String) -> Event, version: &str) -> Event {
        make(version.to_owned())
    }

    fn affected(ranges: Vec<Vec<Event>>, versions: &[&str]) -> Affected<String> {
        Affected {
            advisory: AdvisoryPlace::default(),
            intervals: ranges
                .into_iter()
                .flat_map(|events| {
                    let (intervals, invalid) = intervals(Npm, events);
                    assert_eq!(invalid, None);
                    intervals
                })
                .collect(),
            versions: versions.iter().map(|&version| version.to_owned()).collect(),
            rating: None,
            imports: Vec::new(),
            module: None,
        }
    }

    fn check(affected: &Affected<String>, inside: &[&str], outside: &[&str]) {
        for version in inside {
            assert_ne!(
                judge(Npm, version, affected),
                Ok(Judgement::Unaffected),
                "{version}"
            );
        }
        for version in outside {
            assert_eq!(
                judge(Npm, version, affected),
                Ok(Judgement::Unaffected),
                "{version}"
            );
        }
    }

    #[test]
    fn unsorted_events_are_sorted() {
        let affected = affected(
            vec![vec![
                event(Introduced, "2.0.0"),
                event(Fixed, "1.5.0"),
                event(Introduced, "0"),
                event(Fixed, "2.1.0"),
            ]],
            &[],
        );
        check(
            &affected,
            &["0.0.1", "1.4.9", "2.0.0"],
            &["1.5.0", "1.9.0", "2.1.0"],
        );
        assert_eq!(lowest_fixed(Npm, "1.0.0", &affected), Some("1.5.0"));
        assert_eq!(lowest_fixed(Npm, "2.0.5", &affected), Some("2.1.0"));
    }

    #[test]
    fn last_affected_is_affected_and_limits_cut_off() {
        let one = affected(
            vec![vec![
                event(Introduced, "1.0.0"),
                event(LastAffected, "1.2.0"),
            ]],
            &["3.0.0"],
        );
        check(
            &one,
            &["1.0.0", "1.2.0", "3.0.0"],
            &["0.9.0", "1.2.1", "3.0.1"],
        );
        let limited = affected(
            vec![vec![
                event(Introduced, "1.0.0"),
                event(Limit, "2.0.0"),
                event(Limit, "1.5.0"),
            ]],
            &[],
        );
        check(&limited, &["1.0.0", "1.9.0"], &["2.0.0", "2.5.0"]);
    }

    #[test]
    fn introduced_and_fixed_at_once_affects_nothing() {
        let none = affected(
            vec![vec![event(Introduced, "1.0.0"), event(Fixed, "1.0.0")]],
            &[],
        );
        check(&none, &[], &["0.1.0", "1.0.0", "1.0.1"]);
    }

    #[test]
    fn a_fix_that_another_range_holds_is_no_fix() {
        let two = affected(
            vec![
                vec![event(Introduced, "1.0.0"), event(Fixed, "1.1.0")],
                vec![event(Introduced, "1.0.5"), event(Fixed, "1.2.0")],
            ],
            &[],
        );
        assert_eq!(lowest_fixed(Npm, "1.0.1", &two), Some("1.2.0"));
    }

    #[test]
    fn what_is_no_version_is_an_error_and_not_clean() {
        let all = affected(vec![vec![event(Introduced, "0")]], &[]);
        assert!(judge(Npm, "not a version", &all).is_err());
    }

    /// OSV's algorithm as the schema writes it, without intervals.
    fn by_the_book(version: u8, events: &[Event]) -> bool {
        let number =
            |text: &str| -> u16 { text.split('.').next().unwrap().parse::<u16>().unwrap() };
        let version = u16::from(version);
        let limits: Vec<u16> = events
            .iter()
            .filter_map(|event| match event {
                Limit(limit) => Some(number(limit)),
                _ => None,
            })
            .collect();
        if !limits.is_empty() && !limits.iter().any(|&limit| version < limit) {
            return false;
        }
        let mut sorted: Vec<&Event> = events
            .iter()
            .filter(|event| !matches!(event, Limit(_)))
            .collect();
        sorted.sort_by_key(|event| position(event).map(number));
        let mut vulnerable = false;
        for event in sorted {
            match event {
                Introduced(at) if at == "0" || version >= number(at) => vulnerable = true,
                Fixed(at) if version >= number(at) => vulnerable = false,
                LastAffected(at) if version > number(at) => vulnerable = false,
                _ => {}
            }
        }
        vulnerable
    }

    proptest::proptest! {
        #[test]
        fn intervals_say_what_the_book_says(
            drawn in proptest::collection::vec((0u8..4, 0u8..12), 0..8)
        ) {
            let events: Vec<Event> = drawn
                .into_iter()
                .map(|(kind, at)| {
                    let text = if kind == 0 && at == 0 { "0".to_owned() } else { format!("{at}.0.0") };
                    match kind {
                        0 => Introduced(text),
                        1 => Fixed(text),
                        2 => LastAffected(text),
                        _ => Limit(text),
                    }
                })
                .collect();
            let affected = affected(vec![events.clone()], &[]);
            for version in 0..13u8 {
                let ours = judge(Npm, &format!("{version}.0.0"), &affected).unwrap()
                    != Judgement::Unaffected;
                proptest::prop_assert_eq!(ours, by_the_book(version, &events), "{:?} {}", events, version);
            }
        }

        /// Sorting may panic where an ordering contradicts itself, so none may, whatever it reads.
        #[test]
        fn strange_versions_are_survived_by_every_scheme(
            drawn in proptest::collection::vec((0u8..4, "[0-9a-z.~+:^_*v-]{0,6}|[0-9]{1,3}(\\.[0-9]{1,2}){0,3}(-?[a-z]{1,5}\\.?[0-9]?)?"), 0..60),
            version in "[0-9a-z.~+:-]{1,8}",
        ) {
            for ecosystem in linchpin_model::Ecosystem::all() {
                let scheme = ecosystem.facts().scheme;
                let valid = drawn
                    .iter()
                    .filter(|(_, text)| compare(scheme, text, text).is_ok());
                for events in [drawn.iter().collect::<Vec<_>>(), valid.collect()] {
                    let events = events
                        .into_iter()
                        .map(|(kind, text)| match kind {
                            0 => Introduced(text.clone()),
                            1 => Fixed(text.clone()),
                            2 => LastAffected(text.clone()),
                            _ => Limit(text.clone()),
                        })
                        .collect();
                    let affected = Affected {
                        advisory: AdvisoryPlace::default(),
                        intervals: intervals(scheme, events).0,
                        versions: Vec::new(),
                        rating: None,
                        imports: Vec::new(),
                        module: None,
                    };
                    let _ = judge(scheme, &version, &affected);
                    let _ = lowest_fixed(scheme, &version, &affected);
                }
            }
        }
    }
}
