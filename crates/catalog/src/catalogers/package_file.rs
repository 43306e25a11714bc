//! Packages of operating systems as files: what Debian's (`.deb`, `.udeb`), opkg's (`.ipk`),
//! Alpine's (`.apk`) and pacman's (`.pkg.tar.*`) archives say of themselves:
//! <https://man.archlinux.org/man/core/pacman/BUILDINFO.5.en> and its kind,
//! <https://wiki.alpinelinux.org/wiki/Apk_spec#PKGINFO_metadata>, deb-control(5).
//!
//! Nothing is installed yet, and what a package depends on need not lie beside it: there are no
//! edges. For which distribution a file is made it does not say: package URLs have no namespace.
//! Package files of rpm are read together with its databases.

use linchpin_model::{
    CatalogerId, LicenseExpression, OccurrenceKind, Package, PackageUrl, SourcePackage,
};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::debian_control::paragraphs;
use crate::licenses;

pub(super) static CATALOGER: PackageFile = PackageFile;

pub(super) struct PackageFile;

/// What a package says of itself.
#[derive(Debug, Default)]
pub(in crate::catalogers) struct Facts {
    name: String,
    version: String,
    architecture: String,
    source: Option<String>,
    source_version: Option<String>,
    supplier: Option<String>,
    description: Option<String>,
    licenses: Vec<String>,
}

impl Cataloger for PackageFile {
    type Fragment = Facts;
    const ID: CatalogerId = CatalogerId("package-file");
    const DOCUMENTATION: &'static str = "Reads package files that lie in the target: `.deb`, `.udeb` and `.ipk` \
        (their control file), `.apk` of Alpine and `.pkg.tar.*` of pacman (their `.PKGINFO`): the package with licence, \
        supplier and source package.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Suffix("!/.PKGINFO"),
        Pattern::Suffix("!/DEBIAN/control"),
    ];

    fn read(entry: &Entry<'_>) -> Parsed<Facts> {
        let text = String::from_utf8_lossy(entry.content);
        let description = if entry.path.name() == "control" {
            from_control(&text)
        } else {
            from_information(&text)
        };
        match description {
            Some(description) => Parsed::clean(description),
            None => Parsed::failed("it has no name or no version of a package"),
        }
    }

    fn assemble(fragments: Vec<Located<Facts>>, assembly: &mut Assembly<'_>) {
        for fragment in fragments {
            let Some((archive, _)) = fragment.path.archive_and_inside() else {
                continue;
            };
            let kind = kind_of(archive.name());
            let Located { layer, value, .. } = fragment;
            let located = Located {
                path: archive,
                layer,
                value,
            };
            let found = &located.value;
            let purl = PackageUrl::with_qualifiers(
                kind,
                None,
                &found.name,
                Some(&found.version),
                &[("arch", &found.architecture)],
            );
            match purl {
                Ok(purl) => {
                    let occurrence = located.occurrence(OccurrenceKind::Embedded, Self::ID);
                    let mut package = Package::new(purl, occurrence);
                    package.license = license(&found.licenses);
                    package.supplier.clone_from(&found.supplier);
                    package.description.clone_from(&found.description);
                    package.source = Some(SourcePackage {
                        name: found.source.as_ref().unwrap_or(&found.name).clone(),
                        version: found
                            .source_version
                            .as_ref()
                            .unwrap_or(&found.version)
                            .clone(),
                    });
                    assembly.inventory.add(package);
                }
                Err(error) => assembly.inventory.note(located.note(error.to_string())),
            }
        }
    }
}

/// The type of package URL for an archive of this name.
fn kind_of(archive: &str) -> &'static str {
    match archive.rsplit_once('.') {
        Some((_, "deb" | "udeb")) => "deb",
        Some((_, "ipk")) => "opkg",
        Some((_, "apk")) => "apk",
        _ => "alpm",
    }
}

fn from_control(text: &str) -> Option<Facts> {
    let paragraph = paragraphs(text).next()?;
    let line = |name: &str| {
        let line = paragraph.line(name).filter(|line| !line.is_empty());
        line.map(str::to_owned)
    };
    // `name (version)`; a folder of the build system in packages of opkg.
    let source = line("Source").filter(|source| !source.contains('/'));
    let (source, source_version) = match source {
        Some(source) => match source.split_once('(') {
            Some((name, version)) => (
                Some(name.trim().to_owned()),
                Some(version.trim_end_matches(')').trim().to_owned()),
            ),
            None => (Some(source), None),
        },
        None => (line("SourceName"), None),
    };
    Some(Facts {
        name: line("Package")?,
        version: line("Version")?,
        architecture: line("Architecture").unwrap_or_default(),
        source,
        source_version: source_version.filter(|version| !version.is_empty()),
        supplier: line("Maintainer"),
        description: line("Description"),
        licenses: line("License").into_iter().collect(),
    })
}

/// `.PKGINFO`: `key = value` on each line; keys may be repeated.
fn from_information(text: &str) -> Option<Facts> {
    let mut found = Facts::default();
    let mut packager = None;
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let Some((key, value)) = line.split_once('=') else {
            continue;
        };
        let value = value.trim();
        let text = || Some(value.to_owned()).filter(|value| !value.is_empty());
        match key.trim() {
            "pkgname" => value.clone_into(&mut found.name),
            "pkgver" => value.clone_into(&mut found.version),
            "arch" => value.clone_into(&mut found.architecture),
            "origin" | "pkgbase" => found.source = text(),
            "pkgdesc" => found.description = text(),
            "maintainer" => found.supplier = text(),
            "packager" => packager = text().filter(|packager| packager != "Unknown Packager"),
            "license" => found.licenses.extend(text()),
            _ => {}
        }
    }
    found.supplier = found.supplier.or(packager);
    (!found.name.is_empty() && !found.version.is_empty()).then_some(found)
}

/// The licences of a package, all of which must be understood: a part would not be the truth.
fn license(names: &[String]) -> Option<LicenseExpression> {
    let read: Option<Vec<LicenseExpression>> =
        names.iter().map(|name| licenses::from_name(name)).collect();
    LicenseExpression::and(read?)
}
