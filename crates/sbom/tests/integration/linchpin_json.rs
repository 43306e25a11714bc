//! The inventory's own document: its shape is frozen.

use crate::sample;

#[test]
fn the_shape_is_frozen() {
    insta::assert_snapshot!(sample::write("json", &sample::storefront(), None));
}

#[test]
fn an_empty_target_has_the_same_fields() {
    insta::assert_snapshot!(sample::write("json", &sample::empty(), None));
}

#[test]
fn hostile_names_stay_inside_their_strings() {
    let text = sample::write("json", &sample::hostile(), None);
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["packages"].as_array().unwrap().len(), 1);
    assert!(!text.contains('\u{1b}'));
}
