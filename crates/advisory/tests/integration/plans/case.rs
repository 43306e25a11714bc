//! A case of a plan: what is locked, what a registry has, what is wrong with it.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use linchpin_advisory::remedy::{
    Choice, Flaw, Flaws, GraphEdge, GraphNode, Jump, LockedGraph, Manifests, NodeKind, Refused,
    ReleaseNeed, Releases, SolveOptions, allows,
};
use linchpin_advisory::versions::compare;
use linchpin_model::{Ecosystem, Scope, TargetPath};
use serde::Deserialize;

/// What a version needs: names and ranges.
pub(super) type Needs = BTreeMap<String, String>;

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Case {
    pub(super) about: String,
    pub(super) ecosystem: String,
    pub(super) farthest: Option<String>,
    pub(super) projects: BTreeMap<String, Needs>,
    pub(super) locked: BTreeMap<String, Needs>,
    pub(super) registry: Option<BTreeMap<String, BTreeMap<String, Needs>>>,
    #[serde(default)]
    pub(super) refused: BTreeMap<String, String>,
    pub(super) flaws: Vec<CaseFlaw>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct CaseFlaw {
    pub(super) id: String,
    pub(super) package: String,
    pub(super) introduced: Option<String>,
    pub(super) fixed: Option<String>,
    pub(super) weight: u32,
    #[serde(default)]
    pub(super) urgent: bool,
    #[serde(default)]
    pub(super) attack: bool,
}

impl Case {
    pub(super) fn ecosystem(&self) -> Ecosystem {
        match self.ecosystem.as_str() {
            "npm" => Ecosystem::Npm,
            "cargo" => Ecosystem::Cargo,
            "pypi" => Ecosystem::PyPi,
            "go" => Ecosystem::Go,
            "rubygems" => Ecosystem::RubyGems,
            other => panic!("no case for `{other}`"),
        }
    }

    pub(super) fn order(&self, left: &str, right: &str) -> Ordering {
        compare(self.ecosystem().facts().scheme, left, right).unwrap()
    }

    pub(super) fn options(&self) -> SolveOptions {
        let refused: Refused = self
            .refused
            .iter()
            .map(|(key, why)| {
                let (name, version) = key.rsplit_once('@').unwrap();
                ((name.into(), version.into()), why.as_str().into())
            })
            .collect();
        SolveOptions {
            choice: match self.ecosystem() {
                Ecosystem::Npm => Choice::Newest,
                Ecosystem::RubyGems => Choice::NewestAllowed,
                Ecosystem::Go => Choice::Least,
                _ => Choice::Exact,
            },
            manifests: if self.ecosystem() == Ecosystem::RubyGems {
                Manifests::Kept
            } else {
                Manifests::Changed
            },
            farthest: match self.farthest.as_deref() {
                Some("major") => Jump::Major,
                Some("patch") => Jump::Patch,
                _ => Jump::Minor,
            },
            include_development: false,
            refused,
        }
    }

    /// The graph; everybody has the highest locked version that he allows.
    pub(super) fn graph(&self) -> LockedGraph {
        let ecosystem = self.ecosystem();
        let mut nodes = Vec::new();
        for name in self.projects.keys() {
            nodes.push(GraphNode {
                name: name.as_str().into(),
                version: "".into(),
                kind: NodeKind::Project(vec![manifest(name)]),
            });
        }
        for key in self.locked.keys() {
            let (name, version) = key.rsplit_once('@').unwrap();
            nodes.push(GraphNode {
                name: name.into(),
                version: version.into(),
                kind: NodeKind::Package,
            });
        }
        let find = |name: &str, range: &str| {
            let fitting = nodes.iter().enumerate().filter(|(_, node)| {
                node.kind == NodeKind::Package
                    && node.name.as_ref() == name
                    && allows(ecosystem, range, &node.version) == Some(true)
            });
            let highest =
                fitting.max_by(|left, right| self.order(&left.1.version, &right.1.version));
            highest
                .unwrap_or_else(|| panic!("nothing for {name} {range}"))
                .0
        };
        let mut edges = Vec::new();
        let all = self.projects.values().chain(self.locked.values());
        for (from, needs) in all.enumerate() {
            for (name, range) in needs {
                let (name, scope) = match name.strip_prefix("dev:") {
                    Some(name) => (name, Scope::Development),
                    None => (name.as_str(), Scope::Runtime),
                };
                edges.push(GraphEdge {
                    from,
                    on: find(name, range),
                    range: Some(range.as_str().into()),
                    scope,
                    manifest: self.projects.keys().nth(from).map(|name| manifest(name)),
                });
            }
        }
        LockedGraph {
            ecosystem,
            nodes,
            edges,
        }
    }

    /// The ids of the flaws of a version.
    pub(super) fn flaws_of(&self, name: &str, version: &str) -> BTreeSet<&str> {
        let flaws = self.flaws.iter().filter(|flaw| {
            let starts = flaw.introduced.as_deref();
            flaw.package == name
                && starts.is_none_or(|start| self.order(version, start) != Ordering::Less)
                && flaw
                    .fixed
                    .as_deref()
                    .is_none_or(|fixed| self.order(version, fixed) == Ordering::Less)
        });
        flaws.map(|flaw| flaw.id.as_str()).collect()
    }
}

fn manifest(project: &str) -> TargetPath {
    TargetPath::new(&format!("{project}/manifest"))
}

impl Flaws for Case {
    fn of(&self, name: &str, version: &str) -> Arc<[Flaw]> {
        let ids = self.flaws_of(name, version);
        let flaws = self
            .flaws
            .iter()
            .filter(|flaw| ids.contains(flaw.id.as_str()));
        flaws
            .map(|flaw| Flaw {
                id: flaw.id.as_str().into(),
                weight: flaw.weight,
                is_urgent: flaw.urgent || flaw.attack,
                is_attack: flaw.attack,
                fixed: flaw.fixed.as_deref().map(Into::into),
            })
            .collect()
    }
}

impl Releases for Case {
    fn versions(&self, name: &str) -> Option<Arc<[Box<str>]>> {
        let versions = self.registry.as_ref()?.get(name)?.keys();
        Some(versions.map(|version| version.as_str().into()).collect())
    }

    fn needs(&self, name: &str, version: &str) -> Option<Arc<[ReleaseNeed]>> {
        let needs = self.registry.as_ref()?.get(name)?.get(version)?.iter();
        let needs = needs.map(|(name, range)| ReleaseNeed {
            name: name.as_str().into(),
            range: range.as_str().into(),
            scope: Scope::Runtime,
        });
        Some(needs.collect())
    }
}
