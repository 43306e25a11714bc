//! Practices over folders: a project that is well kept, one that is not, and one between them. What a
//! history and a forge tell is in tables.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::path::Path;

use linchpin_check::practices::{
    ALL, Beginning, Commit, Depth, Facts, Files, Forge, ForgeFacts, History, Person, Pipelines,
    PracticeFiles, Scored, Signature, Vulnerabilities, ask, find, findings, overall, score,
};
use linchpin_check::{Checks, Rules};
use linchpin_model::LicenseExpression;
use linchpin_source::{DirectorySource, Reader, SourceOptions, read_together};

const NOW: &str = "2026-06-01T00:00:00Z";

fn folder(case: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/practices")
        .join(case)
}

fn read(folder: &Path) -> (Files, Pipelines) {
    let source = DirectorySource::open(folder, SourceOptions::default()).unwrap();
    let rules = Rules::default();
    let checks = Checks::new(&rules, Pipelines::reads);
    let files = PracticeFiles::new(Depth::Sources);
    let readers: [&dyn Reader; 2] = [&checks, &files];
    let visited = read_together(&source, &readers).unwrap();
    let pipelines = Pipelines::of(checks, &rules, &visited, None);
    (files.finish(None), pipelines)
}

/// As much of a reader of licences as these folders need.
fn license_of_text(text: &str) -> Option<LicenseExpression> {
    text.starts_with("MIT License\n")
        .then(|| LicenseExpression::parse("MIT").unwrap())
}

/// The scores of a folder.
fn scored(
    files: &Files,
    pipelines: &Pipelines,
    history: Result<&History, &str>,
    forge: Result<&ForgeFacts, &str>,
) -> Vec<Scored> {
    let facts = Facts {
        files,
        pipelines,
        history,
        forge,
        vulnerabilities: Vulnerabilities {
            findings: &[],
            starter_set_only: false,
        },
        license_of_text,
        now: NOW.parse().unwrap(),
    };
    score(ALL, &facts)
}

fn shown(scored: &[Scored]) -> String {
    let mut text = String::new();
    for one in scored {
        let score = one.evaluation.score.map_or(-1, i32::from);
        let _ = writeln!(
            text,
            "{} {score}: {}",
            one.check.name, one.evaluation.reason
        );
        for detail in &one.evaluation.details {
            let _ = writeln!(text, "  {detail}");
        }
    }
    let _ = writeln!(text, "{:?}", overall(scored));
    text
}

#[test]
fn folders_come_to_their_scores() {
    for case in ["well-kept", "neglected", "between"] {
        let (files, pipelines) = read(&folder(case));
        let scored = scored(&files, &pipelines, Err("no history"), Err("no forge"));
        insta::assert_snapshot!(format!("practices-{case}"), shown(&scored));
    }
}

#[test]
fn findings_tell_what_is_missing_once() {
    let missing = |case: &str| -> Vec<(String, String)> {
        let found = findings(&read(&folder(case)).0);
        found
            .iter()
            .map(|finding| {
                let about = format!("{:?}", finding.about);
                assert!(about.contains("line: None"), "{about}");
                (finding.rule.0.clone(), finding.severity.label().to_owned())
            })
            .collect()
    };
    assert_eq!(missing("well-kept"), []);
    let low = |rule: &str| (format!("practice-{rule}"), "low".to_owned());
    assert_eq!(
        missing("neglected"),
        [
            low("no-security-policy"),
            low("no-license"),
            low("no-update-tool"),
        ]
    );
    // Without anything that asks for packages, nothing need propose newer ones.
    assert_eq!(missing("between"), []);
}

fn person(name: &str, domain: &str) -> Person {
    Person {
        name: name.to_owned(),
        email: format!("{}@{domain}", name.to_lowercase()),
    }
}

/// A branch of commits by several people, the latest first, a day apart.
fn history(count: usize, change: impl Fn(usize, &mut Commit)) -> History {
    let now: linchpin_model::Timestamp = NOW.parse().unwrap();
    let id = |number: usize| format!("{number:040x}");
    let commits = (0..count).map(|number| {
        let someone = person("Ann", "one.example");
        let mut commit = Commit {
            id: id(number),
            parents: (number + 1 < count)
                .then(|| id(number + 1))
                .into_iter()
                .collect(),
            author: someone.clone(),
            committer: someone,
            committed: now.as_second() - 86_400 * i64::try_from(number).unwrap(),
            message: format!("Change {number}"),
            signature: None,
        };
        change(number, &mut commit);
        commit
    });
    History {
        commits: commits.collect(),
        beginning: Beginning::LongAgo,
        tested: Some(HashMap::new()),
        ..History::default()
    }
}

fn score_of(check: &str, history: &History) -> (Option<u8>, String) {
    let (files, pipelines) = read(&folder("well-kept"));
    let facts = Facts {
        files: &files,
        pipelines: &pipelines,
        history: Ok(history),
        forge: Err("no forge"),
        vulnerabilities: Vulnerabilities {
            findings: &[],
            starter_set_only: false,
        },
        license_of_text,
        now: NOW.parse().unwrap(),
    };
    let found = score(&[find(check).unwrap()], &facts).remove(0);
    (found.evaluation.score, found.evaluation.reason)
}

#[test]
fn histories_come_to_their_scores() {
    let alone = history(40, |_, _| {});
    let reviewed = history(40, |number, commit| {
        if number % 2 == 0 {
            commit
                .message
                .push_str("\n\nReviewed-by: Ben <ben@two.example>");
        }
    });
    let signed = history(40, |_, commit| commit.signature = Some(Signature::Ssh));
    let many = history(40, |number, commit| {
        let domain = [
            "one.example",
            "mail.two.example",
            "three.example",
            "gmail.com",
        ][number % 4];
        commit.author = person(["Ann", "Ben", "Cem", "Dee"][number % 4], domain);
    });
    let machines = history(40, |_, commit| {
        commit.author = person("updates[bot]", "x.example");
    });
    let squashed = history(40, |number, commit| {
        commit.message = format!("Change (#{number})");
        commit.committer = Person {
            name: "GitHub".to_owned(),
            email: "noreply@github.com".to_owned(),
        };
    });
    let mut tested = squashed.clone();
    let known = (tested.commits.iter().enumerate())
        .map(|(number, commit)| (commit.id.clone(), number < 15))
        .collect();
    tested.tested = Some(known);
    let mut partial = squashed.clone();
    partial.tested = None;
    let old = history(5, |_, commit| commit.committed -= 86_400 * 365);
    let slow = history(3, |number, commit| {
        commit.committed -= 86_400 * 30 * i64::try_from(number).unwrap();
    });
    let mut young = history(40, |_, _| {});
    young.beginning = Beginning::Recent;
    let mut shallow = history(1, |_, commit| commit.parents = vec!["f".repeat(40)]);
    shallow.is_shallow = true;
    shallow.beginning = Beginning::Unknown;
    let empty = History::default();
    for (check, history, expected) in [
        ("Code-Review", &alone, Some(0)),
        ("Code-Review", &reviewed, Some(5)),
        ("Code-Review", &many, Some(7)),
        ("Code-Review", &machines, None),
        ("Code-Review", &squashed, None),
        ("Code-Review", &shallow, None),
        ("Code-Review", &empty, None),
        ("Signed-Commits", &alone, Some(0)),
        ("Signed-Commits", &signed, Some(10)),
        ("Signed-Commits", &shallow, None),
        ("Contributors", &alone, Some(3)),
        ("Contributors", &many, Some(10)),
        ("Contributors", &machines, Some(0)),
        ("Contributors", &shallow, None),
        ("CI-Tests", &alone, None),
        ("CI-Tests", &squashed, Some(0)),
        ("CI-Tests", &tested, Some(5)),
        ("CI-Tests", &shallow, None),
        ("CI-Tests", &partial, None),
        ("Maintained", &alone, Some(10)),
        ("Maintained", &old, Some(0)),
        ("Maintained", &slow, Some(2)),
        ("Maintained", &young, Some(0)),
        ("Maintained", &shallow, None),
    ] {
        let (score, reason) = score_of(check, history);
        assert_eq!(score, expected, "{check}: {reason}");
        if history.is_shallow {
            assert!(reason.contains("shallow"), "{reason}");
        }
    }
}

#[test]
fn a_machine_that_commits_updates_is_an_update_tool() {
    let (files, pipelines) = read(&folder("neglected"));
    let history = history(3, |_, commit| {
        commit.author = person("renovate[bot]", "x.example");
    });
    let scored = scored(&files, &pipelines, Ok(&history), Err("no forge"));
    let found = scored
        .iter()
        .find(|one| one.check.name == "Dependency-Update-Tool");
    assert_eq!(found.unwrap().evaluation.score, Some(10));
}

/// A forge that answers from a table.
struct Table(BTreeMap<&'static str, &'static str>, &'static str);

impl Forge for Table {
    fn get(&self, path: &str, _: &str) -> Result<Option<String>, String> {
        let rest = path.strip_prefix("repos/shop/till").unwrap();
        Ok(self.0.get(rest).map(|text| (*text).to_owned()))
    }

    fn badge(&self, address: &str) -> Result<Option<String>, String> {
        assert_eq!(address, "https://forge.example/shop/till");
        Ok(Some(self.1.to_owned()))
    }
}

const ABOUT: &str = r#"{"default_branch": "main", "archived": false, "html_url": "https://forge.example/shop/till"}"#;

fn forge(answers: &[(&'static str, &'static str)], badge: &'static str) -> ForgeFacts {
    let mut table: BTreeMap<_, _> = answers.iter().copied().collect();
    table.entry("").or_insert(ABOUT);
    ask(
        &Table(table, badge),
        &"shop/till".parse().unwrap(),
        &[1, 2, 3, 4],
    )
    .unwrap()
}

#[test]
fn forges_are_asked_what_only_they_know() {
    let (files, pipelines) = read(&folder("between"));
    let scores = |forge: &ForgeFacts| -> BTreeMap<&str, Option<u8>> {
        let scored = scored(&files, &pipelines, Err("no history"), Ok(forge));
        let scores = scored
            .iter()
            .map(|one| (one.check.name, one.evaluation.score));
        scores.collect()
    };
    let whole = forge(
        &[
            (
                "/branches/main",
                r#"{"protected": true, "protection": {"required_status_checks": {"contexts": ["test"]}}}"#,
            ),
            (
                "/branches/main/protection",
                r#"{"allow_force_pushes": {"enabled": false}, "allow_deletions": {"enabled": false},
                    "enforce_admins": {"enabled": true},
                    "required_status_checks": {"strict": true, "contexts": ["test"]},
                    "required_pull_request_reviews": {"required_approving_review_count": 2,
                        "dismiss_stale_reviews": true, "require_code_owner_reviews": true,
                        "require_last_push_approval": true}}"#,
            ),
            ("/rules/branches/main", "[]"),
            (
                "/releases",
                r#"[{"tag_name": "v2", "assets": [{"name": "a.tar.gz"}, {"name": "a.intoto.jsonl"}, {"name": "a.spdx.json"}]},
                    {"tag_name": "v1", "assets": [{"name": "a.tar.gz"}, {"name": "a.tar.gz.sig"}]},
                    {"tag_name": "v0", "assets": []}]"#,
            ),
            (
                "/hooks",
                r#"[{"id": 1, "config": {"secret": "********"}}, {"id": 2, "config": {}}]"#,
            ),
        ],
        r#"[{"badge_level": "silver"}]"#,
    );
    let found = scores(&whole);
    for (check, expected) in [
        ("Branch-Protection", Some(10)),
        ("Signed-Releases", Some(9)),
        ("Webhooks", Some(5)),
        ("CII-Best-Practices", Some(7)),
        ("SBOM", Some(5)),
    ] {
        assert_eq!(found[check], expected, "{check}");
    }

    // A token that is no administrator's, and rules instead of settings.
    let rules = forge(
        &[
            ("/branches/main", r#"{"protected": true}"#),
            (
                "/rules/branches/main",
                r#"[{"type": "deletion"}, {"type": "non_fast_forward"},
                    {"type": "pull_request", "parameters": {"required_approving_review_count": 0}}]"#,
            ),
            ("/releases", "[]"),
        ],
        "[]",
    );
    let found = scores(&rules);
    for (check, expected) in [
        // The first tier, and of the second that changes must come as proposals.
        ("Branch-Protection", Some(4)),
        ("Signed-Releases", None),
        ("Webhooks", None),
        ("CII-Best-Practices", Some(0)),
    ] {
        assert_eq!(found[check], expected, "{check}");
    }

    let open = forge(&[("/branches/main", r#"{"protected": false}"#)], "[]");
    let found = scores(&open);
    assert_eq!(found["Branch-Protection"], Some(0));
    assert_eq!(found["Signed-Releases"], None);

    let archived = r#"{"default_branch": "main", "archived": true, "html_url": "https://forge.example/shop/till"}"#;
    let archived = forge(&[("", archived), ("/releases", "no json")], "[{}]");
    assert_eq!(scores(&archived)["Maintained"], Some(0));
    assert!(archived.releases.unwrap_err().contains("no JSON"));
}

#[test]
fn reviews_on_a_forge_count_when_it_is_asked() {
    let asked = forge(
        &[
            (
                "/pulls/1",
                r#"{"user": {"login": "ann"}, "merged_by": {"login": "ben"}}"#,
            ),
            (
                "/pulls/2",
                r#"{"user": {"login": "ann"}, "merged_by": {"login": "ann"}}"#,
            ),
            (
                "/pulls/2/reviews",
                r#"[{"state": "APPROVED", "user": {"login": "ann"}}, {"state": "COMMENTED", "user": {"login": "ben"}}]"#,
            ),
            (
                "/pulls/3",
                r#"{"user": {"login": "ann"}, "merged_by": {"login": "merger[bot]", "type": "Bot"}}"#,
            ),
            (
                "/pulls/3/reviews",
                r#"[{"state": "APPROVED", "user": {"login": "ben"}}]"#,
            ),
        ],
        "[]",
    );
    assert_eq!(
        asked.reviews,
        BTreeMap::from([(1, true), (2, false), (3, true)])
    );
    let (files, pipelines) = read(&folder("between"));
    let squashed = history(4, |number, commit| {
        commit.message = format!("Change (#{})", number + 1);
        commit.committer = Person {
            name: "GitHub".to_owned(),
            email: "noreply@github.com".to_owned(),
        };
    });
    assert_eq!(squashed.proposals(), [1, 2, 3, 4]);
    let scored = scored(&files, &pipelines, Ok(&squashed), Ok(&asked));
    let found = scored
        .iter()
        .find(|one| one.check.name == "Code-Review")
        .unwrap();
    assert_eq!(
        found.evaluation.score,
        Some(6),
        "{}",
        found.evaluation.reason
    );
}

#[test]
fn a_forge_that_does_not_know_the_repository_is_told() {
    let nothing = Table(BTreeMap::new(), "[]");
    let error = ask(&nothing, &"shop/till".parse().unwrap(), &[]).unwrap_err();
    assert!(error.contains("shop/till"), "{error}");
    for wrong in [
        "", "shop", "shop/", "/till", "a/b/c", "../x", "shop/..", "a b/c",
    ] {
        assert!(
            wrong
                .parse::<linchpin_check::practices::Repository>()
                .is_err(),
            "{wrong}"
        );
    }
}
