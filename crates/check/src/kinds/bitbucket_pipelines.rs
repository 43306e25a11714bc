//! Bitbucket Pipelines:
//! <https://support.atlassian.com/bitbucket-cloud/docs/bitbucket-pipelines-configuration-reference/>.

use std::collections::HashSet;

use linchpin_document::Node;
use linchpin_model::FindingKind;
use linchpin_source::Pattern;
use memchr::memmem;

use crate::kind::{DocumentFile, Kind, Subject, SubjectKind};
use crate::pipeline::dependencies::is_in_dependency;
use crate::pipeline::members::Members;
use crate::pipeline::things::{Things, find as find_things, maps};
use crate::pipeline::views;
use crate::syntax::Syntax;

const SUBJECTS: &[SubjectKind] = &[
    SubjectKind {
        name: "file",
        documentation: "The whole file: its fields",
        around: &[],
    },
    SubjectKind {
        name: "step",
        documentation: "A step: its fields, `script_text`, `for_pull_requests`",
        around: &["file"],
    },
    SubjectKind {
        name: "pipe",
        documentation: "A pipe: `text`, `name`, `version`, `image` (whether it is one by \
                        `docker://`), `variables`",
        around: &["file"],
    },
    SubjectKind {
        name: "line",
        documentation: "A line of a script, with those that it goes on in: `text`",
        around: &["file"],
    },
    SubjectKind {
        name: "image",
        documentation: "An image of a step or a service: `text`, `registry`, `name`, `tag`, \
                        `digest`, `known`, `around` (its fields)",
        around: &["file"],
    },
    SubjectKind {
        name: "variable",
        documentation: "A variable of a service or a pipe: `name`, `value`",
        around: &["file"],
    },
];

pub(super) const KIND: Kind = Kind {
    id: "bitbucket-pipelines",
    noun: "Bitbucket pipeline",
    documentation: "Bitbucket Pipelines",
    finding: FindingKind::Pipeline,
    wants: &[
        Pattern::Name("bitbucket-pipelines.yml"),
        Pattern::Name("bitbucket-pipelines.yaml"),
    ],
    may_be: |path, content| {
        !is_in_dependency(path) && memmem::find(content, b"pipelines").is_some()
    },
    syntax: Syntax::Yaml,
    prepare,
    subjects: SUBJECTS,
    find,
    example: "bitbucket-pipelines.yml",
};

fn prepare(files: Vec<DocumentFile>) -> Vec<DocumentFile> {
    views::of_first(files, view)
}

fn find<'a>(file: &'a DocumentFile, subjects: &mut Vec<Subject<'a>>) {
    find_things(file, SUBJECTS, subjects);
}

fn view(document: &Node, text: &str) -> Node {
    let mut things = Things::of(document, text);
    let proposed = document.find(&["pipelines", "pull-requests"]);
    let proposed = proposed.map(maps).unwrap_or_default();
    let proposed: HashSet<_> = proposed.iter().map(|(_, node)| node.start).collect();
    for (name, node) in maps(document) {
        if let Some(image) = node.get("image") {
            things.add_image(image, if name == "step" { "step" } else { "service" });
        }
        for script in ["script", "after-script"] {
            let Some(script) = node.get(script) else {
                continue;
            };
            let text = things.add_lines(script, &[]);
            if name == "step" {
                let mut step = Members::of(node);
                step.text("script_text", text);
                step.flag("for_pull_requests", proposed.contains(&node.start));
                things.add("step", step.finish());
            }
        }
        if let Some(pipe) = node.member("pipe") {
            add_pipe(node, pipe.value.as_text().unwrap_or_default(), &mut things);
        }
        things.add_variables(node.get("variables"), name);
    }
    things.finish()
}

fn add_pipe(node: &Node, text: &str, things: &mut Things<'_>) {
    let is_image = text.starts_with("docker://");
    let plain = text.strip_prefix("docker://").unwrap_or(text);
    let (name, version) = match plain.split_once('@') {
        Some((name, digest)) => (name, digest),
        None => plain.rsplit_once(':').unwrap_or((plain, "")),
    };
    let mut pipe = Members::at(node.start);
    pipe.text("text", text);
    pipe.text("name", name);
    pipe.text("version", version);
    pipe.flag("image", is_image);
    let none = || Node::map(node.start, Vec::new());
    pipe.put(
        "variables",
        node.get("variables").cloned().unwrap_or_else(none),
    );
    things.add("pipe", pipe.finish());
}
