//! Which packages and symbols of a Go module have a flaw: the `imports` of Go's vulnerability
//! database, <https://go.dev/doc/security/vuln/database#schema>.
//!
//! They are used to say that a program does *not* hold what is vulnerable, so whatever is in doubt
//! here counts as "all of it": a list that is too long or not understood is no list at all.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::is_plain_text;
use crate::database::Import;

/// The most packages of a module, and symbols of all of them, that are taken. The largest record
/// of 2026 names some two hundred packages, and some two thousand symbols.
const MOST_PACKAGES: usize = 2000;
const MOST_SYMBOLS: usize = 50_000;

/// The imports of an `ecosystem_specific`. Empty means the whole module.
pub(super) fn read(specific: &Value) -> Vec<Import<String>> {
    specific
        .get("imports")
        .and_then(Value::as_array)
        .filter(|entries| entries.len() <= MOST_PACKAGES)
        .and_then(|entries| entries.iter().map(import).collect())
        .filter(|imports: &Vec<_>| {
            imports
                .iter()
                .map(|import: &Import<String>| import.symbols.len())
                .sum::<usize>()
                <= MOST_SYMBOLS
        })
        .map(join_packages)
        .unwrap_or_default()
}

/// What two parts of a record about the same module say together. If one of them means the whole
/// module, so do both.
pub(super) fn join(left: Vec<Import<String>>, right: Vec<Import<String>>) -> Vec<Import<String>> {
    if left.is_empty() || right.is_empty() {
        return Vec::new();
    }
    join_packages(left.into_iter().chain(right))
}

/// One entry for each package, in order. No symbols means all of them.
fn join_packages(imports: impl IntoIterator<Item = Import<String>>) -> Vec<Import<String>> {
    let mut packages: BTreeMap<String, Option<BTreeSet<String>>> = BTreeMap::new();
    for Import { path, symbols } in imports {
        let known = packages
            .entry(path)
            .or_insert_with(|| Some(BTreeSet::new()));
        if symbols.is_empty() {
            *known = None;
        } else if let Some(known) = known {
            known.extend(symbols);
        }
    }
    packages
        .into_iter()
        .map(|(path, symbols)| Import {
            path,
            symbols: symbols.into_iter().flatten().collect(),
        })
        .collect()
}

fn import(entry: &Value) -> Option<Import<String>> {
    let path = entry.get("path")?.as_str()?;
    let symbols = match entry.get("symbols") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(symbols)) => symbols
            .iter()
            .map(|symbol| {
                let symbol = symbol.as_str()?;
                is_plain_text(symbol).then(|| symbol.to_owned())
            })
            .collect::<Option<_>>()?,
        Some(_) => return None,
    };
    is_plain_text(path).then(|| Import {
        path: path.to_owned(),
        symbols,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(json: &str) -> Vec<(String, String)> {
        read(&serde_json::from_str(json).unwrap())
            .into_iter()
            .map(|import| (import.path, import.symbols.join(" ")))
            .collect()
    }

    #[test]
    fn packages_and_their_symbols_are_read_in_order() {
        assert_eq!(
            told(
                r#"{"imports":[{"path":"b","symbols":["z","A.b","z"]},{"path":"a","goos":["windows"]},{"path":"b","symbols":["c"]}]}"#
            ),
            [
                ("a".to_owned(), String::new()),
                ("b".to_owned(), "A.b c z".to_owned())
            ]
        );
    }

    #[test]
    fn what_is_in_doubt_is_the_whole_module() {
        for doubtful in [
            "null",
            "{}",
            r#"{"imports":7}"#,
            r#"{"imports":[]}"#,
            r#"{"imports":[{"path":"a","symbols":["b"]},{"symbols":["b"]}]}"#,
            r#"{"imports":[{"path":"a","symbols":[7]}]}"#,
            r#"{"imports":[{"path":"a","symbols":"b"}]}"#,
        ] {
            assert_eq!(told(doubtful), [], "{doubtful}");
        }
        assert_eq!(
            told(r#"{"imports":[{"path":"a","symbols":["b"]},{"path":"a"}]}"#),
            [("a".to_owned(), String::new())]
        );
    }

    #[test]
    fn two_parts_of_a_record_add_up() {
        let one = |path: &str, symbol: &str| {
            vec![Import {
                path: path.to_owned(),
                symbols: vec![symbol.to_owned()],
            }]
        };
        assert_eq!(join(one("a", "b"), Vec::new()), []);
        let both = join(one("a", "b"), one("a", "c"));
        assert_eq!(both.len(), 1);
        assert_eq!(both[0].symbols, ["b", "c"]);
    }
}
