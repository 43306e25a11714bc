//! Headers of a tar for the entries of a file system.

use tar::{EntryType, Header};

const BLOCK: usize = 512;
/// Longest name that a header itself holds.
const SHORT: usize = 100;

/// What a header is for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Entry<'a> {
    File {
        size: u64,
    },
    /// A file that is too large for any reader: the reader is told so, without its content.
    TooLarge,
    Directory,
    SymbolicLink(&'a [u8]),
    Other,
}

/// Adds the header of an entry, with those for a long name before it.
pub(super) fn write_header(out: &mut Vec<u8>, path: &[u8], mode: u16, entry: Entry<'_>) {
    let (kind, size, link): (_, _, &[u8]) = match entry {
        Entry::File { size } => (EntryType::Regular, size, b""),
        Entry::TooLarge => (EntryType::GNUSparse, 0, b""),
        Entry::Directory => (EntryType::Directory, 0, b""),
        Entry::SymbolicLink(target) => (EntryType::Symlink, 0, target),
        Entry::Other => (EntryType::Fifo, 0, b""),
    };
    write_long(out, EntryType::GNULongName, path);
    write_long(out, EntryType::GNULongLink, link);
    let mut header = Header::new_gnu();
    let fields = header.as_old_mut();
    copy(&mut fields.name, path);
    copy(&mut fields.linkname, link);
    header.set_mode(u32::from(mode & 0o7777));
    header.set_size(size);
    header.set_entry_type(kind);
    header.set_cksum();
    out.extend_from_slice(header.as_bytes());
}

/// Fills up to the next block after so many bytes of content.
pub(super) fn write_padding(out: &mut Vec<u8>, size: u64) {
    let over = (size % BLOCK as u64) as usize;
    if over > 0 {
        out.resize(out.len() + BLOCK - over, 0);
    }
}

/// What ends a tar.
pub(super) const END: [u8; 2 * BLOCK] = [0; 2 * BLOCK];

fn write_long(out: &mut Vec<u8>, kind: EntryType, name: &[u8]) {
    if name.len() <= SHORT {
        return;
    }
    let mut header = Header::new_gnu();
    copy(&mut header.as_old_mut().name, b"././@LongLink");
    header.set_size(name.len() as u64);
    header.set_entry_type(kind);
    header.set_cksum();
    out.extend_from_slice(header.as_bytes());
    out.extend_from_slice(name);
    write_padding(out, name.len() as u64);
}

fn copy(field: &mut [u8; SHORT], text: &[u8]) {
    let count = text.len().min(SHORT);
    field[..count].copy_from_slice(&text[..count]);
}
