//! What a project asks Cargo for: <https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html>.

use linchpin_model::FindingKind;
use linchpin_source::Pattern;
use memchr::memmem;

use crate::kind::{DocumentFile, Kind, Subject, SubjectKind, as_they_are};
use crate::node::Node;
use crate::syntax::Syntax;

pub(super) const KIND: Kind = Kind {
    id: "cargo-manifest",
    documentation: "`Cargo.toml` of a project of one's own",
    finding: FindingKind::Suspicious,
    wants: &[Pattern::Name("Cargo.toml")],
    may_be: |_, content| memmem::find(content, b"dependencies").is_some(),
    syntax: Syntax::Toml,
    prepare: as_they_are,
    subjects: &[
        SubjectKind {
            name: "file",
            documentation: "The whole file",
            around: &[],
        },
        SubjectKind {
            name: "dependency",
            documentation: "What is asked for by name: a range as a text, or a table",
            around: &["file"],
        },
    ],
    find,
    example: "Cargo.toml",
};

const GROUPS: &[&str] = &["dependencies", "dev-dependencies", "build-dependencies"];

fn find<'a>(file: &'a DocumentFile, subjects: &mut Vec<Subject<'a>>) {
    for document in &file.documents {
        subjects.push(Subject::new("file", document));
        let targets = document.get("target").map_or(&[][..], Node::members);
        let holders = std::iter::once(document)
            .chain(document.get("workspace"))
            .chain(targets.iter().map(|target| &target.value));
        let groups = holders.flat_map(|holder| GROUPS.iter().filter_map(|group| holder.get(group)));
        for member in groups.flat_map(Node::members) {
            let subject = Subject::new("dependency", &member.value).of(&member.key);
            subjects.push(subject.with("file", document));
        }
    }
}
