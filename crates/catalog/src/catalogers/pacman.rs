//! The database of pacman, the package manager of Arch Linux, its descendants and MSYS2: a folder
//! per package with `desc` and `files`:
//! <https://man.archlinux.org/man/core/pacman/pacman.conf.5.en> names its place, the fields are
//! those of <https://man.archlinux.org/man/core/pacman/alpm_list.3.en>'s library.
//!
//! Versions in dependencies are not compared: pacman has done so before it installed. Optional
//! dependencies are no edges.

use std::collections::HashMap;

use linchpin_model::{
    CatalogerId, LicenseExpression, OccurrenceKind, Package, PackageId, PackageUrl, Scope,
    SourcePackage, TargetPath,
};
use linchpin_source::{Entry, FileTree, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::licenses;
use crate::providers::Providers;

pub(super) static CATALOGER: Pacman = Pacman;

pub(super) struct Pacman;

/// What one file of the database tells.
#[derive(Debug)]
pub(in crate::catalogers) enum Fragment {
    Package(Box<PacmanPackage>),
    /// The files and, of these, the configuration files.
    Files {
        list: Vec<Box<str>>,
        backup: Vec<Box<str>>,
    },
}

/// A package as `desc` describes it.
#[derive(Debug, Default)]
pub(in crate::catalogers) struct PacmanPackage {
    name: Box<str>,
    version: Box<str>,
    base: Option<Box<str>>,
    architecture: Box<str>,
    description: Option<Box<str>>,
    packager: Option<Box<str>>,
    licenses: Vec<Box<str>>,
    depends: Vec<Box<str>>,
    provides: Vec<Box<str>>,
}

impl Cataloger for Pacman {
    type Fragment = Fragment;
    const ID: CatalogerId = CatalogerId("pacman");
    const DOCUMENTATION: &'static str = "Reads pacman's database (`var/lib/pacman/local/*/desc` and `files`): installed \
        packages with licence, packager, base package and the packages that provide what they depend on. Its lists \
        of files tell which files belong to a package and which of them were deleted behind its back. Leaves out \
        optional dependencies.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Glob("var/lib/pacman/local/*/desc"),
        Pattern::Glob("var/lib/pacman/local/*/files"),
        Pattern::Glob("usr/lib/pacman/local/*/desc"),
        Pattern::Glob("usr/lib/pacman/local/*/files"),
    ];

    fn read(entry: &Entry<'_>) -> Parsed<Fragment> {
        let text = String::from_utf8_lossy(entry.content);
        let mut fields = fields(&text);
        if entry.path.name() == "files" {
            return Parsed::clean(Fragment::Files {
                list: fields.remove("FILES").unwrap_or_default(),
                // A path, a tab and a digest.
                backup: fields
                    .remove("BACKUP")
                    .unwrap_or_default()
                    .iter()
                    .filter_map(|line| line.split('\t').next())
                    .map(Into::into)
                    .collect(),
            });
        }
        let mut first = |name: &str| fields.remove(name)?.into_iter().next();
        let (Some(name), Some(version)) = (first("NAME"), first("VERSION")) else {
            return Parsed::failed("it has no name or no version");
        };
        Parsed::clean(Fragment::Package(Box::new(PacmanPackage {
            name,
            version,
            base: first("BASE"),
            architecture: first("ARCH").unwrap_or_default(),
            description: first("DESC"),
            packager: first("PACKAGER").filter(|name| name.as_ref() != "Unknown Packager"),
            licenses: fields.remove("LICENSE").unwrap_or_default(),
            depends: fields.remove("DEPENDS").unwrap_or_default(),
            provides: fields.remove("PROVIDES").unwrap_or_default(),
        })))
    }

    fn assemble(fragments: Vec<Located<Fragment>>, assembly: &mut Assembly<'_>) {
        let mut packages: Vec<(Located<PacmanPackage>, PackageId)> = Vec::new();
        let mut files = HashMap::new();
        for Located { path, layer, value } in fragments {
            match value {
                Fragment::Package(package) => {
                    let found = Located {
                        path,
                        layer,
                        value: *package,
                    };
                    if let Some(id) = add(&found, assembly) {
                        packages.push((found, id));
                    }
                }
                Fragment::Files { list, backup } => {
                    files.insert(path.parent(), (list, backup));
                }
            }
        }
        let mut providers = Providers::default();
        for (found, id) in &packages {
            providers.add(&found.value.name, *id);
            for name in &found.value.provides {
                providers.add_provided(bare_name(name), *id);
                // A library is asked for with its exact version: `libcurl.so=4-64`.
                providers.add_provided(name, *id);
            }
        }
        for (found, id) in &packages {
            for wanted in &found.value.depends {
                let mut on = providers.of(wanted);
                if on.is_empty() {
                    on = providers.of(bare_name(wanted));
                }
                for on in on {
                    assembly.inventory.depend(*id, *on, Scope::Runtime);
                }
            }
            if let Some((list, backup)) = files.get(&found.path.parent()) {
                let claim = claimed_files(list, backup, assembly.tree);
                if !claim.is_empty() {
                    assembly.claim_files(*id, claim.into());
                }
            }
        }
    }
}

/// The fields of a file: `%NAME%` on a line, then values up to an empty line.
fn fields(text: &str) -> HashMap<&str, Vec<Box<str>>> {
    let mut fields: HashMap<&str, Vec<Box<str>>> = HashMap::new();
    let mut current: Option<&str> = None;
    for line in text.lines().map(str::trim_end) {
        let name = line
            .strip_prefix('%')
            .and_then(|line| line.strip_suffix('%'));
        match (name, current) {
            (Some(name), None) => current = Some(name),
            (_, Some(_)) if line.is_empty() => current = None,
            (_, Some(name)) => fields.entry(name).or_default().push(line.into()),
            _ => {}
        }
    }
    fields
}

fn add(found: &Located<PacmanPackage>, assembly: &mut Assembly<'_>) -> Option<PackageId> {
    let pacman = &found.value;
    let (namespace, distro) = match assembly.inventory.distribution() {
        Some(distribution) => (
            distribution.purl_namespace().to_owned(),
            distribution.purl_distro(),
        ),
        None => ("arch".to_owned(), String::new()),
    };
    let purl = PackageUrl::with_qualifiers(
        "alpm",
        Some(&namespace),
        &pacman.name,
        Some(&pacman.version),
        &[("arch", &pacman.architecture), ("distro", &distro)],
    );
    let purl = match purl {
        Ok(purl) => purl,
        Err(error) => {
            assembly.inventory.note(found.note(error.to_string()));
            return None;
        }
    };
    let occurrence = found.occurrence(OccurrenceKind::Installed, Pacman::ID);
    let mut package = Package::new(purl, occurrence);
    package.license = license(&pacman.licenses);
    package.supplier = pacman.packager.as_deref().map(Into::into);
    package.description = pacman.description.as_deref().map(Into::into);
    package.source = Some(SourcePackage {
        name: pacman.base.as_ref().unwrap_or(&pacman.name).to_string(),
        version: pacman.version.to_string(),
    });
    Some(assembly.inventory.add(package))
}

/// The licences of a package, all of which must be understood: a part would not be the truth.
fn license(names: &[Box<str>]) -> Option<LicenseExpression> {
    let read: Option<Vec<LicenseExpression>> =
        names.iter().map(|name| licenses::from_name(name)).collect();
    LicenseExpression::and(read?)
}

/// The name of `name>=1.2` or `name=1`.
fn bare_name(text: &str) -> &str {
    let end = text.find(['<', '>', '=']).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

/// The files that must be there: no folders, and configuration only where it is.
fn claimed_files(list: &[Box<str>], backup: &[Box<str>], tree: &dyn FileTree) -> String {
    let backup: std::collections::HashSet<&str> = backup.iter().map(AsRef::as_ref).collect();
    let mut claimed = String::new();
    for path in list.iter().map(AsRef::as_ref) {
        let path: &str = path;
        if path.ends_with('/') || (backup.contains(path) && !tree.exists(&TargetPath::new(path))) {
            continue;
        }
        claimed.push('/');
        claimed.push_str(path.trim_start_matches('/'));
        claimed.push('\n');
    }
    claimed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_end_with_an_empty_line() {
        let fields = fields("%NAME%\na\n\n%DEPENDS%\nb>=1\nc\n\nstray\n%EMPTY%\n\n%LAST%\nz");
        assert_eq!(fields["NAME"], ["a".into()]);
        assert_eq!(fields["DEPENDS"].len(), 2);
        assert_eq!(fields["LAST"], ["z".into()]);
        assert_eq!(fields.len(), 3);
    }

    #[test]
    fn one_unknown_licence_hides_all() {
        let spdx = |names: &[&str]| {
            let names: Vec<Box<str>> = names.iter().map(|&name| name.into()).collect();
            license(&names).map(|license| license.to_string())
        };
        assert_eq!(
            spdx(&["MIT", "GPL-2.0-or-later"]).as_deref(),
            Some("GPL-2.0-or-later AND MIT")
        );
        assert_eq!(spdx(&["MIT", "custom"]), None);
        assert_eq!(spdx(&[]), None);
    }
}
