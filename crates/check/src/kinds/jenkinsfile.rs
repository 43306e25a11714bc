//! Jenkinsfiles: <https://www.jenkins.io/doc/book/pipeline/jenkinsfile/>.
//!
//! The reader (`syntax/jenkinsfile/`) gives calls with their arguments and blocks. Here they become
//! what rules ask for: steps with the text of their scripts and what it interpolates, agents,
//! shared libraries, options.

use linchpin_document::Node;
use linchpin_model::FindingKind;
use linchpin_source::Pattern;
use memchr::memmem;

use crate::kind::{DocumentFile, Kind, Subject, SubjectKind};
use crate::pipeline::dependencies::is_in_dependency;
use crate::pipeline::image::image;
use crate::pipeline::members::{Members, written};
use crate::pipeline::things::{Things, find as find_things};
use crate::pipeline::views;
use crate::syntax::Syntax;

const SUBJECTS: &[SubjectKind] = &[
    SubjectKind {
        name: "file",
        documentation: "The whole file: `declarative`, `calls` (the names of all steps), `options`, \
                        `secrets` (names of variables that hold credentials), `deploys`",
        around: &[],
    },
    SubjectKind {
        name: "step",
        documentation: "A call: `call`, `arguments`, `named` (texts are maps with `text`), `text` (its first text, or its \
                        script), `double_quoted` (what Groovy puts into it), `joined` (what is \
                        joined to it by `+`), `stage`, `in_secret` (within `withCredentials`)",
        around: &["file"],
    },
    SubjectKind {
        name: "line",
        documentation: "A line of a shell script, with those that it goes on in: `text`, `shell`",
        around: &["file"],
    },
    SubjectKind {
        name: "library",
        documentation: "A shared library: `text`, `name`, `version`",
        around: &["file"],
    },
    SubjectKind {
        name: "agent",
        documentation: "An agent: `kind` (any, none, label, docker, dockerfile, kubernetes), \
                        `label`, `arguments` (to `docker run`)",
        around: &["file"],
    },
    SubjectKind {
        name: "image",
        documentation: "An image of an agent or of `docker.image`: `text`, `registry`, `name`, \
                        `tag`, `digest`, `known`",
        around: &["file"],
    },
    SubjectKind {
        name: "variable",
        documentation: "An environment variable: `name`, `value`",
        around: &["file"],
    },
];

/// Steps that run a script in a shell.
const SHELLS: &[&str] = &["sh", "bat", "powershell", "pwsh"];

/// Deepest blocks that are gone through: the reader goes no deeper.
const DEEPEST: usize = 100;

pub(super) const KIND: Kind = Kind {
    id: "jenkinsfile",
    noun: "Jenkinsfile",
    documentation: "Jenkinsfiles, declarative and scripted",
    finding: FindingKind::Pipeline,
    wants: &[
        Pattern::Name("Jenkinsfile"),
        Pattern::Glob("**/Jenkinsfile.*"),
        Pattern::Glob("Jenkinsfile.*"),
        Pattern::Suffix(".jenkinsfile"),
        Pattern::Suffix(".Jenkinsfile"),
    ],
    may_be: |path, content| {
        let words: [&[u8]; 5] = [b"pipeline", b"node", b"stage", b"@Library", b"sh "];
        !is_in_dependency(path)
            && words
                .iter()
                .any(|word| memmem::find(content, word).is_some())
    },
    syntax: Syntax::Jenkinsfile,
    prepare,
    subjects: SUBJECTS,
    find,
    example: "Jenkinsfile",
};

fn prepare(files: Vec<DocumentFile>) -> Vec<DocumentFile> {
    views::of_each(files, view)
}

fn find<'a>(file: &'a DocumentFile, subjects: &mut Vec<Subject<'a>>) {
    find_things(file, SUBJECTS, subjects);
}

/// What is known while the calls are gone through.
#[derive(Default)]
struct Seen {
    names: Vec<String>,
    options: Vec<String>,
    secrets: Vec<String>,
    declarative: bool,
}

/// What is around a call.
#[derive(Clone, Copy)]
struct Around<'a> {
    parent: &'a str,
    stage: &'a str,
    in_secret: bool,
}

fn view(document: &Node, text: &str) -> Node {
    let start = Node::map(document.start, Vec::new());
    let mut things = Things::of(&start, text);
    let mut seen = Seen::default();
    let around = Around {
        parent: "",
        stage: "",
        in_secret: false,
    };
    for call in document.items() {
        go_through(call, around, 0, &mut things, &mut seen);
    }
    let deploys = |name: &String| {
        let name = name.to_ascii_lowercase();
        name.contains("deploy") || name.contains("publish") || name.contains("release")
    };
    things.file.flag("declarative", seen.declarative);
    things.file.flag("deploys", seen.names.iter().any(deploys));
    things.file.texts("calls", seen.names);
    things.file.texts("options", seen.options);
    things.file.texts("secrets", seen.secrets);
    things.finish()
}

fn go_through(
    call: &Node,
    around: Around<'_>,
    depth: usize,
    things: &mut Things<'_>,
    seen: &mut Seen,
) {
    let Some(name) = call.find_text(&["call"]) else {
        return;
    };
    if depth > DEEPEST {
        return;
    }
    if around.parent == "options" {
        seen.options.push(name.to_owned());
    }
    match name {
        "pipeline" => seen.declarative = true,
        "=" => assignment(call, around, things, seen),
        "@Library" | "library" => {
            for text in texts_of(call) {
                add_library(text, things);
            }
        }
        "agent" => add_agent(call, things),
        "docker.image" => {
            for text in texts_of(call).into_iter().take(1) {
                add_image(text, things);
            }
        }
        _ => {}
    }
    for key in ["variable", "passwordVariable", "keyFileVariable"] {
        let text = named(call, &[key]).and_then(|node| node.find_text(&["text"]));
        seen.secrets.extend(text.map(str::to_owned));
    }
    add_step(call, name, around, things);
    let title = texts_of(call)
        .first()
        .and_then(|text| text.find_text(&["text"]));
    if matches!(name, "stage") {
        seen.names.extend(title.map(str::to_owned));
    } else {
        seen.names.push(name.to_owned());
    }
    let inner = Around {
        parent: name,
        stage: title.filter(|_| name == "stage").unwrap_or(around.stage),
        in_secret: around.in_secret || name == "withCredentials",
    };
    // A call can be an argument of another one, and a block one of its arguments.
    for key in ["arguments", "named", "body"] {
        if let Some(node) = call.get(key) {
            nested(node, inner, depth + 1, things, seen);
        }
    }
}

fn nested(node: &Node, around: Around<'_>, depth: usize, things: &mut Things<'_>, seen: &mut Seen) {
    if depth > DEEPEST {
        return;
    }
    if node.get("call").is_some() {
        go_through(node, around, depth, things, seen);
        return;
    }
    for item in node.items() {
        nested(item, around, depth + 1, things, seen);
    }
    for member in node.members() {
        nested(&member.value, around, depth + 1, things, seen);
    }
}

/// `NAME = value`: a variable in `environment`, with credentials if it says so.
fn assignment(call: &Node, around: Around<'_>, things: &mut Things<'_>, seen: &mut Seen) {
    let name = call.find_text(&["name"]).unwrap_or_default();
    let value = call
        .get("arguments")
        .and_then(|arguments| arguments.items().first());
    let is_credential = value.and_then(|value| value.find_text(&["call"])) == Some("credentials");
    if is_credential {
        for end in ["", "_PSW", "_USR"] {
            seen.secrets.push(format!("{name}{end}"));
        }
    }
    if around.parent != "environment" && !name.starts_with("env.") {
        return;
    }
    let mut variable = Members::at(call.start);
    variable.text("name", name.trim_start_matches("env."));
    let text = value.and_then(|value| {
        value
            .find_text(&["text"])
            .map(str::to_owned)
            .or_else(|| written(value))
    });
    variable.text("value", text.unwrap_or_default());
    things.add("variable", variable.finish());
}

/// The texts among the arguments of a call, and in lists there.
fn texts_of(call: &Node) -> Vec<&Node> {
    let arguments = call.get("arguments").map_or(&[][..], Node::items).iter();
    let inner = arguments.flat_map(|argument| match argument.items() {
        [] => std::slice::from_ref(argument),
        items => items,
    });
    inner.filter(|node| node.get("text").is_some()).collect()
}

fn named<'a>(call: &'a Node, keys: &[&str]) -> Option<&'a Node> {
    let named = call.get("named")?;
    keys.iter().find_map(|key| named.get(key))
}

fn add_library(text: &Node, things: &mut Things<'_>) {
    let whole = text.find_text(&["text"]).unwrap_or_default();
    let (name, version) = whole.split_once('@').unwrap_or((whole, ""));
    let mut library = Members::at(text.start);
    library.text("text", whole);
    library.text("name", name);
    library.text("version", version);
    things.add("library", library.finish());
}

fn add_image(text: &Node, things: &mut Things<'_>) {
    let whole = text.find_text(&["text"]).unwrap_or_default();
    let parts = image(text.start, whole);
    things.add("image", parts);
}

fn add_agent(call: &Node, things: &mut Things<'_>) {
    let mut agent = Members::at(call.start);
    let body = call.get("body").map_or(&[][..], Node::items);
    let word = call
        .get("arguments")
        .and_then(|arguments| arguments.items().first());
    let word = word.and_then(|word| word.find_text(&["reads"]));
    let first = body.first();
    let kind = word
        .or_else(|| first.and_then(|first| first.find_text(&["call"])))
        .unwrap_or_default();
    let text_in = |calls: &[Node], wanted: &str| {
        let found = calls
            .iter()
            .find(|call| call.find_text(&["call"]) == Some(wanted));
        found.and_then(|call| texts_of(call).first().map(|text| (*text).clone()))
    };
    let inner = first
        .and_then(|first| first.get("body"))
        .map_or(&[][..], Node::items);
    let direct = first.and_then(|first| texts_of(first).first().map(|text| (*text).clone()));
    let image_text = match kind {
        "docker" => text_in(inner, "image").or(direct),
        _ => None,
    };
    if let Some(text) = image_text {
        add_image(&text, things);
    }
    let text =
        |node: Option<Node>| node.and_then(|node| node.find_text(&["text"]).map(str::to_owned));
    agent.text("kind", kind);
    agent.text(
        "label",
        text(text_in(body, "label").or_else(|| text_in(inner, "label"))).unwrap_or_default(),
    );
    agent.text(
        "arguments",
        text(text_in(inner, "args")).unwrap_or_default(),
    );
    things.add("agent", agent.finish());
}

fn add_step(call: &Node, name: &str, around: Around<'_>, things: &mut Things<'_>) {
    let first = call
        .get("arguments")
        .and_then(|arguments| arguments.items().first());
    let script = named(call, &["script"]).or(first);
    let parts = script
        .and_then(|script| script.get("parts"))
        .map_or(&[][..], Node::items);
    let single = script.map_or(&[][..], std::slice::from_ref);
    let pieces = if parts.is_empty() { single } else { parts };
    let mut text = String::new();
    let (mut double_quoted, mut joined) = (Vec::new(), Vec::new());
    for piece in pieces {
        if let Some(inner) = piece.get("text") {
            text.push_str(inner.as_text().unwrap_or_default());
            let inside = piece
                .get("interpolates")
                .map_or(&[][..], Node::items)
                .iter();
            double_quoted.extend(inside.filter_map(|node| node.as_text().map(str::to_owned)));
        } else if let Some(reads) = piece.find_text(&["reads"]) {
            joined.push(reads.to_owned());
        }
    }
    if SHELLS.contains(&name) {
        for piece in pieces {
            if let Some(script) = piece.get("text") {
                things.add_lines(script, &[("shell", name)]);
            }
        }
    }
    // Without the blocks: what is in them is there as steps of their own.
    let is_plain = |node: &&Node| written(node).is_some() || node.get("text").is_some();
    let mut step = Members::at(call.start);
    step.text("call", name);
    let arguments = call.get("arguments").map_or(&[][..], Node::items).iter();
    step.list("arguments", arguments.filter(is_plain).cloned().collect());
    let mut by_name = Members::at(call.start);
    for member in call.get("named").map_or(&[][..], Node::members) {
        if is_plain(&&member.value) {
            by_name.put(&member.key, member.value.clone());
        }
    }
    step.put("named", by_name.finish());
    step.text("text", text);
    step.texts("double_quoted", double_quoted);
    step.texts("joined", joined);
    step.text("stage", around.stage);
    step.flag("in_secret", around.in_secret);
    step.flag("runs_script", SHELLS.contains(&name));
    things.add("step", step.finish());
}
