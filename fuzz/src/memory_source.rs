//! A target whose files are in memory.
//!
//! Its text form is what the fuzzer mutates: files are parted by [`SEPARATOR`]; of each the first
//! line is the path, the rest the content. `from -> to` as the path makes a symbolic link.

use std::collections::{BTreeMap, BTreeSet};

use linchpin_model::{Subject, SubjectKind, TargetPath};
use linchpin_source::{
    Entry, FileTree, Mode, PIECE_OVERLAP, Piece, PieceReader, Source, SourceError, Visited,
    Visitor, Wants,
};

/// What stands between two files.
pub const SEPARATOR: &[u8] = b"\x1e\n";

/// Most files in one target: more of them cost time and find nothing new.
const MOST_FILES: usize = 200;

/// Most links that are followed for one path.
const MOST_LINKS: usize = 8;

/// Files in memory.
#[derive(Debug)]
pub struct MemorySource {
    subject: Subject,
    files: BTreeMap<TargetPath, Vec<u8>>,
    tree: MemoryTree,
}

impl MemorySource {
    /// Reads the text form.
    pub fn parse(bytes: &[u8]) -> Self {
        let mut source = Self {
            subject: Subject {
                name: "target".to_owned(),
                kind: SubjectKind::Directory,
                digest: None,
                platform: None,
                layers: Vec::new(),
            },
            files: BTreeMap::new(),
            tree: MemoryTree::default(),
        };
        for file in split(bytes).take(MOST_FILES) {
            let end = file.iter().position(|byte| *byte == b'\n');
            let (path, content) = match end {
                Some(end) => (&file[..end], &file[end + 1..]),
                None => (file, &b""[..]),
            };
            let path = String::from_utf8_lossy(path);
            if path.len() > 4096 {
                continue;
            }
            if let Some((from, to)) = path.split_once(" -> ") {
                let from = TargetPath::new(from);
                source.tree.add(&from);
                let to = if to.starts_with('/') {
                    TargetPath::new(to)
                } else {
                    from.parent().join(to)
                };
                source.tree.links.insert(from, to);
            } else {
                let path = TargetPath::new(&path);
                if !path.is_root() {
                    source.tree.add(&path);
                    source.files.insert(path, content.to_vec());
                }
            }
        }
        source
    }
}

/// The parts between the separators.
pub fn split(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(bytes);
    std::iter::from_fn(move || {
        let bytes = rest?;
        let found = bytes
            .windows(SEPARATOR.len())
            .position(|window| window == SEPARATOR);
        match found {
            Some(place) => {
                rest = Some(&bytes[place + SEPARATOR.len()..]);
                Some(&bytes[..place])
            }
            None => rest.take(),
        }
    })
}

impl Source for MemorySource {
    fn subject(&self) -> &Subject {
        &self.subject
    }

    fn visit(&self, wants: &Wants, visitor: &dyn Visitor) -> Result<Visited, SourceError> {
        let mode = Mode(0o755);
        for (path, content) in &self.files {
            let mut wanted = wants.by_path(path.as_str());
            if content.starts_with(b"\x7fELF") || content.starts_with(b"MZ") {
                wants.add_programs(path.as_str(), &mut wanted);
            }
            let whole = Entry::whole(path, None, mode, content);
            if !wanted.whole.is_empty() {
                visitor.visit(&whole, &wanted.whole);
            }
            for reader in &wanted.pieces {
                if let Some(mut pieces) = visitor.visit_in_pieces(&whole, *reader) {
                    take_in_pieces(content, pieces.as_mut());
                    pieces.finish();
                }
            }
            for (reader, length) in wanted.heads {
                let content = &content[..content.len().min(length as usize)];
                visitor.visit(&Entry { content, ..whole }, &[reader]);
            }
        }
        Ok(Visited {
            tree: Box::new(self.tree.clone()),
            superseded: Vec::new(),
            notes: Vec::new(),
            entries: self.files.len() as u64,
        })
    }
}

/// Hands out a file in pieces that are as short as they may be, so that it has many borders.
fn take_in_pieces(content: &[u8], reader: &mut dyn PieceReader) {
    const STEP: usize = 61;
    let mut start = 0;
    loop {
        let end = (start + STEP + PIECE_OVERLAP).min(content.len());
        let is_last = end == content.len();
        let content = &content[start..end];
        if reader.take(Piece { content, is_last }).is_break() || is_last {
            return;
        }
        start += STEP;
    }
}

/// Which files exist.
#[derive(Debug, Clone, Default)]
struct MemoryTree {
    paths: BTreeSet<TargetPath>,
    links: BTreeMap<TargetPath, TargetPath>,
}

impl MemoryTree {
    fn add(&mut self, path: &TargetPath) {
        let mut path = path.clone();
        while !path.is_root() && self.paths.insert(path.clone()) {
            path = path.parent();
        }
    }
}

impl FileTree for MemoryTree {
    fn exists(&self, path: &TargetPath) -> bool {
        path.is_root() || self.paths.contains(path)
    }

    fn resolve(&self, path: &TargetPath) -> Option<TargetPath> {
        let mut path = path.clone();
        for _ in 0..MOST_LINKS {
            match self.links.get(&path) {
                Some(to) => path = to.clone(),
                None => return self.exists(&path).then_some(path),
            }
        }
        None
    }
}
