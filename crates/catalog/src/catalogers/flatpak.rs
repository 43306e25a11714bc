//! Flatpak: applications and runtimes that were deployed, each with a key file `metadata` and,
//! usually, a description for shops (`metainfo.xml`, AppStream):
//! <https://docs.flatpak.org/en/latest/flatpak-command-reference.html#flatpak-metadata> and
//! <https://www.freedesktop.org/software/appstream/docs/>.
//!
//! The version is that of the newest release in the description; a runtime, which has none, is
//! known by its branch. Extensions of locales are parts of what they extend and left out.

use std::collections::HashMap;

use linchpin_model::{
    CatalogerId, LayerIndex, OccurrenceKind, Package, PackageId, PackageUrl, Scope, TargetPath,
};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::documents::xml;
use crate::licenses;

pub(super) static CATALOGER: Flatpak = Flatpak;

pub(super) struct Flatpak;

/// What one file tells.
#[derive(Debug)]
pub(in crate::catalogers) enum Fragment {
    /// `metadata`, and the runtime that it asks for: `org.gnome.Platform/x86_64/45`.
    Deployed(Option<Box<str>>),
    Description(Box<Description>),
}

/// What a description says.
#[derive(Debug, Default)]
pub(in crate::catalogers) struct Description {
    version: Option<Box<str>>,
    license: Option<Box<str>>,
    summary: Option<Box<str>>,
    developer: Option<Box<str>>,
}

impl Cataloger for Flatpak {
    type Fragment = Fragment;
    const ID: CatalogerId = CatalogerId("flatpak");
    const DOCUMENTATION: &'static str = "Reads what Flatpak deployed (`flatpak/{app,runtime}/*/*/*/*/metadata` and the \
        `metainfo.xml` in it): applications with version, licence and the runtime that they need, and runtimes by \
        their branch. Leaves out extensions of locales.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Glob("**/flatpak/{app,runtime}/*/*/*/*/metadata"),
        Pattern::Glob("**/flatpak/{app,runtime}/*/*/*/*/files/share/{metainfo,appdata}/*.xml"),
    ];

    fn read(entry: &Entry<'_>) -> Parsed<Fragment> {
        if entry.path.name() == "metadata" {
            let text = String::from_utf8_lossy(entry.content);
            let mut lines = text.lines().map(str::trim);
            let runtime = lines.find_map(|line| line.strip_prefix("runtime="));
            return Parsed::clean(Fragment::Deployed(runtime.map(Into::into)));
        }
        // An application may carry the descriptions of its parts.
        let own = entry
            .path
            .name()
            .trim_end_matches(".xml")
            .trim_end_matches(".metainfo")
            .trim_end_matches(".appdata");
        let id = Deployment::of(entry.path).map(|deployment| deployment.id);
        if id != Some(own) {
            return Parsed::not_mine();
        }
        match xml::read_document(entry.content) {
            Ok(root) => {
                let text = |name: &str| root.text_of(name).map(Box::<str>::from);
                let releases = root
                    .child("releases")
                    .map_or(&[][..], |list| &list.children);
                let developer = root
                    .child("developer")
                    .and_then(|found| found.text_of("name"));
                Parsed::clean(Fragment::Description(Box::new(Description {
                    // The newest one comes first.
                    version: releases
                        .first()
                        .and_then(|release| release.attribute("version"))
                        .map(Into::into),
                    license: text("project_license"),
                    summary: text("summary"),
                    developer: developer.map(Into::into).or_else(|| text("developer_name")),
                })))
            }
            Err(problem) => Parsed::failed(problem),
        }
    }

    fn assemble(fragments: Vec<Located<Fragment>>, assembly: &mut Assembly<'_>) {
        let mut descriptions: HashMap<String, Box<Description>> = HashMap::new();
        let mut deployed = Vec::new();
        for Located { path, layer, value } in fragments {
            match value {
                Fragment::Deployed(runtime) => deployed.push((path, layer, runtime)),
                Fragment::Description(description) => {
                    if let Some(deployment) = Deployment::of(&path) {
                        descriptions.insert(deployment.folder.to_owned(), description);
                    }
                }
            }
        }
        let mut runtimes: HashMap<String, PackageId> = HashMap::new();
        let mut needs = Vec::new();
        for (path, layer, runtime) in &deployed {
            let Some(deployment) = Deployment::of(path) else {
                continue;
            };
            if deployment.id.ends_with(".Locale") {
                continue;
            }
            let description = descriptions.remove(deployment.folder);
            let Some(id) = add(path, *layer, &deployment, description, assembly) else {
                continue;
            };
            runtimes.insert(deployment.reference(), id);
            if let Some(runtime) = runtime {
                needs.push((id, runtime));
            }
        }
        for (id, runtime) in needs {
            if let Some(on) = runtimes.get(runtime.as_ref()) {
                assembly.inventory.depend(id, *on, Scope::Runtime);
            }
        }
    }
}

/// `…/app/<id>/<architecture>/<branch>/<commit>/…`
struct Deployment<'a> {
    folder: &'a str,
    id: &'a str,
    architecture: &'a str,
    branch: &'a str,
}

impl<'a> Deployment<'a> {
    fn of(path: &'a TargetPath) -> Option<Self> {
        let text = path.as_str();
        let (start, _) = ["flatpak/app/", "flatpak/runtime/"]
            .iter()
            .find_map(|kind| Some((text.find(kind)? + kind.len(), kind)))?;
        let mut parts = text.get(start..)?.split('/');
        let (id, architecture, branch, commit) =
            (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let length = id.len() + architecture.len() + branch.len() + commit.len() + 3;
        Some(Self {
            folder: text.get(..start + length)?,
            id,
            architecture,
            branch,
        })
    }

    fn reference(&self) -> String {
        format!("{}/{}/{}", self.id, self.architecture, self.branch)
    }
}

fn add(
    path: &TargetPath,
    layer: Option<LayerIndex>,
    deployment: &Deployment<'_>,
    description: Option<Box<Description>>,
    assembly: &mut Assembly<'_>,
) -> Option<PackageId> {
    let located = Located {
        path: path.clone(),
        layer,
        value: (),
    };
    let description = description.unwrap_or_default();
    let version = description.version.as_deref().unwrap_or(deployment.branch);
    let purl = PackageUrl::with_qualifiers(
        "flatpak",
        None,
        deployment.id,
        Some(version),
        &[
            ("arch", deployment.architecture),
            ("branch", deployment.branch),
        ],
    );
    match purl {
        Ok(purl) => {
            let occurrence = located.occurrence(OccurrenceKind::Installed, Flatpak::ID);
            let mut package = Package::new(purl, occurrence);
            package.license = description
                .license
                .as_deref()
                .and_then(licenses::from_expression);
            package.description = description.summary.map(Into::into);
            package.supplier = description.developer.map(Into::into);
            Some(assembly.inventory.add(package))
        }
        Err(error) => {
            assembly.inventory.note(located.note(error.to_string()));
            None
        }
    }
}
