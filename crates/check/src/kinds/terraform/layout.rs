//! Folders with their blocks: the files of one folder are one module.

use std::collections::{BTreeMap, HashMap};

use linchpin_document::{Node, NodeValue};

use crate::kind::DocumentFile;

/// A block as it is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block<'f> {
    /// The place of its file in the list of files.
    pub(super) file: usize,
    /// What it is: `resource`.
    pub(super) sort: &'static str,
    /// Its type, if such blocks have one.
    pub(super) of: &'f str,
    /// Its name, if such blocks have one.
    pub(super) name: &'f str,
    /// What it holds.
    pub(super) body: &'f Node,
    /// Whether it is written in the JSON form of the language.
    pub(super) is_json: bool,
}

/// A folder.
#[derive(Debug, Default)]
pub(super) struct Folder<'f> {
    pub(super) blocks: Vec<Block<'f>>,
    /// Resources and data by what expressions call them: `aws_vpc.main`, `data.aws_ami.it`.
    pub(super) by_address: HashMap<String, usize>,
    pub(super) locals: HashMap<&'f str, &'f Node>,
    pub(super) variables: HashMap<&'f str, &'f Node>,
    pub(super) outputs: HashMap<&'f str, &'f Node>,
    /// Values of variables that are taken without being asked for, and those that are in a file
    /// that somebody has to name.
    pub(super) values: Vec<&'f Node>,
    pub(super) sets_of_values: Vec<&'f Node>,
}

/// The sorts of blocks: their name, and how many labels they have.
const SORTS: &[(&str, usize)] = &[
    ("resource", 2),
    ("data", 2),
    ("ephemeral", 2),
    ("module", 1),
    ("provider", 1),
    ("variable", 1),
    ("output", 1),
    ("terraform", 0),
    ("locals", 0),
];

/// Puts the blocks of all files into their folders.
pub(super) fn folders(files: &[DocumentFile]) -> BTreeMap<String, Folder<'_>> {
    let mut folders: BTreeMap<String, Folder<'_>> = BTreeMap::new();
    for (place, file) in files.iter().enumerate() {
        let path = file.path.as_str();
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let folder = folders.entry(folder.to_owned()).or_default();
        for document in &file.documents {
            if name.ends_with(".tfvars") || name.ends_with(".tfvars.json") {
                let is_automatic =
                    name.starts_with("terraform.tfvars") || name.contains(".auto.tfvars");
                if is_automatic {
                    folder.values.push(document);
                } else {
                    folder.sets_of_values.push(document);
                }
                continue;
            }
            for member in document.members() {
                let known = SORTS.iter().find(|(sort, _)| *sort == member.key.as_str());
                let Some(&(sort, labels)) = known else {
                    continue;
                };
                let block = Block {
                    file: place,
                    sort,
                    of: "",
                    name: "",
                    body: &member.value,
                    is_json: is_json(name),
                };
                collect(folder, block, labels);
            }
        }
    }
    folders
}

/// Whether a file is of the JSON form of the language.
pub(super) fn is_json(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, end)| end == "json")
}

/// Takes the labels off a block, one by one.
fn collect<'f>(folder: &mut Folder<'f>, block: Block<'f>, labels: usize) {
    match &block.body.value {
        NodeValue::List(items) => {
            for body in items.iter().filter(|item| !is_list(item)) {
                collect(folder, Block { body, ..block }, labels);
            }
        }
        NodeValue::Map(members) if labels > 0 => {
            for member in members {
                let (of, name) = match labels {
                    2 => (member.key.as_str(), ""),
                    _ => (block.of, member.key.as_str()),
                };
                let body = &member.value;
                let inner = Block {
                    of,
                    name,
                    body,
                    ..block
                };
                collect(folder, inner, labels - 1);
            }
        }
        NodeValue::Map(members) => add(folder, block, members),
        _ => {}
    }
}

fn is_list(node: &Node) -> bool {
    matches!(node.value, NodeValue::List(_))
}

fn add<'f>(folder: &mut Folder<'f>, block: Block<'f>, members: &'f [linchpin_document::Member]) {
    let Block { of, name, body, .. } = block;
    let place = folder.blocks.len();
    match block.sort {
        "locals" => {
            let values = members.iter().map(|one| (one.key.as_str(), &one.value));
            folder.locals.extend(values);
            return;
        }
        "variable" => {
            folder.variables.insert(name, body);
        }
        "output" => {
            folder.outputs.insert(name, body);
        }
        "resource" => {
            folder.by_address.insert(format!("{of}.{name}"), place);
        }
        "module" => {
            folder.by_address.insert(format!("module.{name}"), place);
        }
        "data" => {
            folder.by_address.insert(format!("data.{of}.{name}"), place);
        }
        _ => {}
    }
    // The type of a provider is its name.
    let of = if block.sort == "provider" { name } else { of };
    folder.blocks.push(Block { of, ..block });
}

/// The folder that a module on disk is in, from the folder that asks for it.
pub(super) fn resolved(folder: &str, source: &str) -> Option<String> {
    if !(source.starts_with("./") || source.starts_with("../") || matches!(source, "." | "..")) {
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
