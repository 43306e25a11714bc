//! Collects notes from several threads, and keeps a hostile target from filling the report.

use std::sync::Mutex;

use linchpin_model::{LayerIndex, Note, NoteKind, TargetPath};

#[derive(Debug)]
pub(crate) struct NoteBook {
    most: usize,
    notes: Mutex<(Vec<Note>, usize)>,
}

impl NoteBook {
    /// A book that keeps this many notes and counts the rest.
    pub(crate) fn new(most: usize) -> Self {
        Self {
            most,
            notes: Mutex::default(),
        }
    }

    pub(crate) fn at(
        &self,
        kind: NoteKind,
        path: &TargetPath,
        layer: Option<LayerIndex>,
        text: impl Into<String>,
    ) {
        self.add(Note::at(kind, path, layer, text));
    }

    pub(crate) fn general(&self, kind: NoteKind, text: impl Into<String>) {
        self.add(Note::general(kind, text));
    }

    /// Adds a note that speaks for many files, and is kept however many there are.
    pub(crate) fn keep(&self, note: Note) {
        self.notes
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .0
            .push(note);
    }

    fn add(&self, note: Note) {
        let mut notes = self
            .notes
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if notes.0.len() < self.most {
            notes.0.push(note);
        } else {
            notes.1 += 1;
        }
    }

    pub(crate) fn into_notes(self) -> Vec<Note> {
        let (mut notes, more) = self
            .notes
            .into_inner()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if more > 0 {
            notes.push(Note::general(
                NoteKind::Unread,
                format!("{more} more files or folders can not be read"),
            ));
        }
        notes
    }
}
