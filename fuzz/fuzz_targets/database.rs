//! A database file with damage: each four bytes of the input put one byte in a place of a good
//! one. Where the first byte is odd, all checksums are made right again, so that the damage
//! comes through to what lies behind them.

#![no_main]

use libfuzzer_sys::fuzz_target;
use linchpin_advisory::Database;
use linchpin_fuzz::advisories::ask;
use linchpin_fuzz::damage;
use linchpin_model::AdvisoryOrigin;

fuzz_target!(|bytes: &[u8]| {
    let [flags, patches @ ..] = bytes else { return };
    let mut database = damage::sample().to_vec();
    damage::apply(&mut database, patches);
    if flags & 1 == 1 {
        damage::repair_checksums(&mut database);
    }
    if let Ok(database) = Database::from_bytes(database, AdvisoryOrigin::StarterSet) {
        ask(&database, &damage::records());
    }
});
