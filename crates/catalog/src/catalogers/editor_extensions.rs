//! Extensions of Visual Studio Code and its relatives (Codium, Cursor, code-server): their own
//! `package.json` where they are installed, and the manifest of packed ones:
//! <https://code.visualstudio.com/api/references/extension-manifest>.

use std::collections::HashMap;

use linchpin_model::{
    CatalogerId, LicenseExpression, OccurrenceKind, Package, PackageId, PackageUrl, Scope,
};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::documents::json::{Loose, read_loose};
use crate::documents::xml;

pub(super) static CATALOGER: EditorExtensions = EditorExtensions;

pub(super) struct EditorExtensions;

/// An extension.
pub(super) struct Extension {
    purl: PackageUrl,
    license: Option<LicenseExpression>,
    description: Option<String>,
    /// Others that it needs, as `publisher.name` in lower case.
    needs: Vec<String>,
}

impl Cataloger for EditorExtensions {
    type Fragment = Extension;
    const ID: CatalogerId = CatalogerId("editor-extensions");
    const DOCUMENTATION: &'static str = "Reads the extensions of Visual Studio Code and editors made of it: installed ones \
        (`extensions/*/package.json` with a publisher) with licence and the extensions that they need, and packed ones \
        (`extension.vsixmanifest`). Recommendations of projects are not installed and left out.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Glob("**/extensions/*/package.json"),
        Pattern::Suffix("extension.vsixmanifest"),
    ];

    fn read(entry: &Entry<'_>) -> Parsed<Extension> {
        if entry.path.name() == "package.json" {
            read_installed(entry)
        } else {
            read_packed(entry.content)
        }
    }

    fn assemble(fragments: Vec<Located<Extension>>, assembly: &mut Assembly<'_>) {
        let mut by_name: HashMap<String, PackageId> = HashMap::new();
        let mut edges = Vec::new();
        for fragment in fragments {
            let occurrence = fragment.occurrence(OccurrenceKind::Installed, Self::ID);
            let extension = fragment.value;
            let name = extension.purl.full_name().replacen('/', ".", 1);
            let mut package = Package::new(extension.purl, occurrence);
            package.supplier = package.purl.namespace().map(str::to_owned);
            package.license = extension.license;
            package.description = extension.description;
            let id = assembly.inventory.add(package);
            by_name.insert(name, id);
            edges.push((id, extension.needs));
        }
        for (from, needs) in edges {
            for on in needs.iter().filter_map(|name| by_name.get(name)) {
                assembly.inventory.depend(from, *on, Scope::Runtime);
            }
        }
    }
}

fn extension_url(
    publisher: &str,
    name: &str,
    version: Option<&str>,
    platform: &str,
) -> Option<PackageUrl> {
    let platform = match platform {
        "universal" | "undefined" | "unknown" => "",
        platform => platform,
    };
    PackageUrl::with_qualifiers(
        "vscode-extension",
        Some(&publisher.to_lowercase()),
        &name.to_lowercase(),
        version,
        &[("platform", platform)],
    )
    .ok()
}

fn read_installed(entry: &Entry<'_>) -> Parsed<Extension> {
    let text = String::from_utf8_lossy(entry.content);
    // npm's cataloger reads the file too, and says what is wrong with it.
    let Ok(manifest) = read_loose(&text) else {
        return Parsed::not_mine();
    };
    let member = |name: &str| manifest.get(name).and_then(Loose::text);
    let engine = manifest
        .get("engines")
        .and_then(|engines| engines.get("vscode"));
    let (Some(publisher), Some(name), Some(_)) = (member("publisher"), member("name"), engine)
    else {
        return Parsed::not_mine();
    };
    let platform = manifest
        .get("__metadata")
        .and_then(|metadata| metadata.get("targetPlatform"))
        .and_then(Loose::text);
    let Some(purl) = extension_url(
        publisher,
        name,
        member("version"),
        platform.unwrap_or_default(),
    ) else {
        return Parsed::failed("its publisher and name make no package URL");
    };
    let needs = ["extensionDependencies", "extensionPack"].iter();
    let needs = needs
        .flat_map(|list| manifest.get(list).map(Loose::items).unwrap_or_default())
        .filter_map(|name| Some(name.text()?.to_lowercase()));
    Parsed::clean(Extension {
        purl,
        license: member("license").and_then(|text| LicenseExpression::parse(text).ok()),
        // Texts that are translated stand elsewhere: `%description%`.
        description: member("description")
            .filter(|text| !text.starts_with('%') && !text.contains('\n'))
            .map(str::to_owned),
        needs: needs.collect(),
    })
}

fn read_packed(content: &[u8]) -> Parsed<Extension> {
    let root = match xml::read_document(content) {
        Ok(root) => root,
        Err(problem) => return Parsed::failed(problem),
    };
    let metadata = root.child("Metadata");
    let identity = metadata.and_then(|metadata| metadata.child("Identity"));
    let purl = identity.and_then(|identity| {
        extension_url(
            identity.attribute("Publisher")?,
            identity.attribute("Id")?,
            identity.attribute("Version"),
            identity.attribute("TargetPlatform").unwrap_or_default(),
        )
    });
    match purl {
        Some(purl) => Parsed::clean(Extension {
            purl,
            license: None,
            description: metadata
                .and_then(|metadata| metadata.text_of("Description"))
                .filter(|text| !text.contains('\n'))
                .map(str::to_owned),
            needs: Vec::new(),
        }),
        None => Parsed::failed("it is no manifest of an extension: it has no identity"),
    }
}
