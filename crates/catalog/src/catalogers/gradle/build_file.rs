//! Build files in Groovy and Kotlin: the dependencies that they name by literals, in a block
//! `dependencies { … }`.

use linchpin_model::Scope;

use super::lockfile::scope_of_configuration;
use super::{Fragment, Wanted};
use crate::cataloger::Parsed;
use crate::documents::code::{C_LIKE, Lexicon, Piece, all_lists, named_text, read_code, split};
use crate::maven::Coordinate;

const GRADLE: Lexicon = Lexicon {
    quotes: "\"'",
    lines: true,
    ..C_LIKE
};

pub(super) fn read(text: &str) -> Parsed<Fragment> {
    let pieces = match read_code(text, &GRADLE) {
        Ok(pieces) => pieces,
        Err(problem) => return Parsed::failed(problem),
    };
    let mut wanted = Vec::new();
    let mut problems = Vec::new();
    for list in all_lists(&pieces) {
        for (at, window) in list.windows(2).enumerate() {
            let [Piece::Word("dependencies"), Piece::Group('{', block)] = window else {
                continue;
            };
            // `buildscript { dependencies { classpath … } }` says so by the configuration.
            let before = at.checked_sub(1).and_then(|at| list.get(at));
            if before.is_some_and(|piece| piece.is('.')) {
                continue;
            }
            for line in split(block, '\n') {
                dependency(line, &mut wanted, &mut problems);
            }
        }
    }
    Parsed {
        value: Some(Fragment::Build(wanted)),
        problems,
    }
}

/// `implementation "g:a:1.0"`, `implementation(libs.some.name)`,
/// `testImplementation group: "g", name: "a", version: "1.0"`.
fn dependency(line: &[Piece<'_>], wanted: &mut Vec<(Wanted, Scope)>, problems: &mut Vec<String>) {
    let Some((Piece::Word(configuration), arguments)) = line.split_first() else {
        return;
    };
    if matches!(
        *configuration,
        "constraints" | "modules" | "if" | "for" | "exclude" | "def" | "val"
    ) {
        return;
    }
    let scope = scope_of_configuration(configuration);
    let arguments = arguments
        .first()
        .and_then(|first| first.group('('))
        .unwrap_or(arguments);
    // A platform is a list of versions, itself an artifact.
    let arguments = match arguments {
        [
            Piece::Word("platform" | "enforcedPlatform" | "testFixtures"),
            Piece::Group('(', inner),
            ..,
        ] => inner,
        other => other,
    };
    match arguments {
        // Other texts are names of plugins and projects.
        [Piece::Text(text), ..] => {
            if let Some(mut found) = Coordinate::parse(text) {
                if text.contains('$') {
                    // A version that is computed is not known.
                    found.version = None;
                }
                if found.group.contains('$') || found.artifact.contains('$') {
                    problems.push(format!("`{text}` is computed and was left out"));
                } else {
                    wanted.push((Wanted::Coordinate(found), scope));
                }
            }
        }
        [Piece::Word("libs"), ..] => {
            let words = arguments
                .iter()
                .take_while(|piece| piece.is('.') || piece.word().is_some());
            let words: Vec<&str> = words.filter_map(Piece::word).skip(1).collect();
            wanted.push((Wanted::Alias(words.join(".")), scope));
        }
        [Piece::Word("group" | "name"), ..] => {
            if let (Some(group), Some(artifact)) = (
                named_text(arguments, "group"),
                named_text(arguments, "name"),
            ) {
                let version = named_text(arguments, "version");
                let found = Coordinate {
                    group: group.to_owned(),
                    artifact: artifact.to_owned(),
                    version: version.map(str::to_owned),
                    classifier: named_text(arguments, "classifier").map(str::to_owned),
                };
                wanted.push((Wanted::Coordinate(found), scope));
            }
        }
        _ => {}
    }
}
