//! The members of an ar archive, the outer form of Debian's packages. Format: ar(5); long names
//! do not occur in packages, and are not looked up.

use std::io;

use super::bytes::{Bytes, read_exactly};
use crate::layer::LayerError;

/// What every ar archive begins with.
pub(super) const MAGIC: &[u8] = b"!<arch>\n";
const HEADER: u64 = 60;
/// Most members of a package; real ones have three or four.
const MOST_MEMBERS: usize = 1000;

/// A member, and where it lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ArMember {
    pub(super) name: String,
    pub(super) start: u64,
    pub(super) size: u64,
}

/// The members in order.
pub(super) fn members(bytes: &dyn Bytes) -> Result<Vec<ArMember>, LayerError> {
    let bad = |reason: &str| LayerError::BadArchive {
        form: "ar",
        reason: reason.to_owned(),
    };
    let mut members = Vec::new();
    let mut position = MAGIC.len() as u64;
    while position < bytes.size() {
        if members.len() == MOST_MEMBERS {
            return Err(LayerError::TooManyEntries {
                most: MOST_MEMBERS as u64,
            });
        }
        let header: [u8; HEADER as usize] =
            read_exactly(bytes, position).map_err(|error| match error.kind() {
                io::ErrorKind::UnexpectedEof => LayerError::Truncated {
                    what: "a header".to_owned(),
                },
                _ => LayerError::Unreadable(error),
            })?;
        if &header[58..] != b"`\n" {
            return Err(bad("a header without its ending"));
        }
        let text = |range: std::ops::Range<usize>| {
            String::from_utf8_lossy(&header[range]).trim().to_owned()
        };
        let size: u64 = text(48..58)
            .parse()
            .map_err(|_| bad("a member without a readable size"))?;
        let start = position + HEADER;
        let end = start
            .checked_add(size)
            .ok_or_else(|| bad("a huge member"))?;
        if end > bytes.size() {
            return Err(LayerError::Truncated {
                what: format!("`{}`", text(0..16)),
            });
        }
        members.push(ArMember {
            name: text(0..16).trim_end_matches('/').to_owned(),
            start,
            size,
        });
        // Members begin at even places.
        position = end + size % 2;
    }
    Ok(members)
}
