//! Which layers have a file of a name, as far as a second look needs it: four bytes for each file,
//! kept only where a layer would have to be fetched again.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

use linchpin_model::{LayerIndex, TargetPath};

/// Most files that are remembered.
const MOST_FILES: usize = 4_000_000;

/// Which layers have a file of a name. It may name a layer too many, never one too few.
#[derive(Debug)]
pub(super) struct Whereabouts {
    key: RandomState,
    layers: Vec<Vec<u32>>,
    left: usize,
    /// Whether every file was remembered.
    complete: bool,
}

impl Whereabouts {
    /// For so many layers; without any nothing is remembered.
    pub(super) fn of(layers: usize) -> Self {
        Self {
            key: RandomState::new(),
            layers: vec![Vec::new(); layers],
            left: MOST_FILES,
            complete: layers > 0,
        }
    }

    fn mark(&self, path: &TargetPath) -> u32 {
        self.key.hash_one(path.as_str()) as u32
    }

    /// Remembers a file.
    pub(super) fn add(&mut self, path: &TargetPath, layer: LayerIndex) {
        if !self.complete {
            return;
        }
        let mark = self.mark(path);
        match self.layers.get_mut(usize::from(layer.0)) {
            Some(marks) if self.left > 0 => {
                marks.push(mark);
                self.left -= 1;
            }
            _ => {
                self.complete = false;
                self.layers = Vec::new();
            }
        }
    }

    /// The layers that may have one of these files; nothing where that is not known.
    pub(super) fn layers_with<'a>(
        &self,
        paths: impl Iterator<Item = &'a TargetPath>,
    ) -> Option<Vec<usize>> {
        if !self.complete {
            return None;
        }
        let wanted: Vec<u32> = {
            let mut wanted: Vec<u32> = paths.map(|path| self.mark(path)).collect();
            wanted.sort_unstable();
            wanted
        };
        let has = |marks: &Vec<u32>| marks.iter().any(|mark| wanted.binary_search(mark).is_ok());
        let layers = self.layers.iter().enumerate();
        Some(
            layers
                .filter(|(_, marks)| has(marks))
                .map(|(index, _)| index)
                .collect(),
        )
    }
}
