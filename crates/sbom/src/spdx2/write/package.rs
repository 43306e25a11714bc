//! Packages and files.

use super::super::NO_ASSERTION;
use super::super::contained_files::{Analysed, FROM_FILES, IN_FILE, nothing_known};
use super::super::read::BUILT_FROM;
use super::{Writing, annotation, foreign, own_annotation, party, property};
use crate::document::{Component, ComponentKind, Family, Hash, IdentifierKind};
use crate::node::{Node, ObjectBuilder};
use crate::spdx_names;
use crate::validation::spdx2_values;

/// The field for the code of the files in a package.
const CODE: &str = "packageVerificationCode";

/// A package.
pub(super) fn package(found: &Component, writing: &mut Writing<'_>) -> Node {
    let whose = found.full_name();
    let mut own: Vec<String> = Vec::new();
    let mut node = ObjectBuilder::new();
    node.set("SPDXID", writing.ids.of(found));
    let (name, group) = spdx_names::joined(found);
    node.set("name", name);
    own.extend(group.map(|group| property("linchpin:group", &group)));
    node.text("versionInfo", found.version.as_deref());
    node.text("packageFileName", found.file_name.as_deref());
    if let Some(supplier) = &found.supplier {
        node.set("supplier", party::text(supplier, &mut writing.losses));
    }
    let mut authors = found.authors.iter();
    if let Some(author) = authors.next() {
        node.set("originator", party::text(author, &mut writing.losses));
    }
    for author in authors {
        writing.losses.add("further author", author.line());
    }
    let download = address(
        found.download.as_deref(),
        "download location",
        &whose,
        writing,
    );
    node.set("downloadLocation", download.unwrap_or(NO_ASSERTION));
    let kept = |name: &str| found.extensions.get(Family::Spdx2, name).is_some();
    let analysed = writing.contained.analysed(found);
    if !kept("filesAnalyzed") && (analysed.is_some() || !kept(CODE)) {
        node.set("filesAnalyzed", Node::Bool(analysed.is_some()));
    }
    if let Some(code) = analysed.as_ref().and_then(Analysed::verification)
        && !kept(CODE)
    {
        node.set(CODE, code);
    }
    if let Some(analysed) = &analysed
        && !kept(FROM_FILES)
    {
        node.list(FROM_FILES, analysed.licenses(writing.old));
    }
    node.list("checksums", hashes(&found.hashes, &whose, writing));
    let homepage = address(found.homepage.as_deref(), "home page", &whose, writing);
    node.text("homepage", homepage);
    if let Some(source) = &found.source {
        let version = source
            .version
            .as_deref()
            .map(|version| format!(" {version}"));
        node.set(
            "sourceInfo",
            format!("{BUILT_FROM}{}{}", source.name, version.unwrap_or_default()),
        );
    }
    let concluded = writing
        .licenses
        .field(&found.licenses, true, &whose, &mut writing.losses);
    let declared = writing
        .licenses
        .field(&found.licenses, false, &whose, &mut writing.losses);
    node.set("licenseConcluded", concluded);
    node.set("licenseDeclared", declared);
    node.set(
        "copyrightText",
        found.copyright.as_deref().unwrap_or(NO_ASSERTION),
    );
    node.text("summary", found.summary.as_deref());
    node.text("description", found.description.as_deref());
    node.list("externalRefs", external_references(found, &whose, writing));
    purpose(found, &mut node, &mut own, writing);
    if let Some(scope) = found.scope {
        own.push(property("linchpin:scope", scope.label()));
    }
    if let Some(publisher) = &found.publisher {
        own.push(property("linchpin:publisher", publisher));
    }
    if let Some(media_type) = &found.media_type {
        own.push(property("linchpin:media-type", media_type));
    }
    if let Some(manufacturer) = &found.manufacturer {
        writing
            .losses
            .add("manufacturer of a component", &manufacturer.name);
    }
    rest(found, own, &mut node, &whose, writing);
    node.build()
}

/// The address, if it is one as the specification wants it.
fn address<'a>(
    text: Option<&'a str>,
    what: &str,
    whose: &str,
    writing: &mut Writing<'_>,
) -> Option<&'a str> {
    let text = text?;
    if spdx2_values::download(text).is_some() {
        let loss = format!("{what} that is no address");
        writing.losses.add(loss, whose);
        return None;
    }
    Some(text)
}

/// A file.
pub(super) fn file(found: &Component, writing: &mut Writing<'_>) -> Node {
    let whose = found.name.clone();
    let mut node = ObjectBuilder::new();
    node.set("SPDXID", writing.ids.of(found));
    node.set("fileName", found.name.as_str());
    node.list("checksums", hashes(&found.hashes, &whose, writing));
    let concluded = writing
        .licenses
        .field(&found.licenses, true, &whose, &mut writing.losses);
    node.set("licenseConcluded", concluded);
    if found.extensions.get(Family::Spdx2, IN_FILE).is_none() {
        node.list(IN_FILE, nothing_known(writing.old));
    }
    node.set(
        "copyrightText",
        found.copyright.as_deref().unwrap_or(NO_ASSERTION),
    );
    let mut own = Vec::new();
    if let Some(scope) = found.scope {
        own.push(property("linchpin:scope", scope.label()));
    }
    if let Some(publisher) = &found.publisher {
        own.push(property("linchpin:publisher", publisher));
    }
    if let Some(media_type) = &found.media_type {
        own.push(property("linchpin:media-type", media_type));
    }
    if let Some(manufacturer) = &found.manufacturer {
        writing
            .losses
            .add("manufacturer of a component", &manufacturer.name);
    }
    rest(found, own, &mut node, &whose, writing);
    node.build()
}

/// What both have: what is kept, and annotations.
fn rest(
    found: &Component,
    mut own: Vec<String>,
    node: &mut ObjectBuilder,
    whose: &str,
    writing: &mut Writing<'_>,
) {
    // What only 2.3 has.
    let new = |name: &str| matches!(name, "builtDate" | "releaseDate" | "validUntilDate");
    let old = writing.old;
    let kept = || found.extensions.of(Family::Spdx2);
    if old {
        for (name, _) in kept().filter(|(name, _)| new(name)) {
            writing.losses.add(format!("field `{name}`"), whose);
        }
    }
    node.add_missing(kept().filter(|(name, _)| !(old && new(name))));
    foreign(&found.extensions, whose, &mut writing.losses);
    for occurrence in &found.occurrences {
        // Without a context, a place that ends like one would be misread.
        let context = match &occurrence.context {
            Some(context) => format!(" ({context})"),
            None if occurrence.location.ends_with(')') => " ()".to_owned(),
            None => String::new(),
        };
        own.push(format!("found at {}{context}", occurrence.location));
        if occurrence.line.is_some() || occurrence.symbol.is_some() {
            writing
                .losses
                .add("line or symbol of an occurrence", &occurrence.location);
        }
    }
    own.extend(
        found
            .properties
            .iter()
            .map(|found| property(&found.name, &found.value)),
    );
    let mut annotations: Vec<Node> = own
        .iter()
        .map(|text| own_annotation(text, &writing.moment))
        .collect();
    let said = writing.annotations.get(found.reference.as_str());
    annotations.extend(
        said.into_iter()
            .flatten()
            .map(|said| annotation(said, &writing.moment)),
    );
    node.list("annotations", annotations);
}

fn purpose(
    found: &Component,
    node: &mut ObjectBuilder,
    own: &mut Vec<String>,
    writing: &mut Writing<'_>,
) {
    match found.kind.spdx2() {
        _ if found.kind == ComponentKind::Unspecified => {}
        Some(word) if !writing.old => {
            node.set("primaryPackagePurpose", word);
        }
        // An annotation says what the field can not.
        _ => {
            own.push(property("linchpin:type", found.kind.label()));
            if !writing.old {
                node.set("primaryPackagePurpose", "OTHER");
            }
        }
    }
}

fn hashes(list: &[Hash], whose: &str, writing: &mut Writing<'_>) -> Vec<Node> {
    list.iter()
        .filter_map(|hash| {
            let name = hash.algorithm.spdx2().filter(|name| {
                let new =
                    name.starts_with("SHA3") || name.starts_with("BLAKE") || *name == "ADLER32";
                !(writing.old && new)
            });
            let Some(name) = name else {
                writing
                    .losses
                    .add(format!("{} hash", hash.algorithm.label()), whose);
                return None;
            };
            let mut node = ObjectBuilder::new();
            node.set("algorithm", name)
                .set("checksumValue", hash.value.as_str());
            Some(node.build())
        })
        .collect()
}

fn external_references(found: &Component, whose: &str, writing: &mut Writing<'_>) -> Vec<Node> {
    let manager = if writing.old {
        "PACKAGE_MANAGER"
    } else {
        "PACKAGE-MANAGER"
    };
    let persistent = if writing.old {
        "PERSISTENT_ID"
    } else {
        "PERSISTENT-ID"
    };
    let mut list = Vec::new();
    let mut add = |category: &str, kind: &str, locator: &str, comment: Option<&str>| {
        let mut node = ObjectBuilder::new();
        node.set("referenceCategory", category)
            .set("referenceType", kind)
            .set("referenceLocator", locator)
            .text("comment", comment);
        list.push(node.build());
    };
    if let Some(purl) = &found.purl {
        add(manager, "purl", purl, None);
    }
    for identifier in &found.identifiers {
        let value = identifier.value.as_str();
        match &identifier.kind {
            IdentifierKind::Cpe22 => add("SECURITY", "cpe22Type", value, None),
            IdentifierKind::Cpe23 => add("SECURITY", "cpe23Type", value, None),
            IdentifierKind::Purl => add(manager, "purl", value, None),
            IdentifierKind::Swid => add("SECURITY", "swid", value, None),
            IdentifierKind::Swhid => add(persistent, "swh", value, None),
            IdentifierKind::Gitoid => add(persistent, "gitoid", value, None),
            IdentifierKind::Other(kind) => {
                add("OTHER", &format!("linchpin-id-{kind}"), value, None);
            }
        }
    }
    for reference in &found.external_references {
        let comment = reference.comment.as_deref();
        match reference.kind.split_once('/') {
            Some((category, kind))
                if ["PACKAGE-MANAGER", "SECURITY", "PERSISTENT-ID", "OTHER"]
                    .contains(&category) =>
            {
                let category = if writing.old {
                    category.replace('-', "_")
                } else {
                    category.to_owned()
                };
                add(&category, kind, &reference.url, comment);
            }
            _ => add(
                "OTHER",
                &format!("linchpin-{}", reference.kind),
                &reference.url,
                comment,
            ),
        }
        if !reference.hashes.is_empty() {
            writing.losses.add("hash of an external reference", whose);
        }
    }
    list
}
