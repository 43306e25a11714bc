//! Licences: an id where the schema knows it, else an expression, else a name.
//!
//! The schema lists the ids that there were when it was published, and a document with a newer
//! one is invalid; an expression may hold any. Up to CycloneDX 1.6 an expression stands alone.

use std::collections::HashSet;

use super::{Writing, add_kept, properties};
use crate::document::{License, LicenseChoice, LicenseStanding, LicenseText};
use crate::node::{Node, ObjectBuilder};
use crate::rules::is_license_id;

/// A licence list in the form that the schema wants for it.
pub(super) fn licenses(list: &[License], whose: &str, writing: &mut Writing<'_>) -> Vec<Node> {
    let alone = list.len() == 1 || writing.minor >= 7;
    list.iter()
        .filter_map(|license| {
            let mut node = ObjectBuilder::new();
            let mut inner = ObjectBuilder::new();
            match &license.choice {
                LicenseChoice::NoLicense => {
                    writing.losses.add("that there is no licence", whose);
                    return None;
                }
                LicenseChoice::Expression(text) if is_license_id(text) => {
                    inner.set("id", text.as_str());
                }
                LicenseChoice::Expression(text) => {
                    if let Some(known) = referenced(text, writing) {
                        inner.set("name", known.name.as_deref().unwrap_or(text));
                        add_text(&mut inner, &known.text);
                        inner.text("url", known.urls.first().map(String::as_str));
                    } else if alone {
                        node.set("expression", text.as_str());
                        standing(license, &mut node, whose, writing);
                        add_kept(&mut node, &license.extensions, whose, &mut writing.losses);
                        return Some(node.build());
                    } else {
                        writing.losses.add(
                            "licence expression beside other licences (written as a name)",
                            text,
                        );
                        inner.set("name", text.as_str());
                    }
                }
                LicenseChoice::Name(name) => {
                    inner.set("name", name.as_str());
                }
            }
            standing(license, &mut inner, whose, writing);
            if let Some(text) = &license.text {
                add_text(&mut inner, text);
            }
            if !inner.has("url") {
                inner.text("url", license.url.as_deref());
            }
            inner.list("properties", properties(&license.properties));
            add_kept(&mut inner, &license.extensions, whose, &mut writing.losses);
            node.set("license", inner.build());
            Some(node.build())
        })
        .collect()
}

fn add_text(inner: &mut ObjectBuilder, text: &str) {
    if !inner.has("text") && !text.is_empty() {
        let mut attachment = ObjectBuilder::new();
        attachment.set("content", text);
        inner.set("text", attachment.build());
    }
}

fn standing(license: &License, node: &mut ObjectBuilder, whose: &str, writing: &mut Writing<'_>) {
    let word = match license.standing {
        LicenseStanding::Unsaid => return,
        LicenseStanding::Declared => "declared",
        LicenseStanding::Concluded => "concluded",
    };
    if writing.minor >= 6 {
        node.set("acknowledgement", word);
    } else if license.standing == LicenseStanding::Concluded {
        writing
            .losses
            .add("that a licence is concluded, not declared", whose);
    }
}

/// The text of a licence that is no more than a reference to it.
fn referenced<'a>(expression: &str, writing: &Writing<'a>) -> Option<&'a LicenseText> {
    if !expression.starts_with("LicenseRef-") || expression.contains(' ') {
        return None;
    }
    writing.texts.get(expression).copied()
}

/// Says which texts are of licences that stand in expressions, where there is no room for them.
pub(super) fn unused_texts(writing: &mut Writing<'_>) {
    let document = writing.document;
    if document.license_texts.is_empty() {
        return;
    }
    let alone: HashSet<&str> = document
        .all_components()
        .flat_map(|component| &component.licenses)
        .map(|license| license.choice.as_str())
        .collect();
    for text in &document.license_texts {
        if !alone.contains(text.id.as_str()) {
            writing.losses.add("text of a licence", &text.id);
        }
    }
}
