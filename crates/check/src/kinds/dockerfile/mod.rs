//! Dockerfiles and Containerfiles: <https://docs.docker.com/reference/dockerfile/>.

mod stages;
mod variables;

use linchpin_document::{Node, NodeValue};
use linchpin_model::{FindingKind, TargetPath};
use linchpin_source::Pattern;

use crate::kind::{DocumentFile, Kind, Subject, SubjectKind};
use crate::syntax::Syntax;

pub(super) const KIND: Kind = Kind {
    id: "dockerfile",
    noun: "Dockerfile",
    documentation: "Dockerfiles and Containerfiles",
    finding: FindingKind::Configuration,
    wants: &[
        Pattern::Glob("**/Dockerfile"),
        Pattern::Glob("**/dockerfile"),
        Pattern::Glob("**/Containerfile"),
        Pattern::Glob("**/Dockerfile.*"),
        Pattern::Glob("**/Containerfile.*"),
        Pattern::Glob("**/*.dockerfile"),
        Pattern::Glob("**/*.Dockerfile"),
        Pattern::Glob("**/*.containerfile"),
        Pattern::Name(".dockerignore"),
        Pattern::Name(".containerignore"),
    ],
    may_be,
    syntax: Syntax::Dockerfile,
    prepare: stages::prepare,
    subjects: &[
        SubjectKind {
            name: "file",
            documentation: "The whole file: `directives`, `stages`, `ignores_files` (whether there \
                            is a .dockerignore)",
            around: &[],
        },
        SubjectKind {
            name: "stage",
            documentation: "A stage: `name`, `image`, `base` (the image behind all stages), `index`, `is_final`, `in_final` (whether the \
                            final one is built on it), `user` (who runs it in the end, as far as \
                            the file says), `has_healthcheck`, `instructions`",
            around: &["file"],
        },
        SubjectKind {
            name: "final-stage",
            documentation: "The stage that becomes the image",
            around: &["file"],
        },
        SubjectKind {
            name: "instruction",
            documentation: "An instruction, its type is the keyword: `keyword`, `text`, `form` \
                            (exec or shell), `words`, `flags`, `is_overridden`, for RUN `commands` \
                            and `mounts`, for USER `user` and `group`, for WORKDIR `path`",
            around: &["stage", "file"],
        },
        SubjectKind {
            name: "command",
            documentation: "A command that RUN runs, its type is the program: `name`, \
                            `subcommand`, `operands`, `options` (a map from option to value), \
                            `arguments`, `text`, `started_by` (such as sudo), `executed_by` (what \
                            runs its output: `curl … | sh`), `pipes_to`, `joined`, `next`, \
                            `assignments`, `redirections`",
            around: &["instruction", "stage", "file"],
        },
        SubjectKind {
            name: "variable",
            documentation: "A variable of ENV or ARG (its type): `name`, `value`, `has_value`",
            around: &["file"],
        },
        SubjectKind {
            name: "image",
            documentation: "A reference to an image, in FROM, COPY, RUN (its type): `text`, \
                            `registry`, `repository`, `name`, `tag`, `digest`, `is_variable`, and \
                            `refers_to` (image, stage, later-stage, missing-stage, scratch)",
            around: &["file"],
        },
        SubjectKind {
            name: "source",
            documentation: "What COPY or ADD (its type) copies: `path`, `target`, `from`, \
                            `checksum`, `chmod`, `chown`",
            around: &["instruction", "stage", "file"],
        },
        SubjectKind {
            name: "port",
            documentation: "A port of EXPOSE, as a text: `port`",
            around: &["stage", "file"],
        },
    ],
    find,
    example: "Dockerfile",
};

/// Whether a file is named like one but is something else, or says nothing.
fn may_be(path: &TargetPath, content: &[u8]) -> bool {
    const OTHERS: &[&str] = &[
        "md", "txt", "json", "yaml", "yml", "py", "js", "ts", "go", "rs", "rb", "sh", "html",
        "svg", "png", "lock", "orig", "sum", "rst", "snap",
    ];
    if is_list_of_ignored(path) {
        return true;
    }
    let ending = path
        .name()
        .rsplit_once('.')
        .map_or("", |(_, ending)| ending);
    if OTHERS.contains(&ending) {
        return false;
    }
    content
        .split(|byte| *byte == b'\n')
        .take(100_000)
        .any(|line| {
            let line = line.trim_ascii_start();
            line.get(..5).is_some_and(|start| {
                start.eq_ignore_ascii_case(b"FROM ") || start.eq_ignore_ascii_case(b"FROM\t")
            })
        })
}

/// Whether it is a `.dockerignore`, which says what is not copied.
fn is_list_of_ignored(path: &TargetPath) -> bool {
    matches!(path.name(), ".dockerignore" | ".containerignore")
        || path.name().ends_with(".dockerignore")
}

fn find<'a>(file: &'a DocumentFile, subjects: &mut Vec<Subject<'a>>) {
    for document in &file.documents {
        subjects.push(Subject::new("file", document));
        for variable in items(document, "arguments") {
            subjects.push(
                Subject::new("variable", variable)
                    .of("ARG")
                    .with("file", document),
            );
        }
        for image in items(document, "images") {
            let of = image.find_text(&["keyword"]).unwrap_or_default();
            subjects.push(Subject::new("image", image).of(of).with("file", document));
        }
        for stage in items(document, "stages") {
            subjects.push(Subject::new("stage", stage).with("file", document));
            if stage
                .get("is_final")
                .is_some_and(|flag| flag.value == NodeValue::Boolean(true))
            {
                subjects.push(Subject::new("final-stage", stage).with("file", document));
            }
            for instruction in items(stage, "instructions") {
                find_in_instruction(document, stage, instruction, subjects);
            }
        }
    }
}

fn find_in_instruction<'a>(
    document: &'a Node,
    stage: &'a Node,
    instruction: &'a Node,
    subjects: &mut Vec<Subject<'a>>,
) {
    let keyword = instruction.find_text(&["keyword"]).unwrap_or_default();
    let around = |subject: Subject<'a>| subject.with("stage", stage).with("file", document);
    subjects.push(around(Subject::new("instruction", instruction).of(keyword)));
    if keyword == "RUN" {
        for command in items(instruction, "commands") {
            let of = command.find_text(&["name"]).unwrap_or_default();
            let subject = Subject::new("command", command).of(of);
            subjects.push(around(subject.with("instruction", instruction)));
        }
    }
    if matches!(keyword, "ENV" | "ARG") {
        for variable in items(instruction, "variables") {
            let subject = Subject::new("variable", variable).of(keyword);
            subjects.push(subject.with("file", document));
        }
    }
    for source in items(instruction, "sources") {
        let subject = Subject::new("source", source).of(keyword);
        subjects.push(around(subject.with("instruction", instruction)));
    }
    for port in items(instruction, "ports") {
        subjects.push(around(Subject::new("port", port)));
    }
}

fn items<'a>(node: &'a Node, name: &str) -> &'a [Node] {
    node.get(name).map_or(&[], Node::items)
}
