//! Carton's lockfile, `cpanfile.snapshot`: distributions, what they provide, and what they require.

use linchpin_model::OccurrenceKind;
use linchpin_source::Entry;

use super::{Fragment, PerlCpan, is_module, package_url};
use crate::cataloger::{Cataloger as _, Parsed};
use crate::lock_graph::{Lock, Need, Part, ProjectFile};

pub(super) fn read(text: &str, entry: &Entry<'_>) -> Parsed<Fragment> {
    let mut lock = Lock::default();
    let mut problems = Vec::new();
    let mut is_snapshot = false;
    // The distribution that the lines are about, until its path is known, and their section.
    let mut distribution: Option<&str> = None;
    let mut section = "";
    for (number, line) in text.lines().enumerate() {
        let content = line.trim();
        match line.len() - line.trim_start().len() {
            0 => is_snapshot |= content == "DISTRIBUTIONS",
            2 => distribution = Some(content),
            4 => {
                section = content;
                let (Some(pathname), Some(full)) =
                    (content.strip_prefix("pathname: "), distribution.take())
                else {
                    continue;
                };
                let (name, version) = name_and_version(full);
                match package_url(name, version, Some(pathname)) {
                    Some(url) => {
                        let kind = OccurrenceKind::Locked;
                        lock.parts
                            .push(Part::new(full, url, entry, kind, PerlCpan::ID));
                    }
                    None => problems.push(format!(
                        "line {}: `{full}` names no distribution",
                        number + 1
                    )),
                }
            }
            6 => {
                let module = content.split(' ').next().unwrap_or_default();
                if let Some(part) = lock.parts.last_mut() {
                    match section {
                        "provides:" => part.also.push(module.into()),
                        "requirements:" if is_module(module) => part.needs.push(Need::new(module)),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    if !is_snapshot {
        return Parsed::failed("is no snapshot of Carton: it has no distributions");
    }
    Parsed {
        value: Some(Fragment::Project(ProjectFile::lock(entry, lock))),
        problems,
    }
}

/// The name and version in `Mojolicious-9.35`.
pub(super) fn name_and_version(text: &str) -> (&str, Option<&str>) {
    match text.rsplit_once('-') {
        Some((name, version))
            if version
                .trim_start_matches('v')
                .starts_with(|c: char| c.is_ascii_digit()) =>
        {
            (name, Some(version))
        }
        _ => (text, None),
    }
}
