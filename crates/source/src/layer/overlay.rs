//! What the layers of an image add up to: which files remain visible, which are hidden by a
//! higher layer, and where symbolic links lead.
//!
//! Layers are taken from the uppermost to the lowest. Paths are kept as keyed 64-bit hashes, so
//! that an image with millions of files costs tens of megabytes; the key is random, so nobody can
//! prepare two paths that collide. Format: whiteouts and opaque folders as in the OCI image
//! specification, <https://github.com/opencontainers/image-spec/blob/main/layer.md>.

use std::collections::hash_map::RandomState;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, BuildHasherDefault, Hash, Hasher};

use linchpin_model::{LayerIndex, TargetPath};

use super::unanchored::UnanchoredEntries;
use crate::FileTree;
use crate::directory_tree::MOST_LINKS;

/// Entries of a layer whose list is kept for the next one.
const SMALL_LAYER: usize = 1 << 16;
/// What the name of a whiteout begins with.
pub(super) const WHITEOUT: &str = ".wh.";
/// The file that hides everything that lower layers have in its folder.
const OPAQUE: &str = ".wh..wh..opq";
/// Other names of this form are the union file system's own business.
const AUFS_OWN: &str = ".wh..wh.";
/// Most symbolic links whose paths are kept. Real images have a few thousand.
const MOST_LINKS_KEPT: usize = 500_000;

/// What an entry of a layer is to the layers below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EntryKind<'a> {
    Directory,
    File,
    SymbolicLink(&'a str),
    /// Hard links, devices and the like: to the layers below it the same as a file.
    Other,
}

/// How an entry stands in the final file system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It is there.
    Visible,
    /// A higher layer hides it.
    Hidden,
    /// It only says that something else is hidden.
    Whiteout,
}

/// The layers seen so far.
#[derive(Debug, Default)]
pub(crate) struct Overlay {
    key: RandomState,
    /// What is known of each path, from the layers above the one that is being read.
    marks: HashSet<Marked, BuildHasherDefault<AlreadyHashed>>,
    /// The same from the layer that is being read: it does not hide its own entries.
    pending: Vec<Marked>,
    /// Folders that the layer being read names.
    named_folders: HashSet<u64, BuildHasherDefault<AlreadyHashed>>,
    links: HashMap<TargetPath, Box<str>>,
    unanchored: UnanchoredEntries,
    last_parent: Option<(Box<str>, ParentStanding)>,
}

#[derive(Debug, Clone, Copy)]
struct ParentStanding {
    covered: bool,
    named: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    Adds,
    Removes,
    Empties,
}

/// What is known of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Marks(u8);

impl Marks {
    /// It is named, and visible.
    const PRESENT: Self = Self(1);
    /// Nothing of a lower layer is visible at it: a file, a link or a whiteout is there.
    const REMOVED: Self = Self(2);
    /// Nothing of a lower layer is visible below it.
    const COVERED: Self = Self(4);

    fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// The hash of a path with what is known of it in its three lowest bits, which the hash does
/// without: a table of these is half as large as one of pairs.
#[derive(Debug, Clone, Copy)]
struct Marked(u64);

impl Marked {
    const MARKS: u64 = 0b111;

    fn new(hash: u64, marks: Marks) -> Self {
        Self(hash & !Self::MARKS | u64::from(marks.0) & Self::MARKS)
    }

    fn marks(self) -> Marks {
        Marks((self.0 & Self::MARKS) as u8)
    }
}

impl PartialEq for Marked {
    fn eq(&self, other: &Self) -> bool {
        self.0 & !Self::MARKS == other.0 & !Self::MARKS
    }
}

impl Eq for Marked {}

impl Hash for Marked {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.0 & !Self::MARKS);
    }
}

/// The paths are hashed already, with a random key.
#[derive(Debug, Default)]
struct AlreadyHashed(u64);

impl Hasher for AlreadyHashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}

impl Overlay {
    fn hash(&self, path: &str) -> u64 {
        self.key.hash_one(path)
    }

    /// Takes in an entry of the layer that is being read.
    pub(crate) fn add(
        &mut self,
        path: &TargetPath,
        kind: EntryKind<'_>,
        layer: LayerIndex,
    ) -> Standing {
        let parent = self.parent_standing(path.parent_str());
        let name = path.name();
        if name == OPAQUE {
            let folder = path.parent();
            let hash = self.hash(folder.as_str());
            self.pending.push(Marked::new(hash, Marks::COVERED));
            self.keep_unanchored(&folder, layer, Effect::Empties, parent);
            return Standing::Whiteout;
        }
        if let Some(hidden) = name.strip_prefix(WHITEOUT) {
            if !name.starts_with(AUFS_OWN) && !hidden.is_empty() {
                let hidden = path.parent().join(hidden);
                let hash = self.hash(hidden.as_str());
                self.pending
                    .push(Marked::new(hash, Marks::REMOVED.with(Marks::COVERED)));
                self.keep_unanchored(&hidden, layer, Effect::Removes, parent);
            }
            return Standing::Whiteout;
        }

        let hash = self.hash(path.as_str());
        if kind == EntryKind::Directory {
            self.named_folders.insert(hash);
            self.last_parent = None;
        }
        let known = self.marks_of(hash);
        let hidden = parent.covered
            || known.has(Marks::REMOVED)
            || (known.has(Marks::PRESENT) && kind != EntryKind::Directory);
        if hidden {
            return Standing::Hidden;
        }
        self.keep_unanchored(path, layer, Effect::Adds, parent);
        let hides = match kind {
            EntryKind::Directory => Marks::default(),
            EntryKind::File | EntryKind::Other => {
                self.links.remove(path);
                Marks::REMOVED.with(Marks::COVERED)
            }
            EntryKind::SymbolicLink(target) => {
                if self.links.len() < MOST_LINKS_KEPT {
                    self.links.insert(path.clone(), target.into());
                }
                Marks::REMOVED.with(Marks::COVERED)
            }
        };
        self.pending
            .push(Marked::new(hash, Marks::PRESENT.with(hides)));
        Standing::Visible
    }

    /// Ends a layer: what it has hides what lower layers have.
    pub(crate) fn end_layer(&mut self) {
        let mut pending = std::mem::take(&mut self.pending);
        self.marks.reserve(pending.len());
        for marked in pending.drain(..) {
            let known = self.marks.get(&marked).copied().map_or(0, |known| known.0);
            self.marks.replace(Marked(known | marked.0));
        }
        // The next layer may need as much; a large one should not keep its room until the end.
        if pending.capacity() <= SMALL_LAYER {
            self.pending = pending;
        }
        self.named_folders.clear();
        self.last_parent = None;
    }

    fn marks_of(&self, hash: u64) -> Marks {
        self.marks
            .get(&Marked::new(hash, Marks::default()))
            .map_or(Marks::default(), |marked| marked.marks())
    }

    fn keep_unanchored(
        &mut self,
        path: &TargetPath,
        layer: LayerIndex,
        effect: Effect,
        parent: ParentStanding,
    ) {
        if !parent.named {
            self.unanchored.keep(path, layer, effect);
        }
    }

    /// Whether the folder is hidden by a higher layer, and whether this layer names it. Entries of
    /// a folder usually follow one another, so the last answer is kept.
    fn parent_standing(&mut self, parent: &str) -> ParentStanding {
        if let Some((path, standing)) = &self.last_parent
            && path.as_ref() == parent
        {
            return *standing;
        }
        let mut standing = ParentStanding {
            covered: false,
            named: true,
        };
        if !parent.is_empty() {
            standing.named = self.named_folders.contains(&self.hash(parent));
            let mut end = parent.len();
            loop {
                if self.marks_of(self.hash(&parent[..end])).has(Marks::COVERED) {
                    standing.covered = true;
                    break;
                }
                let Some(slash) = parent[..end].rfind('/') else {
                    break;
                };
                end = slash;
            }
        }
        standing.covered |= self.marks_of(self.hash("")).has(Marks::COVERED);
        self.last_parent = Some((parent.into(), standing));
        standing
    }

    /// The final file system, and which of the files that were handed out are hidden after all,
    /// by an entry of a higher layer that reaches them through a symbolic link of a lower one.
    pub(crate) fn finish(
        mut self,
        handed_out: &[(TargetPath, LayerIndex)],
    ) -> (OverlayTree, Vec<(TargetPath, Option<LayerIndex>)>) {
        let unanchored = std::mem::take(&mut self.unanchored);
        let mut tree = OverlayTree {
            overlay: self,
            moved: HashMap::new(),
        };
        for run in &unanchored.folders {
            // Most folders lie where their name says, and then so do their entries.
            let Some(real) = tree.follow(&run.folder).filter(|real| *real != run.folder) else {
                continue;
            };
            for (name, effect) in unanchored.entries_of(run) {
                let effects = tree.moved.entry(real.join(name)).or_default();
                effects.push((run.layer, effect));
            }
        }
        let superseded = handed_out
            .iter()
            .filter(|(path, layer)| tree.is_superseded(path, *layer))
            .map(|(path, layer)| (path.clone(), Some(*layer)))
            .collect();
        (tree, superseded)
    }
}

/// The final file system of an image.
#[derive(Debug)]
pub(crate) struct OverlayTree {
    overlay: Overlay,
    /// What entries of higher layers do to places that they reach through symbolic links.
    moved: HashMap<TargetPath, Vec<(LayerIndex, Effect)>>,
}

impl OverlayTree {
    /// Where an entry really lies: links in the folders above it are followed.
    fn real_place(&self, path: &TargetPath) -> Option<TargetPath> {
        if path.is_root() {
            return Some(path.clone());
        }
        Some(self.follow(&path.parent())?.join(path.name()))
    }

    fn follow(&self, path: &TargetPath) -> Option<TargetPath> {
        let mut done = TargetPath::default();
        let mut waiting: Vec<Box<str>> = path.parts().rev().map(Into::into).collect();
        let mut links = 0;
        while let Some(part) = waiting.pop() {
            if part.as_ref() == ".." {
                done = done.parent();
                continue;
            }
            done = done.join(&part);
            let Some(target) = self.overlay.links.get(&done) else {
                continue;
            };
            links += 1;
            if links > MOST_LINKS {
                return None;
            }
            done = if target.starts_with('/') {
                TargetPath::default()
            } else {
                done.parent()
            };
            waiting.extend(
                target
                    .split('/')
                    .filter(|part| !matches!(*part, "" | "."))
                    .rev()
                    .map(Into::into),
            );
        }
        Some(done)
    }

    fn is_superseded(&self, path: &TargetPath, layer: LayerIndex) -> bool {
        if self.moved.is_empty() {
            return false;
        }
        let Some(real) = self.real_place(path) else {
            return false;
        };
        let hides = |effects: &Vec<(LayerIndex, Effect)>, wanted: &[Effect]| {
            effects
                .iter()
                .any(|(by, effect)| *by > layer && wanted.contains(effect))
        };
        if self
            .moved
            .get(&real)
            .is_some_and(|effects| hides(effects, &[Effect::Adds, Effect::Removes]))
        {
            return true;
        }
        let mut folder = real.parent();
        while !folder.is_root() {
            if self
                .moved
                .get(&folder)
                .is_some_and(|effects| hides(effects, &[Effect::Removes, Effect::Empties]))
            {
                return true;
            }
            folder = folder.parent();
        }
        false
    }
}

impl FileTree for OverlayTree {
    fn exists(&self, path: &TargetPath) -> bool {
        let present = |path: &TargetPath| {
            self.overlay
                .marks_of(self.overlay.hash(path.as_str()))
                .has(Marks::PRESENT)
        };
        let Some(real) = self.real_place(path) else {
            return false;
        };
        match self
            .moved
            .get(&real)
            .and_then(|effects| effects.iter().max_by_key(|(layer, _)| *layer))
        {
            Some((_, Effect::Adds)) => true,
            Some((_, Effect::Removes)) => false,
            _ => present(&real) || present(path),
        }
    }

    fn resolve(&self, path: &TargetPath) -> Option<TargetPath> {
        let real = self.follow(path)?;
        self.exists(&real).then_some(real)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> TargetPath {
        TargetPath::new(text)
    }

    /// Layers from the uppermost; an entry that ends in `/` is a folder, `a -> b` a link.
    fn overlay(layers: &[&[&str]]) -> (Vec<Vec<Standing>>, Overlay) {
        let mut overlay = Overlay::default();
        let mut standings = Vec::new();
        for (index, entries) in layers.iter().enumerate() {
            let layer = LayerIndex((layers.len() - 1 - index) as u16);
            let standing = entries.iter().map(|entry| match entry.split_once(" -> ") {
                Some((from, to)) => overlay.add(&path(from), EntryKind::SymbolicLink(to), layer),
                None if entry.ends_with('/') => {
                    overlay.add(&path(entry), EntryKind::Directory, layer)
                }
                None => overlay.add(&path(entry), EntryKind::File, layer),
            });
            standings.push(standing.collect());
            overlay.end_layer();
        }
        (standings, overlay)
    }

    #[test]
    fn whiteouts_and_opaque_folders_hide_lower_layers_only() {
        use Standing::{Hidden, Visible, Whiteout};
        let (standings, overlay) = overlay(&[
            &[
                "a/",
                "a/.wh.gone",
                "b/",
                "b/.wh..wh..opq",
                "b/new",
                ".wh.tree",
            ],
            &[
                "a/",
                "a/gone",
                "a/kept",
                "b/",
                "b/old",
                "b/deep/",
                "b/deep/old",
                "tree/",
                "tree/x",
            ],
        ]);
        assert_eq!(
            standings[0],
            [Visible, Whiteout, Visible, Whiteout, Visible, Whiteout]
        );
        assert_eq!(
            standings[1],
            [
                Visible, Hidden, Visible, Visible, Hidden, Hidden, Hidden, Hidden, Hidden
            ]
        );
        let (tree, superseded) = overlay.finish(&[]);
        assert!(superseded.is_empty());
        assert!(
            tree.exists(&path("a/kept"))
                && !tree.exists(&path("a/gone"))
                && !tree.exists(&path("b/old"))
        );
    }

    #[test]
    fn a_file_over_a_folder_hides_what_the_folder_held() {
        let (standings, _) = overlay(&[&["a"], &["a/", "a/x"]]);
        assert_eq!(standings[1], [Standing::Hidden, Standing::Hidden]);
    }

    #[test]
    fn the_uppermost_of_two_files_counts() {
        let (standings, _) = overlay(&[&["a/", "a/x"], &["a/", "a/x"]]);
        assert_eq!(standings[1], [Standing::Visible, Standing::Hidden]);
    }

    #[test]
    fn a_link_of_a_lower_layer_is_followed() {
        let (_, overlay) = overlay(&[
            &["lib/new", "lib/.wh.gone", "lib/x"],
            &[
                "lib -> usr/lib",
                "usr/",
                "usr/lib/",
                "usr/lib/gone",
                "usr/lib/x",
                "usr/lib/kept",
            ],
        ]);
        let handed_out: Vec<_> = ["usr/lib/gone", "usr/lib/x", "usr/lib/kept"]
            .map(|p| (path(p), LayerIndex(0)))
            .into();
        let (tree, superseded) = overlay.finish(&handed_out);
        let names: Vec<&str> = superseded.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(names, ["usr/lib/gone", "usr/lib/x"]);
        assert!(tree.exists(&path("usr/lib/new")) && tree.exists(&path("lib/kept")));
        assert!(!tree.exists(&path("lib/gone")));
        assert_eq!(tree.resolve(&path("lib/kept")), Some(path("usr/lib/kept")));
    }

    #[test]
    fn links_in_a_circle_lead_nowhere() {
        let (_, overlay) = overlay(&[&["a -> b", "b -> a", "c -> ../../.."]]);
        let (tree, _) = overlay.finish(&[]);
        assert_eq!(tree.resolve(&path("a/x")), None);
        assert_eq!(tree.real_place(&path("c/x")), Some(path("x")));
    }
}
