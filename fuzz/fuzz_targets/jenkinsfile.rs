//! Jenkinsfiles: the reader passes over what it does not understand, and comes to an end.

#![no_main]

use libfuzzer_sys::fuzz_target;
use linchpin_check::syntax::jenkinsfile;

fuzz_target!(|text: &str| {
    let read = jenkinsfile::read(text);
    assert_eq!(read.documents.len(), 1);
});
