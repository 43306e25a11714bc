//! Configurations of CircleCI: <https://circleci.com/docs/configuration-reference/>.

use linchpin_document::Node;
use linchpin_model::FindingKind;
use linchpin_source::Pattern;
use memchr::memmem;

use crate::kind::{DocumentFile, Kind, Subject, SubjectKind};
use crate::pipeline::dependencies::is_in_dependency;
use crate::pipeline::members::{Members, texts};
use crate::pipeline::things::{Things, find as find_things, maps};
use crate::pipeline::views;
use crate::syntax::Syntax;

const SUBJECTS: &[SubjectKind] = &[
    SubjectKind {
        name: "file",
        documentation: "The whole file: its fields, and `free_parameters` (those that can be any \
                        text)",
        around: &[],
    },
    SubjectKind {
        name: "orb",
        documentation: "An orb from the registry: `text`, `name`, `owner`, `version`",
        around: &["file"],
    },
    SubjectKind {
        name: "job",
        documentation: "A job: its fields and `id`",
        around: &["file"],
    },
    SubjectKind {
        name: "workflow_job",
        documentation: "A job as a workflow starts it: its fields, `id` and `contexts`",
        around: &["file"],
    },
    SubjectKind {
        name: "line",
        documentation: "A line of a script, with those that it goes on in: `text`",
        around: &["file"],
    },
    SubjectKind {
        name: "image",
        documentation: "An image of an executor: `text`, `registry`, `name`, `tag`, `digest`, \
                        `known`, `around` (its fields)",
        around: &["file"],
    },
    SubjectKind {
        name: "machine",
        documentation: "A virtual machine: `image`",
        around: &["file"],
    },
    SubjectKind {
        name: "variable",
        documentation: "An environment variable: `name`, `value`",
        around: &["file"],
    },
];

pub(super) const KIND: Kind = Kind {
    id: "circleci",
    noun: "CircleCI configuration",
    documentation: "Configurations of CircleCI",
    finding: FindingKind::Pipeline,
    wants: &[
        Pattern::Glob("**/.circleci/*.yml"),
        Pattern::Glob("**/.circleci/*.yaml"),
        Pattern::Glob(".circleci/*.yml"),
    ],
    may_be: |path, content| !is_in_dependency(path) && memmem::find(content, b"version").is_some(),
    syntax: Syntax::Yaml,
    prepare,
    subjects: SUBJECTS,
    find,
    example: ".circleci/config.yml",
};

fn prepare(files: Vec<DocumentFile>) -> Vec<DocumentFile> {
    views::of_first(files, view)
}

fn find<'a>(file: &'a DocumentFile, subjects: &mut Vec<Subject<'a>>) {
    find_things(file, SUBJECTS, subjects);
}

fn view(document: &Node, text: &str) -> Node {
    let mut things = Things::of(document, text);
    let parameters = document
        .get("parameters")
        .map_or(&[][..], Node::members)
        .iter();
    let free = parameters.filter(|member| member.value.find_text(&["type"]) == Some("string"));
    let free: Vec<String> = free.map(|member| member.key.as_ref().clone()).collect();
    things.file.texts("free_parameters", free);
    for member in document.get("orbs").map_or(&[][..], Node::members) {
        // An orb that is written into the file itself is a map.
        let Some(text) = member.value.as_text() else {
            continue;
        };
        let (name, version) = text.split_once('@').unwrap_or((text, ""));
        let mut orb = Members::at(member.value.start);
        orb.text("text", text);
        orb.text("name", name);
        orb.text("owner", name.split('/').next().unwrap_or_default());
        orb.text("version", version);
        things.add("orb", orb.finish());
    }
    for member in document.get("jobs").map_or(&[][..], Node::members) {
        let mut job = Members::of(&member.value).starting(member.key_start);
        job.text("id", member.key.as_str());
        things.add("job", job.finish());
    }
    for workflow in document.get("workflows").map_or(&[][..], Node::members) {
        for job in workflow.value.get("jobs").map_or(&[][..], Node::items) {
            for member in job.members() {
                let mut job = Members::of(&member.value).starting(member.key_start);
                job.text("id", member.key.as_str());
                let contexts = member.value.get("context").map(texts).unwrap_or_default();
                let contexts = contexts.into_iter().filter_map(Node::as_text);
                job.texts("contexts", contexts.map(str::to_owned));
                things.add("workflow_job", job.finish());
            }
        }
    }
    for (name, node) in maps(document) {
        if name == "docker" && node.get("image").is_some() {
            things.add_image(node, "executor");
        }
        if let Some(machine) = node.get("machine") {
            let mut view = Members::of(machine);
            let image = machine.find_text(&["image"]).unwrap_or_default();
            view.text("image", image);
            things.add("machine", view.finish());
        }
        if let Some(run) = node.get("run") {
            let script = run.get("command").unwrap_or(run);
            things.add_lines(script, &[]);
        }
        things.add_variables(node.get("environment"), name);
    }
    things.finish()
}
