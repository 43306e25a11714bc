//! Distributions whose support has ended. Their advisories say nothing of what is found later: few
//! findings are no sign of health there.
//!
//! The dates are those of public security updates for everyone, of long-term support where that is
//! open to all; what vendors sell on top is not counted. They are data, in `support/releases.csv`,
//! with the page that each comes from. Nothing is said of a release that is not listed.

use linchpin_model::{Distribution, Note, NoteKind, Timestamp};

/// One release on a line: id, release, last day, source. The release is compared with the beginning
/// of `VERSION_ID`, part by part.
const RELEASES: &str = include_str!("support/releases.csv");

/// Says that the support of a distribution has ended, if it had on this day.
pub fn support_note(distribution: &Distribution, now: Timestamp) -> Option<Note> {
    let version = distribution.version.as_deref()?;
    let today = now.strftime("%Y-%m-%d").to_string();
    let release = releases()
        .find(|release| release.id == distribution.id && begins_with(version, release.version))?;
    // Days written so compare as texts.
    (release.end < today.as_str()).then(|| {
        Note::general(
            NoteKind::Unmatched,
            format!(
                "{} has no security updates since {} ({}): what was found in it since then is in no advisory",
                distribution.label(),
                release.end,
                release.source
            ),
        )
    })
}

struct Release {
    id: &'static str,
    version: &'static str,
    end: &'static str,
    source: &'static str,
}

fn releases() -> impl Iterator<Item = Release> {
    RELEASES.lines().filter_map(|line| {
        let mut fields = line.split(',');
        let release = Release {
            id: fields.next().filter(|id| !id.starts_with('#'))?,
            version: fields.next()?,
            end: fields.next()?,
            source: fields.next()?,
        };
        Some(release)
    })
}

fn begins_with(version: &str, release: &str) -> bool {
    version
        .strip_prefix(release)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '_', '-']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(id: &str, version: &str, day: &str) -> Option<String> {
        let distribution = Distribution {
            id: id.to_owned(),
            version: Some(version.to_owned()),
            ..Distribution::default()
        };
        let now = format!("{day}T12:00:00Z").parse().unwrap();
        support_note(&distribution, now).map(|note| note.text)
    }

    #[test]
    fn the_end_of_support_is_said_from_the_next_day_on() {
        assert_eq!(note("debian", "10", "2024-06-30"), None);
        assert!(
            note("debian", "10", "2024-07-01")
                .unwrap()
                .contains("since 2024-06-30")
        );
        assert!(note("alpine", "3.18.4", "2026-01-01").is_some());
        assert_eq!(note("alpine", "3.1", "2010-01-01"), None);
        assert!(note("rhel", "7.9", "2025-01-01").is_some());
        assert_eq!(note("rhel", "9.4", "2026-01-01"), None);
        assert_eq!(note("plan9", "4", "2026-01-01"), None);
    }

    #[test]
    fn every_line_is_a_release() {
        let mut seen = std::collections::HashSet::new();
        let lines = RELEASES.lines().filter(|line| !line.starts_with('#'));
        assert_eq!(lines.count(), releases().count());
        for release in releases() {
            assert!(seen.insert((release.id, release.version)), "{}", release.id);
            assert!(
                format!("{}T00:00:00Z", release.end)
                    .parse::<Timestamp>()
                    .is_ok()
            );
            assert!(release.source.starts_with("https://"));
        }
    }
}
