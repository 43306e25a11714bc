//! What a project asks pip for, in files of requirements.

use linchpin_document::Node;
use linchpin_model::FindingKind;
use linchpin_source::Pattern;

use crate::kind::{DocumentFile, Kind, Subject, SubjectKind, as_they_are};
use crate::syntax::Syntax;

pub(super) const KIND: Kind = Kind {
    id: "python-requirements",
    noun: "requirements file",
    documentation: "Requirements files of pip",
    finding: FindingKind::Suspicious,
    wants: &[
        Pattern::Glob("**/*requirements*.txt"),
        Pattern::Glob("**/requirements/*.txt"),
        Pattern::Name("constraints.txt"),
    ],
    may_be: |_, content| !content.is_empty(),
    syntax: Syntax::Requirements,
    prepare: as_they_are,
    subjects: &[
        SubjectKind {
            name: "file",
            documentation: "The whole file, with the lists `requirements` and `options`",
            around: &[],
        },
        SubjectKind {
            name: "requirement",
            documentation: "One of them, with `name`, `specifier`, `url`, `marker`, `editable` and `hashes`, the number of its hashes",
            around: &["file"],
        },
        SubjectKind {
            name: "option",
            documentation: "An option of pip, with `name` in its long form (`--index-url`) and `value`",
            around: &["file"],
        },
    ],
    find,
    example: "requirements.txt",
};

fn find<'a>(file: &'a DocumentFile, subjects: &mut Vec<Subject<'a>>) {
    for document in &file.documents {
        subjects.push(Subject::new("file", document));
        for (key, kind) in [("requirements", "requirement"), ("options", "option")] {
            let items = document.get(key).map_or(&[][..], Node::items);
            subjects.extend(
                items
                    .iter()
                    .map(|item| Subject::new(kind, item).with("file", document)),
            );
        }
    }
}
