//! The database of FreeBSD's pkg, `var/db/pkg/local.sqlite`: <https://man.freebsd.org/cgi/man.cgi?pkg-query(8)>.
//!
//! Edges are the dependencies that pkg recorded. Shared libraries that a package requires are met
//! by packages that are among these.

use std::collections::HashMap;

use linchpin_model::{
    CatalogerId, LicenseExpression, OccurrenceKind, Package, PackageId, PackageUrl, Scope,
};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::documents::sqlite::{Database, Row, Table};
use crate::licenses;

pub(super) static CATALOGER: FreebsdPkg = FreebsdPkg;

pub(super) struct FreebsdPkg;

/// A package as the database describes it.
#[derive(Debug, Default)]
pub(in crate::catalogers) struct FreebsdPackage {
    name: Box<str>,
    version: Box<str>,
    origin: Option<Box<str>>,
    architecture: Option<Box<str>>,
    maintainer: Option<Box<str>>,
    comment: Option<Box<str>>,
    /// Whether one of its licences is enough, and their names.
    licenses: (bool, Vec<Box<str>>),
    depends: Vec<Box<str>>,
    files: String,
}

impl Cataloger for FreebsdPkg {
    type Fragment = Vec<FreebsdPackage>;
    const ID: CatalogerId = CatalogerId("freebsd-pkg");
    const DOCUMENTATION: &'static str = "Reads the database of FreeBSD's pkg (`var/db/pkg/local.sqlite`): installed \
        packages with licences, maintainer, port and what they depend on. Its lists of files tell which files belong \
        to a package and which of them were deleted behind its back.";
    const WANTS: &'static [Pattern] = &[Pattern::Path("var/db/pkg/local.sqlite")];

    fn read(entry: &Entry<'_>) -> Parsed<Vec<FreebsdPackage>> {
        let mut problems = Vec::new();
        match read(entry.content, &mut problems) {
            Ok(packages) => Parsed {
                value: Some(packages),
                problems,
            },
            Err(problem) => Parsed::failed(problem),
        }
    }

    fn assemble(fragments: Vec<Located<Vec<FreebsdPackage>>>, assembly: &mut Assembly<'_>) {
        for fragment in fragments {
            let ids: Vec<Option<PackageId>> = fragment
                .value
                .iter()
                .map(|found| add(&fragment, found, assembly))
                .collect();
            // A port is installed once, or several times in flavours with names of their own.
            let by_name: HashMap<&str, PackageId> = fragment
                .value
                .iter()
                .zip(&ids)
                .filter_map(|(found, id)| Some((found.name.as_ref(), (*id)?)))
                .collect();
            for (found, id) in fragment.value.iter().zip(&ids) {
                let Some(id) = *id else { continue };
                for name in &found.depends {
                    if let Some(on) = by_name.get(name.as_ref()) {
                        assembly.inventory.depend(id, *on, Scope::Runtime);
                    }
                }
                if !found.files.is_empty() {
                    assembly.claim_files(id, found.files.as_str().into());
                }
            }
        }
    }
}

fn read(content: &[u8], problems: &mut Vec<String>) -> Result<Vec<FreebsdPackage>, String> {
    let database = Database::open(content, None)?;
    let tables = database.tables()?;
    let mut packages: Vec<FreebsdPackage> = Vec::new();
    let mut places: HashMap<i64, usize> = HashMap::new();
    let mut each = |table: &str, columns: &[&str], take: &mut dyn FnMut(&Row<'_>, &[usize])| {
        let mut read = || -> Result<(), String> {
            let table: &Table = tables
                .iter()
                .find(|found| found.name == table)
                .ok_or_else(|| format!("has no table `{table}`"))?;
            let columns: Vec<usize> = columns
                .iter()
                .map(|column| table.column(column))
                .collect::<Result<_, _>>()?;
            database.rows(table, |row| take(row, &columns))
        };
        problems.extend(read().err());
    };
    each(
        "packages",
        &[
            "name",
            "version",
            "origin",
            "arch",
            "maintainer",
            "comment",
            "licenselogic",
        ],
        &mut |row, columns| {
            let &[name, version, origin, arch, maintainer, comment, logic] = columns else {
                return;
            };
            let text = |column| {
                row.text(column)
                    .filter(|text| !text.is_empty())
                    .map(Box::from)
            };
            let (Some(name), Some(version)) = (text(name), text(version)) else {
                return;
            };
            places.insert(row.id, packages.len());
            packages.push(FreebsdPackage {
                name,
                version,
                origin: text(origin),
                architecture: text(arch),
                maintainer: text(maintainer),
                comment: text(comment),
                licenses: (row.integer(logic) == Some(i64::from(b'|')), Vec::new()),
                ..FreebsdPackage::default()
            });
        },
    );
    let mut licenses: HashMap<i64, Box<str>> = HashMap::new();
    each("licenses", &["license"], &mut |row, columns| {
        if let Some(name) = columns.first().and_then(|&column| row.text(column)) {
            licenses.insert(row.id, name.into());
        }
    });
    let mut of_package =
        |table: &str, column: &str, take: &mut dyn FnMut(&Row<'_>, usize, &mut FreebsdPackage)| {
            each(table, &["package_id", column], &mut |row, columns| {
                let &[package, column] = columns else { return };
                let place = row.integer(package).and_then(|id| places.get(&id));
                if let Some(package) = place.and_then(|&place| packages.get_mut(place)) {
                    take(row, column, package);
                }
            });
        };
    of_package("pkg_licenses", "license_id", &mut |row, column, package| {
        let name = row.integer(column).and_then(|id| licenses.get(&id));
        package.licenses.1.extend(name.cloned());
    });
    of_package("deps", "name", &mut |row, column, package| {
        package
            .depends
            .extend(row.text(column).map(Box::<str>::from));
    });
    of_package("files", "path", &mut |row, column, package| {
        if let Some(path) = row.text(column).filter(|path| path.starts_with('/')) {
            package.files.push_str(path);
            package.files.push('\n');
        }
    });
    Ok(packages)
}

fn add(
    fragment: &Located<Vec<FreebsdPackage>>,
    found: &FreebsdPackage,
    assembly: &mut Assembly<'_>,
) -> Option<PackageId> {
    let purl = PackageUrl::with_qualifiers(
        "freebsd",
        None,
        &found.name,
        Some(&found.version),
        &[
            ("arch", found.architecture.as_deref().unwrap_or_default()),
            ("origin", found.origin.as_deref().unwrap_or_default()),
        ],
    );
    match purl {
        Ok(purl) => {
            let occurrence = fragment.occurrence(OccurrenceKind::Installed, FreebsdPkg::ID);
            let mut package = Package::new(purl, occurrence);
            package.license = license(&found.licenses);
            package.supplier = found.maintainer.as_deref().map(Into::into);
            package.description = found.comment.as_deref().map(Into::into);
            Some(assembly.inventory.add(package))
        }
        Err(error) => {
            assembly.inventory.note(fragment.note(error.to_string()));
            None
        }
    }
}

/// The licences of a package, all of which must be understood: a part would not be the truth.
fn license((any, names): &(bool, Vec<Box<str>>)) -> Option<LicenseExpression> {
    let names: Option<Vec<String>> = names.iter().map(|name| spdx_name(name)).collect();
    let operator = if *any { " OR " } else { " AND " };
    licenses::from_expression(&names?.join(operator))
}

/// The names of the framework of ports (`Mk/bsd.licenses.db.mk`).
fn spdx_name(name: &str) -> Option<String> {
    if let Some((_, spdx)) = NAMES.iter().find(|(port, _)| *port == name) {
        return Some((*spdx).to_owned());
    }
    // `GPLv2+`, `LGPL21`.
    let lower = name.to_ascii_lowercase();
    let start = lower
        .find(|next: char| next.is_ascii_digit())
        .unwrap_or(lower.len());
    let (family, version) = lower.split_at(start);
    // `21` is 2.1.
    let version = match version.as_bytes() {
        [_, second, ..] if second.is_ascii_digit() => {
            let (major, minor) = version.split_at_checked(1)?;
            format!("{major}.{minor}")
        }
        _ => version.to_owned(),
    };
    let family = family.trim_end_matches('v');
    licenses::debian::gnu_license(&format!("{family}-{version}"))
        .or_else(|| LicenseExpression::from_identifier(name).map(|license| license.to_string()))
}

const NAMES: &[(&str, &str)] = &[
    ("APACHE10", "Apache-1.0"),
    ("APACHE11", "Apache-1.1"),
    ("APACHE20", "Apache-2.0"),
    ("ART20", "Artistic-2.0"),
    ("BSD0CLAUSE", "0BSD"),
    ("BSD2CLAUSE", "BSD-2-Clause"),
    ("BSD3CLAUSE", "BSD-3-Clause"),
    ("BSD4CLAUSE", "BSD-4-Clause"),
    ("BSL", "BSL-1.0"),
    ("CC0-1.0", "CC0-1.0"),
    ("CDDL", "CDDL-1.0"),
    ("ISCL", "ISC"),
    ("MPL10", "MPL-1.0"),
    ("MPL11", "MPL-1.1"),
    ("MPL20", "MPL-2.0"),
    ("PSFL", "PSF-2.0"),
    ("UNLICENSE", "Unlicense"),
    ("ZLIB", "Zlib"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_licences_are_those_of_ports() {
        for (port, spdx) in [
            ("GPLv2+", "GPL-2.0-or-later"),
            ("LGPL21", "LGPL-2.1-only"),
            ("LGPL20+", "LGPL-2.0-or-later"),
            ("MIT", "MIT"),
            ("BSD3CLAUSE", "BSD-3-Clause"),
        ] {
            assert_eq!(spdx_name(port).as_deref(), Some(spdx), "{port}");
        }
        assert_eq!(spdx_name("GPLv2+ RLE"), None);
        for (port, spdx) in NAMES {
            assert!(LicenseExpression::parse(spdx).is_ok(), "{port}");
        }
    }
}
