//! Secrets in any bytes: no place is outside of them, and none is shown whole.

#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use linchpin_check::secrets::{AllowedSecrets, Secrets, embedded};
use linchpin_model::TargetPath;

static ALLOWED: AllowedSecrets = AllowedSecrets::none();

fuzz_target!(|bytes: &[u8]| {
    static SECRETS: OnceLock<Secrets<'_>> = OnceLock::new();
    let secrets = SECRETS.get_or_init(|| Secrets::new(embedded(), &ALLOWED));
    let _ = secrets.look(&TargetPath::new("file"), None, bytes);
});
