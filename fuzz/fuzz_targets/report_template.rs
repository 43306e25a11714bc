//! Templates of reports: any text is one, or an error with a line.

#![no_main]

use libfuzzer_sys::fuzz_target;
use linchpin_report::ReportTemplate;

fuzz_target!(|text: &str| {
    if let Err(error) = ReportTemplate::new("t.html", text) {
        assert!(error.line > 0);
    }
});
