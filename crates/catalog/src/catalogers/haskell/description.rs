//! A package description, `*.cabal`: the project, and what its parts are built from. Conditional
//! blocks are all taken: what holds for one platform holds for the project.

use linchpin_model::Scope;
use linchpin_source::Entry;

use super::package_url;
use crate::cataloger::Parsed;
use crate::licenses::{from_expression, from_name};
use crate::lock_graph::{ProjectFile, Root, Wish};

/// Most lines of a file.
const MOST_LINES: usize = 100_000;

pub(super) fn read(entry: &Entry<'_>) -> Parsed<ProjectFile> {
    let text = String::from_utf8_lossy(entry.content);
    let mut root = Root::default();
    let (mut name, mut version) = (None, None);
    let mut wishes: Vec<Wish> = Vec::new();
    let mut scope = Scope::Runtime;
    // The field whose value goes on in further lines, and how far it is indented.
    let mut field: Option<(String, usize)> = None;
    for line in text.lines().take(MOST_LINES) {
        let content = line.trim();
        if content.is_empty() || content.starts_with("--") {
            continue;
        }
        let indent = line.len() - line.trim_start().len();
        if let Some((key, at)) = &field
            && indent > *at
        {
            if key == "build-depends" {
                add(content, scope, &mut wishes);
            }
            continue;
        }
        field = None;
        if let Some((key, value)) = content.split_once(':') {
            let key = key.trim().to_ascii_lowercase();
            let value = value.trim();
            match key.as_str() {
                "name" if indent == 0 => name = Some(value),
                "version" if indent == 0 => version = Some(value),
                "license" if indent == 0 => {
                    root.license = from_expression(value).or_else(|| from_name(value));
                }
                "maintainer" if indent == 0 && !value.is_empty() => {
                    root.supplier = Some(value.to_owned());
                }
                "synopsis" if indent == 0 && !value.is_empty() => {
                    root.description = Some(value.to_owned());
                }
                "build-depends" => add(value, scope, &mut wishes),
                _ => {}
            }
            field = Some((key, indent));
        } else if indent == 0 {
            let section = content.split_whitespace().next().unwrap_or_default();
            scope = match section.to_ascii_lowercase().as_str() {
                "test-suite" | "benchmark" => Scope::Development,
                "custom-setup" => Scope::Build,
                _ => Scope::Runtime,
            };
        }
    }
    let Some(name) = name else {
        return Parsed::failed("is no package description: it has no name");
    };
    root.url = package_url(name, version);
    // Its own library, which programs and tests of the package need, is no dependency.
    wishes.retain(|wish| wish.key.as_ref() != name);
    wishes.sort_by(|left, right| (&left.key, left.scope).cmp(&(&right.key, right.scope)));
    wishes.dedup_by(|next, kept| next.key == kept.key);
    Parsed::clean(ProjectFile::manifest(entry, root, wishes))
}

/// The packages of a list such as `base >=4.9 && <5, text ==2.0.1, mine:internal`.
fn add(list: &str, scope: Scope, wishes: &mut Vec<Wish>) {
    for item in list.split(',') {
        let item = item.trim();
        let end = item
            .find(|c: char| !(c.is_alphanumeric() || c == '-'))
            .unwrap_or(item.len());
        let (name, range) = item.split_at(end);
        if name.is_empty() || !name.starts_with(char::is_alphanumeric) {
            continue;
        }
        let exact = range.trim().strip_prefix("==").map(str::trim);
        let exact = exact.filter(|version| version.chars().all(|c| c.is_ascii_digit() || c == '.'));
        if let Some(url) = package_url(name, exact) {
            wishes.push(Wish::new(name, url, scope));
        }
    }
}
