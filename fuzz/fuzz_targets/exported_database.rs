//! A database that somebody carried, taken without a signature, and opened if it was taken. Where
//! the first byte is odd, the rest is a whole file; else each four bytes of it put one byte in a
//! place of a good one.

#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use linchpin_advisory::{
    Database, ImportOptions, Trust, WriteLock, export, import, import_carried,
};
use linchpin_fuzz::advisories::MemoryBucket;
use linchpin_fuzz::damage;

/// A good one.
fn sample() -> &'static [u8] {
    static SAMPLE: OnceLock<Vec<u8>> = OnceLock::new();
    SAMPLE.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let records = damage::records().into_iter().map(<[u8]>::to_vec).collect();
        let bucket = MemoryBucket::Records(records);
        import(&bucket, folder.path(), &ImportOptions::default()).expect("the sample is good");
        let mut bytes = Vec::new();
        export(folder.path(), None, &mut bytes).expect("it was just written");
        bytes
    })
}

fuzz_target!(|bytes: &[u8]| {
    let [flags, rest @ ..] = bytes else { return };
    let mut carried = rest.to_vec();
    if flags & 1 == 0 {
        carried = sample().to_vec();
        damage::apply(&mut carried, rest);
    }
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let lock = WriteLock::take(folder.path()).expect("nobody else has it");
    match import_carried(carried.as_slice(), &Trust::Anyone, &lock) {
        Ok(_) => Database::open(folder.path())
            .and_then(|database| database.verify())
            .expect("what was taken can be read"),
        Err(_) => assert!(!folder.path().join("manifest.json").exists()),
    }
});
