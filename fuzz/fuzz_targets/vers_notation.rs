//! Ranges in the notation `vers`: read, and asked for versions, some of them their own.

#![no_main]

use libfuzzer_sys::fuzz_target;
use linchpin_advisory::VersionRange;

fuzz_target!(|text: &str| {
    let Ok(range) = text.parse::<VersionRange>() else {
        return;
    };
    assert_eq!(range.to_string(), text);
    for part in text.split(['/', '|', '<', '>', '=', '!']) {
        let _ = range.holds(part);
    }
    let _ = range.holds("1.0.0");
});
