//! What was read of a layer before it is known what the layers above it hide.
//!
//! It is a list of the layer's entries, and what each of them leads to if it turns out to be
//! visible. Memory for it is limited (see `turns.rs`): a layer for whose list there is no room waits
//! for its turn.

use linchpin_model::{LayerIndex, TargetPath};

use super::first_pass::{Context, Effect, FirstPass};
use super::layer_error::LayerError;
use super::overlay::{EntryKind, Standing};

/// What was read of a layer ahead of its turn.
#[derive(Default)]
pub(super) struct Ahead<'a> {
    entries: Vec<Seen>,
    /// The ends of the paths, and where links lead, one after another.
    texts: String,
    last: String,
    /// By the number of the entry, in order.
    effects: Vec<(usize, Effect<'a>)>,
}

/// An entry. Entries of a folder follow one another: of its path only the part that differs from
/// the one before is kept.
struct Seen {
    kind: SeenKind,
    is_excluded: bool,
    /// Bytes of the path that are those of the entry before.
    shared: u32,
    /// Bytes of the rest of the path, and after it of the link.
    rest: u32,
    link: u32,
}

#[derive(Clone, Copy)]
enum SeenKind {
    Directory,
    File,
    Link,
    Other,
}

/// How an entry came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It is visible, and what it leads to counts.
    Counts,
    /// Nobody wants to know more of it.
    Passed,
}

impl Outcome {
    pub(super) fn of(standing: Standing, is_excluded: bool) -> Self {
        if standing == Standing::Visible && !is_excluded {
            Self::Counts
        } else {
            Self::Passed
        }
    }
}

impl<'a> Ahead<'a> {
    /// About how much memory an entry takes.
    pub(super) fn cost_of(path: &TargetPath, kind: EntryKind<'_>) -> u64 {
        let link = match kind {
            EntryKind::SymbolicLink(target) => target.len(),
            _ => 0,
        };
        // Texts grow by doubling.
        (2 * (size_of::<Seen>() + path.name().len() + link)) as u64
    }

    /// Remembers the next entry.
    pub(super) fn push(&mut self, path: &TargetPath, kind: EntryKind<'_>, is_excluded: bool) {
        let path = path.as_str();
        let shared = shared_start(&self.last, path);
        let rest = path.get(shared..).unwrap_or_default();
        self.texts.push_str(rest);
        let (kind, link) = match kind {
            EntryKind::Directory => (SeenKind::Directory, ""),
            EntryKind::File => (SeenKind::File, ""),
            EntryKind::Other => (SeenKind::Other, ""),
            EntryKind::SymbolicLink(target) => (SeenKind::Link, target),
        };
        self.texts.push_str(link);
        self.entries.push(Seen {
            kind,
            is_excluded,
            shared: shared as u32,
            rest: rest.len() as u32,
            link: link.len() as u32,
        });
        self.last.truncate(shared);
        self.last.push_str(rest);
    }

    /// Remembers something that the last entry leads to.
    pub(super) fn add(&mut self, effect: Effect<'a>) {
        self.effects
            .push((self.entries.len().saturating_sub(1), effect));
    }

    /// Does it all, now that the layer's turn has come. Tells how the last entry came out.
    pub(super) fn settle(
        self,
        pass: &mut FirstPass,
        context: Context<'_>,
        layer: LayerIndex,
    ) -> Result<Outcome, LayerError> {
        let mut effects = self.effects.into_iter().peekable();
        let mut texts = self.texts.as_str();
        let mut text = String::new();
        let mut last = Outcome::Passed;
        for (number, entry) in self.entries.iter().enumerate() {
            text.truncate(entry.shared as usize);
            text.push_str(take(&mut texts, entry.rest));
            let link = take(&mut texts, entry.link);
            let kind = match entry.kind {
                SeenKind::Directory => EntryKind::Directory,
                SeenKind::File => EntryKind::File,
                SeenKind::Other => EntryKind::Other,
                SeenKind::Link => EntryKind::SymbolicLink(link),
            };
            let path = TargetPath::new(&text);
            let standing = pass.take_in(context, &path, kind, layer)?;
            last = Outcome::of(standing, entry.is_excluded);
            if last == Outcome::Counts && kind == EntryKind::File {
                // Archives that nobody asked to open are remarked on.
                context.opener.opens(path.as_str());
            }
            while let Some((_, effect)) = effects.next_if(|(of, _)| *of == number) {
                if last == Outcome::Counts {
                    pass.apply(context, path.clone(), layer, effect)?;
                }
            }
        }
        Ok(last)
    }
}

/// How many bytes two paths share at their beginning, in whole characters.
fn shared_start(one: &str, other: &str) -> usize {
    let bytes = one.bytes().zip(other.bytes());
    let mut shared = bytes.take_while(|(one, other)| one == other).count();
    while !other.is_char_boundary(shared) || !one.is_char_boundary(shared) {
        shared -= 1;
    }
    shared
}

/// Takes a text of this length away from the beginning.
fn take<'t>(texts: &mut &'t str, length: u32) -> &'t str {
    let (taken, rest) = texts.split_at_checked(length as usize).unwrap_or_default();
    *texts = rest;
    taken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_share_whole_characters_only() {
        assert_eq!(shared_start("usr/lib/a", "usr/lib/b"), 8);
        assert_eq!(shared_start("usr", "usr/lib"), 3);
        assert_eq!(shared_start("", "a"), 0);
        // Both begin with the same byte.
        assert_eq!(shared_start("x\u{e4}", "x\u{e9}"), 1);
        let mut texts = "abc";
        assert_eq!(take(&mut texts, 2), "ab");
        assert_eq!(take(&mut texts, 9), "");
    }
}
