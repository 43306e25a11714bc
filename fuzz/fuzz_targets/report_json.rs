//! A report in JSON, read back and explained. What is written for a terminal holds no control
//! characters but line feeds.

#![no_main]

use libfuzzer_sys::fuzz_target;
use linchpin_report::{WriteOptions, explain, json};

fuzz_target!(|bytes: &[u8]| {
    let Ok(read) = json::read(bytes) else {
        return;
    };
    assert!(json::is_report(bytes));
    let report = read.explainable;
    for (number, finding) in report.findings.iter().take(5).enumerate() {
        let mut text = Vec::new();
        let options = WriteOptions {
            width: 10 + number * 30,
            color: false,
            verbose: number % 2 == 0,
            ..WriteOptions::default()
        };
        let told = explain(&report, &finding.id, &options, &mut text);
        assert!(told.expect("memory can be written") > 0);
        let text = String::from_utf8(text).expect("it is text");
        assert!(
            !text
                .chars()
                .any(|letter| letter.is_control() && letter != '\n'),
            "{text:?}"
        );
    }
});
