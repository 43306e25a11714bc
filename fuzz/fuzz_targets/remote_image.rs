//! An image that lies elsewhere. The bytes are cut into blobs, the first is what its name leads to;
//! `#3#` in a blob stands for the digest of the third one after the first, so that documents can
//! name one another.

#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use linchpin_fuzz::remote_image::MemoryImage;
use linchpin_fuzz::visiting::{options, visit};
use linchpin_source::ImageSource;

fuzz_target!(|bytes: &[u8]| {
    let image = Arc::new(MemoryImage::parse(bytes));
    if let Ok(source) = ImageSource::open_remote(image, options()) {
        visit(&source);
    }
});
