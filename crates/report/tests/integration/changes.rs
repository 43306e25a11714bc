//! Comparisons: what counts as the same finding, why one came or went, and the formats.

use std::cmp::Ordering;

use linchpin_model::{
    AdvisoryFacts, ChangedComponent, ComparedComponent, Difference, Exploitation, FindingKind,
    PackageUrl, Remedy, RiskScore, Scope, Severity, SubjectKind,
};
use linchpin_report::changes::{
    Changes, Direction, LicensesStated, Limit, Side, SideOrigin, Which, WhyFixed, WhyIntroduced,
    compare_findings, formats,
};
use linchpin_report::{ExplainableFinding, ExplainablePackage, WriteOptions};
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser};

use crate::sample;

fn finding(id: &str, aliases: &[&str], name: &str, version: &str) -> ExplainableFinding {
    let purl = PackageUrl::new("npm", None, name, Some(version)).unwrap();
    ExplainableFinding {
        id: id.to_owned(),
        aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
        kind: FindingKind::Vulnerability,
        severity: Severity::High,
        cvss_tenths: Some(75),
        score: RiskScore(60),
        exploited: None,
        package: Some(ExplainablePackage {
            purl: purl.to_string(),
            name: name.to_owned(),
            version: Some(version.to_owned()),
            scope: Scope::Runtime,
        }),
        locations: Vec::new(),
        route: Vec::new(),
        via: None,
        remedy: Some(Remedy::Upgrade {
            version: "9.0.0".to_owned(),
        }),
        summary: String::new(),
        published: None,
        because: Vec::new(),
        suppressed_by: Vec::new(),
    }
}

fn component(name: &str, version: &str, licenses: Option<&str>) -> ComparedComponent {
    ComparedComponent {
        name: name.to_owned(),
        version: Some(version.to_owned()),
        purl: PackageUrl::new("npm", None, name, Some(version))
            .ok()
            .map(|purl| purl.to_string()),
        licenses: licenses.map(str::to_owned),
    }
}

fn changed(name: &str, before: &str, after: &str) -> ChangedComponent {
    let said = |text: &str| Some(text.to_owned());
    ChangedComponent {
        before: component(name, before, None),
        after: component(name, after, None),
        version: (before != after).then(|| (said(before), said(after))),
        licenses: None,
        supplier: None,
        hashes: None,
    }
}

fn ids<'a>(findings: impl Iterator<Item = &'a ExplainableFinding>) -> Vec<String> {
    findings
        .map(|finding| {
            let version = finding.package.as_ref().unwrap().version.clone();
            format!("{} {}", finding.id, version.unwrap())
        })
        .collect()
}

#[test]
fn a_flaw_is_known_by_any_of_its_names() {
    let before = [finding("GHSA-1", &["CVE-1"], "a", "1.0.0")];
    let after = [finding("PYSEC-1", &["CVE-1"], "a", "1.1.0")];
    let changes = compare_findings(&before, &after, None);
    assert!(changes.is_empty(), "{changes:?}");
    assert_eq!(changes.remaining, 1);
    // A record of a third side may be what joins the two.
    let before = [
        finding("A-1", &[], "a", "1.0.0"),
        finding("A-1", &["B-1"], "b", "1.0.0"),
    ];
    let after = [finding("B-1", &[], "a", "1.0.0")];
    let changes = compare_findings(&before, &after, None);
    assert_eq!(changes.remaining, 1);
    assert_eq!(ids(changes.fixed.iter().map(|f| &f.finding)), ["A-1 1.0.0"]);
}

#[test]
fn versions_of_one_package_belong_together_by_version_first() {
    let before = [
        finding("CVE-1", &[], "a", "1.0.0"),
        finding("CVE-1", &[], "a", "2.0.0"),
    ];
    let after = [finding("CVE-1", &[], "a", "2.0.0")];
    let changes = compare_findings(&before, &after, None);
    assert_eq!(
        ids(changes.fixed.iter().map(|f| &f.finding)),
        ["CVE-1 1.0.0"]
    );
    let after = [
        finding("CVE-1", &[], "a", "2.0.0"),
        finding("CVE-1", &[], "a", "3.0.0"),
        finding("CVE-1", &[], "a", "4.0.0"),
    ];
    let changes = compare_findings(&before, &after, None);
    assert_eq!(
        ids(changes.introduced.iter().map(|f| &f.finding)),
        ["CVE-1 4.0.0"]
    );
    assert_eq!(changes.remaining, 2);
}

#[test]
fn the_same_flaw_in_another_package_is_another_finding() {
    let before = [finding("CVE-1", &[], "a", "1.0.0")];
    let after = [finding("CVE-1", &[], "b", "1.0.0")];
    let changes = compare_findings(&before, &after, None);
    assert_eq!((changes.introduced.len(), changes.fixed.len()), (1, 1));
    assert_eq!(changes.introduced[0].why, WhyIntroduced::Unknown);
    assert_eq!(changes.fixed[0].why, WhyFixed::Unknown);
}

#[test]
fn the_packages_say_why() {
    let before = [
        finding("CVE-1", &[], "gone", "1.0.0"),
        finding("CVE-2", &[], "raised", "1.0.0"),
        finding("CVE-3", &[], "same", "1.0.0"),
    ];
    let after = [
        finding("CVE-4", &[], "fresh", "1.0.0"),
        finding("CVE-5", &[], "raised", "2.0.0"),
        finding("CVE-6", &[], "same", "1.0.0"),
    ];
    let difference = Difference {
        added: vec![component("fresh", "1.0.0", None)],
        removed: vec![component("gone", "1.0.0", None)],
        changed: vec![
            changed("raised", "1.0.0", "2.0.0"),
            changed("same", "1.0.0", "1.0.0"),
        ],
        ..Difference::default()
    };
    let changes = compare_findings(&before, &after, Some(&difference));
    let came: Vec<_> = changes.introduced.iter().map(|f| f.why.clone()).collect();
    assert_eq!(
        came,
        [
            WhyIntroduced::PackageAdded,
            WhyIntroduced::VersionChanged(Some("1.0.0".into())),
            WhyIntroduced::NewlyKnown,
        ]
    );
    let went: Vec<_> = changes.fixed.iter().map(|f| f.why.clone()).collect();
    assert_eq!(
        went,
        [
            WhyFixed::PackageRemoved,
            WhyFixed::VersionChanged(Some("2.0.0".into())),
            WhyFixed::NoLongerReported,
        ]
    );
}

#[test]
fn what_is_held_for_worse_now_is_said() {
    let before = [
        finding("CVE-1", &[], "a", "1.0.0"),
        finding("CVE-2", &[], "a", "1.0.0"),
        finding("CVE-3", &[], "a", "1.0.0"),
    ];
    let mut after = before.clone();
    after[0].exploited = Some(Exploitation {
        added: "2026-01-01".to_owned(),
        ransomware: false,
    });
    after[1].severity = Severity::Critical;
    after[2].severity = Severity::Low;
    let changes = compare_findings(&before, &after, None);
    assert_eq!(changes.remaining, 3);
    assert_eq!(
        ids(changes.raised.iter().map(|f| &f.finding)),
        ["CVE-1 1.0.0", "CVE-2 1.0.0"]
    );
}

#[test]
fn a_chain_of_names_costs_no_square() {
    let name = |number: usize| format!("CVE-{number}");
    let many = 60_000;
    let mut findings: Vec<ExplainableFinding> = (0..many)
        .map(|number| finding(&name(number), &[], "a", &format!("{number}.0.0")))
        .collect();
    findings.extend((1..many).rev().map(|number| {
        let alias = name(number - 1);
        finding(&name(number), &[&alias], "a", "0.0.0")
    }));
    let changes = compare_findings(&findings, &findings, None);
    assert_eq!(changes.remaining, findings.len());
}

/// Everything that a comparison borrows.
struct Compared {
    before: Vec<ExplainableFinding>,
    after: Vec<ExplainableFinding>,
    difference: Difference,
    advisories: AdvisoryFacts,
    name: String,
}

impl Compared {
    /// A comparison in which every text is, or holds, this one.
    fn of(text: &str) -> Self {
        let with = |word: &str| format!("{word}{text}");
        let mut before = vec![
            finding("CVE-2024-1", &[], "left", "1.0.0"),
            finding("CVE-2024-2", &[], "gone", "1.0.0"),
            finding("CVE-2024-3", &[], "same", "1.0.0"),
            finding("CVE-2024-4", &[], "same", "1.0.0"),
        ];
        let mut after = vec![
            finding("CVE-2024-5", &["GHSA-1"], "fresh", "2.0.0"),
            finding("CVE-2024-6", &[], "left", "1.1.0"),
            finding("CVE-2024-7", &[], "same", "1.0.0"),
            finding("CVE-2024-3", &[], "same", "1.0.0"),
        ];
        after[0].kind = FindingKind::Malicious;
        after[0].remedy = Some(Remedy::Remove);
        after[2].remedy = None;
        after[3].exploited = Some(Exploitation {
            added: text.to_owned(),
            ransomware: true,
        });
        for finding in before.iter_mut().chain(&mut after) {
            if !text.is_empty() {
                finding.id.push_str(text);
            }
            if let Some(package) = &mut finding.package {
                package.name.push_str(text);
                package.version = package.version.take().map(|version| with(&version));
            }
            if let Some(Remedy::Upgrade { version }) = &mut finding.remedy {
                version.push_str(text);
            }
        }
        let mut relicensed = changed("same", "1.0.0", "1.0.0");
        relicensed.licenses = Some((Some(with("MIT")), Some(with("SSPL-1.0"))));
        relicensed.hashes = Some((
            Some("SHA-256:aa".to_owned()),
            Some(format!("SHA-256:bb{text}")),
        ));
        let mut difference = Difference {
            added: vec![component("fresh", "2.0.0", Some("MIT"))],
            removed: vec![component("gone", "1.0.0", Some("ISC"))],
            changed: vec![
                changed("left", "1.0.0", "1.1.0"),
                changed("lowered", "3.10.0", "3.9.1"),
                relicensed,
            ],
            ..Difference::default()
        };
        let sides = difference
            .changed
            .iter_mut()
            .flat_map(|changed| [&mut changed.before, &mut changed.after]);
        for component in difference
            .added
            .iter_mut()
            .chain(&mut difference.removed)
            .chain(sides)
        {
            component.name.push_str(text);
            component.version = component.version.take().map(|version| with(&version));
        }
        Self {
            before,
            after,
            difference,
            advisories: sample::database(),
            name: with("shop.example/storefront:"),
        }
    }

    fn changes(&self) -> Changes<'_> {
        let side = |findings, origin| Side {
            name: &self.name,
            kind: SubjectKind::Image,
            origin,
            packages: Some(1234),
            findings,
            advisories: &self.advisories,
            licenses: LicensesStated::Some,
        };
        Changes::new(
            "0.1.0",
            (
                side(&self.before, SideOrigin::Report),
                side(&self.after, SideOrigin::Scanned),
            ),
            Some(&self.difference),
            &|before, after| {
                let number = |purl: &PackageUrl| -> Vec<u64> {
                    let version = purl.version().unwrap();
                    version
                        .split('.')
                        .map(|part| part.parse().unwrap())
                        .collect()
                };
                Some(number(before).cmp(&number(after)))
            },
            vec![
                Limit::Notes(Which::After, 3),
                Limit::LeftOutOfReport {
                    which: Which::Before,
                    development: 6,
                    unfixed: 1,
                },
            ],
        )
    }

    fn write(&self, format: &str, options: WriteOptions) -> String {
        let mut out = Vec::new();
        (formats::find(format).unwrap().write)(&self.changes(), &options, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }
}

fn at(width: usize) -> WriteOptions {
    WriteOptions {
        width,
        ..WriteOptions::default()
    }
}

#[test]
fn the_page_at_80_columns() {
    insta::assert_snapshot!(Compared::of("").write("table", at(80)));
}

#[test]
fn the_page_at_200_columns() {
    let long = Compared::of("-with-a-long-name-that-goes-on");
    insta::assert_snapshot!(long.write("table", at(200)));
}

#[test]
fn the_page_in_colour_is_the_page() {
    let compared = Compared::of("");
    let colored = WriteOptions {
        color: true,
        ..at(100)
    };
    let mut stripped = String::new();
    let page = compared.write("table", colored);
    let mut rest = page.as_str();
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        stripped.push_str(before);
        rest = after.split_once('m').unwrap().1;
    }
    stripped.push_str(rest);
    assert_ne!(page, stripped);
    let lines = |text: &str| -> Vec<String> {
        text.lines()
            .map(|line| line.trim_end().to_owned())
            .collect()
    };
    assert_eq!(lines(&stripped), lines(&compared.write("table", at(100))));
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let compared = Compared::of("-with-a-long-name-that-goes-on-and-on-and-on");
    for width in 60..200 {
        let page = compared.write("table", at(width));
        // The names of the sides stay whole, so that they can be copied.
        for line in page.lines().skip(4) {
            assert!(line.chars().count() <= width, "{width}: {line}");
        }
    }
}

#[test]
fn a_terminal_gets_the_first_lines() {
    let options = WriteOptions {
        max_findings: Some(2),
        ..at(100)
    };
    let page = Compared::of("").write("table", options);
    assert!(page.contains("… and 1 more (-v shows all)"), "{page}");
}

#[test]
fn the_shape_for_programs_is_frozen() {
    insta::assert_snapshot!(Compared::of("").write("json", at(80)));
}

#[test]
fn the_comment_on_a_pull_request() {
    insta::assert_snapshot!(Compared::of("").write("markdown", at(80)));
}

#[test]
fn a_long_list_fits_into_a_comment() {
    let mut compared = Compared::of("@x|<b>");
    compared.difference.added = (0..5000)
        .map(|number| component(&format!("a{number}{}", "@<|".repeat(40)), "1", None))
        .collect();
    compared.after = (0..5000)
        .map(|number| finding(&format!("CVE-{number}"), &[], &"@".repeat(80), "1.0.0"))
        .collect();
    let comment = compared.write("markdown", at(80));
    assert!(comment.len() < 65_536, "{}", comment.len());
    assert!(comment.contains("… and 4,950 more"));
}

#[test]
fn nothing_hostile_reaches_the_terminal() {
    for width in [0, 40, 80, 200] {
        let page = Compared::of("\u{1b}[2J\u{202e}\n\u{9b}31m").write("table", at(width));
        sample::assert_harmless(&page);
    }
}

/// What a reader of Markdown makes of a comment, without the texts.
fn structure(comment: &str) -> Vec<String> {
    let mut shapes = Vec::new();
    for event in Parser::new_ext(comment, Options::all()) {
        let shape = match event {
            // How a text is cut into events says nothing.
            Event::Text(_) => continue,
            other => format!("{other:?}"),
        };
        shapes.push(shape);
    }
    shapes
}

/// All texts of a comment, as a reader sees them.
fn texts(comment: &str) -> String {
    Parser::new_ext(comment, Options::all())
        .filter_map(|event| match event {
            Event::Text(text) => Some(text.into_string()),
            _ => None,
        })
        .collect()
}

#[test]
fn no_name_means_anything_in_a_comment() {
    let tame = Compared::of("_").write("markdown", at(80));
    for hostile in [
        "@everyone",
        " @octo/team #1 GH-1",
        "</code><script>alert(1)</script>",
        "</details></summary>",
        "<!--",
        "|a|b|",
        "\\|",
        "`code`",
        "``|`",
        "![x](https://tracker.example/x.png)",
        "[x](javascript:alert(1))",
        "https://evil.example www.evil.example",
        "a\n\n# Approved\n",
        "\r\n***\r\n",
        "&lt;b&gt;",
        "$x$ ~~x~~ ^x^ :tada: {#id}",
        "[^1]: x",
        "\u{202e}\u{0}",
    ] {
        let comment = Compared::of(hostile).write("markdown", at(80));
        assert_eq!(
            structure(&comment),
            structure(&tame),
            "{hostile}: {comment}"
        );
        let without_references = comment.replace("&#", "");
        for mark in ["@", "#1", "<script", "www.", "://e", "://t", "javascript:"] {
            assert!(!without_references.contains(mark), "{mark}: {comment}");
        }
        assert!(!comment.contains('\u{202e}'));
    }
    let comment = Compared::of("@a|<b>").write("markdown", at(80));
    assert!(texts(&comment).contains("fresh@a|<b>"), "{comment}");
}

/// A few findings that are often the same.
fn some_findings() -> impl Strategy<Value = Vec<ExplainableFinding>> {
    let one = (0..4_u8, 0..4_u8, 0..3_u8, 0..3_u8).prop_map(|(id, alias, name, version)| {
        finding(
            &format!("CVE-{id}"),
            &[&format!("CVE-{alias}")],
            &format!("p{name}"),
            &format!("{version}.0.0"),
        )
    });
    proptest::collection::vec(one, 0..12)
}

proptest! {
    #[test]
    fn every_finding_is_counted_once(before in some_findings(), after in some_findings()) {
        let changes = compare_findings(&before, &after, None);
        prop_assert_eq!(changes.introduced.len() + changes.remaining, after.len());
        prop_assert_eq!(changes.fixed.len() + changes.remaining, before.len());
        let back = compare_findings(&after, &before, None);
        prop_assert_eq!(back.introduced.len(), changes.fixed.len());
        prop_assert_eq!(back.remaining, changes.remaining);
        prop_assert!(compare_findings(&after, &after, None).is_empty());
    }

    #[test]
    fn no_text_at_all_means_anything_in_a_comment(text in "\\PC{1,20}|[\\x00-\\x7f]{1,20}") {
        let tame = structure(&Compared::of("_").write("markdown", at(80)));
        let comment = Compared::of(&text).write("markdown", at(80));
        // An id that is still one of the usual form stays a link.
        if !text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-') {
            prop_assert_eq!(structure(&comment), tame, "{}", comment);
        }
        prop_assert!(!comment.contains('@'));
    }
}

#[test]
fn orderings_decide_which_way_a_version_went() {
    let compared = Compared::of("");
    let changes = compared.changes();
    let packages = changes.packages.unwrap();
    let ways: Vec<_> = packages
        .changed
        .iter()
        .map(|changed| {
            (
                changed.after.name.as_str(),
                changed.version.map(Direction::label),
            )
        })
        .collect();
    assert_eq!(
        ways,
        [
            ("left", Some("up")),
            ("lowered", Some("down")),
            ("same", None)
        ]
    );
    let unordered = Changes::new(
        "0.1.0",
        (changes.before, changes.after),
        Some(&compared.difference),
        &|_, _| None::<Ordering>,
        Vec::new(),
    );
    assert!(
        unordered
            .packages
            .unwrap()
            .changed
            .iter()
            .all(|changed| changed.version.is_none_or(|way| way.label() == "changed"))
    );
}

#[test]
fn licences_are_compared_where_both_sides_speak_of_them() {
    let compared = Compared::of("");
    let changes = compared.changes();
    let silent = Side {
        licenses: LicensesStated::None,
        ..changes.before
    };
    let compared = Changes::new(
        "0.1.0",
        (silent, changes.after),
        Some(&compared.difference),
        &|_, _| None,
        Vec::new(),
    );
    assert_eq!(compared.limits, [Limit::LicensesUnstated]);
    let packages = compared.packages.unwrap();
    assert!(
        packages
            .changed
            .iter()
            .all(|changed| changed.licenses.is_none())
    );
}
