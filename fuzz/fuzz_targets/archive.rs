//! Archives of every form: the first byte chooses the name, and with it how the archive is read:
//! as a zip, ar, tar, cpio, rpm, compressed or not, and what is in them in turn.

#![no_main]

use libfuzzer_sys::fuzz_target;
use linchpin_fuzz::visiting::{file_ending, open_and_visit};

/// The endings of names that are read in ways of their own.
const ENDINGS: &[&str] = &[
    ".jar", ".zip", ".deb", ".gem", ".crate", ".apk", ".conda", ".rpm", ".cpio", ".tar.xz",
    ".tar.bz2", ".tar.lz4", ".ipk", "",
];

fuzz_target!(|bytes: &[u8]| {
    let Some((first, content)) = bytes.split_first() else {
        return;
    };
    let ending = ENDINGS[usize::from(*first) % ENDINGS.len()];
    let file = file_ending(ending, content);
    open_and_visit(&file.path().display().to_string());
});
