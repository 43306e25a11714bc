//! Settings of Dependabot:
//! <https://docs.github.com/en/code-security/dependabot/working-with-dependabot/dependabot-options-reference>.

use linchpin_model::FindingKind;
use linchpin_source::Pattern;
use memchr::memmem;

use crate::kind::{DocumentFile, Kind, Subject, SubjectKind, as_they_are};
use crate::pipeline::dependencies::is_in_dependency;
use crate::syntax::Syntax;

pub(super) const KIND: Kind = Kind {
    id: "dependabot",
    noun: "Dependabot configuration",
    documentation: "Settings of Dependabot",
    finding: FindingKind::Pipeline,
    wants: &[
        Pattern::Suffix(".github/dependabot.yml"),
        Pattern::Suffix(".github/dependabot.yaml"),
    ],
    may_be: |path, content| !is_in_dependency(path) && memmem::find(content, b"updates").is_some(),
    syntax: Syntax::Yaml,
    prepare: as_they_are,
    subjects: &[
        SubjectKind {
            name: "file",
            documentation: "The whole file",
            around: &[],
        },
        SubjectKind {
            name: "update",
            documentation: "What is said of one ecosystem",
            around: &["file"],
        },
        SubjectKind {
            name: "registry",
            documentation: "A private registry",
            around: &["file"],
        },
    ],
    find,
    example: ".github/dependabot.yml",
};

fn find<'a>(file: &'a DocumentFile, subjects: &mut Vec<Subject<'a>>) {
    for document in &file.documents {
        subjects.push(Subject::new("file", document));
        for update in document
            .get("updates")
            .map_or(&[][..], |updates| updates.items())
        {
            subjects.push(Subject::new("update", update).with("file", document));
        }
        for registry in document
            .get("registries")
            .map_or(&[][..], |all| all.members())
        {
            subjects.push(Subject::new("registry", &registry.value).with("file", document));
        }
    }
}
