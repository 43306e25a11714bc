//! The `Gemfile`, a Ruby program: the gems that it asks for by literal names, and their groups.

use linchpin_model::Scope;
use linchpin_source::Entry;

use crate::cataloger::Parsed;
use crate::documents::code::{Piece, split};
use crate::lock_graph::{ProjectFile, Root, Wish};
use crate::python::is_for_development;
use crate::ruby::{exact_version, package_url, ruby_code};

pub(super) fn read(entry: &Entry<'_>) -> Parsed<ProjectFile> {
    let text = String::from_utf8_lossy(entry.content);
    match ruby_code(&text, wishes) {
        Ok((wishes, problems)) => Parsed {
            value: Some(ProjectFile::manifest(entry, Root::default(), wishes)),
            problems,
        },
        Err(problem) => Parsed::failed(problem),
    }
}

fn wishes(pieces: &[Piece<'_>]) -> (Vec<Wish>, Vec<String>) {
    let mut wishes = Vec::new();
    let mut problems = Vec::new();
    // The blocks around a line: the scope of a group, nothing for others.
    let mut blocks: Vec<Option<Scope>> = Vec::new();
    for line in split(pieces, '\n') {
        let Some(first) = line.first().and_then(Piece::word) else {
            continue;
        };
        let rest = line.get(1..).unwrap_or_default();
        let arguments = rest
            .first()
            .and_then(|piece| piece.group('('))
            .unwrap_or(rest);
        match first {
            "end" => drop(blocks.pop()),
            "if" | "unless" | "case" | "begin" | "def" | "class" | "module" | "while" | "until" => {
                blocks.push(None);
            }
            "gem" => {
                let around = blocks.iter().flatten().copied().max();
                match wish(arguments, around) {
                    Some(wish) => wishes.push(wish),
                    None => problems.push(
                        "a gem is named by something else than a literal and was left out"
                            .to_owned(),
                    ),
                }
            }
            "eval_gemfile" => {
                problems.push("includes another file, which is not followed".to_owned());
            }
            _ if line.iter().any(|piece| piece.word() == Some("do")) => {
                let is_group = first == "group";
                blocks.push(is_group.then(|| scope_of_groups(arguments)));
            }
            _ => {}
        }
    }
    (wishes, problems)
}

fn wish(arguments: &[Piece<'_>], around: Option<Scope>) -> Option<Wish> {
    let mut parts = split(arguments, ',');
    let name = parts.next()?.first().and_then(Piece::text)?;
    let mut version = None;
    let mut versions = 0;
    let mut scope = around;
    for part in parts {
        match part {
            [Piece::Text(text), ..] if !part.iter().any(|piece| piece.is('=')) => {
                versions += 1;
                version = exact_version(text);
            }
            [Piece::Word("group" | "groups"), value @ ..] => scope = Some(scope_of_groups(value)),
            // `:group => :test`
            [colon, Piece::Word("group" | "groups"), value @ ..] if colon.is(':') => {
                scope = Some(scope_of_groups(value));
            }
            _ => {}
        }
    }
    let version = version.filter(|_| versions == 1);
    let url = package_url(name, version, None)?;
    Some(Wish::new(name, url, scope.unwrap_or_default()))
}

/// Groups are for development if all their names say so.
fn scope_of_groups(pieces: &[Piece<'_>]) -> Scope {
    let inner = pieces.iter().find_map(|piece| piece.group('['));
    let names = inner.unwrap_or(pieces).iter();
    let mut names = names
        .filter_map(|piece| piece.word_or_text())
        .filter(|name| !matches!(*name, "do" | "optional" | "true"))
        .peekable();
    if names.peek().is_some() && names.all(is_for_development) {
        Scope::Development
    } else {
        Scope::Runtime
    }
}
