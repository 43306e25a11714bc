//! Notes: what could not be read, matched or trusted, in words for a person.

use crate::{LayerIndex, TargetPath};

/// What sort of thing a note says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoteKind {
    /// Something could not be read or understood: the inventory may lack packages.
    Unread,
    /// Packages could not be compared with advisories: their findings are unknown, not none.
    Unmatched,
    /// What the target claims and what it holds differ (files deleted behind the package manager's back).
    Inconsistent,
    /// An exception or a statement about exploitability has no effect: it expired, matches nothing,
    /// or is invalid.
    Unapplied,
}

impl NoteKind {
    /// The word in our formats.
    pub fn label(self) -> &'static str {
        match self {
            Self::Unread => "unread",
            Self::Unmatched => "unmatched",
            Self::Inconsistent => "inconsistent",
            Self::Unapplied => "unapplied",
        }
    }
}

/// One thing that the reader of a result must know about its limits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Note {
    /// What sort.
    pub kind: NoteKind,
    /// Where, if it is about one file.
    pub path: Option<TargetPath>,
    /// The layer of that file.
    pub layer: Option<LayerIndex>,
    /// One sentence, in plain words, without a full stop.
    pub text: String,
}

impl Note {
    /// A note about one file.
    pub fn at(
        kind: NoteKind,
        path: &TargetPath,
        layer: Option<LayerIndex>,
        text: impl Into<String>,
    ) -> Self {
        Self {
            kind,
            path: Some(path.clone()),
            layer,
            text: text.into(),
        }
    }

    /// A note about the whole target.
    pub fn general(kind: NoteKind, text: impl Into<String>) -> Self {
        Self {
            kind,
            path: None,
            layer: None,
            text: text.into(),
        }
    }
}
