//! The page, as a person sees it.

use linchpin_report::WriteOptions;

use crate::sample::{self, Sample};

fn page(sample: &Sample, width: usize) -> String {
    let options = WriteOptions {
        width,
        max_findings: Some(40),
        ..WriteOptions::default()
    };
    sample.write("table", options)
}

#[test]
fn storefront_at_80_columns() {
    insta::assert_snapshot!(page(&sample::storefront(), 80));
}

#[test]
fn storefront_at_120_columns() {
    insta::assert_snapshot!(page(&sample::storefront(), 120));
}

#[test]
fn storefront_at_200_columns() {
    insta::assert_snapshot!(page(&sample::storefront(), 200));
}

#[test]
fn a_project_at_80_columns() {
    insta::assert_snapshot!(page(&sample::project(), 80));
}

#[test]
fn a_project_at_120_columns() {
    insta::assert_snapshot!(page(&sample::project(), 120));
}

#[test]
fn storefront_in_colour() {
    let options = WriteOptions {
        width: 100,
        color: true,
        max_findings: Some(12),
        ..WriteOptions::default()
    };
    let page = sample::storefront().write("table", options);
    insta::assert_snapshot!(page.replace('\u{1b}', "␛"));
}

#[test]
fn storefront_with_everything() {
    let options = WriteOptions {
        width: 100,
        verbose: true,
        ..WriteOptions::default()
    };
    insta::assert_snapshot!(sample::storefront().write("table", options));
}

#[test]
fn what_is_suppressed_is_listed_with_its_grounds() {
    insta::assert_snapshot!(page(&sample::suppressed(), 100));
}

#[test]
fn nothing_but_suppressed_findings_is_not_called_clean() {
    let mut sample = sample::suppressed();
    sample.findings.clear();
    let page = page(&sample, 100);
    assert!(
        page.contains("Nothing but 5 suppressed findings in the"),
        "{page}"
    );
}

#[test]
fn a_clean_result_says_what_it_is_worth() {
    insta::assert_snapshot!(page(&sample::clean(), 80));
}

#[test]
fn an_empty_folder_is_not_called_clean() {
    let page = page(&sample::empty(), 80);
    assert!(!page.contains("No known flaws"));
    insta::assert_snapshot!(page);
}

#[test]
fn what_was_checked_is_said_even_if_nothing_is_wrong_with_it() {
    let mut sample = sample::empty();
    sample.documents = sample::documents();
    for (format, words) in [
        (
            "markdown",
            "Looked at: 0 packages, 3 GitHub workflows, 1 Dockerfile.",
        ),
        ("html", "checked: 3 GitHub workflows, 1 Dockerfile"),
        ("json", "\"github-workflow\": 3"),
    ] {
        let text = sample.write(format, WriteOptions::default());
        assert!(text.contains(words), "{format}: {text}");
    }
    let page = page(&sample, 80);
    assert!(
        page.contains("checked: 3 GitHub workflows, 1 Dockerfile\n"),
        "{page}"
    );
    assert!(
        page.contains("Nothing wrong in the 4 documents that were checked."),
        "{page}"
    );
}

#[test]
fn colour_changes_nothing_but_colour() {
    for width in [60, 80, 120, 200] {
        let options = WriteOptions {
            width,
            ..WriteOptions::default()
        };
        let plain = sample::storefront().write("table", options);
        let colored = sample::storefront().write(
            "table",
            WriteOptions {
                color: true,
                ..options
            },
        );
        assert_ne!(plain, colored);
        let mut stripped = String::new();
        let mut rest = colored.as_str();
        while let Some((before, after)) = rest.split_once('\u{1b}') {
            stripped.push_str(before);
            rest = after.split_once('m').unwrap().1;
        }
        stripped.push_str(rest);
        let trimmed = |text: &str| -> Vec<String> {
            text.lines()
                .map(|line| line.trim_end().to_owned())
                .collect()
        };
        assert_eq!(trimmed(&stripped), trimmed(&plain));
    }
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for width in 60..=220 {
        for line in page(&sample::storefront(), width).lines() {
            // Commands are never broken or shortened.
            let command = ["apt-get", "npm ", "pip "]
                .iter()
                .any(|start| line.trim_start().starts_with(start));
            let columns = line.chars().count();
            assert!(command || columns <= width, "{columns} > {width}: {line}");
        }
    }
}

#[test]
fn nothing_hostile_reaches_the_terminal() {
    for width in [0, 1, 40, 80, 200, 5000] {
        for verbose in [false, true] {
            let options = WriteOptions {
                width,
                verbose,
                ..WriteOptions::default()
            };
            let page = sample::hostile().write("table", options);
            sample::assert_harmless(&page);
            assert!(page.contains("\\u{1b}"));
        }
    }
    insta::assert_snapshot!(page(&sample::hostile(), 200));
    for verbose in [false, true] {
        let options = WriteOptions {
            verbose,
            ..WriteOptions::default()
        };
        sample::assert_harmless(&sample::hostile_suppressed().write("table", options));
    }
}

#[test]
fn every_finding_is_counted_once() {
    let sample = sample::storefront();
    for limit in [0, 1, 10, 21, 40, 1000] {
        let options = WriteOptions {
            max_findings: Some(limit),
            ..WriteOptions::default()
        };
        let page = sample.write("table", options);
        let number = |text: &str, before: &str, after: &str| -> usize {
            text.split_once(before)
                .and_then(|(_, rest)| rest.split_once(after))
                .and_then(|(number, _)| number.parse().ok())
                .unwrap_or(0)
        };
        let hidden = number(&page, "… and ", " more (linchpin scan -v");
        let shown: usize = page
            .lines()
            .skip_while(|line| !line.starts_with("SEVERITY"))
            .skip(1)
            .take_while(|line| !line.is_empty() && !line.starts_with('…'))
            .map(|line| {
                let flaws = number(line, "and ", " more (-v)").max(1);
                let cell = line.get(11..).unwrap_or_default();
                let mut words = cell.split_whitespace().skip(1);
                let packages = words
                    .next()
                    .and_then(|word| word.strip_prefix('+'))
                    .and_then(|count| count.parse().ok())
                    .unwrap_or(0_usize);
                flaws * (packages + 1)
            })
            .sum();
        assert_eq!(shown + hidden, sample.findings.len(), "{limit}");
    }
}
