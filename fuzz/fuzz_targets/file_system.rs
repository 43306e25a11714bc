//! A file that is a squashfs or an image of Singularity, opened and read with small limits. The
//! first byte says which magic the content begins with, so that the fuzzer need not find it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use linchpin_fuzz::visiting::{file_with, open_and_visit};

fuzz_target!(|bytes: &[u8]| {
    let [flags, content @ ..] = bytes else { return };
    let mut content = content.to_vec();
    let (place, magic): (usize, &[u8]) = match flags & 1 {
        0 => (0, b"hsqs"),
        _ => (32, b"SIF_MAGIC\0"),
    };
    if let Some(start) = content.get_mut(place..place + magic.len()) {
        start.copy_from_slice(magic);
    }
    let file = file_with(&content);
    open_and_visit(&file.path().display().to_string());
});
