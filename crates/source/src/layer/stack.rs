//! A stack of layers, read from the uppermost to the lowest, each once, several at a time.
//!
//! Files that only a link or hard link makes wanted, and whose own name nobody asked for, are read
//! in a second pass over the layers; that is rare.

use std::sync::atomic::{AtomicUsize, Ordering};

use linchpin_model::{LayerIndex, NoteKind, TargetPath};

use super::chunks::{ChunkReader, Expected, hand_over};
use super::content::LayerContent;
use super::first_pass::{Context, FirstPass};
use super::layer_error::LayerError;
use super::overlay::Overlay;
use super::reading::LayerReading;
use super::second_pass::SecondPass;
use super::tar_stream::TarStream;
use super::turns::{StopOnPanic, Turns};
use super::whereabouts::Whereabouts;
use crate::archives::Opener;
use crate::note_book::NoteBook;
use crate::{SourceOptions, Visited, Visitor, Wants};

/// A layer: a tar, perhaps compressed, and what its bytes must be.
#[derive(Debug, Clone)]
pub(crate) struct Layer {
    pub(crate) content: LayerContent,
    pub(crate) expected: Expected,
}

/// Layers, lowest first.
#[derive(Debug)]
pub(crate) struct Stack<'a> {
    pub(crate) layers: &'a [Layer],
    /// Whether entries say which layer they come from: those of a plain archive do not.
    pub(crate) numbered: bool,
    pub(crate) options: &'a SourceOptions,
}

/// Most layers that are unpacked at once, where there are so many cores. Each takes some MiB of
/// memory.
const MOST_AT_ONCE: usize = 4;

/// Layers that are fetched at once for each that is read: that one, and the next. Each has a few MiB
/// of memory; what is more waits with the sender.
const FETCHED_AT_ONCE: usize = 2;

/// A layer that can not be read.
#[derive(Debug)]
pub(crate) struct FailedLayer {
    pub(crate) index: usize,
    pub(crate) error: LayerError,
}

impl Stack<'_> {
    /// Reads all layers and hands every visible wanted file to the visitor.
    pub(crate) fn visit(
        &self,
        wants: &Wants,
        visitor: &dyn Visitor,
    ) -> Result<Visited, FailedLayer> {
        let notes = NoteBook::new(self.options.limits.notes);
        let opener = Opener::new(wants, visitor, self.options);
        let first = self.first_pass(Context {
            stack: self,
            wants,
            visitor,
            notes: &notes,
            opener: &opener,
        })?;
        let FirstPass {
            overlay,
            handed_out,
            linked,
            whereabouts,
            entries,
        } = *first;
        opener.into_notes().for_each(|note| notes.keep(note));
        let paths: Vec<(TargetPath, LayerIndex)> = handed_out
            .iter()
            .map(|(path, layer, _)| (path.clone(), *layer))
            .collect();
        let (tree, superseded) = overlay.finish(&paths);
        let second = SecondPass::new(&linked, &handed_out, &tree, &notes);
        if !second.waiting.is_empty() {
            self.visit_linked(second, &whereabouts, visitor, &notes)?;
        }
        Ok(Visited {
            tree: Box::new(tree),
            superseded: if self.numbered {
                superseded
            } else {
                Vec::new()
            },
            notes: notes.into_notes(),
            entries,
        })
    }

    /// Reads all layers, several at once, and takes them in from the uppermost to the lowest.
    fn first_pass(&self, context: Context<'_>) -> Result<Box<FirstPass>, FailedLayer> {
        let is_fetched = |layer: &Layer| layer.content.is_fetched();
        let fetched = if self.layers.iter().any(is_fetched) {
            self.layers.len()
        } else {
            0
        };
        let turns = Turns::new(FirstPass {
            overlay: Overlay::default(),
            handed_out: Vec::new(),
            linked: Vec::new(),
            whereabouts: Whereabouts::of(fetched),
            entries: 0,
        });
        let next = AtomicUsize::new(0);
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = cores.min(MOST_AT_ONCE).min(self.layers.len());
        std::thread::scope(|scope| {
            for _ in 1..threads {
                scope.spawn(|| self.read_layers(context, &turns, &next));
            }
            self.read_layers(context, &turns, &next);
        });
        let stopped = || FailedLayer {
            index: 0,
            error: LayerError::Unreadable(std::io::Error::other("a thread that reads it failed")),
        };
        turns.finish()?.ok_or_else(stopped)
    }

    /// Reads one layer after another, until there is none that nobody reads.
    fn read_layers<'a>(&self, context: Context<'a>, turns: &Turns<'a>, next: &AtomicUsize) {
        let _guard = StopOnPanic(turns);
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            if place >= self.layers.len() || turns.is_stopped() {
                return;
            }
            let number = self.layer_at(place);
            let index = usize::from(number.0);
            self.prepare((0..=index).rev());
            let mut reading = LayerReading::new(context, turns, place, number);
            let outcome = read_layer(&self.layers[index], self.options, |stream| {
                reading.read(stream)
            });
            reading.end(outcome);
        }
    }

    /// The layer at a place, counted from the uppermost.
    pub(super) fn layer_at(&self, place: usize) -> LayerIndex {
        LayerIndex(self.layers.len().saturating_sub(place + 1) as u16)
    }

    /// Reads the targets of links, from whichever layer has the visible one.
    fn visit_linked(
        &self,
        mut second: SecondPass,
        whereabouts: &Whereabouts,
        visitor: &dyn Visitor,
        notes: &NoteBook,
    ) -> Result<(), FailedLayer> {
        let all = || (0..self.layers.len()).collect();
        let mut needed: Vec<usize> = whereabouts
            .layers_with(second.waiting.keys())
            .unwrap_or_else(all);
        needed.reverse();
        for index in needed {
            if second.waiting.is_empty() {
                break;
            }
            let number = LayerIndex(index as u16);
            let layer = &self.layers[index];
            let again = Layer {
                content: layer.content.clone(),
                // What lies here was checked; what is fetched anew is checked anew.
                expected: if layer.content.is_fetched() {
                    layer.expected.clone()
                } else {
                    Expected::default()
                },
            };
            read_layer(&again, self.options, |stream| {
                second.read(stream, number, self, visitor, notes)
            })
            .map_err(|error| FailedLayer { index, error })?;
        }
        for (path, _) in second.waiting.into_values().flatten() {
            notes.at(
                NoteKind::Unread,
                &path,
                None,
                "is a link to a file that is not there",
            );
        }
        Ok(())
    }

    /// Begins to fetch the layers that are read next, where they lie elsewhere.
    fn prepare(&self, next: impl Iterator<Item = usize>) {
        for layer in next
            .take(FETCHED_AT_ONCE)
            .filter_map(|index| self.layers.get(index))
        {
            layer.content.begin();
        }
    }

    /// What entries say of their layer.
    pub(super) fn shown(&self, layer: LayerIndex) -> Option<LayerIndex> {
        self.numbered.then_some(layer)
    }
}

/// Unpacks a layer in one thread and looks at its files in this one.
fn read_layer(
    layer: &Layer,
    options: &SourceOptions,
    look: impl FnOnce(&mut TarStream<ChunkReader>) -> Result<(), LayerError>,
) -> Result<(), LayerError> {
    let (writer, reader) = hand_over(options.limits);
    std::thread::scope(|scope| {
        let unpacking = scope.spawn(move || writer.unpack(&layer.content, &layer.expected));
        let mut stream = TarStream::new(reader, options.limits);
        let looked = look(&mut stream).and_then(|()| stream.finish());
        let unpacked = unpacking.join().unwrap_or_else(|_| {
            Err(LayerError::Unreadable(std::io::Error::other(
                "the thread that unpacks it failed",
            )))
        });
        // A stream that breaks off looks like a truncated archive to the reader; why it broke off
        // is what the user must know.
        unpacked.and(looked)
    })
}
