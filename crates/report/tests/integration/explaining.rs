//! Explanations, from a scan and from its saved report.

use linchpin_report::{ExplainableReport, WriteOptions, explain, json};

use crate::sample::{self, HOSTILE};

fn explained(report: &ExplainableReport, name: &str) -> String {
    let mut out = Vec::new();
    let options = WriteOptions {
        width: 80,
        ..WriteOptions::default()
    };
    explain(report, name, &options, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn show() {
    let sample = sample::storefront();
    let report = ExplainableReport::new(&sample.report());
    for name in [
        "CVE-2021-44906",
        "cve-2021-44228",
        "CVE-2024-5535",
        "MAL-2025-20690",
    ] {
        println!("{}", explained(&report, name));
        println!("-----------");
    }
    let _ = HOSTILE;
    println!(
        "{}",
        sample
            .write("json", WriteOptions::default())
            .get(..6000)
            .unwrap()
    );
    let back = json::read(sample.write("json", WriteOptions::default()).as_bytes()).unwrap();
    assert_eq!(back, report);
}
