//! Extensions in the profiles of browsers: Chrome, Chromium, Edge, Brave and their relatives keep one
//! folder per version, Firefox one list: <https://developer.chrome.com/docs/extensions/reference/manifest>.

use linchpin_model::{CatalogerId, OccurrenceKind, Package, PackageUrl};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::documents::json::{Loose, read_loose};

pub(super) static CATALOGER: BrowserExtensions = BrowserExtensions;

pub(super) struct BrowserExtensions;

/// An extension.
pub(super) struct Extension {
    purl: PackageUrl,
    /// What people call it: its identity is a number or an address.
    title: Option<String>,
    author: Option<String>,
}

impl Cataloger for BrowserExtensions {
    type Fragment = Vec<Extension>;
    const ID: CatalogerId = CatalogerId("browser-extensions");
    const DOCUMENTATION: &'static str = "Reads the extensions in browsers' profiles: of Chrome, Chromium, Edge, Brave and \
        others made of it (`Extensions/<id>/<version>/manifest.json`), and of Firefox (`extensions.json`). What Firefox \
        itself brings along is left out.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Glob("**/Extensions/*/*/manifest.json"),
        Pattern::Glob(
            "**/{firefox,.mozilla,Firefox,librewolf,.librewolf,Profiles}/**/extensions.json",
        ),
    ];

    fn read(entry: &Entry<'_>) -> Parsed<Vec<Extension>> {
        let text = String::from_utf8_lossy(entry.content);
        let document = match read_loose(&text) {
            Ok(document) => document,
            Err(problem) => return Parsed::failed(problem),
        };
        if entry.path.name() == "extensions.json" {
            return firefox(&document);
        }
        chrome(entry.path.as_str(), &document)
    }

    fn assemble(fragments: Vec<Located<Vec<Extension>>>, assembly: &mut Assembly<'_>) {
        for fragment in &fragments {
            for extension in &fragment.value {
                let occurrence = fragment.occurrence(OccurrenceKind::Installed, Self::ID);
                let mut package = Package::new(extension.purl.clone(), occurrence);
                package.description.clone_from(&extension.title);
                package.supplier.clone_from(&extension.author);
                assembly.inventory.add(package);
            }
        }
    }
}

fn text_of(value: &Loose<'_>, name: &str) -> Option<String> {
    let text = value.get(name)?.text()?.trim();
    (!text.is_empty() && !text.contains('\n')).then(|| text.to_owned())
}

fn chrome(path: &str, manifest: &Loose<'_>) -> Parsed<Vec<Extension>> {
    let mut folders = path.rsplit('/').skip(1);
    let (Some(_), Some(id)) = (folders.next(), folders.next()) else {
        return Parsed::not_mine();
    };
    let is_id = id.len() == 32 && id.bytes().all(|byte| (b'a'..=b'p').contains(&byte));
    if !is_id {
        return Parsed::not_mine();
    }
    let lower = path.to_ascii_lowercase();
    let kind = if lower.contains("microsoft-edge") || lower.contains("microsoft/edge") {
        "edge-extension"
    } else {
        "chrome-extension"
    };
    let Some(version) = text_of(manifest, "version") else {
        return Parsed::failed("the manifest of an extension has no version");
    };
    match PackageUrl::new(kind, None, id, Some(&version)) {
        Ok(purl) => Parsed::clean(vec![Extension {
            purl,
            // Names that are translated stand elsewhere: `__MSG_name__`.
            title: text_of(manifest, "name").filter(|name| !name.starts_with("__MSG_")),
            author: text_of(manifest, "author"),
        }]),
        Err(error) => Parsed::failed(error),
    }
}

fn firefox(document: &Loose<'_>) -> Parsed<Vec<Extension>> {
    let mut extensions = Vec::new();
    let mut problems = Vec::new();
    for addon in document.get("addons").map(Loose::items).unwrap_or_default() {
        let text = |name: &str| text_of(addon, name);
        let is_own = text("location").is_some_and(|place| {
            place.starts_with("app-builtin") || place.starts_with("app-system")
        });
        if is_own || text("type").as_deref() != Some("extension") {
            continue;
        }
        let Some(id) = text("id") else { continue };
        let locale = addon.get("defaultLocale");
        match PackageUrl::new("firefox-extension", None, &id, text("version").as_deref()) {
            Ok(purl) => extensions.push(Extension {
                purl,
                title: locale.and_then(|locale| text_of(locale, "name")),
                author: locale.and_then(|locale| text_of(locale, "creator")),
            }),
            Err(error) => problems.push(error.to_string()),
        }
    }
    Parsed {
        value: (!extensions.is_empty()).then_some(extensions),
        problems,
    }
}
