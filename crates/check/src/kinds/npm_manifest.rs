//! What a project asks npm for: <https://docs.npmjs.com/cli/v11/configuring-npm/package-json>.

use std::collections::HashSet;

use linchpin_document::{Member, Node, NodeValue};
use linchpin_model::FindingKind;
use linchpin_source::Pattern;
use memchr::memmem;

use crate::kind::{DocumentFile, Kind, Subject, SubjectKind};
use crate::syntax::Syntax;

pub(super) const KIND: Kind = Kind {
    id: "npm-manifest",
    noun: "npm manifest",
    documentation: "`package.json` of a project of one's own",
    finding: FindingKind::Suspicious,
    wants: &[Pattern::Name("package.json")],
    may_be: |_, content| memmem::find(content, b"ependencies").is_some(),
    syntax: Syntax::Json,
    prepare,
    subjects: &[
        SubjectKind {
            name: "file",
            documentation: "The whole file",
            around: &[],
        },
        SubjectKind {
            name: "dependency",
            documentation: "What is asked for, with `name`, `wish` (the range or address), `group` (`dependencies`, `devDependencies`, `optionalDependencies`), `source` (`registry`, `git`, `url`, `local`), `scheme`, `commit` (whether a commit is named) and `workspace` (whether the name is one of the project's own)",
            around: &["file"],
        },
    ],
    find,
    example: "package.json",
};

/// What is fetched; peers are fetched by others.
const GROUPS: &[&str] = &["dependencies", "devDependencies", "optionalDependencies"];

fn prepare(mut files: Vec<DocumentFile>) -> Vec<DocumentFile> {
    let own: HashSet<String> = files
        .iter()
        .filter_map(|file| file.documents.first()?.find_text(&["name"]))
        .map(str::to_owned)
        .collect();
    for file in &mut files {
        let Some(document) = file.documents.first() else {
            continue;
        };
        let wishes = GROUPS.iter().flat_map(|group| {
            let members = document.get(group).map_or(&[][..], Node::members);
            members
                .iter()
                .filter_map(|member| dependency(group, member, &own))
        });
        let wishes = Node::list(document.start, wishes.collect());
        file.documents.push(wishes);
    }
    files
}

fn dependency(group: &str, member: &Member, own: &HashSet<String>) -> Option<Node> {
    let wish = member.value.as_text()?.trim();
    let at = member.key_start;
    let text = |key: &str, text: &str| Member::added(key, Node::text(at, text));
    let boolean = |key: &str, value| Member::added(key, Node::at(at, NodeValue::Boolean(value)));
    let scheme = wish.split_once("://").map_or("", |(scheme, _)| scheme);
    Some(Node::map(
        at,
        vec![
            text("name", &member.key),
            text("wish", wish),
            text("group", group),
            text("source", source(wish)),
            text("scheme", scheme),
            boolean("commit", names_commit(wish)),
            boolean("workspace", own.contains(member.key.as_str())),
        ],
    ))
}

/// Where something comes from that is asked for so.
fn source(wish: &str) -> &'static str {
    let starts = |starts: &[&str]| starts.iter().any(|start| wish.starts_with(start));
    let path = wish.split('#').next().unwrap_or_default();
    if starts(&[
        "file:",
        "link:",
        "portal:",
        "workspace:",
        "catalog:",
        "patch:",
        "./",
        "../",
        "/",
        "~/",
    ]) {
        "local"
    } else if starts(&[
        "git+",
        "git:",
        "git@",
        "ssh:",
        "github:",
        "gitlab:",
        "bitbucket:",
        "gist:",
    ]) {
        "git"
    } else if starts(&["http://", "https://"]) {
        let last = path.trim_end_matches('/').rsplit_once('.');
        let is_git = last.is_some_and(|(_, ending)| ending == "git");
        if is_git { "git" } else { "url" }
    } else if !starts(&["npm:", "@"]) && path.matches('/').count() == 1 && !path.contains(' ') {
        // `owner/repository` is one of GitHub.
        "git"
    } else {
        "registry"
    }
}

/// Whether the fragment of an address is a commit, whole or shortened as git does.
fn names_commit(wish: &str) -> bool {
    wish.rsplit_once('#').is_some_and(|(_, commit)| {
        (7..=64).contains(&commit.len()) && commit.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

fn find<'a>(file: &'a DocumentFile, subjects: &mut Vec<Subject<'a>>) {
    if let [document, wishes] = file.documents.as_slice() {
        subjects.push(Subject::new("file", document));
        let wishes = wishes.items().iter();
        subjects.extend(wishes.map(|wish| Subject::new("dependency", wish).with("file", document)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wishes_tell_where_something_comes_from() {
        for (wish, expected) in [
            ("^1.0.0", "registry"),
            ("1.x || >=2.5.0 || 5.0.0 - 7.2.3", "registry"),
            ("npm:@scope/other@^1", "registry"),
            ("owner/name#v1", "git"),
            ("git+ssh://git@example.com/a.git#semver:^1", "git"),
            ("https://example.com/a.git", "git"),
            ("https://example.com/a.tgz", "url"),
            ("file:../a", "local"),
            ("workspace:*", "local"),
        ] {
            assert_eq!(source(wish), expected, "{wish}");
        }
        assert!(names_commit("a/b#0123abc"));
        assert!(!names_commit("a/b#main") && !names_commit("a/b#v1.2.3"));
    }
}
