//! Licences: expressions; whatever is none becomes a text of its own with a `LicenseRef-`.

use std::collections::{BTreeMap, BTreeSet};

use linchpin_model::LicenseExpression;

use super::super::{NO_ASSERTION, NONE};
use super::ids::made_of;
use crate::document::{Document, License, LicenseChoice, LicenseStanding, LicenseText, Losses};
use crate::node::{Node, ObjectBuilder};

/// The texts of a document, by what they are called.
#[derive(Debug)]
pub(super) struct Licenses {
    texts: Vec<LicenseText>,
    ids: BTreeSet<String>,
    /// The id of each name and text.
    by_name: BTreeMap<(String, Option<String>), String>,
}

impl Licenses {
    pub(super) fn new(document: &Document) -> Self {
        let texts = document.license_texts.clone();
        let ids = texts.iter().map(|text| text.id.clone()).collect();
        Self {
            texts,
            ids,
            by_name: BTreeMap::new(),
        }
    }

    /// What a field says: the licences of one standing.
    pub(super) fn field(
        &mut self,
        licenses: &[License],
        concluded: bool,
        whose: &str,
        losses: &mut Losses,
    ) -> String {
        let mut parts = Vec::new();
        for license in licenses {
            if (license.standing == LicenseStanding::Concluded) != concluded {
                continue;
            }
            match &license.choice {
                LicenseChoice::NoLicense => return NONE.to_owned(),
                LicenseChoice::Expression(text) => {
                    if license.text.is_some() {
                        losses.add("text of a listed licence", whose);
                    }
                    match LicenseExpression::parse(text) {
                        Ok(expression) => parts.push(expression.as_str().to_owned()),
                        Err(_) => parts.push(self.named(text, license)),
                    }
                }
                LicenseChoice::Name(name) => parts.push(self.named(name, license)),
            }
            for (family, name) in license.extensions.foreign(crate::document::Family::Spdx2) {
                losses.add(
                    format!("{} field `{name}` of a licence", family.label()),
                    whose,
                );
            }
            if !license.properties.is_empty() {
                losses.add("properties of a licence", whose);
            }
        }
        parts.dedup();
        match parts.as_slice() {
            [] => NO_ASSERTION.to_owned(),
            [one] => one.clone(),
            several => {
                losses.add(
                    "that licences are listed one by one (joined with AND)",
                    whose,
                );
                let wrapped: Vec<String> = several
                    .iter()
                    .map(|part| {
                        if part.contains(' ') {
                            format!("({part})")
                        } else {
                            part.clone()
                        }
                    })
                    .collect();
                wrapped.join(" AND ")
            }
        }
    }

    /// The id of a licence that is known by a name.
    fn named(&mut self, name: &str, license: &License) -> String {
        let key = (name.to_owned(), license.text.clone());
        if let Some(id) = self.by_name.get(&key) {
            return id.clone();
        }
        let stem = format!("LicenseRef-{}", made_of(name));
        let mut id = stem.clone();
        let mut number = 1;
        while self.ids.contains(&id) {
            number += 1;
            id = format!("{stem}-{number}");
        }
        self.ids.insert(id.clone());
        self.by_name.insert(key, id.clone());
        self.texts.push(LicenseText {
            id: id.clone(),
            name: Some(name.to_owned()),
            text: license.text.clone().unwrap_or_else(|| name.to_owned()),
            urls: license.url.iter().cloned().collect(),
            comment: None,
        });
        id
    }

    /// The texts.
    pub(super) fn texts(&self) -> Vec<Node> {
        self.texts
            .iter()
            .map(|text| {
                let mut node = ObjectBuilder::new();
                node.set("licenseId", text.id.as_str());
                node.set("extractedText", text.text.as_str());
                node.text("name", text.name.as_deref());
                node.list("seeAlsos", text.urls.iter().map(Node::text).collect());
                node.text("comment", text.comment.as_deref());
                node.build()
            })
            .collect()
    }
}
