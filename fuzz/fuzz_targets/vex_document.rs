//! OpenVEX and CSAF: read, and weighed against findings that they may be about.

#![no_main]

use libfuzzer_sys::fuzz_target;
use linchpin_advisory::read_vex;
use linchpin_fuzz::exploitability::weigh_all;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(document) = read_vex(bytes, "fuzz") {
        weigh_all(&[], &[document]);
    }
});
