//! Where the payload of an RPM package begins. Its header, which says what the package is, is
//! another room's matter. Format: <https://rpm-software-management.github.io/rpm/manual/format.html>.

use super::bytes::{Bytes, read_exactly};
use crate::layer::LayerError;

/// What every package begins with.
pub(super) const MAGIC: &[u8] = &[0xed, 0xab, 0xee, 0xdb];
const LEAD: u64 = 96;
const HEADER_MAGIC: [u8; 3] = [0x8e, 0xad, 0xe8];

/// The place of the first byte after the two headers.
pub(super) fn payload_start(bytes: &dyn Bytes) -> Result<u64, LayerError> {
    let signature_end = header_end(bytes, LEAD)?;
    // The signature is padded, the header after it is not.
    let header = signature_end.next_multiple_of(8);
    let end = header_end(bytes, header)?;
    if end > bytes.size() {
        return Err(LayerError::Truncated {
            what: "its header".to_owned(),
        });
    }
    Ok(end)
}

fn header_end(bytes: &dyn Bytes, start: u64) -> Result<u64, LayerError> {
    let bad = |reason: &str| LayerError::BadArchive {
        form: "rpm",
        reason: reason.to_owned(),
    };
    let intro: [u8; 16] =
        read_exactly(bytes, start).map_err(|_| bad("it ends before its header"))?;
    if intro[..3] != HEADER_MAGIC {
        return Err(bad("its header has no magic"));
    }
    let number = |at: usize| {
        u64::from(u32::from_be_bytes([
            intro[at],
            intro[at + 1],
            intro[at + 2],
            intro[at + 3],
        ]))
    };
    // Two numbers of 32 bits: no overflow.
    Ok(start + 16 + number(8) * 16 + number(12))
}
