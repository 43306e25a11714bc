//! A file that is an OCI layout, a docker archive or an archive of files, opened and read with
//! small limits. An odd first byte means that the checksums of the tar's headers are made right.

#![no_main]

use libfuzzer_sys::fuzz_target;
use linchpin_fuzz::tar_headers;
use linchpin_fuzz::visiting::{file_with, open_and_visit};

fuzz_target!(|bytes: &[u8]| {
    let [flags, content @ ..] = bytes else { return };
    let mut content = content.to_vec();
    if flags & 1 == 1 {
        tar_headers::repair(&mut content);
    }
    let file = file_with(&content);
    open_and_visit(&file.path().display().to_string());
});
