//! Packages of rpm: the databases of installed packages in their four forms, and package files.
//!
//! A database keeps the header of each package as one block of bytes. What holds these blocks
//! differs: SQLite (Fedora, Red Hat Enterprise Linux 9 and later), a format of rpm's own called
//! ndb (SUSE), a hash table of Berkeley DB (everything older), or, in images without rpm, a
//! printed list. Dependencies with conditions and recommended packages are no edges. The digests
//! in a header are of the header and of the payload, none is that of the package file: they are
//! left out.

mod berkeley;
mod header;
mod manifest;
mod ndb;
mod package;
mod package_file;
mod relations;

use linchpin_model::{
    CatalogerId, Distribution, OccurrenceKind, Package, PackageId, PackageUrl, Scope, SourcePackage,
};
use linchpin_source::{Entry, Pattern};

use self::header::Header;
use self::package::{RpmPackage, source_name_and_version};
use self::relations::Relations;
use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::documents::sqlite::Database;
use crate::licenses;
use crate::ownership::claim_path;

pub(super) static CATALOGER: Rpm = Rpm;

pub(super) struct Rpm;

/// What one file tells.
#[derive(Debug)]
pub(in crate::catalogers) enum Fragment {
    /// The packages of a database.
    Installed(Vec<RpmPackage>),
    /// A database that may have a log of later changes, with what it says without them.
    Logged {
        packages: Vec<RpmPackage>,
        content: Box<[u8]>,
    },
    /// Such a log.
    Log(Box<[u8]>),
    /// A package file.
    Loose(Box<RpmPackage>),
}

const LOG: &str = "-wal";

/// How much of a package file is read; the header of the largest kernels has a few megabytes.
const PACKAGE_HEAD: u32 = 16 << 20;

impl Cataloger for Rpm {
    type Fragment = Fragment;
    const ID: CatalogerId = CatalogerId("rpm");
    const DOCUMENTATION: &'static str = "Reads the databases of rpm (`rpmdb.sqlite` with its write-ahead log, \
        `Packages.db`, `Packages` of Berkeley DB, and the list `container-manifest-2` of images without rpm) and \
        package files (`*.rpm`): packages with licence, vendor, source package, module, and the packages that provide \
        what they require. Its lists of files tell which files belong to a package and which of them were deleted \
        behind its back. Leaves out dependencies with conditions and recommended packages.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Path("var/lib/rpm/rpmdb.sqlite"),
        Pattern::Path("var/lib/rpm/rpmdb.sqlite-wal"),
        Pattern::Path("var/lib/rpm/Packages.db"),
        Pattern::Path("var/lib/rpm/Packages"),
        Pattern::Path("usr/lib/sysimage/rpm/rpmdb.sqlite"),
        Pattern::Path("usr/lib/sysimage/rpm/rpmdb.sqlite-wal"),
        Pattern::Path("usr/lib/sysimage/rpm/Packages.db"),
        Pattern::Path("usr/lib/sysimage/rpm/Packages"),
        Pattern::Path("usr/share/rpm/rpmdb.sqlite"),
        Pattern::Path("usr/share/rpm/rpmdb.sqlite-wal"),
        Pattern::Path("usr/share/rpm/Packages.db"),
        Pattern::Path("usr/share/rpm/Packages"),
        Pattern::Path("var/lib/rpmmanifest/container-manifest-2"),
        Pattern::Head(&Pattern::Suffix(".rpm"), PACKAGE_HEAD),
    ];

    fn read(entry: &Entry<'_>) -> Parsed<Fragment> {
        let content = entry.content;
        match entry.path.name() {
            "container-manifest-2" => {
                let (value, problems) = manifest::packages(&String::from_utf8_lossy(content));
                Parsed {
                    value: Some(Fragment::Installed(value)),
                    problems,
                }
            }
            name if name.ends_with(LOG) => {
                if content.is_empty() {
                    return Parsed::not_mine();
                }
                Parsed::clean(Fragment::Log(content.into()))
            }
            _ if entry.path.ending() == Some("rpm") => package_file::read(content),
            _ => {
                let Parsed { value, problems } = database(content, None);
                let value = value.map(|packages| {
                    if Database::may_have_log(content) {
                        Fragment::Logged {
                            packages,
                            content: content.into(),
                        }
                    } else {
                        Fragment::Installed(packages)
                    }
                });
                Parsed { value, problems }
            }
        }
    }

    fn assemble(fragments: Vec<Located<Fragment>>, assembly: &mut Assembly<'_>) {
        let names = PurlNames::new(assembly.inventory.distribution());
        // A log sorts behind its database.
        let mut fragments = fragments.into_iter().peekable();
        while let Some(fragment) = fragments.next() {
            let Located { path, layer, value } = fragment;
            let packages = match value {
                Fragment::Loose(package) => {
                    let located = Located {
                        path,
                        layer,
                        value: vec![*package],
                    };
                    add(
                        &located,
                        OccurrenceKind::Embedded,
                        &PurlNames::default(),
                        assembly,
                    );
                    continue;
                }
                Fragment::Log(_) => continue,
                Fragment::Installed(packages) => packages,
                Fragment::Logged { packages, content } => {
                    let log_path = path.parent().join(&format!("{}{LOG}", path.name()));
                    match fragments.next_if(|next| next.path == log_path) {
                        Some(Located {
                            value: Fragment::Log(log),
                            ..
                        }) => {
                            let parsed = database(&content, Some(&log));
                            let located = Located {
                                path: path.clone(),
                                layer,
                                value: (),
                            };
                            for problem in parsed.problems {
                                assembly.inventory.note(located.note(problem));
                            }
                            parsed.value.unwrap_or(packages)
                        }
                        _ => packages,
                    }
                }
            };
            let located = Located {
                path,
                layer,
                value: packages,
            };
            add_system(&located, &names, assembly);
        }
    }
}

/// The packages of a database in any form.
fn database(content: &[u8], log: Option<&[u8]>) -> Parsed<Vec<RpmPackage>> {
    let mut packages = Vec::new();
    let mut problems = Vec::new();
    let each = |blob: &[u8]| {
        let header = Header::read(blob).map_err(str::to_owned);
        match header.and_then(|header| RpmPackage::from_header(&header)) {
            Ok(package) => packages.push(package),
            Err(problem) => problems.push(problem),
        }
    };
    let read = if content.is_empty() {
        // What `rpm --initdb` of old leaves behind, and images that delete the database.
        Err("is empty".to_owned())
    } else if berkeley::is_hash_database(content) {
        berkeley::headers(content, each)
    } else if content.starts_with(b"RpmP") {
        ndb::headers(content, each)
    } else {
        sqlite_headers(content, log, each)
    };
    problems.extend(read.err());
    Parsed {
        value: Some(packages),
        problems,
    }
}

fn sqlite_headers(
    content: &[u8],
    log: Option<&[u8]>,
    mut each: impl FnMut(&[u8]),
) -> Result<(), String> {
    let database = Database::open(content, log)?;
    let table = database.table("Packages")?;
    let column = table.column("blob")?;
    database.rows(&table, |row| {
        if let Some(blob) = row.blob(column) {
            each(blob);
        }
    })
}

/// The parts of a package URL that all packages of the distribution share.
#[derive(Default)]
struct PurlNames {
    namespace: Option<String>,
    distro: String,
}

impl PurlNames {
    fn new(distribution: Option<&Distribution>) -> Self {
        let Some(distribution) = distribution else {
            return Self::default();
        };
        Self {
            namespace: Some(distribution.purl_namespace().to_owned()),
            distro: distribution.purl_distro(),
        }
    }
}

fn add_system(found: &Located<Vec<RpmPackage>>, names: &PurlNames, assembly: &mut Assembly<'_>) {
    let ids = add(found, OccurrenceKind::Installed, names, assembly);
    let relations = Relations::new(&found.value);
    for (rpm, id) in found.value.iter().zip(&ids) {
        let Some(id) = *id else { continue };
        for needed in relations.needed_by(rpm) {
            if let Some(Some(on)) = ids.get(needed) {
                assembly.inventory.depend(id, *on, Scope::Runtime);
            }
        }
    }
    for (rpm, id) in found.value.iter().zip(ids) {
        let Some(id) = id else { continue };
        let files = claimed_files(rpm, assembly);
        if !files.is_empty() {
            assembly.claim_files(id, files.into());
        }
    }
}

/// The files that must be there, and those of the others that are.
fn claimed_files(rpm: &RpmPackage, assembly: &Assembly<'_>) -> String {
    let mut files = String::from(rpm.files.as_ref());
    let mut folder = "";
    let mut written = "";
    for line in rpm.other_files.lines() {
        if line.starts_with('/') {
            folder = line;
        } else if claim_path(folder, line).is_some_and(|path| assembly.tree.exists(&path)) {
            if written != folder {
                files.push_str(folder);
                files.push('\n');
                written = folder;
            }
            files.push_str(line);
            files.push('\n');
        }
    }
    files
}

fn add(
    found: &Located<Vec<RpmPackage>>,
    kind: OccurrenceKind,
    names: &PurlNames,
    assembly: &mut Assembly<'_>,
) -> Vec<Option<PackageId>> {
    let add_one = |rpm: &RpmPackage| {
        let epoch = rpm.epoch.map(|epoch| epoch.to_string());
        let purl = PackageUrl::with_qualifiers(
            "rpm",
            names.namespace.as_deref(),
            &rpm.name,
            Some(&rpm.full_version()),
            &[
                ("arch", &rpm.architecture),
                ("distro", &names.distro),
                ("epoch", epoch.as_deref().unwrap_or_default()),
                ("rpmmod", rpm.modularity.as_deref().unwrap_or_default()),
                ("upstream", rpm.source.as_deref().unwrap_or_default()),
            ],
        );
        let purl = match purl {
            Ok(purl) => purl,
            Err(error) => {
                assembly.inventory.note(found.note(error.to_string()));
                return None;
            }
        };
        let mut package = Package::new(purl, found.occurrence(kind, Rpm::ID));
        package.license = rpm.license.as_deref().and_then(licenses::rpm::from_tag);
        package.supplier = rpm.vendor.as_deref().map(Into::into);
        package.description = rpm.summary.as_deref().map(Into::into);
        package.source =
            rpm.source
                .as_deref()
                .and_then(source_name_and_version)
                .map(|(name, version)| SourcePackage {
                    name: name.to_owned(),
                    version: version.to_owned(),
                });
        Some(assembly.inventory.add(package))
    };
    found.value.iter().map(add_one).collect()
}
