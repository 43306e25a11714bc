//! What is wrong, in words: the items of a list that a rule gives.

use linchpin_expression::{Key, Map, Value};

/// The longest description.
const LONGEST: usize = 300;

/// An item in words: a flaw with its package, a package with its version, or whatever else it is.
pub(super) fn describe(item: &Value) -> String {
    let described = match item {
        Value::Map(map) => of_map(map),
        other => of_value(other),
    };
    described.chars().take(LONGEST).collect()
}

fn of_map(map: &Map) -> String {
    let field = |name: &str| {
        let value = map.get(&Key::from(name.to_owned()))?;
        match value {
            Value::String(text) if !text.is_empty() => Some(text.as_str().to_owned()),
            _ => None,
        }
    };
    let package = match (field("name"), field("version")) {
        (Some(name), Some(version)) => Some(format!("{name} {version}")),
        (Some(name), None) => Some(name),
        (None, _) => field("purl").or_else(|| field("package")),
    };
    match (field("id"), package) {
        (Some(id), Some(package)) => {
            let fixed =
                field("fixed_in").map_or_else(String::new, |fixed| format!(", fixed in {fixed}"));
            format!("{id} in {package}{fixed}")
        }
        (Some(id), None) => id,
        (None, Some(package)) => match field("license") {
            Some(license) => format!("{package} ({license})"),
            None => package,
        },
        (None, None) => {
            let mut fields: Vec<String> = map
                .map
                .iter()
                .filter(|(_, value)| !matches!(value, Value::Map(_) | Value::List(_) | Value::Null))
                .map(|(name, value)| format!("{name} {}", of_value(value)))
                .collect();
            fields.sort();
            fields.join(", ")
        }
    }
}

fn of_value(value: &Value) -> String {
    match value {
        Value::String(text) => text.as_str().to_owned(),
        Value::Int(number) => number.to_string(),
        Value::UInt(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        other => linchpin_expression::sort_of(other).to_owned(),
    }
}
