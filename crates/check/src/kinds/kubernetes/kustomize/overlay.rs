//! Builds what a kustomization makes of its resources.

use std::collections::HashMap;
use std::sync::Arc;

use linchpin_document::{Node, NodeValue, Position};

use super::super::resource::{CONTAINERS, get_mut, pod_mut, unfold};
use super::target::Target;
use super::{Budget, is_kustomization, patches, set_text};
use crate::kind::{DocumentFile, Part};
use crate::syntax::{Syntax, SyntaxProblem};

/// Deepest nesting of bases.
const DEEPEST: usize = 20;

/// How far the lines of two files are apart in what is put together of them. No file has as many.
const LINES_APART: u32 = 1 << 24;

/// Most files of one overlay.
const MOST_PARTS: usize = 200;

/// What a kustomization makes.
pub(super) struct Overlay {
    /// The resources that it changes.
    pub(super) file: DocumentFile,
    /// Which files are patches.
    pub(super) patches: Vec<usize>,
}

/// A resource, and whether something was changed in it.
struct Resource {
    node: Node,
    changed: bool,
}

/// One build.
pub(super) struct Build<'a, 'b> {
    files: &'a [DocumentFile],
    by_path: &'a HashMap<&'a str, usize>,
    budget: &'b mut Budget,
    /// Files that the lines come from, in order.
    parts: Vec<usize>,
    /// Kustomizations that are being built.
    open: Vec<usize>,
    patches: Vec<usize>,
    problems: Vec<SyntaxProblem>,
}

impl<'a, 'b> Build<'a, 'b> {
    pub(super) fn new(
        files: &'a [DocumentFile],
        by_path: &'a HashMap<&'a str, usize>,
        budget: &'b mut Budget,
    ) -> Self {
        Self {
            files,
            by_path,
            budget,
            parts: Vec::new(),
            open: Vec::new(),
            patches: Vec::new(),
            problems: Vec::new(),
        }
    }

    pub(super) fn overlay(&mut self, file: &'a DocumentFile) -> Option<Overlay> {
        let index = *self.by_path.get(file.path.as_str())?;
        let resources = self.build(index);
        let documents = resources.into_iter().filter(|resource| resource.changed);
        let documents = documents.map(|resource| resource.node).collect();
        let parts = self.parts.iter().zip(0u32..).filter_map(|(file, number)| {
            let file = self.files.get(*file)?;
            Some(Part {
                first_line: number * LINES_APART + 1,
                path: file.path.clone(),
                layer: file.layer,
                text: Arc::clone(&file.text),
            })
        });
        let parts = parts.collect();
        Some(Overlay {
            file: DocumentFile {
                problems: std::mem::take(&mut self.problems),
                parts,
                ..DocumentFile::new(
                    file.path.clone(),
                    file.layer,
                    Arc::clone(&file.text),
                    documents,
                )
            },
            patches: std::mem::take(&mut self.patches),
        })
    }

    /// The first line of a file among those of the whole, less one.
    fn lines_of(&mut self, file: usize) -> Option<u32> {
        let known = self.parts.iter().position(|known| *known == file);
        let place = match known {
            Some(place) => place,
            None if self.parts.len() < MOST_PARTS => {
                self.parts.push(file);
                self.parts.len() - 1
            }
            None => return None,
        };
        u32::try_from(place).ok()?.checked_mul(LINES_APART)
    }

    /// The resources that a kustomization makes, lines counted in the whole.
    fn build(&mut self, index: usize) -> Vec<Resource> {
        if self.open.contains(&index) || self.open.len() >= DEEPEST || self.budget.builds == 0 {
            return Vec::new();
        }
        let (Some(file), Some(lines)) = (self.files.get(index), self.lines_of(index)) else {
            return Vec::new();
        };
        let Some(document) = file.documents.first() else {
            return Vec::new();
        };
        self.budget.builds -= 1;
        self.open.push(index);
        let folder = folder_of(file.path.as_str());
        let mut resources = Vec::new();
        for key in ["resources", "bases"] {
            for item in document.get(key).map_or(&[][..], Node::items) {
                self.add(folder, item, lines, &mut resources);
            }
        }
        // Components change what is there before them.
        for item in document.get("components").map_or(&[][..], Node::items) {
            let component = item
                .as_text()
                .and_then(|path| self.kustomization(folder, path));
            let component = component.filter(|component| !self.open.contains(component));
            let Some(component) = component else {
                continue;
            };
            self.open.push(component);
            let file = self.files.get(component);
            let part = file.and_then(|file| Some((file, self.lines_of(component)?)));
            if let Some((file, lines)) = part {
                self.change(file, lines, &mut resources);
            }
            self.open.pop();
        }
        self.change(file, lines, &mut resources);
        self.open.pop();
        resources
    }

    /// Adds what an item of `resources` names.
    fn add(&mut self, folder: &str, item: &Node, lines: u32, resources: &mut Vec<Resource>) {
        let Some(path) = item.as_text() else {
            return;
        };
        if let Some(base) = self.kustomization(folder, path) {
            resources.extend(self.build(base));
            return;
        }
        let at = Position {
            line: item.start.line.saturating_add(lines),
            column: item.start.column,
        };
        let is_remote = path.contains("://") || path.contains("?ref=") || path.starts_with("git@");
        let found = join(folder, path).and_then(|path| self.by_path.get(path.as_str()).copied());
        let file = found.and_then(|index| Some((index, self.files.get(index)?)));
        let Some((index, file)) = file.filter(|(_, file)| !is_kustomization(file)) else {
            let text = if is_remote {
                format!("has the base `{path}`, which is not in the target and was not looked at")
            } else {
                format!("names `{path}`, in which there is no manifest")
            };
            if self.problems.len() < 20 {
                self.problems.push(SyntaxProblem { at, text });
            }
            return;
        };
        let Some(lines) = self.lines_of(index) else {
            return;
        };
        for node in unfold(file.documents.clone()) {
            if self.budget.resources == 0 {
                return;
            }
            self.budget.resources -= 1;
            let mut node = node;
            shift(&mut node, lines);
            resources.push(Resource {
                node,
                changed: false,
            });
        }
    }

    /// The kustomization that a path leads to.
    fn kustomization(&self, folder: &str, path: &str) -> Option<usize> {
        let folder = join(folder, path)?;
        super::NAMES.iter().find_map(|name| {
            let path = if folder.is_empty() {
                (*name).to_owned()
            } else {
                format!("{folder}/{name}")
            };
            self.by_path.get(path.as_str()).copied()
        })
    }

    /// Applies what a kustomization changes.
    fn change(&mut self, file: &'a DocumentFile, lines: u32, resources: &mut [Resource]) {
        let Some(document) = file.documents.first() else {
            return;
        };
        let folder = folder_of(file.path.as_str());
        for key in ["patchesStrategicMerge", "patches", "patchesJson6902"] {
            for item in document.get(key).map_or(&[][..], Node::items) {
                let written = match item.as_text() {
                    Some(text) if !text.contains('\n') => self.read(folder, text),
                    Some(_) => inline(file, item, lines),
                    None => match (item.find_text(&["path"]), item.get("patch")) {
                        (Some(path), _) => self.read(folder, path),
                        (None, Some(patch)) => inline(file, patch, lines),
                        (None, None) => Vec::new(),
                    },
                };
                for patch in written {
                    apply(&patch, item.get("target"), resources);
                }
            }
        }
        for image in document.get("images").map_or(&[][..], Node::items) {
            let mut image = image.clone();
            shift(&mut image, lines);
            for resource in resources.iter_mut() {
                resource.changed |= change_images(&mut resource.node, &image);
            }
        }
        if let Some(namespace) = document.get("namespace") {
            let mut namespace = namespace.clone();
            shift(&mut namespace, lines);
            for resource in resources.iter_mut() {
                if let Some(metadata) = get_mut(&mut resource.node, "metadata") {
                    set_text(metadata, "namespace", &namespace);
                }
            }
        }
    }

    /// The documents of a file of patches.
    fn read(&mut self, folder: &str, path: &str) -> Vec<Node> {
        let found = join(folder, path).and_then(|path| self.by_path.get(path.as_str()).copied());
        let Some((index, lines)) = found.and_then(|index| Some((index, self.lines_of(index)?)))
        else {
            return Vec::new();
        };
        self.patches.push(index);
        let mut documents = self
            .files
            .get(index)
            .map_or_else(Vec::new, |file| file.documents.clone());
        for document in &mut documents {
            shift(document, lines);
        }
        documents
    }
}

/// The documents of a patch that stands in the kustomization, where they stand there.
fn inline(file: &DocumentFile, patch: &Node, lines: u32) -> Vec<Node> {
    let Some(text) = patch.as_text() else {
        return Vec::new();
    };
    let Some(first) = text.lines().position(|line| !line.trim().is_empty()) else {
        return Vec::new();
    };
    let wanted = text.lines().nth(first).unwrap_or_default();
    let from = patch.start.line.saturating_sub(1) as usize;
    let written = file.text.lines().zip(0u32..).skip(from);
    let mut written = written.filter(|(line, _)| line.trim() == wanted.trim());
    let on_its_line = (
        patch.start.column as usize,
        patch.start.line.saturating_sub(1),
    );
    let (indent, line) = written.next().map_or(on_its_line, |(line, number)| {
        let width = |text: &str| text.len() - text.trim_start().len();
        (width(line).saturating_sub(width(wanted)), number)
    });
    let above = line.saturating_sub(u32::try_from(first).unwrap_or(0));
    let mut read = Syntax::Yaml.read(text);
    for document in &mut read.documents {
        shift(document, lines.saturating_add(above));
        move_right(document, u32::try_from(indent).unwrap_or(0));
    }
    read.documents
}

/// Applies a patch to the resources that it is for.
fn apply(patch: &Node, target: Option<&Node>, resources: &mut [Resource]) {
    let Some(target) = Target::of(patch, target) else {
        return;
    };
    let chosen = resources.iter_mut();
    for resource in chosen.filter(|resource| target.chooses(&resource.node)) {
        if matches!(patch.value, NodeValue::List(_)) {
            resource.changed |= patches::operate(&mut resource.node, patch);
        } else {
            merge_resource(&mut resource.node, patch);
            resource.changed = true;
        }
    }
}

/// Merges a patch, which may call itself by another name where a target is given.
fn merge_resource(node: &mut Node, patch: &Node) {
    let NodeValue::Map(members) = &patch.value else {
        return;
    };
    let own = |key: &str| matches!(key, "apiVersion" | "kind");
    let kept = members.iter().filter(|member| !own(&member.key));
    let name = node.find(&["metadata", "name"]).cloned();
    let patch = Node {
        value: NodeValue::Map(kept.cloned().collect()),
        ..patch.clone()
    };
    patches::merge(node, &patch, 0);
    if let (Some(name), Some(metadata)) = (name, get_mut(node, "metadata")) {
        set_text(metadata, "name", &name);
    }
}

/// Changes the images of a resource that have the name that an entry of `images` is about.
fn change_images(resource: &mut Node, entry: &Node) -> bool {
    let Some(name) = entry.find_text(&["name"]) else {
        return false;
    };
    let Some(pod) = pod_mut(resource) else {
        return false;
    };
    let mut changed = false;
    for list in CONTAINERS {
        let Some(NodeValue::List(containers)) = get_mut(pod, list).map(|list| &mut list.value)
        else {
            continue;
        };
        for container in containers {
            let Some(image) = container.find_text(&["image"]) else {
                continue;
            };
            let (rest, digest) = image.split_once('@').unwrap_or((image, ""));
            let slash = rest.rfind('/').map_or(0, |slash| slash + 1);
            let colon = rest.get(slash..).and_then(|last| last.find(':'));
            let (own, tag) = colon.map_or((rest, ""), |colon| {
                (&rest[..slash + colon], &rest[slash + colon + 1..])
            });
            if own != name {
                continue;
            }
            let own = entry.find_text(&["newName"]).unwrap_or(own);
            let new_tag = entry
                .get("newTag")
                .and_then(super::super::resource::plain_text);
            let new = match (entry.find_text(&["digest"]), &new_tag) {
                (Some(digest), _) => format!("{own}@{digest}"),
                (None, Some(tag)) => format!("{own}:{tag}"),
                (None, None) if !digest.is_empty() => format!("{own}@{digest}"),
                (None, None) if !tag.is_empty() => format!("{own}:{tag}"),
                (None, None) => own.to_owned(),
            };
            let says = ["digest", "newTag", "newName"];
            let at = says.iter().find_map(|key| entry.member(key));
            let at = at.map_or(entry.start, |member| member.key_start);
            if let NodeValue::Map(members) = &mut container.value {
                for member in members
                    .iter_mut()
                    .filter(|member| member.key.as_str() == "image")
                {
                    member.key_start = at;
                    member.value = Node::text(at, new.clone());
                }
            }
            changed = true;
        }
    }
    changed
}

/// Moves a document down by some lines.
fn shift(node: &mut Node, lines: u32) {
    each_position(node, |position| {
        position.line = position.line.saturating_add(lines);
    });
}

fn move_right(node: &mut Node, columns: u32) {
    each_position(node, |position| {
        position.column = position.column.saturating_add(columns);
    });
}

fn each_position(node: &mut Node, change: impl Fn(&mut Position)) {
    let mut waiting = vec![node];
    while let Some(node) = waiting.pop() {
        change(&mut node.start);
        change(&mut node.end);
        match &mut node.value {
            NodeValue::List(items) => waiting.extend(items),
            NodeValue::Map(members) => {
                for member in members {
                    change(&mut member.key_start);
                    waiting.push(&mut member.value);
                }
            }
            _ => {}
        }
    }
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// A path from a folder; nothing if it leads out of the target.
fn join(folder: &str, path: &str) -> Option<String> {
    let mut steps: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    if path.starts_with('/') || path.contains("://") {
        return None;
    }
    for step in path.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop()?;
            }
            step => steps.push(step),
        }
    }
    Some(steps.join("/"))
}
