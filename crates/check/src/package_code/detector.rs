//! Finds signs in code: the words of all signs at once, and patterns only of those whose words are
//! there.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use linchpin_document::{Member, Node, Position};

use super::comments::without_comments;
use super::hidden;
use super::language::Language;
use super::sign::{Pattern, embedded};
use crate::syntax::LineIndex;

/// Most different places that are kept of a sign.
const MOST_PLACES: usize = 8;

/// Most matches of a pattern that are looked at.
const MOST_MATCHES: usize = 2_000;

/// How much of what was found is kept, in characters.
const SHOWN: usize = 80;

/// A sign that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) id: &'static str,
    /// Where, and what stands there, each text once.
    pub(crate) places: Vec<(Position, String)>,
}

/// The patterns of one language.
struct Detector {
    words: AhoCorasick,
    /// By the number of the word, the patterns that have it.
    of_word: Vec<Vec<usize>>,
    patterns: Vec<(&'static str, &'static Pattern)>,
}

static DETECTORS: LazyLock<Vec<Detector>> =
    LazyLock::new(|| Language::ALL.map(Detector::new).into());

/// The signs in a text, sorted by their ids.
pub(crate) fn find(language: Language, text: &str) -> Vec<Found> {
    let place = Language::ALL.iter().position(|one| *one == language);
    let Some(detector) = place.and_then(|place| DETECTORS.get(place)) else {
        return Vec::new();
    };
    let mut places = detector.places(language, text);
    places.extend(hidden::places(text));
    if places.is_empty() {
        return Vec::new();
    }
    places.sort_unstable();
    let index = LineIndex::new(text);
    let mut found: Vec<Found> = Vec::new();
    for (id, start, end) in places {
        let shown = String::from_utf8_lossy(&text.as_bytes()[start..end]);
        let shown: String = shown.chars().take(SHOWN).collect();
        let place = (index.position(start), shown);
        match found.last_mut() {
            Some(last) if last.id == id => {
                let is_new = last.places.iter().all(|(_, known)| *known != place.1);
                if is_new && last.places.len() < MOST_PLACES {
                    last.places.push(place);
                }
            }
            _ => found.push(Found {
                id,
                places: vec![place],
            }),
        }
    }
    found
}

/// The signs as rules see them: a map from each to its places.
pub(crate) fn node(found: &[Found]) -> Node {
    let members = found.iter().filter_map(|sign| {
        let (first, _) = sign.places.first()?;
        let places = sign
            .places
            .iter()
            .map(|(at, text)| Node::text(*at, text.as_str()));
        Some(Member::added(sign.id, Node::list(*first, places.collect())))
    });
    Node::map(Position::START, members.collect())
}

impl Detector {
    fn new(language: Language) -> Self {
        let all = embedded().iter().flat_map(|sign| {
            let patterns = sign.patterns.iter();
            patterns.map(|pattern| (sign.id.as_str(), pattern))
        });
        let patterns: Vec<(&str, &Pattern)> = all
            .filter(|(_, pattern)| pattern.languages.contains(&language))
            .collect();
        let mut words: Vec<&str> = Vec::new();
        let mut of_word: Vec<Vec<usize>> = Vec::new();
        for (number, (_, pattern)) in patterns.iter().enumerate() {
            for word in &pattern.words {
                match words.iter().position(|known| known == word) {
                    Some(place) => of_word[place].push(number),
                    None => {
                        words.push(word);
                        of_word.push(vec![number]);
                    }
                }
            }
        }
        Self {
            words: AhoCorasick::builder()
                .ascii_case_insensitive(true)
                .build(&words)
                .expect("some hundred short words fit into a table"),
            of_word,
            patterns,
        }
    }

    /// Each sign with where it begins and ends.
    fn places(&self, language: Language, text: &str) -> Vec<(&'static str, usize, usize)> {
        let mut near = vec![false; self.patterns.len()];
        for hit in self.words.find_overlapping_iter(text) {
            for &number in self
                .of_word
                .get(hit.pattern().as_usize())
                .into_iter()
                .flatten()
            {
                near[number] = true;
            }
        }
        if !near.contains(&true) {
            return Vec::new();
        }
        let code = without_comments(language, text);
        let mut places = Vec::new();
        for (number, (id, pattern)) in self.patterns.iter().enumerate() {
            if !near[number] {
                continue;
            }
            let (compiled, except) = pattern.compiled();
            let matches = compiled.find_iter(code.as_bytes()).take(MOST_MATCHES);
            let matches = matches.filter(|found| {
                let excepted = except
                    .as_ref()
                    .is_some_and(|except| except.is_match(found.as_bytes()));
                !found.is_empty() && !excepted
            });
            places.extend(matches.map(|found| {
                // What stands before the sign itself is no part of it.
                let blanks = found.len() - found.as_bytes().trim_ascii_start().len();
                (*id, found.start() + blanks, found.end())
            }));
        }
        places
    }
}
