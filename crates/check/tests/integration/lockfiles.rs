//! Lockfiles of every package manager: the same things are seen in each.

use linchpin_check::{Checks, InternalNames, Rules};
use linchpin_model::{About, FindingKind};
use linchpin_source::{SourceOptions, open, read_together};

/// The findings of a folder with these files, as `rule line`.
fn findings(files: &[(&str, &str)], internal: &[&str]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        std::fs::write(folder.path().join(path), text).unwrap();
    }
    let rules = Rules::default();
    let internal = InternalNames::new(internal.iter().map(|name| (*name).to_owned()));
    let checks = Checks::new(&rules, |kind| kind.finding == FindingKind::Suspicious)
        .with_internal_names(internal);
    let source = open(folder.path().to_str().unwrap(), SourceOptions::default()).unwrap();
    let visited = read_together(source.as_ref(), &[&checks]).unwrap();
    let checked = checks.finish(&visited);
    assert_eq!(checked.notes, [], "{files:?}");
    let mut found: Vec<String> = checked
        .findings
        .iter()
        .map(|finding| match &finding.about {
            About::Place(place) => format!("{} {}", finding.rule, place.line.unwrap()),
            About::Package(_) => panic!("{finding:?}"),
        })
        .collect();
    found.sort();
    found
}

#[test]
fn every_lockfile_tells_where_packages_come_from() {
    for (path, text, expected) in [
        (
            "package-lock.json",
            "{\"lockfileVersion\": 1, \"dependencies\": {\n\"a\": {\"version\": \"1.0.0\", \"resolved\": \"http://npm.example/a/-/a-1.0.0.tgz\",\n\"dependencies\": {\n\"b\": {\"version\": \"1.0.0\", \"resolved\": \"https://npm.example/c/-/c-1.0.0.tgz\", \"integrity\": \"sha512-A\"}}}}}",
            vec!["lockfile-other-name 4", "lockfile-plain-http 2"],
        ),
        (
            "yarn.lock",
            "# yarn lockfile v1\n\n\na@^1.0.0:\n  version \"1.0.0\"\n  resolved \"http://npm.example/a/-/a-1.0.0.tgz\"\n\n\"b@npm:c@^1.0.0\":\n  version \"1.0.0\"\n  resolved \"https://npm.example/c/-/c-1.0.0.tgz\"\n  integrity sha512-A\n",
            vec!["lockfile-plain-http 4"],
        ),
        (
            "yarn.lock",
            "__metadata:\n  version: 8\n\n\"a@http://files.example/a.tgz\":\n  version: 1.0.0\n  resolution: \"a@http://files.example/a.tgz\"\n\n\"b@workspace:.\":\n  version: 0.0.0-use.local\n  resolution: \"b@workspace:.\"\n",
            vec!["lockfile-plain-http 4"],
        ),
        (
            "pnpm-lock.yaml",
            "lockfileVersion: '9.0'\npackages:\n  a@1.0.0:\n    resolution: {integrity: sha512-A}\n    deprecated: use b\n  b@1.0.0:\n    resolution: {tarball: http://npm.example/b/-/b-1.0.0.tgz}\n",
            vec!["lockfile-deprecated-package 3", "lockfile-plain-http 6"],
        ),
        (
            "uv.lock",
            "version = 1\n\n[[package]]\nname = \"a\"\nversion = \"1.0\"\nsource = { registry = \"https://py.example/simple\" }\nwheels = [\n    { url = \"http://py.example/a.whl\" },\n]\n\n[[package]]\nname = \"own\"\nversion = \"1.0\"\nsource = { editable = \".\" }\n",
            vec!["lockfile-plain-http 4"],
        ),
        (
            "poetry.lock",
            "[[package]]\nname = \"a\"\nversion = \"1.0\"\nfiles = []\n\n[[package]]\nname = \"b\"\nversion = \"1.0\"\nfiles = [{file = \"b.whl\", hash = \"sha256:aa\"}]\n",
            vec!["lockfile-no-checksum 2"],
        ),
        (
            "Pipfile.lock",
            "{\"_meta\": {\"sources\": [{\"name\": \"own\", \"url\": \"http://py.example/simple\"}]}, \"default\": {\n\"a\": {\"version\": \"==1.0\", \"index\": \"own\"}}}",
            vec!["lockfile-plain-http 2"],
        ),
        (
            "Cargo.lock",
            "version = 3\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nsource = \"sparse+https://crates.example/\"\n\n[[package]]\nname = \"own\"\nversion = \"0.1.0\"\n",
            vec!["lockfile-no-checksum 4"],
        ),
        (
            "composer.lock",
            "{\"packages\": [{\n\"name\": \"a/b\", \"version\": \"1\", \"abandoned\": true,\n\"dist\": {\"type\": \"zip\", \"url\": \"http://php.example/b.zip\", \"shasum\": \"\"}}]}",
            vec!["lockfile-deprecated-package 2", "lockfile-plain-http 2"],
        ),
        (
            "Gemfile.lock",
            "GEM\n  remote: http://gems.example/\n  specs:\n    a (1.0)\n      b (>= 1)\n\nPLATFORMS\n  ruby\n",
            vec!["lockfile-plain-http 4"],
        ),
    ] {
        assert_eq!(findings(&[(path, text)], &[]), expected, "{path}");
    }
}

#[test]
fn names_of_ones_own_come_from_ones_own_registry() {
    let lock = "{\"packages\": {\n\"node_modules/@acme/a\": {\"version\": \"1.0.0\", \"resolved\": \"https://npm.example/@acme/a/-/a-1.0.0.tgz\", \"integrity\": \"sha512-A\"}}}";
    let settings = "@acme:registry=https://npm.acme.example/\n";
    let expected = ["lockfile-internal-name-public 2"];
    assert_eq!(
        findings(&[("package-lock.json", lock), (".npmrc", settings)], &[]),
        expected
    );
    assert_eq!(
        findings(&[("package-lock.json", lock)], &["@acme/*"]),
        [""; 0]
    );
    let crates = "version = 3\n\n[[package]]\nname = \"acme-core\"\nversion = \"1.0.0\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\nchecksum = \"aa\"\n";
    let expected = ["lockfile-internal-name-public 4"];
    assert_eq!(findings(&[("Cargo.lock", crates)], &["acme-*"]), expected);
    assert_eq!(findings(&[("Cargo.lock", crates)], &["acme"]), [""; 0]);
}
