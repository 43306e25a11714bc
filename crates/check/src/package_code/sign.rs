//! Signs: what code shows of what it does, as data. None of them says much alone; rules ask for
//! several together.

use std::sync::{LazyLock, OnceLock};

use linchpin_document::{Node, Position};
use regex::bytes::{Regex, RegexBuilder};

use super::language::Language;
use linchpin_document::yaml;

/// The signs of the program, one file for each sort of them.
static EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/signs.rs"));

/// Largest pattern, compiled, in bytes.
const MOST_PATTERN: usize = 4 << 20;

/// Something that code shows.
#[derive(Debug)]
pub(crate) struct Sign {
    /// The word in rules: `network`.
    pub(crate) id: String,
    /// How it looks, by languages.
    pub(crate) patterns: Vec<Pattern>,
}

/// How a sign looks in some languages.
#[derive(Debug)]
pub(crate) struct Pattern {
    pub(crate) languages: Vec<Language>,
    /// Texts one of which is in every match; in lower case, found in any case.
    pub(crate) words: Vec<String>,
    text: String,
    except: Option<String>,
    compiled: OnceLock<(Regex, Option<Regex>)>,
}

impl Pattern {
    /// The expression, and that which a match must not have in it.
    pub(crate) fn compiled(&self) -> &(Regex, Option<Regex>) {
        let compile = |text: &str| {
            RegexBuilder::new(text)
                // Words of code are ASCII, and classes of Unicode are large.
                .unicode(false)
                .size_limit(MOST_PATTERN)
                .build()
                .expect("a test compiles every pattern")
        };
        let compiled = || (compile(&self.text), self.except.as_deref().map(compile));
        self.compiled.get_or_init(compiled)
    }
}

/// The signs of the program.
pub(crate) fn embedded() -> &'static [Sign] {
    static SIGNS: LazyLock<Vec<Sign>> = LazyLock::new(|| {
        let files = EMBEDDED.iter();
        files
            .flat_map(|(file, text)| match read(text) {
                Ok(signs) => signs,
                Err((at, problem)) => {
                    panic!("signs/{file}.yaml:{}:{}: {problem}", at.line, at.column)
                }
            })
            .collect()
    });
    &SIGNS
}

type Wrong = (Position, String);

fn read(text: &str) -> Result<Vec<Sign>, Wrong> {
    let read = yaml::read(text);
    if let Some(problem) = read.problem {
        return Err((problem.at, problem.text));
    }
    read.documents
        .iter()
        .flat_map(Node::items)
        .map(sign)
        .collect()
}

fn sign(node: &Node) -> Result<Sign, Wrong> {
    let id = node.find_text(&["id"]).unwrap_or_default();
    let shows = node.find_text(&["shows"]).unwrap_or_default();
    let patterns = node.get("patterns").map_or(&[][..], Node::items);
    if id.is_empty() || shows.is_empty() || patterns.is_empty() {
        let problem = "a sign has `id`, `shows` and `patterns`".to_owned();
        return Err((node.start, problem));
    }
    Ok(Sign {
        id: id.to_owned(),
        patterns: patterns.iter().map(pattern).collect::<Result<_, _>>()?,
    })
}

fn pattern(node: &Node) -> Result<Pattern, Wrong> {
    let texts = |key: &str| {
        let items = node.get(key).map_or(&[][..], Node::items);
        items.iter().filter_map(Node::as_text)
    };
    let languages = if node.find_text(&["in"]) == Some("any") {
        Language::ALL.to_vec()
    } else {
        let named =
            texts("in").map(|word| Language::ALL.into_iter().find(|one| one.label() == word));
        named.collect::<Option<Vec<_>>>().unwrap_or_default()
    };
    let words: Vec<String> = texts("words").map(str::to_lowercase).collect();
    let text = node.find_text(&["pattern"]).unwrap_or_default();
    if languages.is_empty() || words.is_empty() || text.is_empty() {
        let problem = "a pattern has `in`, `words` and `pattern`".to_owned();
        return Err((node.start, problem));
    }
    Ok(Pattern {
        languages,
        words,
        text: text.to_owned(),
        except: node.find_text(&["except"]).map(str::to_owned),
        compiled: OnceLock::new(),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_signs_of_the_program_are_valid_and_each_is_there_once() {
        let mut ids = BTreeSet::new();
        for sign in embedded() {
            assert!(ids.insert(&sign.id), "{} is there twice", sign.id);
            for pattern in &sign.patterns {
                let (compiled, _) = pattern.compiled();
                assert!(!compiled.is_match(b""), "{}", sign.id);
            }
        }
        assert!(ids.len() > 20);
    }

    #[test]
    fn every_sign_has_its_line_in_the_manual() {
        let manual = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/suspicious.md");
        let manual = std::fs::read_to_string(manual).unwrap();
        for (_, text) in EMBEDDED {
            for node in yaml::read(text).documents.iter().flat_map(Node::items) {
                let word = |key| node.find_text(&[key]).unwrap();
                let line = format!("| `{}` | {} |", word("id"), word("shows"));
                assert!(manual.contains(&line), "docs/suspicious.md misses {line}");
            }
        }
    }
}
