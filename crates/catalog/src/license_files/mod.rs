//! The licence files of packages that do not say themselves what their licence is, and of the project.
//!
//! Files with the usual names are kept while the target is read. When the inventory is made, those
//! beside a package without a licence are compared with the texts of the SPDX list
//! (`licenses/text`). A licence comes of it only if each of the package's licence files is one of the
//! list; the package then names the first of them as its source.

mod folders;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use linchpin_model::{Inventory, LayerIndex, LicenseExpression, Note, NoteKind, TargetPath};
use linchpin_source::{Entry, Pattern};

use crate::licenses::text::{MOST_BYTES, Recogniser};

/// Most bytes of different texts that are kept.
const MOST_KEPT: usize = 64 << 20;

/// Most wordings that are compared with the list: a tree of packages has a few dozen.
const MOST_COMPARED: usize = 2000;

/// Most files of one package that are looked at.
const MOST_OF_PACKAGE: usize = 6;

/// A file of one of these names, of which one byte more is read than is compared, so that longer ones
/// are told apart.
macro_rules! named {
    ($($name:literal),* $(,)?) => {
        &[$(Pattern::PlainHead(&Pattern::Name($name), MOST_BYTES as u32 + 1)),*]
    };
}

/// The names that licence files have; those of third parties' and of documentation are not here.
pub(crate) static WANTS: &[Pattern] = named![
    "APACHE-LICENSE",
    "COPYING",
    "COPYING.LESSER",
    "COPYING.LGPL",
    "COPYING.LIB",
    "COPYING.md",
    "COPYING.rst",
    "COPYING.txt",
    "LICENCE",
    "LICENCE.md",
    "LICENCE.rst",
    "LICENCE.txt",
    "LICENSE",
    "LICENSE-APACHE",
    "LICENSE-APACHE.md",
    "LICENSE-APACHE.txt",
    "LICENSE-MIT",
    "LICENSE-MIT.md",
    "LICENSE-MIT.txt",
    "LICENSE.APACHE",
    "LICENSE.APACHE2",
    "LICENSE.BSD",
    "LICENSE.GPL",
    "LICENSE.MIT",
    "LICENSE.markdown",
    "LICENSE.md",
    "LICENSE.rst",
    "LICENSE.txt",
    "License",
    "License.md",
    "License.rst",
    "License.txt",
    "MIT-LICENSE",
    "MIT-LICENSE.txt",
    "MIT.LICENSE",
    "UNLICENSE",
    "UNLICENSE.txt",
    "licence",
    "licence.md",
    "licence.txt",
    "license",
    "license.md",
    "license.txt",
];

/// Keeps licence files until it is known whose they are.
#[derive(Default)]
pub(crate) struct LicenseFiles {
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    /// Each text once, however many packages have it.
    texts: HashSet<Arc<str>>,
    bytes: usize,
    /// The files of each folder. Those whose text can not be compared have none: they are there all
    /// the same, and what they say counts.
    folders: BTreeMap<TargetPath, Vec<File>>,
    is_full: bool,
}

struct File {
    path: TargetPath,
    layer: Option<LayerIndex>,
    text: Option<Arc<str>>,
}

impl LicenseFiles {
    /// Keeps a file.
    pub(crate) fn take(&self, entry: &Entry<'_>) {
        let text = std::str::from_utf8(entry.content).ok();
        let text = text.filter(|text| text.len() <= MOST_BYTES);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let text = text.and_then(|text| kept.text(text));
        let files = kept.folders.entry(entry.path.parent()).or_default();
        if files.len() <= MOST_OF_PACKAGE {
            files.push(File {
                path: entry.path.clone(),
                layer: entry.layer,
                text,
            });
        }
    }

    /// Gives packages without a licence the one that their files tell.
    pub(crate) fn settle(
        self,
        inventory: &mut Inventory,
        superseded: &[(TargetPath, Option<LayerIndex>)],
    ) {
        let mut kept = self
            .kept
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        if kept.folders.is_empty() {
            return;
        }
        let superseded: HashSet<_> = superseded.iter().cloned().collect();
        for files in kept.folders.values_mut() {
            files.retain(|file| !superseded.contains(&(file.path.clone(), file.layer)));
            files.sort_by(|left, right| left.path.cmp(&right.path));
        }
        let mut recogniser = Recogniser::default();
        let mut known: HashMap<Arc<str>, Option<LicenseExpression>> = HashMap::new();
        let mut is_all = !kept.is_full;
        for package in &mut inventory.packages {
            if package.license.is_some() {
                continue;
            }
            let folders = folders::of_package(package);
            let files = folders.iter().find_map(|folder| {
                let files = kept.folders.get(folder)?;
                (!files.is_empty()).then_some(files)
            });
            let Some(files) = files else {
                continue;
            };
            let mut told = Vec::new();
            for file in files {
                let license = file.text.as_ref().and_then(|text| {
                    if let Some(license) = known.get(text) {
                        return license.clone();
                    }
                    if recogniser.compared() >= MOST_COMPARED {
                        is_all = false;
                        return None;
                    }
                    let license = recogniser.recognise(text).map(|found| found.license);
                    known.insert(Arc::clone(text), license.clone());
                    license
                });
                told.push(license);
            }
            let all: Option<Vec<LicenseExpression>> = told.into_iter().collect();
            if let Some(all) = all
                && files.len() <= MOST_OF_PACKAGE
            {
                package.license = together(all);
                package.license_file = files
                    .first()
                    .filter(|_| package.license.is_some())
                    .map(|file| file.path.clone());
            }
        }
        if !is_all {
            let text = "there are so many different licence files that not all were compared with known licences";
            inventory
                .notes
                .push(Note::general(NoteKind::Unread, text.to_owned()));
            inventory.notes.sort();
        }
    }
}

impl Kept {
    /// The text, kept once.
    fn text(&mut self, text: &str) -> Option<Arc<str>> {
        if let Some(known) = self.texts.get(text) {
            return Some(Arc::clone(known));
        }
        if self.bytes + text.len() > MOST_KEPT {
            self.is_full = true;
            return None;
        }
        self.bytes += text.len();
        let text: Arc<str> = Arc::from(text);
        self.texts.insert(Arc::clone(&text));
        Some(text)
    }
}

/// What several files say. Whether they are a choice, nothing says: all are kept to. The lesser GPL
/// stands on the GPL, and comes with its text.
fn together(mut all: Vec<LicenseExpression>) -> Option<LicenseExpression> {
    let stands_on = |lesser: &str, full: &str, all: &[LicenseExpression]| {
        all.iter().any(|license| license.as_str() == lesser)
            && all.iter().any(|license| license.as_str() == full)
    };
    if stands_on("LGPL-3.0-only", "GPL-3.0-only", &all) {
        all.retain(|license| license.as_str() != "GPL-3.0-only");
    }
    LicenseExpression::and(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_files_are_kept_to_together() {
        let joined = |names: &[&str]| {
            let all = names.iter();
            together(
                all.map(|name| LicenseExpression::parse(name).unwrap())
                    .collect(),
            )
            .map(|license| license.to_string())
        };
        assert_eq!(joined(&["MIT", "MIT"]).as_deref(), Some("MIT"));
        assert_eq!(
            joined(&["MIT", "Apache-2.0"]).as_deref(),
            Some("Apache-2.0 AND MIT")
        );
        assert_eq!(
            joined(&["GPL-3.0-only", "LGPL-3.0-only"]).as_deref(),
            Some("LGPL-3.0-only")
        );
        assert_eq!(joined(&[]), None);
    }
}
