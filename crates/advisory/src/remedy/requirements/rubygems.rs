//! RubyGems: `Gem::Requirement`, <https://guides.rubygems.org/patterns/#semantic-versioning>.

use std::cmp::Ordering;

use linchpin_model::VersionScheme;

use crate::versions::compare;

pub(super) fn allows(range: &str, version: &str) -> Option<bool> {
    for part in range
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
    {
        let wanted = part.trim_start_matches(['=', '!', '<', '>', '~']);
        let operator = part.strip_suffix(wanted)?;
        let wanted = wanted.trim();
        let order = compare(VersionScheme::RubyGems, version, wanted).ok()?;
        let holds = match operator {
            "" | "=" => order == Ordering::Equal,
            "!=" => order != Ordering::Equal,
            ">" => order == Ordering::Greater,
            ">=" => order != Ordering::Less,
            "<" => order == Ordering::Less,
            "<=" => order != Ordering::Greater,
            "~>" => order != Ordering::Less && is_below_next(version, wanted)?,
            _ => return None,
        };
        if !holds {
            return Some(false);
        }
    }
    Some(true)
}

/// Whether the release that a version belongs to comes before the one that `~>` ends at: `1.3` of
/// `1.2.5`, `2` of `1.2`.
fn is_below_next(version: &str, wanted: &str) -> Option<bool> {
    let mut numbers: Vec<u64> = release(wanted)
        .map(str::parse)
        .collect::<Result<_, _>>()
        .ok()?;
    if numbers.len() > 1 {
        numbers.pop();
    }
    let last = numbers.last_mut()?;
    *last = last.checked_add(1)?;
    let numbers: Vec<String> = numbers.iter().map(u64::to_string).collect();
    let release: Vec<&str> = release(version).collect();
    let order = compare(
        VersionScheme::RubyGems,
        &release.join("."),
        &numbers.join("."),
    );
    Some(order.ok()? == Ordering::Less)
}

/// The numbers of a version before the first letter.
fn release(version: &str) -> impl Iterator<Item = &str> {
    version
        .split(['.', '-'])
        .take_while(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::allows;

    #[test]
    fn operators_are_those_of_rubygems() {
        for (range, inside, outside) in [
            (
                "~> 1.2",
                &["1.2", "1.9.9", "1.3.0.a"][..],
                &["1.1", "2.0", "2.0.0.a"][..],
            ),
            (
                "~> 1.2.3",
                &["1.2.3", "1.2.10"],
                &["1.3.0", "1.2.2", "1.3.0.rc1"],
            ),
            ("~> 2", &["2", "2.9"], &["3", "1.9"]),
            (">= 1.0, < 2", &["1.0", "1.9"], &["2.0", "0.9"]),
            ("!= 1.5", &["1.4"], &["1.5.0"]),
            ("", &["7"], &[]),
        ] {
            for version in inside {
                assert_eq!(allows(range, version), Some(true), "{range} {version}");
            }
            for version in outside {
                assert_eq!(allows(range, version), Some(false), "{range} {version}");
            }
        }
        assert_eq!(allows("=> 1", "1"), None);
    }
}
