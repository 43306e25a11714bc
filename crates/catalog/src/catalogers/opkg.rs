//! The database of opkg, the package manager of OpenWrt and of systems built with Yocto:
//! `status`, and for each package `info/<name>.control` and `info/<name>.list`:
//! <https://openwrt.org/docs/guide-user/additional-software/opkg>. Its files are Debian's control
//! files with fewer fields.
//!
//! Package URLs have the type `opkg`: none of the registered types fits what OpenWrt and Yocto share.

use std::collections::HashMap;

use linchpin_model::{
    CatalogerId, Distribution, LayerIndex, OccurrenceKind, Package, PackageId, PackageUrl, Scope,
    SourcePackage, TargetPath,
};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::debian_control::{Paragraph, paragraphs};
use crate::licenses;
use crate::providers::Providers;

pub(super) static CATALOGER: Opkg = Opkg;

pub(super) struct Opkg;

/// What one file of the database tells.
#[derive(Debug)]
pub(in crate::catalogers) enum Fragment {
    /// `status`: the packages that are installed.
    Status(Vec<OpkgPackage>),
    /// `info/*.control`.
    Control(Vec<OpkgPackage>),
    /// `info/*.list`.
    Files(Box<str>),
}

/// A package as its control file describes it.
#[derive(Debug, Clone, Default)]
pub(in crate::catalogers) struct OpkgPackage {
    name: Box<str>,
    version: Box<str>,
    architecture: Box<str>,
    source: Option<Box<str>>,
    license: Option<Box<str>>,
    maintainer: Option<Box<str>>,
    description: Option<Box<str>>,
    depends: Box<str>,
    provides: Box<str>,
}

impl Cataloger for Opkg {
    type Fragment = Fragment;
    const ID: CatalogerId = CatalogerId("opkg");
    const DOCUMENTATION: &'static str = "Reads opkg's database (`usr/lib/opkg` and `var/lib/opkg`: `status`, \
        `info/*.control`, `info/*.list`): installed packages with licence, maintainer, source package and the packages \
        that provide what they depend on. Its lists of files tell which files belong to a package and which of them \
        were deleted behind its back.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Path("usr/lib/opkg/status"),
        Pattern::Path("var/lib/opkg/status"),
        Pattern::Glob("usr/lib/opkg/info/*.control"),
        Pattern::Glob("usr/lib/opkg/info/*.list"),
        Pattern::Glob("var/lib/opkg/info/*.control"),
        Pattern::Glob("var/lib/opkg/info/*.list"),
    ];

    fn read(entry: &Entry<'_>) -> Parsed<Fragment> {
        let text = String::from_utf8_lossy(entry.content);
        let name = entry.path.name();
        if entry.path.ending() == Some("list") {
            return Parsed::clean(Fragment::Files(text.into()));
        }
        let is_status = name == "status";
        let mut packages = Vec::new();
        let mut problems = Vec::new();
        for (index, paragraph) in paragraphs(&text).enumerate() {
            if is_status && !is_installed(&paragraph) {
                continue;
            }
            match package(&paragraph) {
                Some(package) => packages.push(package),
                None => problems.push(format!(
                    "paragraph {}: it has no package or no version",
                    index + 1
                )),
            }
        }
        Parsed {
            value: Some(if is_status {
                Fragment::Status(packages)
            } else {
                Fragment::Control(packages)
            }),
            problems,
        }
    }

    fn assemble(fragments: Vec<Located<Fragment>>, assembly: &mut Assembly<'_>) {
        let database = Database::new(fragments);
        let packages: Vec<(OpkgPackage, PackageId)> = database
            .installed()
            .into_iter()
            .filter_map(|found| {
                let id = add(&found, assembly)?;
                database.claim_files(&found.value.name, id, assembly);
                Some((found.value, id))
            })
            .collect();
        let mut providers = Providers::default();
        for (package, id) in &packages {
            providers.add(&package.name, *id);
            for name in package.provides.split(',').filter_map(bare_name) {
                providers.add_provided(name, *id);
            }
        }
        for (package, id) in &packages {
            for name in package.depends.split([',', '|']).filter_map(bare_name) {
                for on in providers.of(name) {
                    assembly.inventory.depend(*id, *on, Scope::Runtime);
                }
            }
        }
    }
}

/// `install user installed`: what is wanted, flags, and the state.
fn is_installed(paragraph: &Paragraph<'_>) -> bool {
    let state = paragraph.line("Status").unwrap_or_default();
    let state = state.split_ascii_whitespace().nth(2).unwrap_or_default();
    !matches!(state, "not-installed" | "config-files" | "")
}

fn package(paragraph: &Paragraph<'_>) -> Option<OpkgPackage> {
    let line = |name: &str| {
        let line = paragraph.line(name).filter(|line| !line.is_empty());
        line.map(Box::<str>::from)
    };
    let both = [paragraph.get("Pre-Depends"), paragraph.get("Depends")];
    let depends: Vec<&str> = both.into_iter().flatten().collect();
    Some(OpkgPackage {
        name: line("Package")?,
        version: line("Version")?,
        architecture: line("Architecture").unwrap_or_default(),
        // `Source` is a folder of the build system in OpenWrt, and a recipe's file in Yocto.
        source: line("SourceName"),
        license: line("License"),
        maintainer: line("Maintainer"),
        description: line("Description"),
        depends: depends.join(",").into(),
        provides: paragraph.get("Provides").unwrap_or_default().into(),
    })
}

#[derive(Default)]
struct Database {
    status: Vec<Located<OpkgPackage>>,
    controls: HashMap<Box<str>, Located<OpkgPackage>>,
    files: HashMap<Box<str>, Box<str>>,
}

impl Database {
    fn new(fragments: Vec<Located<Fragment>>) -> Self {
        let mut database = Self::default();
        for Located { path, layer, value } in fragments {
            match value {
                Fragment::Status(packages) => {
                    let packages = packages.into_iter();
                    database
                        .status
                        .extend(packages.map(|value| located(&path, layer, value)));
                }
                Fragment::Control(packages) => {
                    for value in packages {
                        let name = value.name.clone();
                        database.controls.insert(name, located(&path, layer, value));
                    }
                }
                Fragment::Files(list) => {
                    let name = path.name().trim_end_matches(".list");
                    database.files.insert(name.into(), list);
                }
            }
        }
        database
    }

    /// What `status` lists, with what only the control files tell. Without a status, images list
    /// their packages by control files alone.
    fn installed(&self) -> Vec<Located<OpkgPackage>> {
        if self.status.is_empty() {
            let mut controls: Vec<_> = self.controls.values().collect();
            controls.sort_by(|left, right| left.path.cmp(&right.path));
            return controls
                .into_iter()
                .map(|found| located(&found.path, found.layer, found.value.clone()))
                .collect();
        }
        let status = self.status.iter().map(|found| {
            let mut package = found.value.clone();
            let control = self.controls.get(&package.name).map(|found| &found.value);
            if let Some(control) = control.filter(|control| control.version == package.version) {
                package.source = package.source.or_else(|| control.source.clone());
                package.license = package.license.or_else(|| control.license.clone());
                package.maintainer = package.maintainer.or_else(|| control.maintainer.clone());
                package.description = package.description.or_else(|| control.description.clone());
                if package.depends.is_empty() {
                    package.depends.clone_from(&control.depends);
                }
                if package.provides.is_empty() {
                    package.provides.clone_from(&control.provides);
                }
            }
            located(&found.path, found.layer, package)
        });
        status.collect()
    }

    /// Configuration, of which the list does not say so, may be gone.
    fn claim_files(&self, name: &str, id: PackageId, assembly: &mut Assembly<'_>) {
        let Some(list) = self.files.get(name) else {
            return;
        };
        let mut claim = String::with_capacity(list.len());
        for path in list.lines() {
            // Yocto adds the mode after a tab.
            let path = path.split('\t').next().unwrap_or_default().trim_end();
            let is_certain = !["/etc/", "/var/", "/tmp/", "/run/"]
                .iter()
                .any(|folder| path.starts_with(folder));
            if path.starts_with('/')
                && !path.ends_with('/')
                && (is_certain || assembly.tree.exists(&TargetPath::new(path)))
            {
                claim.push_str(path);
                claim.push('\n');
            }
        }
        if !claim.is_empty() {
            assembly.claim_files(id, claim.into());
        }
    }
}

fn located(
    path: &TargetPath,
    layer: Option<LayerIndex>,
    value: OpkgPackage,
) -> Located<OpkgPackage> {
    Located {
        path: path.clone(),
        layer,
        value,
    }
}

fn add(found: &Located<OpkgPackage>, assembly: &mut Assembly<'_>) -> Option<PackageId> {
    let opkg = &found.value;
    let distribution = assembly.inventory.distribution();
    let namespace = distribution.map(|distribution| distribution.purl_namespace().to_owned());
    let distro = distribution.map_or_else(String::new, Distribution::purl_distro);
    let purl = PackageUrl::with_qualifiers(
        "opkg",
        namespace.as_deref(),
        &opkg.name,
        Some(&opkg.version),
        &[("arch", &opkg.architecture), ("distro", &distro)],
    );
    let purl = match purl {
        Ok(purl) => purl,
        Err(error) => {
            assembly.inventory.note(found.note(error.to_string()));
            return None;
        }
    };
    let occurrence = found.occurrence(OccurrenceKind::Installed, Opkg::ID);
    let mut package = Package::new(purl, occurrence);
    package.license = opkg
        .license
        .as_deref()
        // Several are separated by spaces in OpenWrt and by `&` in Yocto.
        .and_then(|text| licenses::from_name(&text.replace(" & ", " AND ")));
    package.supplier = opkg.maintainer.as_deref().map(Into::into);
    package.description = opkg.description.as_deref().map(Into::into);
    package.source = opkg.source.as_ref().map(|name| SourcePackage {
        name: name.to_string(),
        version: opkg.version.to_string(),
    });
    Some(assembly.inventory.add(package))
}

/// The name of `name (>= 1)`.
fn bare_name(text: &str) -> Option<&str> {
    let name = text.trim();
    let end = name
        .find(|c: char| c.is_ascii_whitespace() || matches!(c, '(' | ':'))
        .unwrap_or(name.len());
    name.get(..end).filter(|name| !name.is_empty())
}
