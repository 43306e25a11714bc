//! Values for expressions.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use linchpin_expression::{Key, Map, Value};

/// The most items of a list or fields of a map in what somebody said.
const MOST_ITEMS: usize = 100_000;

thread_local! {
    /// The same few names stand in thousands of values.
    static NAMES: RefCell<HashMap<&'static str, Arc<String>>> = RefCell::default();
}

/// A value with fields.
pub(super) fn record<const N: usize>(fields: [(&'static str, Value); N]) -> Value {
    let map = NAMES.with_borrow_mut(|names| {
        fields
            .into_iter()
            .map(|(name, value)| {
                let name = names
                    .entry(name)
                    .or_insert_with(|| Arc::new(name.to_owned()));
                (Key::String(Arc::clone(name)), value)
            })
            .collect()
    });
    Value::Map(Map { map: Arc::new(map) })
}

/// A list of values.
pub(super) fn list(items: impl IntoIterator<Item = Value>) -> Value {
    Value::List(Arc::new(items.into_iter().collect()))
}

/// A list of texts.
pub(super) fn texts<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> Value {
    list(items.into_iter().map(|item| text(item.as_ref())))
}

/// A text.
pub(super) fn text(text: &str) -> Value {
    Value::String(Arc::new(text.to_owned()))
}

/// A number of things.
pub(super) fn count(count: usize) -> Value {
    Value::Int(i64::try_from(count).unwrap_or(i64::MAX))
}

/// A value of JSON, as deep as JSON is read.
pub(super) fn from_json(value: &serde_json::Value) -> Value {
    match value {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(flag) => Value::Bool(*flag),
        serde_json::Value::Number(number) => match number.as_i64() {
            Some(number) => Value::Int(number),
            None => Value::Float(number.as_f64().unwrap_or_default()),
        },
        serde_json::Value::String(content) => text(content),
        serde_json::Value::Array(items) => list(items.iter().take(MOST_ITEMS).map(from_json)),
        serde_json::Value::Object(fields) => {
            let fields = fields.iter().take(MOST_ITEMS);
            let map = fields
                .map(|(name, value)| (Key::String(Arc::new(name.clone())), from_json(value)))
                .collect();
            Value::Map(Map { map: Arc::new(map) })
        }
    }
}
