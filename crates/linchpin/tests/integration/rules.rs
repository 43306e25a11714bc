//! Rules of the user, from the command line.

use std::path::Path;

use crate::program::run;

const RULE: &str = "\
id: compose-image-of-others
title: An image does not come from our own registry
severity: high
category: origin
why: Images of others are not looked at by anybody here. Ours are built from what we know.
fix: Take an image from `images.shop.example`.
applies_to: compose
each: service
when: has(this.image) && !this.image.startsWith('images.shop.example/')
at: image
pass:
  - |
    services: {web: {image: images.shop.example/web}}
fail:
  - |
    services: {web: {image: web}}
";

fn write(folder: &Path, name: &str, text: &str) -> String {
    std::fs::create_dir_all(folder).unwrap();
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

/// A folder with a project and one with rules.
fn folders(rules: &[(&str, &str)]) -> (tempfile::TempDir, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let (project, own) = (folder.path().join("project"), folder.path().join("rules"));
    write(&project, "compose.yaml", "services: {web: {image: web}}\n");
    for (name, text) in rules {
        write(&own, name, text);
    }
    let paths = (project.display().to_string(), own.display().to_string());
    (folder, paths.0, paths.1)
}

#[test]
fn a_rule_of_the_user_finds_beside_those_of_the_program() {
    let (_folder, project, own) = folders(&[("origin.yaml", RULE)]);
    let scan = |bar: &str| {
        run(&[
            "scan",
            "-q",
            &project,
            "--rules",
            &own,
            "--fail-on",
            bar,
            "--only",
            "configuration",
        ])
    };
    let outcome = scan("high");
    assert_eq!((outcome.code, outcome.stderr.as_str()), (1, ""));
    for wanted in ["compose-image-of-others", "compose.yaml:1"] {
        assert!(outcome.stdout.contains(wanted), "{}", outcome.stdout);
    }
    assert_eq!(scan("critical").code, 0);
}

#[test]
fn an_invalid_rule_is_named_and_the_others_go_on() {
    let invalid = RULE.replace("when: has(this.image) &&", "when: has(this.image) &&&");
    let invalid = invalid.replace("compose-image-of-others", "compose-broken");
    let (_folder, project, own) = folders(&[("broken.yaml", &invalid), ("origin.yaml", RULE)]);
    let arguments = |bar| {
        [
            "scan",
            &project,
            "--rules",
            &own,
            "--fail-on",
            bar,
            "--only",
            "configuration",
        ]
    };
    let outcome = run(&arguments("critical"));
    assert_eq!(outcome.code, 2, "{outcome:?}");
    let (told, report) = (&outcome.stderr, outcome.stdout.replace("\n  ", " "));
    assert!(told.contains("broken.yaml:9:"), "{told}");
    assert!(report.contains("compose-image-of-others"), "{report}");
    assert!(report.contains("a rule was not asked"), "{report}");
    // What was found counts first.
    assert_eq!(run(&arguments("high")).code, 1);

    let outcome = run(&["rules", "test", &own]);
    assert_eq!(outcome.code, 1, "{outcome:?}");
    assert!(outcome.stdout.contains("broken.yaml:9:"), "{outcome:?}");
    assert!(
        outcome.stderr.contains("1 rule with 2 examples"),
        "{outcome:?}"
    );
    let outcome = run(&["rules", "list", "--rules", &own]);
    assert_eq!(outcome.code, 2, "{outcome:?}");
}

#[test]
fn a_rule_is_begun_shown_and_tested() {
    let (_folder, _, own) = folders(&[("origin.yaml", RULE)]);
    let outcome = run(&["rules", "test", &own]);
    assert_eq!((outcome.code, outcome.stdout.as_str()), (0, ""));
    assert!(
        outcome.stderr.contains("1 rule with 2 examples"),
        "{outcome:?}"
    );
    let outcome = run(&["rules", "show", "compose-image-of-others", "--rules", &own]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    assert!(
        outcome.stdout.contains("images.shop.example"),
        "{outcome:?}"
    );
    let outcome = run(&["rules", "list", "--rules", &own]);
    assert!(
        outcome.stdout.contains("compose-image-of-others"),
        "{outcome:?}"
    );
    let outcome = run(&["rules", "new", "compose", "compose-of-ours"]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    assert!(
        outcome.stdout.starts_with("id: compose-of-ours\n"),
        "{outcome:?}"
    );
    // An example that does not come out as it should.
    let wrong = RULE.replace("services: {web: {image: web}}", "services: {}");
    let (_folder, _, own) = folders(&[("origin.yaml", &wrong)]);
    let outcome = run(&["rules", "test", &own]);
    assert_eq!(outcome.code, 1, "{outcome:?}");
    assert!(
        outcome.stdout.contains("compose-image-of-others"),
        "{outcome:?}"
    );
}
