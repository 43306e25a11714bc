//! cyclonedx-python-lib reads the same components and edges out of what is written as we do.

use linchpin_sbom::document::{Component, Document, RelationshipKind};
use linchpin_sbom::formats;
use serde_json::{Value, json};

use super::{ask, has_module, put};
use crate::every_format::{documents, written};

const SCRIPT: &str = include_str!("read_cyclonedx.py");

/// The lists that the script makes, out of our own reading.
fn read_by_us(text: &str) -> (Vec<Value>, Vec<Value>) {
    let (_, document) = formats::read(text.as_bytes()).unwrap();
    let mut components: Vec<Value> = document.all_components().map(component).collect();
    components.sort_by_key(Value::to_string);
    let mut edges: Vec<Value> = edges(&document);
    edges.sort_by_key(Value::to_string);
    edges.dedup();
    (components, edges)
}

fn component(component: &Component) -> Value {
    let mut hashes: Vec<String> = component
        .hashes
        .iter()
        .map(|hash| format!("{} {}", hash.algorithm.label(), hash.value))
        .collect();
    hashes.sort();
    json!([
        component.reference,
        component.kind.label(),
        component.group.as_deref().unwrap_or_default(),
        component.name,
        component.version.as_deref().unwrap_or_default(),
        component.purl.as_deref().unwrap_or_default(),
        hashes,
    ])
}

fn edges(document: &Document) -> Vec<Value> {
    document
        .relationships
        .iter()
        .filter(|relationship| matches!(relationship.kind, RelationshipKind::DependsOn(_)))
        .map(|relationship| json!([relationship.from, relationship.to]))
        .collect()
}

fn sorted(list: &Value) -> Vec<Value> {
    let mut list = list.as_array().unwrap().clone();
    list.sort_by_key(Value::to_string);
    list
}

#[test]
fn the_python_library_reads_what_we_wrote() {
    if !has_module("cyclonedx.validation.xml") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut questions = Vec::new();
    let mut texts = Vec::new();
    for (number, document) in documents().iter().enumerate() {
        for version in ["1.2", "1.3", "1.4", "1.5", "1.6", "1.7"] {
            for (format, ending) in [("cyclonedx-json", "json"), ("cyclonedx-xml", "xml")] {
                let text = written(document, &format!("{format}@{version}"));
                let name = format!("{number}-{version}.{ending}");
                let path = put(folder.path(), &name, &text);
                questions.push(format!("{version} {}", path.display()));
                texts.push((name, text));
            }
        }
    }
    for (answer, (name, text)) in ask(SCRIPT, &questions).iter().zip(&texts) {
        assert!(answer["problem"].is_null(), "{name}: {answer}");
        // Of the hostile inventory it is enough that the library reads it: it writes package URLs
        // anew, by other rules, and joins lines as the schema of the XML encoding says.
        if text.contains("%2F%25%22%3C") {
            continue;
        }
        let (components, edges) = read_by_us(text);
        assert_eq!(sorted(&answer["components"]), components, "{name}");
        assert_eq!(sorted(&answer["edges"]), edges, "{name}");
    }
}
