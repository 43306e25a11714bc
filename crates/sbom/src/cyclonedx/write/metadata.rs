//! What a document says of itself.

use super::{Writing, add_kept, component, hashes, license, party, properties, property};
use crate::document::{Family, PartyKind, Tool};
use crate::node::{Node, ObjectBuilder};

/// The metadata.
pub(super) fn metadata(writing: &mut Writing<'_>) -> Node {
    let document = writing.document;
    let metadata = &document.metadata;
    let kept = |name: &str| metadata.extensions.get(Family::CycloneDx, name).cloned();
    let mut node = ObjectBuilder::new();
    node.text("timestamp", metadata.timestamp.as_deref());
    match kept("lifecycles") {
        Some(lifecycles) => {
            node.set("lifecycles", lifecycles);
        }
        None => {
            let phases = metadata.lifecycles.iter().map(|phase| {
                let mut node = ObjectBuilder::new();
                node.set("phase", phase.as_str());
                node.build()
            });
            node.list("lifecycles", phases.collect());
        }
    }
    tools(&mut node, kept("tools"), writing);
    let authors = metadata.authors.iter().map(|author| {
        if author.kind == PartyKind::Organization {
            writing.losses.add(
                "whether the author of the document is an organisation",
                &author.name,
            );
        }
        party::person(author)
    });
    node.list("authors", authors.collect());
    if let Some(primary) = &metadata.primary {
        node.set(
            "component",
            component::component(primary, Vec::new(), writing),
        );
    }
    if let Some(manufacturer) = &metadata.manufacturer {
        let name = if writing.minor >= 6 {
            "manufacturer"
        } else {
            "manufacture"
        };
        node.set(name, party::organization(manufacturer));
    }
    if let Some(supplier) = &metadata.supplier {
        node.set("supplier", party::organization(supplier));
    }
    node.list(
        "licenses",
        license::licenses(&metadata.licenses, "the document", writing),
    );
    let mut all = properties(&document.properties);
    if let Some(name) = &metadata.name {
        all.push(property("linchpin:document:name", name));
    }
    if let Some(comment) = &metadata.comment {
        all.push(property("linchpin:document:comment", comment));
    }
    node.list("properties", all);
    add_kept(
        &mut node,
        &metadata.extensions,
        "the document",
        &mut writing.losses,
    );
    node.build()
}

fn tools(node: &mut ObjectBuilder, kept: Option<Node>, writing: &mut Writing<'_>) {
    let tools = &writing.document.metadata.tools;
    let old = writing.minor <= 4;
    match kept {
        // A list is still understood; the new form is not by old versions.
        Some(kept) if !old || kept.as_list().is_some() => {
            node.set("tools", kept);
        }
        Some(_) | None if old => {
            let list = tools.iter().map(|tool| {
                let mut node = ObjectBuilder::new();
                node.text("vendor", tool.vendor.as_deref());
                node.set("name", tool.name.as_str());
                node.text("version", tool.version.as_deref());
                node.list("hashes", hashes(&tool.hashes, &tool.name, writing));
                node.build()
            });
            let list: Vec<Node> = list.collect();
            node.list("tools", list);
        }
        Some(_) | None => {
            let list: Vec<Node> = tools.iter().map(tool_component).collect();
            if !list.is_empty() {
                let mut inner = ObjectBuilder::new();
                inner.set("components", Node::List(list));
                node.set("tools", inner.build());
            }
        }
    }
}

/// A program as a component.
pub(super) fn tool_component(tool: &Tool) -> Node {
    let mut node = ObjectBuilder::new();
    node.set("type", "application");
    node.text("publisher", tool.vendor.as_deref());
    node.set("name", tool.name.as_str());
    node.text("version", tool.version.as_deref());
    let list = tool.hashes.iter().filter_map(|hash| {
        let mut node = ObjectBuilder::new();
        node.set("alg", hash.algorithm.cyclonedx()?);
        node.set("content", hash.value.as_str());
        Some(node.build())
    });
    node.list("hashes", list.collect());
    node.build()
}
