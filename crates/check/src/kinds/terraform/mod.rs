//! Terraform and OpenTofu: <https://developer.hashicorp.com/terraform/language>, in both of its forms,
//! and plans in JSON.
//!
//! The files of one folder are one module. It is evaluated as far as it can be without a cloud:
//! variables with their defaults and files of values, locals, references, loops, and modules on disk
//! with the arguments that they are called with. A module that another folder calls is looked at as it
//! is called; any other with its defaults. Modules of a registry, functions that read files, and state
//! are not looked at: what is not known is the text of its expression, `${...}`.

mod blocks;
mod evaluation;
mod functions;
mod joins;
mod layout;
mod module;
mod network_rules;
mod plan;
mod policies;
mod scope;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use linchpin_document::{Node, NodeValue};
use linchpin_model::{FindingKind, TargetPath};
use linchpin_source::Pattern;
use memchr::memmem;

use self::layout::{Folder, resolved};
use self::module::{Module, World};
use crate::kind::{DocumentFile, Kind, Subject, SubjectKind};
use crate::syntax::Syntax;

/// Stack of the thread that evaluates: how deep that goes is bounded, and this is enough for it.
const STACK: usize = 128 << 20;

/// Most sets of values that a module is looked at with.
const MOST_SETS: usize = 4;

/// Deepest nesting of blocks that are things of their own.
const DEEPEST_BLOCK: usize = 4;

const OF_RESOURCE: &[&str] = &["type", "name"];
const IN_RESOURCE: &[&str] = &["resource", "type", "name"];

pub(super) const KIND: Kind = Kind {
    id: "terraform",
    noun: "Terraform file",
    documentation: "Configurations of Terraform and OpenTofu, and plans in JSON",
    finding: FindingKind::Configuration,
    wants: &[
        Pattern::Suffix(".tf"),
        Pattern::Suffix(".tf.json"),
        Pattern::Suffix(".tofu"),
        Pattern::Suffix(".tofu.json"),
        Pattern::Suffix(".tfvars"),
        Pattern::Suffix(".tfvars.json"),
        Pattern::Glob("**/*plan*.json"),
    ],
    may_be,
    syntax: Syntax::Hcl,
    prepare,
    subjects: &[
        SubjectKind {
            name: "resource",
            documentation: "A resource; `of` is its type. Blocks in it are lists, and settings that are resources of their own are members by their type",
            around: OF_RESOURCE,
        },
        SubjectKind {
            name: "data",
            documentation: "A data source; `of` is its type",
            around: OF_RESOURCE,
        },
        SubjectKind {
            name: "block",
            documentation: "A block in a resource or data source; `of` is its name, such as `access_logs`",
            around: IN_RESOURCE,
        },
        SubjectKind {
            name: "network-rule",
            documentation: "What lets traffic in or out: direction, allows, protocol, ports, all_ports, sources, world; `of` is the type of the resource",
            around: IN_RESOURCE,
        },
        SubjectKind {
            name: "policy-statement",
            documentation: "A statement of a policy of AWS: attribute, sid, effect, actions, resources, principals, principal_types, conditions; `of` is the type of the resource",
            around: IN_RESOURCE,
        },
        SubjectKind {
            name: "module",
            documentation: "A call of a module",
            around: &["name"],
        },
        SubjectKind {
            name: "provider",
            documentation: "The configuration of a provider; `of` is its name",
            around: &["name"],
        },
        SubjectKind {
            name: "variable",
            documentation: "A variable",
            around: &["name"],
        },
        SubjectKind {
            name: "output",
            documentation: "An output",
            around: &["name"],
        },
        SubjectKind {
            name: "terraform",
            documentation: "The settings of Terraform itself, such as the backend",
            around: &[],
        },
    ],
    find,
    example: "main.tf",
};

fn may_be(path: &TargetPath, content: &[u8]) -> bool {
    let path = path.as_str();
    let is_fetched = path.starts_with(".terraform/") || path.contains("/.terraform/");
    let is_plan_only = layout::is_json(path)
        && ![".tf.json", ".tofu.json", ".tfvars.json"]
            .iter()
            .any(|end| path.ends_with(end));
    !is_fetched
        && (!is_plan_only
            || (memmem::find(content, b"\"format_version\"").is_some()
                && memmem::find(content, b"\"terraform_version\"").is_some()))
}

/// Evaluates in a thread of its own, whose stack is large enough for what the bounds allow.
fn prepare(files: Vec<DocumentFile>) -> Vec<DocumentFile> {
    std::thread::scope(|scope| {
        let builder = std::thread::Builder::new().stack_size(STACK);
        let work = || evaluated(&files);
        let thread = builder.spawn_scoped(scope, work);
        // What fails here is a mistake of ours, which must not cost the other checks.
        let done = thread.ok().and_then(|thread| thread.join().ok());
        done.unwrap_or_default()
    })
}

fn evaluated(files: &[DocumentFile]) -> Vec<DocumentFile> {
    let folders = layout::folders(files);
    let mut by_file: HashMap<usize, Vec<Node>> = HashMap::new();
    let called = called(&folders);
    let mut alone: Vec<&str> = Vec::new();
    for path in folders.keys() {
        if called.contains(path) {
            alone.push(path);
        } else {
            look_at(&folders, path, &mut by_file);
        }
    }
    for path in alone {
        // Modules that only call each other are called by nobody.
        let folder = folders.get(path);
        let mut blocks = folder.iter().flat_map(|folder| &folder.blocks);
        if !blocks.any(|block| by_file.contains_key(&block.file)) {
            look_at(&folders, path, &mut by_file);
        }
    }
    let with_blocks = files.iter().enumerate().map(|(place, file)| {
        let mut blocks = by_file.remove(&place).unwrap_or_default();
        for document in file.documents.iter().filter(|one| plan::is_plan(one)) {
            blocks.extend(plan::blocks(document));
        }
        DocumentFile {
            path: file.path.clone(),
            layer: file.layer,
            text: std::sync::Arc::clone(&file.text),
            documents: blocks,
            problems: Vec::new(),
            parts: Vec::new(),
        }
    });
    with_blocks
        .filter(|file| !file.documents.is_empty())
        .collect()
}

/// The folders that are called from a folder that is not within them: examples and tests of a module
/// call it, too, and say little about how it is used.
fn called(folders: &BTreeMap<String, Folder<'_>>) -> BTreeSet<String> {
    let mut called = BTreeSet::new();
    for (path, folder) in folders {
        for block in folder.blocks.iter().filter(|block| block.sort == "module") {
            let source = block.body.find_text(&["source"]);
            let Some(target) = source.and_then(|source| resolved(path, source)) else {
                continue;
            };
            let is_within = target.is_empty() || path.starts_with(&format!("{target}/"));
            if !is_within && target != *path {
                called.insert(target);
            }
        }
    }
    called
}

/// Evaluates a module with its defaults, and with each set of values that lies beside it.
fn look_at(
    folders: &BTreeMap<String, Folder<'_>>,
    path: &str,
    by_file: &mut HashMap<usize, Vec<Node>>,
) {
    let Some(folder) = folders.get(path) else {
        return;
    };
    let arguments = |sets: &[&Node]| {
        let members = sets.iter().flat_map(|set| set.members());
        let arguments = members.map(|one| (one.key.as_ref().clone(), one.value.clone()));
        arguments.collect::<HashMap<String, Node>>()
    };
    let mut ways = vec![arguments(&folder.values)];
    for set in folder.sets_of_values.iter().take(MOST_SETS) {
        let mut sets = folder.values.clone();
        sets.push(set);
        ways.push(arguments(&sets));
    }
    for arguments in ways {
        let world = World::new(folders);
        let module = Module::new(&world, path, folder, arguments);
        blocks::write_out(&module, by_file);
    }
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
        let around = [("resource", body), ("type", of), ("name", name)];
        let subject = |kind, node| Subject::new(kind, node).of(of_text);
        match sort {
            "resource" => subjects.push(of_resource(subject("resource", body), of, name)),
            "data" => subjects.push(of_resource(subject("data", body), of, name)),
            "module" => subjects.push(subject("module", body).with("name", name)),
            "provider" => subjects.push(subject("provider", body).with("name", name)),
            "variable" => subjects.push(subject("variable", body).with("name", name)),
            "output" => subjects.push(subject("output", body).with("name", name)),
            "terraform" => subjects.push(subject("terraform", body)),
            _ => continue,
        }
        if !matches!(sort, "resource" | "data") {
            continue;
        }
        for (kind, member) in [
            ("network-rule", network_rules::MEMBER),
            ("policy-statement", policies::MEMBER),
        ] {
            for node in body.get(member).map_or(&[][..], Node::items) {
                subjects.push(inside(subject(kind, node), &around));
            }
        }
        inner_blocks(body, 0, &around, subjects);
    }
}

fn of_resource<'a>(subject: Subject<'a>, of: &'a Node, name: &'a Node) -> Subject<'a> {
    subject.with("type", of).with("name", name)
}

fn inside<'a>(subject: Subject<'a>, around: &[(&'static str, &'a Node)]) -> Subject<'a> {
    around
        .iter()
        .fold(subject, |subject, (name, node)| subject.with(name, node))
}

/// The blocks in a body, each a thing of its own. Their types are the names of the lists that they
/// are in: a rule asks for the `type` around them as well.
fn inner_blocks<'a>(
    body: &'a Node,
    depth: usize,
    around: &[(&'static str, &'a Node)],
    subjects: &mut Vec<Subject<'a>>,
) {
    for member in body.members() {
        if member.key.starts_with('_') || joins::is_joined(&member.key) {
            continue;
        }
        for block in member.value.items() {
            if !matches!(block.value, NodeValue::Map(_)) {
                continue;
            }
            let subject = Subject::new("block", block).of(&member.key);
            subjects.push(inside(subject, around));
            if depth < DEEPEST_BLOCK {
                inner_blocks(block, depth + 1, around, subjects);
            }
        }
    }
}
