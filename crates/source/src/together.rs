//! Several readers over one pass: each has its own list of wants and is told of its own places in
//! that list, as if it were alone.

use linchpin_model::TargetPath;

use crate::{
    Entry, Pattern, PieceReader, ReaderIndex, Source, SourceError, Visited, Visitor, Wants,
};

/// A visitor that says what it wants.
pub trait Reader: Visitor {
    /// What it wants: one list for each place that a [`ReaderIndex`] can name.
    fn wants(&self) -> Vec<&'static [Pattern]>;

    /// Files that are wanted because of what was read: a script that a manifest names. Asked after
    /// the pass, and again after each of them was read, at most [`MOST_ROUNDS`] times. Only sources
    /// whose files can be had by their paths give them.
    fn further(&self) -> Vec<TargetPath> {
        Vec::new()
    }

    /// Called for each of these files that is there, with the reader's own path.
    fn visit_further(&self, entry: &Entry<'_>) {
        let _ = entry;
    }
}

/// How often readers may ask for further files.
pub const MOST_ROUNDS: usize = 3;

/// Most files that a reader gets in one round.
const MOST_FURTHER: usize = 4_000;

/// Largest of them, in bytes.
const MOST_FURTHER_BYTES: u64 = 8 << 20;

/// Reads a target once for all readers.
///
/// # Errors
/// If the target can not be read at all.
///
/// # Panics
/// If a glob of a reader is none, which the reader's own tests exclude.
pub fn read_together(source: &dyn Source, readers: &[&dyn Reader]) -> Result<Visited, SourceError> {
    let mut all = Vec::new();
    let mut parts = Vec::new();
    for reader in readers {
        parts.push((all.len(), *reader));
        all.extend(reader.wants());
    }
    let wants = Wants::compile(all).expect("the readers' patterns are checked by their tests");
    let visited = source.visit(&wants, &Together { parts })?;
    for _ in 0..MOST_ROUNDS {
        let mut is_done = true;
        for reader in readers {
            let mut paths = reader.further();
            paths.truncate(MOST_FURTHER);
            if !paths.is_empty() {
                is_done = false;
                source.read_files(&paths, MOST_FURTHER_BYTES, &|entry| {
                    reader.visit_further(entry);
                });
            }
        }
        if is_done {
            break;
        }
    }
    Ok(visited)
}

struct Together<'a> {
    /// Each with the number of its first place.
    parts: Vec<(usize, &'a dyn Reader)>,
}

impl Together<'_> {
    /// The reader to whom a place belongs, and how it names the place.
    fn part(&self, reader: ReaderIndex) -> Option<(usize, &dyn Reader, ReaderIndex)> {
        let place = usize::from(reader.0);
        let number = self.parts.partition_point(|(first, _)| *first <= place);
        let (first, part) = self.parts.get(number.checked_sub(1)?)?;
        Some((*first, *part, ReaderIndex((place - first) as u16)))
    }
}

impl Visitor for Together<'_> {
    fn visit(&self, entry: &Entry<'_>, readers: &[ReaderIndex]) {
        let mut rest = readers;
        while let Some((first, part, _)) = rest.first().and_then(|&reader| self.part(reader)) {
            let own: Vec<ReaderIndex> = rest
                .iter()
                .map_while(|&reader| self.part(reader))
                .take_while(|(other, _, _)| *other == first)
                .map(|(_, _, own)| own)
                .collect();
            part.visit(entry, &own);
            rest = &rest[own.len()..];
        }
    }

    fn visit_in_pieces<'a>(
        &'a self,
        entry: &Entry<'_>,
        reader: ReaderIndex,
    ) -> Option<Box<dyn PieceReader + 'a>> {
        let (_, part, own) = self.part(reader)?;
        part.visit_in_pieces(entry, own)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use linchpin_model::TargetPath;

    use super::*;
    use crate::Mode;

    #[derive(Default)]
    struct Notes(Mutex<Vec<Vec<u16>>>);

    impl Visitor for Notes {
        fn visit(&self, _: &Entry<'_>, readers: &[ReaderIndex]) {
            let readers = readers.iter().map(|reader| reader.0).collect();
            self.0.lock().unwrap().push(readers);
        }
    }

    impl Reader for Notes {
        fn wants(&self) -> Vec<&'static [Pattern]> {
            Vec::new()
        }
    }

    #[test]
    fn each_reader_sees_its_own_places() {
        let (first, none, second) = (Notes::default(), Notes::default(), Notes::default());
        let together = Together {
            parts: vec![(0, &first), (2, &none), (2, &second)],
        };
        let path = TargetPath::new("a");
        let entry = Entry::whole(&path, None, Mode::default(), b"");
        together.visit(&entry, &[ReaderIndex(1), ReaderIndex(2), ReaderIndex(4)]);
        together.visit(&entry, &[ReaderIndex(3)]);
        assert_eq!(*first.0.lock().unwrap(), [[1]]);
        assert_eq!(*second.0.lock().unwrap(), [vec![0, 2], vec![1]]);
        assert!(none.0.lock().unwrap().is_empty());
    }
}
