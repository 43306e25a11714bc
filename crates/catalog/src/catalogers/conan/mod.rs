//! Conan projects and packages: `conanfile.txt`, the literals of `conanfile.py`, lockfiles of Conan 1
//! and 2, and the record of a package in Conan 1's cache.
//! <https://docs.conan.io/2/reference/conanfile_txt.html>,
//! <https://docs.conan.io/2/tutorial/versioning/lockfiles.html>.

mod conanfile;
mod lockfile;
mod reference;

use linchpin_model::{CatalogerId, OccurrenceKind};
use linchpin_source::{Entry, Pattern};

use self::reference::Reference;
use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::lock_graph::{Need, Part, ProjectFile, add_parts, assemble_projects};
use crate::package_roots::is_inside_package;

pub(super) static CATALOGER: Conan = Conan;

pub(super) struct Conan;

/// What one file tells.
pub(super) enum Fragment {
    Project(ProjectFile),
    Installed(Part),
}

impl Cataloger for Conan {
    type Fragment = Fragment;
    const ID: CatalogerId = CatalogerId("conan");
    const DOCUMENTATION: &'static str = "Reads `conanfile.txt`, the literal requirements of `conanfile.py`, `conan.lock` \
        of Conan 1 (with edges) and 2, and `conaninfo.txt` of packages in a cache of Conan 1. Tools are for the build, \
        test requirements for development. A range of versions is listed without a version unless a lockfile tells it.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Name("conan.lock"),
        Pattern::Name("conanfile.py"),
        Pattern::Name("conanfile.txt"),
        Pattern::Name("conaninfo.txt"),
    ];

    fn read(entry: &Entry<'_>) -> Parsed<Fragment> {
        if is_inside_package(entry.path) {
            return Parsed::not_mine();
        }
        let text = String::from_utf8_lossy(entry.content);
        match entry.path.name() {
            "conan.lock" => lockfile::read(&text, entry),
            "conanfile.txt" => conanfile::read_text(&text, entry),
            "conaninfo.txt" => installed(&text, entry),
            // A recipe in a cache or in a collection of recipes is not a project's.
            _ if entry
                .path
                .parts()
                .any(|part| matches!(part, "export" | "e" | "recipes")) =>
            {
                Parsed::not_mine()
            }
            _ => conanfile::read_python(&text, entry),
        }
    }

    fn assemble(fragments: Vec<Located<Fragment>>, assembly: &mut Assembly<'_>) {
        let mut projects = Vec::new();
        let mut installed = Vec::new();
        for Located { path, layer, value } in fragments {
            match value {
                Fragment::Project(value) => projects.push(Located { path, layer, value }),
                Fragment::Installed(part) => installed.push(part),
            }
        }
        assemble_projects(projects, Self::ID, assembly);
        add_parts(installed, &[], assembly);
    }
}

/// A package in a cache of Conan 1: `data/<name>/<version>/<user>/<channel>/package/<id>/conaninfo.txt`.
/// The file itself tells what it was built with.
fn installed(text: &str, entry: &Entry<'_>) -> Parsed<Fragment> {
    let folders: Vec<&str> = entry.path.parts().rev().skip(2).take(5).collect();
    let &["package", channel, user, version, name] = folders.as_slice() else {
        // Conan 2 keeps the names of its packages in a database.
        return Parsed::not_mine();
    };
    let reference = Reference {
        name: name.to_owned(),
        version: Some(version.to_owned()),
        user: Some(user.to_owned()).filter(|user| user != "_"),
        channel: Some(channel.to_owned()).filter(|channel| channel != "_"),
        revision: None,
    };
    let Some(url) = reference.package_url() else {
        return Parsed::failed("lies in a folder that names no package");
    };
    let mut part = Part::new(
        reference.name.as_str(),
        url,
        entry,
        OccurrenceKind::Installed,
        Conan::ID,
    );
    for (section, line) in conanfile::sections(text) {
        if section == "full_requires"
            && let Some(needed) = Reference::parse(line)
        {
            part.needs.push(Need::new(needed.name));
        }
    }
    Parsed::clean(Fragment::Installed(part))
}
