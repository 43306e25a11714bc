//! What a document says of itself.

use super::component::{component, licenses};
use super::{hashes, keep_rest, party, properties, simple_tool};
use crate::document::{Document, Family, Tool};
use crate::node::Node;

/// Understands the metadata.
pub(super) fn metadata(mut node: Node, document: &mut Document) {
    let metadata = &mut document.metadata;
    metadata.timestamp = node.take_text("timestamp");
    metadata.authors = node
        .take_list("authors")
        .iter()
        .filter_map(party::person)
        .collect();
    if let Some(tools) = node.take("tools") {
        let (known, complete) = understood(&tools);
        metadata.tools = known;
        if !complete {
            metadata.extensions.keep(Family::CycloneDx, "tools", tools);
        }
    }
    metadata.supplier = node.take("supplier").as_ref().and_then(party::organization);
    let maker = node
        .take("manufacturer")
        .or_else(|| node.take("manufacture"));
    metadata.manufacturer = maker.as_ref().and_then(party::organization);
    metadata.primary = node.take("component").and_then(component);
    metadata.licenses = licenses(node.take_list("licenses"));
    let lifecycles = node.take_list("lifecycles");
    if lifecycles
        .iter()
        .all(|phase| phase.str_of("phase").is_some())
    {
        metadata.lifecycles = lifecycles
            .iter()
            .filter_map(|phase| phase.str_of("phase"))
            .map(str::to_owned)
            .collect();
    } else {
        metadata
            .extensions
            .keep(Family::CycloneDx, "lifecycles", Node::List(lifecycles));
    }
    let mut all = properties(&node.take_list("properties"));
    all.retain(|property| match property.name.as_str() {
        "linchpin:document:name" => {
            metadata.name = Some(property.value.clone());
            false
        }
        "linchpin:document:comment" => {
            metadata.comment = Some(property.value.clone());
            false
        }
        _ => true,
    });
    document.properties = all;
    keep_rest(node, &mut document.metadata.extensions);
}

/// The tools, in the old form (a list) and the new one (components and services), and whether
/// everything about them is understood.
fn understood(tools: &Node) -> (Vec<Tool>, bool) {
    if let Some(list) = tools.as_list() {
        let mut complete = true;
        let known = list
            .iter()
            .filter_map(|tool| {
                let simple = |name: &str| matches!(name, "vendor" | "name" | "version" | "hashes");
                complete &= tool
                    .as_object()
                    .is_some_and(|fields| fields.iter().all(|(name, _)| simple(name)));
                Some(Tool {
                    vendor: tool.str_of("vendor").map(str::to_owned),
                    name: tool.str_of("name")?.to_owned(),
                    version: tool.str_of("version").map(str::to_owned),
                    hashes: hashes(tool.list_of("hashes")),
                })
            })
            .collect();
        return (known, complete);
    }
    let mut complete = tools.list_of("services").is_empty();
    let known = tools
        .list_of("components")
        .iter()
        .filter_map(|node| {
            if let Some(tool) = simple_tool(node) {
                return Some(tool);
            }
            complete = false;
            let maker = node.get("manufacturer").or_else(|| node.get("supplier"));
            let vendor = [
                node.str_of("publisher"),
                maker.and_then(|maker| maker.str_of("name")),
                node.str_of("author"),
                node.str_of("group"),
            ];
            Some(Tool {
                vendor: vendor.into_iter().flatten().next().map(str::to_owned),
                name: node.str_of("name")?.to_owned(),
                version: node.str_of("version").map(str::to_owned),
                hashes: hashes(node.list_of("hashes")),
            })
        })
        .collect();
    (known, complete)
}
