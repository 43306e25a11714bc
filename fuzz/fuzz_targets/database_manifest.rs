//! The manifest of a database, and a bucket's list of changes.

#![no_main]

use libfuzzer_sys::fuzz_target;
use linchpin_advisory::{Manifest, count_changes};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(manifest) = Manifest::read(bytes) {
        let again = Manifest::read(&manifest.write()).expect("what was written can be read");
        assert_eq!(again, manifest);
        for part in manifest.files() {
            assert!(!part.file.contains(['/', '\\']));
        }
    }
    let _ = count_changes(bytes);
});
