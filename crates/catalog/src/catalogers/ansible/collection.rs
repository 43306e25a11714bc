//! Descriptions of collections: `galaxy.yml`, and `MANIFEST.json` that is made of it:
//! <https://docs.ansible.com/ansible/latest/dev_guide/collections_galaxy_meta.html>.

use linchpin_model::LicenseExpression;

use super::{Collection, Fragment};
use crate::cataloger::Parsed;
use crate::documents::json::{Loose, read_loose};
use crate::documents::yaml::read_documents;

pub(super) fn read_galaxy(text: &str) -> Parsed<Fragment> {
    match read_documents(text) {
        Ok(documents) => match documents.first().and_then(collection) {
            Some(collection) => Parsed::clean(Fragment::Collection(Box::new(collection))),
            // Another tool has files of this name, too.
            None => Parsed::not_mine(),
        },
        Err(problem) => Parsed::failed(problem),
    }
}

pub(super) fn read_manifest(text: &str) -> Parsed<Fragment> {
    match read_loose(text) {
        Ok(document) => match document.get("collection_info").and_then(collection) {
            Some(collection) => Parsed::clean(Fragment::Collection(Box::new(collection))),
            None => Parsed::failed("it is no manifest of a collection: it has no name"),
        },
        Err(problem) => Parsed::failed(problem),
    }
}

fn collection(document: &Loose<'_>) -> Option<Collection> {
    let text = |name: &str| {
        let text = document.get(name)?.text()?.trim();
        (!text.is_empty()).then(|| text.to_owned())
    };
    let list = |name: &str| document.get(name).map(Loose::items).unwrap_or_default();
    let licenses = list("license")
        .iter()
        .filter_map(Loose::text)
        .map(|license| LicenseExpression::parse(license).ok());
    let dependencies = document
        .get("dependencies")
        .map(Loose::members)
        .unwrap_or_default();
    Some(Collection {
        namespace: text("namespace")?,
        name: text("name")?,
        version: text("version"),
        license: licenses
            .collect::<Option<Vec<_>>>()
            .and_then(LicenseExpression::and),
        author: list("authors")
            .iter()
            .find_map(Loose::text)
            .map(str::to_owned),
        description: text("description").filter(|text| !text.contains('\n')),
        download: text("repository")
            .filter(|address| address.starts_with("https://") && !address.contains('@')),
        dependencies: dependencies
            .iter()
            .map(|(name, version)| {
                (
                    name.to_string(),
                    version.text().unwrap_or_default().to_owned(),
                )
            })
            .collect(),
    })
}
