//! Templates of Azure Resource Manager and files of Bicep, from which such templates are made:
//! <https://learn.microsoft.com/azure/azure-resource-manager/templates/syntax>.
//!
//! Both are evaluated as far as that goes without a cloud: parameters with their defaults and files
//! of values, variables, conditions, loops, templates within templates, and modules on disk with the
//! arguments that they are called with. A file that another calls is looked at as it is called, any
//! other with its defaults. Modules of a registry and templates behind an address are not looked at.
//! What is not known is the text of its expression, `${...}`.

mod evaluation;
mod expression;
mod functions;
mod module;
mod network_rules;
mod resources;
mod world;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use linchpin_document::{Node, Position};
use linchpin_model::{FindingKind, TargetPath};
use linchpin_source::Pattern;
use memchr::memmem;

use self::expression::Language;
use self::module::Module;
use self::resources::Writing;
use self::world::World;
use crate::kind::{DocumentFile, Kind, Subject, SubjectKind};
use crate::syntax::{Syntax, SyntaxProblem};

/// Stack of the thread that evaluates: how deep that goes is bounded, and this is enough for it.
const STACK: usize = 64 << 20;

/// Most sets of values that a file is looked at with.
const MOST_SETS: usize = 4;

const OF_RESOURCE: &[&str] = &["type", "name"];

pub(super) const KIND: Kind = Kind {
    id: "azure-resource-manager",
    noun: "Azure template",
    documentation: "Templates of Azure Resource Manager, and Bicep",
    finding: FindingKind::Configuration,
    wants: &[
        Pattern::Suffix(".bicep"),
        Pattern::Suffix(".bicepparam"),
        Pattern::Suffix(".parameters.json"),
        Pattern::Glob("**/{main,azuredeploy,mainTemplate,azure,resources,infra,parameters}*.json"),
        Pattern::Glob("**/*{template,deploy,arm,bicep,nested,linked}*.json"),
        Pattern::Glob(
            "**/{arm,bicep,azure,infra,infrastructure,nested*,linked*,templates,*template*}/**/*.json",
        ),
    ],
    may_be,
    syntax: Syntax::Bicep,
    prepare,
    subjects: &[
        SubjectKind {
            name: "resource",
            documentation: "A resource as a template has it, without what is null: `name`, `properties`, `sku` and so on; `of` is its whole type in lower case: `microsoft.storage/storageaccounts`",
            around: OF_RESOURCE,
        },
        SubjectKind {
            name: "network-rule",
            documentation: "What lets traffic in or out: direction, allows, protocol, ports, all_ports, sources, world; `of` is the type of the resource",
            around: &["resource", "type", "name"],
        },
        SubjectKind {
            name: "parameter",
            documentation: "A parameter: `type`, `defaultValue`, and in Bicep `secure`",
            around: &["name"],
        },
        SubjectKind {
            name: "output",
            documentation: "An output: `value`, as it is written",
            around: &["name"],
        },
    ],
    find,
    example: "azuredeploy.json",
};

fn may_be(path: &TargetPath, content: &[u8]) -> bool {
    let has = |text: &[u8]| memmem::find(content, text).is_some();
    match path.as_str().rsplit_once('.') {
        Some((_, "bicep" | "bicepparam")) => true,
        _ => {
            has(b"deploymentTemplate.json")
                || has(b"DeploymentTemplate.json")
                || has(b"eploymentParameters.json")
        }
    }
}

/// The files of a target.
struct Files<'d> {
    /// What each holds, if it is a template or a file of Bicep.
    documents: Vec<Option<&'d Node>>,
    /// The folder of each.
    folders: Vec<&'d str>,
    by_path: BTreeMap<String, usize>,
}

/// Evaluates in a thread of its own, whose stack is large enough for what the bounds allow.
fn prepare(files: Vec<DocumentFile>) -> Vec<DocumentFile> {
    std::thread::scope(|scope| {
        let builder = std::thread::Builder::new().stack_size(STACK);
        let thread = builder.spawn_scoped(scope, || evaluated(&files));
        // What fails here is a mistake of ours, which must not cost the other checks.
        let done = thread.ok().and_then(|thread| thread.join().ok());
        done.unwrap_or_default()
    })
}

fn evaluated(files: &[DocumentFile]) -> Vec<DocumentFile> {
    let all = Files {
        documents: files
            .iter()
            .map(|file| {
                file.documents
                    .first()
                    .filter(|document| is_template(document))
            })
            .collect(),
        folders: files.iter().map(|file| file.path.parent_str()).collect(),
        by_path: (files.iter().enumerate())
            .map(|(place, file)| (file.path.as_str().to_owned(), place))
            .collect(),
    };
    let sets = sets_of_values(files, &all);
    let called = called(&all);
    let mut by_file: HashMap<usize, Vec<Node>> = HashMap::new();
    let mut spent: BTreeSet<usize> = BTreeSet::new();
    let mut look_at = |place: usize, document: &Node, by_file: &mut HashMap<usize, Vec<Node>>| {
        let mut ways = vec![HashMap::new()];
        ways.extend(
            sets.get(&place)
                .into_iter()
                .flatten()
                .take(MOST_SETS)
                .cloned(),
        );
        for arguments in ways {
            let world = World::new();
            let module = Module::new(&world, language(document), document, arguments);
            let mut writing = Writing {
                files: &all,
                by_file,
            };
            writing.file(&module, place, Vec::new());
            if world.is_spent() {
                spent.insert(place);
            }
        }
    };
    for (place, document) in all.documents.iter().enumerate() {
        if let Some(document) = document.filter(|_| !called.contains(&place)) {
            look_at(place, document, &mut by_file);
        }
    }
    for (place, document) in all.documents.iter().enumerate() {
        // Files that only call each other are called by nobody.
        if let Some(document) = document.filter(|_| !by_file.contains_key(&place)) {
            look_at(place, document, &mut by_file);
        }
    }
    let prepared = files.iter().enumerate().map(|(place, file)| DocumentFile {
        path: file.path.clone(),
        layer: file.layer,
        text: Arc::clone(&file.text),
        documents: by_file.remove(&place).unwrap_or_default(),
        problems: (spent.contains(&place))
            .then(|| SyntaxProblem {
                at: Position::START,
                text: "asks for more than is evaluated; what is left of it is not known".to_owned(),
            })
            .into_iter()
            .collect(),
        parts: Vec::new(),
    });
    prepared
        .filter(|file| !file.documents.is_empty() || !file.problems.is_empty())
        .collect()
}

/// Whether a document is a template or a file of Bicep, and no file of values.
fn is_template(document: &Node) -> bool {
    let has = |name: &str| document.get(name).is_some();
    has("resources") && !has("using")
}

/// In which language a document is written.
fn language(document: &Node) -> Language {
    if document.get("modules").is_some() {
        Language::Bicep
    } else {
        Language::Json
    }
}

/// The files that modules of others call.
fn called(files: &Files<'_>) -> BTreeSet<usize> {
    let mut called = BTreeSet::new();
    for (place, document) in files.documents.iter().enumerate() {
        let modules = document.and_then(|document| document.get("modules"));
        for module in modules.map_or(&[][..], Node::items) {
            let source = module.find_text(&["type"]).unwrap_or_default();
            let path = files
                .folders
                .get(place)
                .and_then(|folder| resolved(folder, source));
            let target = path.and_then(|path| files.by_path.get(&path));
            called.extend(target.filter(|target| **target != place));
        }
    }
    called
}

/// The values that files beside a template give its parameters, by names in lower case.
fn sets_of_values(
    files: &[DocumentFile],
    all: &Files<'_>,
) -> HashMap<usize, Vec<HashMap<String, Node>>> {
    let mut sets: HashMap<usize, Vec<HashMap<String, Node>>> = HashMap::new();
    for file in files {
        let Some(document) = file
            .documents
            .first()
            .filter(|document| !is_template(document))
        else {
            continue;
        };
        let path = file.path.as_str();
        let (target, values) = if let Some(using) = document.find_text(&["using"]) {
            let target = resolved(file.path.parent_str(), using);
            let values = document.get("values").map_or(&[][..], Node::members).iter();
            let values = values.map(|member| (member.key.to_lowercase(), &member.value));
            (target, values.collect::<Vec<_>>())
        } else {
            let stem = path.strip_suffix(".parameters.json").unwrap_or(path);
            let target = [".json", ".bicep"]
                .iter()
                .map(|end| format!("{stem}{end}"))
                .find(|target| target != path && all.by_path.contains_key(target));
            let values = document
                .get("parameters")
                .map_or(&[][..], Node::members)
                .iter();
            let values = values
                .filter_map(|member| Some((member.key.to_lowercase(), member.value.get("value")?)));
            (target, values.collect())
        };
        if let Some(target) = target.and_then(|target| all.by_path.get(&target)) {
            let values = values.into_iter().map(|(name, node)| (name, node.clone()));
            sets.entry(*target).or_default().push(values.collect());
        }
    }
    sets
}

/// The path of a file that another one asks for.
fn resolved(folder: &str, source: &str) -> Option<String> {
    if source.contains(':') || source.starts_with('/') {
        return None;
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in source.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

fn find<'a>(file: &'a DocumentFile, subjects: &mut Vec<Subject<'a>>) {
    for document in &file.documents {
        let (Some(sort), Some(of), Some(name), Some(body)) = (
            document.find_text(&["sort"]),
            document.get("type"),
            document.get("name"),
            document.get("body"),
        ) else {
            continue;
        };
        let of_text = of.as_text().unwrap_or_default();
        match sort {
            "parameter" => subjects.push(Subject::new("parameter", body).with("name", name)),
            "output" => subjects.push(Subject::new("output", body).with("name", name)),
            _ => {
                let subject = |kind, node| {
                    let subject = Subject::new(kind, node).of(of_text);
                    subject.with("type", of).with("name", name)
                };
                subjects.push(subject("resource", body));
                for node in document.get("rules").map_or(&[][..], Node::items) {
                    subjects.push(subject("network-rule", node).with("resource", body));
                }
            }
        }
    }
}
