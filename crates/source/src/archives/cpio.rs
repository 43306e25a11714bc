//! The members of a cpio archive in the form of SVR4 ("newc"), the payload of RPM packages and of
//! initial RAM disks. Format: cpio(5).

use std::io::{self, Read};

use crate::Limits;
use crate::layer::LayerError;

/// What every member begins with: without and with a checksum.
pub(super) const MAGICS: [&[u8; 6]; 2] = [b"070701", b"070702"];
const HEADER: usize = 110;
const LAST: &[u8] = b"TRAILER!!!";

/// A member of the archive. Its content follows in the stream.
#[derive(Debug)]
pub(super) struct CpioMember {
    pub(super) name: Vec<u8>,
    pub(super) mode: u32,
    pub(super) size: u64,
}

impl CpioMember {
    pub(super) fn is_file(&self) -> bool {
        self.mode & 0o170_000 == 0o100_000
    }
}

/// Reads the members of a cpio archive.
pub(super) struct CpioStream<R> {
    reader: R,
    left: u64,
    padding: u64,
    entries: u64,
    limits: Limits,
}

impl<R: Read> CpioStream<R> {
    pub(super) fn new(reader: R, limits: Limits) -> Self {
        Self {
            reader,
            left: 0,
            padding: 0,
            entries: 0,
            limits,
        }
    }

    /// The next member, or nothing at the end of the archive.
    pub(super) fn next_member(&mut self) -> Result<Option<CpioMember>, LayerError> {
        self.pass(self.left + self.padding)?;
        (self.left, self.padding) = (0, 0);
        let mut header = [0; HEADER];
        self.reader
            .read_exact(&mut header)
            .map_err(|error| cut_off(error, "a header"))?;
        if !MAGICS.iter().any(|magic| header.starts_with(*magic)) {
            return Err(bad("a member has no magic"));
        }
        self.entries += 1;
        if self.entries > self.limits.entries {
            return Err(LayerError::TooManyEntries {
                most: self.limits.entries,
            });
        }
        let field = |index: usize| {
            let start = 6 + index * 8;
            header
                .get(start..start + 8)
                .and_then(|digits| std::str::from_utf8(digits).ok())
                .and_then(|digits| u32::from_str_radix(digits, 16).ok())
                .ok_or_else(|| bad("a number of a header is none"))
        };
        let (mode, size, name_length) = (field(1)?, u64::from(field(6)?), field(11)?);
        if name_length as usize > self.limits.path_bytes {
            return Err(bad("a name is too long"));
        }
        let mut name = vec![0; name_length as usize];
        self.reader
            .read_exact(&mut name)
            .map_err(|error| cut_off(error, "a name"))?;
        while name.last() == Some(&0) {
            name.pop();
        }
        let header_length = HEADER as u64 + u64::from(name_length);
        self.pass(header_length.next_multiple_of(4) - header_length)?;
        if name == LAST {
            return Ok(None);
        }
        self.left = size;
        self.padding = size.next_multiple_of(4) - size;
        Ok(Some(CpioMember { name, mode, size }))
    }

    fn pass(&mut self, count: u64) -> Result<(), LayerError> {
        let passed = io::copy(&mut (&mut self.reader).take(count), &mut io::sink())
            .map_err(LayerError::Unreadable)?;
        if passed < count {
            return Err(LayerError::Truncated {
                what: "a file".to_owned(),
            });
        }
        Ok(())
    }
}

/// Reads the content of the member that was last given.
impl<R: Read> Read for CpioStream<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let wanted = usize::try_from(self.left).map_or(buffer.len(), |left| left.min(buffer.len()));
        let count = self.reader.read(&mut buffer[..wanted])?;
        self.left -= count as u64;
        Ok(count)
    }
}

fn bad(reason: &str) -> LayerError {
    LayerError::BadArchive {
        form: "cpio",
        reason: reason.to_owned(),
    }
}

fn cut_off(error: io::Error, what: &str) -> LayerError {
    if error.kind() == io::ErrorKind::UnexpectedEof {
        LayerError::Truncated {
            what: what.to_owned(),
        }
    } else {
        LayerError::Unreadable(error)
    }
}
