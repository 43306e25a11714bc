//! Writes out what a template or file makes: its resources, once for each round of a loop, those in
//! it, in templates within it, and in the files that it calls.

use std::collections::HashMap;

use linchpin_document::{Member, Node, NodeValue};

use super::evaluation::Scope;
use super::expression::Language;
use super::module::Module;
use super::network_rules;
use super::{Files, resolved};

/// Deepest nesting of resources in resources, and of files that call files.
const DEEPEST: usize = 8;

/// Most resources of one file.
const MOST_RESOURCES: usize = 3_000;

/// A template or file that calls others.
pub(super) struct Writing<'f, 'd> {
    pub(super) files: &'f Files<'d>,
    /// What there is, by the place of its file.
    pub(super) by_file: &'f mut HashMap<usize, Vec<Node>>,
}

/// What is around a resource: its file, the type of the one that it is in, and who calls its file.
#[derive(Clone)]
struct Around {
    file: usize,
    parent: String,
    callers: Vec<usize>,
    depth: usize,
}

impl<'d> Writing<'_, 'd> {
    /// Writes out a file that is called by `callers`.
    pub(super) fn file(&mut self, module: &Module<'_, 'd>, file: usize, callers: Vec<usize>) {
        let around = Around {
            file,
            parent: String::new(),
            depth: callers.len(),
            callers,
        };
        for parameter in module
            .document
            .get("parameters")
            .map_or(&[][..], Node::members)
        {
            self.add(file, named("parameter", parameter, module.language));
        }
        for output in module
            .document
            .get("outputs")
            .map_or(&[][..], Node::members)
        {
            self.add(file, named("output", output, module.language));
        }
        self.template(module, module.document, &around);
    }

    fn add(&mut self, file: usize, node: Node) {
        let nodes = self.by_file.entry(file).or_default();
        // A file that is called twice says most things twice.
        if nodes.len() < MOST_RESOURCES && !nodes.iter().rev().take(200).any(|known| *known == node)
        {
            nodes.push(node);
        }
    }

    /// The resources and modules of a document.
    fn template(&mut self, module: &Module<'_, 'd>, document: &'d Node, around: &Around) {
        for list in ["resources", "modules"] {
            let Some(resources) = document.get(list) else {
                continue;
            };
            // Newer templates name their resources.
            let named = resources.members().iter().map(|member| &member.value);
            for resource in resources.items().iter().chain(named) {
                self.each(module, resource, around, list == "modules");
            }
        }
    }

    /// A resource or module, in each round of its loop.
    fn each(
        &mut self,
        module: &Module<'_, 'd>,
        resource: &'d Node,
        around: &Around,
        is_module: bool,
    ) {
        if around.depth > DEEPEST || !module.world.spend(1) {
            return;
        }
        let copy = resource
            .get("copy")
            .filter(|_| module.language == Language::Json);
        let rounds = if let Some(head) = resource.get("$loop") {
            module.rounds(head, None)
        } else if let Some(copy) = copy {
            module.count(copy, None).map(|count| {
                let name = copy.find_text(&["name"]).unwrap_or_default();
                let scope = |index| Scope {
                    name,
                    value: Node::at(copy.start, NodeValue::Integer(index)),
                    index_name: None,
                    index,
                    around: None,
                };
                (0..count).map(scope).collect()
            })
        } else {
            None
        };
        match rounds {
            None => self.one(module, resource, None, around, is_module),
            Some(rounds) => {
                for round in &rounds {
                    self.one(module, resource, Some(round), around, is_module);
                }
            }
        }
    }

    fn one(
        &mut self,
        module: &Module<'_, 'd>,
        resource: &'d Node,
        scope: Option<&Scope<'_>>,
        around: &Around,
        is_module: bool,
    ) {
        let condition = resource
            .get("$condition")
            .or_else(|| resource.get("condition"));
        let is_existing = ["$existing", "existing"].iter().any(|name| {
            let existing = resource.get(name).map(|node| &node.value);
            existing == Some(&NodeValue::Boolean(true))
        });
        if !module.is_there(condition, scope) {
            return;
        }
        if is_module {
            self.call(module, resource, scope, around);
            return;
        }
        let written = resource.find_text(&["type"]).unwrap_or_default();
        let of = if around.parent.is_empty() || written.matches('/').count() > 1 {
            written.to_lowercase()
        } else {
            format!("{}/{}", around.parent, written.to_lowercase())
        };
        if of.is_empty() {
            return;
        }
        if of == "microsoft.resources/deployments" {
            self.deployment(module, resource, scope, around);
            return;
        }
        if !is_existing {
            let node = subject(module, resource, scope, &of);
            self.add(around.file, node);
        }
        let inner = Around {
            parent: of,
            depth: around.depth + 1,
            ..around.clone()
        };
        for child in resource.get("resources").map_or(&[][..], Node::items) {
            self.each(module, child, &inner, false);
        }
    }

    /// A template within a template.
    fn deployment(
        &mut self,
        module: &Module<'_, 'd>,
        resource: &'d Node,
        scope: Option<&Scope<'_>>,
        around: &Around,
    ) {
        let Some(properties) = resource.get("properties") else {
            return;
        };
        let Some(template) = properties.get("template") else {
            return;
        };
        if !module.world.begin_module() {
            return;
        }
        let inner = Around {
            parent: String::new(),
            depth: around.depth + 1,
            ..around.clone()
        };
        let is_inner = properties
            .find_text(&["expressionEvaluationOptions", "scope"])
            .is_some_and(|scope| scope.eq_ignore_ascii_case("inner"));
        if !is_inner {
            self.template(module, template, &inner);
            return;
        }
        let arguments = match properties.get("parameters") {
            Some(given) => module.arguments_of(given, scope, Some("value")),
            None => HashMap::new(),
        };
        let within = Module::new(module.world, module.language, template, arguments);
        self.template(&within, template, &inner);
    }

    /// A file that a module of Bicep calls.
    fn call(
        &mut self,
        module: &Module<'_, 'd>,
        resource: &'d Node,
        scope: Option<&Scope<'_>>,
        around: &Around,
    ) {
        let source = resource.find_text(&["type"]).unwrap_or_default();
        let Some((file, document)) = self.files.called(around.file, source) else {
            return;
        };
        let is_cycle = file == around.file || around.callers.contains(&file);
        if is_cycle || around.callers.len() >= DEEPEST || !module.world.begin_module() {
            return;
        }
        let arguments = match resource.get("params") {
            Some(given) => module.arguments_of(given, scope, None),
            None => HashMap::new(),
        };
        let language = super::language(document);
        let called = Module::new(module.world, language, document, arguments);
        let mut callers = around.callers.clone();
        callers.push(around.file);
        self.file(&called, file, callers);
    }
}

/// What stands for a parameter or an output.
fn named(sort: &str, member: &Member, language: Language) -> Node {
    let start = if language == Language::Json {
        member.key_start
    } else {
        member.value.start
    };
    let mut body = member.value.clone();
    body.start = start;
    Node::map(
        start,
        vec![
            Member::added("sort", Node::text(start, sort)),
            Member::added("type", Node::text(start, "")),
            Member::added("name", Node::text(start, member.key.as_str())),
            Member::added("body", body),
        ],
    )
}

/// What stands for a resource.
fn subject(module: &Module<'_, '_>, resource: &Node, scope: Option<&Scope<'_>>, of: &str) -> Node {
    let start = resource.start;
    let mut members = Vec::new();
    for member in resource.members() {
        let is_own = !member.key.starts_with('$')
            && !matches!(member.key.as_str(), "resources" | "copy" | "condition");
        if !is_own {
            continue;
        }
        let value = module.value(&member.value, scope);
        if value.value != NodeValue::Null {
            members.push(Member {
                value,
                ..member.clone()
            });
        }
    }
    let mut body = Node::map(start, members);
    body.end = resource.end;
    let rules = network_rules::of(of, &body);
    let name = body.find_text(&["name"]).unwrap_or_default();
    let name = Node::text(start, name);
    Node::map(
        start,
        vec![
            Member::added("sort", Node::text(start, "resource")),
            Member::added("type", Node::text(start, of)),
            Member::added("name", name),
            Member::added("body", body),
            Member::added("rules", Node::list(start, rules)),
        ],
    )
}

impl<'d> Files<'d> {
    /// The file that a module asks for, if it is on disk.
    fn called(&self, from: usize, source: &str) -> Option<(usize, &'d Node)> {
        let folder = self.folders.get(from)?;
        let place = *self.by_path.get(&resolved(folder, source)?)?;
        Some((place, self.documents.get(place).copied().flatten()?))
    }
}
