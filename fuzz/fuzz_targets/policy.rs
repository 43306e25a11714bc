//! Policies of anybody, with their cases: read, and asked about statements that anybody wrote.

#![no_main]

use libfuzzer_sys::fuzz_target;
use linchpin_policy::{Readers, SbomFacts, read, run_cases};

const READERS: Readers<'static> = Readers {
    sbom: &|bytes, _| match bytes.len() {
        0..10 => Err("it is too short".to_owned()),
        _ => Ok(SbomFacts::default()),
    },
    vex: &|bytes| linchpin_advisory::read_vex(bytes, "fuzz").map_err(|error| error.to_string()),
};

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    match read("policy.yaml", text, &|_| Err("no file".to_owned())) {
        Ok(policy) => {
            let rules = policy.rules.len();
            for outcome in run_cases(policy, READERS) {
                let verdict = outcome.verdict;
                assert_eq!(verdict.rules.len() + verdict.left_out, rules);
            }
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
