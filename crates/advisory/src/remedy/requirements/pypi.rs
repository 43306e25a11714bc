//! Python: version specifiers, PEP 440, and the carets and tildes that Poetry's manifests have
//! besides: <https://python-poetry.org/docs/dependency-specification/>.

use std::str::FromStr;

use pep440_rs::{Version, VersionSpecifiers};

/// How many numbers a version is compared with at least; real ones have fewer.
const LENGTH: usize = 8;

pub(super) fn allows(range: &str, version: &str) -> Option<bool> {
    let mut version = Version::from_str(version).ok()?;
    // `3` is `3.0.0`, and so not among `3.3.*`: the numbers that are left out are said, as the crate
    // compares no more than there are.
    let mut release = version.release().to_vec();
    release.resize(release.len().max(LENGTH), 0);
    version = version.with_release(release);
    let mut any = false;
    for alternative in range.split("||") {
        any |= all(alternative.trim(), &version)?;
    }
    Some(any)
}

fn all(range: &str, version: &Version) -> Option<bool> {
    for part in range
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
    {
        let holds = match part.chars().next()? {
            '*' => true,
            '^' => between(part.strip_prefix('^')?, version, caret)?,
            '~' if !part.starts_with("~=") => between(part.strip_prefix('~')?, version, tilde)?,
            first if first.is_ascii_digit() => contains(&format!("=={part}"), version)?,
            _ => contains(part, version)?,
        };
        if !holds {
            return Some(false);
        }
    }
    Some(true)
}

fn contains(specifier: &str, version: &Version) -> Option<bool> {
    Some(
        VersionSpecifiers::from_str(specifier)
            .ok()?
            .contains(version),
    )
}

/// Whether a version is at least the one that is asked for, and below the one at which `end` says
/// that the range ends.
fn between(text: &str, version: &Version, end: fn(&[u64]) -> Option<usize>) -> Option<bool> {
    let least = Version::from_str(text.trim()).ok()?;
    let mut above: Vec<u64> = least.release().to_vec();
    let place = end(&above)?;
    above.truncate(place.checked_add(1)?);
    let last = above.last_mut()?;
    *last = last.checked_add(1)?;
    let above = Version::new(above);
    Some(*version >= least && *version < above && version.only_release() < above)
}

/// The place of the first number that is not zero.
fn caret(release: &[u64]) -> Option<usize> {
    let last = release.len().checked_sub(1)?;
    Some(
        release
            .iter()
            .position(|&number| number != 0)
            .unwrap_or(last),
    )
}

/// The second number, or the first where there is no other.
fn tilde(release: &[u64]) -> Option<usize> {
    Some(release.len().checked_sub(1)?.min(1))
}

#[cfg(test)]
mod tests {
    use super::allows;

    #[test]
    fn specifiers_carets_and_tildes() {
        for (range, inside, outside) in [
            (">=2,<3", &["2.0", "2.31.0"][..], &["3.0", "1.9"][..]),
            ("==1.2.*", &["1.2.9"], &["1.3"]),
            ("1.2.*", &["1.2.9"], &["1.3"]),
            ("~=1.4.2", &["1.4.9"], &["1.5"]),
            ("^1.2", &["1.2", "1.9"], &["2.0", "1.1", "2.0a1"]),
            ("^0.3.1", &["0.3.2"], &["0.4", "0.3.0"]),
            ("~1.2.3", &["1.2.9"], &["1.3"]),
            ("~1", &["1.9"], &["2"]),
            ("*", &["9"], &[]),
            ("", &["9"], &[]),
            ("<1 || >=2", &["0.5", "2.1"], &["1.5"]),
        ] {
            for version in inside {
                assert_eq!(allows(range, version), Some(true), "{range} {version}");
            }
            for version in outside {
                assert_eq!(allows(range, version), Some(false), "{range} {version}");
            }
        }
        assert_eq!(allows("https://packages.example/x.whl", "1"), None);
    }
}
