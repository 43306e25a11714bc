//! What a project asks Cargo for: <https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html>.

use linchpin_document::{Member, Node};
use linchpin_model::FindingKind;
use linchpin_source::Pattern;
use memchr::memmem;

use crate::kind::{DocumentFile, Kind, Subject, SubjectKind};
use crate::syntax::Syntax;

pub(super) const KIND: Kind = Kind {
    id: "cargo-manifest",
    noun: "Cargo manifest",
    documentation: "`Cargo.toml` of a project of one's own",
    finding: FindingKind::Suspicious,
    wants: &[Pattern::Name("Cargo.toml")],
    may_be: |_, content| memmem::find(content, b"dependencies").is_some(),
    syntax: Syntax::Toml,
    prepare,
    subjects: &[
        SubjectKind {
            name: "file",
            documentation: "The whole file",
            around: &[],
        },
        SubjectKind {
            name: "dependency",
            documentation: "What is asked for, as the table that it is or stands for: `version`, `git`, `rev`, `path` and the like, with `name`",
            around: &["file"],
        },
    ],
    find,
    example: "Cargo.toml",
};

const GROUPS: &[&str] = &["dependencies", "dev-dependencies", "build-dependencies"];

fn prepare(mut files: Vec<DocumentFile>) -> Vec<DocumentFile> {
    for file in &mut files {
        let Some(document) = file.documents.first() else {
            continue;
        };
        let targets = document.get("target").map_or(&[][..], Node::members);
        let holders = std::iter::once(document)
            .chain(document.get("workspace"))
            .chain(targets.iter().map(|target| &target.value));
        let groups = holders.flat_map(|holder| GROUPS.iter().filter_map(|group| holder.get(group)));
        let wishes = groups.flat_map(Node::members).map(table).collect();
        let wishes = Node::list(document.start, wishes);
        file.documents.push(wishes);
    }
    files
}

/// A wish as a table: a text is one with a version only.
fn table(member: &Member) -> Node {
    let at = member.key_start;
    let mut fields = member.value.members().to_vec();
    if let Some(version) = member.value.as_text() {
        fields.push(Member::added("version", Node::text(at, version)));
    }
    fields.push(Member::added("name", Node::text(at, member.key.as_str())));
    Node::map(at, fields)
}

fn find<'a>(file: &'a DocumentFile, subjects: &mut Vec<Subject<'a>>) {
    if let [document, wishes] = file.documents.as_slice() {
        subjects.push(Subject::new("file", document));
        let wishes = wishes.items().iter();
        subjects.extend(wishes.map(|wish| Subject::new("dependency", wish).with("file", document)));
    }
}
