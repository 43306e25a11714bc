//! Services in any text, as files of several languages.

#![no_main]

use libfuzzer_sys::fuzz_target;
use linchpin_check::services::Services;
use linchpin_model::TargetPath;

const NAMES: &[&str] = &["a.ts", "a.py", "a.yaml", "a.html", ".env", "a.tf", "a"];

fuzz_target!(|bytes: &[u8]| {
    let services = Services::default();
    for name in NAMES {
        services.look(&TargetPath::new(name), None, bytes);
    }
});
