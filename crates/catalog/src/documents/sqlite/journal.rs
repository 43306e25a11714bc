//! The write-ahead log, where transactions stand that were not yet copied into the file:
//! <https://www.sqlite.org/fileformat2.html#the_write_ahead_log>.

use std::collections::HashMap;

use crate::documents::binary::{bytes_at, u32_be};

const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

/// The newest state of each page that committed transactions have written; empty if the log is
/// none, or not of this database. What follows a frame with a wrong checksum is left over from
/// earlier, as it is for SQLite.
pub(super) fn committed_pages(log: &[u8], page_size: usize) -> HashMap<u32, &[u8]> {
    read(log, page_size).unwrap_or_default()
}

fn read(log: &[u8], page_size: usize) -> Option<HashMap<u32, &[u8]>> {
    let mut committed = HashMap::new();
    let order = match u32_be(log, 0)? {
        0x377f_0682 => u32::from_le_bytes,
        0x377f_0683 => u32::from_be_bytes,
        _ => return None,
    };
    if usize::try_from(u32_be(log, 8)?).ok()? != page_size {
        return None;
    }
    let salts = bytes_at(log, 16, 8)?;
    let mut sum = Checksum {
        order,
        words: (0, 0),
    };
    sum.add(bytes_at(log, 0, 24)?);
    if !sum.is(bytes_at(log, 24, 8)?) {
        return None;
    }
    let mut open: Vec<(u32, &[u8])> = Vec::new();
    let frames = log.get(HEADER..)?.chunks_exact(FRAME_HEADER + page_size);
    for frame in frames {
        let (header, page) = frame.split_at(FRAME_HEADER);
        if header.get(8..16) != Some(salts) {
            break;
        }
        sum.add(header.get(..8)?);
        sum.add(page);
        if !sum.is(header.get(16..24)?) {
            break;
        }
        open.push((u32_be(header, 0)?, page));
        // The size of the database after a transaction; nothing in a frame that ends none.
        let pages = u32_be(header, 4)?;
        if pages > 0 {
            committed.extend(open.drain(..));
            committed.retain(|&number, _| number <= pages);
        }
    }
    Some(committed)
}

struct Checksum {
    order: fn([u8; 4]) -> u32,
    words: (u32, u32),
}

impl Checksum {
    fn add(&mut self, bytes: &[u8]) {
        let (mut first, mut second) = self.words;
        for pair in bytes.chunks_exact(8) {
            if let [a, b, c, d, e, f, g, h] = *pair {
                first = first
                    .wrapping_add((self.order)([a, b, c, d]))
                    .wrapping_add(second);
                second = second
                    .wrapping_add((self.order)([e, f, g, h]))
                    .wrapping_add(first);
            }
        }
        self.words = (first, second);
    }

    fn is(&self, stored: &[u8]) -> bool {
        u32_be(stored, 0) == Some(self.words.0) && u32_be(stored, 4) == Some(self.words.1)
    }
}
