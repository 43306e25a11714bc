//! The bytes of a program, as the `object` crate reads them: at hand, or read from a file where
//! somebody looks, so that a program of any size takes the memory of what is looked at.
//!
//! Whatever was looked at stays until the reader is done. A damaged program may claim tables as large
//! as itself, and so what is kept is limited.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Read};
use std::ops::Range;
use std::rc::Rc;

use linchpin_source::{Bytes, Entry};
use object::ReadRef;
use object::read::{ReadCache, ReadCacheOps};

/// Most bytes of one program that are kept. The table of symbols of the largest programs has some
/// tens of millions.
const MOST_KEPT: u64 = 128 << 20;

/// What is read at a time: the names in a table of texts follow one another.
const WINDOW: usize = 64 << 10;

/// The bytes of one program.
pub(crate) enum ProgramBytes<'a> {
    AtHand(&'a [u8]),
    InFile(InFile<'a>),
}

/// A program in a file, with what was looked at so far.
pub(crate) struct InFile<'a> {
    bytes: &'a dyn Bytes,
    cache: ReadCache<Window<'a>>,
    trouble: Rc<Cell<Option<Trouble>>>,
}

/// Why something could not be looked at.
#[derive(Debug, Clone, Copy)]
enum Trouble {
    Unreadable(io::ErrorKind),
    TooMuch,
}

impl<'a> ProgramBytes<'a> {
    pub(crate) fn of(entry: &Entry<'a>) -> Self {
        let Some(bytes) = entry.bytes else {
            return Self::AtHand(entry.content);
        };
        let trouble = Rc::default();
        let window = Window {
            bytes,
            position: 0,
            start: 0,
            content: Vec::new(),
            left: MOST_KEPT,
            trouble: Rc::clone(&trouble),
        };
        Self::InFile(InFile {
            bytes,
            cache: ReadCache::new(window),
            trouble,
        })
    }

    /// What could not be looked at, so that nothing found does not mean that nothing is there.
    pub(crate) fn problem(&self) -> Option<String> {
        let Self::InFile(file) = self else {
            return None;
        };
        Some(match file.trouble.get()? {
            Trouble::Unreadable(kind) => format!("can not be read: {kind}"),
            Trouble::TooMuch => format!(
                "was not looked into: its tables take more than {} MiB",
                MOST_KEPT >> 20
            ),
        })
    }

    /// All of it.
    pub(crate) fn data(&self) -> ProgramData<'_> {
        match self {
            Self::AtHand(content) => ProgramData::from(*content),
            Self::InFile(file) => ProgramData {
                size: file.bytes.size(),
                start: 0,
                place: Place::InFile(file),
            },
        }
    }
}

/// Reads what is looked at; that the `object` crate keeps it is the point.
trait LookAt {
    fn bytes_at(&self, start: u64, size: u64) -> Result<&[u8], ()>;
    fn text_at(&self, range: Range<u64>, end: u8) -> Result<&[u8], ()>;
    fn stream(&self, start: u64, size: u64) -> Box<dyn BufRead + '_>;
}

impl LookAt for InFile<'_> {
    fn bytes_at(&self, start: u64, size: u64) -> Result<&[u8], ()> {
        (&self.cache).read_bytes_at(start, size)
    }

    fn text_at(&self, range: Range<u64>, end: u8) -> Result<&[u8], ()> {
        (&self.cache).read_bytes_at_until(range, end)
    }

    fn stream(&self, start: u64, size: u64) -> Box<dyn BufRead + '_> {
        let portions = Portions {
            bytes: self.bytes,
            trouble: &self.trouble,
            position: start,
            end: start.saturating_add(size),
        };
        Box::new(BufReader::with_capacity(256 << 10, portions))
    }
}

#[derive(Clone, Copy)]
enum Place<'p> {
    AtHand(&'p [u8]),
    InFile(&'p dyn LookAt),
}

/// A stretch of a program: all of it, or that for one processor.
#[derive(Clone, Copy)]
pub(crate) struct ProgramData<'p> {
    place: Place<'p>,
    start: u64,
    size: u64,
}

impl<'p> From<&'p [u8]> for ProgramData<'p> {
    fn from(content: &'p [u8]) -> Self {
        Self {
            place: Place::AtHand(content),
            start: 0,
            size: content.len() as u64,
        }
    }
}

impl<'p> ProgramData<'p> {
    /// A stretch of it; nothing if it does not have all of that.
    pub(crate) fn stretch(self, start: u64, size: u64) -> Option<Self> {
        let end = start.checked_add(size)?;
        (end <= self.size).then(|| Self {
            start: self.start + start,
            size,
            ..self
        })
    }

    /// How many bytes it has.
    pub(crate) fn size(self) -> u64 {
        self.size
    }

    /// This many bytes from a place on, kept from then on.
    pub(crate) fn bytes_at(self, start: u64, size: u64) -> Option<&'p [u8]> {
        self.read_bytes_at(start, size).ok()
    }

    /// The same, or as many as there are.
    pub(crate) fn up_to(self, start: u64, most: u64) -> Option<&'p [u8]> {
        self.bytes_at(start, most.min(self.size.checked_sub(start)?))
    }

    /// Its bytes from a place on, one after another, of which none are kept.
    pub(crate) fn stream(self, start: u64) -> Box<dyn BufRead + 'p> {
        let size = self.size.saturating_sub(start);
        match self.place {
            Place::AtHand(_) => Box::new(self.bytes_at(start, size).unwrap_or_default()),
            Place::InFile(file) => file.stream(self.start.saturating_add(start), size),
        }
    }
}

impl<'p> ReadRef<'p> for ProgramData<'p> {
    fn len(self) -> Result<u64, ()> {
        Ok(self.size)
    }

    fn read_bytes_at(self, offset: u64, size: u64) -> Result<&'p [u8], ()> {
        let Self { start, .. } = self.stretch(offset, size).ok_or(())?;
        match self.place {
            Place::AtHand(content) => content.read_bytes_at(start, size),
            Place::InFile(file) => file.bytes_at(start, size),
        }
    }

    fn read_bytes_at_until(self, range: Range<u64>, delimiter: u8) -> Result<&'p [u8], ()> {
        let size = range.end.checked_sub(range.start).ok_or(())?;
        let Self { start, .. } = self.stretch(range.start, size).ok_or(())?;
        let range = start..start + size;
        match self.place {
            Place::AtHand(content) => content.read_bytes_at_until(range, delimiter),
            Place::InFile(file) => file.text_at(range, delimiter),
        }
    }
}

/// Reads for the cache, small pieces from a stretch that it holds.
struct Window<'a> {
    bytes: &'a dyn Bytes,
    position: u64,
    start: u64,
    content: Vec<u8>,
    left: u64,
    trouble: Rc<Cell<Option<Trouble>>>,
}

impl Window<'_> {
    fn fill(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.len() >= WINDOW {
            return self.bytes.read_at(buffer, self.position);
        }
        let held = self.position.checked_sub(self.start);
        let held = held.and_then(|from| self.content.get(usize::try_from(from).ok()?..));
        let rest = match held {
            Some(rest) if rest.len() >= buffer.len() => rest,
            _ => {
                self.content.resize(WINDOW, 0);
                let count = self.bytes.read_at(&mut self.content, self.position)?;
                self.content.truncate(count);
                self.start = self.position;
                &self.content
            }
        };
        let (from, _) = rest.split_at(rest.len().min(buffer.len()));
        let (to, _) = buffer.split_at_mut(from.len());
        to.copy_from_slice(from);
        Ok(from.len())
    }
}

impl ReadCacheOps for Window<'_> {
    fn len(&mut self) -> Result<u64, ()> {
        Ok(self.bytes.size())
    }

    fn seek(&mut self, position: u64) -> Result<u64, ()> {
        self.position = position;
        Ok(position)
    }

    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, ()> {
        let Some(left) = self.left.checked_sub(buffer.len() as u64) else {
            self.trouble.set(Some(Trouble::TooMuch));
            return Err(());
        };
        match self.fill(buffer) {
            Ok(count) => {
                self.left = left;
                self.position += count as u64;
                Ok(count)
            }
            Err(error) => {
                self.trouble.set(Some(Trouble::Unreadable(error.kind())));
                Err(())
            }
        }
    }

    fn read_exact(&mut self, mut buffer: &mut [u8]) -> Result<(), ()> {
        while !buffer.is_empty() {
            let count = self.read(buffer)?;
            buffer = buffer.get_mut(count..).filter(|_| count > 0).ok_or(())?;
        }
        Ok(())
    }
}

/// Reads a stretch of a file to its end.
struct Portions<'p> {
    bytes: &'p dyn Bytes,
    trouble: &'p Cell<Option<Trouble>>,
    position: u64,
    end: u64,
}

impl Read for Portions<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.end.saturating_sub(self.position)).unwrap_or(usize::MAX);
        let (wanted, _) = buffer.split_at_mut(left.min(buffer.len()));
        let outcome = self.bytes.read_at(wanted, self.position);
        match &outcome {
            Ok(count) => self.position += *count as u64,
            Err(error) => {
                let trouble = Trouble::Unreadable(error.kind());
                self.trouble.set(Some(trouble));
            }
        }
        outcome
    }
}
