//! Which licence a text is, by phrases that only it has: `practices/licenses.toml`. No more than the
//! licences that the FSF or the OSI recognise are there, because that is what the check asks.

use std::sync::LazyLock;

use serde::Deserialize;

/// Longest text that is looked at, in bytes. The longest licence has 35 KiB.
const LONGEST: usize = 128 << 10;

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    toml::from_str(include_str!("../../practices/licenses.toml")).expect("a test reads the table")
});

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    license: Vec<License>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct License {
    id: String,
    phrases: Vec<String>,
}

/// The recognised licence that a text is.
pub(super) fn recognised(text: &str) -> Option<&'static str> {
    let end = text.floor_char_boundary(LONGEST);
    let words: Vec<&str> = text.get(..end)?.split_whitespace().collect();
    let plain = words.join(" ").to_lowercase();
    let mut known = TABLE.license.iter();
    let found = known.find(|license| {
        let mut phrases = license.phrases.iter();
        phrases.all(|phrase| plain.contains(phrase.as_str()))
    })?;
    Some(&found.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_recognised_whatever_their_lines() {
        let mit = "MIT License\n\nPermission is hereby granted, free of charge, to any person\n  obtaining a copy\nof this software ... The above copyright notice and this permission notice shall be included in all\ncopies or substantial portions of the Software.";
        assert_eq!(recognised(mit), Some("MIT"));
        let ours = include_str!("../../../../LICENSE");
        assert_eq!(recognised(ours), Some("Apache-2.0"));
        assert_eq!(recognised("All rights reserved. Do not copy."), None);
        assert_eq!(recognised(""), None);
    }

    #[test]
    fn phrases_are_written_as_they_are_compared() {
        for license in &TABLE.license {
            for phrase in &license.phrases {
                let words: Vec<&str> = phrase.split_whitespace().collect();
                assert_eq!(*phrase, words.join(" ").to_lowercase(), "{}", license.id);
            }
            assert!(!license.phrases.is_empty());
        }
    }
}
