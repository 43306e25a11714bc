//! Looking for the version of a program in its bytes.
//!
//! A pattern's group says how what it matched is taken: `version` as it stands, the first one
//! counts; `only`, if the file has no other text of this form; `named`, if it begins with the
//! version that the file's name has; `packed`, a number such as 20914, which is 2.9.14.

use std::sync::OnceLock;

use regex::bytes::{Captures, Regex, RegexBuilder};

use super::classes::{CLASSES, Class};

/// Compiled when the first file of a class turns up, for all files after it.
static COMPILED: [OnceLock<Vec<Regex>>; CLASSES.len()] = [const { OnceLock::new() }; CLASSES.len()];

/// Most matches of one pattern that are looked at.
const MOST_MATCHES: usize = 1000;

/// The programs that a file of this name and content is, with their versions.
pub(super) fn programs_in(name: &str, content: &[u8]) -> Vec<(&'static str, String)> {
    let classes = CLASSES.iter().zip(&COMPILED);
    classes
        .filter(|(class, _)| class.files.iter().any(|file| is_called(name, file)))
        .filter_map(|(class, compiled)| {
            let patterns = compiled.get_or_init(|| compile(class));
            let version = patterns
                .iter()
                .find_map(|pattern| version_in(pattern, name, content))?;
            Some((class.name, version))
        })
        .collect()
}

fn is_called(name: &str, file: &str) -> bool {
    match file.strip_suffix('*') {
        Some(beginning) => name.starts_with(beginning),
        None => name == file,
    }
}

/// The patterns are constants and a test compiles all of them, so none is lost here.
fn compile(class: &Class) -> Vec<Regex> {
    class
        .patterns
        .iter()
        .filter_map(|pattern| {
            let pattern = pattern
                .replace("{v}", r"(?P<version>\d{1,4}(?:\.\d{1,5}){1,3})")
                .replace(
                    "{go}",
                    r#"-X \\?["']?[\w./-]{1,200}[vV]ersion=v?(?P<version>\d{1,4}\.\d{1,5}\.\d{1,5}(?:-(?:alpha|beta|rc)[0-9.]{1,4})?)"#,
                );
            RegexBuilder::new(&pattern).unicode(false).build().ok()
        })
        .collect()
}

fn version_in(pattern: &Regex, name: &str, content: &[u8]) -> Option<String> {
    let texts = |group: &'static str| {
        pattern
            .captures_iter(content)
            .take(MOST_MATCHES)
            .filter_map(move |captures| text_of(&captures, group))
    };
    let has = |group: &str| pattern.capture_names().flatten().any(|name| name == group);
    if has("only") {
        let mut found = texts("only");
        let first = found.next()?;
        return found.all(|other| other == first).then_some(first);
    }
    if has("named") {
        let wanted = version_in_name(name);
        return texts("named").find(|version| begins_with(version, wanted));
    }
    if has("packed") {
        let number: u32 = texts("packed").next()?.parse().ok()?;
        return Some(format!(
            "{}.{}.{}",
            number / 10_000,
            number / 100 % 100,
            number % 100
        ));
    }
    texts("version").next()
}

fn text_of(captures: &Captures<'_>, group: &str) -> Option<String> {
    let bytes = captures.name(group)?.as_bytes();
    std::str::from_utf8(bytes).ok().map(str::to_owned)
}

/// The first number in a name, with its dots: `3.11` in `libpython3.11.so.1.0`.
fn version_in_name(name: &str) -> &str {
    let start = name
        .find(|next: char| next.is_ascii_digit())
        .unwrap_or(name.len());
    let rest = name.get(start..).unwrap_or_default();
    let end = rest
        .find(|next: char| !next.is_ascii_digit() && next != '.')
        .unwrap_or(rest.len());
    rest.get(..end).unwrap_or_default().trim_end_matches('.')
}

/// Whether a version is `wanted` or more exact; `3.1` is not the beginning of `3.11`.
fn begins_with(version: &str, wanted: &str) -> bool {
    match version.strip_prefix(wanted) {
        Some(rest) => wanted.is_empty() || !rest.starts_with(|next: char| next.is_ascii_digit()),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles_and_has_one_group() {
        let groups = ["version", "only", "named", "packed"];
        for class in &CLASSES {
            let compiled = compile(class);
            assert_eq!(compiled.len(), class.patterns.len(), "{}", class.name);
            for pattern in compiled {
                let known = pattern
                    .capture_names()
                    .flatten()
                    .filter(|name| groups.contains(name))
                    .count();
                assert_eq!(known, 1, "{pattern}");
            }
        }
    }

    #[test]
    fn names_of_classes_are_sorted_and_unique() {
        let names: Vec<&str> = CLASSES.iter().map(|class| class.name).collect();
        let mut sorted = names.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(names, sorted);
    }

    #[test]
    fn versions_are_taken_as_their_groups_say() {
        let found = |name: &str, content: &str| {
            let found = programs_in(name, content.as_bytes());
            found
                .into_iter()
                .map(|(name, version)| format!("{name} {version}"))
                .collect::<Vec<_>>()
                .join(", ")
        };
        assert_eq!(
            found("python3.11", "\x003.1.2\x00x\x003.11.2+\x00"),
            "python 3.11.2+"
        );
        assert_eq!(
            found("libxml2.so.2.9.14", "::\x0020914\x00"),
            "libxml2 2.9.14"
        );
        assert_eq!(found("gzip", "\x001.12\x00"), "gzip 1.12");
        assert_eq!(found("gzip", "\x001.12\x00\x001.13\x00"), "");
        assert_eq!(
            found("nginx", "nginx/1.25.3\x00 openresty/1.25.3.1\x00"),
            "nginx 1.25.3, openresty 1.25.3.1"
        );
        assert_eq!(
            found(
                "traefik",
                r#"build -ldflags="-X github.com/traefik/traefik/v3/pkg/version.Version=3.1.2""#
            ),
            "traefik 3.1.2"
        );
        assert_eq!(found("nginx", ""), "");
    }
}
