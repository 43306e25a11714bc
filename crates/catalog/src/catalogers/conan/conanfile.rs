//! `conanfile.txt`, and what `conanfile.py`, a program, says by literals.

use linchpin_model::{PackageUrl, Scope};
use linchpin_source::Entry;

use super::Fragment;
use super::reference::Reference;
use crate::cataloger::Parsed;
use crate::documents::code::{Lexicon, Piece, SCRIPT, all_lists, read_code};
use crate::licenses::from_name;
use crate::lock_graph::{ProjectFile, Root, Wish};

const PYTHON: Lexicon = Lexicon {
    lines: true,
    ..SCRIPT
};

/// How many pieces of an assignment are looked at.
const LONGEST_LIST: usize = 100;

/// The lines of a file with their sections.
pub(super) fn sections(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut section = "";
    text.lines().filter_map(move |line| {
        let line = line.trim();
        if let Some(name) = line
            .strip_prefix('[')
            .and_then(|line| line.strip_suffix(']'))
        {
            section = name;
            return None;
        }
        (!line.is_empty() && !line.starts_with('#')).then_some((section, line))
    })
}

fn scope_of(name: &str) -> Option<Scope> {
    Some(match name {
        "requires" => Scope::Runtime,
        "tool_requires" | "build_requires" | "python_requires" => Scope::Build,
        "test_requires" => Scope::Development,
        _ => return None,
    })
}

fn wish(text: &str, scope: Scope) -> Option<Wish> {
    let reference = Reference::parse(text)?;
    Some(Wish::new(
        reference.name.as_str(),
        reference.package_url()?,
        scope,
    ))
}

pub(super) fn read_text(text: &str, entry: &Entry<'_>) -> Parsed<Fragment> {
    let mut wishes = Vec::new();
    let mut problems = Vec::new();
    for (section, line) in sections(text) {
        let Some(scope) = scope_of(section) else {
            continue;
        };
        // A comment may follow.
        let reference = line.split(" #").next().unwrap_or_default();
        match wish(reference, scope) {
            Some(wish) => wishes.push(wish),
            None => problems.push(format!("`{line}` is no reference of a package")),
        }
    }
    let file = ProjectFile::manifest(entry, Root::default(), wishes);
    Parsed {
        value: Some(Fragment::Project(file)),
        problems,
    }
}

pub(super) fn read_python(text: &str, entry: &Entry<'_>) -> Parsed<Fragment> {
    let pieces = match read_code(text, &PYTHON) {
        Ok(pieces) => pieces,
        Err(problem) => return Parsed::failed(problem),
    };
    let mut root = Root::default();
    let (mut name, mut version) = (None, None);
    let mut wishes = Vec::new();
    let mut problems = Vec::new();
    for list in all_lists(&pieces) {
        for (at, window) in list.windows(2).enumerate() {
            match window {
                // self.requires("zlib/1.3")
                [Piece::Word(method), Piece::Group('(', arguments)] => {
                    if let Some(scope) = scope_of(method) {
                        let text = arguments.first().and_then(Piece::text);
                        match text.and_then(|text| wish(text, scope)) {
                            Some(wish) => wishes.push(wish),
                            None if arguments.is_empty() => {}
                            None => problems
                                .push("a requirement is no literal and was left out".to_owned()),
                        }
                    }
                }
                // requires = "zlib/1.3", "bzip2/1.0.8"
                [Piece::Word(field), equals] if equals.is('=') => {
                    let end = list.len().min(at + 2 + LONGEST_LIST);
                    let value = list.get(at + 2..end).unwrap_or_default();
                    let line = value
                        .split(|piece| piece.is('\n'))
                        .next()
                        .unwrap_or_default();
                    let inner = line.first().map(Piece::inner).unwrap_or_default();
                    let texts = line.iter().chain(inner).filter_map(Piece::text);
                    match (*field, line.first()) {
                        ("name", Some(Piece::Text(text))) => name = name.or(Some(text.as_ref())),
                        ("version", Some(Piece::Text(text))) => {
                            version = version.or(Some(text.as_ref()));
                        }
                        ("license", Some(Piece::Text(text))) => root.license = from_name(text),
                        ("description", Some(Piece::Text(text))) => {
                            root.description = Some(text.to_string());
                        }
                        _ => {
                            if let Some(scope) = scope_of(field) {
                                wishes.extend(texts.filter_map(|text| wish(text, scope)));
                            }
                        }
                    }
                }
                _ => {}
            }
        }
    }
    root.url = name.and_then(|name| PackageUrl::new("conan", None, name, version).ok());
    let file = ProjectFile::manifest(entry, root, wishes);
    Parsed {
        value: Some(Fragment::Project(file)),
        problems,
    }
}
