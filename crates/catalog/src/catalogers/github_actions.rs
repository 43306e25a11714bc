//! GitHub's workflows and actions: the actions, reusable workflows and images that they use:
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax>. Gitea and
//! Forgejo read the same files from folders of their own names.
//!
//! An action is versioned with its repository, so the repository is the package, whichever of its
//! folders is used. Where it is pinned to a commit, the commit is the version, because nothing
//! else is certain; the release that a comment beside it claims is kept as the qualifier `tag`.
//! Actions of the same repository (`./…`) are no packages. Which image a matrix asks for is told
//! as a note.

use std::collections::HashMap;

use linchpin_model::{CatalogerId, OccurrenceKind, PackageUrl, Scope};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::documents::json::Loose;
use crate::documents::yaml::read_documents;
use crate::package_roots::is_inside_package;
use crate::references::{Reference, References, assemble_references, folder_above};

pub(super) static CATALOGER: GithubActions = GithubActions;

pub(super) struct GithubActions;

impl Cataloger for GithubActions {
    type Fragment = Vec<Reference>;
    const ID: CatalogerId = CatalogerId("github-actions");
    const DOCUMENTATION: &'static str = "Reads workflows of GitHub Actions (also those of Gitea and Forgejo) and \
        descriptions of actions: the actions and reusable workflows they use, as `githubactions` packages named by their \
        repository, and the images of containers, services and steps. An action pinned to a commit has the commit as its \
        version, with the release that the comment beside it claims as the qualifier `tag`. Images that only a matrix or \
        a variable knows are told as notes.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Glob("**/.{github,gitea,forgejo}/workflows/*.{yml,yaml}"),
        Pattern::Name("action.yml"),
        Pattern::Name("action.yaml"),
    ];

    fn read(entry: &Entry<'_>) -> Parsed<Vec<Reference>> {
        if is_inside_package(entry.path) {
            return Parsed::not_mine();
        }
        let Ok(text) = std::str::from_utf8(entry.content) else {
            return Parsed::failed("it is no UTF-8");
        };
        let documents = match read_documents(text) {
            Ok(documents) => documents,
            Err(problem) => return Parsed::failed(problem),
        };
        let comments = releases_in_comments(text);
        let mut references = References::default();
        for document in &documents {
            for (_, job) in members(document, "jobs") {
                read_uses(job, &comments, &mut references);
                read_container(job.get("container"), &mut references);
                for (_, service) in members(job, "services") {
                    read_container(Some(service), &mut references);
                }
                read_steps(job, &comments, &mut references);
            }
            if let Some(runs) = document.get("runs") {
                read_steps(runs, &comments, &mut references);
                // An action's image is one of a registry, or a Dockerfile beside it.
                if let Some(image) = text_of(runs, "image").filter(|name| name.contains("://")) {
                    references.add_image(image, Scope::Build);
                }
            }
        }
        references.into_parsed()
    }

    fn assemble(fragments: Vec<Located<Vec<Reference>>>, assembly: &mut Assembly<'_>) {
        let settings = [".github", ".gitea", ".forgejo"];
        assemble_references(
            fragments,
            Self::ID,
            |path| folder_above(path, &settings),
            assembly,
        );
    }
}

fn members<'a, 'b>(
    value: &'b Loose<'a>,
    name: &str,
) -> &'b [(std::borrow::Cow<'a, str>, Loose<'a>)] {
    value.get(name).map(Loose::members).unwrap_or_default()
}

fn text_of<'b>(value: &'b Loose<'_>, name: &str) -> Option<&'b str> {
    value.get(name)?.text()
}

fn read_steps(holder: &Loose<'_>, comments: &HashMap<&str, &str>, references: &mut References) {
    let steps = holder.get("steps").map(Loose::items).unwrap_or_default();
    for step in steps {
        read_uses(step, comments, references);
    }
}

fn read_container(container: Option<&Loose<'_>>, references: &mut References) {
    let Some(container) = container else { return };
    let image = container.text().or_else(|| text_of(container, "image"));
    if let Some(image) = image.filter(|image| !image.is_empty()) {
        references.add_image(image, Scope::Build);
    }
}

/// Reads what a step or a job uses.
fn read_uses(holder: &Loose<'_>, comments: &HashMap<&str, &str>, references: &mut References) {
    let Some(used) = text_of(holder, "uses").map(str::trim) else {
        return;
    };
    if used.starts_with("./") || used.starts_with("../") || used.is_empty() {
        return;
    }
    if used.starts_with("docker://") {
        references.add_image(used, Scope::Build);
        return;
    }
    if used.contains("${{") {
        references.problem(format!(
            "which action `{}` is shows only when it runs",
            used.chars().take(200).collect::<String>()
        ));
        return;
    }
    match action(used, comments.get(used).copied()) {
        Some(reference) => references.add_reference(reference),
        None => references.problem(format!(
            "`{}` names no action",
            used.chars().take(200).collect::<String>()
        )),
    }
}

/// An action by its name: `owner/repository[/folder]@revision`.
fn action(used: &str, release: Option<&str>) -> Option<Reference> {
    let (path, revision) = used.split_once('@')?;
    let mut parts = path.split('/');
    let (owner, repository) = (parts.next()?, parts.next()?);
    let is_name = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
    };
    if !is_name(owner) || !is_name(repository) || revision.is_empty() {
        return None;
    }
    let is_commit = revision.len() == 40 && revision.bytes().all(|byte| byte.is_ascii_hexdigit());
    let purl = PackageUrl::with_qualifiers(
        "githubactions",
        Some(&owner.to_ascii_lowercase()),
        &repository.to_ascii_lowercase(),
        Some(revision),
        &[("tag", release.filter(|_| is_commit).unwrap_or_default())],
    )
    .ok()?;
    Some(Reference {
        purl,
        kind: if is_commit {
            OccurrenceKind::Locked
        } else {
            OccurrenceKind::Declared
        },
        scope: Scope::Build,
        hashes: Vec::new(),
        download: Some(format!(
            "git+https://github.com/{owner}/{repository}@{revision}"
        )),
    })
}

/// The releases that comments name beside commits: `uses: a/b@<commit> # v4.1.1`, as the tools
/// that pin actions write them.
fn releases_in_comments(text: &str) -> HashMap<&str, &str> {
    let mut releases = HashMap::new();
    for line in text.lines() {
        let Some((_, used)) = line.split_once("uses:") else {
            continue;
        };
        let Some((used, comment)) = used.split_once('#') else {
            continue;
        };
        let used = used.trim().trim_matches(['\'', '"']);
        let word = comment.split_whitespace().next().unwrap_or_default();
        let word = word.rsplit(['@', '=']).next().unwrap_or_default();
        let digits = word.strip_prefix('v').unwrap_or(word);
        let is_release = digits.starts_with(|first: char| first.is_ascii_digit())
            && digits
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'+'));
        if is_release && word.len() < 64 {
            releases.insert(used, word);
        }
    }
    releases
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_are_named_by_their_repository() {
        let purl = |used: &str, release| action(used, release).map(|found| found.purl.to_string());
        let commit = "0123456789abcdef0123456789abcdef01234567";
        assert_eq!(
            purl("Actions/Cache/save@v4", None).unwrap(),
            "pkg:githubactions/actions/cache@v4"
        );
        assert_eq!(
            purl(&format!("a/b@{commit}"), Some("v1.2.3")).unwrap(),
            format!("pkg:githubactions/a/b@{commit}?tag=v1.2.3")
        );
        for none in ["a@v1", "a/b", "a/b@", "a b/c@v1", "/b@v1"] {
            assert!(purl(none, None).is_none(), "{none}");
        }
    }

    #[test]
    fn comments_name_releases() {
        let text = "  - uses: 'a/b@c' # v1.2\n  - uses: d/e@f # tag=v3\n  - uses: g/h@i # pin it\n";
        let releases = releases_in_comments(text);
        assert_eq!(releases.get("a/b@c"), Some(&"v1.2"));
        assert_eq!(releases.get("d/e@f"), Some(&"v3"));
        assert_eq!(releases.get("g/h@i"), None);
    }
}
