//! Cases of matching, as data: each folder of `tests/cases/matching` holds `advisory.json`, a list
//! of OSV records, and `cases.txt`, which says for packages what is found.
//!
//! A line of `cases.txt` is one of
//!
//! ```text
//! distribution debian 12
//! pkg:npm/a@1.0.0 -> CVE-1 fixed 1.2.0 high
//! pkg:deb/debian/b@1 source c 2 -> clean
//! pkg:npm/a@banana -> note: a part of the note
//! ```
//!
//! where after the arrow stand the findings, with a comma between them, each as its id, and what
//! else the case is about: `fixed VERSION`, `unfixed`, `remove`, a severity, a kind, `also ID` for
//! an alias, `lent ID` for a severity that this record lends, `own` for one that none lends.

use std::fs;
use std::path::Path;

use linchpin_advisory::{Database, match_advisories};
use linchpin_model::{Finding, Reason, Remedy};

use crate::workbench::{Workbench, feed, imported};

#[test]
fn every_case_comes_out_as_it_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/matching");
    let mut folders: Vec<_> = fs::read_dir(&root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    folders.sort();
    assert!(folders.len() >= 10, "{} cases", folders.len());
    let mut wrong = Vec::new();
    for folder in folders {
        let records: Vec<serde_json::Value> =
            serde_json::from_slice(&fs::read(folder.join("advisory.json")).unwrap())
                .unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let feed = feed(&records);
        let (_, path) = imported(feed.path(), None);
        let database = Database::open(&path).unwrap();
        let cases = fs::read_to_string(folder.join("cases.txt")).unwrap();
        let mut distribution: Option<(String, String)> = None;
        for line in cases.lines().map(str::trim) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(named) = line.strip_prefix("distribution ") {
                distribution = named
                    .split_once(' ')
                    .map(|(id, version)| (id.to_owned(), version.to_owned()));
                continue;
            }
            let (package, expected) = line.split_once("->").unwrap();
            let (findings, notes) = matched(package, distribution.as_ref(), &database);
            if let Err(error) = check(expected.trim(), &findings, &notes) {
                let case = folder.file_name().unwrap().to_string_lossy().into_owned();
                wrong.push(format!("{case}: {line}\n  {error}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn matched(
    package: &str,
    distribution: Option<&(String, String)>,
    database: &Database,
) -> (Vec<Finding>, Vec<String>) {
    let words: Vec<&str> = package.split_whitespace().collect();
    let mut bench = Workbench::default();
    if let Some((id, version)) = distribution {
        bench.distribution(id, (version != "rolling").then_some(version));
    }
    bench.package(words[0], "package-lock.json", |package| {
        if let ["source", name, version] = words[1..] {
            Workbench::source(package, name, version);
        }
    });
    let matched = match_advisories(&bench.finish(), database).unwrap();
    let notes = matched.notes.into_iter().map(|note| note.text).collect();
    (matched.findings, notes)
}

fn check(expected: &str, findings: &[Finding], notes: &[String]) -> Result<(), String> {
    if let Some(part) = expected.strip_prefix("note:") {
        let part = part.trim();
        return if findings.is_empty() && notes.iter().any(|note| note.contains(part)) {
            Ok(())
        } else {
            Err(format!("found {findings:?} with the notes {notes:?}"))
        };
    }
    if !notes.is_empty() {
        return Err(format!("notes: {notes:?}"));
    }
    let wanted: Vec<&str> = match expected {
        "clean" => Vec::new(),
        several => several.split(',').map(str::trim).collect(),
    };
    let found: Vec<&str> = findings
        .iter()
        .map(|finding| finding.rule.0.as_str())
        .collect();
    let ids: Vec<&str> = wanted
        .iter()
        .filter_map(|wanted| wanted.split_whitespace().next())
        .collect();
    if ids != found {
        return Err(format!("found {found:?}"));
    }
    for (wanted, finding) in wanted.iter().zip(findings) {
        let mut words = wanted.split_whitespace().skip(1);
        while let Some(word) = words.next() {
            let right = match word {
                "fixed" => finding.fixed() == words.next(),
                "unfixed" => finding.remedy.is_none(),
                "remove" => finding.remedy == Some(Remedy::Remove),
                "also" => {
                    let alias = words.next().unwrap();
                    finding.aliases.iter().any(|found| found == alias)
                }
                "lent" => lender(finding) == words.next(),
                "own" => lender(finding).is_none(),
                word => finding.severity.label() == word || finding.kind.label() == word,
            };
            if !right {
                return Err(format!("`{word}` is wrong in {finding:?}"));
            }
        }
    }
    Ok(())
}

/// The record that lends the severity.
fn lender(finding: &Finding) -> Option<&str> {
    finding.because.iter().find_map(|reason| match reason {
        Reason::Lent { advisory, .. } => Some(advisory.as_str()),
        _ => None,
    })
}
