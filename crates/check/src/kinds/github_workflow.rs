//! Workflows of GitHub Actions:
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax>.
//!
//! The view (`pipeline/github/`) has normalised events, the rights of each job, references in their
//! parts, lines of scripts and expressions with who decides their value. Workflows inside of
//! installed packages are left out: nothing runs them.

use linchpin_model::FindingKind;
use linchpin_source::Pattern;
use memchr::memmem;

use crate::kind::{DocumentFile, Kind, Subject, SubjectKind};
use crate::pipeline::dependencies::is_in_dependency;
use crate::pipeline::github::{find_workflow, workflow};
use crate::pipeline::views;
use crate::syntax::Syntax;

/// What is around everything in a job.
const AROUND: &[&str] = &["workflow", "job", "step"];

pub(super) const KIND: Kind = Kind {
    id: "github-workflow",
    noun: "GitHub workflow",
    documentation: "Workflows of GitHub Actions",
    finding: FindingKind::Pipeline,
    wants: &[
        Pattern::Glob("**/.github/workflows/*.yml"),
        Pattern::Glob("**/.github/workflows/*.yaml"),
        Pattern::Glob(".github/workflows/*.yml"),
        Pattern::Glob(".github/workflows/*.yaml"),
    ],
    may_be: |path, content| !is_in_dependency(path) && memmem::find(content, b"jobs").is_some(),
    syntax: Syntax::Yaml,
    prepare,
    subjects: &[
        SubjectKind {
            name: "workflow",
            documentation: "The whole file: its fields with `jobs` as a list, and `triggers` (a map \
                            by event), `events`, `privileged_events` (anybody can cause them, and \
                            they have the rights of the repository), `public_events`, `granted`",
            around: &["workflow"],
        },
        SubjectKind {
            name: "job",
            documentation: "A job: its fields, `id`, `granted` (`level`: unset, read-all, write-all, \
                            listed; `from`: job, workflow, nowhere; `writes`; `reads`), `labels`, \
                            `self_hosted`, `environment_name`, `publishes`, `attests`, `checks_out_outside`, and `steps` \
                            as in `step`",
            around: AROUND,
        },
        SubjectKind {
            name: "step",
            documentation: "A step: its fields, `index`, `condition`, `action` as in `uses`, \
                            `script` as in `run`, `publishes`, `attests`, `checks_out_outside`",
            around: AROUND,
        },
        SubjectKind {
            name: "uses",
            documentation: "A reference to an action: `text`, `kind` (action, image, local, \
                            unknown), `name`, `owner`, `repository`, `path`, `reference`, \
                            `is_commit`, `is_version`, `comment`, `with`, `publishes`, `attests`, \
                            `caches`, `archived`, `compromised`, `imitates`",
            around: AROUND,
        },
        SubjectKind {
            name: "call",
            documentation: "A reference to a reusable workflow: as in `uses`",
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
            documentation: "An expression: `text`, `place` (run, code, if, env, with, other), `key`, \
                            `alone` (nothing stands beside it), `contexts`, `flowing` (those that \
                            its value can be), `decides` (nobody, insider, anybody-from-fork, \
                            anybody), `source`, `constant`, `lost_choice`, `searched_text`, `actors`",
            around: AROUND,
        },
        SubjectKind {
            name: "image",
            documentation: "An image of a container, a service or a step: `text`, `registry`, \
                            `name`, `tag`, `digest`, `known`, `role`, `credentials`, `options`",
            around: AROUND,
        },
        SubjectKind {
            name: "variable",
            documentation: "An environment variable: `name`, `value`, `scope` (workflow, job, step)",
            around: AROUND,
        },
        SubjectKind {
            name: "matrix",
            documentation: "The matrix of a job, as it is written",
            around: AROUND,
        },
    ],
    find,
    example: ".github/workflows/example.yml",
};

fn prepare(files: Vec<DocumentFile>) -> Vec<DocumentFile> {
    views::of_first(files, workflow)
}

fn find<'a>(file: &'a DocumentFile, subjects: &mut Vec<Subject<'a>>) {
    for document in &file.documents {
        find_workflow(document, subjects);
    }
}
