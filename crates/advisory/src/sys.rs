//! The only unsafe code of this crate: mapping the database into memory.
#![expect(
    unsafe_code,
    reason = "mapping a file is unsafe by nature; see the safety comment"
)]

use std::fs::File;
use std::io;

use memmap2::Mmap;

/// Maps a file read-only.
pub(crate) fn map(file: &File) -> io::Result<Mmap> {
    // SAFETY: a mapping is sound as long as nobody changes the bytes beneath it. Linchpin never
    // writes into a database: a new one is written beside it and takes its place by a rename,
    // which leaves the mapped file as it was. Whoever may overwrite the user's files in place can
    // crash the program; every checksum is taken from the mapped bytes at the time of use, and no
    // decoder relies on bytes staying the same for its memory safety beyond what this says.
    unsafe { Mmap::map(file) }
}
