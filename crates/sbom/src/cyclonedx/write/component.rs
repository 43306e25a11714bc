//! Components.

use super::{Writing, add_kept, hashes, license, party, properties, property};
use crate::document::{
    Component, ComponentKind, ComponentScope, Family, IdentifierKind, PartyKind,
};
use crate::node::{Node, ObjectBuilder};

/// A component with what is in it: its own nested ones, and `inside`.
pub(super) fn component(found: &Component, inside: Vec<Node>, writing: &mut Writing<'_>) -> Node {
    let whose = if found.reference.is_empty() {
        found.name.as_str()
    } else {
        &found.reference
    };
    let mut own = Vec::new();
    let mut node = ObjectBuilder::new();
    if !found.reference.is_empty() {
        node.set("bom-ref", found.reference.as_str());
    }
    node.set("type", kind(found, writing));
    node.text("mime-type", found.media_type.as_deref());
    if let Some(supplier) = &found.supplier {
        if supplier.kind == PartyKind::Person {
            writing
                .losses
                .add("whether a supplier is a person", &supplier.name);
        }
        node.set("supplier", party::organization(supplier));
    }
    if let Some(manufacturer) = &found.manufacturer {
        node.set("manufacturer", party::organization(manufacturer));
    }
    authors(found, &mut node, writing);
    node.text("publisher", found.publisher.as_deref());
    node.text("group", found.group.as_deref());
    node.set("name", found.name.as_str());
    match &found.version {
        Some(version) => {
            node.set("version", version.as_str());
        }
        // Old versions want one, and an empty one is how they say that there is none.
        None if writing.minor <= 3 => {
            node.set("version", "");
        }
        None => {}
    }
    match (&found.description, &found.summary) {
        (Some(description), summary) => {
            node.set("description", description.as_str());
            if let Some(summary) = summary {
                own.push(property("linchpin:summary", summary));
            }
        }
        (None, Some(summary)) => {
            node.set("description", summary.as_str());
            writing.losses.add("that a description is a summary", whose);
        }
        (None, None) => {}
    }
    if let Some(scope) = found.scope {
        node.set(
            "scope",
            match scope {
                ComponentScope::Required => "required",
                ComponentScope::Optional | ComponentScope::Provided => "optional",
                _ => "excluded",
            },
        );
        let exact = [
            ComponentScope::Required,
            ComponentScope::Optional,
            ComponentScope::Excluded,
        ];
        if !exact.contains(&scope) {
            own.push(property("linchpin:scope", scope.label()));
        }
    }
    node.list("hashes", hashes(&found.hashes, whose, writing));
    node.list(
        "licenses",
        license::licenses(&found.licenses, whose, writing),
    );
    node.text("copyright", found.copyright.as_deref());
    identifiers(found, &mut node, &mut own, writing);
    if let Some(source) = &found.source {
        own.push(property("linchpin:source:name", &source.name));
        if let Some(version) = &source.version {
            own.push(property("linchpin:source:version", version));
        }
    }
    if let Some(name) = &found.file_name {
        own.push(property("linchpin:file-name", name));
    }
    references(found, &mut node, whose, writing);
    let mut all = properties(&found.properties);
    all.extend(own);
    let mut inner: Vec<Node> = found
        .components
        .iter()
        .map(|nested| component(nested, Vec::new(), writing))
        .collect();
    inner.extend(inside);
    node.list("components", inner);
    evidence(found, &mut node, &mut all, writing);
    if writing.minor >= 3 {
        node.list("properties", all);
    } else if let Some(first) = all.first() {
        writing
            .losses
            .add("property", first.str_of("name").unwrap_or_default());
    }
    add_kept(&mut node, &found.extensions, whose, &mut writing.losses);
    node.build()
}

fn kind(found: &Component, writing: &mut Writing<'_>) -> &'static str {
    let newest = |kind: ComponentKind| match kind {
        ComponentKind::CryptographicAsset => 6,
        ComponentKind::Platform
        | ComponentKind::DeviceDriver
        | ComponentKind::MachineLearningModel
        | ComponentKind::Data => 5,
        _ => 2,
    };
    match found.kind.cyclonedx() {
        Some(word) if newest(found.kind) <= writing.minor => word,
        word => {
            let instead = match found.kind {
                ComponentKind::DeviceDriver => "firmware",
                ComponentKind::Platform | ComponentKind::Executable => "application",
                ComponentKind::Data
                | ComponentKind::MachineLearningModel
                | ComponentKind::Bom
                | ComponentKind::Configuration
                | ComponentKind::Documentation
                | ComponentKind::Evidence
                | ComponentKind::Manifest
                | ComponentKind::Patch
                | ComponentKind::Specification
                | ComponentKind::Archive
                | ComponentKind::DiskImage
                | ComponentKind::FilesystemImage => "file",
                _ => "library",
            };
            let what = if found.kind == ComponentKind::Unspecified {
                format!("that the type of a component is unknown (written as {instead})")
            } else {
                let word = word.unwrap_or(found.kind.label());
                format!("type `{word}` (written as {instead})")
            };
            writing.losses.add(what, found.full_name());
            instead
        }
    }
}

fn authors(found: &Component, node: &mut ObjectBuilder, writing: &mut Writing<'_>) {
    if found.authors.is_empty() {
        return;
    }
    if writing.minor >= 6 {
        let (unknown, known): (Vec<_>, Vec<_>) = found.authors.iter().partition(|author| {
            author.kind == PartyKind::Unknown && author.email.is_none() && author.phone.is_none()
        });
        for author in &known {
            if author.kind == PartyKind::Organization {
                writing
                    .losses
                    .add("whether an author is an organisation", &author.name);
            }
        }
        let mut list: Vec<Node> = known.into_iter().map(party::person).collect();
        match unknown.as_slice() {
            [one] => {
                node.set("author", one.name.as_str());
            }
            several => list.extend(several.iter().map(|author| party::person(author))),
        }
        node.list("authors", list);
        return;
    }
    let lines: Vec<String> = found
        .authors
        .iter()
        .map(crate::document::Party::line)
        .collect();
    if found.authors.len() > 1 || found.authors.iter().any(|author| author.email.is_some()) {
        writing.losses.add(
            "authors one by one (written in one line)",
            found.full_name(),
        );
    }
    node.set("author", lines.join(", "));
}

fn identifiers(
    found: &Component,
    node: &mut ObjectBuilder,
    own: &mut Vec<Node>,
    writing: &mut Writing<'_>,
) {
    let mut gitoids = Vec::new();
    let mut swhids = Vec::new();
    for identifier in &found.identifiers {
        let value = identifier.value.as_str();
        match &identifier.kind {
            IdentifierKind::Cpe22 | IdentifierKind::Cpe23 if !node.has("cpe") => {
                node.set("cpe", value);
            }
            IdentifierKind::Cpe22 | IdentifierKind::Cpe23 => {
                own.push(property("linchpin:cpe", value));
            }
            IdentifierKind::Purl => own.push(property("linchpin:purl", value)),
            IdentifierKind::Gitoid if writing.minor >= 6 => gitoids.push(Node::text(value)),
            IdentifierKind::Swhid if writing.minor >= 6 => swhids.push(Node::text(value)),
            IdentifierKind::Swid
                if !node.has("swid")
                    && found.extensions.get(Family::CycloneDx, "swid").is_none() =>
            {
                let mut tag = ObjectBuilder::new();
                tag.set("tagId", value).set("name", found.name.as_str());
                node.set("swid", tag.build());
            }
            other => {
                let kind = match other {
                    IdentifierKind::Gitoid => "gitoid",
                    IdentifierKind::Swhid => "swhid",
                    IdentifierKind::Swid => "swid",
                    IdentifierKind::Other(kind) => kind,
                    _ => "cpe",
                };
                own.push(property(&format!("linchpin:identifier:{kind}"), value));
            }
        }
    }
    node.text("purl", found.purl.as_deref());
    node.list("omniborId", gitoids);
    node.list("swhid", swhids);
}

fn references(found: &Component, node: &mut ObjectBuilder, whose: &str, writing: &mut Writing<'_>) {
    let simple = |kind: &str, url: &str| {
        let mut node = ObjectBuilder::new();
        node.set("type", kind).set("url", url);
        node.build()
    };
    let mut list = Vec::new();
    list.extend(found.homepage.as_deref().map(|url| simple("website", url)));
    list.extend(
        found
            .download
            .as_deref()
            .map(|url| simple("distribution", url)),
    );
    for reference in &found.external_references {
        let mut node = ObjectBuilder::new();
        // What has a category is a word of SPDX 2.
        let foreign = reference.kind.contains('/');
        node.set("type", if foreign { "other" } else { &reference.kind });
        node.set("url", reference.url.as_str());
        if foreign && reference.comment.is_none() {
            node.set("comment", reference.kind.as_str());
        } else {
            node.text("comment", reference.comment.as_deref());
        }
        if foreign {
            writing.losses.add(
                format!("external reference `{}` (written as other)", reference.kind),
                whose,
            );
        }
        let hashes = hashes(&reference.hashes, whose, writing);
        if writing.minor >= 3 {
            node.list("hashes", hashes);
        }
        list.push(node.build());
    }
    list.extend(
        found
            .extensions
            .of(Family::CycloneDx)
            .filter(|(name, _)| *name == "externalReferences")
            .map(|(_, value)| value.clone()),
    );
    node.list("externalReferences", list);
}

fn evidence(
    found: &Component,
    node: &mut ObjectBuilder,
    own: &mut Vec<Node>,
    writing: &mut Writing<'_>,
) {
    let kept = found.extensions.get(Family::CycloneDx, "evidence");
    if writing.minor <= 4 {
        own.extend(found.occurrences.iter().map(|occurrence| {
            let context = occurrence
                .context
                .as_deref()
                .map(|context| format!(" ({context})"));
            let value = format!("{}{}", occurrence.location, context.unwrap_or_default());
            property("linchpin:occurrence", &value)
        }));
        if let Some(kept) = kept {
            node.set("evidence", kept.clone());
        }
        return;
    }
    let mut occurrences: Vec<Node> = found
        .occurrences
        .iter()
        .map(|occurrence| {
            let mut node = ObjectBuilder::new();
            node.set("location", occurrence.location.as_str());
            if writing.minor >= 6 {
                if let Some(line) = occurrence.line {
                    node.set("line", line);
                }
                node.text("symbol", occurrence.symbol.as_deref());
                node.text("additionalContext", occurrence.context.as_deref());
            } else if occurrence.context.is_some() || occurrence.line.is_some() {
                writing
                    .losses
                    .add("what is known of an occurrence", &occurrence.location);
            }
            node.build()
        })
        .collect();
    let mut evidence = ObjectBuilder::new();
    for (name, value) in kept.and_then(Node::as_object).into_iter().flatten() {
        if name == "occurrences" {
            occurrences.extend(value.as_list().unwrap_or_default().iter().cloned());
        } else {
            evidence.set(name.clone(), value.clone());
        }
    }
    evidence.list("occurrences", occurrences);
    if !evidence.is_empty() {
        node.set("evidence", evidence.build());
    }
}
