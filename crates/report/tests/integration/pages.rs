//! The pages for people and CI systems: nothing that comes from a target means anything in them.

use linchpin_report::{Format, WriteOptions, formats};

use crate::sample;

fn write(format: &Format, sample: &sample::Sample) -> String {
    let mut out = Vec::new();
    (format.write)(&sample.report(), &WriteOptions::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn the_page_holds_every_finding_and_asks_for_nothing_outside() {
    let sample = sample::storefront();
    let page = write(&formats::html::FORMAT, &sample);
    assert_eq!(
        page.matches("<tr class=\"finding\">").count(),
        sample.findings.len()
    );
    assert!(page.contains("default-src 'none'"));
    for outside in [
        " src=", "url(", "@import", "<link", "<iframe", "fetch(", "XMLHttp",
    ] {
        assert!(!page.contains(outside), "{outside}");
    }
}

#[test]
fn hostile_names_stay_texts() {
    let sample = sample::hostile();
    let page = write(&formats::html::FORMAT, &sample);
    assert_eq!(page.matches("<script>").count(), 1);
    assert_eq!(page.matches("<style>").count(), 1);
    assert!(!page.contains("<img"), "{page}");
    let junit = write(&formats::junit::FORMAT, &sample);
    for line in junit.lines() {
        assert!(!line.chars().any(char::is_control), "{line}");
    }
    assert_eq!(junit.matches("<testcase").count(), sample.findings.len());
    let csv = write(&formats::csv::FORMAT, &sample);
    assert_eq!(csv.lines().count(), csv.matches("\r\n").count());
    let markdown = write(&formats::markdown::FORMAT, &sample);
    assert!(!markdown.contains("<script"), "{markdown}");
    assert!(!markdown.contains("](http://"), "{markdown}");
}

#[test]
fn where_nothing_is_wrong_one_test_passes() {
    let sample = sample::clean();
    let junit = write(&formats::junit::FORMAT, &sample);
    assert!(junit.contains("tests=\"1\" failures=\"0\""), "{junit}");
    assert!(!junit.contains("<failure"), "{junit}");
    let page = write(&formats::html::FORMAT, &sample);
    assert!(page.contains("Nothing that is known is wrong with it."));
}
