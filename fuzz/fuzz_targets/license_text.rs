//! Licences told by any text.

#![no_main]

use libfuzzer_sys::fuzz_target;
use linchpin_catalog::license_of_text;

fuzz_target!(|text: &str| {
    let _ = license_of_text(text);
});
