//! The clients of ecosystems: how each is asked for versions, and how it is told to take one. One file
//! for each, and its line in the list below.
//!
//! Where a registry is, only the client knows; no address of one is ever named here.

mod bundler;
mod cargo;
mod go;
mod npm;
mod pip;
mod poetry;
mod uv;

use std::path::Path;
use std::time::Duration;

use linchpin_advisory::remedy::{Choice, Manifests, PlanStep, Releases};
use linchpin_model::{Scope, TargetPath};

use super::program::CommandLine;

/// A client.
pub(super) struct Client {
    /// What people call it.
    pub(super) id: &'static str,
    /// Whether it keeps a lockfile of this name.
    pub(super) keeps: fn(&str) -> bool,
    /// Which versions it takes.
    pub(super) choice: Choice,
    /// Whether it changes what manifests ask for.
    pub(super) manifests: Manifests,
    /// Whether it can try a plan in a copy without running anything of the target.
    pub(super) trial: Trial,
    /// Its view of a registry.
    pub(super) releases: fn(&RegistryView<'_>) -> Box<dyn Releases>,
    /// What to tell it for some steps, in order. Each task says which of the steps it makes.
    pub(super) tasks: fn(&[PlanStep], &Place<'_>) -> Vec<Task>,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("Client").field(&self.id).finish()
    }
}

/// From where a client looks at registries.
#[derive(Debug, Clone, Copy)]
pub(super) struct RegistryView<'a> {
    /// The folder with the project's lockfile and settings.
    pub(super) folder: &'a Path,
    /// Where Cargo keeps what is not a project's.
    pub(super) cargo_home: Option<&'a Path>,
}

/// Whether a client can try a plan in a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trial {
    /// It can.
    Possible,
    /// It can not, and why: a fragment that fits after "the plan was not tried: ".
    Impossible(&'static str),
}

/// The lockfile that is changed.
#[derive(Debug)]
pub(super) struct Place<'a> {
    /// Its path in the target.
    pub(super) lockfile: &'a TargetPath,
    /// The folder of the target, or of its copy.
    pub(super) root: &'a Path,
    /// What the manifests ask for of each package: the manifest, the name, the range, what for.
    pub(super) asked: &'a [(TargetPath, Box<str>, Box<str>, Scope)],
}

impl Place<'_> {
    /// What a manifest asks for of a package.
    pub(super) fn asked(&self, manifest: &TargetPath, name: &str) -> Option<(&str, Scope)> {
        let mut asked = self.asked.iter();
        asked
            .find(|(path, of, _, _)| path == manifest && of.as_ref() == name)
            .map(|(_, _, range, scope)| (range.as_ref(), *scope))
    }

    /// The folder of a manifest, seen from that of the lockfile; nothing for the same folder.
    pub(super) fn member(&self, manifest: &TargetPath) -> Option<String> {
        let (root, folder) = (self.lockfile.parent_str(), manifest.parent_str());
        let below = if root.is_empty() {
            folder
        } else {
            folder.strip_prefix(root)?.strip_prefix('/')?
        };
        (!below.is_empty()).then(|| below.to_owned())
    }
}

/// Something to do in the folder of a lockfile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Task {
    /// The places of the steps that it makes.
    pub(super) steps: Vec<usize>,
    pub(super) action: Action,
}

/// What is done.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Action {
    /// A client is run in the folder of the lockfile.
    Run(CommandLine),
    /// A text is replaced on a line of a file that no client writes; the client checks it afterwards.
    Edit {
        file: TargetPath,
        name: Box<str>,
        from: Box<str>,
        to: Box<str>,
    },
}

impl std::fmt::Display for Action {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Run(line) => line.fmt(formatter),
            Self::Edit {
                file,
                name,
                from,
                to,
            } => write!(
                formatter,
                "in {file}, change `{name}{from}` to `{name}{to}`"
            ),
        }
    }
}

/// How long one answer of a registry, and one change, may take.
pub(super) const LOOK_UP: Duration = Duration::from_secs(60);
pub(super) const CHANGE: Duration = Duration::from_secs(600);

static ALL: &[&Client] = &[
    &npm::CLIENT,
    &cargo::CLIENT,
    &uv::CLIENT,
    &poetry::CLIENT,
    &pip::CLIENT,
    &go::CLIENT,
    &bundler::CLIENT,
];

/// The client that keeps a lockfile.
pub(super) fn client_of(lockfile: &TargetPath) -> Option<&'static Client> {
    let mut all = ALL.iter().copied();
    all.find(|client| (client.keeps)(lockfile.name()))
}

/// How the client that keeps a lockfile chooses, for who plans without running it.
pub(in crate::commands) fn choice_of(lockfile: &TargetPath) -> Option<(Choice, Manifests)> {
    client_of(lockfile).map(|client| (client.choice, client.manifests))
}
