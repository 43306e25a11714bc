//! A tar that another thread writes while it is read: for file systems whose reader can not leave
//! its thread. What is written waits in a queue of a few pieces.

use std::io::{self, Read};
use std::thread;

use crossbeam_channel::{Receiver, Sender, bounded};

use super::broken;
use super::tar_writer::{END, Entry, write_header, write_padding};
use crate::Limits;

/// Bytes that are handed on in one go.
const PIECE: usize = 256 << 10;
/// Pieces that may wait.
const WAITING: usize = 4;

/// Where the tar is written.
#[derive(Debug)]
pub(super) struct TarSink {
    out: Vec<u8>,
    sender: Sender<io::Result<Vec<u8>>>,
    /// The folder that all entries are put below; empty, or with a slash at its end.
    below: Vec<u8>,
    limits: Limits,
    entries: u64,
    written: u64,
    /// How large the file is that all of this is in.
    stored: u64,
}

impl TarSink {
    /// Puts all entries from now on below this folder.
    pub(super) fn set_below(&mut self, folder: &str) {
        folder.as_bytes().clone_into(&mut self.below);
    }

    /// Begins an entry.
    pub(super) fn entry(&mut self, path: &[u8], mode: u16, entry: Entry<'_>) -> io::Result<()> {
        self.entries += 1;
        if self.entries > self.limits.entries {
            return Err(broken(format!(
                "it has more than {} entries",
                self.limits.entries
            )));
        }
        let path = [&self.below, path].concat();
        if path.len() > self.limits.path_bytes {
            return Err(broken("a path that is too long"));
        }
        write_header(&mut self.out, &path, mode, entry);
        self.hand_on_if_full()
    }

    /// Goes on with the content of a file.
    pub(super) fn content(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.extend_from_slice(bytes);
        self.hand_on_if_full()
    }

    /// Ends a file of this size.
    pub(super) fn end_of_file(&mut self, size: u64) -> io::Result<()> {
        write_padding(&mut self.out, size);
        self.hand_on_if_full()
    }

    /// Copies a tar that somebody else writes.
    pub(super) fn copy(&mut self, mut tar: impl Read) -> io::Result<()> {
        let mut piece = vec![0; PIECE];
        loop {
            let count = tar.read(&mut piece)?;
            if count == 0 {
                return Ok(());
            }
            self.content(&piece[..count])?;
        }
    }

    fn hand_on_if_full(&mut self) -> io::Result<()> {
        if self.out.len() < PIECE {
            return Ok(());
        }
        self.hand_on()
    }

    fn hand_on(&mut self) -> io::Result<()> {
        self.written = self.written.saturating_add(self.out.len() as u64);
        if self.written > self.limits.ratio_starts_at
            && self.written / self.stored.max(1) > self.limits.ratio
        {
            return Err(broken(format!(
                "it unpacks to more than {} times its size",
                self.limits.ratio
            )));
        }
        let piece = std::mem::take(&mut self.out);
        self.sender
            .send(Ok(piece))
            .map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

/// The tar that `write` makes, of what is in a file of this size.
pub(super) fn written_by(
    stored: u64,
    limits: Limits,
    write: impl FnOnce(&mut TarSink) -> io::Result<()> + Send + 'static,
) -> io::Result<WrittenTar> {
    let (sender, receiver) = bounded(WAITING);
    thread::Builder::new()
        .name("file system".to_owned())
        .spawn(move || {
            let mut sink = TarSink {
                out: Vec::new(),
                sender: sender.clone(),
                below: Vec::new(),
                limits,
                entries: 0,
                written: 0,
                stored,
            };
            let done = write(&mut sink).and_then(|()| {
                sink.out.extend_from_slice(&END);
                sink.hand_on()
            });
            // An empty piece is the end: without it, the thread came to grief.
            let _ = sender.send(done.map(|()| Vec::new()));
        })?;
    Ok(WrittenTar {
        receiver,
        piece: Vec::new(),
        taken: 0,
        has_ended: false,
    })
}

/// The end at which the tar is read.
#[derive(Debug)]
pub(super) struct WrittenTar {
    receiver: Receiver<io::Result<Vec<u8>>>,
    piece: Vec<u8>,
    taken: usize,
    has_ended: bool,
}

impl Read for WrittenTar {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        while self.taken == self.piece.len() {
            if self.has_ended {
                return Ok(0);
            }
            let piece = self.receiver.recv();
            self.piece = piece.map_err(|_| broken("its file system can not be read"))??;
            self.taken = 0;
            self.has_ended = self.piece.is_empty();
        }
        let rest = &self.piece[self.taken..];
        let count = buffer.len().min(rest.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.taken += count;
        Ok(count)
    }
}
