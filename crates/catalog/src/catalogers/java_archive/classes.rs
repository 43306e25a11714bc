//! What the classes in an archive say: in which packages they are, and which well-known libraries
//! have their classes there.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::LazyLock;

use linchpin_source::ArchiveMember;

/// Most packages that are told apart.
const MOST_PACKAGES: usize = 2000;
/// How many parts of a package's name are kept.
const PARTS: usize = 5;

/// Where well-known libraries have their classes. Each line: folder, group, artifact.
const TABLE: &str = include_str!("class_prefixes.tsv");

/// A library of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct KnownLibrary {
    pub(super) group: &'static str,
    pub(super) artifact: &'static str,
}

/// The table: folder to libraries, more than one where several have classes there.
static BY_FOLDER: LazyLock<BTreeMap<&'static str, Vec<KnownLibrary>>> = LazyLock::new(|| {
    let mut by_folder: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let mut fields = line.split('\t');
        if let (Some(folder), Some(group), Some(artifact)) =
            (fields.next(), fields.next(), fields.next())
        {
            by_folder
                .entry(folder)
                .or_default()
                .push(KnownLibrary { group, artifact });
        }
    }
    by_folder
});

/// The classes of an archive, counted by package.
#[derive(Debug, Default, Clone)]
pub(in crate::catalogers) struct Classes {
    /// Packages as folders, no deeper than some parts.
    by_package: BTreeMap<Box<str>, u32>,
    /// Folders of the table, and how many classes are below each.
    by_known_folder: BTreeMap<&'static str, u32>,
    total: u32,
}

impl Classes {
    /// Counts the classes among the members.
    pub(super) fn of(members: &[ArchiveMember]) -> Self {
        let mut classes = Self::default();
        for member in members {
            let Some(path) = member.name.strip_suffix(".class") else {
                continue;
            };
            let Some((folder, _)) = strip_special_folders(path).rsplit_once('/') else {
                continue;
            };
            classes.total += 1;
            let package = first_parts(folder, PARTS);
            if let Some(count) = classes.by_package.get_mut(package) {
                *count += 1;
            } else if classes.by_package.len() < MOST_PACKAGES {
                classes.by_package.insert(package.into(), 1);
            }
            if let Some(known) = known_folder(folder) {
                *classes.by_known_folder.entry(known).or_default() += 1;
            }
        }
        classes
    }

    pub(super) fn is_empty(&self) -> bool {
        self.total == 0
    }

    /// Which part of the classes lies in this package or below it, between 0 and 1.
    pub(super) fn share_below(&self, package: &str) -> f64 {
        let folder = package.replace('.', "/");
        let folder = first_parts(&folder, PARTS);
        let is_below = |found: &str| {
            found
                .strip_prefix(folder)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let count: u32 = self
            .by_package
            .range::<str, _>((Bound::Included(folder), Bound::Unbounded))
            .take_while(|(found, _)| found.starts_with(folder))
            .filter(|(found, _)| is_below(found))
            .map(|(_, count)| *count)
            .sum();
        f64::from(count) / f64::from(self.total.max(1))
    }

    /// The known libraries that have classes here, with the share of all classes that is theirs.
    pub(super) fn known(&self) -> impl Iterator<Item = (&'static [KnownLibrary], f64)> {
        self.by_known_folder.iter().filter_map(|(folder, count)| {
            let libraries = BY_FOLDER.get(folder)?;
            Some((
                libraries.as_slice(),
                f64::from(*count) / f64::from(self.total.max(1)),
            ))
        })
    }
}

/// Where classes of an application or of a newer Java lie.
fn strip_special_folders(path: &str) -> &str {
    for folder in ["BOOT-INF/classes/", "WEB-INF/classes/"] {
        if let Some(rest) = path.strip_prefix(folder) {
            return rest;
        }
    }
    path.strip_prefix("META-INF/versions/")
        .and_then(|rest| rest.split_once('/'))
        .map_or(path, |(_, rest)| rest)
}

fn first_parts(folder: &str, parts: usize) -> &str {
    folder
        .match_indices('/')
        .nth(parts - 1)
        .map_or(folder, |(end, _)| &folder[..end])
}

/// The longest folder of the table that this one is or lies in.
fn known_folder(folder: &str) -> Option<&'static str> {
    let mut rest = folder;
    loop {
        if let Some((known, _)) = BY_FOLDER.get_key_value(rest) {
            return Some(known);
        }
        rest = rest.rsplit_once('/')?.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order_and_complete() {
        let lines: Vec<&str> = TABLE
            .lines()
            .filter(|line| !line.starts_with('#'))
            .collect();
        let mut sorted = lines.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(lines, sorted);
        for line in lines {
            let fields: Vec<&str> = line.split('\t').collect();
            assert_eq!(fields.len(), 3, "{line}");
            assert!(fields[0].split('/').count() >= 2, "{line}");
            assert!(
                fields
                    .iter()
                    .all(|field| !field.is_empty() && !field.contains(' '))
            );
        }
    }

    #[test]
    fn classes_are_counted_by_package() {
        let member = |name: &str| ArchiveMember {
            name: name.into(),
            size: 1,
        };
        let classes = Classes::of(&[
            member("org/apache/commons/io/FileUtils.class"),
            member("org/apache/commons/io/input/X.class"),
            member("META-INF/versions/9/org/apache/commons/io/Y.class"),
            member("BOOT-INF/classes/com/example/App.class"),
            member("module-info.class"),
            member("readme.txt"),
        ]);
        assert!((classes.share_below("org.apache.commons") - 0.75).abs() < 0.01);
        assert!(classes.share_below("org.apache.common") < 0.01);
        let known: Vec<_> = classes.known().collect();
        assert_eq!(known.len(), 1);
        assert_eq!(known[0].0[0].artifact, "commons-io");
    }
}
