//! Lockfiles of npm: `package-lock.json`, `npm-shrinkwrap.json`, and the hidden
//! `node_modules/.package-lock.json` that npm leaves beside what it installed.
//!
//! Versions 2 and 3 list packages by their place below the lockfile; version 1 nests them. Both
//! become records by place here: <https://docs.npmjs.com/cli/configuring-npm/package-lock-json>.
//! The `dependencies` that version 2 repeats for old clients are not read.

use serde::de::MapAccess;

use super::folders::{LONGEST_LOCATION, is_package_name};
use super::record::{Flags, PackageRecord, flag, text};
use crate::documents::json::{FromMembers, Loose, Members, Object, read_document, skip};

/// A lockfile, as packages by their place.
#[derive(Debug, Default)]
pub(in crate::catalogers) struct Lockfile {
    /// The project's name.
    pub(super) name: Option<Box<str>>,
    /// The project's version.
    pub(super) version: Option<Box<str>>,
    /// The packages by their place: `node_modules/a`, `packages/b`; empty for the project itself.
    pub(super) packages: Vec<(Box<str>, PackageRecord)>,
    /// Version 1: it says neither what the project needs nor how packages need each other.
    pub(super) is_flat: bool,
}

/// Reads a lockfile, with what could not be understood of it.
pub(super) fn read(content: &[u8]) -> Result<(Lockfile, Vec<String>), String> {
    let document: Document = read_document(content)?;
    let mut problems = Vec::new();
    let mut lockfile = Lockfile {
        name: document.name,
        version: document.version,
        ..Lockfile::default()
    };
    if let Some(Members(packages)) = document.packages {
        let all = packages.len();
        lockfile.packages = packages;
        lockfile
            .packages
            .retain(|(location, _)| location.len() <= LONGEST_LOCATION);
        tell_long_ones(all - lockfile.packages.len(), &mut problems);
    } else if let Some(Members(entries)) = document.dependencies {
        lockfile.is_flat = true;
        let mut too_long = 0;
        flatten(entries, "", &mut lockfile.packages, &mut too_long);
        tell_long_ones(too_long, &mut problems);
    } else if document.is_lockfile {
        // A project without dependencies has neither list.
        lockfile.is_flat = true;
    } else {
        return Err("is no lockfile of npm: it has no `packages` and no `dependencies`".to_owned());
    }
    Ok((lockfile, problems))
}

fn tell_long_ones(count: usize, problems: &mut Vec<String>) {
    if count > 0 {
        problems.push(format!(
            "{count} packages have a path of over {LONGEST_LOCATION} bytes and were left out"
        ));
    }
}

#[derive(Default)]
struct Document {
    name: Option<Box<str>>,
    version: Option<Box<str>>,
    is_lockfile: bool,
    packages: Option<Members<PackageRecord>>,
    dependencies: Option<Members<OldEntry>>,
}

impl<'de> FromMembers<'de> for Document {
    fn member<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "name" => self.name = text(map)?,
            "version" => self.version = text(map)?,
            "lockfileVersion" => {
                self.is_lockfile = true;
                skip(map)?;
            }
            "packages" => self.packages = map.next_value::<Object<_>>()?.0,
            "dependencies" if self.packages.is_none() => {
                self.dependencies = map.next_value::<Object<_>>()?.0;
            }
            _ => skip(map)?,
        }
        Ok(())
    }
}

/// An entry of version 1. Its `requires` are names and ranges, its `dependencies` the packages in
/// its own `node_modules`.
#[derive(Default)]
struct OldEntry {
    version: Option<Box<str>>,
    integrity: Option<Box<str>>,
    resolved: Option<Box<str>>,
    flags: Flags,
    requires: Vec<(Box<str>, Box<str>)>,
    dependencies: Option<Members<OldEntry>>,
}

impl<'de> FromMembers<'de> for OldEntry {
    fn member<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "version" => self.version = text(map)?,
            "integrity" => self.integrity = text(map)?,
            "resolved" => self.resolved = text(map)?,
            "dev" => self.flags.development = flag(map)?,
            "optional" => self.flags.optional = flag(map)?,
            "requires" => {
                let requires: Loose<'_> = map.next_value()?;
                let members = requires.members().iter();
                let members = members.map(|(name, range)| {
                    let range = range.text().unwrap_or_default();
                    (name.as_ref().into(), range.into())
                });
                self.requires = members.collect();
            }
            "dependencies" => self.dependencies = map.next_value::<Object<_>>()?.0,
            _ => skip(map)?,
        }
        Ok(())
    }
}

/// Gives nested entries their places. The nesting is as deep as the JSON parser allows, no deeper.
fn flatten(
    entries: Vec<(Box<str>, OldEntry)>,
    folder: &str,
    packages: &mut Vec<(Box<str>, PackageRecord)>,
    too_long: &mut usize,
) {
    for (name, entry) in entries {
        if !is_package_name(&name) {
            continue;
        }
        let separator = if folder.is_empty() { "" } else { "/" };
        let location = format!("{folder}{separator}node_modules/{name}");
        if location.len() > LONGEST_LOCATION {
            *too_long += 1;
            continue;
        }
        let mut record = PackageRecord {
            integrity: entry.integrity,
            resolved: entry.resolved,
            flags: entry.flags,
            ..PackageRecord::default()
        };
        if let Some(version) = entry.version {
            read_old_version(&version, &name, &mut record);
        }
        for (name, range) in entry.requires {
            record.need_at_run_time(&name, range);
        }
        let below = match record.resolved.as_deref().filter(|_| record.link) {
            Some(target) => {
                // What lies below a link lies in the folder that it leads to, as in later versions.
                let linked = PackageRecord {
                    name: Some(name),
                    wanted: std::mem::take(&mut record.wanted),
                    ..PackageRecord::default()
                };
                let target: Box<str> = target.into();
                packages.push((target.clone(), linked));
                target
            }
            None => location.as_str().into(),
        };
        packages.push((location.into(), record));
        if let Some(Members(inner)) = entry.dependencies {
            flatten(inner, &below, packages, too_long);
        }
    }
}

/// The version of an old entry is a version, an alias (`npm:other@1.0.0`), the address of an
/// archive or repository, or the path of a folder.
fn read_old_version(version: &str, name: &str, record: &mut PackageRecord) {
    if let Some(alias) = version.strip_prefix("npm:") {
        let (name, version) = split_alias(alias);
        record.name = Some(name.into());
        record.version = version.map(Into::into);
    } else if let Some(path) = version.strip_prefix("file:") {
        if is_archive(path) {
            record.version = version_in_archive_name(path, name).map(Into::into);
        } else {
            record.link = true;
            record.resolved = Some(path.into());
        }
    } else if version.contains("://") || version.starts_with("git") || version.contains(':') {
        // A commit is the only version that the address of a repository has.
        record.version = match version.rsplit_once('#') {
            Some((_, commit)) => Some(commit.into()),
            None => version_in_archive_name(version, name).map(Into::into),
        };
    } else {
        record.version = Some(version.into());
    }
}

/// The parts of what follows `npm:` in an alias.
pub(in crate::catalogers) fn split_alias(alias: &str) -> (&str, Option<&str>) {
    match alias.rsplit_once('@') {
        Some((name, version)) if !name.is_empty() => (name, Some(version)),
        _ => (alias, None),
    }
}

fn is_archive(path: &str) -> bool {
    [".tgz", ".tar.gz", ".tar"]
        .into_iter()
        .any(|ending| path.ends_with(ending))
}

/// The version in the name of an archive that `npm pack` made: `name-1.2.3.tgz`.
fn version_in_archive_name<'a>(address: &'a str, name: &str) -> Option<&'a str> {
    let file = address.rsplit_once('/').map_or(address, |(_, file)| file);
    let bare_name = name.rsplit_once('/').map_or(name, |(_, bare)| bare);
    let stem = [".tgz", ".tar.gz"]
        .into_iter()
        .find_map(|ending| file.strip_suffix(ending))?;
    stem.strip_prefix(bare_name)?
        .strip_prefix('-')
        .filter(|version| version.starts_with(|first: char| first.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packages(text: &str) -> Vec<(String, Option<String>)> {
        let (lockfile, _) = read(text.as_bytes()).unwrap();
        lockfile
            .packages
            .iter()
            .map(|(place, record)| {
                (
                    place.to_string(),
                    record.version.as_deref().map(str::to_owned),
                )
            })
            .collect()
    }

    #[test]
    fn old_entries_get_their_places() {
        let found = packages(
            r#"{"lockfileVersion":1,"dependencies":{
                "a":{"version":"1.0.0","requires":{"b":"2"},"dependencies":{"@s/b":{"version":"2.0.0"}}},
                "c":{"version":"npm:d@3.0.0"},
                "e":{"version":"git+ssh://git@git.example/x/e.git#0123abc"},
                "f":{"version":"https://packages.example/f/-/f-1.2.3.tgz"},
                "g":{"version":"file:g-4.0.0.tgz"},
                "../h":{"version":"1.0.0"}}}"#,
        );
        let expected = [
            ("node_modules/a", Some("1.0.0")),
            ("node_modules/a/node_modules/@s/b", Some("2.0.0")),
            ("node_modules/c", Some("3.0.0")),
            ("node_modules/e", Some("0123abc")),
            ("node_modules/f", Some("1.2.3")),
            ("node_modules/g", Some("4.0.0")),
        ];
        let expected: Vec<(String, Option<String>)> = expected
            .into_iter()
            .map(|(place, version)| (place.to_owned(), version.map(str::to_owned)))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn version_two_is_read_once() {
        let found = packages(
            r#"{"lockfileVersion":2,"packages":{"node_modules/a":{"version":"1.0.0"}},
                "dependencies":{"a":{"version":"1.0.0"}}}"#,
        );
        assert_eq!(found.len(), 1);
    }

    #[test]
    fn other_files_are_told() {
        assert!(read(b"{}").unwrap_err().contains("no lockfile"));
        assert!(read(b"").is_err());
        assert!(read(br#"{"lockfileVersion":3,"requires":true}"#).is_ok());
        let long = format!(
            r#"{{"packages":{{"node_modules/{}":{{}}}}}}"#,
            "a/".repeat(2000)
        );
        let (lockfile, problems) = read(long.as_bytes()).unwrap();
        assert!(lockfile.packages.is_empty());
        assert_eq!(problems.len(), 1);
    }
}
