//! Documents of every kind with all rules asked of them, whatever the document is.

#![no_main]

use libfuzzer_sys::fuzz_target;
use linchpin_check::kinds;
use linchpin_fuzz::checking::check;

fuzz_target!(|bytes: &[u8]| {
    // The first byte says of which kind the rest is.
    let Some((first, rest)) = bytes.split_first() else {
        return;
    };
    let number = usize::from(*first) % kinds::ALL.len();
    let Some(kind) = kinds::ALL.get(number) else {
        return;
    };
    check(kind, &[(kind.example, rest)]);
});
