//! Azure Pipelines: <https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/>.
//!
//! Steps are found wherever they stand: in stages, jobs, deployments, templates and below `${{ if }}`.

use linchpin_document::Node;
use linchpin_model::FindingKind;
use linchpin_source::Pattern;
use memchr::memmem;

use crate::kind::{DocumentFile, Kind, Subject, SubjectKind};
use crate::pipeline::dependencies::is_in_dependency;
use crate::pipeline::members::{Members, written};
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
        name: "job",
        documentation: "A job: its fields and `id`",
        around: &["file"],
    },
    SubjectKind {
        name: "step",
        documentation: "A step: its fields, `does` (script, bash, powershell, pwsh, task, checkout, \
                        template ...) and `script_text`",
        around: &["file"],
    },
    SubjectKind {
        name: "line",
        documentation: "A line of a script, with those that it goes on in: `text`, `shell`",
        around: &["file"],
    },
    SubjectKind {
        name: "task",
        documentation: "A task: `text`, `name`, `version`, `inputs`",
        around: &["file"],
    },
    SubjectKind {
        name: "repository",
        documentation: "A repository among the resources: its fields",
        around: &["file"],
    },
    SubjectKind {
        name: "image",
        documentation: "An image of a container: `text`, `registry`, `name`, `tag`, `digest`, \
                        `known`, `around` (its fields)",
        around: &["file"],
    },
    SubjectKind {
        name: "variable",
        documentation: "A variable: `name`, `value`, `scope`",
        around: &["file"],
    },
];

/// What a step can be, and how its script is read.
const STEPS: &[&str] = &[
    "script",
    "bash",
    "powershell",
    "pwsh",
    "task",
    "checkout",
    "template",
    "download",
    "publish",
    "downloadBuild",
    "getPackage",
    "reviewApp",
];

pub(super) const KIND: Kind = Kind {
    id: "azure-pipelines",
    noun: "Azure pipeline",
    documentation: "Azure Pipelines",
    finding: FindingKind::Pipeline,
    wants: &[
        Pattern::Glob("**/*azure-pipelines*.yml"),
        Pattern::Glob("**/*azure-pipelines*.yaml"),
        Pattern::Glob("*azure-pipelines*.yml"),
        Pattern::Glob("**/.azure-pipelines/**/*.yml"),
        Pattern::Glob("**/azure-pipelines/**/*.yml"),
        Pattern::Glob("**/.azuredevops/**/*.yml"),
        Pattern::Glob("**/.vsts-ci.yml"),
    ],
    may_be: |path, content| {
        let words: [&[u8]; 4] = [b"steps", b"jobs", b"stages", b"extends"];
        !is_in_dependency(path)
            && words
                .iter()
                .any(|word| memmem::find(content, word).is_some())
    },
    syntax: Syntax::Yaml,
    prepare,
    subjects: SUBJECTS,
    find,
    example: "azure-pipelines.yml",
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
        .map_or(&[][..], Node::items)
        .iter();
    let free = parameters.filter(|parameter| {
        let of_type = parameter.find_text(&["type"]);
        matches!(of_type, None | Some("string")) && parameter.get("values").is_none()
    });
    let free: Vec<String> = free
        .filter_map(|parameter| parameter.find_text(&["name"]).map(str::to_owned))
        .collect();
    things.file.texts("free_parameters", free);
    for (name, node) in maps(document) {
        let is_step = STEPS.iter().find(|step| node.get(step).is_some());
        if let Some(does) = is_step.filter(|_| name != "inputs" && name != "parameters") {
            add_step(node, does, &mut things);
        }
        if let Some(id) = node
            .find_text(&["job"])
            .or_else(|| node.find_text(&["deployment"]))
        {
            let mut job = Members::of(node);
            job.text("id", id);
            things.add("job", job.finish());
        }
        if let Some(container) = node.get("container").filter(|_| name != "resources") {
            things.add_image(container, "job");
        }
        if name == "containers" && node.get("container").is_some() {
            things.add_image(node, "resource");
        }
        if name == "repositories" && node.get("repository").is_some() {
            things.add("repository", node.clone());
        }
        add_variables(node, &mut things);
    }
    things.finish()
}

fn add_step(node: &Node, does: &str, things: &mut Things<'_>) {
    let mut step = Members::of(node);
    step.text("does", does);
    let mut text = String::new();
    match does {
        "script" | "bash" | "powershell" | "pwsh" => {
            if let Some(script) = node.get(does) {
                text = things.add_lines(script, &[("shell", does)]);
            }
        }
        "task" => {
            let whole = node.find_text(&["task"]).unwrap_or_default();
            let (name, version) = whole.rsplit_once('@').unwrap_or((whole, ""));
            let inputs = node.get("inputs");
            for key in ["script", "inlineScript", "Inline"] {
                if let Some(script) = inputs.and_then(|inputs| inputs.get(key)) {
                    text.push_str(&things.add_lines(script, &[("shell", "task")]));
                }
            }
            let start = node
                .member("task")
                .map_or(node.start, |member| member.key_start);
            let mut task = Members::at(start);
            task.text("text", whole);
            task.text("name", name);
            task.text("version", version);
            let none = || Node::map(node.start, Vec::new());
            task.put("inputs", inputs.cloned().unwrap_or_else(none));
            things.add("task", task.finish());
        }
        _ => {}
    }
    step.text("script_text", text);
    things.add("step", step.finish());
}

/// Variables as a map or as a list of `name` and `value`.
fn add_variables(node: &Node, things: &mut Things<'_>) {
    let Some(variables) = node.get("variables") else {
        return;
    };
    things.add_variables(Some(variables), "file");
    for item in variables.items() {
        let (Some(name), Some(value)) = (item.find_text(&["name"]), item.get("value")) else {
            continue;
        };
        let mut variable = Members::at(item.start);
        variable.text("name", name);
        variable.text("value", written(value).unwrap_or_default());
        variable.text("scope", "file");
        things.add("variable", variable.finish());
    }
}
