//! Entries below folders that their own layer does not name: such a folder may turn out to be a
//! symbolic link of a lower layer, and then its entries lie elsewhere.
//!
//! Some builders name no folders at all, so there may be millions of these. Names are kept in one
//! text, folders once for each run of entries.

use linchpin_model::{LayerIndex, TargetPath};

use super::overlay::Effect;

/// Most bytes of names that are kept. What comes later is taken to lie where its name says.
const MOST_BYTES: usize = 32 << 20;
/// Most folders that are kept.
const MOST_FOLDERS: usize = 500_000;
/// What ends a name. Names can not hold it.
const END: char = '/';

/// The entries, in runs of the same folder and layer.
#[derive(Debug, Default)]
pub(super) struct UnanchoredEntries {
    /// The runs.
    pub(super) folders: Vec<Run>,
    /// All names in order, each with a character for its effect in front and ended by a slash.
    names: String,
}

/// Entries of one folder that follow one another in one layer.
#[derive(Debug)]
pub(super) struct Run {
    /// The folder as the layer names it.
    pub(super) folder: TargetPath,
    /// The layer.
    pub(super) layer: LayerIndex,
    start: usize,
    end: usize,
}

impl UnanchoredEntries {
    /// Keeps an entry.
    pub(super) fn keep(&mut self, path: &TargetPath, layer: LayerIndex, effect: Effect) {
        let name = path.name();
        if self.names.len() + name.len() + 2 > MOST_BYTES || name.is_empty() {
            return;
        }
        let same = |run: &Run| run.layer == layer && run.folder.as_str() == path.parent_str();
        if !self.folders.last().is_some_and(same) {
            if self.folders.len() == MOST_FOLDERS {
                return;
            }
            self.folders.push(Run {
                folder: path.parent(),
                layer,
                start: self.names.len(),
                end: self.names.len(),
            });
        }
        self.names.push(match effect {
            Effect::Adds => '+',
            Effect::Removes => '-',
            Effect::Empties => '0',
        });
        self.names.push_str(name);
        self.names.push(END);
        if let Some(run) = self.folders.last_mut() {
            run.end = self.names.len();
        }
    }

    /// The names and effects of a run's entries.
    pub(super) fn entries_of(&self, run: &Run) -> impl Iterator<Item = (&str, Effect)> {
        self.names
            .get(run.start..run.end)
            .unwrap_or_default()
            .split_terminator(END)
            .filter_map(|entry| {
                let effect = match entry.chars().next()? {
                    '+' => Effect::Adds,
                    '-' => Effect::Removes,
                    _ => Effect::Empties,
                };
                Some((entry.get(1..)?, effect))
            })
    }
}
