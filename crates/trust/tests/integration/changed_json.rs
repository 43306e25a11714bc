//! Changing one place of a JSON document.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

/// The bytes of a field in base64.
pub(crate) fn decoded(field: &Value) -> Vec<u8> {
    STANDARD.decode(field.as_str().unwrap()).unwrap()
}

/// The pointers to all values of a document that hold no others.
pub(crate) fn leaves(document: &Value) -> Vec<String> {
    let mut leaves = Vec::new();
    let mut open = vec![(String::new(), document)];
    while let Some((pointer, value)) = open.pop() {
        match value {
            Value::Object(fields) => open.extend(fields.iter().map(|(name, value)| {
                let name = name.replace('~', "~0").replace('/', "~1");
                (format!("{pointer}/{name}"), value)
            })),
            Value::Array(list) => open.extend(
                list.iter()
                    .enumerate()
                    .map(|(place, value)| (format!("{pointer}/{place}"), value)),
            ),
            Value::Null => {}
            _ => leaves.push(pointer),
        }
    }
    leaves.sort();
    leaves
}

/// Flips one bit of what a leaf holds: of its bytes if it is base64, of its number, else of its text.
pub(crate) fn flip(document: &Value, pointer: &str, place: usize) -> Value {
    let mut changed = document.clone();
    let leaf = changed.pointer_mut(pointer).unwrap();
    *leaf = match leaf {
        Value::String(text) => match STANDARD.decode(&text) {
            Ok(bytes) if bytes.len() > 8 => STANDARD.encode(flipped(bytes, place)).into(),
            _ => match text.parse::<u64>() {
                Ok(number) => (number ^ (1 << (place % 20))).to_string().into(),
                Err(_) => String::from_utf8_lossy(&flipped(text.clone().into_bytes(), place))
                    .into_owned()
                    .into(),
            },
        },
        Value::Bool(value) => Value::Bool(!*value),
        other => panic!("{other}"),
    };
    changed
}

fn flipped(mut bytes: Vec<u8>, place: usize) -> Vec<u8> {
    if bytes.is_empty() {
        return vec![b'x'];
    }
    let index = place % bytes.len();
    // The lowest bits, so that text stays text.
    bytes[index] ^= 1 << (place % 3);
    bytes
}
