//! Rules that users write.

#![no_main]

use libfuzzer_sys::fuzz_target;
use linchpin_check::{Rules, examples};

fuzz_target!(|bytes: &[u8]| {
    let mut rules = Rules::default();
    if let Ok(text) = std::str::from_utf8(bytes)
        && rules.add("rule.yaml", text).is_ok()
    {
        for rule in rules.own() {
            let _ = examples::run(rule);
        }
    }
});
