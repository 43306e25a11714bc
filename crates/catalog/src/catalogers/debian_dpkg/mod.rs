//! Debian's package database: `var/lib/dpkg/status` of a full system, `var/lib/dpkg/status.d` of
//! images built without dpkg, with the lists of files and the copyright files that belong to it.
//!
//! Packages that were removed with their configuration left behind are not there. `Recommends`
//! and `Suggests` are no edges: the package works without them.

mod files;
mod package;
mod relations;

use std::borrow::Cow;
use std::collections::HashMap;

use linchpin_model::{
    CatalogerId, Distribution, LayerIndex, LicenseExpression, Note, NoteKind, OccurrenceKind,
    Package, PackageId, PackageUrl, Scope, SourcePackage, TargetPath,
};
use linchpin_source::{Entry, Pattern};

use self::files::{Diversions, claimed_files};
use self::package::{DpkgPackage, NoStatus, installed_packages};
use self::relations::Relations;
use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::licenses;

pub(super) static CATALOGER: DebianDpkg = DebianDpkg;

pub(super) struct DebianDpkg;

/// What one file of the database tells.
#[derive(Debug)]
pub(in crate::catalogers) enum Fragment {
    Packages(Vec<DpkgPackage>),
    /// A list of files, a list of digests, or the diversions, told apart by the path.
    Text(Box<str>),
    License(LicenseExpression),
}

const DATABASE: &str = "var/lib/dpkg/";

impl Cataloger for DebianDpkg {
    type Fragment = Fragment;
    const ID: CatalogerId = CatalogerId("debian-dpkg");
    const DOCUMENTATION: &'static str = "Reads dpkg's database (`var/lib/dpkg/status`, `status.d`): installed packages \
        with their source package, supplier and the packages they depend on. Licences come from \
        `usr/share/doc/*/copyright`. Lists of files tell which files belong to a package and which of them were \
        deleted behind its back. Leaves out packages that were removed, and recommended packages.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Path("var/lib/dpkg/status"),
        Pattern::Path("var/lib/dpkg/diversions"),
        Pattern::Glob("var/lib/dpkg/status.d/*"),
        Pattern::Glob("var/lib/dpkg/info/*.{list,md5sums}"),
        Pattern::Glob("usr/share/doc/*/copyright"),
    ];

    fn read(entry: &Entry<'_>) -> Parsed<Fragment> {
        let text = String::from_utf8_lossy(entry.content);
        let path = entry.path.as_str();
        if path.starts_with("usr/share/doc/") {
            return match licenses::debian::from_copyright(&text) {
                Some(license) => Parsed::clean(Fragment::License(license)),
                None => Parsed::not_mine(),
            };
        }
        let no_status = match path.strip_prefix(DATABASE) {
            Some("status") => NoStatus::Broken,
            Some(file) if file.starts_with("status.d/") && !file.ends_with(".md5sums") => {
                NoStatus::Installed
            }
            _ => return Parsed::clean(Fragment::Text(owned(text))),
        };
        let (packages, problems) = installed_packages(&text, no_status);
        Parsed {
            value: Some(Fragment::Packages(packages)),
            problems,
        }
    }

    fn assemble(fragments: Vec<Located<Fragment>>, assembly: &mut Assembly<'_>) {
        let database = Database::new(fragments);
        let names = PurlNames::new(assembly.inventory.distribution());
        let ids: Vec<Option<PackageId>> = database
            .packages
            .iter()
            .map(|found| database.add(found, &names, assembly))
            .collect();

        let relations = Relations::new(database.packages.iter().map(|found| &found.value));
        for (found, id) in database.packages.iter().zip(&ids) {
            let Some(id) = *id else { continue };
            for needed in relations.needed_by(&found.value) {
                if let Some(Some(on)) = ids.get(needed) {
                    assembly.inventory.depend(id, *on, Scope::Runtime);
                }
            }
        }
        database.claim_files(&ids, assembly);
    }
}

fn owned(text: Cow<'_, str>) -> Box<str> {
    text.into_owned().into_boxed_str()
}

/// The parts of a package URL that all packages of the distribution share.
struct PurlNames {
    namespace: String,
    distro: String,
}

impl PurlNames {
    fn new(distribution: Option<&Distribution>) -> Self {
        let Some(distribution) = distribution else {
            return Self {
                namespace: "debian".to_owned(),
                distro: String::new(),
            };
        };
        // Testing and unstable have no number, and not always a name.
        let release = distribution
            .version
            .as_ref()
            .or(distribution.codename.as_ref());
        Self {
            namespace: distribution.id.clone(),
            distro: match release {
                Some(release) => format!("{}-{release}", distribution.id),
                None => distribution.id.clone(),
            },
        }
    }
}

/// All that was read, sorted into its kinds.
#[derive(Default)]
struct Database {
    packages: Vec<Located<DpkgPackage>>,
    /// With the layers that they are in.
    texts: HashMap<TargetPath, (Option<LayerIndex>, Box<str>)>,
    licenses: HashMap<TargetPath, LicenseExpression>,
}

impl Database {
    fn new(fragments: Vec<Located<Fragment>>) -> Self {
        let mut database = Self::default();
        for Located { path, layer, value } in fragments {
            match value {
                Fragment::Packages(packages) => {
                    let located = packages.into_iter().map(|value| Located {
                        path: path.clone(),
                        layer,
                        value,
                    });
                    database.packages.extend(located);
                }
                Fragment::Text(text) => {
                    database.texts.insert(path, (layer, text));
                }
                Fragment::License(license) => {
                    database.licenses.insert(path, license);
                }
            }
        }
        database
    }

    fn add(
        &self,
        found: &Located<DpkgPackage>,
        names: &PurlNames,
        assembly: &mut Assembly<'_>,
    ) -> Option<PackageId> {
        let dpkg = &found.value;
        let purl = PackageUrl::with_qualifiers(
            "deb",
            Some(&names.namespace),
            &dpkg.name,
            Some(&dpkg.version),
            &[("arch", &dpkg.architecture), ("distro", &names.distro)],
        );
        let purl = match purl {
            Ok(purl) => purl,
            Err(error) => {
                assembly.inventory.note(found.note(error.to_string()));
                return None;
            }
        };
        if let Some(state) = &dpkg.unfinished {
            assembly.inventory.note(Note::at(
                NoteKind::Inconsistent,
                &found.path,
                found.layer,
                format!(
                    "{}: its installation was not finished, it is `{state}`",
                    dpkg.name
                ),
            ));
        }
        let mut occurrence = found.occurrence(OccurrenceKind::Installed, DebianDpkg::ID);
        // Every layer that installs anything writes the status of all packages anew; the list of its
        // files is only written when a package is installed.
        if let Some((layer, _)) = self.information(found, "list") {
            occurrence.layer = layer;
        }
        let mut package = Package::new(purl, occurrence);
        package.license = self.license(&dpkg.name, assembly);
        package.supplier = dpkg.maintainer.as_deref().map(Into::into);
        package.description = dpkg.description.as_deref().map(Into::into);
        let (source, version) = match &dpkg.source {
            Some((source, version)) => (source, version.as_ref().unwrap_or(&dpkg.version)),
            None => (&dpkg.name, &dpkg.version),
        };
        package.source = Some(SourcePackage {
            name: source.to_string(),
            version: version.to_string(),
        });
        Some(assembly.inventory.add(package))
    }

    /// The licence from the package's own documentation folder, which is often a link to that of
    /// another package of the same source.
    fn license(&self, name: &str, assembly: &Assembly<'_>) -> Option<LicenseExpression> {
        if self.licenses.is_empty() {
            return None;
        }
        let path = TargetPath::new(&format!("usr/share/doc/{name}/copyright"));
        let license = match self.licenses.get(&path) {
            Some(license) => Some(license),
            None => self.licenses.get(&assembly.tree.resolve(&path)?),
        };
        license.cloned()
    }

    /// What dpkg keeps about a package in a file of its own, and the layer of that file.
    fn information(
        &self,
        found: &Located<DpkgPackage>,
        kind: &str,
    ) -> Option<(Option<LayerIndex>, &str)> {
        if found.path.parent_str().ends_with("status.d") {
            return None;
        }
        let dpkg = &found.value;
        let text = |name: &str| {
            let path = TargetPath::new(&format!("{DATABASE}info/{name}.{kind}"));
            let (layer, text) = self.texts.get(&path)?;
            Some((*layer, text.as_ref()))
        };
        // Packages of several architectures have theirs in the file's name.
        text(&format!("{}:{}", dpkg.name, dpkg.architecture)).or_else(|| text(&dpkg.name))
    }

    fn claim_files(&self, ids: &[Option<PackageId>], assembly: &mut Assembly<'_>) {
        let text = |path: String| {
            let (_, text) = self.texts.get(&TargetPath::new(&path))?;
            Some(text.as_ref())
        };
        let diversions = Diversions::new(text(format!("{DATABASE}diversions")).unwrap_or_default());
        for (found, id) in self.packages.iter().zip(ids) {
            let Some(id) = *id else { continue };
            let dpkg = &found.value;
            let information = |kind: &str| self.information(found, kind).map(|(_, text)| text);
            let (list, digests) = if found.path.parent_str().ends_with("status.d") {
                (None, text(format!("{}.md5sums", found.path)))
            } else {
                (information("list"), information("md5sums"))
            };
            if list.is_none() && digests.is_none() {
                continue;
            }
            let files = claimed_files(dpkg, list, digests, &diversions, assembly.tree);
            if !files.is_empty() {
                assembly.claim_files(id, files.into());
            }
        }
    }
}
