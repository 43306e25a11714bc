//! Resources: out of lists and templates, and the pod that one makes.

use std::sync::Arc;

use linchpin_document::{Node, NodeValue};

/// Deepest nesting of lists in lists.
const DEEPEST_LIST: usize = 4;

/// The resources of a file's documents; what is none is left out.
pub(super) fn unfold(documents: Vec<Node>) -> Vec<Node> {
    let mut resources = Vec::new();
    for document in documents {
        take(document, 0, &mut resources);
    }
    resources
}

fn take(document: Node, depth: usize, resources: &mut Vec<Node>) {
    if let NodeValue::List(items) = document.value {
        // Charts and tools write several resources as one list, too.
        if depth < DEEPEST_LIST {
            for item in items {
                take(item, depth + 1, resources);
            }
        }
        return;
    }
    if !is_resource(&document) {
        return;
    }
    let kind = document.find_text(&["kind"]).unwrap_or_default();
    let inner = match kind {
        // OpenShift's templates hold resources with parameters.
        "Template" => "objects",
        _ if kind.ends_with("List") => "items",
        _ => "",
    };
    let is_list = document
        .get(inner)
        .is_some_and(|items| matches!(items.value, NodeValue::List(_)));
    if !is_list || depth >= DEEPEST_LIST {
        resources.push(document);
        return;
    }
    let NodeValue::Map(members) = document.value else {
        return;
    };
    for member in members {
        if member.key.as_str() == inner {
            take(member.value, depth + 1, resources);
        }
    }
}

/// Whether a document says what it is.
pub(super) fn is_resource(document: &Node) -> bool {
    let says = |key: &str| {
        document
            .find_text(&[key])
            .is_some_and(|text| !text.is_empty())
    };
    says("apiVersion") && says("kind")
}

/// Where a resource keeps the pod that it makes. The kinds of others that wrap a pod do it as
/// Deployment does.
const WAYS_TO_POD: &[&[&str]] = &[
    &["spec", "template", "spec"],
    &["spec", "jobTemplate", "spec", "template", "spec"],
    &["template", "spec"],
    &["spec", "jobTargetRef", "template", "spec"],
    &["spec", "podTemplate", "spec"],
];

/// The way to the pod of a resource.
fn way_to_pod(resource: &Node) -> Option<&'static [&'static str]> {
    if resource.find_text(&["kind"]) == Some("Pod") {
        return resource.get("spec").map(|_| &["spec"] as &[&str]);
    }
    let has_containers = |way: &&&[&str]| {
        let pod = resource.find(way);
        let containers = pod.and_then(|pod| pod.get("containers"));
        containers.is_some_and(|containers| matches!(containers.value, NodeValue::List(_)))
    };
    WAYS_TO_POD.iter().find(has_containers).copied()
}

/// The pod that a resource makes.
pub(super) fn pod(resource: &Node) -> Option<&Node> {
    resource.find(way_to_pod(resource)?)
}

/// The same, to be changed.
pub(super) fn pod_mut(resource: &mut Node) -> Option<&mut Node> {
    let way = way_to_pod(resource)?;
    way.iter()
        .try_fold(resource, |node, key| get_mut(node, key))
}

/// The value of this name, to be changed.
pub(super) fn get_mut<'a>(node: &'a mut Node, key: &str) -> Option<&'a mut Node> {
    let NodeValue::Map(members) = &mut node.value else {
        return None;
    };
    let mut members = members.iter_mut().rev();
    let member = members.find(|member| member.key.as_str() == key)?;
    Some(&mut member.value)
}

/// The lists of containers of a pod.
pub(super) const CONTAINERS: &[&str] = &["containers", "initContainers", "ephemeralContainers"];

/// The text of a value that is written as it would be in a flag or a label.
pub(super) fn plain_text(node: &Node) -> Option<Arc<String>> {
    match &node.value {
        NodeValue::Text(text) => Some(Arc::clone(text)),
        NodeValue::Boolean(flag) => Some(Arc::new(flag.to_string())),
        NodeValue::Integer(number) => Some(Arc::new(number.to_string())),
        NodeValue::Number(number) => Some(Arc::new(number.to_string())),
        NodeValue::Null | NodeValue::List(_) | NodeValue::Map(_) => None,
    }
}
