//! What SBOM documents say of exploitability: read, turned into statements, and weighed.

#![no_main]

use libfuzzer_sys::fuzz_target;
use linchpin_fuzz::exploitability::weigh_all;
use linchpin_sbom::document::VexScope;
use linchpin_sbom::formats;

fuzz_target!(|bytes: &[u8]| {
    if let Ok((_, document)) = formats::read(bytes) {
        let beside = document.to_vex("fuzz", VexScope::Beside);
        let target = document.to_vex("fuzz", VexScope::Target);
        assert!(beside.statements.len() <= target.statements.len() + beside.statements.len());
        weigh_all(&[], &[beside, target]);
    }
});
