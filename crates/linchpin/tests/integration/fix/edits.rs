//! Automatic fixes of documents: shown, and written.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::program::{Outcome, run, storefront};

const FILES: [&str; 2] = ["Dockerfile", "deploy/kubernetes.yaml"];

fn copied() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in FILES {
        let to = folder.path().join(file);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(Path::new(&storefront()).join(file), &to).unwrap();
    }
    folder
}

fn fix(folder: &Path, more: &[&str]) -> Outcome {
    let folder = folder.to_str().unwrap();
    let mut arguments = vec!["fix", folder, "--offline", "--only", "configuration"];
    arguments.extend(more);
    run(&arguments)
}

#[test]
fn fixes_are_shown_as_differences_and_nothing_is_written() {
    let folder = copied();
    let before = fs::read_to_string(folder.path().join(FILES[0])).unwrap();
    let outcome = fix(folder.path(), &[]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    for line in [
        "Dockerfile: 1 finding goes",
        "  The cache of pip stays in the image (dockerfile-pip-cache-kept)",
        "+RUN cd api && pip3 install --no-cache-dir --trusted-host packages.example -r requirements.txt",
        "6 more findings go with --unsafe, after which something may no longer work:",
    ] {
        assert!(
            outcome.stdout.lines().any(|known| known == line),
            "{line}: {}",
            outcome.stdout
        );
    }
    assert_eq!(
        fs::read_to_string(folder.path().join(FILES[0])).unwrap(),
        before
    );
    let json = fix(folder.path(), &["--unsafe", "-f", "json"]).json();
    assert_eq!(json["edits"].as_array().unwrap().len(), 2);
    assert_eq!(json["edits"][0]["written"], false);
    assert_eq!(json["unsafe_edits"].as_array().unwrap().len(), 0);
    let skipped = fix(folder.path(), &["--only", "packages"]);
    assert!(
        skipped.stdout.contains("--trusted-host"),
        "both are asked for"
    );
}

#[test]
fn fixes_are_written_with_the_rights_of_their_files_and_made_once() {
    let folder = copied();
    let dockerfile = folder.path().join(FILES[0]);
    fs::set_permissions(&dockerfile, fs::Permissions::from_mode(0o750)).unwrap();
    let outcome = fix(folder.path(), &["--unsafe", "--apply"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""));
    assert!(
        outcome
            .stdout
            .contains("deploy/kubernetes.yaml: 4 findings go, written")
    );
    let mode = fs::metadata(&dockerfile).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o750);
    let manifest = fs::read_to_string(folder.path().join(FILES[1])).unwrap();
    assert!(manifest.contains("privileged: false # fixed a permission error once\n"));
    let again = fix(folder.path(), &["--unsafe"]);
    let name = folder.path().display();
    assert_eq!(again.stdout, format!("Nothing to fix in {name}\n"));
}

#[test]
fn what_is_accepted_stays_as_it_is() {
    let folder = copied();
    let exception = "[[exceptions]]\nid = \"dockerfile-pip-cache-kept\"\npath = \"Dockerfile\"\n\
        reason = \"small\"\nexpires = 9999-12-31\n";
    fs::write(folder.path().join("linchpin.toml"), exception).unwrap();
    let outcome = fix(folder.path(), &[]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    assert!(
        !outcome.stdout.contains("--no-cache-dir"),
        "{}",
        outcome.stdout
    );
}

#[test]
fn scans_and_explanations_tell_fixes() {
    let target = storefront();
    let scan = [
        "scan",
        &target,
        "--offline",
        "--only",
        "configuration",
        "-f",
        "sarif",
    ];
    let sarif = run(&scan).json();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let of_pip = results
        .iter()
        .find(|result| result["ruleId"] == "dockerfile-pip-cache-kept")
        .unwrap();
    let change = &of_pip["fixes"][0]["artifactChanges"][0];
    assert_eq!(change["artifactLocation"]["uri"], "Dockerfile");
    let replacement = &change["replacements"][0];
    assert_eq!(replacement["deletedRegion"]["startLine"], 19);
    assert_eq!(replacement["insertedContent"]["text"], "--no-cache-dir ");
    let explained = run(&["explain", "kubernetes-host-network", &target, "--offline"]).stdout;
    for line in [
        "What `linchpin fix` changes",
        "  line 17, instead of what stands there:",
        "  Only with `--unsafe`: What listens on, or looks at, the network of the host is cut off from it.",
    ] {
        assert!(explained.contains(line), "{line}: {explained}");
    }
}
