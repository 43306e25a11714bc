//! The manifest inside a NuGet package, `<id>.nuspec`, where the package lies unpacked in the folder of
//! packages or is an archive that was opened in place:
//! <https://learn.microsoft.com/nuget/reference/nuspec>.
//!
//! Not here: a `.nuspec` in a project's own sources, which a package will be made of. The ranges that
//! a package asks for are no edges: which of several copies in the folder meets them, only a project's
//! lockfile says. The cases of its tests are written by hand after the documentation.

use linchpin_model::{CatalogerId, LicenseExpression, OccurrenceKind, Package, TargetPath};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed, Stage};
use crate::documents::xml::{Element, read_document};
use crate::licenses;
use crate::nuget_packages::{folded, package_url};

pub(super) static CATALOGER: Nuspec = Nuspec;

pub(super) struct Nuspec;

/// What the manifest says.
#[derive(Debug)]
pub(super) struct Manifest {
    name: String,
    version: String,
    license: Option<LicenseExpression>,
    supplier: Option<String>,
    description: Option<String>,
    repository: Option<String>,
}

impl Cataloger for Nuspec {
    type Fragment = Manifest;
    const ID: CatalogerId = CatalogerId("nuspec");
    const DOCUMENTATION: &'static str = "Reads the manifests of unpacked NuGet packages, `<id>/<version>/<id>.nuspec` and \
        those in `.nupkg` archives: name, version, licence, authors and repository. Manifests that lie among a project's \
        own sources are passed over.";
    const WANTS: &'static [Pattern] = &[Pattern::Suffix(".nuspec")];
    const STAGE: Stage = Stage::Installed;

    fn read(entry: &Entry<'_>) -> Parsed<Manifest> {
        let is_archived = entry.path.is_in_archive();
        if !is_archived && !may_be_unpacked(entry.path) {
            return Parsed::not_mine();
        }
        let root = match read_document(entry.content) {
            Ok(root) => root,
            Err(problem) => return Parsed::failed(problem),
        };
        let Some(metadata) = root.child("metadata") else {
            return Parsed::failed("is no manifest of a NuGet package: it has no `metadata`");
        };
        let (Some(name), Some(version)) = (metadata.text_of("id"), metadata.text_of("version"))
        else {
            return Parsed::failed("names no package and version");
        };
        if version.contains('$') {
            // A template, of which a package will be made.
            return Parsed::not_mine();
        }
        if !is_archived && !is_unpacked(entry.path, name, version) {
            return Parsed::not_mine();
        }
        Parsed::clean(Manifest {
            name: name.to_owned(),
            version: version.to_owned(),
            license: license(metadata),
            supplier: metadata.text_of("authors").map(one_line),
            description: metadata.text_of("description").and_then(first_line),
            repository: metadata.child("repository").and_then(repository),
        })
    }

    fn assemble(fragments: Vec<Located<Manifest>>, assembly: &mut Assembly<'_>) {
        for fragment in &fragments {
            let found = &fragment.value;
            let Some(purl) = package_url(&found.name, Some(&found.version)) else {
                let note = fragment.note("names no package that NuGet allows");
                assembly.inventory.note(note);
                continue;
            };
            // What it is needed for, a project's lockfile knows.
            let known = assembly.inventory.find(&purl);
            let mut package = Package::new(
                purl,
                fragment.occurrence(OccurrenceKind::Installed, Self::ID),
            );
            if let Some(known) = known.and_then(|id| assembly.inventory.packages().get(id.index()))
            {
                package.scope = known.scope;
            }
            package.license.clone_from(&found.license);
            package.supplier.clone_from(&found.supplier);
            package.description.clone_from(&found.description);
            package.download.clone_from(&found.repository);
            assembly.inventory.add(package);
        }
    }
}

/// Whether the place can be that of an unpacked package: below folders of its name and version.
fn may_be_unpacked(path: &TargetPath) -> bool {
    let mut above = path.parts().rev();
    let (Some(file), Some(version), Some(name)) = (above.next(), above.next(), above.next()) else {
        return false;
    };
    let stem = file.strip_suffix(".nuspec").unwrap_or(file);
    version.starts_with(|first: char| first.is_ascii_digit()) && stem.eq_ignore_ascii_case(name)
}

fn is_unpacked(path: &TargetPath, name: &str, version: &str) -> bool {
    let folder = path.parent();
    let bare = version.split_once('+').map_or(version, |(bare, _)| bare);
    folder.name().eq_ignore_ascii_case(bare) && folded(folder.parent().name()) == folded(name)
}

fn license(metadata: &Element) -> Option<LicenseExpression> {
    let license = metadata.child("license")?;
    match license.attribute("type") {
        Some("expression") => licenses::from_expression(&license.text),
        _ => None,
    }
}

/// The repository, with the revision that the package was made of.
fn repository(element: &Element) -> Option<String> {
    let address = element.attribute("url").filter(|url| !url.is_empty())?;
    let address = crate::addresses::without_credentials(address);
    Some(match element.attribute("commit") {
        Some(commit) if !commit.is_empty() => format!("git+{address}@{commit}"),
        _ => address,
    })
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn first_line(text: &str) -> Option<String> {
    text.lines()
        .map(str::trim)
        .find(|line| !line.is_empty())
        .map(str::to_owned)
}
