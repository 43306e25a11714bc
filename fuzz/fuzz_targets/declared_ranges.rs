//! Ranges of versions as lockfiles and manifests write them: a range on the first line, a version on
//! the second. Reading either never fails otherwise than by saying that it can not be understood.

#![no_main]

use libfuzzer_sys::fuzz_target;
use linchpin_advisory::remedy::{Jump, allows};
use linchpin_model::Ecosystem;

fuzz_target!(|text: &str| {
    let Some((range, version)) = text.split_once('\n') else {
        return;
    };
    for ecosystem in Ecosystem::all() {
        let first = allows(ecosystem, range, version);
        assert_eq!(first, allows(ecosystem, range, version));
        let _ = Jump::between(ecosystem, range, version);
    }
});
