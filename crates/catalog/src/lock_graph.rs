//! What lockfiles of most languages have in common: parts that need each other by name, and
//! projects, whose manifests lie beside the lockfile and say what they ask for themselves.
//!
//! A cataloger reads each of its files into a [`ProjectFile`]; [`assemble_projects`] makes
//! packages, edges and scopes of them. Languages whose resolution is more than a name (npm, Python,
//! Cargo) have graphs of their own.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use linchpin_model::{
    CatalogerId, LicenseExpression, Note, NoteKind, Occurrence, OccurrenceKind, Package, PackageId,
    PackageUrl, Role, Scope, TargetPath,
};
use linchpin_source::Entry;

use crate::assembly::Assembly;
use crate::cataloger::Located;

/// How many parts one name may mean: versions, platforms.
const MOST_OF_ONE_NAME: usize = 32;

/// How many edges one lockfile may have. The largest real ones have tens of thousands.
const MOST_EDGES: usize = 2_000_000;

/// How many names a note tells.
const NAMED: usize = 8;

/// Something that a part or project needs, by the name that the lockfile gives it.
#[derive(Debug, Clone)]
pub(crate) struct Need {
    /// The name by which parts are known in this graph.
    pub(crate) key: Box<str>,
    /// What for.
    pub(crate) scope: Scope,
    /// Which versions will do, where the lockfile says so.
    pub(crate) range: Option<Box<str>>,
}

impl Need {
    /// Something needed at run time.
    pub(crate) fn new(key: impl Into<Box<str>>) -> Self {
        Self::of(key, Scope::Runtime)
    }

    /// Something needed for a purpose.
    pub(crate) fn of(key: impl Into<Box<str>>, scope: Scope) -> Self {
        Self {
            key: key.into(),
            scope,
            range: None,
        }
    }

    /// The same, where the lockfile says which versions will do.
    pub(crate) fn in_range(mut self, range: Option<&str>) -> Self {
        self.range = range.map(Into::into);
        self
    }
}

/// A package of a lockfile, or an installed one.
#[derive(Debug)]
pub(crate) struct Part {
    /// The name by which others need it; several parts may have the same.
    pub(crate) key: Box<str>,
    /// Other names that mean it too: what it replaces or provides.
    pub(crate) also: Vec<Box<str>>,
    /// What is known of it.
    pub(crate) package: Package,
    /// What it is needed for, if the file says so itself; otherwise the ways to it tell.
    pub(crate) scope: Option<Scope>,
    /// What it needs.
    pub(crate) needs: Vec<Need>,
}

impl Part {
    /// A part that a file names.
    pub(crate) fn new(
        key: impl Into<Box<str>>,
        url: PackageUrl,
        entry: &Entry<'_>,
        kind: OccurrenceKind,
        cataloger: CatalogerId,
    ) -> Self {
        Self {
            key: key.into(),
            also: Vec::new(),
            package: Package::new(url, occurrence(entry, kind, cataloger)),
            scope: None,
            needs: Vec::new(),
        }
    }
}

/// An occurrence in the file that is being read.
pub(crate) fn occurrence(
    entry: &Entry<'_>,
    kind: OccurrenceKind,
    cataloger: CatalogerId,
) -> Occurrence {
    Occurrence {
        path: entry.path.clone(),
        layer: entry.layer,
        kind,
        cataloger,
        owner: None,
    }
}

/// What a file says of the project itself.
#[derive(Debug, Default)]
pub(crate) struct Root {
    /// Its package URL; a project without a name is called after its folder.
    pub(crate) url: Option<PackageUrl>,
    /// Its licence.
    pub(crate) license: Option<LicenseExpression>,
    /// Who supplies it.
    pub(crate) supplier: Option<String>,
    /// What it is for.
    pub(crate) description: Option<String>,
}

/// What a manifest asks for.
#[derive(Debug)]
pub(crate) struct Wish {
    /// The name by which a lockfile of the project knows it.
    pub(crate) key: Box<str>,
    /// What is listed where there is no lockfile: with a version only if it is an exact one.
    pub(crate) url: PackageUrl,
    /// What for.
    pub(crate) scope: Scope,
}

impl Wish {
    /// A wish by the name of the package.
    pub(crate) fn new(key: impl Into<Box<str>>, url: PackageUrl, scope: Scope) -> Self {
        Self {
            key: key.into(),
            url,
            scope,
        }
    }
}

/// What a lockfile tells, or a list of what is installed for a project.
#[derive(Debug, Default)]
pub(crate) struct Lock {
    /// The project, if the lockfile says what it is.
    pub(crate) root: Option<Root>,
    /// What the project itself asks for, if the lockfile says that. Otherwise the manifest beside it
    /// does, and without one it is everything that no other part needs.
    pub(crate) direct: Option<Vec<Need>>,
    /// The parts.
    pub(crate) parts: Vec<Part>,
}

/// What one file of a project tells.
#[derive(Debug)]
pub(crate) enum Tells {
    /// A manifest: the project and what it asks for.
    Manifest(Root, Vec<Wish>),
    /// A lockfile.
    Lock(Lock),
}

/// One file of a project, and the folder that the project lies in.
#[derive(Debug)]
pub(crate) struct ProjectFile {
    /// The project's folder, by which its files are brought together.
    pub(crate) folder: TargetPath,
    /// What the file tells.
    pub(crate) tells: Tells,
}

impl ProjectFile {
    /// A manifest in the project's folder.
    pub(crate) fn manifest(entry: &Entry<'_>, root: Root, wishes: Vec<Wish>) -> Self {
        Self {
            folder: entry.path.parent(),
            tells: Tells::Manifest(root, wishes),
        }
    }

    /// A lockfile in the project's folder.
    pub(crate) fn lock(entry: &Entry<'_>, lock: Lock) -> Self {
        Self {
            folder: entry.path.parent(),
            tells: Tells::Lock(lock),
        }
    }
}

/// A project without a lockfile, and what it asks for.
type Unlocked = (Occurrence, PackageId, Vec<Wish>);

/// Makes packages and edges of the files of all projects.
pub(crate) fn assemble_projects(
    fragments: Vec<Located<ProjectFile>>,
    cataloger: CatalogerId,
    assembly: &mut Assembly<'_>,
) {
    assemble(fragments, Nesting::Apart, cataloger, assembly);
}

/// The same, where a project without a lockfile shares the one of the nearest project around it, as
/// the members of a workspace do.
pub(crate) fn assemble_nested_projects(
    fragments: Vec<Located<ProjectFile>>,
    cataloger: CatalogerId,
    assembly: &mut Assembly<'_>,
) {
    assemble(fragments, Nesting::Shared, cataloger, assembly);
}

/// Whether a project without a lockfile uses the one of a project around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Nesting {
    Apart,
    Shared,
}

/// Moves the manifests of members to the folder whose lockfile they share.
fn share_lockfiles(folders: &mut BTreeMap<TargetPath, Vec<Located<ProjectFile>>>) {
    let is_lock = |file: &Located<ProjectFile>| matches!(file.value.tells, Tells::Lock(_));
    let locked: BTreeSet<TargetPath> = folders
        .iter()
        .filter(|(_, files)| files.iter().any(is_lock))
        .map(|(folder, _)| folder.clone())
        .collect();
    let members: Vec<(TargetPath, TargetPath)> = folders
        .keys()
        .filter(|folder| !locked.contains(*folder))
        .filter_map(|folder| {
            let mut around = folder.clone();
            while !around.is_root() {
                around = around.parent();
                if locked.contains(&around) {
                    return Some((folder.clone(), around));
                }
            }
            None
        })
        .collect();
    for (member, around) in members {
        let files = folders.remove(&member).unwrap_or_default();
        folders.entry(around).or_default().extend(files);
    }
}

fn assemble(
    fragments: Vec<Located<ProjectFile>>,
    nesting: Nesting,
    cataloger: CatalogerId,
    assembly: &mut Assembly<'_>,
) {
    let mut folders: BTreeMap<TargetPath, Vec<Located<ProjectFile>>> = BTreeMap::new();
    for file in fragments {
        folders
            .entry(file.value.folder.clone())
            .or_default()
            .push(file);
    }
    if nesting == Nesting::Shared {
        share_lockfiles(&mut folders);
    }
    let mut unlocked: Vec<Unlocked> = Vec::new();
    let mut projects = Copies::new();
    for (folder, files) in folders {
        let mut locks: Vec<(Occurrence, Lock)> = Vec::new();
        let mut roots: Vec<(Occurrence, PackageId, Vec<Wish>)> = Vec::new();
        for file in files {
            let occurrence = file.occurrence(OccurrenceKind::Declared, cataloger);
            // The folder of a member is its own, not that of the lockfile.
            let folder = file.value.folder;
            match file.value.tells {
                Tells::Lock(lock) => locks.push((occurrence, lock)),
                Tells::Manifest(root, wishes) => {
                    if let Some(id) = add_root(root, &folder, &occurrence, assembly) {
                        roots.push((occurrence, id, wishes));
                    }
                }
            }
        }
        for (_, id, _) in &roots {
            let package = assembly.inventory.package_mut(*id);
            projects.insert(nameplate(&package.purl), *id);
        }
        if locks.is_empty() {
            unlocked.append(&mut roots);
            continue;
        }
        let known: BTreeSet<Box<str>> = locks
            .iter()
            .flat_map(|(_, lock)| &lock.parts)
            .flat_map(|part| std::iter::once(&part.key).chain(&part.also).cloned())
            .collect();
        for (occurrence, lock) in locks {
            add_lock(lock, &roots, &folder, &occurrence, assembly);
        }
        // A member may ask for things that the lockfile around it was not made for, and a manifest
        // for an exact version from elsewhere, which its lockfile does not list.
        for (occurrence, id, mut wishes) in roots {
            let is_member = occurrence.path.parent_str() != folder.as_str();
            wishes.retain(|wish| {
                !known.contains(&wish.key) && (is_member || wish.url.version().is_some())
            });
            unlocked.push((occurrence, id, wishes));
        }
    }
    let installed = installed_copies(&unlocked, assembly);
    for (occurrence, root, wishes) in unlocked {
        add_wishes(&occurrence, root, wishes, (&projects, &installed), assembly);
    }
}

fn add_root(
    root: Root,
    folder: &TargetPath,
    occurrence: &Occurrence,
    assembly: &mut Assembly<'_>,
) -> Option<PackageId> {
    let url = root.url.or_else(|| assembly.unnamed_project(folder))?;
    let mut package = Package::new(url, occurrence.clone());
    package.role = Role::Application;
    package.license = root.license;
    package.supplier = root.supplier;
    package.description = root.description;
    Some(assembly.inventory.add(package))
}

fn add_lock(
    lock: Lock,
    manifests: &[(Occurrence, PackageId, Vec<Wish>)],
    folder: &TargetPath,
    occurrence: &Occurrence,
    assembly: &mut Assembly<'_>,
) {
    let has_root = lock.root.is_some();
    let own = if has_root || manifests.is_empty() {
        add_root(lock.root.unwrap_or_default(), folder, occurrence, assembly)
    } else {
        None
    };
    let mut roots: Vec<(PackageId, Vec<Need>)> = Vec::new();
    if let Some(mut direct) = lock.direct {
        take_scopes(&mut direct, manifests);
        match own {
            Some(own) => roots.push((own, direct)),
            None => roots.extend(manifests.iter().map(|(_, id, _)| (*id, direct.clone()))),
        }
    } else if manifests.is_empty() {
        roots.extend(own.map(|own| (own, needed_by_nobody(&lock.parts))));
    } else {
        for (_, id, wishes) in manifests {
            let needs = wishes.iter();
            let needs = needs.map(|wish| Need::of(wish.key.clone(), wish.scope));
            roots.push((*id, needs.collect()));
        }
    }
    add_parts(lock.parts, &roots, assembly);
}

/// What a manifest asks for has the scope that it says, also where the lockfile lists it.
fn take_scopes(direct: &mut [Need], manifests: &[(Occurrence, PackageId, Vec<Wish>)]) {
    let mut scopes: HashMap<&str, Scope> = HashMap::new();
    for wish in manifests.iter().flat_map(|(_, _, wishes)| wishes) {
        let scope = scopes.entry(&wish.key).or_insert(wish.scope);
        *scope = (*scope).min(wish.scope);
    }
    for need in direct {
        if let Some(scope) = scopes.get(need.key.as_ref()) {
            need.scope = need.scope.through(*scope);
        }
    }
}

/// Everything that no part asks for, with the scope that the lockfile gives it.
pub(crate) fn needed_by_nobody(parts: &[Part]) -> Vec<Need> {
    let needed: BTreeSet<&str> = parts
        .iter()
        .flat_map(|part| part.needs.iter().filter(|need| need.key != part.key))
        .map(|need| need.key.as_ref())
        .collect();
    let free = parts.iter().filter(|part| {
        let mut names = std::iter::once(&part.key).chain(&part.also);
        !names.any(|name| needed.contains(name.as_ref()))
    });
    free.map(|part| Need::of(part.key.clone(), part.scope.unwrap_or_default()))
        .collect()
}

/// Adds parts with the edges between them and from the projects that ask for them. A part's scope
/// is the strongest way to it, unless its file says it. Without projects, the scope of a part is
/// the one under which it is known already.
pub(crate) fn add_parts(
    parts: Vec<Part>,
    roots: &[(PackageId, Vec<Need>)],
    assembly: &mut Assembly<'_>,
) {
    let mut by_key: HashMap<Box<str>, Vec<usize>> = HashMap::new();
    for (index, part) in parts.iter().enumerate() {
        for key in std::iter::once(&part.key).chain(&part.also) {
            let places = by_key.entry(key.clone()).or_default();
            if places.len() < MOST_OF_ONE_NAME {
                places.push(index);
            }
        }
    }
    let reached = reach(&parts, roots, &by_key);
    let mut needs = Vec::with_capacity(parts.len());
    let mut ids = Vec::with_capacity(parts.len());
    for (part, reached) in parts.into_iter().zip(reached) {
        let mut package = part.package;
        let known = if roots.is_empty() {
            let known = assembly.inventory.find(&package.purl);
            known.and_then(|id| Some(assembly.inventory.packages().get(id.index())?.scope))
        } else {
            None
        };
        package.scope = part.scope.or(reached).or(known).unwrap_or_default();
        ids.push(assembly.inventory.add(package));
        needs.push(part.needs);
    }
    let ids_of = |key: &str| {
        let places = by_key.get(key).into_iter().flatten();
        places.filter_map(|&index| ids.get(index).copied())
    };
    let from_parts = ids.iter().copied().zip(&needs);
    let from_roots = roots.iter().map(|(id, needs)| (*id, needs));
    let mut edges = 0_usize;
    for (from, needs) in from_parts.chain(from_roots) {
        for need in needs {
            for on in ids_of(&need.key) {
                edges += 1;
                if edges <= MOST_EDGES {
                    assembly.inventory.depend(from, on, need.scope);
                }
            }
        }
    }
    if edges > MOST_EDGES {
        let text = format!("a lockfile has more than {MOST_EDGES} edges; the others were left out");
        assembly
            .inventory
            .note(Note::general(NoteKind::Unread, text));
    }
}

/// The scope with which each part is reached from the projects, strongest first.
fn reach(
    parts: &[Part],
    roots: &[(PackageId, Vec<Need>)],
    by_key: &HashMap<Box<str>, Vec<usize>>,
) -> Vec<Option<Scope>> {
    let mut reached: Vec<Option<Scope>> = vec![None; parts.len()];
    let mut waiting: BTreeMap<Scope, Vec<&str>> = BTreeMap::new();
    for need in roots.iter().flat_map(|(_, needs)| needs) {
        waiting.entry(need.scope).or_default().push(&need.key);
    }
    for scope in Scope::ALL {
        // An edge that is weaker than the way so far waits for its own turn.
        let mut stack = waiting.remove(&scope).unwrap_or_default();
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        while let Some(key) = stack.pop() {
            if !seen.insert(key) {
                continue;
            }
            for &index in by_key.get(key).into_iter().flatten() {
                let (Some(part), Some(known)) = (parts.get(index), reached.get_mut(index)) else {
                    continue;
                };
                if known.is_some() {
                    continue;
                }
                *known = Some(scope);
                for need in &part.needs {
                    match scope.through(need.scope) {
                        weaker if weaker > scope => {
                            waiting.entry(weaker).or_default().push(&need.key);
                        }
                        _ => stack.push(&need.key),
                    }
                }
            }
        }
    }
    reached
}

/// What tells a package apart from others, whatever its version.
fn nameplate(url: &PackageUrl) -> String {
    format!("{}:{}", url.kind(), url.full_name())
}

/// Packages by what tells them apart from others, whatever their version.
type Copies = HashMap<String, PackageId>;

/// The installed copies of what projects ask for without an exact version, where there is only one.
fn installed_copies(unlocked: &[Unlocked], assembly: &Assembly<'_>) -> Copies {
    let wished: BTreeSet<String> = unlocked
        .iter()
        .flat_map(|(_, _, wishes)| wishes)
        .filter(|wish| wish.url.version().is_none())
        .map(|wish| nameplate(&wish.url))
        .collect();
    let mut copies: HashMap<String, Option<PackageId>> = HashMap::new();
    if wished.is_empty() {
        return Copies::new();
    }
    for (index, package) in assembly.inventory.packages().iter().enumerate() {
        let mut kinds = package.occurrences.iter().map(|occurrence| occurrence.kind);
        let name = nameplate(&package.purl);
        if wished.contains(&name) && kinds.any(|kind| kind == OccurrenceKind::Installed) {
            let id = PackageId(index as u32);
            copies
                .entry(name)
                .and_modify(|found| *found = None)
                .or_insert(Some(id));
        }
    }
    let single = copies
        .into_iter()
        .filter_map(|(name, id)| Some((name, id?)));
    single.collect()
}

/// Lists what a project without a lockfile asks for. What names no exact version is said.
fn add_wishes(
    occurrence: &Occurrence,
    root: PackageId,
    wishes: Vec<Wish>,
    (projects, installed): (&Copies, &Copies),
    assembly: &mut Assembly<'_>,
) {
    let mut inexact: Vec<String> = Vec::new();
    for wish in wishes {
        if let Some(&project) = projects.get(&nameplate(&wish.url)) {
            assembly.inventory.depend(root, project, wish.scope);
            continue;
        }
        let copy = installed.get(&nameplate(&wish.url));
        if let Some(&copy) = copy.filter(|_| wish.url.version().is_none()) {
            assembly.inventory.depend(root, copy, wish.scope);
            continue;
        }
        if wish.url.version().is_none() {
            inexact.push(wish.url.full_name());
        }
        let mut package = Package::new(wish.url, occurrence.clone());
        package.scope = wish.scope;
        let id = assembly.inventory.add(package);
        assembly.inventory.depend(root, id, wish.scope);
    }
    inexact.sort();
    inexact.dedup();
    let count = match inexact.len() {
        0 => return,
        1 => "1 requirement names no exact version, and no lockfile or installed copy tells it"
            .to_owned(),
        count => format!(
            "{count} requirements name no exact version, and no lockfile or installed copy tells it"
        ),
    };
    let mut names: Vec<&str> = inexact.iter().take(NAMED).map(String::as_str).collect();
    if inexact.len() > NAMED {
        names.push("…");
    }
    let (path, layer) = (&occurrence.path, occurrence.layer);
    let text = format!("{count}: {}", names.join(", "));
    assembly
        .inventory
        .note(Note::at(NoteKind::Unmatched, path, layer, text));
}
