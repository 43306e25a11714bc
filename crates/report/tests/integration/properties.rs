//! What holds for any words in a report, and for any bytes given as one.

use linchpin_report::{ExplainableReport, WriteOptions, explain, json};
use proptest::prelude::{ProptestConfig, any, prop, proptest};

use crate::sample::{self, Sample};

/// A report in which the words that others choose are these.
fn sample_of(words: &[String]) -> Sample {
    let mut sample = sample::hostile();
    let word = |number: usize| words.get(number).cloned().unwrap_or_default();
    sample.inventory.subject.name = word(0);
    for finding in &mut sample.findings {
        finding.rule.0 = word(1);
        finding.summary = word(2);
        finding.aliases = vec![word(3)];
    }
    for package in &mut sample.inventory.packages {
        for occurrence in &mut package.occurrences {
            occurrence.path = linchpin_model::TargetPath::new(&word(4));
        }
    }
    for step in &mut sample.next {
        step.action = word(5);
        step.command = Some(word(0));
    }
    sample
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_word_breaks_a_page(
        words in prop::collection::vec(any::<String>(), 6),
        width in 0_usize..250,
        verbose in any::<bool>(),
    ) {
        let sample = sample_of(&words);
        let options = WriteOptions { width, verbose, ..WriteOptions::default() };
        sample::assert_harmless(&sample.write("table", options));

        let report = ExplainableReport::new(&sample.report());
        let mut out = Vec::new();
        explain(&report, &words[1], &options, &mut out).unwrap();
        sample::assert_harmless(&String::from_utf8(out).unwrap());
    }

    #[test]
    fn every_report_can_be_read_back(words in prop::collection::vec(any::<String>(), 6)) {
        let sample = sample_of(&words);
        let read = json::read(sample.write("json", WriteOptions::default()).as_bytes()).unwrap();
        assert_eq!(read.explainable, ExplainableReport::new(&sample.report()));
    }

    #[test]
    fn damaged_reports_are_refused_or_read(
        place in 0_usize..20_000,
        byte in any::<u8>(),
        length in 0_usize..20_000,
    ) {
        let mut bytes = sample::hostile().write("json", WriteOptions::default()).into_bytes();
        let end = bytes.len();
        bytes[place % end] = byte;
        bytes.truncate(length);
        let _ = json::read(&bytes);
    }
}
