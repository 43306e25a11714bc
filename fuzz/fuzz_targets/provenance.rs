//! Provenance of anybody: read in both versions.

#![no_main]

use libfuzzer_sys::fuzz_target;
use linchpin_trust::Provenance;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    for read in [Provenance::read_v1(text), Provenance::read_v0_2(text)] {
        if let Ok(read) = read {
            assert!(read.parameters.iter().all(|(_, value)| !value.is_empty()));
        }
    }
});
