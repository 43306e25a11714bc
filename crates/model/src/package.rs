//! A package, where it was found, and how we know.

use std::fmt;

use crate::{Digest, LicenseExpression, PackageUrl, TargetPath};

/// A package of one inventory, by its place in the sorted list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PackageId(pub u32);

impl PackageId {
    /// The place in the list.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A layer of an image, counted from the lowest, which is 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LayerIndex(pub u16);

/// The stable name of a cataloger, such as `npm` or `debian-dpkg`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CatalogerId(pub &'static str);

impl fmt::Display for CatalogerId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

/// Whether a package is a part of what was built, or the thing that was built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Role {
    /// Something taken in from elsewhere. Only these are matched with advisories.
    #[default]
    Library,
    /// A root: the project whose manifest or lockfile this is.
    Application,
}

/// What a package is needed for. The order is that of reach: the first of two is the stronger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Scope {
    /// When the software runs.
    #[default]
    Runtime,
    /// When it runs, and the software works without it.
    Optional,
    /// To be provided by whoever uses the software.
    Peer,
    /// To build it.
    Build,
    /// To develop or test it.
    Development,
}

impl Scope {
    /// All of them, strongest first.
    pub const ALL: [Self; 5] = [
        Self::Runtime,
        Self::Optional,
        Self::Peer,
        Self::Build,
        Self::Development,
    ];

    /// The word in our formats.
    pub fn label(self) -> &'static str {
        match self {
            Self::Runtime => "runtime",
            Self::Optional => "optional",
            Self::Peer => "peer",
            Self::Build => "build",
            Self::Development => "dev",
        }
    }

    /// The scope of something needed with `inner` by something that is needed with `self`: the
    /// weaker of the two.
    #[must_use]
    pub fn through(self, inner: Self) -> Self {
        self.max(inner)
    }
}

/// How it is known that a package is at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OccurrenceKind {
    /// Its files are there.
    Installed,
    /// A lockfile names this exact version.
    Locked,
    /// A manifest asks for it.
    Declared,
    /// It is compiled or bundled into the file.
    Embedded,
    /// It was seen in use at run time.
    Observed,
}

impl OccurrenceKind {
    /// The word in our formats.
    pub fn label(self) -> &'static str {
        match self {
            Self::Installed => "installed",
            Self::Locked => "locked",
            Self::Declared => "declared",
            Self::Embedded => "embedded",
            Self::Observed => "observed",
        }
    }
}

/// One place where a package was found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Occurrence {
    /// The file that shows it: the lockfile, the installed metadata, the binary, the package database.
    pub path: TargetPath,
    /// The layer that this file comes from. Where each layer writes the database of all packages anew,
    /// the layer that brought the package, if the database tells.
    pub layer: Option<LayerIndex>,
    /// How it is known.
    pub kind: OccurrenceKind,
    /// Who found it.
    pub cataloger: CatalogerId,
    /// The operating system package that this file belongs to. Advisories for that package speak
    /// for this occurrence: a distribution ports fixes back without changing the version.
    pub owner: Option<PackageId>,
}

/// The source package that a distribution built a binary package from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourcePackage {
    /// Its name: `openssl` for the binary package `libssl3`.
    pub name: String,
    /// Its version, where that differs from the binary's it is the one advisories speak of.
    pub version: String,
}

/// What a package manager recorded of its files, compared with the files that are there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FileRecord {
    /// How many files the package manager says that it installed.
    pub listed: u32,
    /// How many of them are gone.
    pub missing: u32,
    /// The first few of those that are gone.
    pub examples: Vec<TargetPath>,
}

/// The types of package URLs of what an operating system is made of.
const OPERATING_SYSTEMS: &[&str] = &[
    "alpm", "apk", "deb", "ebuild", "flatpak", "freebsd", "macports", "nix", "opkg", "rpm", "snap",
];

/// A package, found once, with all its occurrences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// What it is.
    pub purl: PackageUrl,
    /// A part, or the root itself.
    pub role: Role,
    /// What it is needed for: the strongest of all the reasons.
    pub scope: Scope,
    /// Its licence as declared by the package, or as its licence file tells.
    pub license: Option<LicenseExpression>,
    /// The file whose text told the licence, where the package itself does not declare any.
    pub license_file: Option<TargetPath>,
    /// The source package, for packages of a distribution.
    pub source: Option<SourcePackage>,
    /// Digests of its archive, as the lockfile or database states them.
    pub hashes: Vec<Digest>,
    /// Who supplies it: a maintainer or author line, as written.
    pub supplier: Option<String>,
    /// Where its archive can be fetched, or the repository and revision that it comes from, as a
    /// URL. Credentials in it are removed by whoever sets it.
    pub download: Option<String>,
    /// One line that says what it is for.
    pub description: Option<String>,
    /// What the package manager's record says of its files; only where some are gone.
    pub files: Option<FileRecord>,
    /// Where it is. Sorted, without doubles.
    pub occurrences: Vec<Occurrence>,
}

impl Package {
    /// A package with nothing known but its name and one place.
    pub fn new(purl: PackageUrl, occurrence: Occurrence) -> Self {
        Self {
            occurrences: vec![occurrence],
            ..Self::unplaced(purl)
        }
    }

    /// A package with nothing known but its name: of a list that does not say where it was found.
    pub fn unplaced(purl: PackageUrl) -> Self {
        Self {
            purl,
            role: Role::Library,
            scope: Scope::Runtime,
            license: None,
            license_file: None,
            source: None,
            hashes: Vec::new(),
            supplier: None,
            download: None,
            description: None,
            files: None,
            occurrences: Vec::new(),
        }
    }

    /// The name as its ecosystem's users write it.
    pub fn name(&self) -> String {
        self.purl.full_name()
    }

    /// The version, if one is known.
    pub fn version(&self) -> Option<&str> {
        self.purl.version()
    }

    /// Whether its own files are in the target, and not only its name in a lockfile or a program.
    pub fn is_there(&self) -> bool {
        self.occurrences
            .iter()
            .any(|occurrence| match occurrence.kind {
                OccurrenceKind::Installed => true,
                OccurrenceKind::Embedded => occurrence.path.is_in_archive(),
                _ => false,
            })
    }

    /// Whether it is a part of the operating system: a package of a distribution, or what such a
    /// package brings.
    pub fn is_of_distribution(&self) -> bool {
        OPERATING_SYSTEMS.contains(&self.purl.kind())
            || (!self.occurrences.is_empty()
                && self
                    .occurrences
                    .iter()
                    .all(|occurrence| occurrence.owner.is_some()))
    }

    /// Takes over what the other knows more of: the same package, found at another place.
    pub(crate) fn merge(&mut self, other: Self) {
        self.role = self.role.min(other.role);
        self.scope = self.scope.min(other.scope);
        if self.license.is_none() {
            self.license = other.license;
            self.license_file = other.license_file;
        }
        self.source = self.source.take().or(other.source);
        self.supplier = self.supplier.take().or(other.supplier);
        self.download = self.download.take().or(other.download);
        self.description = self.description.take().or(other.description);
        self.files = self.files.take().or(other.files);
        self.hashes.extend(other.hashes);
        self.occurrences.extend(other.occurrences);
    }
}
