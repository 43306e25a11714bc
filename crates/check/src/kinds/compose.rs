//! Files of Docker Compose: <https://compose-spec.io>.

use linchpin_model::{FindingKind, TargetPath};
use linchpin_source::Pattern;
use memchr::memmem;

use crate::kind::{DocumentFile, Kind, Subject, SubjectKind, as_they_are};
use crate::syntax::Syntax;

pub(super) const KIND: Kind = Kind {
    id: "compose",
    documentation: "Files of Docker Compose",
    finding: FindingKind::Configuration,
    wants: &[
        Pattern::Glob("**/*compose*.yaml"),
        Pattern::Glob("**/*compose*.yml"),
    ],
    may_be: |_: &TargetPath, content| memmem::find(content, b"services:").is_some(),
    syntax: Syntax::Yaml,
    prepare: as_they_are,
    subjects: &[
        SubjectKind {
            name: "file",
            documentation: "The whole file",
            around: &[],
        },
        SubjectKind {
            name: "service",
            documentation: "A service",
            around: &["file"],
        },
    ],
    find,
    example: "compose.yaml",
};

fn find<'a>(file: &'a DocumentFile, subjects: &mut Vec<Subject<'a>>) {
    for document in &file.documents {
        let Some(services) = document.get("services") else {
            continue;
        };
        subjects.push(Subject::new("file", document));
        for service in services.members() {
            subjects.push(Subject::new("service", &service.value).with("file", document));
        }
    }
}
