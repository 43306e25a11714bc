//! Actions of GitHub Actions, `action.yml`:
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax>.
//!
//! What their steps do is looked at as in workflows (`pipeline/github/`). On which events they run is
//! not known here.

use linchpin_model::FindingKind;
use linchpin_source::Pattern;
use memchr::memmem;

use crate::kind::{DocumentFile, Kind, Subject, SubjectKind};
use crate::pipeline::dependencies::is_in_dependency;
use crate::pipeline::github::{action, find_action};
use crate::pipeline::views;
use crate::syntax::Syntax;

/// What is around everything in a step.
const AROUND: &[&str] = &["action", "step"];

pub(super) const KIND: Kind = Kind {
    id: "github-action",
    noun: "GitHub action",
    documentation: "Actions of GitHub Actions, composite and in containers",
    finding: FindingKind::Pipeline,
    wants: &[Pattern::Name("action.yml"), Pattern::Name("action.yaml")],
    may_be: |path, content| !is_in_dependency(path) && memmem::find(content, b"runs:").is_some(),
    syntax: Syntax::Yaml,
    prepare,
    subjects: &[
        SubjectKind {
            name: "action",
            documentation: "The whole file: its fields, with `runs.steps` as in `step`",
            around: &["action"],
        },
        SubjectKind {
            name: "step",
            documentation: "A step: its fields, `index`, `condition`, `action` as in `uses`, `script`",
            around: AROUND,
        },
        SubjectKind {
            name: "uses",
            documentation: "A reference to another action: as in workflows",
            around: AROUND,
        },
        SubjectKind {
            name: "run",
            documentation: "A script: `text`, `shell`, `lines`",
            around: AROUND,
        },
        SubjectKind {
            name: "line",
            documentation: "A line of a script, with those that it goes on in: `text`",
            around: AROUND,
        },
        SubjectKind {
            name: "expression",
            documentation: "An expression: as in workflows",
            around: AROUND,
        },
        SubjectKind {
            name: "image",
            documentation: "The image of a container action: `text`, `registry`, `name`, `tag`, \
                            `digest`, `known`",
            around: AROUND,
        },
        SubjectKind {
            name: "variable",
            documentation: "An environment variable: `name`, `value`",
            around: AROUND,
        },
    ],
    find,
    example: "action.yml",
};

fn prepare(files: Vec<DocumentFile>) -> Vec<DocumentFile> {
    views::of_first(files, action)
}

fn find<'a>(file: &'a DocumentFile, subjects: &mut Vec<Subject<'a>>) {
    for document in &file.documents {
        find_action(document, subjects);
    }
}
