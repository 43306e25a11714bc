//! Applications and frameworks of Apple's systems, by the `Info.plist` in their bundle:
//! <https://developer.apple.com/documentation/bundleresources/information-property-list>.
//!
//! There is no type of package URL for them; they are `generic` in the namespace `apple-bundle`, by
//! the identifier of the bundle, which is unique, where names are not.

use linchpin_model::{CatalogerId, OccurrenceKind, Package, PackageUrl};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::documents::property_list;

pub(super) static CATALOGER: AppleApp = AppleApp;

pub(super) struct AppleApp;

/// What a bundle says of itself.
#[derive(Debug)]
pub(in crate::catalogers) struct Bundle {
    identifier: String,
    version: Option<String>,
    name: Option<String>,
}

impl Cataloger for AppleApp {
    type Fragment = Bundle;
    const ID: CatalogerId = CatalogerId("apple-app");
    const DOCUMENTATION: &'static str = "Reads the `Info.plist` of applications and frameworks of Apple's systems \
        (`*.app/Contents`, `*.framework/Resources`, and `*.app` of mobile ones), in XML and in binary: their \
        identifier and version.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Suffix(".app/Contents/Info.plist"),
        Pattern::Suffix(".app/Info.plist"),
        Pattern::Suffix(".framework/Info.plist"),
        Pattern::Suffix(".framework/Resources/Info.plist"),
        Pattern::Glob("**/*.framework/Versions/*/Resources/Info.plist"),
    ];

    fn read(entry: &Entry<'_>) -> Parsed<Bundle> {
        let mut texts = match property_list::texts(entry.content) {
            Ok(texts) => texts,
            Err(problem) => return Parsed::failed(problem),
        };
        let mut text = |key: &str| texts.remove(key).filter(|text| !text.is_empty());
        // Templates of projects have variables in place of values.
        let is_final = |text: &String| !text.contains("$(") && !text.contains("${");
        let Some(identifier) = text("CFBundleIdentifier").filter(is_final) else {
            return Parsed::not_mine();
        };
        Parsed::clean(Bundle {
            identifier,
            version: text("CFBundleShortVersionString")
                .or_else(|| text("CFBundleVersion"))
                .filter(is_final),
            name: text("CFBundleDisplayName").or_else(|| text("CFBundleName")),
        })
    }

    fn assemble(fragments: Vec<Located<Bundle>>, assembly: &mut Assembly<'_>) {
        for fragment in fragments {
            let bundle = &fragment.value;
            let purl = PackageUrl::new(
                "generic",
                Some("apple-bundle"),
                &bundle.identifier,
                bundle.version.as_deref(),
            );
            match purl {
                Ok(purl) => {
                    let occurrence = fragment.occurrence(OccurrenceKind::Installed, Self::ID);
                    let mut package = Package::new(purl, occurrence);
                    package.description.clone_from(&bundle.name);
                    assembly.inventory.add(package);
                }
                Err(error) => assembly.inventory.note(fragment.note(error.to_string())),
            }
        }
    }
}
