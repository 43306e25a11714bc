//! What is written of one package: in its `package.json`
//! (<https://docs.npmjs.com/cli/configuring-npm/package-json>), or in an entry of a lockfile, which
//! has the same members and a few of its own.

use std::collections::{BTreeMap, HashSet};

use linchpin_model::{LicenseExpression, Package, Scope};
use serde::de::MapAccess;

use super::folders::is_package_name;
use super::integrity::digests;
use crate::documents::json::{FromMembers, Loose, skip};
use crate::licenses;

/// What one package says of itself.
#[derive(Debug, Default)]
pub(in crate::catalogers) struct PackageRecord {
    pub(in crate::catalogers) name: Option<Box<str>>,
    pub(in crate::catalogers) version: Option<Box<str>>,
    pub(super) description: Option<Box<str>>,
    pub(super) author: Option<Box<str>>,
    pub(in crate::catalogers) license: Option<LicenseExpression>,
    /// Folders of workspaces, as globs.
    pub(in crate::catalogers) workspaces: Vec<Box<str>>,
    /// Lockfiles: where the archive comes from, or where a link leads.
    pub(super) resolved: Option<Box<str>>,
    /// Lockfiles: digests of the archive.
    pub(super) integrity: Option<Box<str>>,
    /// Lockfiles: it is a link to a folder.
    pub(super) link: bool,
    /// Lockfiles: what it is there for.
    pub(super) flags: Flags,
    pub(super) wanted: Wanted,
}

/// The lists of what a package needs, as written.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    runtime: Vec<(Box<str>, Box<str>)>,
    optional: Vec<(Box<str>, Box<str>)>,
    peer: Vec<(Box<str>, Box<str>)>,
    optional_peers: Vec<Box<str>>,
    development: Vec<(Box<str>, Box<str>)>,
}

/// How a package needs another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::catalogers) enum NeedKind {
    Runtime,
    Optional,
    Peer,
    /// A peer that may be missing. Nobody installs it for this package's sake; where it is there,
    /// this package uses it.
    OptionalPeer,
    Development,
}

impl NeedKind {
    /// The scope of the edge.
    pub(in crate::catalogers) fn scope(self) -> Scope {
        match self {
            Self::Runtime => Scope::Runtime,
            Self::Optional | Self::OptionalPeer => Scope::Optional,
            Self::Peer => Scope::Peer,
            Self::Development => Scope::Development,
        }
    }
}

/// One package that another needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::catalogers) struct Need {
    /// The name of the folder in which it is found; an alias has another than the package.
    pub(in crate::catalogers) name: Box<str>,
    /// What is asked for: a range, an address, an alias.
    pub(in crate::catalogers) wanted: Box<str>,
    pub(in crate::catalogers) kind: NeedKind,
}

/// What npm wrote into a lockfile of the ways that lead to a package.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "npm writes five independent flags"
)]
pub(in crate::catalogers) struct Flags {
    /// Every way to it has a development dependency in it.
    pub(super) development: bool,
    /// Every way to it has an optional dependency in it.
    pub(super) optional: bool,
    /// Every way to it has one or the other in it.
    pub(super) development_or_optional: bool,
    /// Every way to it has a peer dependency in it.
    pub(super) peer: bool,
    /// No way leads to it.
    pub(super) extraneous: bool,
}

impl Flags {
    /// What the package is needed for. One that nothing needs counts as needed at run time: it is
    /// there, and nobody knows what for.
    pub(super) fn scope(self) -> Scope {
        if self.extraneous {
            Scope::Runtime
        } else if self.development {
            Scope::Development
        } else if self.optional || self.development_or_optional {
            Scope::Optional
        } else if self.peer {
            Scope::Peer
        } else {
            Scope::Runtime
        }
    }
}

impl PackageRecord {
    /// What it needs, each name once, by the precedence of npm: an optional dependency overrides a
    /// plain one of the same name. Development dependencies only count for a project.
    pub(in crate::catalogers) fn needs(&self, with_development: bool) -> Vec<Need> {
        let mut needs: BTreeMap<&str, (&str, NeedKind)> = BTreeMap::new();
        let optional: HashSet<&str> = self
            .wanted
            .optional_peers
            .iter()
            .map(|one| &**one)
            .collect();
        for (name, wanted) in &self.wanted.peer {
            let kind = if optional.contains(&**name) {
                NeedKind::OptionalPeer
            } else {
                NeedKind::Peer
            };
            needs.insert(name, (wanted, kind));
        }
        let lists = [
            (&self.wanted.runtime, NeedKind::Runtime),
            (&self.wanted.optional, NeedKind::Optional),
            (&self.wanted.development, NeedKind::Development),
        ];
        for (list, kind) in lists {
            if kind == NeedKind::Development && !with_development {
                continue;
            }
            for (name, wanted) in list {
                needs.insert(name, (wanted, kind));
            }
        }
        needs
            .into_iter()
            .map(|(name, (wanted, kind))| Need {
                name: name.into(),
                wanted: wanted.into(),
                kind,
            })
            .collect()
    }

    /// Peers that it only marks as optional without asking for them. pnpm links these too.
    pub(super) fn implied_peers(&self) -> impl Iterator<Item = Need> {
        let asked: HashSet<&str> = self.wanted.peer.iter().map(|(peer, _)| &**peer).collect();
        self.wanted
            .optional_peers
            .iter()
            .filter(|name| is_package_name(name))
            .filter(move |name| !asked.contains(&***name))
            .map(|name| Need {
                name: name.clone(),
                wanted: "*".into(),
                kind: NeedKind::OptionalPeer,
            })
    }

    /// Whether it needs anything at all.
    pub(super) fn needs_something(&self) -> bool {
        let lists = [
            &self.wanted.runtime,
            &self.wanted.optional,
            &self.wanted.peer,
            &self.wanted.development,
        ];
        lists.into_iter().any(|list| !list.is_empty())
    }

    /// Drops what only matters for a project: what its authors develop it with.
    pub(super) fn without_development(mut self) -> Self {
        self.wanted.development = Vec::new();
        self
    }

    /// Adds dependencies of a lockfile of version 1, which knows one kind only.
    pub(super) fn need_at_run_time(&mut self, name: &str, range: Box<str>) {
        if is_package_name(name) {
            self.wanted.runtime.push((name.into(), range));
        }
    }

    /// Tells a package what is written of it here.
    pub(in crate::catalogers) fn describe(&self, package: &mut Package) {
        package.license.clone_from(&self.license);
        package.supplier = self.author.as_deref().map(str::to_owned);
        package.description = self.description.as_deref().map(str::to_owned);
        package.hashes = self.integrity.as_deref().map(digests).unwrap_or_default();
    }
}

impl<'de> FromMembers<'de> for PackageRecord {
    fn member<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "name" => self.name = text(map)?,
            "version" => self.version = text(map)?,
            "description" => {
                self.description = text(map)?.and_then(|text| one_line(&text, 300));
            }
            "author" => self.author = person(&map.next_value()?),
            "license" | "licence" => {
                self.license = license(&map.next_value()?).or(self.license.take());
            }
            "licenses" => self.license = self.license.take().or(license(&map.next_value()?)),
            "workspaces" => self.workspaces = workspaces(&map.next_value()?),
            "dependencies" => self.wanted.runtime = wanted(&map.next_value()?),
            "optionalDependencies" => self.wanted.optional = wanted(&map.next_value()?),
            "peerDependencies" => self.wanted.peer = wanted(&map.next_value()?),
            "devDependencies" => self.wanted.development = wanted(&map.next_value()?),
            "peerDependenciesMeta" => {
                self.wanted.optional_peers = optional_peers(&map.next_value()?);
            }
            "resolved" => self.resolved = text(map)?,
            "integrity" => self.integrity = text(map)?,
            "link" => self.link = flag(map)?,
            "dev" => self.flags.development = flag(map)?,
            "optional" => self.flags.optional = flag(map)?,
            "devOptional" => self.flags.development_or_optional = flag(map)?,
            "peer" => self.flags.peer = flag(map)?,
            "extraneous" => self.flags.extraneous = flag(map)?,
            _ => skip(map)?,
        }
        Ok(())
    }
}

/// A text that says something.
pub(super) fn text<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Option<Box<str>>, A::Error> {
    let value: Loose<'_> = map.next_value()?;
    Ok(value
        .text()
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .map(Into::into))
}

pub(super) fn flag<'de, A: MapAccess<'de>>(map: &mut A) -> Result<bool, A::Error> {
    Ok(map.next_value::<Loose<'_>>()?.is_true())
}

fn wanted(value: &Loose<'_>) -> Vec<(Box<str>, Box<str>)> {
    value
        .members()
        .iter()
        .filter(|(name, _)| is_package_name(name))
        .filter_map(|(name, wanted)| Some((name.as_ref().into(), wanted.text()?.into())))
        .collect()
}

fn optional_peers(value: &Loose<'_>) -> Vec<Box<str>> {
    value
        .members()
        .iter()
        .filter(|(_, meta)| meta.get("optional").is_some_and(Loose::is_true))
        .map(|(name, _)| name.as_ref().into())
        .collect()
}

/// `workspaces` is a list of globs, or an object that holds it (Yarn).
fn workspaces(value: &Loose<'_>) -> Vec<Box<str>> {
    let list = value.get("packages").unwrap_or(value);
    list.items()
        .iter()
        .filter_map(Loose::text)
        .map(Into::into)
        .collect()
}

/// A person: `Name <mail> (address)`, or an object. Of an object, the name and the mail.
fn person(value: &Loose<'_>) -> Option<Box<str>> {
    if let Some(text) = value.text() {
        let text = text.split_once('(').map_or(text, |(before, _)| before);
        return one_line(text, 200);
    }
    let name = value.get("name").and_then(Loose::text);
    let mail = value.get("email").and_then(Loose::text);
    match (name, mail) {
        (Some(name), Some(mail)) => one_line(&format!("{name} <{mail}>"), 200),
        (Some(one), None) | (None, Some(one)) => one_line(one, 200),
        (None, None) => None,
    }
}

/// A licence: an expression; before 2015 also an object with a `type`, or a list of either, from
/// which the user may choose.
fn license(value: &Loose<'_>) -> Option<LicenseExpression> {
    let one = |value: &Loose<'_>| {
        let text = value.text().or_else(|| {
            ["type", "name"]
                .into_iter()
                .find_map(|key| value.get(key).and_then(Loose::text))
        })?;
        licenses::from_name(without_parentheses(text))
    };
    if value.items().is_empty() {
        return one(value);
    }
    let choices: Vec<String> = value
        .items()
        .iter()
        .take(20)
        .filter_map(one)
        .map(|license| {
            if license.as_str().contains(" AND ") {
                format!("({license})")
            } else {
                license.to_string()
            }
        })
        .collect();
    licenses::from_expression(&choices.join(" OR "))
}

/// An expression without the parentheses around all of it that npm's documentation shows.
fn without_parentheses(text: &str) -> &str {
    text.trim()
        .strip_prefix('(')
        .and_then(|inner| inner.strip_suffix(')'))
        .filter(|inner| !inner.contains(['(', ')']))
        .unwrap_or(text)
}

/// The text without line breaks, cut where it gets long; nothing if it is empty.
fn one_line(text: &str, longest: usize) -> Option<Box<str>> {
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        if line.len() > longest {
            break;
        }
    }
    if line.len() > longest {
        let end = (0..=longest).rev().find(|&end| line.is_char_boundary(end));
        line.truncate(end.unwrap_or(0));
        line.push('…');
    }
    (!line.is_empty()).then(|| line.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::json::read_document;

    fn record(text: &str) -> PackageRecord {
        read_document(text.as_bytes()).unwrap()
    }

    fn license_of(text: &str) -> Option<String> {
        record(text).license.map(|license| license.to_string())
    }

    #[test]
    fn licences_of_all_times_are_read() {
        assert_eq!(license_of(r#"{"license":"MIT"}"#).as_deref(), Some("MIT"));
        assert_eq!(
            license_of(r#"{"license":{"type":"BSD-3-Clause","url":"x"}}"#).as_deref(),
            Some("BSD-3-Clause")
        );
        assert_eq!(
            license_of(r#"{"licenses":[{"type":"MIT"},{"type":"Apache-2.0"}]}"#).as_deref(),
            Some("MIT OR Apache-2.0")
        );
        assert_eq!(
            license_of(r#"{"license":"(MIT OR CC0-1.0)"}"#).as_deref(),
            Some("MIT OR CC0-1.0")
        );
        for none in [
            "UNLICENSED",
            "SEE LICENSE IN x.md",
            "",
            "BSD-like",
            "Proprietary",
        ] {
            assert_eq!(
                license_of(&format!(r#"{{"license":"{none}"}}"#)),
                None,
                "{none}"
            );
        }
    }

    #[test]
    fn the_kind_of_a_need_follows_npm() {
        let record = record(
            r#"{"dependencies":{"a":"1","b":"1","../x":"1"},"optionalDependencies":{"b":"1"},
                "peerDependencies":{"a":"1","c":"1","d":"1"},"devDependencies":{"e":"1"},
                "peerDependenciesMeta":{"d":{"optional":true}}}"#,
        );
        let kinds = |with| -> Vec<(String, NeedKind)> {
            let needs = record.needs(with);
            needs
                .iter()
                .map(|need| (need.name.to_string(), need.kind))
                .collect()
        };
        let expected = [
            ("a".to_owned(), NeedKind::Runtime),
            ("b".to_owned(), NeedKind::Optional),
            ("c".to_owned(), NeedKind::Peer),
            ("d".to_owned(), NeedKind::OptionalPeer),
        ];
        assert_eq!(kinds(false), expected);
        assert_eq!(kinds(true).len(), 5);
    }

    #[test]
    fn people_are_one_line() {
        let author = |text: &str| record(text).author.map(String::from);
        assert_eq!(
            author(r#"{"author":"A B <a@example.org> (https://example.org)"}"#).as_deref(),
            Some("A B <a@example.org>")
        );
        assert_eq!(
            author(r#"{"author":{"name":"A\nB","email":"a@example.org"}}"#).as_deref(),
            Some("A B <a@example.org>")
        );
        assert_eq!(author(r#"{"author":["x"]}"#), None);
    }
}
