//! The members of a tar archive, one after another.
//!
//! Headers and extended headers are understood by the `tar` crate; the loop over them is our own,
//! because the crate reads the names in GNU and pax records whole, however large an attacker made
//! them. Format: POSIX.1-2001 pax, <https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html>.

use std::io::{self, Read};

use tar::{EntryType, Header, PaxExtensions};

use super::chunks::Skip;
use super::layer_error::LayerError;
use crate::Limits;

const BLOCK: u64 = 512;
/// Largest extended header that is read: names and attributes, never content.
const MOST_EXTENDED: u64 = 1 << 20;

/// What sort of thing a member is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum MemberKind {
    File,
    Directory,
    SymbolicLink(Vec<u8>),
    HardLink(Vec<u8>),
    /// A file with holes, stored in a form of its own that is not read.
    Sparse,
    /// Devices, pipes and the like.
    Other,
}

/// A member of the archive. Its content follows in the stream.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) path: Vec<u8>,
    pub(crate) kind: MemberKind,
    pub(crate) mode: u32,
    pub(crate) size: u64,
    /// Where its content begins in the stream.
    pub(crate) offset: u64,
}

/// Reads the members of a tar archive.
#[derive(Debug)]
pub(crate) struct TarStream<R> {
    reader: R,
    position: u64,
    /// Bytes of the current member's content that were not read yet, and its padding.
    left: u64,
    padding: u64,
    entries: u64,
    limits: Limits,
}

#[derive(Default)]
struct Extended {
    path: Option<Vec<u8>>,
    link: Option<Vec<u8>>,
    size: Option<u64>,
    sparse: bool,
}

impl<R: Skip> TarStream<R> {
    pub(crate) fn new(reader: R, limits: Limits) -> Self {
        Self {
            reader,
            position: 0,
            left: 0,
            padding: 0,
            entries: 0,
            limits,
        }
    }

    /// The next member, or nothing at the end of the archive.
    pub(crate) fn next_member(&mut self) -> Result<Option<Member>, LayerError> {
        let mut extended = Extended::default();
        loop {
            self.pass_content()?;
            let Some(header) = self.read_header()? else {
                return Ok(None);
            };
            self.entries += 1;
            if self.entries > self.limits.entries {
                return Err(LayerError::TooManyEntries {
                    most: self.limits.entries,
                });
            }
            let stated = header
                .entry_size()
                .map_err(|_| self.bad("no readable size"))?;
            let entry_type = header.entry_type();
            match entry_type {
                EntryType::XGlobalHeader => self.begin_content(stated)?,
                EntryType::XHeader => {
                    let records = self.read_extended(stated)?;
                    read_pax(&records, &mut extended).map_err(|reason| self.bad(reason))?;
                }
                EntryType::GNULongName => {
                    extended.path = Some(until_zero(self.read_extended(stated)?));
                }
                EntryType::GNULongLink => {
                    extended.link = Some(until_zero(self.read_extended(stated)?));
                }
                _ => return self.member(&header, entry_type, stated, extended).map(Some),
            }
        }
    }

    /// The content of the member that was last given. Its size must have been checked before.
    pub(crate) fn read_content(&mut self, into: &mut Vec<u8>) -> Result<(), LayerError> {
        into.clear();
        self.append(self.left, into)
    }

    fn append(&mut self, wanted: u64, into: &mut Vec<u8>) -> Result<(), LayerError> {
        let mut left = wanted;
        while left > 0 {
            // No more is set aside than arrives: the header's word is not taken for it. What is set
            // aside doubles, but never beyond what is wanted.
            let step = left.min((into.len() as u64).max(1 << 20));
            into.reserve_exact(usize::try_from(step).unwrap_or(0));
            let count = (&mut self.reader)
                .take(step)
                .read_to_end(into)
                .map_err(LayerError::Unreadable)? as u64;
            self.position += count;
            self.left -= count;
            left -= count;
            if count < step {
                return Err(LayerError::Truncated {
                    what: "a file".to_owned(),
                });
            }
        }
        Ok(())
    }

    /// Reads on in the content of the member that was last given, until `into` holds this many
    /// bytes or all that there are. What it holds at first must be what was read before.
    pub(crate) fn read_up_to(&mut self, length: u64, into: &mut Vec<u8>) -> Result<(), LayerError> {
        let wanted = length.saturating_sub(into.len() as u64).min(self.left);
        self.append(wanted, into)
    }

    /// Lets what is left of the content pass by, piece by piece.
    pub(crate) fn pass(&mut self, mut look_at: impl FnMut(&[u8])) -> Result<(), LayerError> {
        let mut buffer = vec![0; 128 << 10];
        while self.left > 0 {
            let count = self.read(&mut buffer).map_err(truncated_file)?;
            look_at(&buffer[..count]);
        }
        Ok(())
    }

    /// Reads on to the end of the stream, past the archive's own end.
    pub(crate) fn finish(mut self) -> Result<(), LayerError> {
        self.reader
            .skip(u64::MAX >> 1)
            .map(|_| ())
            .map_err(LayerError::Unreadable)
    }

    fn member(
        &mut self,
        header: &Header,
        entry_type: EntryType,
        stated: u64,
        extended: Extended,
    ) -> Result<Member, LayerError> {
        let path = extended
            .path
            .unwrap_or_else(|| header.path_bytes().into_owned());
        if path.len() > self.limits.path_bytes {
            return Err(self.bad(format!("a path of over {} bytes", self.limits.path_bytes)));
        }
        let link = || {
            let link = extended
                .link
                .or_else(|| header.link_name_bytes().map(std::borrow::Cow::into_owned));
            link.filter(|link| link.len() <= self.limits.path_bytes)
                .unwrap_or_default()
        };
        let kind = match entry_type {
            EntryType::GNUSparse => MemberKind::Sparse,
            _ if extended.sparse => MemberKind::Sparse,
            EntryType::Regular | EntryType::Continuous => {
                // Old archives mark a folder by a slash at the end of its name.
                if path.ends_with(b"/") {
                    MemberKind::Directory
                } else {
                    MemberKind::File
                }
            }
            EntryType::Directory => MemberKind::Directory,
            EntryType::Symlink => MemberKind::SymbolicLink(link()),
            EntryType::Link => MemberKind::HardLink(link()),
            _ => MemberKind::Other,
        };
        let size = match kind {
            MemberKind::File | MemberKind::Sparse | MemberKind::Other => {
                extended.size.unwrap_or(stated)
            }
            // Some writers state the size of a link's target; no content follows.
            _ => 0,
        };
        let mode = header.mode().unwrap_or(0o644);
        if entry_type == EntryType::GNUSparse {
            self.pass_sparse_map(header)?;
        }
        self.begin_content(size)?;
        Ok(Member {
            path,
            kind,
            mode,
            size,
            offset: self.position,
        })
    }

    /// The old GNU form continues the list of holes in blocks between header and content.
    fn pass_sparse_map(&mut self, header: &Header) -> Result<(), LayerError> {
        const GOES_ON_IN_HEADER: usize = 482;
        const GOES_ON_IN_BLOCK: usize = 504;
        let mut goes_on = header.as_bytes()[GOES_ON_IN_HEADER] != 0;
        while goes_on {
            let mut block = [0; BLOCK as usize];
            self.reader
                .read_exact(&mut block)
                .map_err(|_| LayerError::Truncated {
                    what: "the map of a sparse file".to_owned(),
                })?;
            self.position += BLOCK;
            goes_on = block[GOES_ON_IN_BLOCK] != 0;
        }
        Ok(())
    }

    fn begin_content(&mut self, size: u64) -> Result<(), LayerError> {
        if size > self.limits.unpacked_bytes {
            return Err(LayerError::TooLarge {
                most: self.limits.unpacked_bytes,
            });
        }
        self.left = size;
        self.padding = (BLOCK - size % BLOCK) % BLOCK;
        Ok(())
    }

    fn pass_content(&mut self) -> Result<(), LayerError> {
        let wanted = self.left + self.padding;
        if wanted > 0 {
            let passed = self.reader.skip(wanted).map_err(LayerError::Unreadable)?;
            self.position += passed;
            // Some writers, umoci among them, leave out the padding after the very last file.
            if passed < self.left {
                return Err(LayerError::Truncated {
                    what: "a file".to_owned(),
                });
            }
        }
        self.left = 0;
        self.padding = 0;
        Ok(())
    }

    /// The next header; nothing at a block of zeros or at the end of the stream.
    fn read_header(&mut self) -> Result<Option<Header>, LayerError> {
        let mut header = Header::new_old();
        let block = header.as_mut_bytes();
        let mut count = 0;
        while count < block.len() {
            match self.reader.read(&mut block[count..]) {
                Ok(0) => break,
                Ok(more) => count += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(LayerError::Unreadable(error)),
            }
        }
        if count == 0 && self.entries > 0 {
            return Ok(None);
        }
        if count < block.len() {
            return Err(LayerError::Truncated {
                what: "a header".to_owned(),
            });
        }
        self.position += BLOCK;
        if block.iter().all(|byte| *byte == 0) {
            return Ok(None);
        }
        let sum: u32 = block[..148]
            .iter()
            .chain(&block[156..])
            .map(|byte| u32::from(*byte))
            .sum::<u32>()
            + 8 * 32;
        if header.cksum().ok() != Some(sum) {
            return Err(self.bad("a wrong checksum"));
        }
        Ok(Some(header))
    }

    fn read_extended(&mut self, size: u64) -> Result<Vec<u8>, LayerError> {
        if size > MOST_EXTENDED {
            return Err(self.bad(format!(
                "a name or attributes of over {MOST_EXTENDED} bytes"
            )));
        }
        self.begin_content(size)?;
        let mut content = Vec::new();
        self.read_content(&mut content)?;
        Ok(content)
    }

    fn bad(&self, reason: impl Into<String>) -> LayerError {
        LayerError::BadHeader {
            reason: reason.into(),
            offset: self.position.saturating_sub(BLOCK),
        }
    }
}

/// Reads the content of the member that was last given.
impl<R: Read> Read for TarStream<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let wanted = usize::try_from(self.left).map_or(buffer.len(), |left| left.min(buffer.len()));
        if wanted == 0 {
            return Ok(0);
        }
        let count = self.reader.read(&mut buffer[..wanted])?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.position += count as u64;
        self.left -= count as u64;
        Ok(count)
    }
}

/// What it means that a member's content can not be read.
pub(super) fn truncated_file(error: io::Error) -> LayerError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => LayerError::Truncated {
            what: "a file".to_owned(),
        },
        _ => LayerError::Unreadable(error),
    }
}

fn until_zero(mut name: Vec<u8>) -> Vec<u8> {
    if let Some(end) = name.iter().position(|byte| *byte == 0) {
        name.truncate(end);
    }
    name
}

fn read_pax(records: &[u8], extended: &mut Extended) -> Result<(), &'static str> {
    for record in PaxExtensions::new(records) {
        let record = record.map_err(|_| "an unreadable attribute")?;
        match record.key_bytes() {
            b"path" => extended.path = Some(record.value_bytes().to_vec()),
            b"linkpath" => extended.link = Some(record.value_bytes().to_vec()),
            b"size" => {
                let size = record.value().ok().and_then(|value| value.parse().ok());
                extended.size = Some(size.ok_or("an unreadable size attribute")?);
            }
            b"GNU.sparse.map" | b"GNU.sparse.major" => extended.sparse = true,
            _ => {}
        }
    }
    Ok(())
}

/// Whether these are the first bytes of a tar: the magic of POSIX and GNU archives, or a header
/// of the old form with a right checksum.
pub(crate) fn looks_like_tar(start: &[u8]) -> bool {
    let Ok(block) = <&[u8; 512]>::try_from(start) else {
        return false;
    };
    if &block[257..262] == b"ustar" {
        return true;
    }
    let sum: u32 = block[..148]
        .iter()
        .chain(&block[156..])
        .map(|byte| u32::from(*byte))
        .sum::<u32>()
        + 8 * 32;
    let mut header = tar::Header::new_old();
    header.as_mut_bytes().copy_from_slice(block);
    block[0] != 0 && header.cksum().ok() == Some(sum)
}
