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
    // which leaves the mapped file as it was. Whoever else may write into the user's database in
    // place while a scan runs could as well replace the program.
    unsafe { Mmap::map(file) }
}
