//! What files of infrastructure name: images, actions, modules, charts. Each such file is a flat
//! list of names that belongs to the folder's project, so its catalogers share how the list becomes
//! packages.

use linchpin_model::{
    CatalogerId, Digest, OccurrenceKind, Package, PackageUrl, Role, Scope, TargetPath,
};

use crate::assembly::Assembly;
use crate::cataloger::Located;
use crate::image_reference::{ImageReference, NoImage};

/// Most references of one file; the largest of real ones have some hundreds.
const MOST: usize = 20_000;

/// Something that a file names.
#[derive(Debug)]
pub(crate) struct Reference {
    pub(crate) purl: PackageUrl,
    pub(crate) kind: OccurrenceKind,
    pub(crate) scope: Scope,
    pub(crate) hashes: Vec<Digest>,
    /// Where it can be fetched.
    pub(crate) download: Option<String>,
}

/// What a file names, and what of it could not be understood.
#[derive(Debug, Default)]
pub(crate) struct References {
    found: Vec<Reference>,
    problems: Vec<String>,
}

impl References {
    /// Adds something that is known by its package URL.
    pub(crate) fn add(&mut self, purl: PackageUrl, kind: OccurrenceKind, scope: Scope) {
        self.add_reference(Reference {
            purl,
            kind,
            scope,
            hashes: Vec::new(),
            download: None,
        });
    }

    /// Adds something of which more is known.
    pub(crate) fn add_reference(&mut self, reference: Reference) {
        if self.found.len() < MOST {
            self.found.push(reference);
        } else if self.found.len() == MOST && self.problems.is_empty() {
            self.problem(format!(
                "names more than {MOST} things; the rest was passed over"
            ));
        }
    }

    /// Adds an image by its name. A name that shows only at run time, or is none, is a problem.
    pub(crate) fn add_image(&mut self, name: &str, scope: Scope) {
        match ImageReference::parse(name) {
            Ok(image) if image.is_scratch() => {}
            Ok(image) => self.add_parsed_image(&image, scope),
            Err(problem) => self.problem(problem.to_string()),
        }
    }

    /// The same where a text may be something else as well: then only a variable is a problem.
    pub(crate) fn add_image_if_one(&mut self, name: &str, scope: Scope) {
        match ImageReference::parse(name) {
            Ok(image) if image.is_scratch() => {}
            Ok(image) => self.add_parsed_image(&image, scope),
            Err(problem @ NoImage::Variable(_)) => self.problem(problem.to_string()),
            Err(NoImage::Malformed(_)) => {}
        }
    }

    fn add_parsed_image(&mut self, image: &ImageReference, scope: Scope) {
        if let Some(purl) = image.package_url() {
            self.add_reference(Reference {
                purl,
                kind: image.occurrence_kind(),
                scope,
                hashes: image.digest().cloned().into_iter().collect(),
                download: None,
            });
        }
    }

    /// Says what could not be understood, once.
    pub(crate) fn problem(&mut self, problem: String) {
        if self.problems.len() < 1000 && !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    /// What a reader gives back.
    pub(crate) fn into_parsed(self) -> crate::cataloger::Parsed<Vec<Reference>> {
        crate::cataloger::Parsed {
            value: (!self.found.is_empty()).then_some(self.found),
            problems: self.problems,
        }
    }
}

/// Adds what files name, each to the project of a folder: `project_of` says which folder that is.
pub(crate) fn assemble_references(
    fragments: Vec<Located<Vec<Reference>>>,
    cataloger: CatalogerId,
    project_of: impl Fn(&TargetPath) -> TargetPath,
    assembly: &mut Assembly<'_>,
) {
    for fragment in fragments {
        let Some(url) = assembly.unnamed_project(&project_of(&fragment.path)) else {
            continue;
        };
        let declared = fragment.occurrence(OccurrenceKind::Declared, cataloger);
        let mut root = Package::new(url, declared);
        root.role = Role::Application;
        let root = assembly.inventory.add(root);
        let Located { path, layer, value } = fragment;
        let place = Located {
            path,
            layer,
            value: (),
        };
        for reference in value {
            let mut package =
                Package::new(reference.purl, place.occurrence(reference.kind, cataloger));
            package.scope = reference.scope;
            package.hashes = reference.hashes;
            package.download = reference.download;
            let package = assembly.inventory.add(package);
            assembly.inventory.depend(root, package, reference.scope);
        }
    }
}

/// The folder that a file lies in: most files of infrastructure stand at the root of what they
/// describe.
pub(crate) fn own_folder(path: &TargetPath) -> TargetPath {
    path.parent()
}

/// The folder above the one with this name, where a file lies in a folder of settings such as
/// `.github`; its own folder otherwise.
pub(crate) fn folder_above(path: &TargetPath, settings: &[&str]) -> TargetPath {
    let parts: Vec<&str> = path.parts().collect();
    match parts.iter().rposition(|part| settings.contains(part)) {
        Some(index) => TargetPath::new(&parts.get(..index).unwrap_or_default().join("/")),
        None => path.parent(),
    }
}
