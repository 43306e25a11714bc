//! A blob that is fetched by a thread of its own while it is read, a few MiB ahead of the reader
//! and never more: what does not fit waits with the sender.

use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};

use crossbeam_channel::{Receiver, Sender, bounded};

use crate::Limits;

/// Begins to give the bytes, from the first one on.
pub(crate) type Begin = Arc<dyn Fn() -> io::Result<Box<dyn Read + Send>> + Send + Sync>;

/// Bytes that are handed over at a time.
const CHUNK: usize = 128 << 10;
/// Chunks that may wait.
const AHEAD: usize = 32;

/// A blob that lies elsewhere.
pub(crate) struct FetchedBlob {
    begin: Begin,
    size: Option<u64>,
    begun: Mutex<Option<FetchedReader>>,
}

impl std::fmt::Debug for FetchedBlob {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("FetchedBlob")
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

impl FetchedBlob {
    /// A blob that is begun so, and has so many bytes if that is known.
    pub(crate) fn new(begin: Begin, size: Option<u64>) -> Self {
        Self {
            begin,
            size,
            begun: Mutex::new(None),
        }
    }

    /// Begins to fetch it, if that has not begun.
    pub(crate) fn begin(&self) {
        let mut begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        if begun.is_none() {
            *begun = Some(self.start());
        }
    }

    /// The reader of its bytes.
    pub(crate) fn open(&self, limits: Limits) -> FetchedReader {
        let begun = self
            .begun
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let mut reader = begun.unwrap_or_else(|| self.start());
        reader.left = self.size.unwrap_or(limits.unpacked_bytes);
        reader
    }

    fn start(&self) -> FetchedReader {
        let (full_sender, full_receiver) = bounded(AHEAD);
        let (empty_sender, empty_receiver) = bounded(AHEAD + 2);
        let begin = Arc::clone(&self.begin);
        let begun = std::thread::Builder::new()
            .name("fetch".to_owned())
            .spawn(move || {
                if let Err(error) = fetch(&begin, &full_sender, &empty_receiver) {
                    let _ = full_sender.send(Err(error));
                }
            });
        let failed = begun.err();
        FetchedReader {
            full: full_receiver,
            empty: empty_sender,
            chunk: Vec::new(),
            start: 0,
            left: 0,
            failed,
        }
    }
}

/// Fetches to the end, or until nobody listens any more.
fn fetch(
    begin: &Begin,
    full: &Sender<io::Result<Vec<u8>>>,
    empty: &Receiver<Vec<u8>>,
) -> io::Result<()> {
    let mut reader = begin()?;
    loop {
        let mut chunk = empty.try_recv().unwrap_or_default();
        chunk.resize(CHUNK, 0);
        let mut count = 0;
        while count < chunk.len() {
            match reader.read(&mut chunk[count..]) {
                Ok(0) => break,
                Ok(more) => count += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        let ended = count < chunk.len();
        chunk.truncate(count);
        if full.send(Ok(chunk)).is_err() || ended {
            return Ok(());
        }
    }
}

/// Reads what is fetched.
#[derive(Debug)]
pub(crate) struct FetchedReader {
    full: Receiver<io::Result<Vec<u8>>>,
    empty: Sender<Vec<u8>>,
    chunk: Vec<u8>,
    start: usize,
    /// Bytes that may still come.
    left: u64,
    failed: Option<io::Error>,
}

impl Read for FetchedReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        if buffer.is_empty() {
            return Ok(0);
        }
        while self.start == self.chunk.len() {
            // The sender is gone when everything was sent.
            let Ok(next) = self.full.recv() else {
                return Ok(0);
            };
            let used = std::mem::replace(&mut self.chunk, next?);
            self.start = 0;
            let _ = self.empty.try_send(used);
        }
        let count = buffer.len().min(self.chunk.len() - self.start);
        self.left = self.left.checked_sub(count as u64).ok_or_else(|| {
            io::Error::other("more bytes were sent than the manifest says that there are")
        })?;
        buffer[..count].copy_from_slice(&self.chunk[self.start..self.start + count]);
        self.start += count;
        Ok(count)
    }
}
