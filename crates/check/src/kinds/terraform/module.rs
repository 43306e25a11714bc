//! A module with its arguments: what the names in its expressions mean.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use linchpin_document::{Node, NodeValue, Position};

use super::layout::{Block, Folder, resolved};
use super::scope::{Evaluated, Failed, Scope, depth, holds_unknown, is_unknown, moved, unknown};

/// How much may be evaluated for one module that nobody calls, those that it calls among it.
const MOST_WORK: usize = 400_000;

/// Deepest nesting of evaluation.
const DEEPEST: usize = 200;

/// Deepest value that a name may stand for.
const DEEPEST_VALUE: usize = 40;

/// Largest value that a name may stand for.
const MOST_VALUES: usize = 20_000;

/// Deepest nesting of modules.
const DEEPEST_MODULE: usize = 8;

/// Most modules that one calls, those that these call among them.
const MOST_MODULES: usize = 200;

/// All folders, and what is left to be spent on evaluation.
pub(super) struct World<'f> {
    pub(super) folders: &'f BTreeMap<String, Folder<'f>>,
    work: Cell<usize>,
    depth: Cell<usize>,
    modules: Cell<usize>,
}

impl<'f> World<'f> {
    pub(super) fn new(folders: &'f BTreeMap<String, Folder<'f>>) -> Self {
        Self {
            folders,
            work: Cell::new(MOST_WORK),
            depth: Cell::new(0),
            modules: Cell::new(MOST_MODULES),
        }
    }

    /// Takes so much off what may be done; false when nothing is left.
    pub(super) fn spend(&self, work: usize) -> bool {
        let left = self.work.get();
        self.work.set(left.saturating_sub(work));
        left > work
    }

    /// Does something one level deeper, unless that is too deep.
    pub(super) fn deeper<T>(&self, work: impl FnOnce() -> T) -> Option<T> {
        let depth = self.depth.get();
        if depth >= DEEPEST || !self.spend(1) {
            return None;
        }
        self.depth.set(depth + 1);
        let done = work();
        self.depth.set(depth);
        Some(done)
    }
}

/// A module with its arguments.
pub(super) struct Module<'w, 'f> {
    pub(super) world: &'w World<'f>,
    pub(super) folder: &'f Folder<'f>,
    path: String,
    /// The folders of those that call it, itself among them.
    callers: Vec<String>,
    arguments: HashMap<String, Node>,
    /// What names stand for; nothing while that is being found out.
    known: RefCell<HashMap<String, Option<Evaluated>>>,
    called: RefCell<HashMap<String, Option<Rc<Self>>>>,
}

impl<'w, 'f> Module<'w, 'f> {
    /// The module of a folder.
    pub(super) fn new(
        world: &'w World<'f>,
        path: &str,
        folder: &'f Folder<'f>,
        arguments: HashMap<String, Node>,
    ) -> Self {
        Self {
            world,
            folder,
            path: path.to_owned(),
            callers: vec![path.to_owned()],
            arguments,
            known: RefCell::default(),
            called: RefCell::default(),
        }
    }

    /// The module that a call asks for, with these arguments; none if it is not on disk.
    pub(super) fn call(&self, arguments: &Node) -> Option<Self> {
        let path = resolved(&self.path, arguments.find_text(&["source"])?)?;
        let (path, folder) = self.world.folders.get_key_value(&path)?;
        let is_cycle = self.callers.contains(path);
        let left = self.world.modules.get();
        if is_cycle || self.callers.len() >= DEEPEST_MODULE || left == 0 {
            return None;
        }
        self.world.modules.set(left - 1);
        let arguments = arguments.members().iter();
        let arguments = arguments.map(|one| (one.key.as_ref().clone(), one.value.clone()));
        let mut module = Self::new(self.world, path, folder, arguments.collect());
        module.callers.extend(self.callers.iter().cloned());
        Some(module)
    }

    /// What a name stands for, found out once. What needs itself to be known is not known.
    fn remembered(&self, name: &str, find: impl FnOnce() -> Evaluated) -> Option<Evaluated> {
        if let Some(known) = self.known.borrow().get(name) {
            if let Some(Ok(node)) = known {
                self.world.spend(node.size());
            }
            return known.clone();
        }
        self.known.borrow_mut().insert(name.to_owned(), None);
        let found = self.world.deeper(find).filter(|found| {
            found
                .as_ref()
                .is_ok_and(|node| node.size() <= MOST_VALUES && depth(node) <= DEEPEST_VALUE)
        });
        self.known
            .borrow_mut()
            .insert(name.to_owned(), found.clone());
        found
    }

    /// What the beginning of a way of names stands for, and how many names that took.
    pub(super) fn refer(&self, names: &[&str], at: Position, written: &str) -> (Evaluated, usize) {
        let (found, taken) = match names {
            ["var", name, ..] => (self.variable(name), 2),
            ["local", name, ..] => (self.local(name), 2),
            ["module", name, output, ..] => (self.output(name, output), 3),
            [
                "data" | "path" | "terraform" | "self" | "each" | "count",
                ..,
            ] => (None, names.len()),
            [of, name, attribute, ..] => (self.attribute(of, name, attribute), 3),
            _ => (None, names.len()),
        };
        match found {
            Some(found) => (found.map(|node| moved(node, at)), taken),
            None => (Ok(unknown(at, written)), usize::MAX),
        }
    }

    fn variable(&self, name: &str) -> Option<Evaluated> {
        if let Some(argument) = self.arguments.get(name) {
            self.world.spend(argument.size());
            return Some(Ok(argument.clone()));
        }
        let body = self.folder.variables.get(name)?;
        let default = body.get("default")?;
        self.remembered(&format!("var.{name}"), || Ok(self.value(default, None)))
    }

    fn local(&self, name: &str) -> Option<Evaluated> {
        let value = self.folder.locals.get(name)?;
        self.remembered(&format!("local.{name}"), || Ok(self.value(value, None)))
    }

    /// The attribute of a resource, if it is written in it.
    fn attribute(&self, of: &str, name: &str, attribute: &str) -> Option<Evaluated> {
        let place = self.folder.by_address.get(&format!("{of}.{name}"))?;
        let block = self.folder.blocks.get(*place)?;
        let is_one_of_many = ["count", "for_each"]
            .iter()
            .any(|name| block.body.get(name).is_some());
        let value = block.body.get(attribute)?;
        if is_one_of_many {
            return None;
        }
        self.remembered(&format!("{of}.{name}.{attribute}"), || {
            Ok(self.value(value, None))
        })
        // What it is not known to be is better called by the name of the resource.
        .filter(|found| found.as_ref().is_ok_and(|node| !is_unknown(node)))
    }

    fn output(&self, name: &str, output: &str) -> Option<Evaluated> {
        let key = format!("module.{name}.{output}");
        let found = self.remembered(&key, || {
            let place = self.folder.by_address.get(&format!("module.{name}"));
            let block = place.and_then(|place| self.folder.blocks.get(*place));
            let module = block
                .and_then(|block| self.called_by(block))
                .ok_or(Failed)?;
            let value = module.folder.outputs.get(output).ok_or(Failed)?;
            let value = module.value(value.get("value").ok_or(Failed)?, None);
            // Names of another module mean something else here.
            (!holds_unknown(&value)).then_some(value).ok_or(Failed)
        })?;
        found.ok().map(Ok)
    }

    /// The module that a block calls once.
    pub(super) fn called_by(&self, block: &Block<'f>) -> Option<Rc<Self>> {
        if let Some(known) = self.called.borrow().get(block.name) {
            return known.clone();
        }
        self.called.borrow_mut().insert(block.name.to_owned(), None);
        let is_one_of_many = ["count", "for_each"]
            .iter()
            .any(|name| block.body.get(name).is_some());
        let module = (!is_one_of_many)
            .then(|| self.world.deeper(|| self.value(block.body, None)))
            .flatten()
            .and_then(|arguments| self.call(&arguments))
            .map(Rc::new);
        self.called
            .borrow_mut()
            .insert(block.name.to_owned(), module.clone());
        module
    }

    /// A value with its expressions evaluated. What is not known stays as it is written.
    pub(super) fn value(&self, node: &Node, scope: Option<&Scope<'_>>) -> Node {
        let evaluated = self.world.deeper(|| {
            match &node.value {
                NodeValue::Text(text) => return self.text(node, text, scope),
                NodeValue::List(items) => {
                    let items = items.iter().map(|item| self.value(item, scope));
                    NodeValue::List(items.collect())
                }
                NodeValue::Map(members) => {
                    let members = members.iter().map(|member| linchpin_document::Member {
                        value: self.value(&member.value, scope),
                        ..member.clone()
                    });
                    NodeValue::Map(members.collect())
                }
                other => other.clone(),
            }
            .placed(node)
        });
        evaluated.unwrap_or_else(|| node.clone())
    }
}

trait Placed {
    fn placed(self, like: &Node) -> Node;
}

impl Placed for NodeValue {
    /// The value at the place of another.
    fn placed(self, like: &Node) -> Node {
        Node {
            start: like.start,
            end: like.end,
            value: self,
        }
    }
}
