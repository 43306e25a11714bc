//! Ruby projects: Bundler's lockfile with the `Gemfile` beside it, and the `.gemspec` of projects
//! that are gems themselves. <https://bundler.io/man/gemfile.5.html>.
//!
//! The lockfile holds what is needed on all its platforms. What is for development only the
//! `Gemfile` tells, by its groups.

mod gemfile;
mod lockfile;

use std::collections::{HashMap, HashSet};

use linchpin_model::{
    CatalogerId, LicenseExpression, OccurrenceKind, Requirement, Requirer, Role, Scope, TargetPath,
};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed, RequirementReader};
use crate::licenses::from_name;
use crate::lock_graph::{Need, Part, ProjectFile, Root, Tells, Wish, assemble_projects};
use crate::package_roots::is_inside_package;
use crate::ruby::{Gemspec, package_url};

pub(super) static CATALOGER: RubyBundler = RubyBundler;

pub(super) struct RubyBundler;

impl Cataloger for RubyBundler {
    type Fragment = ProjectFile;
    const ID: CatalogerId = CatalogerId("ruby-bundler");
    const DOCUMENTATION: &'static str = "Reads `Gemfile.lock` and `gems.locked` with the `Gemfile` or `gems.rb` beside \
        it: the gems of all platforms with their checksums and edges, gems from repositories with their revision. Groups \
        of the `Gemfile` named for development or tests have that scope. Without a lockfile, what `Gemfile` and \
        `*.gemspec` ask for is listed, with a version only if it is an exact one. Only literals are read; nothing is \
        evaluated.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Name("Gemfile"),
        Pattern::Name("Gemfile.lock"),
        Pattern::Name("gems.locked"),
        Pattern::Name("gems.rb"),
        Pattern::Suffix(".gemspec"),
    ];

    const REQUIREMENTS: Option<RequirementReader<ProjectFile>> = Some(requirements);

    fn read(entry: &Entry<'_>) -> Parsed<ProjectFile> {
        let is_installed = entry.path.parts().any(|part| part == "specifications");
        if is_inside_package(entry.path) || is_installed {
            return Parsed::not_mine();
        }
        match entry.path.name() {
            "Gemfile.lock" | "gems.locked" => lockfile::read(entry),
            "Gemfile" | "gems.rb" => gemfile::read(entry),
            _ => read_gemspec(entry),
        }
    }

    fn assemble(mut fragments: Vec<Located<ProjectFile>>, assembly: &mut Assembly<'_>) {
        let specifications = take_locked_gems(&mut fragments);
        let gems: HashSet<TargetPath> = fragments
            .iter()
            .filter(|file| is_gemspec(file))
            .map(|file| file.value.folder.clone())
            .collect();
        // A `Gemfile` that asks for nothing but the gem beside it says nothing of its own.
        fragments.retain(|file| {
            let asks_for_nothing =
                matches!(&file.value.tells, Tells::Manifest(_, wishes) if wishes.is_empty());
            is_gemspec(file) || !asks_for_nothing || !gems.contains(&file.value.folder)
        });
        for file in &mut fragments {
            if let Tells::Lock(lock) = &mut file.value.tells {
                for part in &mut lock.parts {
                    complete(part, &specifications);
                }
            }
        }
        assemble_projects(fragments, Self::ID, assembly);
    }
}

/// What a lockfile says that the project and its gems ask for.
fn requirements(fragments: &[Located<&ProjectFile>]) -> Vec<Requirement> {
    let mut requirements = Vec::new();
    for Located { path, value, .. } in fragments {
        let Tells::Lock(lock) = &value.tells else {
            continue;
        };
        let manifest = match path.name() {
            "gems.locked" => "gems.rb",
            _ => "Gemfile",
        };
        let project = Requirer::Project(path.parent().join(manifest));
        let direct = lock.direct.iter().flatten();
        let mut all: Vec<(Requirer, &Need)> = direct.map(|need| (project.clone(), need)).collect();
        for part in &lock.parts {
            let by = match (part.package.role, part.package.version()) {
                (Role::Application, _) | (_, None) => project.clone(),
                (Role::Library, Some(version)) => Requirer::Package {
                    name: part.package.name().into(),
                    version: version.into(),
                },
            };
            all.extend(part.needs.iter().map(|need| (by.clone(), need)));
        }
        requirements.extend(all.into_iter().map(|(by, need)| Requirement {
            by,
            name: need.key.clone(),
            range: need.range.clone().unwrap_or_default(),
            scope: Scope::Runtime,
        }));
    }
    requirements
}

fn is_gemspec(file: &Located<ProjectFile>) -> bool {
    file.path.name().ends_with(".gemspec")
}

/// What the specification of a project's gem says, and where.
type Specification = Located<Root>;

/// Takes out the specifications of gems that a lockfile around them names, with their versions and
/// what they need: what they tell beside that is given back, by the name of the gem.
fn take_locked_gems(fragments: &mut Vec<Located<ProjectFile>>) -> HashMap<Box<str>, Specification> {
    let mut locked: HashMap<Box<str>, TargetPath> = HashMap::new();
    for file in fragments.iter() {
        if let Tells::Lock(lock) = &file.value.tells {
            let own = lock.parts.iter();
            let own = own.filter(|part| part.package.role == Role::Application);
            locked.extend(own.map(|part| (part.key.clone(), file.value.folder.clone())));
        }
    }
    let mut found = HashMap::new();
    let mut others = Vec::with_capacity(fragments.len());
    for file in std::mem::take(fragments) {
        let name = match &file.value.tells {
            Tells::Manifest(root, _) if is_gemspec(&file) => {
                root.url.as_ref().map(|url| Box::from(url.name()))
            }
            _ => None,
        };
        let lockfile = name.as_deref().and_then(|name: &str| locked.get(name));
        let is_below = lockfile.is_some_and(|folder| {
            let rest = file.path.as_str().strip_prefix(folder.as_str());
            rest.is_some_and(|rest| folder.is_root() || rest.starts_with('/'))
        });
        let Located { path, layer, value } = file;
        match (value.tells, name) {
            (Tells::Manifest(root, _), Some(name)) if is_below => {
                let root = Located {
                    path,
                    layer,
                    value: root,
                };
                found.insert(name, root);
            }
            (tells, ..) => {
                let value = ProjectFile {
                    folder: value.folder,
                    tells,
                };
                others.push(Located { path, layer, value });
            }
        }
    }
    *fragments = others;
    found
}

/// Adds what the specification of a gem says to the gem as it is locked.
fn complete(part: &mut Part, specifications: &HashMap<Box<str>, Specification>) {
    if part.package.role != Role::Application {
        return;
    }
    if let Some(specification) = specifications.get(&part.key) {
        let occurrence = specification.occurrence(OccurrenceKind::Declared, RubyBundler::ID);
        part.package.occurrences.push(occurrence);
        let root = &specification.value;
        part.package.license.clone_from(&root.license);
        part.package.supplier.clone_from(&root.supplier);
        part.package.description.clone_from(&root.description);
    }
}

fn read_gemspec(entry: &Entry<'_>) -> Parsed<ProjectFile> {
    let gemspec = match Gemspec::parse(entry.content) {
        Ok(gemspec) => gemspec,
        Err(problem) => return Parsed::failed(problem),
    };
    let Some(name) = &gemspec.name else {
        return Parsed::failed("names no gem in a way that can be read without running it");
    };
    let root = Root {
        url: package_url(
            name,
            gemspec.version.as_deref(),
            gemspec.platform.as_deref(),
        ),
        license: license(&gemspec.licenses),
        supplier: (!gemspec.authors.is_empty()).then(|| gemspec.authors.join(", ")),
        description: gemspec.summary.clone(),
    };
    let wishes = gemspec.requirements.iter().filter_map(|wanted| {
        let url = package_url(&wanted.name, wanted.version.as_deref(), None)?;
        Some(Wish::new(wanted.name.clone(), url, wanted.scope))
    });
    let mut parsed = Parsed::clean(ProjectFile::manifest(entry, root, wishes.collect()));
    if gemspec.not_understood > 0 {
        parsed.problems.push(format!(
            "{} dependencies are no literals and were left out",
            gemspec.not_understood
        ));
    }
    parsed
}

/// Several licences of a gem are a choice; RubyGems' guide says so.
fn license(names: &[String]) -> Option<LicenseExpression> {
    let mut known = Vec::with_capacity(names.len());
    for name in names {
        known.push(from_name(name)?.to_string());
    }
    known.sort();
    known.dedup();
    crate::licenses::from_expression(&known.join(" OR "))
}
