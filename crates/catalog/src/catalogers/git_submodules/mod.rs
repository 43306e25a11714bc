//! Submodules of git: `.gitmodules` names them with their addresses, and git's index says at which
//! commits they are. <https://git-scm.com/docs/gitmodules>. Addresses may be paths that are reckoned
//! from where the repository itself came from; git's settings say that.

mod index;
mod settings;

use std::collections::{BTreeMap, HashMap};

use linchpin_model::{
    CatalogerId, Note, NoteKind, OccurrenceKind, Package, Role, Scope, TargetPath,
};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::package_roots::is_inside_package;
use crate::repository::Repository;

pub(super) static CATALOGER: GitSubmodules = GitSubmodules;

pub(super) struct GitSubmodules;

/// What one file tells.
pub(super) enum Fragment {
    Modules(Vec<Submodule>),
    /// The commits that folders are at.
    Commits(HashMap<String, String>),
    /// Where the repository came from.
    Origin(Repository),
}

/// A submodule, as `.gitmodules` has it.
#[derive(Debug, Default, Clone)]
pub(super) struct Submodule {
    path: String,
    address: String,
}

impl Cataloger for GitSubmodules {
    type Fragment = Fragment;
    const ID: CatalogerId = CatalogerId("git-submodules");
    const DOCUMENTATION: &'static str = "Reads `.gitmodules` and, where they are there, git's index and settings: the \
        repositories that are submodules, at the commit that the index has for them; addresses that are paths are reckoned \
        from where the repository came from. Without an index the commit is unknown.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Name(".gitmodules"),
        Pattern::Suffix(".git/index"),
        Pattern::Suffix(".git/config"),
    ];

    fn read(entry: &Entry<'_>) -> Parsed<Fragment> {
        if is_inside_package(entry.path) {
            return Parsed::not_mine();
        }
        if entry.path.name() == "index" {
            if entry.path.parent().name() != ".git" {
                return Parsed::not_mine();
            }
            return match index::submodules(entry.content) {
                Ok(commits) if commits.is_empty() => Parsed::not_mine(),
                Ok(commits) => Parsed::clean(Fragment::Commits(commits)),
                Err(problem) => Parsed::failed(problem),
            };
        }
        let text = String::from_utf8_lossy(entry.content);
        if entry.path.name() == "config" {
            let origin = Some(&text).filter(|_| entry.path.parent().name() == ".git");
            return match origin.and_then(|text| settings::origin(text)) {
                Some(origin) => Parsed::clean(Fragment::Origin(origin)),
                None => Parsed::not_mine(),
            };
        }
        let mut modules: BTreeMap<&str, Submodule> = BTreeMap::new();
        let mut current = None;
        for line in text.lines() {
            let line = line.trim();
            if let Some(section) = line.strip_prefix('[') {
                let name = section.strip_prefix("submodule \"");
                current = name.and_then(|name| name.split('"').next());
            } else if let (Some(name), Some((key, value))) = (current, line.split_once('=')) {
                let module = modules.entry(name).or_default();
                match key.trim() {
                    "path" => value.trim().clone_into(&mut module.path),
                    "url" => value.trim().clone_into(&mut module.address),
                    _ => {}
                }
            }
        }
        if modules.is_empty() && !text.trim().is_empty() {
            return Parsed::failed("names no submodule");
        }
        Parsed::clean(Fragment::Modules(modules.into_values().collect()))
    }

    fn assemble(fragments: Vec<Located<Fragment>>, assembly: &mut Assembly<'_>) {
        let mut commits: HashMap<TargetPath, HashMap<String, String>> = HashMap::new();
        let mut origins: HashMap<TargetPath, Repository> = HashMap::new();
        let mut files = Vec::new();
        for Located { path, layer, value } in fragments {
            match value {
                Fragment::Commits(found) => {
                    commits.insert(path.parent().parent(), found);
                }
                Fragment::Origin(origin) => {
                    origins.insert(path.parent().parent(), origin);
                }
                Fragment::Modules(value) => files.push(Located { path, layer, value }),
            }
        }
        for file in files {
            let folder = file.path.parent();
            let Some(url) = assembly.unnamed_project(&folder) else {
                continue;
            };
            let declared = file.occurrence(OccurrenceKind::Declared, Self::ID);
            let mut root = Package::new(url, declared.clone());
            root.role = Role::Application;
            let root = assembly.inventory.add(root);
            for module in &file.value {
                let commit = commits
                    .get(&folder)
                    .and_then(|found| found.get(&module.path));
                let commit = commit.map(String::as_str);
                let address = module.address.as_str();
                let repository = if address.starts_with("./") || address.starts_with("../") {
                    origins
                        .get(&folder)
                        .and_then(|origin| origin.relative(address))
                } else {
                    Repository::parse(address)
                };
                let url = repository
                    .as_ref()
                    .and_then(|found| found.package_url(commit));
                let (Some(url), Some(repository)) = (url, repository) else {
                    let at = commit.map(|commit| format!(" at {commit}"));
                    let text = format!(
                        "the submodule `{}`{} has no address that others could use",
                        module.path,
                        at.unwrap_or_default()
                    );
                    let note = Note::at(NoteKind::Unread, &file.path, file.layer, text);
                    assembly.inventory.note(note);
                    continue;
                };
                let mut occurrence = declared.clone();
                if commit.is_some() {
                    occurrence.kind = OccurrenceKind::Locked;
                } else {
                    let text =
                        format!("the commit of the submodule `{}` is not known", module.path);
                    let note = Note::at(NoteKind::Unmatched, &file.path, file.layer, text);
                    assembly.inventory.note(note);
                }
                let mut package = Package::new(url, occurrence);
                package.download = Some(repository.location(commit));
                let id = assembly.inventory.add(package);
                assembly.inventory.depend(root, id, Scope::Runtime);
            }
        }
    }
}
