//! What registries answer and what files of credentials hold: the header `WWW-Authenticate`,
//! redirects, Docker's `config.json`.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| linchpin_remote::read_foreign(bytes));
