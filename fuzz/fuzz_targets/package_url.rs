//! Package URLs: whatever is read has a canonical text that is read as the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use linchpin_model::{PackageUrlComponents, validate_package_url};

fuzz_target!(|text: &str| {
    let _ = validate_package_url(text);
    if let Ok(components) = PackageUrlComponents::parse(text) {
        let again = PackageUrlComponents::parse(&components.to_string());
        assert_eq!(again.as_ref(), Ok(&components));
    }
});
