//! Makes the checksums of a tar's headers right, so that mutations come past them.

const BLOCK: usize = 512;

/// Walks the headers as far as their sizes lead, and writes the checksum of each.
pub fn repair(tar: &mut [u8]) {
    let mut at = 0;
    while let Some(block) = tar.get_mut(at..at + BLOCK) {
        if block.iter().all(|byte| *byte == 0) {
            at += BLOCK;
            continue;
        }
        block[148..156].fill(b' ');
        let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
        block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        let size = std::str::from_utf8(&block[124..136])
            .ok()
            .map(|text| text.trim_matches([' ', '\0']))
            .and_then(|text| usize::from_str_radix(text, 8).ok())
            .unwrap_or(0);
        let Some(next) = size
            .checked_next_multiple_of(BLOCK)
            .and_then(|size| at.checked_add(BLOCK)?.checked_add(size))
        else {
            return;
        };
        at = next;
    }
}
