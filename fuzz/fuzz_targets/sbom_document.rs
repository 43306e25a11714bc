//! An SBOM document of any format: read, checked, made an inventory, and written in every format.

#![no_main]

use libfuzzer_sys::fuzz_target;
use linchpin_sbom::validation::validate;
use linchpin_sbom::{SbomOptions, formats};

fuzz_target!(|bytes: &[u8]| {
    let _ = validate(bytes);
    let Ok((_, document)) = formats::read(bytes) else {
        return;
    };
    let _ = document.to_inventory("bom");
    let options = SbomOptions {
        tool_version: "0",
        timestamp: None,
    };
    for word in formats::writable() {
        if let Some(choice) = formats::choose(word) {
            let mut out = Vec::new();
            let _ = choice.write_document(&document, &options, &mut out);
        }
    }
});
