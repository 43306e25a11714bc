//! OSV records, one on a line: condensed, compiled, written, opened, asked and matched.

#![no_main]

use libfuzzer_sys::fuzz_target;
use linchpin_fuzz::advisories::{MemoryBucket, ask, compile, open};

fuzz_target!(|bytes: &[u8]| {
    let records: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').take(20).collect();
    let bucket = MemoryBucket::Records(records.iter().map(|record| record.to_vec()).collect());
    if let Some(database) = compile(&bucket) {
        ask(&open(database), &records);
    }
});
