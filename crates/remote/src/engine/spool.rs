//! A temporary file that keeps an archive while it is read. It has no name, so nothing is left
//! over however the program ends.

use std::fs::File;
use std::io::{self, Read, Write};

/// A temporary file without a name.
#[derive(Debug)]
pub(super) struct Spool(File);

impl Spool {
    /// Keeps everything that comes, up to a cap.
    pub(super) fn fill(body: impl Read, most: u64) -> io::Result<Self> {
        let mut file = tempfile::tempfile()?;
        let count = io::copy(&mut body.take(most.saturating_add(1)), &mut file)?;
        if count > most {
            return Err(io::Error::other(format!(
                "it is larger than {most} bytes, and at most that many are read"
            )));
        }
        file.flush()?;
        Ok(Self(file))
    }

    pub(super) fn into_file(self) -> File {
        self.0
    }
}
