//! Tags that move: `actions/checkout@v4` is whichever release of that line is the newest today.
//!
//! What holds for all releases of the line holds for the tag; where an advisory holds for some of
//! them, nobody can tell from the tag alone.

use std::cmp::Ordering;

use linchpin_model::VersionScheme;

use crate::database::{Affected, End};
use crate::ranges::{Judgement, judge};
use crate::versions::{InvalidVersion, compare};

/// More than any number in a real version.
const LAST: &str = "999999999";

/// What an advisory says of all releases that a tag may stand for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Span<'a, 'b> {
    /// It says the same of all of them.
    Same(Judgement<'a, &'b str>),
    /// Some are affected.
    Some,
}

/// Compares a tag of one or two numbers with what an advisory says.
pub(super) fn judge_span<'a, 'b>(
    scheme: VersionScheme,
    tag: &str,
    affected: &'a Affected<&'b str>,
) -> Result<Span<'a, 'b>, InvalidVersion> {
    let missing = 3usize.saturating_sub(tag.split('.').count());
    let highest = format!("{tag}{}", format!(".{LAST}").repeat(missing));
    let lowest = judge(scheme, tag, affected)?;
    let is_affected = lowest != Judgement::Unaffected;
    let within = |version: &str| {
        compare(scheme, version, tag) == Ok(Ordering::Greater)
            && compare(scheme, version, &highest) == Ok(Ordering::Less)
    };
    let turns = affected.intervals.iter().flat_map(|interval| {
        let end = match interval.end {
            End::Fixed(version) | End::LastAffected(version) => Some(version),
            End::Open => None,
        };
        [interval.introduced, end, interval.limit]
    });
    let points = turns
        .flatten()
        .chain(affected.versions.iter().copied())
        .filter(|version| within(version))
        .chain([highest.as_str()]);
    for point in points {
        if (judge(scheme, point, affected)? != Judgement::Unaffected) != is_affected {
            return Ok(Span::Some);
        }
    }
    Ok(Span::Same(lowest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::Interval;

    #[test]
    fn a_tag_is_judged_by_all_that_it_may_stand_for() {
        let affected = |introduced: Option<&'static str>, end: End<&'static str>| Affected {
            advisory: crate::database::AdvisoryPlace::default(),
            intervals: vec![Interval {
                introduced,
                end,
                limit: None,
            }],
            versions: Vec::new(),
            rating: None,
            imports: Vec::new(),
            module: None,
        };
        let check = |tag: &str, affected: &Affected<&str>| match judge_span(
            VersionScheme::Tag,
            tag,
            affected,
        ) {
            Ok(Span::Some) => "some",
            Ok(Span::Same(Judgement::Unaffected)) => "none",
            Ok(Span::Same(_)) => "all",
            Err(_) => "error",
        };
        let fixed = affected(None, End::Fixed("4.1.3"));
        assert_eq!(check("v3", &fixed), "all");
        assert_eq!(check("v4", &fixed), "some");
        assert_eq!(check("v4.1", &fixed), "some");
        assert_eq!(check("v4.2", &fixed), "none");
        assert_eq!(check("v5", &fixed), "none");
        let middle = affected(Some("4.1.0"), End::LastAffected("4.2.0"));
        assert_eq!(check("v4", &middle), "some");
        assert_eq!(check("v4.1", &middle), "all");
        assert_eq!(check("main", &middle), "error");
    }
}
