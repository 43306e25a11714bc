//! Exceptions as `linchpin.toml` has them: understood, and weighed.

#![no_main]

use libfuzzer_sys::fuzz_target;
use linchpin_advisory::{Exception, ExceptionEntry};
use linchpin_fuzz::exploitability::weigh_all;

#[derive(serde::Deserialize)]
struct File {
    exceptions: Vec<ExceptionEntry>,
}

fuzz_target!(|text: &str| {
    let Ok(file) = toml::from_str::<File>(text) else {
        return;
    };
    let mut understood: Vec<Exception> = Vec::new();
    for entry in &file.exceptions {
        match entry.understand("fuzz", |offset| offset) {
            Ok(exception) => understood.push(exception),
            Err(error) => assert!(error.span.end <= text.len()),
        }
    }
    weigh_all(&understood, &[]);
});
