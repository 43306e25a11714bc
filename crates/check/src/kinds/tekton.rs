//! Tasks and pipelines of Tekton: <https://tekton.dev/docs/pipelines/>.

use linchpin_document::Node;
use linchpin_model::FindingKind;
use linchpin_source::Pattern;
use memchr::memmem;

use crate::kind::{DocumentFile, Kind, Subject, SubjectKind};
use crate::pipeline::dependencies::is_in_dependency;
use crate::pipeline::members::{Members, texts};
use crate::pipeline::things::{Things, find as find_things, maps};
use crate::syntax::Syntax;

const SUBJECTS: &[SubjectKind] = &[
    SubjectKind {
        name: "file",
        documentation: "A document: its fields",
        around: &[],
    },
    SubjectKind {
        name: "step",
        documentation: "A step or a sidecar: its fields, `script_text` (with its command and \
                        arguments), `interpreter`",
        around: &["file"],
    },
    SubjectKind {
        name: "line",
        documentation: "A line of a script, with those that it goes on in: `text`",
        around: &["file"],
    },
    SubjectKind {
        name: "image",
        documentation: "An image of a step: `text`, `registry`, `name`, `tag`, `digest`, `known`",
        around: &["file"],
    },
    SubjectKind {
        name: "reference",
        documentation: "A reference to a task or pipeline (`taskRef`, `pipelineRef`): its fields, \
                        `parameters` (those of its resolver as a map)",
        around: &["file"],
    },
];

pub(super) const KIND: Kind = Kind {
    id: "tekton",
    noun: "Tekton file",
    documentation: "Tasks and pipelines of Tekton",
    finding: FindingKind::Pipeline,
    wants: &[Pattern::Suffix(".yaml"), Pattern::Suffix(".yml")],
    may_be: |path, content| {
        memmem::find(content, b"tekton.dev/").is_some() && !is_in_dependency(path)
    },
    syntax: Syntax::Yaml,
    prepare,
    subjects: SUBJECTS,
    find,
    example: "task.yaml",
};

fn prepare(files: Vec<DocumentFile>) -> Vec<DocumentFile> {
    let viewed = files.into_iter().filter_map(|mut file| {
        let ours = |document: &Node| {
            let version = document.find_text(&["apiVersion"]);
            version.is_some_and(|version| version.starts_with("tekton.dev/"))
        };
        file.documents.retain(ours);
        for document in &mut file.documents {
            *document = view(document, &file.text);
        }
        (!file.documents.is_empty()).then_some(file)
    });
    viewed.collect()
}

fn find<'a>(file: &'a DocumentFile, subjects: &mut Vec<Subject<'a>>) {
    find_things(file, SUBJECTS, subjects);
}

fn view(document: &Node, text: &str) -> Node {
    let mut things = Things::of(document, text);
    for (name, node) in maps(document) {
        if matches!(name, "steps" | "sidecars" | "stepTemplate") {
            add_step(node, &mut things);
        }
        if matches!(name, "taskRef" | "pipelineRef") {
            let mut reference = Members::of(node);
            let mut parameters = Members::at(node.start);
            for parameter in node.get("params").map_or(&[][..], Node::items) {
                if let (Some(name), Some(value)) = (
                    parameter.find_text(&["name"]),
                    parameter.find_text(&["value"]),
                ) {
                    parameters.text(name, value);
                }
            }
            reference.put("parameters", parameters.finish());
            things.add("reference", reference.finish());
        }
    }
    things.finish()
}

fn add_step(node: &Node, things: &mut Things<'_>) {
    if let Some(image) = node.get("image") {
        things.add_image(image, "step");
    }
    let mut whole = String::new();
    if let Some(script) = node.get("script") {
        whole = things.add_lines(script, &[]);
    }
    let interpreter = whole.lines().next().filter(|line| line.starts_with("#!"));
    let interpreter = interpreter.unwrap_or_default().to_owned();
    let shells = ["sh", "bash", "/bin/sh", "/bin/bash"];
    let command = node.get("command").map(texts).unwrap_or_default();
    let runs_shell = command.first().and_then(|first| first.as_text());
    if runs_shell.is_some_and(|first| shells.contains(&first)) {
        for argument in command
            .iter()
            .skip(1)
            .copied()
            .chain(node.get("args").map(texts).unwrap_or_default())
        {
            whole.push_str(&things.add_lines(argument, &[]));
        }
    }
    let mut step = Members::of(node);
    step.text("script_text", whole);
    step.text("interpreter", interpreter);
    things.add("step", step.finish());
}
