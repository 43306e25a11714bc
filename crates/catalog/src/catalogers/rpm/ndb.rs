//! `Packages.db`, the database that SUSE's distributions use: pages of slots, each of which says
//! where the blob of a package lies:
//! <https://github.com/rpm-software-management/rpm/blob/master/lib/backend/ndb/rpmpkg.c>.

use crate::documents::binary::{bytes_at, u32_le};

const MAGIC: &[u8] = b"RpmP";
const SLOT_MAGIC: &[u8] = b"Slot";
const BLOB_MAGIC: &[u8] = b"BlbS";

const PAGE: usize = 4096;
const SLOT: usize = 16;
/// Blobs start and end at multiples of this.
const BLOCK: usize = 16;
/// The header takes the place of the first two slots.
const HEADER_SLOTS: usize = 2;

/// Gives every header of the database. After an error those so far stand.
pub(super) fn headers(content: &[u8], mut each: impl FnMut(&[u8])) -> Result<(), String> {
    if !content.starts_with(MAGIC) {
        return Err("is no package database of rpm".to_owned());
    }
    match u32_le(content, 4) {
        Some(0) => {}
        Some(version) => {
            return Err(format!(
                "is a package database of unknown version {version}"
            ));
        }
        None => return Err("is cut off".to_owned()),
    }
    let pages = u32_le(content, 12).unwrap_or_default() as usize;
    let slots = content
        .get(..pages.saturating_mul(PAGE).min(content.len()))
        .unwrap_or_default()
        .chunks_exact(SLOT)
        .skip(HEADER_SLOTS);
    let mut problem = None;
    // How much all blobs have together; shared ones would be read again and again.
    let mut budget = content.len();
    for slot in slots {
        if !slot.starts_with(SLOT_MAGIC) {
            problem = Some("a slot of the database is damaged".to_owned());
            continue;
        }
        let (package, offset) = (u32_le(slot, 4), u32_le(slot, 8));
        if matches!(offset, None | Some(0)) {
            continue;
        }
        match blob(content, package, offset.unwrap_or_default(), &mut budget) {
            Some(header) => each(header),
            None => problem = Some("a package of the database can not be read".to_owned()),
        }
    }
    problem.map_or(Ok(()), Err)
}

fn blob<'a>(
    content: &'a [u8],
    package: Option<u32>,
    offset: u32,
    budget: &mut usize,
) -> Option<&'a [u8]> {
    let start = (offset as usize).checked_mul(BLOCK)?;
    let head = bytes_at(content, start, 16)?;
    if !head.starts_with(BLOB_MAGIC) || u32_le(head, 4) != package {
        return None;
    }
    let length = u32_le(head, 12)? as usize;
    *budget = budget.checked_sub(length)?;
    bytes_at(content, start.checked_add(16)?, length)
}
