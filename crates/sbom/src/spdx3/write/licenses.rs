//! Licences, each once.

use std::collections::{BTreeMap, BTreeSet};

use super::CREATION;
use crate::document::{Document, License, LicenseChoice, LicenseText};
use crate::node::{Node, ObjectBuilder};

/// Those that are mentioned, with their numbers.
#[derive(Debug, Default)]
pub(super) struct Licenses {
    expressions: BTreeMap<String, usize>,
    /// Named ones, with their texts.
    named: BTreeMap<(String, Option<String>), usize>,
    /// The texts that an expression refers to: id, name and text.
    texts: BTreeMap<String, (Option<String>, String)>,
    /// The texts that the document has.
    known: BTreeMap<String, LicenseText>,
}

/// The references to licences of its own that an expression has.
fn references(text: &str) -> impl Iterator<Item = &str> {
    text.split(|next: char| next.is_whitespace() || matches!(next, '(' | ')' | '+'))
        .filter(|word| word.starts_with("LicenseRef-"))
}

impl Licenses {
    /// The id of a licence.
    pub(super) fn id(&mut self, license: &License, document: &Document, base: &str) -> Node {
        match &license.choice {
            LicenseChoice::NoLicense => Node::text("expandedlicensing_NoneLicense"),
            LicenseChoice::Expression(text) if license.text.is_none() => {
                if self.known.is_empty() {
                    let texts = document.license_texts.iter();
                    self.known = texts
                        .map(|known| (known.id.clone(), known.clone()))
                        .collect();
                }
                for id in references(text) {
                    if let Some(known) = self.known.get(id) {
                        let value = (known.name.clone(), known.text.clone());
                        self.texts.entry(known.id.clone()).or_insert(value);
                    }
                }
                let next = self.expressions.len();
                let number = *self.expressions.entry(text.clone()).or_insert(next);
                Node::Text(format!("{base}#license-{number}"))
            }
            LicenseChoice::Expression(name) | LicenseChoice::Name(name) => {
                let next = self.named.len();
                let key = (name.clone(), license.text.clone());
                let number = *self.named.entry(key).or_insert(next);
                Node::Text(format!("{base}#named-license-{number}"))
            }
        }
    }

    /// The elements.
    pub(super) fn elements(&self, base: &str) -> Vec<Node> {
        let element = |kind: &str, id: String| {
            let mut node = ObjectBuilder::new();
            node.set("type", kind)
                .set("spdxId", id)
                .set("creationInfo", CREATION);
            node
        };
        let mut list = Vec::new();
        let mut expressions: Vec<(&String, &usize)> = self.expressions.iter().collect();
        expressions.sort_by_key(|(_, number)| **number);
        for (text, number) in expressions {
            let mut node = element(
                "simplelicensing_LicenseExpression",
                format!("{base}#license-{number}"),
            );
            node.set("simplelicensing_licenseExpression", text.as_str());
            let ids: BTreeSet<&str> = references(text)
                .filter(|id| self.texts.contains_key(*id))
                .collect();
            let custom = ids.into_iter().map(|id| {
                let mut entry = ObjectBuilder::new();
                entry
                    .set("type", "DictionaryEntry")
                    .set("key", id)
                    .set("value", format!("{base}#{id}"));
                entry.build()
            });
            node.list("simplelicensing_customIdToUri", custom.collect());
            list.push(node.build());
        }
        for (id, (name, text)) in &self.texts {
            let mut node = element(
                "simplelicensing_SimpleLicensingText",
                format!("{base}#{id}"),
            );
            node.text("name", name.as_deref());
            node.set("simplelicensing_licenseText", text.as_str());
            list.push(node.build());
        }
        let mut named: Vec<_> = self.named.iter().collect();
        named.sort_by_key(|(_, number)| **number);
        for ((name, text), number) in named {
            let mut node = element(
                "expandedlicensing_CustomLicense",
                format!("{base}#named-license-{number}"),
            );
            node.set("name", name.as_str());
            node.set(
                "simplelicensing_licenseText",
                text.as_deref().unwrap_or(name),
            );
            list.push(node.build());
        }
        list
    }
}
