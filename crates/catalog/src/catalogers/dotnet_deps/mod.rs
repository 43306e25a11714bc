//! .NET applications as they were built: the dependency manifest `<name>.deps.json` beside an
//! application, or inside of one that is a single file.
//!
//! No client made the test cases, as none can be installed where they were written: they follow the
//! format's specification and what the SDK's own tests show. What the manifest lists and whose files
//! are not there counts as locked, not as installed: packages without files of their own, and what
//! the shared runtime brings.

mod bundle;
mod manifest;

use linchpin_model::{CatalogerId, OccurrenceKind, Package, PackageUrl, Role, Scope};
use linchpin_source::{Entry, Pattern};

use self::manifest::{Library, LibraryKind, Manifest, key};
use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::nuget_packages::{folded, package_url};
use crate::package_graph::PackageGraph;
use crate::program_bytes::ProgramBytes;

pub(super) static CATALOGER: DotnetDeps = DotnetDeps;

pub(super) struct DotnetDeps;

/// A manifest, and the name of the application.
pub(super) struct Fragment {
    manifest: Manifest,
    application: Box<str>,
    is_bundled: bool,
}

const SUFFIX: &str = ".deps.json";

impl Cataloger for DotnetDeps {
    type Fragment = Fragment;
    const ID: CatalogerId = CatalogerId("dotnet-deps");
    const DOCUMENTATION: &'static str = "Reads the dependency manifests of .NET applications, `*.deps.json`, beside an \
        application or inside of one that is a single file: the application and the projects built with it as roots, \
        NuGet packages and runtime packs with their digests, and what needs what. Packages whose files are there are \
        installed, those of a single file embedded, others only locked. Assemblies that only compilation needs are left out.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Suffix(SUFFIX),
        Pattern::ExecutableContaining(&[bundle::SIGNATURE]),
    ];

    fn read(entry: &Entry<'_>) -> Parsed<Fragment> {
        let program = ProgramBytes::of(entry);
        let (name, content, is_bundled) = if entry.path.name().ends_with(SUFFIX) {
            (entry.path.name().to_owned(), entry.content, false)
        } else {
            match bundle::manifest(program.data()) {
                Ok(Some(found)) => (found.name, found.content, true),
                Ok(None) => {
                    let problem = program.problem();
                    return problem.map_or_else(Parsed::not_mine, Parsed::failed);
                }
                Err(problem) => return Parsed::failed(problem),
            }
        };
        match manifest::read(content) {
            Ok(manifest) => Parsed::clean(Fragment {
                manifest,
                application: name.strip_suffix(SUFFIX).unwrap_or(&name).into(),
                is_bundled,
            }),
            Err(problem) if is_bundled => Parsed::failed(format!("its bundled `{name}` {problem}")),
            Err(problem) => Parsed::failed(problem),
        }
    }

    fn assemble(fragments: Vec<Located<Fragment>>, assembly: &mut Assembly<'_>) {
        for fragment in &fragments {
            add_application(fragment, assembly);
        }
    }
}

fn add_application(fragment: &Located<Fragment>, assembly: &mut Assembly<'_>) {
    let mut graph = PackageGraph::default();
    let mut waiting = Vec::new();
    let mut bad_names = 0;
    for library in &fragment.value.manifest.libraries {
        if library.kind == LibraryKind::CompiledAgainst {
            continue;
        }
        let Some(purl) = purl(library) else {
            bad_names += 1;
            continue;
        };
        let kind = occurrence_kind(library, fragment, assembly);
        let mut package = Package::new(purl, fragment.occurrence(kind, DotnetDeps::ID));
        package.hashes.extend(library.digest.clone());
        if library.kind == LibraryKind::Project {
            package.role = Role::Application;
        }
        let place = graph.add(&library.key(), package);
        graph.also_known_as(&folded(&library.name), place);
        waiting.push((place, library));
    }
    if bad_names > 0 {
        assembly.inventory.note(fragment.note(format!(
            "libraries left out because NuGet allows no such names: {bad_names}"
        )));
    }
    for (place, library) in &waiting {
        for (name, version) in &library.needs {
            // The manifest names what was taken; only old ones name what was asked for.
            let on = graph
                .find(&key(name, version))
                .or_else(|| graph.find(&folded(name)));
            if let Some(on) = on {
                graph.depend(*place, on, Scope::Runtime);
            }
        }
    }
    // The runtime pack and references are there for the application, and nothing says so.
    let application = folded(&fragment.value.application);
    let root = waiting
        .iter()
        .find(|(_, library)| {
            library.kind == LibraryKind::Project && folded(&library.name) == application
        })
        .map(|(place, _)| *place);
    if let Some(root) = root {
        for place in graph.needed_by_nobody() {
            graph.depend(root, place, Scope::Runtime);
        }
    }
    graph.finish(assembly);
}

fn purl(library: &Library) -> Option<PackageUrl> {
    if library.kind == LibraryKind::Reference {
        return PackageUrl::new("generic", None, &library.name, Some(&library.version)).ok();
    }
    package_url(&library.name, Some(&library.version))
}

/// How it is known that the library is there: by its files, which lie beside the manifest, those for
/// certain platforms and languages in folders below.
fn occurrence_kind(
    library: &Library,
    fragment: &Located<Fragment>,
    assembly: &Assembly<'_>,
) -> OccurrenceKind {
    if library.kind == LibraryKind::Project {
        return OccurrenceKind::Declared;
    }
    if fragment.value.is_bundled || fragment.path.is_in_archive() {
        return OccurrenceKind::Embedded;
    }
    let folder = fragment.path.parent();
    let is_there = library.files.iter().any(|file| {
        let name = file.rsplit('/').next().unwrap_or(file);
        assembly.tree.exists(&folder.join(name)) || assembly.tree.exists(&folder.join(file))
    });
    if is_there {
        OccurrenceKind::Installed
    } else {
        OccurrenceKind::Locked
    }
}
