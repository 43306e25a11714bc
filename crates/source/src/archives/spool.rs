//! Bytes that come as a stream and are needed at any place: small ones are kept in memory, large
//! ones in a file that has no name and is gone when the program ends, however it ends.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use super::bytes::{Bytes, FileBytes};

/// Bytes that are kept in memory.
const IN_MEMORY: u64 = 16 << 20;

/// Reads a stream to its end. Gives nothing if it is longer than `most`.
pub(crate) fn spool(
    reader: &mut dyn Read,
    most: u64,
    folder: Option<&Path>,
) -> io::Result<Option<Box<dyn Bytes>>> {
    let mut memory = Vec::new();
    let limit = IN_MEMORY.min(most);
    reader
        .take(limit.saturating_add(1))
        .read_to_end(&mut memory)?;
    if memory.len() as u64 <= limit {
        return Ok(Some(Box::new(memory)));
    }
    if limit == most {
        return Ok(None);
    }
    let mut file = unnamed_file(folder)?;
    file.write_all(&memory)?;
    let so_far = memory.len() as u64;
    drop(memory);
    let more = io::copy(
        &mut reader.take((most - so_far).saturating_add(1)),
        &mut file,
    )?;
    let size = so_far + more;
    Ok((size <= most).then(|| Box::new(FileBytes { file, size }) as Box<dyn Bytes>))
}

/// Writes a stream to a file without a name; gives its length too. Gives nothing if it is longer
/// than `most`.
pub(crate) fn spool_file(
    reader: &mut dyn Read,
    most: u64,
    folder: Option<&Path>,
) -> io::Result<Option<(File, u64)>> {
    let mut file = unnamed_file(folder)?;
    let size = io::copy(&mut reader.take(most.saturating_add(1)), &mut file)?;
    Ok((size <= most).then_some((file, size)))
}

/// A file without a name, in this folder or in the system's own for such files.
pub(crate) fn unnamed_file(folder: Option<&Path>) -> io::Result<File> {
    match folder {
        Some(folder) => tempfile::tempfile_in(folder),
        None => tempfile::tempfile(),
    }
}
