//! Scores of CVSS vectors: never above ten.

#![no_main]

use libfuzzer_sys::fuzz_target;
use linchpin_advisory::cvss::base_score;

fuzz_target!(|text: &str| {
    if let Ok(score) = base_score(text) {
        assert!(score.tenths <= 100, "{text}: {score:?}");
        assert!(!score.version.label().is_empty());
    }
});
