//! A feed's `all.zip`, imported and opened.

#![no_main]

use libfuzzer_sys::fuzz_target;
use linchpin_fuzz::advisories::{MemoryBucket, ask, compile, open};

fuzz_target!(|bytes: &[u8]| {
    if let Some(database) = compile(&MemoryBucket::Archive(bytes.to_vec())) {
        ask(&open(database), &[]);
    }
});
