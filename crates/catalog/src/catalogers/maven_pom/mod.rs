//! Maven projects: `pom.xml` with its parents, properties, managed versions and imported lists of
//! versions, as far as they lie in the target. <https://maven.apache.org/pom.html>.
//!
//! What a dependency itself needs is not in these files, nor what a parent says that is not in the
//! target. Of profiles, those are taken that are active by default.

mod effective;
mod project;

use linchpin_model::{CatalogerId, Note, NoteKind};
use linchpin_source::{Entry, Pattern};

use self::effective::Projects;
use self::project::Pom;
use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::documents::xml::read_document;
use crate::lock_graph::{ProjectFile, Tells, assemble_projects};
use crate::package_roots::is_inside_package;

pub(super) static CATALOGER: MavenPom = MavenPom;

pub(super) struct MavenPom;

/// Largest file that is read.
const MOST_BYTES: usize = 16 << 20;

impl Cataloger for MavenPom {
    type Fragment = Pom;
    const ID: CatalogerId = CatalogerId("maven-pom");
    const DOCUMENTATION: &'static str = "Reads `pom.xml`: projects with licence and supplier, their modules, and what \
        they depend on themselves, with versions from properties, parents, managed versions and imported lists of \
        versions that lie in the target. Scopes test, provided and optional are kept apart; plugins with a version are \
        for the build. What dependencies need in turn is not in these files. A version that only a parent outside of the \
        target knows is missing, and that is noted.";
    const WANTS: &'static [Pattern] = &[Pattern::Name("pom.xml")];

    fn read(entry: &Entry<'_>) -> Parsed<Pom> {
        // The one inside a jar is the jar's.
        let is_of_jar = entry.path.as_str().contains("META-INF/maven/");
        if is_of_jar || is_inside_package(entry.path) {
            return Parsed::not_mine();
        }
        if entry.content.len() > MOST_BYTES {
            return Parsed::failed(format!("is larger than {} MiB", MOST_BYTES >> 20));
        }
        match read_document(entry.content) {
            Ok(root) if root.name == "project" => match Pom::of(&root) {
                Some(pom) => Parsed::clean(pom),
                None => Parsed::failed("is no project of Maven: it has no artifactId"),
            },
            Ok(_) => Parsed::not_mine(),
            Err(problem) => Parsed::failed(problem),
        }
    }

    fn assemble(fragments: Vec<Located<Pom>>, assembly: &mut Assembly<'_>) {
        let projects = Projects::new(&fragments);
        let mut files = Vec::with_capacity(fragments.len());
        for (index, file) in fragments.iter().enumerate() {
            let effective = projects.effective(index);
            if let Some(missing) = effective.missing {
                assembly.inventory.note(Note::at(
                    NoteKind::Unread,
                    &file.path,
                    file.layer,
                    format!(
                        "{missing} is not in the target, so that versions which it sets are unknown"
                    ),
                ));
            }
            let value = ProjectFile {
                folder: file.path.parent(),
                tells: Tells::Manifest(effective.root, effective.wishes),
            };
            files.push(Located {
                path: file.path.clone(),
                layer: file.layer,
                value,
            });
        }
        assemble_projects(files, Self::ID, assembly);
    }
}
