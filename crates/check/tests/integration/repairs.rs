//! Automatic fixes: of all rules that have one, over their own examples; and the ways in which
//! documents are written.

use std::collections::BTreeMap;

use linchpin_check::edit::apply;
use linchpin_check::{Checked, Checks, Example, Reach, Repaired, Rule, Rules};
use linchpin_model::{About, Finding, NoteKind, Repair};
use linchpin_source::{SourceOptions, read_together};

use crate::checks::program_rules;

type Files = Vec<(String, String)>;

/// A folder with files, read for the rules of one kind of document.
fn with_checks<'r, T>(
    files: &Files,
    rules: &'r Rules,
    kind: &str,
    then: impl FnOnce(Checks<'r>, &linchpin_source::Visited) -> T,
) -> T {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let path = folder.path().to_str().unwrap();
    let source = linchpin_source::open(path, SourceOptions::default()).unwrap();
    let checks = Checks::new(rules, |known| known.id == kind);
    let visited = read_together(source.as_ref(), &[&checks]).unwrap();
    then(checks, &visited)
}

fn check(files: &Files, kind: &str) -> Checked {
    with_checks(files, program_rules(), kind, Checks::finish)
}

fn repaired(files: &Files, kind: &str, reach: Reach, rule: &str) -> Repaired {
    with_checks(files, program_rules(), kind, |checks, visited| {
        let repairing = checks.repairing(visited);
        repairing.repair(reach, |finding| finding.rule.0 == rule)
    })
}

/// How many findings each rule has, and how much could not be read.
fn counts(checked: &Checked) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for finding in &checked.findings {
        *counts.entry(finding.rule.0.clone()).or_default() += 1;
    }
    let unread = checked.notes.iter();
    let unread = unread.filter(|note| note.kind == NoteKind::Unread).count();
    counts.insert("unread".to_owned(), unread);
    counts
}

fn repair_of(finding: &Finding) -> Option<&Repair> {
    finding.rule_reason()?.repair.as_ref()
}

/// The first finding of a rule that can be repaired, with its file.
fn repairable<'c>(checked: &'c Checked, rule: &Rule) -> Option<(&'c str, &'c Repair)> {
    checked.findings.iter().find_map(|finding| {
        let About::Place(place) = &finding.about else {
            return None;
        };
        let repair = repair_of(finding).filter(|_| finding.rule.0 == rule.id)?;
        Some((place.path.as_str(), repair))
    })
}

/// Repairs one finding after the other, and looks at what each comes to.
fn run(rule: &Rule, example: &Example) -> Result<usize, String> {
    let mut files: Files = example.0.clone();
    let mut checked = check(&files, rule.kind.id);
    let mut repaired = 0;
    while let Some((path, repair)) = repairable(&checked, rule) {
        let (_, text) = files.iter_mut().find(|(known, _)| known == path).unwrap();
        let new = apply(text, &repair.edits).unwrap();
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
        let (old_lines, new_lines) = (lines(text), lines(&new));
        // What stands before the first edit and behind the last one is as it was.
        let first = repair.edits.iter().map(|edit| edit.start.0).min().unwrap() as usize;
        let last = repair.edits.iter().map(|edit| edit.end.0).max().unwrap() as usize;
        let behind = old_lines.len().saturating_sub(last);
        if old_lines[..first - 1] != new_lines[..first - 1]
            || old_lines[old_lines.len() - behind..] != new_lines[new_lines.len() - behind..]
        {
            return Err(format!("other lines are changed, too: {text}\n{new}"));
        }
        *text = new;
        let after = check(&files, rule.kind.id);
        let (was, is) = (counts(&checked), counts(&after));
        let count =
            |counts: &BTreeMap<String, usize>, id: &str| counts.get(id).copied().unwrap_or(0);
        if count(&is, &rule.id) >= count(&was, &rule.id) {
            return Err(format!("it is still there in {files:#?}"));
        }
        let mut new = is.iter().filter(|(id, now)| **now > count(&was, id));
        if let Some((id, _)) = new.next() {
            return Err(format!("{id} is new in {files:#?}"));
        }
        checked = after;
        repaired += 1;
    }
    Ok(repaired)
}

#[test]
fn every_fix_removes_its_finding_and_brings_no_other() {
    let mut with_fix = 0;
    let mut wrong = Vec::new();
    for rule in program_rules().all() {
        if rule.edit.is_none() {
            continue;
        }
        with_fix += 1;
        let mut repaired = 0;
        for example in &rule.fail {
            match run(rule, example) {
                Ok(count) => repaired += count,
                Err(problem) => wrong.push(format!("{}: {problem}", rule.id)),
            }
        }
        if repaired == 0 {
            wrong.push(format!("{}: none of its examples is repaired", rule.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(with_fix >= 60, "{with_fix}");
}

#[test]
fn repairing_a_file_a_second_time_changes_nothing() {
    for rule in program_rules().all() {
        let Some(edit) = &rule.edit else {
            continue;
        };
        for example in &rule.fail {
            let once = repaired(&example.0, rule.kind.id, Reach::Unsafe, &rule.id);
            let is_safe = edit.may_break.is_none();
            let safe = repaired(&example.0, rule.kind.id, Reach::Safe, &rule.id);
            let nothing = safe.files.is_empty();
            assert!(is_safe || nothing, "{}: made without being asked", rule.id);
            assert!(
                is_safe || once.files.is_empty() || !safe.left.is_empty(),
                "{}",
                rule.id
            );
            let mut files = example.0.clone();
            for (path, text) in &mut files {
                let of_path = once.files.iter().find(|file| file.path.as_str() == path);
                if let Some(file) = of_path {
                    assert_eq!(file.before.as_ref(), text.as_str(), "{}", rule.id);
                    text.clone_from(&file.after);
                }
            }
            let twice = repaired(&files, rule.kind.id, Reach::Unsafe, &rule.id);
            assert_eq!(twice.files, [], "{}", rule.id);
        }
    }
}

/// The text of a file after all fixes of all rules.
fn all(kind: &str, path: &str, text: &str) -> String {
    let files = vec![(path.to_owned(), text.to_owned())];
    let repaired = with_checks(&files, program_rules(), kind, |checks, visited| {
        checks.repairing(visited).repair(Reach::Unsafe, |_| true)
    });
    assert_eq!(repaired.files.len(), 1, "{path}");
    repaired.files.into_iter().next().unwrap().after
}

#[test]
fn documents_keep_their_comments_their_order_and_their_line_endings() {
    let pod = "# A pod.\r\napiVersion: v1\r\nkind: Pod\r\nmetadata: {name: a, namespace: b} # mine\r\n\
               spec:\r\n  serviceAccountName: own\r\n  containers:\r\n    - image: example.com/a:1 # why\r\n      name: a\r\n      args:\r\n        - |\r\n          x: 1\r\n\r\n          y: 2\r\n\r\n      # about the next one\r\n    - {name: b, image: \"example.com/b:1\"}\r\n";
    insta::assert_snapshot!(all("kubernetes", "k8s/pod.yaml", pod).replace('\r', "␍"));
}

#[test]
fn json_terraform_and_dockerfiles_are_repaired_in_their_own_way() {
    let json = "{\n    \"Resources\": {\n        \"Data\": {\n            \"Type\": \"AWS::EC2::Volume\",\n            \"Properties\": {\n                \"AvailabilityZone\": \"eu-west-1a\"\n            }\n        },\n        \"Q\": {\"Type\": \"AWS::SQS::Queue\", \"Properties\": {\"SqsManagedSseEnabled\": false}}\n    }\n}\n";
    let hcl = "# Machines.\nresource \"aws_instance\" \"a\" {\n  ami = var.image # newest\n\n  root_block_device { encrypted = false }\n}\n\nresource \"aws_kms_key\" \"k\" {}\n\nresource \"aws_ebs_volume\" \"v\" {\n\tsize      = 1\n\tencrypted = var.unknown\n}\n";
    let docker = "FROM debian:13@sha256:0000000000000000000000000000000000000000000000000000000000000000\n# Tools.\nRUN apt-get update \\\n    && apt-get install \\\n       # for downloads\n       curl\nRUN pip install flask==3.1.0\n";
    let of_all = [
        all("cloudformation", "template.json", json),
        all("terraform", "main.tf", hcl),
        all("dockerfile", "Dockerfile", docker),
    ];
    insta::assert_snapshot!(of_all.join("\n---\n"));
}

#[test]
fn what_is_in_doubt_is_left_as_it_is() {
    for (kind, path, text) in [
        // An expression says where the value comes from.
        (
            "terraform",
            "main.tf",
            "variable \"e\" {\n  default = false\n}\nresource \"aws_efs_file_system\" \"f\" {\n  encrypted = var.e\n}\n",
        ),
        // The alias stands for what other services have, too.
        (
            "compose",
            "compose.yaml",
            "x-a: &a\n  privileged: true\nservices:\n  b:\n    <<: *a\n    image: example.com/b:1\n",
        ),
        // Readers do not agree on what ends a line.
        (
            "compose",
            "compose.yaml",
            "services:\r  a:\r    privileged: true\r",
        ),
        (
            "cloudformation",
            "template.yaml",
            "Resources:\n  K:\n    Type: AWS::KMS::Key\n",
        ),
    ] {
        let files = vec![(path.to_owned(), text.to_owned())];
        let checked = check(&files, kind);
        let first = [
            "terraform-aws-file-system-not-encrypted",
            "compose-privileged-service",
            "cloudformation-key-rotation-off",
        ];
        let findings = checked.findings.iter();
        let mut of_rules = findings.filter(|found| first.contains(&found.rule.0.as_str()));
        assert!(of_rules.all(|found| repair_of(found).is_none()), "{text}");
    }
}

#[test]
fn edits_for_another_text_are_refused() {
    let edit = |start, end| linchpin_model::TextEdit {
        start,
        end,
        text: "x".to_owned(),
    };
    assert_eq!(
        apply("ab\ncd\n", &[edit((2, 1), (2, 2))]).unwrap(),
        "ab\nxd\n"
    );
    for edits in [
        vec![edit((3, 2), (3, 2))],
        vec![edit((1, 4), (1, 4))],
        vec![edit((1, 2), (1, 1))],
        vec![edit((1, 1), (1, 3)), edit((1, 2), (1, 2))],
        vec![edit((0, 1), (1, 1))],
    ] {
        assert_eq!(apply("ab\ncd\n", &edits), None, "{edits:?}");
    }
}
