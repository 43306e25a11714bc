//! SPDX 3.

use super::references::{Containment, Ids};
use super::{Problem, structure, values};
use crate::node::Node;
use crate::rules;

/// The version, and what is wrong.
pub(super) fn check(node: &Node) -> (String, Vec<Problem>) {
    let rules = rules::spdx_3_0_1();
    let (elements, mut problems) = match node.get("@graph") {
        Some(graph) => (
            graph.as_list().unwrap_or_default().to_vec(),
            structure(rules, "document", node),
        ),
        None => {
            // A document of one element has no graph.
            let mut alone = node.clone();
            alone.take("@context");
            let problems = structure(rules, "AnyClass", &alone);
            (vec![alone], problems)
        }
    };
    let version = elements
        .iter()
        .find(|element| element.str_of("type") == Some("CreationInfo"))
        .and_then(|element| element.str_of("specVersion"))
        .unwrap_or("3.0")
        .to_owned();
    meaning(&elements, &mut problems);
    (version, problems)
}

/// Fields whose texts name elements.
const REFERENCES: [&str; 9] = [
    "creationInfo",
    "from",
    "to",
    "element",
    "rootElement",
    "createdBy",
    "suppliedBy",
    "originatedBy",
    "subject",
];

fn meaning(elements: &[Node], problems: &mut Vec<Problem>) {
    let mut ids = Ids::default();
    let mut containment = Containment::default();
    for (index, element) in elements.iter().enumerate() {
        let place = format!("/@graph/{index}");
        if let Some(id) = element.str_of("spdxId").or_else(|| element.str_of("@id")) {
            ids.take(id, place, problems);
        }
        for import in element.list_of("import") {
            if let Some(id) = import.str_of("externalSpdxId").filter(|id| !ids.has(id)) {
                ids.take(id, format!("/@graph/{index}/import"), problems);
            }
        }
    }
    for (index, element) in elements.iter().enumerate() {
        let place = format!("/@graph/{index}");
        for name in REFERENCES {
            let value = element.get(name);
            let list = match value {
                Some(Node::List(list)) => list.as_slice(),
                Some(one) => std::slice::from_ref(one),
                None => &[],
            };
            for id in list.iter().filter_map(Node::as_str) {
                // The individuals of the specification are everywhere.
                let individual = !id.contains(':')
                    || id.starts_with("https://spdx.org/")
                    || id.starts_with("spdx:");
                if !individual {
                    ids.want(id, format!("{place}/{name}"), problems);
                }
            }
        }
        if element.str_of("relationshipType") == Some("contains")
            && let Some(whole) = element.str_of("from")
        {
            for part in element.list_of("to").iter().filter_map(Node::as_str) {
                containment.add(whole, part);
            }
        }
        if let Some(text) = element.str_of("software_packageUrl").and_then(values::purl) {
            problems.push(Problem::new(format!("{place}/software_packageUrl"), text));
        }
        if let Some(text) = element
            .str_of("simplelicensing_licenseExpression")
            .and_then(values::license)
        {
            problems.push(Problem::new(
                format!("{place}/simplelicensing_licenseExpression"),
                text,
            ));
        }
        for (number, hash) in element.list_of("verifiedUsing").iter().enumerate() {
            if let (Some(algorithm), Some(value)) =
                (hash.str_of("algorithm"), hash.str_of("hashValue"))
                && let Some(text) = values::hash(algorithm, value)
            {
                problems.push(Problem::new(
                    format!("{place}/verifiedUsing/{number}/hashValue"),
                    text,
                ));
            }
        }
    }
    for id in containment.circles() {
        problems.push(Problem::new(
            "/@graph",
            format!("says that `{id}` is inside of itself"),
        ));
    }
}
