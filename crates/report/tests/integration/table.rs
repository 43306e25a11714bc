//! The page, as a person sees it.

use linchpin_report::WriteOptions;

use crate::sample::{self, HOSTILE, Sample};

fn page(sample: &Sample, width: usize) -> String {
    let options = WriteOptions {
        width,
        max_findings: Some(40),
        ..WriteOptions::default()
    };
    sample.write("table", options)
}

#[test]
fn show() {
    for width in [80, 120, 200] {
        println!("{}", "=".repeat(width));
        println!("{}", page(&sample::storefront(), width));
    }
    println!("{}", page(&sample::clean(), 80));
    println!("{}", page(&sample::empty(), 80));
    println!("{}", page(&sample::hostile(), 80));
    let _ = HOSTILE;
}
