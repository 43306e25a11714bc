//! Zips that 7-Zip packed by other methods than the usual one.

use linchpin_source::{SourceOptions, open_stream};

use crate::seen::Seen;

const METHODS: &[&str] = &["bzip2", "deflate", "deflate64", "lzma", "xz", "zstd"];

fn zip(method: &str) -> Vec<u8> {
    let path = format!("{}/tests/zips/{method}.zip", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(path).unwrap()
}

/// Letters, the same letters again farther away than deflate can refer to, and long runs.
fn wanted() -> String {
    let mut state = 1_u32;
    let letters: String = (0..300)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            char::from(b'a' + (state >> 29) as u8)
        })
        .collect();
    let runs = (".".repeat(40_000), "x".repeat(70_000));
    format!("{letters}{}{letters}{}", runs.0, runs.1)
}

fn read(zip: &[u8]) -> Option<Seen> {
    let source = open_stream(&mut &zip[..], SourceOptions::default()).ok()?;
    Seen::of(source.as_ref()).ok()
}

#[test]
fn members_of_every_method_are_unpacked() {
    for method in METHODS {
        let seen = read(&zip(method)).unwrap();
        assert!(
            seen.visited.notes.is_empty(),
            "{method}: {:?}",
            seen.visited.notes
        );
        assert!(seen.content("wanted") == Some(&wanted()), "{method}");
    }
}

#[test]
fn a_method_that_is_not_read_is_said() {
    let seen = read(&zip("ppmd")).unwrap();
    let notes = &seen.visited.notes;
    assert_eq!(seen.content("wanted"), None);
    assert!(
        notes
            .iter()
            .any(|note| note.text.contains("packed by method 98")),
        "{notes:?}"
    );
}

#[test]
fn damage_is_told_and_nothing_worse() {
    let expected = wanted();
    for method in METHODS {
        let whole = zip(method);
        // The packed bytes; what the directory says is damaged elsewhere.
        for place in (36..whole.len() - 80).step_by(11) {
            let mut changed = whole.clone();
            changed[place] ^= 0x55;
            let Some(seen) = read(&changed) else { continue };
            let content = seen.content("wanted");
            assert!(
                content.is_none_or(|content| content == expected),
                "{method} {place}"
            );
        }
    }
}
