//! Hives of the registry that are read, with the changes that are still in their logs.
//!
//! A hive that is finished is read at once, and its bytes are dropped. One that is not is kept until
//! its logs have been seen.

use linchpin_model::{LayerIndex, Note, NoteKind, TargetPath};

use super::components;
use super::manifest::Update;
use super::software::{self, Software};
use crate::assembly::Assembly;
use crate::cataloger::{Located, Parsed};
use crate::documents::registry_log::{is_unfinished, replay};

/// Largest log that is kept; Windows makes them as large as the hive at most, and usually 1 MiB.
const LARGEST_LOG: usize = 64 << 20;

/// Which hive a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::catalogers) enum HiveKind {
    Software,
    Components,
}

/// What a hive tells.
#[derive(Debug)]
pub(in crate::catalogers) enum Told {
    Software(Box<Software>),
    Components(Vec<Update>),
}

/// A hive or a log of one, as it was found.
#[derive(Debug)]
pub(in crate::catalogers) enum Found {
    Finished(Told),
    Unfinished(HiveKind, Vec<u8>),
    Log(Vec<u8>),
}

/// Reads a hive or a log, by its name; nothing if it is neither.
pub(super) fn read(name: &str, content: &[u8]) -> Parsed<Found> {
    let (hive, log) = match name.rsplit_once('.') {
        Some((hive, ending)) => (hive, Some(ending)),
        None => (name, None),
    };
    let Some(kind) = kind(hive) else {
        return Parsed::not_mine();
    };
    // A layer that changes nothing has an empty difference, and a new log is full of zeros.
    if content.iter().take(8).all(|byte| *byte == 0) {
        return Parsed::not_mine();
    }
    if log.is_some() {
        if content.len() > LARGEST_LOG {
            return Parsed::failed("is a log of a registry hive that is too large");
        }
        return Parsed::clean(Found::Log(content.to_vec()));
    }
    if is_unfinished(content) {
        return Parsed::clean(Found::Unfinished(kind, content.to_vec()));
    }
    match tell(kind, content) {
        Ok((told, problems)) => Parsed {
            value: Some(Found::Finished(told)),
            problems,
        },
        Err(problem) => Parsed::failed(problem),
    }
}

fn kind(name: &str) -> Option<HiveKind> {
    let is = |names: [&str; 3]| names.iter().any(|one| name.eq_ignore_ascii_case(one));
    if is(["SOFTWARE", "Software_Base", "Software_Delta"]) {
        Some(HiveKind::Software)
    } else if is(["COMPONENTS", "Components_Base", "Components_Delta"]) {
        Some(HiveKind::Components)
    } else {
        None
    }
}

fn tell(kind: HiveKind, content: &[u8]) -> Result<(Told, Vec<String>), String> {
    Ok(match kind {
        HiveKind::Software => {
            let (software, problems) = software::read(content)?;
            (Told::Software(Box::new(software)), problems)
        }
        HiveKind::Components => {
            let (updates, problems) = components::read(content)?;
            (Told::Components(updates), problems)
        }
    })
}

/// A log: the hive that it belongs to, its layer, its bytes.
type Log = (String, Option<LayerIndex>, Vec<u8>);

/// What all hives tell, those that were unfinished after their logs.
pub(super) fn settle(
    found: Vec<Located<Found>>,
    assembly: &mut Assembly<'_>,
) -> Vec<Located<Told>> {
    let mut told = Vec::new();
    let mut unfinished = Vec::new();
    let mut logs: Vec<Log> = Vec::new();
    for Located { path, layer, value } in found {
        match value {
            Found::Finished(value) => told.push(Located { path, layer, value }),
            Found::Unfinished(kind, value) => {
                unfinished.push((kind, Located { path, layer, value }));
            }
            Found::Log(content) => {
                let hive = path.as_str().rsplit_once('.').unwrap_or_default().0;
                logs.push((hive.to_ascii_lowercase(), layer, content));
            }
        }
    }
    for (kind, hive) in unfinished {
        let Located {
            path,
            layer,
            mut value,
        } = hive;
        let mut note = |text: String| {
            assembly
                .inventory
                .note(Note::at(NoteKind::Unread, &path, layer, text));
        };
        let name = path.as_str().to_ascii_lowercase();
        let own: Vec<&[u8]> = logs
            .iter()
            .filter(|(hive, log_layer, _)| *hive == name && *log_layer == layer)
            .map(|(_, _, content)| content.as_slice())
            .collect();
        if replay(&mut value, &own) == 0 {
            note(lacks_log(&path));
        }
        match tell(kind, &value) {
            Ok((value, problems)) => {
                problems.into_iter().for_each(&mut note);
                told.push(Located { path, layer, value });
            }
            Err(problem) => note(problem),
        }
    }
    // Differences of upper layers come after what they change.
    told.sort_by(|a, b| (a.layer, &a.path).cmp(&(b.layer, &b.path)));
    told
}

fn lacks_log(path: &TargetPath) -> String {
    format!(
        "was being changed when it was copied, and no log beside it (`{}.LOG1`, `.LOG2`) has the \
         changes: what was installed last may be missing",
        path.name()
    )
}
