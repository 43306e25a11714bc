//! Pipelines of GitLab: <https://docs.gitlab.com/ci/yaml/>. What `include` brings in is not loaded.

use linchpin_document::Node;
use linchpin_model::FindingKind;
use linchpin_source::Pattern;
use memchr::memmem;

use crate::kind::{DocumentFile, Kind, Subject, SubjectKind};
use crate::pipeline::dependencies::is_in_dependency;
use crate::pipeline::members::{Members, written};
use crate::pipeline::things::{Things, find as find_things};
use crate::pipeline::views;
use crate::syntax::Syntax;

/// Fields of a file that are no jobs.
const GLOBAL: &[&str] = &[
    "default",
    "include",
    "stages",
    "variables",
    "workflow",
    "image",
    "services",
    "cache",
    "spec",
    "before_script",
    "after_script",
    "pages:deploy",
];

const SUBJECTS: &[SubjectKind] = &[
    SubjectKind {
        name: "file",
        documentation: "The whole file: its fields",
        around: &[],
    },
    SubjectKind {
        name: "job",
        documentation: "A job: its fields, `id`, `hidden` (a template), `script_text`",
        around: &["file"],
    },
    SubjectKind {
        name: "include",
        documentation: "What is included: `source` (remote, project, local, template, component), \
                        `value`, `reference`, `is_commit`",
        around: &["file"],
    },
    SubjectKind {
        name: "image",
        documentation: "An image of a job or a service: `text`, `registry`, `name`, `tag`, \
                        `digest`, `known`, `role`, `around` (its fields)",
        around: &["file"],
    },
    SubjectKind {
        name: "line",
        documentation: "A line of a script, with those that it goes on in: `text`, `job`",
        around: &["file"],
    },
    SubjectKind {
        name: "variable",
        documentation: "A variable: `name`, `value`, `scope` (file or the name of the job)",
        around: &["file"],
    },
];

pub(super) const KIND: Kind = Kind {
    id: "gitlab-ci",
    noun: "GitLab pipeline",
    documentation: "Pipelines of GitLab",
    finding: FindingKind::Pipeline,
    wants: &[
        Pattern::Suffix(".gitlab-ci.yml"),
        Pattern::Suffix(".gitlab-ci.yaml"),
        Pattern::Glob("**/.gitlab/ci/**/*.yml"),
        Pattern::Glob("**/.gitlab/ci/*.yml"),
    ],
    may_be: |path, content| {
        let words: [&[u8]; 3] = [b"script", b"include", b"trigger"];
        !is_in_dependency(path)
            && words
                .iter()
                .any(|word| memmem::find(content, word).is_some())
    },
    syntax: Syntax::Yaml,
    prepare,
    subjects: SUBJECTS,
    find,
    example: ".gitlab-ci.yml",
};

fn prepare(files: Vec<DocumentFile>) -> Vec<DocumentFile> {
    views::of_each(files, view)
}

fn find<'a>(file: &'a DocumentFile, subjects: &mut Vec<Subject<'a>>) {
    find_things(file, SUBJECTS, subjects);
}

fn view(document: &Node, text: &str) -> Node {
    let mut things = Things::of(document, text);
    if let Some(include) = document.get("include") {
        let single = std::slice::from_ref(include);
        let all = if include.items().is_empty() {
            single
        } else {
            include.items()
        };
        for one in all {
            add_include(one, &mut things);
        }
    }
    things.add_variables(document.get("variables"), "file");
    scripts_and_images(document, "", &mut things);
    if let Some(default) = document.get("default") {
        scripts_and_images(default, "", &mut things);
    }
    for member in document.members() {
        let id = member.key.as_str();
        if GLOBAL.contains(&id) || member.value.members().is_empty() {
            continue;
        }
        things.add_variables(member.value.get("variables"), id);
        let script = scripts_and_images(&member.value, id, &mut things);
        let mut job = Members::of(&member.value).starting(member.key_start);
        job.text("id", id);
        job.flag("hidden", id.starts_with('.'));
        job.text("script_text", script);
        things.add("job", job.finish());
    }
    things.finish()
}

/// Of the file, its defaults or a job. Gives the text of the scripts.
fn scripts_and_images(node: &Node, job: &str, things: &mut Things<'_>) -> String {
    let mut text = String::new();
    for key in ["before_script", "script", "after_script"] {
        if let Some(script) = node.get(key) {
            text.push_str(&things.add_lines(script, &[("job", job)]));
        }
    }
    if let Some(image) = node.get("image") {
        things.add_image(image, "job");
    }
    for service in node.get("services").map_or(&[][..], Node::items) {
        things.add_image(service, "service");
    }
    text
}

fn add_include(node: &Node, things: &mut Things<'_>) {
    let mut members = Members::of(node);
    let named = ["remote", "project", "local", "template", "component"];
    let (source, value) = match node.as_text() {
        Some(text) if text.starts_with("http://") || text.starts_with("https://") => {
            ("remote", text)
        }
        Some(text) => ("local", text),
        None => {
            let found = named
                .into_iter()
                .find_map(|key| Some((key, node.find_text(&[key])?)));
            found.unwrap_or(("", ""))
        }
    };
    let reference = if source == "component" {
        value
            .rsplit_once('@')
            .map_or("", |(_, version)| version)
            .to_owned()
    } else {
        node.get("ref").and_then(written).unwrap_or_default()
    };
    members.text("source", source);
    members.text("value", value);
    let is_commit = reference.len() == 40 && reference.bytes().all(|byte| byte.is_ascii_hexdigit());
    members.flag("is_commit", is_commit);
    members.text("reference", reference);
    things.add("include", members.finish());
}
