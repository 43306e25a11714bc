//! cabal's freeze file: a list of constraints, `any.aeson ==2.1.0.0`, without edges. Constraints on
//! flags (`aeson +ordered-keymap`) name no version and are passed over.

use linchpin_model::OccurrenceKind;
use linchpin_source::Entry;

use super::{Haskell, locked, package_url};
use crate::cataloger::{Cataloger as _, Parsed};
use crate::lock_graph::{Lock, Part, ProjectFile};

pub(super) fn read(entry: &Entry<'_>) -> Parsed<ProjectFile> {
    let text = String::from_utf8_lossy(entry.content);
    let mut parts = Vec::new();
    let mut problems = Vec::new();
    for item in text.split([',', '\n']) {
        let Some((name, version)) = item.split_once("==") else {
            continue;
        };
        let name = name.trim().trim_start_matches("constraints:").trim();
        let name = name.strip_prefix("any.").unwrap_or(name);
        let version = version.trim();
        match package_url(name, Some(version)) {
            Some(url) if !name.contains(char::is_whitespace) && !version.contains("||") => {
                let kind = OccurrenceKind::Locked;
                parts.push(Part::new(name, url, entry, kind, Haskell::ID));
            }
            _ => problems.push(format!("`{}` names no single version", item.trim())),
        }
    }
    if parts.is_empty() && problems.is_empty() {
        problems.push("holds no constraint that names a version".to_owned());
    }
    let lock = Lock {
        parts,
        ..Lock::default()
    };
    Parsed {
        value: Some(locked(entry, lock)),
        problems,
    }
}
