//! The lockfile `deno.lock` of all versions, brought into one form. Versions 2 and 3 name packages
//! whole (`chalk@5.3.0`) where later ones leave out what is clear, and nest what later ones do not.

use crate::documents::json::Loose;

/// Where a package is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Registry {
    Npm,
    Jsr,
}

/// A lockfile.
#[derive(Debug, Default)]
pub(in crate::catalogers) struct Lockfile {
    /// What is asked for, and the key of what it came to: `npm:chalk@^5` and `chalk@5.3.0`.
    pub(super) specifiers: Vec<(Box<str>, Box<str>)>,
    pub(super) packages: Vec<LockedPackage>,
    /// Addresses of single modules.
    pub(super) remotes: Vec<Box<str>>,
    /// The projects by folder, and what they ask for. None in lockfiles of old.
    pub(super) projects: Vec<(Box<str>, Vec<Box<str>>)>,
}

/// A package by its key.
#[derive(Debug)]
pub(super) struct LockedPackage {
    pub(super) registry: Registry,
    /// `name@1.2.3`, for npm with the peers that it was resolved with behind `_`.
    pub(super) key: Box<str>,
    pub(super) integrity: Option<Box<str>>,
    /// References to others, and whether they may be missing.
    pub(super) needs: Vec<(Box<str>, bool)>,
}

impl LockedPackage {
    /// The name and the version of the key.
    pub(super) fn name_and_version(&self) -> (&str, Option<&str>) {
        let (name, version) = split_name(&self.key);
        let version = match self.registry {
            Registry::Npm => version.map(|version| version.split('_').next().unwrap_or(version)),
            Registry::Jsr => version,
        };
        (name, version)
    }
}

/// The name and what stands behind its `@`; scopes begin with one too.
pub(super) fn split_name(text: &str) -> (&str, Option<&str>) {
    let at = text.get(1..).and_then(|rest| rest.find('@'));
    match at.and_then(|at| Some((text.get(..=at)?, text.get(at + 2..)?))) {
        Some((name, version)) => (name, Some(version)),
        None => (text, None),
    }
}

/// Reads a document that has a `version`.
pub(super) fn read(document: &Loose<'_>) -> Lockfile {
    let empty = Loose::Other;
    let mut lockfile = Lockfile::default();
    // Version 3 has the packages in an object of their own, version 2 those of npm in `npm`.
    let nested = document.get("packages").unwrap_or(document);
    let npm = nested.get("npm").unwrap_or(&empty);
    let older = npm.get("packages").zip(npm.get("specifiers"));
    let (npm, specifiers) = older.unwrap_or((npm, nested.get("specifiers").unwrap_or(&empty)));
    for (asked, found) in specifiers.members() {
        let Some(found) = found.text() else { continue };
        let bare = found
            .strip_prefix("npm:")
            .or_else(|| found.strip_prefix("jsr:"));
        let asked = if older.is_some() {
            format!("npm:{asked}")
        } else {
            asked.to_string()
        };
        let key = match bare {
            Some(key) => key.to_owned(),
            None if older.is_some() => found.to_owned(),
            None => {
                let (_, rest) = asked.split_once(':').unwrap_or(("", &asked));
                format!("{}@{found}", split_name(rest).0)
            }
        };
        lockfile.specifiers.push((asked.into(), key.into()));
    }
    let lists = [
        (Registry::Npm, npm),
        (Registry::Jsr, nested.get("jsr").unwrap_or(&empty)),
    ];
    for (registry, list) in lists {
        for (key, entry) in list.members() {
            let mut needs = references(entry.get("dependencies"), false);
            needs.extend(references(entry.get("optionalDependencies"), true));
            lockfile.packages.push(LockedPackage {
                registry,
                key: key.as_ref().into(),
                integrity: entry.get("integrity").and_then(Loose::text).map(Into::into),
                needs,
            });
        }
    }
    let remote = document.get("remote").into_iter().flat_map(Loose::members);
    lockfile.remotes = remote.map(|(address, _)| address.as_ref().into()).collect();
    if let Some(workspace) = document.get("workspace") {
        lockfile.projects.push(("".into(), asked(workspace)));
        let members = workspace
            .get("members")
            .into_iter()
            .flat_map(Loose::members);
        for (folder, member) in members {
            lockfile
                .projects
                .push((folder.as_ref().into(), asked(member)));
        }
    }
    lockfile
}

/// What a project asks for, in its `deno.json` and its `package.json`.
fn asked(project: &Loose<'_>) -> Vec<Box<str>> {
    let manifest = project
        .get("packageJson")
        .and_then(|manifest| manifest.get("dependencies"));
    let lists = [project.get("dependencies"), manifest];
    let texts = lists.into_iter().flatten().flat_map(Loose::items);
    texts.filter_map(Loose::text).map(Into::into).collect()
}

/// A list of references, or in older lockfiles an object of them by the names they are used under.
fn references(list: Option<&Loose<'_>>, may_be_missing: bool) -> Vec<(Box<str>, bool)> {
    let Some(list) = list else { return Vec::new() };
    let items = list.items().iter().filter_map(Loose::text);
    let members = list.members().iter().filter_map(|(_, value)| value.text());
    let texts = items.chain(members);
    texts.map(|text| (text.into(), may_be_missing)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::json::read_loose;

    #[test]
    fn all_versions_come_to_one_form() {
        for text in [
            r#"{"version":"2","npm":{"specifiers":{"a@^1":"a@1.0.0"},"packages":{"a@1.0.0":{"dependencies":{"b":"b@2.0.0"}}}}}"#,
            r#"{"version":"3","packages":{"specifiers":{"npm:a@^1":"npm:a@1.0.0"},"npm":{"a@1.0.0":{"dependencies":{"b":"b@2.0.0"}}}}}"#,
            r#"{"version":"5","specifiers":{"npm:a@^1":"1.0.0"},"npm":{"a@1.0.0":{"dependencies":["b@2.0.0"]}}}"#,
        ] {
            let lockfile = read(&read_loose(text).unwrap());
            assert_eq!(
                lockfile.specifiers,
                [("npm:a@^1".into(), "a@1.0.0".into())],
                "{text}"
            );
            assert_eq!(
                lockfile.packages[0].name_and_version(),
                ("a", Some("1.0.0"))
            );
            assert_eq!(lockfile.packages[0].needs, [("b@2.0.0".into(), false)]);
        }
        assert_eq!(split_name("@a/b@1_c@2"), ("@a/b", Some("1_c@2")));
        assert_eq!(split_name("@a/b"), ("@a/b", None));
        assert_eq!(split_name(""), ("", None));
    }
}
