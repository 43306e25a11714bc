//! A file that is a disk of a machine or a file system of ext4, opened and read with small limits.
//! The first byte says which magic the content begins or ends with, so that the fuzzer need not
//! find it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use linchpin_fuzz::visiting::{file_with, open_and_visit};

/// Magics and their places; the last is counted from the end.
const MAGICS: [(usize, &[u8]); 6] = [
    (0x438, b"\x53\xef"),
    (0, b"QFI\xfb\0\0\0\x03"),
    (0, b"KDMV\x01\0\0\0"),
    (64, b"\x7f\x10\xda\xbe\x01\0\x01\0"),
    (510, b"\x55\xaa"),
    (512, b"EFI PART"),
];

fuzz_target!(|bytes: &[u8]| {
    let [choice, content @ ..] = bytes else { return };
    let mut content = content.to_vec();
    let choice = usize::from(*choice) % (MAGICS.len() + 1);
    let (place, magic) = match MAGICS.get(choice) {
        Some((place, magic)) => (*place, *magic),
        // VHD has its header at the end.
        None => (content.len().saturating_sub(512), &b"conectix"[..]),
    };
    if let Some(start) = content.get_mut(place..place + magic.len()) {
        start.copy_from_slice(magic);
    }
    let file = file_with(&content);
    open_and_visit(&file.path().display().to_string());
});
