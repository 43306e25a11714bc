//! A folder of installed packages, and which of them needs which: with the markers evaluated for
//! the interpreter that the folder belongs to, and only the extras that somebody asks for.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use linchpin_model::{Scope, TargetPath};

use super::Metadata;
use crate::cataloger::Located;
use crate::python::{Environment, MOST_EXTRAS, normalise_name};

/// A folder of installed packages, mostly `site-packages`.
#[derive(Debug)]
pub(super) struct Site {
    pub(super) folder: TargetPath,
    pub(super) environment: Environment,
    pub(super) packages: Vec<Located<Metadata>>,
    /// The places of the packages by their names in normal form.
    pub(super) by_name: HashMap<Box<str>, Vec<usize>>,
}

/// How many copies of one name in a folder are looked at: more than one is a broken installation.
pub(super) const MOST_COPIES: usize = 10;

/// What somebody outside asks of a package here: with which extras, and what for.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) package: usize,
    pub(super) extras: Vec<Box<str>>,
    pub(super) scope: Scope,
}

/// A package by its place, with one of its extras or alone.
type Node<'a> = (usize, Option<&'a str>);

impl Site {
    pub(super) fn new(
        folder: TargetPath,
        environment: Environment,
        packages: Vec<Located<Metadata>>,
    ) -> Self {
        let mut by_name: HashMap<Box<str>, Vec<usize>> = HashMap::new();
        for (index, package) in packages.iter().enumerate() {
            by_name
                .entry(normalise_name(&package.value.name))
                .or_default()
                .push(index);
        }
        Self {
            folder,
            environment,
            packages,
            by_name,
        }
    }

    /// The folder of the virtual environment, whose own or whose parent is that of the project:
    /// `shop/.venv/lib/python3.11/site-packages` is in `shop/.venv`.
    pub(super) fn virtual_environment(&self) -> Option<TargetPath> {
        let folder = self.folder.as_str();
        folder
            .strip_suffix("/Lib/site-packages")
            .or_else(|| {
                let (prefix, interpreter) =
                    folder.strip_suffix("/site-packages")?.rsplit_once('/')?;
                let known = interpreter.starts_with("python") || interpreter.starts_with("pypy");
                prefix.strip_suffix("/lib").filter(|_| known)
            })
            .map(TargetPath::new)
    }

    /// The edges between the packages: from whom, and the name of what is needed, which may be
    /// installed elsewhere. Everything installed counts as asked for, without its extras.
    pub(super) fn edges<'a>(&'a self, asked: &'a [Asked]) -> BTreeSet<(usize, &'a str)> {
        let start = (0..self.packages.len())
            .map(|package| (package, None))
            .chain(asked.iter().flat_map(nodes));
        self.walk(start).1
    }

    /// The scopes of what is reached from outside, for those that are reached.
    pub(super) fn scopes(&self, asked: &[Asked]) -> BTreeMap<usize, Scope> {
        let mut scopes: BTreeMap<usize, Scope> = BTreeMap::new();
        for scope in Scope::ALL {
            let of_scope = asked.iter().filter(|asked| asked.scope == scope);
            for package in self.walk(of_scope.flat_map(nodes)).0 {
                scopes.entry(package).or_insert(scope);
            }
        }
        scopes
    }

    fn walk<'a>(
        &'a self,
        start: impl Iterator<Item = Node<'a>>,
    ) -> (BTreeSet<usize>, BTreeSet<(usize, &'a str)>) {
        let mut edges = BTreeSet::new();
        let mut reached = BTreeSet::new();
        let mut visited: HashSet<Node<'a>> = HashSet::new();
        let mut waiting: Vec<Node<'a>> = start.collect();
        let mut extras_left: Vec<u16> = vec![MOST_EXTRAS; self.packages.len()];
        while let Some(node) = waiting.pop() {
            let Some(package) = self.packages.get(node.0).filter(|_| visited.insert(node)) else {
                continue;
            };
            if let (Some(_), Some(left)) = (node.1, extras_left.get_mut(node.0)) {
                if *left == 0 {
                    continue;
                }
                *left -= 1;
            }
            reached.insert(node.0);
            for requirement in &package.value.requirements {
                let marker = requirement.marker.as_ref();
                if !marker.is_none_or(|marker| marker.holds(&self.environment, node.1.into_iter()))
                {
                    continue;
                }
                edges.insert((node.0, requirement.name.as_ref()));
                let named = self.by_name.get(&requirement.name).into_iter().flatten();
                for &on in named.take(MOST_COPIES) {
                    waiting.push((on, None));
                    let extras = requirement.extras.iter();
                    waiting.extend(extras.map(|extra| (on, Some(extra.as_ref()))));
                }
            }
        }
        (reached, edges)
    }
}

fn nodes(asked: &Asked) -> impl Iterator<Item = Node<'_>> {
    let extras = asked.extras.iter();
    std::iter::once((asked.package, None))
        .chain(extras.map(|extra| (asked.package, Some(extra.as_ref()))))
}
