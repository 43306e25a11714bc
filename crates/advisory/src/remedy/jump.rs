//! How large the step from one version to another is, as those who make versions mean it.

use linchpin_model::Ecosystem;

/// The size of a step. Larger ones are more likely to break what uses the package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Jump {
    /// Repairs.
    Patch,
    /// Something new, nothing gone.
    Minor,
    /// Things may be gone or behave otherwise.
    Major,
}

impl Jump {
    /// The word in our formats.
    pub fn label(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }

    /// The step between two versions. npm and Cargo let the first number that is not zero say what
    /// is compatible; a version in which no numbers can be found counts as far away.
    pub fn between(ecosystem: Ecosystem, from: &str, to: &str) -> Self {
        let (Some(from), Some(to)) = (numbers(from), numbers(to)) else {
            return Self::Major;
        };
        let by_caret = matches!(ecosystem, Ecosystem::Npm | Ecosystem::Cargo);
        let place = (0..3).find(|&place| from.get(place) != to.get(place));
        let Some(place) = place else {
            return Self::Patch;
        };
        let leads = from.iter().zip(&to).take(place);
        let zero_before = leads.into_iter().all(|(number, _)| *number == 0);
        match place {
            0 => Self::Major,
            _ if by_caret && zero_before => Self::Major,
            1 => Self::Minor,
            _ => Self::Patch,
        }
    }
}

/// The first three numbers of a version, without an epoch or a `v`.
fn numbers(version: &str) -> Option<[u64; 3]> {
    let version = version.rsplit('!').next()?.trim_start_matches(['v', '=']);
    let mut numbers = [0; 3];
    for (place, part) in version.split(['.', '-', '+']).take(3).enumerate() {
        let digits: &str = part
            .split(|character: char| !character.is_ascii_digit())
            .next()?;
        match (digits.parse(), place) {
            (Ok(number), _) => *numbers.get_mut(place)? = number,
            (Err(_), 0) => return None,
            (Err(_), _) => break,
        }
    }
    Some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_number_that_differs_decides() {
        for (ecosystem, from, to, jump) in [
            (Ecosystem::Npm, "1.2.3", "1.2.4", Jump::Patch),
            (Ecosystem::Npm, "1.2.3", "1.3.0", Jump::Minor),
            (Ecosystem::Npm, "1.2.3", "2.0.0", Jump::Major),
            (Ecosystem::Npm, "0.2.3", "0.2.4", Jump::Patch),
            (Ecosystem::Npm, "0.2.3", "0.3.0", Jump::Major),
            (Ecosystem::Cargo, "0.0.3", "0.0.4", Jump::Major),
            (Ecosystem::PyPi, "0.2.3", "0.3.0", Jump::Minor),
            (Ecosystem::PyPi, "4.2", "4.2.16", Jump::Patch),
            (Ecosystem::PyPi, "4.2rc1", "4.2", Jump::Patch),
            (Ecosystem::Go, "v1.2.3", "v1.3.0", Jump::Minor),
            (Ecosystem::RubyGems, "x", "1", Jump::Major),
        ] {
            assert_eq!(Jump::between(ecosystem, from, to), jump, "{from} {to}");
        }
    }
}
