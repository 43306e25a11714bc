//! How the packages changed: added, removed, raised, lowered, other licences, other contents.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use linchpin_model::{Change, ChangedComponent, ComparedComponent, Difference, PackageUrl};

use super::LicensesStated;

/// How the packages changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PackageChanges {
    /// What came, by name.
    pub added: Vec<ComparedComponent>,
    /// What went, by name.
    pub removed: Vec<ComparedComponent>,
    /// What is there in another version, with other licences or with other contents, by name.
    pub changed: Vec<ChangedPackage>,
}

/// A package that is on both sides and not the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedPackage {
    /// As it was.
    pub before: ComparedComponent,
    /// As it is.
    pub after: ComparedComponent,
    /// The way that its version went, if it changed.
    pub version: Option<Direction>,
    /// The licences, if they changed.
    pub licenses: Option<Change>,
    /// The digests, if the version is the same and its archive is not: both sides give a digest
    /// by one algorithm, and none of them agree.
    pub contents: Option<Change>,
}

/// The way that a version went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// To a later one.
    Up,
    /// To an earlier one.
    Down,
    /// To another one; which of them is later is not known.
    Sideways,
}

impl Direction {
    /// The word in our formats.
    pub fn label(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
            Self::Sideways => "changed",
        }
    }
}

impl PackageChanges {
    pub(super) fn new(
        difference: &Difference,
        licenses: LicensesStated,
        order: &dyn Fn(&PackageUrl, &PackageUrl) -> Option<Ordering>,
    ) -> Self {
        Self {
            added: difference.added.clone(),
            removed: difference.removed.clone(),
            changed: difference
                .changed
                .iter()
                .filter_map(|changed| ChangedPackage::new(changed, licenses, order))
                .collect(),
        }
    }

    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// How many versions went this way.
    pub fn count(&self, direction: Direction) -> usize {
        let versions = self.changed.iter().map(|changed| changed.version);
        versions.filter(|found| *found == Some(direction)).count()
    }
}

impl ChangedPackage {
    fn new(
        changed: &ChangedComponent,
        licenses: LicensesStated,
        order: &dyn Fn(&PackageUrl, &PackageUrl) -> Option<Ordering>,
    ) -> Option<Self> {
        let version = changed.version.is_some().then(|| {
            let purl = |component: &ComparedComponent| component.purl.as_deref()?.parse().ok();
            match (purl(&changed.before), purl(&changed.after)) {
                (Some(before), Some(after)) => match order(&before, &after) {
                    Some(Ordering::Less) => Direction::Up,
                    Some(Ordering::Greater) => Direction::Down,
                    Some(Ordering::Equal) | None => Direction::Sideways,
                },
                _ => Direction::Sideways,
            }
        });
        let found = Self {
            before: changed.before.clone(),
            after: changed.after.clone(),
            version,
            licenses: match licenses {
                LicensesStated::Some => changed.licenses.clone(),
                LicensesStated::None => None,
            },
            contents: changed.hashes.clone().filter(disagree),
        };
        let same = found.version.is_none() && found.licenses.is_none() && found.contents.is_none();
        (!same).then_some(found)
    }
}

/// Whether two lists of digests can not be of the same archive. A package may have several
/// archives, one for each platform; one in common is enough.
fn disagree((before, after): &Change) -> bool {
    let before = by_algorithm(before.as_deref());
    let after = by_algorithm(after.as_deref());
    let mut compared = before
        .iter()
        .filter_map(|(algorithm, values)| Some((values, after.get(algorithm)?)))
        .peekable();
    compared.peek().is_some() && compared.all(|(before, after)| before.is_disjoint(after))
}

fn by_algorithm(line: Option<&str>) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut found: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for word in line.unwrap_or_default().split(' ') {
        if let Some((algorithm, value)) = word.split_once(':') {
            found.entry(algorithm).or_default().insert(value);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(before: &str, after: &str) -> Change {
        let said = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        (said(before), said(after))
    }

    #[test]
    fn only_digests_of_one_algorithm_can_disagree() {
        assert!(disagree(&change("SHA-1:aa", "SHA-1:bb")));
        assert!(disagree(&change("SHA-1:aa SHA-256:1", "SHA-256:2")));
        for (before, after) in [
            ("", "SHA-1:aa"),
            ("SHA-1:aa", ""),
            ("SHA-1:aa", "SHA-256:bb"),
            ("SHA-256:1 SHA-256:2", "SHA-256:2 SHA-256:3"),
            ("SHA-1:aa SHA-256:1", "SHA-1:aa SHA-256:2"),
            ("nonsense", "other"),
        ] {
            assert!(!disagree(&change(before, after)), "{before} {after}");
        }
    }
}
