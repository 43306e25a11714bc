//! The house stands as it was planned: a crate depends on lower layers only, and crates of the
//! middle layers do not know each other.

use crate::workspace::{document, is_ours, members, quoted, room, table_rows};

/// The rooms and their layers. A crate that is not here yet may come, one that is not in this
/// table may not.
const LAYERS: &[(&str, u8)] = &[
    ("model", 0),
    ("source", 0),
    ("expression", 0),
    ("document", 0),
    ("text", 0),
    ("catalog", 1),
    ("sbom", 1),
    ("advisory", 1),
    ("check", 1),
    ("observe", 1),
    ("trust", 1),
    ("policy", 1),
    ("report", 1),
    ("remote", 2),
    ("store", 2),
    ("server", 3),
    ("linchpin", 4),
];

fn layer(room: &str) -> u8 {
    LAYERS
        .iter()
        .find(|(name, _)| *name == room)
        .unwrap_or_else(|| panic!("the room `{room}` has no layer; see ARCHITECTURE.md"))
        .1
}

/// Who may use a room of the same layer: the user and the used.
const BESIDE: &[(&str, &str)] = &[
    ("source", "model"),
    ("document", "expression"),
    ("policy", "trust"),
];

/// Whether one room may use another.
fn may_use(user: &str, used: &str) -> bool {
    layer(used) < layer(user) || BESIDE.contains(&(user, used))
}

#[test]
fn crates_depend_on_lower_layers_only() {
    for member in members() {
        for dependency in &member.dependencies {
            if is_ours(dependency) {
                let (user, used) = (member.room(), room(dependency));
                assert!(may_use(user, used), "`{user}` must not depend on `{used}`");
            }
        }
    }
}

#[test]
fn the_nouns_know_nobody() {
    let members = members();
    let model = members.iter().find(|member| member.room() == "model");
    assert!(
        model
            .unwrap()
            .dependencies
            .iter()
            .all(|name| !is_ours(name))
    );
}

#[test]
fn the_architecture_shows_every_room_on_its_layer_and_no_other() {
    let page = document("ARCHITECTURE.md");
    let mut shown: Vec<(String, String)> = table_rows(&page)
        .iter()
        .filter_map(|row| match row.as_slice() {
            [layer, name, _] if layer.parse::<u8>().is_ok() => {
                Some(((*layer).to_owned(), quoted(name)?.to_owned()))
            }
            _ => None,
        })
        .collect();
    let mut rooms: Vec<(String, String)> = members()
        .iter()
        .map(|member| {
            let room = member.room();
            (layer(room).to_string(), room.to_owned())
        })
        .collect();
    shown.sort();
    rooms.sort();
    assert_eq!(shown, rooms);
}
