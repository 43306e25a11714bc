//! Our own rules give the same verdicts as the official schemas, on documents that are right and
//! on documents that were made wrong in every place.

use linchpin_sbom::node::{Node, read_node};
use linchpin_sbom::validation::check_structure;
use serde_json::{Value, json};

use crate::every_format::{documents, written};
use crate::schema;

const VERSIONS: [(&str, &str); 8] = [
    ("cyclonedx-json", "1.2"),
    ("cyclonedx-json", "1.3"),
    ("cyclonedx-json", "1.4"),
    ("cyclonedx-json", "1.5"),
    ("cyclonedx-json", "1.6"),
    ("cyclonedx-json", "1.7"),
    ("spdx-json", "2.3"),
    ("spdx3-json", "3.0.1"),
];

#[test]
fn verdicts_agree_with_the_schemas() {
    for (format, version) in VERSIONS {
        let Some(validator) = schema::validator(format, version) else {
            return;
        };
        let mut checked = 0;
        let mut invalid = 0;
        for document in documents() {
            let text = written(&document, &format!("{format}@{version}"));
            let value: Value = serde_json::from_str(&text).unwrap();
            // Where an array is long, one of its elements is as good as another.
            let value = shortened(value);
            for mutated in mutations(&value) {
                let expected = validator.is_valid(&mutated);
                let node: Node = read_node(mutated.to_string().as_bytes()).unwrap();
                let problems = check_structure(format, version, &node).unwrap();
                checked += 1;
                invalid += usize::from(!expected);
                assert_eq!(
                    problems.is_empty(),
                    expected,
                    "{format} {version}: {problems:?}, {:?}\n{}",
                    validator
                        .iter_errors(&mutated)
                        .map(|error| error.to_string().chars().take(300).collect::<String>())
                        .next(),
                    difference(&value, &mutated)
                );
            }
        }
        assert!(
            checked > 100 && invalid > 50,
            "{format} {version}: {invalid} of {checked}"
        );
    }
}

/// What was changed, for the message.
fn difference(before: &Value, after: &Value) -> String {
    match (before, after) {
        (Value::Object(left), Value::Object(right)) => {
            for (name, value) in right {
                match left.get(name) {
                    Some(old) if old == value => {}
                    Some(old) => return format!("/{name}{}", difference(old, value)),
                    None => return format!(" added {name}: {value}"),
                }
            }
            let gone: Vec<&String> = left
                .keys()
                .filter(|name| !right.contains_key(*name))
                .collect();
            format!(" removed {gone:?}")
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            for (index, (old, new)) in left.iter().zip(right).enumerate() {
                if old != new {
                    return format!("/{index}{}", difference(old, new));
                }
            }
            String::new()
        }
        _ => format!(" is {after} instead of {before}"),
    }
}

fn shortened(value: Value) -> Value {
    match value {
        Value::Array(list) => Value::Array(list.into_iter().take(5).map(shortened).collect()),
        Value::Object(fields) => Value::Object(
            fields
                .into_iter()
                .map(|(name, value)| (name, shortened(value)))
                .collect(),
        ),
        other => other,
    }
}

/// The value with one thing changed, for every place in it.
fn mutations(value: &Value) -> Vec<Value> {
    let mut all = vec![value.clone()];
    let mut pointers = Vec::new();
    collect(value, String::new(), &mut pointers);
    for pointer in &pointers {
        let Some(found) = value.pointer(pointer) else {
            continue;
        };
        let mut replacements = vec![json!(null), json!(7), json!([]), json!({}), json!(true)];
        match found {
            Value::String(text) => {
                replacements.push(json!(""));
                replacements.push(json!("no word of any list"));
                replacements.push(json!(format!("{text}x")));
                replacements.push(json!(format!("{text}\n")));
                replacements.push(json!("http://[bad"));
            }
            Value::Array(list) => {
                if let Some(first) = list.first() {
                    let mut doubled = list.clone();
                    doubled.push(first.clone());
                    replacements.push(Value::Array(doubled));
                    let mut mixed = list.clone();
                    mixed.push(json!(3));
                    replacements.push(Value::Array(mixed));
                }
            }
            Value::Object(fields) => {
                for name in fields.keys() {
                    let mut fewer = fields.clone();
                    fewer.remove(name);
                    replacements.push(Value::Object(fewer));
                }
                for added in ["unknown", "name", "id", "$schema", "type"] {
                    let mut more = fields.clone();
                    more.insert(added.to_owned(), json!("x"));
                    replacements.push(Value::Object(more));
                }
            }
            Value::Number(_) => replacements.extend([json!(-1), json!(0.5), json!(1e9)]),
            _ => {}
        }
        for replacement in replacements {
            let mut copy = value.clone();
            if let Some(place) = copy.pointer_mut(pointer) {
                *place = replacement;
                all.push(copy);
            }
        }
    }
    all
}

/// Places in the document. Of many alike, which differ only in numbers, the first few.
fn collect(value: &Value, place: String, pointers: &mut Vec<String>) {
    pointers.push(place.clone());
    match value {
        Value::Array(list) => {
            for (index, element) in list.iter().enumerate() {
                collect(element, format!("{place}/{index}"), pointers);
            }
        }
        Value::Object(fields) => {
            for (name, inner) in fields {
                let name = name.replace('~', "~0").replace('/', "~1");
                collect(inner, format!("{place}/{name}"), pointers);
            }
        }
        _ => {}
    }
}
