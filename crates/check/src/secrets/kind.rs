//! A kind of secret, as data: how it begins, how it looks, and what to do about one that leaked.

use std::sync::{LazyLock, OnceLock};

use linchpin_document::{Node, NodeValue, Position};
use linchpin_model::Severity;
use regex::bytes::{Regex, RegexBuilder};

use super::checksum::Checksum;
use linchpin_document::yaml;

/// The kinds of the program, one file for each service.
static EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/secrets.rs"));

/// Largest pattern, compiled, in bytes.
const MOST_PATTERN: usize = 1 << 20;

/// How far from its keyword a secret is looked for, in bytes.
const REACH: usize = 400;

/// A kind of secret.
#[derive(Debug)]
pub struct SecretKind {
    /// Its id: `github-personal-access-token`.
    pub id: String,
    /// What it is: `A personal access token of GitHub`.
    pub title: String,
    /// How bad it is that one lies open.
    pub severity: Severity,
    /// Words near it, one of which must be there. One in lower case is found in any case, one with
    /// capital letters as it is written.
    pub keywords: Vec<String>,
    /// How it looks. If it has a group, the secret is the first one.
    pub pattern: Pattern,
    /// The least Shannon entropy of its characters, in bits for each.
    pub entropy: f64,
    /// How its own characters show that it is one.
    pub checksum: Option<Checksum>,
    /// Whether it may stand inside a longer word.
    pub inside_words: bool,
    /// Whether texts that look like placeholders are secrets as well.
    pub placeholders: bool,
    /// How far from its keyword it may be.
    pub reach: usize,
    /// Where to withdraw it.
    pub revoke: String,
    /// Where to read on.
    pub reference: Option<String>,
}

/// A regular expression over bytes, compiled when it is first asked: of hundreds of kinds, few are
/// ever near to being found.
#[derive(Debug)]
pub struct Pattern {
    text: String,
    compiled: OnceLock<Regex>,
}

impl Pattern {
    /// An expression that was seen to compile.
    pub(super) fn new(text: String) -> Self {
        Self {
            text,
            compiled: OnceLock::new(),
        }
    }

    /// The expression as it is written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The expression, ready to be asked.
    ///
    /// # Panics
    /// Never: whoever makes one has seen that it compiles, or a test has.
    pub fn compiled(&self) -> &Regex {
        let compiled = || compile(&self.text).expect("it was seen to compile");
        self.compiled.get_or_init(compiled)
    }
}

/// What is wrong with the data of a kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{}:{}: {problem}", at.line, at.column)]
pub struct InvalidSecretKind {
    /// The file.
    pub file: String,
    /// Where in it.
    pub at: Position,
    /// What.
    pub problem: String,
}

/// The file with what looks like a secret of nobody in particular.
const GENERIC: &str = "generic";

/// The kinds of the program, in the order of the files; the generic ones come last, because the first
/// kind that a text is of counts.
pub fn embedded() -> &'static [SecretKind] {
    static KINDS: LazyLock<Vec<SecretKind>> = LazyLock::new(|| {
        let (generic, services): (Vec<_>, Vec<_>) =
            EMBEDDED.iter().partition(|(file, _)| *file == GENERIC);
        services
            .into_iter()
            .chain(generic)
            .flat_map(|(file, text)| read(file, text).expect("a test reads every kind"))
            .collect()
    });
    &KINDS
}

/// Reads a file of kinds.
pub(crate) fn read(file: &str, text: &str) -> Result<Vec<SecretKind>, InvalidSecretKind> {
    let invalid = |(at, problem): (Position, String)| InvalidSecretKind {
        file: file.to_owned(),
        at,
        problem,
    };
    let read = yaml::read(text);
    if let Some(problem) = read.problem {
        return Err(invalid((problem.at, problem.text)));
    }
    read.documents
        .iter()
        .flat_map(Node::items)
        .map(|node| kind(node).map_err(invalid))
        .collect()
}

type Wrong = (Position, String);

fn kind(node: &Node) -> Result<SecretKind, Wrong> {
    let known = [
        "id",
        "title",
        "severity",
        "keywords",
        "pattern",
        "entropy",
        "checksum",
        "inside_words",
        "placeholders",
        "reach",
        "revoke",
        "reference",
    ];
    for member in node.members() {
        if !known.contains(&member.key.as_str()) {
            let problem = format!("a kind of secret has no field `{}`", member.key);
            return Err((member.key_start, problem));
        }
    }
    let text = |name: &str| {
        let text = node.get(name).and_then(Node::as_text);
        text.filter(|text| !text.is_empty())
            .ok_or_else(|| (node.start, format!("`{name}` is a text and must be there")))
    };
    let keywords = node
        .get("keywords")
        .map_or(&[][..], Node::items)
        .iter()
        .map(|item| {
            let word = item.as_text().filter(|word| word.len() >= 3);
            let problem = "a keyword is a text of three characters or more".to_owned();
            let word = word.ok_or((item.start, problem))?;
            Ok(word.to_owned())
        })
        .collect::<Result<Vec<String>, Wrong>>()?;
    if keywords.is_empty() {
        let problem = "a kind of secret needs keywords, by which it is found fast".to_owned();
        return Err((node.start, problem));
    }
    let at = |name: &str| node.get(name).map_or(node.start, |found| found.start);
    let severity = text("severity")?;
    let severity = severity.parse().map_err(|_| {
        let problem = "the severity is low, medium, high or critical".to_owned();
        (at("severity"), problem)
    })?;
    let number = |name: &str| match node.get(name).map(|found| &found.value) {
        None => Ok(None),
        Some(NodeValue::Integer(number)) => Ok(Some(*number as f64)),
        Some(NodeValue::Number(number)) => Ok(Some(*number)),
        Some(_) => Err((at(name), format!("`{name}` is a number"))),
    };
    let flag = |name: &str| {
        let value = node.get(name).map(|found| &found.value);
        value == Some(&NodeValue::Boolean(true))
    };
    let checksum = node.get("checksum").and_then(Node::as_text);
    let reach = match node.get("reach").map(|found| &found.value) {
        Some(NodeValue::Integer(reach)) => usize::try_from(*reach).unwrap_or(REACH),
        _ => REACH,
    };
    Ok(SecretKind {
        id: text("id")?.to_owned(),
        title: text("title")?.to_owned(),
        severity,
        keywords,
        pattern: Pattern::new(text("pattern")?.to_owned()),
        entropy: number("entropy")?.unwrap_or(0.0),
        checksum: checksum
            .map(|word| {
                Checksum::named(word)
                    .ok_or_else(|| (at("checksum"), format!("there is no checksum `{word}`")))
            })
            .transpose()?,
        inside_words: flag("inside_words"),
        placeholders: flag("placeholders"),
        reach,
        revoke: text("revoke")?.trim().to_owned(),
        reference: node
            .get("reference")
            .and_then(Node::as_text)
            .map(str::to_owned),
    })
}

/// Understands a pattern.
pub(super) fn compile(pattern: &str) -> Result<Regex, String> {
    RegexBuilder::new(pattern)
        .size_limit(MOST_PATTERN)
        .dfa_size_limit(MOST_PATTERN)
        .unicode(false)
        .build()
        .map_err(|error| format!("`pattern` is no regular expression: {error}"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_kinds_of_the_program_are_valid_and_their_ids_are_unique() {
        let mut ids = BTreeSet::new();
        for (file, text) in EMBEDDED {
            let kinds = match read(file, text) {
                Ok(kinds) => kinds,
                Err(error) => panic!("secrets/{error}"),
            };
            assert!(!kinds.is_empty(), "{file}");
            for kind in kinds {
                compile(kind.pattern.as_str())
                    .unwrap_or_else(|error| panic!("{}: {error}", kind.id));
                assert!(kind.severity >= Severity::Low, "{}", kind.id);
                assert!(!kind.title.ends_with('.'), "{}", kind.id);
                assert!(ids.insert(kind.id.clone()), "{} is there twice", kind.id);
            }
        }
        let mut files: Vec<_> = EMBEDDED.iter().map(|(file, _)| *file).collect();
        files.dedup();
        assert_eq!(files.len(), EMBEDDED.len());
    }

    #[test]
    fn mistakes_are_told_with_their_place() {
        let good = "- id: x\n  title: X\n  severity: high\n  keywords: [abc]\n  pattern: abc\n  revoke: there\n";
        assert!(read("x.yaml", good).is_ok());
        for (from, to, said) in [
            (
                "pattern: abc",
                "pattern: []",
                "x.yaml:1:3: `pattern` is a text",
            ),
            ("[abc]", "[ab]", "x.yaml:4:14: a keyword is"),
            (
                "severity: high",
                "severity: x",
                "x.yaml:3:13: the severity is",
            ),
            (
                "revoke",
                "recall",
                "x.yaml:6:3: a kind of secret has no field `recall`",
            ),
        ] {
            let error = read("x.yaml", &good.replace(from, to)).unwrap_err();
            assert!(error.to_string().starts_with(said), "{error}");
        }
    }
}
