//! Layers of an image: the bytes are cut into up to four tars, each packed as its first byte says
//! (plain, gzip, zstd, or taken as packed already), and read as one docker archive. What is
//! hidden by a higher layer, whiteouts and links between layers come out of this.

#![no_main]

use libfuzzer_sys::fuzz_target;
use linchpin_fuzz::layers::docker_archive;
use linchpin_fuzz::visiting::{file_with, open_and_visit};

fuzz_target!(|bytes: &[u8]| {
    let file = file_with(&docker_archive(bytes));
    open_and_visit(&file.path().display().to_string());
});
