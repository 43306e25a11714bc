//! The stages of a build: what each starts from, who runs it, and whether the final one is built on
//! it. Variables whose values the file knows are put in here.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use linchpin_document::{Member, Node, NodeValue, Position};

use super::is_list_of_ignored;
use super::variables::Variables;
use crate::image_name;
use crate::kind::DocumentFile;

/// Turns the instructions of each file into stages.
pub(super) fn prepare(files: Vec<DocumentFile>) -> Vec<DocumentFile> {
    let (lists, files): (Vec<_>, Vec<_>) = files
        .into_iter()
        .partition(|file| is_list_of_ignored(&file.path));
    let ignoring: HashSet<String> = (lists.iter())
        .flat_map(|list| {
            let own = list
                .path
                .as_str()
                .strip_suffix(".dockerignore")
                .map(str::to_owned);
            let folder = list.path.parent_str().to_owned();
            own.into_iter()
                .filter(|own| !own.is_empty() && !own.ends_with('/'))
                .chain([folder])
        })
        .collect();
    let prepare_one = |mut file: DocumentFile| {
        let has_list = ignores_files(&file, &ignoring);
        file.documents = (file.documents.into_iter())
            .map(|document| Build::default().read(document, has_list))
            .collect();
        file
    };
    files.into_iter().map(prepare_one).collect()
}

/// Whether a list of what is not copied lies beside the file, in a folder around it, or has its
/// name: any of these may be where the build begins.
fn ignores_files(file: &DocumentFile, lists: &HashSet<String>) -> bool {
    if lists.contains(file.path.as_str()) {
        return true;
    }
    let mut folder = file.path.parent_str();
    loop {
        if lists.contains(folder) {
            return true;
        }
        if folder.is_empty() {
            return false;
        }
        folder = folder.rsplit_once('/').map_or("", |(parent, _)| parent);
    }
}

/// What is known of a stage for those built on it.
struct Stage {
    start: Position,
    name: String,
    image: Option<Node>,
    /// The image at the beginning, behind all stages.
    root: Option<Node>,
    base: Option<usize>,
    instructions: Vec<Node>,
    variables: Variables,
    user: String,
    has_healthcheck: bool,
}

impl Stage {
    fn at(start: Position) -> Self {
        Self {
            start,
            name: String::new(),
            image: None,
            root: None,
            base: None,
            instructions: Vec::new(),
            variables: Variables::default(),
            user: String::new(),
            has_healthcheck: false,
        }
    }
}

/// Most bytes of text that variables are put into, in one file. What is left stays as it is written.
const MOST_EXPANDED: usize = 8 << 20;

#[derive(Default)]
struct Build {
    expanded: usize,
    global: Variables,
    arguments: Vec<Node>,
    images: Vec<Node>,
    by_name: HashMap<String, usize>,
    all_names: HashSet<String>,
    stages: Vec<Stage>,
}

impl Build {
    fn read(mut self, document: Node, ignores_files: bool) -> Node {
        let start = document.start;
        let NodeValue::Map(members) = document.value else {
            return document;
        };
        let mut directives = Node::map(start, Vec::new());
        let mut instructions = Vec::new();
        for member in members {
            match (member.key.as_str(), member.value.value) {
                ("instructions", NodeValue::List(items)) => instructions = items,
                ("directives", value) => directives.value = value,
                _ => {}
            }
        }
        self.all_names = (instructions.iter())
            .filter_map(|instruction| instruction.find_text(&["name"]))
            .map(str::to_ascii_lowercase)
            .collect();
        for instruction in instructions {
            self.instruction(instruction);
        }
        let kept = self.chain_of_last();
        let last = self.stages.len().saturating_sub(1);
        let stages = std::mem::take(&mut self.stages).into_iter().enumerate();
        let stages =
            stages.map(|(index, stage)| stage.node(index, index == last, kept.contains(&index)));
        Node::map(
            start,
            vec![
                Member::added("directives", directives),
                flag("ignores_files", ignores_files),
                Member::added("arguments", Node::list(start, self.arguments)),
                Member::added("images", Node::list(start, self.images)),
                Member::added("stages", Node::list(start, stages.collect())),
            ],
        )
    }

    fn instruction(&mut self, mut instruction: Node) {
        let keyword = instruction
            .find_text(&["keyword"])
            .unwrap_or_default()
            .to_owned();
        if keyword == "FROM" {
            self.from(instruction);
            return;
        }
        let Some(mut stage) = self.stages.pop() else {
            // Before the first stage there are only arguments.
            if keyword == "ARG" {
                expand(&mut instruction, &self.global, &mut self.expanded);
                for variable in instruction.get("variables").map_or(&[][..], Node::items) {
                    let (name, value) = name_and_value(variable);
                    if is_true(variable, "has_value") {
                        self.global.set(name, value.to_owned());
                    }
                    self.arguments.push(variable.clone());
                }
            }
            return;
        };
        expand(&mut instruction, &stage.variables, &mut self.expanded);
        match keyword.as_str() {
            "ENV" | "ARG" => {
                for variable in instruction.get("variables").map_or(&[][..], Node::items) {
                    let (name, value) = name_and_value(variable);
                    let is_set = stage.variables.get(name).is_some();
                    if is_true(variable, "has_value") {
                        // What ENV says is stronger than ARG; which of them it was does not matter
                        // as long as they are the same.
                        if keyword == "ENV" || !is_set {
                            stage.variables.set(name, value.to_owned());
                        }
                    } else if let Some(value) = self.global.get(name).map(str::to_owned) {
                        stage.variables.set(name, value);
                    } else if keyword == "ARG" {
                        stage.variables.forget(name);
                    }
                }
            }
            "USER" if !is_true(&instruction, "on_build") => {
                let user = instruction.find_text(&["user"]).unwrap_or_default();
                user.clone_into(&mut stage.user);
            }
            "HEALTHCHECK" => {
                let first = instruction
                    .get("words")
                    .and_then(|words| words.items().first());
                let word = first.and_then(Node::as_text).unwrap_or_default();
                stage.has_healthcheck = !word.eq_ignore_ascii_case("none");
            }
            _ => {}
        }
        self.stages.push(stage);
        self.references(&instruction, &keyword);
        if let Some(stage) = self.stages.last_mut() {
            stage.instructions.push(instruction);
        }
    }

    fn from(&mut self, mut instruction: Node) {
        expand(&mut instruction, &self.global, &mut self.expanded);
        let written = instruction.get("image").cloned();
        let mut stage = Stage::at(instruction.start);
        if let Some(written) = written {
            let text = written.as_text().unwrap_or_default();
            let known = self.by_name.get(&text.to_ascii_lowercase()).copied();
            let base = known.and_then(|base| self.stages.get(base));
            if let Some(base) = base {
                stage.user.clone_from(&base.user);
                stage.has_healthcheck = base.has_healthcheck;
                stage.root.clone_from(&base.root);
                stage.variables = base.variables.clone();
            }
            stage.base = known;
            let refers_to = match text {
                _ if known.is_some() => "stage",
                "scratch" => "scratch",
                _ => "image",
            };
            let image = reference(&written, refers_to, "FROM");
            self.images.push(image.clone());
            stage.root.get_or_insert_with(|| image.clone());
            stage.image = Some(image);
        }
        if let Some(name) = instruction.find_text(&["name"]) {
            let lower = name.to_ascii_lowercase();
            name.clone_into(&mut stage.name);
            let repeats = self.by_name.insert(lower, self.stages.len()).is_some();
            add(&mut instruction, flag("repeats_a_name", repeats));
        } else {
            add(&mut instruction, flag("repeats_a_name", false));
        }
        stage.instructions.push(instruction);
        self.stages.push(stage);
    }

    /// The images and stages that an instruction copies from or mounts.
    fn references(&mut self, instruction: &Node, keyword: &str) {
        let mounts = instruction.get("mounts").map_or(&[][..], Node::items);
        let froms = (instruction.find(&["flags", "from"]).into_iter())
            .chain(mounts.iter().filter_map(|mount| mount.get("from")));
        let current = self.stages.len().saturating_sub(1);
        for from in froms {
            let text = from.as_text().unwrap_or_default();
            let lower = text.to_ascii_lowercase();
            let number = text.parse::<usize>().ok();
            let refers_to = match (self.by_name.get(&lower), number) {
                (Some(&stage), _) if stage < current => "stage",
                (Some(_), _) => "later-stage",
                (None, Some(number)) if number < current => "stage",
                (None, Some(_)) => "missing-stage",
                (None, None) if self.all_names.contains(&lower) => "later-stage",
                (None, None) => "image",
            };
            if !text.is_empty() {
                self.images.push(reference(from, refers_to, keyword));
            }
        }
    }

    /// The last stage and those that it is built on.
    fn chain_of_last(&self) -> HashSet<usize> {
        let mut chain = HashSet::new();
        let mut next = self.stages.len().checked_sub(1);
        // A stage can only be built on an earlier one, so this ends.
        while let Some(index) = next.filter(|index| chain.insert(*index)) {
            next = self.stages.get(index).and_then(|stage| stage.base);
        }
        chain
    }
}

impl Stage {
    fn node(mut self, index: usize, is_final: bool, in_final: bool) -> Node {
        mark_overridden(&mut self.instructions);
        let start = self.start;
        let number = i64::try_from(index).unwrap_or(i64::MAX);
        let image = self
            .image
            .unwrap_or_else(|| image_name::node("", start, start));
        let root = self.root.unwrap_or_else(|| image.clone());
        // What says who runs it is where a finding about that belongs.
        let user = (self.instructions.iter().rev())
            .find(|instruction| instruction.find_text(&["keyword"]) == Some("USER"))
            .map_or(start, |instruction| instruction.start);
        Node::map(
            start,
            vec![
                Member::added("index", Node::at(start, NodeValue::Integer(number))),
                Member::added("name", Node::text(start, self.name)),
                Member::added("image", image),
                Member::added("base", root),
                flag("is_final", is_final),
                flag("in_final", in_final),
                Member::added("user", Node::text(user, self.user)),
                flag("has_healthcheck", self.has_healthcheck),
                Member::added("instructions", Node::list(start, self.instructions)),
            ],
        )
    }
}

/// Says of each instruction whether a later one of its stage takes its place.
fn mark_overridden(instructions: &mut [Node]) {
    let mut seen: HashSet<String> = HashSet::new();
    for instruction in instructions.iter_mut().rev() {
        let keyword = instruction
            .find_text(&["keyword"])
            .unwrap_or_default()
            .to_owned();
        let once = matches!(keyword.as_str(), "CMD" | "ENTRYPOINT" | "HEALTHCHECK");
        let overridden = once && !is_true(instruction, "on_build") && !seen.insert(keyword);
        add(instruction, flag("is_overridden", overridden));
    }
}

fn reference(written: &Node, refers_to: &str, keyword: &str) -> Node {
    let start = written.start;
    let mut image = image_name::node(written.as_text().unwrap_or_default(), start, written.end);
    add(
        &mut image,
        Member::added("refers_to", Node::text(start, refers_to)),
    );
    add(
        &mut image,
        Member::added("keyword", Node::text(start, keyword)),
    );
    image
}

fn add(node: &mut Node, mut member: Member) {
    member.key_start = node.start;
    if let NodeValue::Map(members) = &mut node.value {
        members.push(member);
    }
}

fn flag(name: &str, value: bool) -> Member {
    Member::added(name, Node::at(Position::START, NodeValue::Boolean(value)))
}

fn is_true(node: &Node, name: &str) -> bool {
    node.get(name)
        .is_some_and(|flag| flag.value == NodeValue::Boolean(true))
}

fn name_and_value(variable: &Node) -> (&str, &str) {
    let text = |name| variable.find_text(&[name]).unwrap_or_default();
    (text("name"), text("value"))
}

/// Puts values into the parts of an instruction where the builder does so. Scripts are for the
/// shell, and stay.
fn expand(instruction: &mut Node, variables: &Variables, expanded: &mut usize) {
    const EXPANDED: &[&str] = &[
        "image",
        "user",
        "group",
        "path",
        "target",
        "sources",
        "ports",
        "variables",
        "from",
        "flags",
        "value",
        "mounts",
    ];
    let NodeValue::Map(members) = &mut instruction.value else {
        return;
    };
    for member in members {
        if !EXPANDED.contains(&member.key.as_str()) {
            continue;
        }
        match &mut member.value.value {
            NodeValue::Text(text) if text.contains('$') => {
                put_in(text, variables, expanded);
            }
            NodeValue::List(items) => {
                for item in items {
                    match &mut item.value {
                        NodeValue::Text(text) if text.contains('$') => {
                            put_in(text, variables, expanded);
                        }
                        NodeValue::Map(_) => expand(item, variables, expanded),
                        _ => {}
                    }
                }
            }
            NodeValue::Map(_) => expand(&mut member.value, variables, expanded),
            _ => {}
        }
    }
}

fn put_in(text: &mut Arc<String>, variables: &Variables, expanded: &mut usize) {
    if *expanded < MOST_EXPANDED {
        *text = variables.expand(text).into();
        *expanded = expanded.saturating_add(text.len());
    }
}
