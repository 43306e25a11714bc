//! Code of packages that runs when they are installed, when an interpreter starts, or when it is
//! called. Which files these are is known only once manifests were read: see `package_code`.

use linchpin_model::FindingKind;

use crate::kind::{DocumentFile, Kind, Subject, SubjectKind};
use crate::package_code::{documents, is_code};
use crate::syntax::Syntax;

pub(super) const KIND: Kind = Kind {
    id: "package-code",
    noun: "package source",
    documentation: "Code of packages: what runs when they are installed or loaded, and of a single package all",
    finding: FindingKind::Suspicious,
    // Another reader takes them.
    wants: &[],
    may_be: |path, _| is_code(path),
    syntax: Syntax::Code,
    prepare: documents,
    subjects: &[
        SubjectKind {
            name: "hook",
            documentation: "A command of `package.json` that npm runs at installation, with `package`, `hook`, `command` and `signs`",
            around: &[],
        },
        SubjectKind {
            name: "code",
            documentation: "A file of code, with `language`, `name`, `runs` (`install`, `start` or `library`), `by` (what runs it), `package` (whose it is, or the file), `signs` (lists of what was found, by the sign's id) and `together` (the ids of the signs of all that runs with it)",
            around: &[],
        },
        SubjectKind {
            name: "program",
            documentation: "A program in a package that is the target, with `program` (its name), `format` (`elf`, `pe`, `mach-o`) and `pure` (whether the package says that it holds none)",
            around: &[],
        },
    ],
    find,
    example: "setup.py",
};

fn find<'a>(file: &'a DocumentFile, subjects: &mut Vec<Subject<'a>>) {
    for document in &file.documents {
        let mut kinds = ["hook", "program"].into_iter();
        let kind = kinds
            .find(|kind| document.get(kind).is_some())
            .unwrap_or("code");
        subjects.push(Subject::new(kind, document));
    }
}
