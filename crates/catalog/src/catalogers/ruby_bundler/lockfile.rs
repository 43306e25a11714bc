//! Bundler's lockfile: sections of indented lines.

use std::collections::HashMap;

use linchpin_model::{Digest, DigestAlgorithm, OccurrenceKind, Role};
use linchpin_source::Entry;

use super::RubyBundler;
use crate::addresses::public_address;
use crate::cataloger::{Cataloger as _, Parsed};
use crate::lock_graph::{Lock, Need, Part, ProjectFile};
use crate::repository::Repository;
use crate::ruby::{package_url, version_and_platform};

/// The section that a line is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    Gem,
    Git,
    Path,
    Dependencies,
    Checksums,
    Other,
}

pub(super) fn read(entry: &Entry<'_>) -> Parsed<ProjectFile> {
    let text = String::from_utf8_lossy(entry.content);
    let mut problems = Vec::new();
    let mut parts: Vec<Part> = Vec::new();
    let mut direct = Vec::new();
    // Digests by `name (version)`, and where the parts are in the list.
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut section = Section::Other;
    let mut remote = String::new();
    let mut revision = None;
    let mut known_sections = 0_usize;
    for (number, line) in text.lines().enumerate() {
        let line = line.trim_end();
        if line.is_empty() {
            continue;
        }
        if line.starts_with("<<<<<<<") || line.starts_with(">>>>>>>") {
            problems.push(format!("line {}: it holds an unsettled merge", number + 1));
            continue;
        }
        let content = line.trim_start();
        match line.len() - content.len() {
            0 => {
                section = match content {
                    "GEM" => Section::Gem,
                    "GIT" => Section::Git,
                    "PATH" => Section::Path,
                    "DEPENDENCIES" => Section::Dependencies,
                    "CHECKSUMS" => Section::Checksums,
                    _ => Section::Other,
                };
                known_sections += usize::from(section != Section::Other);
                remote.clear();
                revision = None;
            }
            2 => match section {
                Section::Dependencies => {
                    direct.push(need(content));
                }
                Section::Checksums => {
                    if let Some((gem, sums)) = content.split_once(") ")
                        && let Some(part) = places.get(gem).and_then(|&at| parts.get_mut(at))
                    {
                        part.package
                            .hashes
                            .extend(sums.split(',').filter_map(digest));
                    }
                }
                _ => {
                    if let Some(address) = content.strip_prefix("remote: ") {
                        address.clone_into(&mut remote);
                    } else if let Some(commit) = content.strip_prefix("revision: ") {
                        revision = Some(commit.to_owned());
                    }
                }
            },
            4 if matches!(section, Section::Gem | Section::Git | Section::Path) => {
                match part(content, section, &remote, revision.as_deref(), entry) {
                    Some(part) => {
                        let gem = content.trim_end_matches(')').to_owned();
                        places.insert(gem, parts.len());
                        parts.push(part);
                    }
                    None => problems.push(format!("line {}: `{content}` names no gem", number + 1)),
                }
            }
            6 if matches!(section, Section::Gem | Section::Git | Section::Path) => {
                if let Some(part) = parts.last_mut() {
                    part.needs.push(need(content));
                }
            }
            _ => {}
        }
    }
    if known_sections == 0 {
        problems.push("is no lockfile of Bundler: it has none of its sections".to_owned());
        return Parsed {
            value: None,
            problems,
        };
    }
    let lock = Lock {
        root: None,
        direct: Some(direct),
        parts,
    };
    Parsed {
        value: Some(ProjectFile::lock(entry, lock)),
        problems,
    }
}

/// What is needed: `rack (>= 2.2.4, < 4)`, `rack`, `rack!`.
fn need(line: &str) -> Need {
    let name = line.split([' ', '!']).next().unwrap_or_default();
    let range = line
        .split_once(" (")
        .and_then(|(_, range)| range.split(')').next());
    Need::new(name).in_range(range)
}

/// A gem: `nokogiri (1.15.0-x86_64-linux)`.
fn part(
    line: &str,
    section: Section,
    remote: &str,
    revision: Option<&str>,
    entry: &Entry<'_>,
) -> Option<Part> {
    let (name, version) = line.strip_suffix(')')?.split_once(" (")?;
    let (version, platform) = version_and_platform(version);
    let repository = (section == Section::Git)
        .then(|| Repository::parse(remote))
        .flatten();
    let location = repository.map(|repository| repository.location(revision));
    let url = match &location {
        Some(location) => linchpin_model::PackageUrl::with_qualifiers(
            "gem",
            None,
            name,
            Some(version),
            &[("vcs_url", location)],
        )
        .ok()?,
        None => package_url(name, Some(version), platform)?,
    };
    let kind = OccurrenceKind::Locked;
    let mut part = Part::new(name, url, entry, kind, RubyBundler::ID);
    match section {
        // Gems of a path are the project itself, or lie in it.
        Section::Path => part.package.role = Role::Application,
        Section::Git => part.package.download = location,
        _ => {
            let address = public_address(remote);
            part.package.download = address.map(|address| {
                let file = line.strip_suffix(')').unwrap_or(line).replace(" (", "-");
                format!("{}/gems/{file}.gem", address.trim_end_matches('/'))
            });
        }
    }
    Some(part)
}

/// A digest as the section of checksums has it: `sha256=ab12…`.
fn digest(text: &str) -> Option<Digest> {
    let (algorithm, hex) = text.trim().split_once('=')?;
    Digest::from_hex(DigestAlgorithm::from_name(algorithm)?, hex).ok()
}
