//! Which artifact an archive is.
//!
//! A wrong group is worse than none: advisories are filed by group and artifact. So a group is
//! taken from what Maven wrote into the archive if that is about the archive itself and not about
//! something that was merged into it; else from the manifest where it agrees with the classes;
//! else from the table of well-known libraries. Otherwise there is none.

use super::classes::{Classes, KnownLibrary};
use super::file_name::{FileName, letters, plain};
use super::manifest::Manifest;
use super::pom::{Coordinates, Pom};

/// What Maven wrote into an archive about one artifact.
#[derive(Debug)]
pub(super) struct Described<'a> {
    pub(super) coordinates: Coordinates,
    pub(super) pom: Option<&'a Pom>,
}

/// All that is known of an archive.
#[derive(Debug)]
pub(super) struct Evidence<'a> {
    pub(super) file: FileName<'a>,
    pub(super) manifest: Option<&'a Manifest>,
    pub(super) described: Vec<Described<'a>>,
    pub(super) classes: &'a Classes,
}

/// Points that make a description the archive's own.
const ENOUGH: u32 = 5;
/// The share of classes that makes a library the whole of an archive.
const NEARLY_ALL: f64 = 0.8;

impl Evidence<'_> {
    fn header(&self, key: &str) -> Option<&str> {
        self.manifest.and_then(|manifest| manifest.get(key))
    }

    /// The version that the archive says of itself.
    pub(super) fn version(&self) -> Option<String> {
        self.file
            .version
            .or_else(|| self.header("Implementation-Version"))
            .or_else(|| self.header("Bundle-Version"))
            .filter(|version| !version.contains(char::is_whitespace))
            .map(str::to_owned)
    }

    /// Which of the descriptions is about the archive itself.
    pub(super) fn own_description(&self) -> Option<usize> {
        let mut points: Vec<(u32, usize)> = self
            .described
            .iter()
            .enumerate()
            .map(|(index, described)| (self.points(described), index))
            .collect();
        points.sort_unstable_by(|left, right| right.cmp(left));
        match points.as_slice() {
            [(best, _), (second, _), ..] if best == second => None,
            [(best, index), ..] if *best >= ENOUGH => Some(*index),
            _ => None,
        }
    }

    fn points(&self, described: &Described<'_>) -> u32 {
        let Coordinates {
            group,
            artifact,
            version,
        } = &described.coordinates;
        let mut points = 0;
        let (stem, name) = (plain(self.file.stem), plain(artifact));
        let same_version = version.as_deref().is_some_and(|version| {
            self.file.version == Some(version)
                || self.header("Implementation-Version") == Some(version)
        });
        if stem == name || plain(self.file.base) == name {
            points += 8;
        } else if letters(&stem) == letters(&name) {
            points += 6;
        } else if same_version && stem.starts_with(&format!("{name}-"))
            || name.ends_with(&format!("-{stem}"))
        {
            points += 5;
        }
        if self.titles().any(|title| {
            plain(title) == name
                || described
                    .pom
                    .and_then(|pom| pom.name.as_deref())
                    .is_some_and(|named| named == title)
        }) {
            points += 6;
        }
        if self
            .manifest
            .and_then(Manifest::symbolic_name)
            .is_some_and(|symbolic| {
                symbolic == group || symbolic.ends_with(&format!(".{artifact}"))
            })
        {
            points += 3;
        }
        if self.classes_are_of(group, artifact) {
            points += 4;
        }
        if same_version {
            points += 3;
        }
        if self.described.len() == 1 {
            points += 1;
            if self.classes.is_empty() {
                points += 4;
            }
        }
        points
    }

    fn titles(&self) -> impl Iterator<Item = &str> {
        ["Implementation-Title", "Specification-Title", "Bundle-Name"]
            .into_iter()
            .filter_map(|key| self.header(key))
    }

    fn classes_are_of(&self, group: &str, artifact: &str) -> bool {
        self.classes.share_below(group) >= 0.5
            || self.classes.known().any(|(libraries, share)| {
                share >= 0.5
                    && libraries
                        .iter()
                        .any(|library| library.group == group && library.artifact == artifact)
            })
    }

    /// The artifact where Maven wrote nothing about it.
    pub(super) fn guessed(&self) -> Option<Coordinates> {
        let of = |group: &str, artifact: &str| Coordinates {
            group: group.to_owned(),
            artifact: artifact.to_owned(),
            version: self.version(),
        };
        let stem = plain(self.file.stem);
        let known: Vec<(&[KnownLibrary], f64)> = self.classes.known().collect();
        // A well-known library under its own name, with its classes.
        let by_name = known
            .iter()
            .flat_map(|(libraries, _)| libraries.iter())
            .find(|library| plain(library.artifact) == stem);
        if let Some(library) = by_name {
            return Some(of(library.group, library.artifact));
        }
        // The manifest names the group, and the classes agree.
        if let Some(vendor) = self
            .header("Implementation-Vendor-Id")
            .filter(|id| is_id(id))
        {
            let agrees = self.classes.share_below(vendor) >= 0.5 || plain(vendor) == stem;
            if agrees {
                let title = self.header("Implementation-Title").filter(|id| is_id(id));
                return Some(of(vendor, title.unwrap_or(self.file.stem)));
            }
        }
        // The name of an OSGi bundle, where it is made of group and artifact.
        if let Some(group) = self
            .manifest
            .and_then(Manifest::symbolic_name)
            .and_then(|name| name.strip_suffix(self.file.stem))
            .and_then(|group| group.strip_suffix('.'))
            && group.contains('.')
            && self.classes.share_below(group) >= 0.5
        {
            return Some(of(group, self.file.stem));
        }
        // Nearly all classes are of one well-known library, and the name does not say that this
        // is a sister of it.
        match known.as_slice() {
            [([library], share)] if *share >= NEARLY_ALL => {
                let first = plain(library.artifact);
                let first = first.split('-').next().unwrap_or_default();
                let is_sister = stem.split('-').any(|word| word == first);
                (!is_sister).then(|| of(library.group, library.artifact))
            }
            _ => None,
        }
    }

    /// Well-known libraries that are merged into an archive which is something else: their
    /// versions are not known.
    pub(super) fn merged(&self) -> Vec<KnownLibrary> {
        let found: Vec<KnownLibrary> = self
            .classes
            .known()
            .filter_map(|(libraries, _)| match libraries {
                [library] => Some(*library),
                _ => None,
            })
            .collect();
        // One or two may be the archive's own package names; more are not.
        if found.len() < 3 { Vec::new() } else { found }
    }
}

/// Whether this is an id, and no title for people.
fn is_id(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 200
        && text.bytes().all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-_".contains(&byte)
        })
}

#[cfg(test)]
mod tests {
    use linchpin_source::ArchiveMember;

    use super::*;

    fn classes(paths: &[&str]) -> Classes {
        let members: Vec<ArchiveMember> = paths
            .iter()
            .map(|path| ArchiveMember {
                name: format!("{path}/X.class").into(),
                size: 1,
            })
            .collect();
        Classes::of(&members)
    }

    fn guess(name: &str, manifest: &str, paths: &[&str]) -> Option<String> {
        let manifest = Manifest::parse(manifest.as_bytes());
        let classes = classes(paths);
        let evidence = Evidence {
            file: FileName::parse(name),
            manifest: Some(&manifest),
            described: Vec::new(),
            classes: &classes,
        };
        evidence
            .guessed()
            .map(|found| format!("{}:{}:{:?}", found.group, found.artifact, found.version))
    }

    #[test]
    fn groups_are_taken_where_two_sources_agree() {
        let known = ["org/apache/commons/cli"];
        assert_eq!(
            guess("commons-cli-1.5.0.jar", "", &known).as_deref(),
            Some("commons-cli:commons-cli:Some(\"1.5.0\")")
        );
        // Renamed: the classes tell, and the manifest the version.
        assert_eq!(
            guess("x.jar", "Implementation-Version: 1.4\n", &known).as_deref(),
            Some("commons-cli:commons-cli:Some(\"1.4\")")
        );
        // A sister of a known library is not that library.
        assert_eq!(guess("commons-cli-extras.jar", "", &known), None);
        let vendor = "Implementation-Vendor-Id: com.example\nImplementation-Title: tool\n";
        assert_eq!(
            guess("x.jar", vendor, &["com/example/tool"]).as_deref(),
            Some("com.example:tool:None")
        );
        assert_eq!(guess("x.jar", vendor, &["org/other"]), None);
        let bundle = "Bundle-SymbolicName: com.example.tool;singleton:=true\nBundle-Version: 2\n";
        assert_eq!(
            guess("tool.jar", bundle, &["com/example/tool"]).as_deref(),
            Some("com.example:tool:Some(\"2\")")
        );
        assert_eq!(guess("other.jar", bundle, &["com/example/tool"]), None);
    }

    #[test]
    fn what_was_merged_in_is_not_what_the_archive_is() {
        let classes = classes(&["com/example/app", "com/example/app/x", "com/google/common"]);
        let described = |group: &str, artifact: &str| Described {
            coordinates: Coordinates {
                group: group.to_owned(),
                artifact: artifact.to_owned(),
                version: Some("31.1-jre".to_owned()),
            },
            pom: None,
        };
        let evidence = |name, described| Evidence {
            file: FileName::parse(name),
            manifest: None,
            described,
            classes: &classes,
        };
        let merged = evidence("app-all.jar", vec![described("com.google.guava", "guava")]);
        assert_eq!(merged.own_description(), None);
        let both = vec![
            described("com.google.guava", "guava"),
            described("com.example", "app"),
        ];
        assert_eq!(evidence("x.jar", both).own_description(), None);
        let both = vec![
            described("com.google.guava", "guava"),
            described("com.example", "app"),
        ];
        assert_eq!(evidence("app.jar", both).own_description(), Some(1));
    }
}
