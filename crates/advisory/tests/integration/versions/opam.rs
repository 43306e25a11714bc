//! opam's own ordering. It has no command that compares two versions, but `available` of a package is
//! a formula over them: a repository with two packages for each pair is asked which are available.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fs;

use linchpin_advisory::versions::compare;
use linchpin_model::VersionScheme;

use super::generated::related_pairs;
use super::tools::{Answer, assert_same};
use crate::reference_tools::{output, skip, works};

#[test]
fn opam_is_ordered_as_by_opam() {
    if !works("opam", &["--version"]) {
        return skip("opam");
    }
    // opam compares every text; only what is valid here is given to it.
    let mut pairs = related_pairs(VersionScheme::Opam, 20_000);
    pairs.retain(|(left, right)| compare(VersionScheme::Opam, left, right).is_ok());
    pairs.truncate(10_500);
    assert!(pairs.len() > 10_000, "{}", pairs.len());

    let folder = tempfile::TempDir::new().unwrap();
    fs::write(folder.path().join("repo"), "opam-version: \"2.0\"\n").unwrap();
    for (number, (left, right)) in pairs.iter().enumerate() {
        for (version, operator) in [("less", "<"), ("greater", ">")] {
            let package = folder
                .path()
                .join(format!("packages/p{number}/p{number}.{version}"));
            fs::create_dir_all(&package).unwrap();
            let text =
                format!("opam-version: \"2.0\"\navailable: \"{left}\" {operator} \"{right}\"\n");
            fs::write(package.join("opam"), text).unwrap();
        }
    }
    let script =
        "cd \"$0\" && exec opam admin list --available --all-versions --short --columns=package";
    let root = folder.path().display().to_string();
    let listed = output("sh", &["-c", script, &root]).unwrap();
    let listed: BTreeSet<&str> = listed.split_whitespace().collect();
    let theirs: Vec<Answer> = (0..pairs.len())
        .map(|number| {
            let is = |version: &str| listed.contains(format!("p{number}.{version}").as_str());
            match (is("less"), is("greater")) {
                (true, false) => Some(Ordering::Less),
                (false, true) => Some(Ordering::Greater),
                (false, false) => Some(Ordering::Equal),
                (true, true) => None,
            }
        })
        .collect();
    assert_same(VersionScheme::Opam, &pairs, &theirs);
}
