//! The view of a pipeline as lists of things: steps, lines of scripts, images and so on, each with
//! what is to be known of its surroundings in itself. Beside each the rules can ask for the file.

use std::collections::BTreeMap;

use linchpin_document::{Member, Node};

use crate::kind::{DocumentFile, Subject, SubjectKind};
use crate::pipeline::image::image;
use crate::pipeline::members::{Members, written};
use crate::pipeline::places::Places;
use crate::pipeline::scripts::lines;

/// A view that is being made.
#[derive(Debug)]
pub(crate) struct Things<'a> {
    /// The document, with what is added to it.
    pub(crate) file: Members,
    places: Places<'a>,
    lists: BTreeMap<&'static str, Vec<Node>>,
}

impl<'a> Things<'a> {
    /// Of a document.
    pub(crate) fn of(document: &Node, text: &'a str) -> Self {
        Self {
            file: Members::of(document),
            places: Places::new(text),
            lists: BTreeMap::new(),
        }
    }

    /// Adds a thing.
    pub(crate) fn add(&mut self, kind: &'static str, thing: Node) {
        if self.places.may_find() {
            self.lists.entry(kind).or_default().push(thing);
        }
    }

    /// Adds the name of an image, as it stands in a text or in `image` or `name` of a map.
    pub(crate) fn add_image(&mut self, node: &Node, role: &str) {
        let named = node
            .get("image")
            .or_else(|| node.get("name"))
            .unwrap_or(node);
        let Some(text) = named.as_text() else { return };
        let mut members = Members::of(&image(named.start, text));
        members.text("role", role);
        members.put("around", node.clone());
        self.add("image", members.finish());
    }

    /// Adds the lines of scripts: a text, or a list of texts and of what else a step can be. Gives
    /// their text as a whole.
    pub(crate) fn add_lines(&mut self, script: &Node, about: &[(&str, &str)]) -> String {
        let mut whole = String::new();
        let single = std::slice::from_ref(script);
        let scripts = if script.as_text().is_some() {
            single
        } else {
            script.items()
        };
        for script in scripts {
            let Some(text) = script.as_text() else {
                // Nested lists are joined, as references between scripts make them.
                if !script.items().is_empty() {
                    for inner in script
                        .items()
                        .iter()
                        .filter(|inner| inner.as_text().is_some())
                    {
                        whole.push_str(&self.add_lines(inner, about));
                    }
                }
                continue;
            };
            if whole.len() < 1 << 20 {
                whole.push_str(text);
                whole.push('\n');
            }
            for line in lines(script, &mut self.places) {
                let mut members = Members::of(&line);
                for (key, value) in about {
                    members.text(key, *value);
                }
                self.lists.entry("line").or_default().push(members.finish());
            }
        }
        whole
    }

    /// Adds variables of a map, each with its value as it is written.
    pub(crate) fn add_variables(&mut self, variables: Option<&Node>, scope: &str) {
        for member in variables.map_or(&[][..], Node::members) {
            let value = member
                .value
                .get("value")
                .or_else(|| member.value.get("default"));
            self.add_variable(&member.key, value.unwrap_or(&member.value), member, scope);
        }
    }

    fn add_variable(&mut self, name: &str, value: &Node, at: &Member, scope: &str) {
        let mut members = Members::at(at.key_start);
        members.text("name", name);
        members.text("value", written(value).unwrap_or_default());
        members.text("scope", scope);
        self.add("variable", members.finish());
    }

    /// The finished view.
    pub(crate) fn finish(self) -> Node {
        let file = self.file.finish();
        let mut members = Members::at(file.start);
        members.put("file", file);
        for (kind, things) in self.lists {
            members.list(kind, things);
        }
        members.finish()
    }
}

/// The things of the views of a file, kind by kind in the order of `kinds`. The first kind is the file.
pub(crate) fn find<'a>(
    file: &'a DocumentFile,
    kinds: &'static [SubjectKind],
    subjects: &mut Vec<Subject<'a>>,
) {
    for view in &file.documents {
        find_in(view, kinds, subjects);
    }
}

fn find_in<'a>(view: &'a Node, kinds: &'static [SubjectKind], subjects: &mut Vec<Subject<'a>>) {
    let Some(file) = view.get("file") else { return };
    for kind in kinds {
        if kind.name == "file" {
            subjects.push(Subject::new("file", file));
            continue;
        }
        let things = view.get(kind.name).map_or(&[][..], Node::items);
        subjects.extend(
            things
                .iter()
                .map(|thing| Subject::new(kind.name, thing).with("file", file)),
        );
    }
}

/// All maps in a document, itself among them, each with the name under which it stands.
pub(crate) fn maps(document: &Node) -> Vec<(&str, &Node)> {
    let mut found = Vec::new();
    let mut waiting = vec![("", document)];
    while let Some((name, node)) = waiting.pop() {
        if !node.members().is_empty() {
            found.push((name, node));
        }
        waiting.extend(node.items().iter().rev().map(|item| (name, item)));
        let members = node.members().iter().rev();
        waiting.extend(members.map(|member| (member.key.as_str(), &member.value)));
    }
    found
}
