//! Submodules of git repositories as targets: their commits and their contents, from this disk and
//! from a server, and nothing that a hostile `.gitmodules` asks for.

#![expect(clippy::disallowed_methods, reason = "tests look whether git is there")]

use std::path::Path;

use serde_json::Value;

use crate::git::{git, lock, serve};
use crate::program::{Outcome, available, run};

/// A repository with one file, that a lockfile makes a project.
fn repository(folder: &Path, name: &str) -> String {
    std::fs::create_dir_all(folder).unwrap();
    git(folder, &["init", "-q", "-b", "main"]);
    let lock = lock("1.0.0").replace("part", name);
    std::fs::write(folder.join("package-lock.json"), lock).unwrap();
    git(folder, &["add", "."]);
    git(folder, &["commit", "-q", "-m", "one"]);
    git(folder, &["rev-parse", "HEAD"])
}

fn add_submodule(folder: &Path, address: &str, path: &str) {
    let allow = "protocol.file.allow=always";
    git(
        folder,
        &["-c", allow, "submodule", "add", "-q", address, path],
    );
    git(folder, &["commit", "-q", "-m", "submodule"]);
}

struct Repositories {
    folder: tempfile::TempDir,
    /// The commits of the submodule and the one in it.
    commits: [String; 2],
}

/// `app` has the submodule `middle`, and that has `inner`.
fn repositories() -> Option<Repositories> {
    let there = std::process::Command::new("git").arg("--version").output();
    if !available(there.is_ok(), "git") {
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    let work = folder.path();
    let inner = repository(&work.join("inner"), "inner-part");
    repository(&work.join("middle"), "middle-part");
    add_submodule(&work.join("middle"), "../inner", "deep/inner");
    let middle = git(&work.join("middle"), &["rev-parse", "HEAD"]);
    repository(&work.join("app"), "app-part");
    add_submodule(&work.join("app"), "../middle", "libs/middle");
    Some(Repositories {
        commits: [middle, inner],
        folder,
    })
}

fn sbom(target: &str) -> Outcome {
    run(&["sbom", "-q", target, "-f", "json"])
}

fn packages(outcome: &Outcome) -> Vec<String> {
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let json = outcome.json();
    let packages = json["packages"].as_array().unwrap().iter();
    packages
        .map(|package| package["purl"].as_str().unwrap().to_owned())
        .collect()
}

fn notes(outcome: &Outcome) -> String {
    let json = outcome.json();
    let notes = json["notes"].as_array().unwrap().iter();
    let texts: Vec<&str> = notes.filter_map(|note| note["text"].as_str()).collect();
    texts.join("\n")
}

#[test]
fn submodules_are_read_from_where_they_are() {
    let Some(Repositories { folder, commits }) = repositories() else {
        return;
    };
    let work = folder.path();
    let authority = serve(work);
    let [middle, inner] = &commits;
    // From a server: everything is fetched.
    let served = sbom(&format!("http://{authority}/app"));
    let found = packages(&served);
    for expected in [
        "pkg:npm/app-part@1.0.0".to_owned(),
        "pkg:npm/middle-part@1.0.0".to_owned(),
        "pkg:npm/inner-part@1.0.0".to_owned(),
    ] {
        assert!(found.contains(&expected), "{expected}: {found:#?}");
    }
    for commit in [middle, inner] {
        assert!(found.iter().any(|purl| purl.contains(commit)), "{found:#?}");
    }
    assert!(!notes(&served).contains("submodule"), "{}", notes(&served));

    // From a work tree: git keeps the submodule itself, but not the one in it.
    let path = work.join("app").display().to_string();
    let here = sbom(&format!("{path}@main"));
    let found = packages(&here);
    assert!(
        found.contains(&"pkg:npm/middle-part@1.0.0".to_owned()),
        "{found:#?}"
    );
    assert!(
        !found.contains(&"pkg:npm/inner-part@1.0.0".to_owned()),
        "{found:#?}"
    );
    assert!(
        notes(&here).contains("its commit is not on this disk"),
        "{}",
        notes(&here)
    );
    let update = ["submodule", "update", "-q", "--init", "--recursive"];
    let allow = "protocol.file.allow=always";
    git(&work.join("app"), &[&["-c", allow], &update[..]].concat());
    let found = packages(&sbom(&format!("{path}@main")));
    assert!(
        found.contains(&"pkg:npm/inner-part@1.0.0".to_owned()),
        "{found:#?}"
    );
}

#[test]
fn a_hostile_list_of_submodules_reaches_nothing() {
    let Some(Repositories { folder, commits }) = repositories() else {
        return;
    };
    let work = folder.path();
    let authority = serve(work);
    let app = work.join("app");
    let secret = repository(&work.join("secret"), "secret-part");
    let marker = work.join("ran").display().to_string();
    let own = work.display();
    for (address, name) in [
        (format!("ext::sh -c touch% {marker}"), "x"),
        (format!("--upload-pack=touch {marker}"), "x"),
        (format!("-uhttp://{authority}/secret"), "x"),
        (format!("file://{own}/secret"), "x"),
        (format!("{own}/secret"), "../../../secret/.git"),
        ("ssh://-oProxyCommand=touch/x".to_owned(), "x"),
        ("https://git.invalid/x".to_owned(), "x"),
    ] {
        let modules = format!(
            "[submodule \"{name}\"]\n\tpath = libs/middle\n\turl = {address}\n\tupdate = !touch {marker}\n"
        );
        std::fs::write(app.join(".gitmodules"), modules).unwrap();
        let link = format!("160000,{secret},libs/middle");
        git(&app, &["update-index", "--cacheinfo", &link]);
        git(&app, &["add", ".gitmodules"]);
        git(&app, &["commit", "-q", "-m", "hostile"]);
        let path = app.display().to_string();
        for target in [format!("{path}@main"), format!("http://{authority}/app")] {
            let outcome = sbom(&target);
            let found = packages(&outcome);
            assert!(
                !found.iter().any(|purl| purl.contains("secret-part")),
                "{target} {address}: {found:#?}"
            );
            let json: Value = outcome.json();
            assert!(
                notes(&outcome).contains("submodule whose files are not read"),
                "{target} {address}: {json}"
            );
        }
        assert!(!Path::new(&marker).exists(), "{address} ran something");
    }
    drop(commits);
}
