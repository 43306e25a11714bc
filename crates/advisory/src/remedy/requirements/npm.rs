//! npm: ranges of node-semver, <https://github.com/npm/node-semver#ranges>.
//!
//! Every range becomes comparators with an operator and a full version, as node-semver does it. Not here:
//! tags such as `latest`, addresses, folders; they allow nothing that could be told.

use std::cmp::Ordering;

use semver::{Prerelease, Version};

/// The most comparators of one range that are read.
const MOST: usize = 200;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
}

type Comparator = (Operator, Version);

pub(super) fn allows(range: &str, version: &str) -> Option<bool> {
    let version = full_version(version)?;
    let mut any = false;
    for alternative in range.split("||").take(MOST) {
        any |= holds(&comparators(alternative.trim())?, &version);
    }
    Some(any)
}

fn full_version(text: &str) -> Option<Version> {
    Version::parse(text.trim().trim_start_matches(['=', 'v', ' '])).ok()
}

/// A pre-release only counts where a comparator has one of the same three numbers: whoever asks for
/// it knows it.
fn holds(comparators: &[Comparator], version: &Version) -> bool {
    let inside = comparators.iter().all(|(operator, wanted)| {
        // Builds do not count.
        let order = version.cmp_precedence(wanted);
        match operator {
            Operator::Less => order == Ordering::Less,
            Operator::LessOrEqual => order != Ordering::Greater,
            Operator::Greater => order == Ordering::Greater,
            Operator::GreaterOrEqual => order != Ordering::Less,
            Operator::Equal => order == Ordering::Equal,
        }
    });
    let numbers = |version: &Version| (version.major, version.minor, version.patch);
    inside
        && (version.pre.is_empty()
            || comparators
                .iter()
                .any(|(_, wanted)| !wanted.pre.is_empty() && numbers(wanted) == numbers(version)))
}

/// A version of which the end may be missing: `1`, `1.x`, `*`.
struct Partial {
    numbers: Vec<u64>,
    pre: Prerelease,
}

impl Partial {
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim_start_matches(['v', '=']);
        let text = text.split('+').next()?;
        let (numbers, pre) = match text.split_once('-') {
            Some((numbers, pre)) => (numbers, Prerelease::new(pre).ok()?),
            None => (text, Prerelease::EMPTY),
        };
        let mut read = Vec::new();
        let mut open = numbers.is_empty();
        for part in numbers.split('.') {
            match part {
                "" | "x" | "X" | "*" => open = true,
                number => {
                    let number: u64 = number.parse().ok()?;
                    if !open {
                        read.push(number);
                    }
                }
            }
        }
        if numbers.split('.').count() > 3 {
            return None;
        }
        let pre = if read.len() == 3 {
            pre
        } else {
            Prerelease::EMPTY
        };
        Some(Self { numbers: read, pre })
    }

    fn number(&self, place: usize) -> u64 {
        self.numbers.get(place).copied().unwrap_or_default()
    }

    /// The least version that it means.
    fn least(&self) -> Version {
        Version {
            pre: self.pre.clone(),
            ..Version::new(self.number(0), self.number(1), self.number(2))
        }
    }

    /// The first version that comes after all that agree with it up to a place: for `1.2.3` and place 1
    /// it is `1.3.0-0`.
    fn after(&self, place: usize) -> Option<Version> {
        let mut numbers = [self.number(0), self.number(1), self.number(2)];
        let number = numbers.get_mut(place)?;
        *number = number.checked_add(1)?;
        for later in numbers.iter_mut().skip(place.checked_add(1)?) {
            *later = 0;
        }
        let [major, minor, patch] = numbers;
        Some(Version {
            pre: Prerelease::new("0").ok()?,
            ..Version::new(major, minor, patch)
        })
    }

    /// The place of its last number; nothing where it has none and means any version.
    fn last(&self) -> Option<usize> {
        self.numbers.len().checked_sub(1)
    }

    fn is_full(&self) -> bool {
        self.numbers.len() == 3
    }
}

fn comparators(range: &str) -> Option<Vec<Comparator>> {
    if let Some((low, high)) = range.split_once(" - ") {
        return hyphen(low.trim(), high.trim());
    }
    let mut found = Vec::new();
    let mut words = range.split_whitespace();
    while let Some(word) = words.next() {
        let version = word.trim_start_matches(['<', '>', '=', '~', '^']);
        let operator = word.strip_suffix(version)?;
        // The operator may stand alone: `>= 1.2.3`.
        let version = if version.is_empty() {
            words.next()?
        } else {
            version
        };
        single(operator, &Partial::parse(version)?, &mut found)?;
        if found.len() > MOST {
            return None;
        }
    }
    Some(found)
}

fn hyphen(low: &str, high: &str) -> Option<Vec<Comparator>> {
    let (low, high) = (Partial::parse(low)?, Partial::parse(high)?);
    let mut found = vec![(Operator::GreaterOrEqual, low.least())];
    match high.last() {
        None => {}
        Some(_) if high.is_full() => found.push((Operator::LessOrEqual, high.least())),
        Some(last) => found.push((Operator::Less, high.after(last)?)),
    }
    Some(found)
}

fn single(operator: &str, partial: &Partial, found: &mut Vec<Comparator>) -> Option<()> {
    let Some(last) = partial.last() else {
        // Any version, or none at all.
        if matches!(operator, "<" | ">") {
            let nothing = Version {
                pre: Prerelease::new("0").ok()?,
                ..Version::new(0, 0, 0)
            };
            found.push((Operator::Less, nothing));
        } else {
            found.push((Operator::GreaterOrEqual, Version::new(0, 0, 0)));
        }
        return Some(());
    };
    let least = partial.least();
    let full = partial.is_full();
    match operator {
        "" | "=" if full => found.push((Operator::Equal, least)),
        "" | "=" => {
            found.push((Operator::GreaterOrEqual, least));
            found.push((Operator::Less, partial.after(last)?));
        }
        ">" if full => found.push((Operator::Greater, least)),
        ">" => {
            let mut next = partial.after(last)?;
            next.pre = Prerelease::EMPTY;
            found.push((Operator::GreaterOrEqual, next));
        }
        ">=" => found.push((Operator::GreaterOrEqual, least)),
        "<" if full => found.push((Operator::Less, least)),
        "<" => found.push((
            Operator::Less,
            Version {
                pre: Prerelease::new("0").ok()?,
                ..least
            },
        )),
        "<=" if full => found.push((Operator::LessOrEqual, least)),
        "<=" => found.push((Operator::Less, partial.after(last)?)),
        "~" | "~>" => {
            found.push((Operator::GreaterOrEqual, least));
            found.push((Operator::Less, partial.after(last.min(1))?));
        }
        "^" => {
            let first = partial.numbers.iter().position(|&number| number != 0);
            found.push((Operator::GreaterOrEqual, least));
            found.push((Operator::Less, partial.after(first.unwrap_or(last))?));
        }
        _ => return None,
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::allows;

    #[test]
    fn ranges_are_those_of_node_semver() {
        for (range, inside, outside) in [
            (
                "^1.2.3",
                &["1.2.3", "1.9.0"][..],
                &["1.2.2", "2.0.0", "2.0.0-a"][..],
            ),
            ("^0.2.3", &["0.2.3", "0.2.9"], &["0.3.0"]),
            ("^0.0.3", &["0.0.3"], &["0.0.4"]),
            ("^0.0", &["0.0.9"], &["0.1.0"]),
            ("^0", &["0.9.0"], &["1.0.0"]),
            ("~1.2.3", &["1.2.9"], &["1.3.0"]),
            ("~1", &["1.9.0"], &["2.0.0"]),
            ("1.x", &["1.0.0", "1.9.9"], &["2.0.0"]),
            ("*", &["0.0.1", "9.9.9"], &["1.0.0-rc.1"]),
            ("", &["3.0.0"], &[]),
            (">=1.2.3 <2", &["1.5.0"], &["2.0.0", "1.2.2"]),
            (">= 1.2.3", &["1.5.0"], &["1.2.2"]),
            (">1.2", &["1.3.0"], &["1.2.9"]),
            ("<=1.2", &["1.2.9"], &["1.3.0"]),
            ("1.2.3 - 2.3", &["1.2.3", "2.3.9"], &["2.4.0", "1.2.2"]),
            ("1.0.0 || ^2.1", &["1.0.0", "2.9.0"], &["1.0.1", "2.0.0"]),
            (">=1.0.0-rc.1", &["1.0.0-rc.2", "1.0.0"], &["1.1.0-rc.1"]),
            ("=v1.2.3", &["1.2.3"], &["1.2.4"]),
        ] {
            for version in inside {
                assert_eq!(allows(range, version), Some(true), "{range} {version}");
            }
            for version in outside {
                assert_eq!(allows(range, version), Some(false), "{range} {version}");
            }
        }
        for none in [
            "latest",
            "file:../x",
            "github:a/b",
            "workspace:*",
            "1.2.3.4",
        ] {
            assert_eq!(allows(none, "1.0.0"), None, "{none}");
        }
    }
}
