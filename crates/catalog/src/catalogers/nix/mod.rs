//! The store of Nix: each package is a folder whose name has a hash, a name and a version, and a
//! database knows which of them need which: <https://nix.dev/manual/nix/latest/store/>.
//!
//! Images are often built without the database; then the files in the store show which folders
//! there are, and there are no edges. Paths without a version (wrappers, configuration, sources)
//! are no packages; what they lead to is needed by what leads to them. Derivations (`*.drv`) say
//! how to build, and are no packages either.

mod database;
mod store_path;

use std::collections::{BTreeMap, HashMap, HashSet};

use linchpin_model::{
    CatalogerId, LayerIndex, Note, NoteKind, OccurrenceKind, Package, PackageId, PackageUrl, Scope,
    TargetPath,
};
use linchpin_source::{Entry, Pattern};

use self::store_path::StorePath;
use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::documents::sqlite::Database;

pub(super) static CATALOGER: Nix = Nix;

pub(super) struct Nix;

/// What one file tells.
#[derive(Debug)]
pub(in crate::catalogers) enum Fragment {
    /// A file in the store: its path says it all.
    File,
    Database(Box<[u8]>),
    Log(Box<[u8]>),
}

const STORE: &str = "nix/store/";

impl Cataloger for Nix {
    type Fragment = Fragment;
    const ID: CatalogerId = CatalogerId("nix");
    const DOCUMENTATION: &'static str = "Reads the store of Nix: packages by the names of the folders in `nix/store`, \
        and what needs what from `nix/var/nix/db/db.sqlite`, where that is in the target. Leaves out paths without a \
        version and derivations.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Head(&Pattern::Glob("nix/store/**"), 0),
        Pattern::Path("nix/var/nix/db/db.sqlite"),
        Pattern::Path("nix/var/nix/db/db.sqlite-wal"),
    ];

    fn read(entry: &Entry<'_>) -> Parsed<Fragment> {
        match entry.path.as_str() {
            "nix/var/nix/db/db.sqlite" => Parsed::clean(Fragment::Database(entry.content.into())),
            "nix/var/nix/db/db.sqlite-wal" => Parsed::clean(Fragment::Log(entry.content.into())),
            // Of a folder with thousands of files one would do; that two have the same folder is
            // not known here, but files in which nothing is are not looked at.
            path => match store_path::of_file(path) {
                Some(_) => Parsed::clean(Fragment::File),
                None => Parsed::not_mine(),
            },
        }
    }

    fn assemble(fragments: Vec<Located<Fragment>>, assembly: &mut Assembly<'_>) {
        let mut store = Store::default();
        let mut database = None;
        let mut log = None;
        for Located { path, layer, value } in fragments {
            match value {
                Fragment::File => {
                    if let Some(folder) = store_path::of_file(path.as_str()) {
                        store.paths.entry(folder.to_owned()).or_insert(layer);
                    }
                }
                Fragment::Database(content) => database = Some((path, layer, content)),
                Fragment::Log(content) => log = Some(content),
            }
        }
        let mut references = Vec::new();
        if let Some((path, layer, content)) = database {
            let read = Database::open(&content, log.as_deref())
                .and_then(|database| database::read(&database));
            match read {
                Ok(found) => {
                    // What the database knows and the store has not was deleted from the image.
                    for folder in found.paths {
                        if assembly.tree.exists(&TargetPath::new(&folder)) {
                            store.paths.entry(folder).or_insert(layer);
                        }
                    }
                    references = found.references;
                }
                Err(problem) => {
                    assembly
                        .inventory
                        .note(Note::at(NoteKind::Unread, &path, layer, problem));
                }
            }
        }
        let packages = store.add(assembly);
        add_edges(&references, &packages, assembly);
    }
}

#[derive(Default)]
struct Store {
    /// `nix/store/<hash>-<name>`, and the layer of what showed it.
    paths: BTreeMap<String, Option<LayerIndex>>,
}

impl Store {
    fn add(&self, assembly: &mut Assembly<'_>) -> HashMap<&str, PackageId> {
        let mut packages = HashMap::new();
        for (folder, layer) in &self.paths {
            let Some(parsed) = StorePath::parse(folder) else {
                continue;
            };
            let located = Located {
                path: TargetPath::new(folder),
                layer: *layer,
                value: (),
            };
            let purl = PackageUrl::new("nix", None, parsed.name, Some(parsed.version));
            match purl {
                Ok(purl) => {
                    let occurrence = located.occurrence(OccurrenceKind::Installed, Nix::ID);
                    let id = assembly.inventory.add(Package::new(purl, occurrence));
                    packages.insert(folder.as_str(), id);
                }
                Err(error) => assembly.inventory.note(located.note(error.to_string())),
            }
        }
        packages
    }
}

/// How often a reference may be followed, on average, from packages through what is none: a bound
/// for hostile input, far beyond real stores.
const MOST_PASSES: usize = 64;

/// Edges between packages; a path between them that is no package is passed through.
fn add_edges(
    references: &[(String, String)],
    packages: &HashMap<&str, PackageId>,
    assembly: &mut Assembly<'_>,
) {
    let mut needs: HashMap<&str, Vec<&str>> = HashMap::new();
    for (from, on) in references {
        needs.entry(from).or_default().push(on);
    }
    let mut from: Vec<(&str, PackageId)> = packages.iter().map(|(path, id)| (*path, *id)).collect();
    from.sort_unstable();
    let mut steps = references.len().saturating_mul(MOST_PASSES);
    for (path, id) in from {
        let mut waiting: Vec<&str> = needs.get(path).cloned().unwrap_or_default();
        let mut passed: HashSet<&str> = HashSet::new();
        while let Some(next) = waiting.pop() {
            steps = steps.saturating_sub(1);
            if let Some(on) = packages.get(next) {
                assembly.inventory.depend(id, *on, Scope::Runtime);
            } else if steps > 0 && passed.insert(next) {
                waiting.extend(needs.get(next).into_iter().flatten());
            }
        }
    }
    if steps == 0 && !references.is_empty() {
        assembly.inventory.note(Note::general(
            NoteKind::Unread,
            "the references in the store of Nix are too many: what leads through paths that are no packages is left out",
        ));
    }
}
