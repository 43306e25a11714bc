//! How the clients of npm and pip are set up:
//! <https://docs.npmjs.com/cli/v11/configuring-npm/npmrc>, <https://pip.pypa.io/en/stable/topics/configuration/>.

use linchpin_document::Node;
use linchpin_model::FindingKind;
use linchpin_source::Pattern;

use crate::kind::{DocumentFile, Kind, Subject, SubjectKind, as_they_are};
use crate::syntax::Syntax;

pub(super) const KIND: Kind = Kind {
    id: "package-settings",
    noun: "package manager setting",
    documentation: "Settings of npm (`.npmrc`) and pip (`pip.conf`)",
    finding: FindingKind::Suspicious,
    wants: &[
        Pattern::Name(".npmrc"),
        Pattern::Name("pip.conf"),
        Pattern::Name("pip.ini"),
    ],
    may_be: |_, content| !content.is_empty(),
    syntax: Syntax::Settings,
    prepare: as_they_are,
    subjects: &[SubjectKind {
        name: "setting",
        documentation: "A setting, with `section`, `name` and `value`",
        around: &[],
    }],
    find,
    example: ".npmrc",
};

fn find<'a>(file: &'a DocumentFile, subjects: &mut Vec<Subject<'a>>) {
    let entries = file.documents.iter().flat_map(Node::items);
    subjects.extend(entries.map(|entry| Subject::new("setting", entry)));
}
