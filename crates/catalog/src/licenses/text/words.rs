//! A text as words that can be compared: what the SPDX guidelines for matching say does not count is
//! left out. <https://spdx.github.io/spdx-spec/v2.3/license-matching-guidelines-and-templates/>
//!
//! Case, punctuation, marks of comments, numbers of lists, addresses and lines with copyrights do not
//! count, and words that are spelt in two ways are one.

use std::sync::OnceLock;

/// Words as numbers; the lowest bit says whether a word grants, forbids or asks for something.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Word(u64);

/// Words that change what a licence says, wherever they are added or left out.
const SPEAKING: &[&str] = &[
    "approval",
    "attribution",
    "condition",
    "conditions",
    "consent",
    "copies",
    "copy",
    "copyleft",
    "derivative",
    "disclose",
    "distribute",
    "distributed",
    "distributing",
    "distribution",
    "evil",
    "fee",
    "fees",
    "good",
    "grant",
    "granted",
    "grants",
    "liable",
    "licensee",
    "make",
    "may",
    "military",
    "modification",
    "modifications",
    "modified",
    "modify",
    "must",
    "noncommercial",
    "notice",
    "notices",
    "nuclear",
    "patent",
    "patents",
    "permission",
    "permissions",
    "permit",
    "permitted",
    "personal",
    "provided",
    "redistribute",
    "redistributed",
    "redistribution",
    "redistributions",
    "reproduce",
    "retain",
    "royalty",
    "sell",
    "service",
    "shall",
    "sold",
    "subject",
    "sublicense",
    "terminate",
    "use",
    "used",
    "user",
    "users",
    "uses",
    "using",
    "warranties",
    "warranty",
];

/// Those that limit: they are not even in titles and introductions.
const LIMITING: &[&str] = &[
    "addition",
    "additional",
    "additionally",
    "cannot",
    "commercial",
    "commercially",
    "commons",
    "except",
    "exception",
    "exceptions",
    "exclude",
    "excluded",
    "excludes",
    "excluding",
    "following",
    "forbid",
    "forbidden",
    "however",
    "limited",
    "military",
    "never",
    "no",
    "noncommercial",
    "nor",
    "not",
    "only",
    "permission",
    "prohibit",
    "prohibited",
    "require",
    "required",
    "requires",
    "restrict",
    "restricted",
    "restriction",
    "restrictions",
    "shall",
    "unless",
    "without",
];

/// Words that are spelt in two ways.
const SPELLINGS: &[(&str, &str)] = &[
    ("acknowledgement", "acknowledgment"),
    ("acknowledgements", "acknowledgments"),
    ("authorisation", "authorization"),
    ("authorised", "authorized"),
    ("favour", "favor"),
    ("fulfil", "fulfill"),
    ("initialise", "initialize"),
    ("judgement", "judgment"),
    ("labelled", "labeled"),
    ("licence", "license"),
    ("licenced", "licensed"),
    ("licences", "licenses"),
    ("merchantibility", "merchantability"),
    ("organisation", "organization"),
    ("organisations", "organizations"),
    ("recognise", "recognize"),
    ("sublicence", "sublicense"),
    ("utilisation", "utilization"),
    ("whilst", "while"),
    ("wilful", "willful"),
];

const SPEAKS: u64 = 1;
const LIMITS: u64 = 2;

impl Word {
    /// The word of some bytes, which are in lower case.
    fn new(bytes: impl IntoIterator<Item = u8>) -> Self {
        let plain = hash(bytes);
        let marked = marked();
        let place = marked.binary_search_by_key(&plain, |(hash, _)| *hash);
        let known = place.ok().and_then(|place| marked.get(place));
        known.map_or(Self(plain), |(_, word)| word.clone())
    }

    /// Whether it grants, forbids or asks for something.
    pub(super) fn speaks(&self) -> bool {
        self.0 & SPEAKS != 0
    }

    /// Whether it limits what is granted.
    pub(super) fn limits(&self) -> bool {
        self.0 & LIMITS != 0
    }

    /// This word and the next one, as a number.
    pub(super) fn with(&self, next: &Self) -> u32 {
        let mixed = self.0.rotate_left(23) ^ next.0.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (mixed >> 32) as u32
    }
}

/// The words that have marks, or are spelt in another way too, by the hashes of their bytes.
fn marked() -> &'static [(u64, Word)] {
    static MARKED: OnceLock<Vec<(u64, Word)>> = OnceLock::new();
    MARKED.get_or_init(|| {
        let spellings = SPELLINGS.iter().copied();
        let spoken = SPEAKING.iter().chain(LIMITING).map(|word| (*word, *word));
        let mut marked: Vec<(u64, Word)> = spellings
            .chain(spoken)
            .map(|(written, usual)| {
                let limits = LIMITING.contains(&usual);
                let speaks = limits || SPEAKING.contains(&usual);
                let marks = if speaks { SPEAKS } else { 0 } | if limits { LIMITS } else { 0 };
                (hash(written.bytes()), Word(hash(usual.bytes()) | marks))
            })
            .collect();
        marked.sort_by_key(|(hash, _)| *hash);
        marked
    })
}

/// FNV-1a, with the bits of marks left free. It is quick, for some hundred thousand words are hashed, and
/// words that have the same number can be made: whoever wants a package to be taken for another
/// licence's need only declare that.
fn hash(bytes: impl IntoIterator<Item = u8>) -> u64 {
    let folded = bytes
        .into_iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    (folded ^ folded >> 29) & !(SPEAKS | LIMITS)
}

/// The words of a text.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut word = String::new();
    for line in text.lines() {
        let line = line.trim_start_matches(|mark: char| {
            mark.is_whitespace() || "#*/;%\"'>-_=|~•\u{feff}".contains(mark)
        });
        if is_copyright(line) {
            continue;
        }
        for (place, token) in line.split_whitespace().enumerate() {
            if place == 0 && is_number_of_list(token) {
                continue;
            }
            for part in without_address(token).split(is_between) {
                if part.is_ascii() {
                    let mut letters = part.bytes().filter(|byte| !matches!(byte, b'\'' | b'`'));
                    if let Some(first) = letters.next() {
                        let letters = std::iter::once(first).chain(letters);
                        words.push(Word::new(letters.map(|byte| byte.to_ascii_lowercase())));
                    }
                    continue;
                }
                word.clear();
                let letters = part.chars().filter(|letter| !is_apostrophe(*letter));
                word.extend(letters.flat_map(char::to_lowercase));
                if !word.is_empty() {
                    words.push(Word::new(word.bytes()));
                }
            }
        }
    }
    words
}

fn is_apostrophe(letter: char) -> bool {
    matches!(letter, '\'' | '\u{2019}' | '`')
}

fn is_between(letter: char) -> bool {
    !letter.is_alphanumeric() && !is_apostrophe(letter)
}

/// What stands before an address; a scheme is no word.
fn without_address(token: &str) -> &str {
    match token.find("://") {
        Some(slashes) => {
            let before = token.get(..slashes).unwrap_or_default();
            before.trim_end_matches(|letter: char| letter.is_ascii_alphabetic())
        }
        None if token.starts_with("www.") => "",
        None => token,
    }
}

/// `1.`, `(a)`, `iv)`: what lists are numbered with.
fn is_number_of_list(token: &str) -> bool {
    let inner = token.trim_matches(['(', ')', '.', '[', ']', ':']);
    let is_marked = inner.len() < token.len();
    let is_roman = |text: &str| text.bytes().all(|byte| b"ivxIVX".contains(&byte));
    is_marked
        && !inner.is_empty()
        && inner.len() <= 4
        && inner.is_ascii()
        && (inner.len() == 1 || inner.bytes().all(|byte| byte.is_ascii_digit()) || is_roman(inner))
}

/// A line that says who holds the copyright, and since when.
fn is_copyright(line: &str) -> bool {
    // The first letters of all that is looked for below.
    if !line.starts_with(['A', 'a', 'C', 'c', 'P', 'p', '(', '©']) {
        return false;
    }
    let start: String = line
        .chars()
        .take(160)
        .flat_map(char::to_lowercase)
        .collect();
    if start.starts_with("all rights reserved") {
        return true;
    }
    let is_dated = || {
        let mut digits = 0;
        start.bytes().any(|byte| {
            digits = if byte.is_ascii_digit() { digits + 1 } else { 0 };
            digits == 4
        })
    };
    // `(c)` alone can be the third of a list.
    if let Some(rest) = start.strip_prefix("(c)") {
        return rest.trim_start().starts_with("copyright") || is_dated();
    }
    let begins = ["copyright", "©", "portions copyright", "portions (c)"];
    let marks = [
        "(c)",
        "©",
        "<",
        "[",
        "{",
        "yyyy",
        "all rights reserved",
        "contributors.",
        "authors.",
    ];
    begins.iter().any(|word| start.starts_with(word))
        && (marks.iter().any(|mark| start.contains(mark)) || is_dated())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        assert!(SPEAKING.is_sorted() && LIMITING.is_sorted() && SPELLINGS.is_sorted());
    }

    #[test]
    fn what_does_not_count_is_left_out() {
        let plain = words("permission is granted to any person");
        for text in [
            "Permission is granted, to ANY person!",
            " * Permission is\n * granted to any person",
            "Copyright (c) 2020 Somebody\n\nPermission is granted to any person",
            "Copyright Example, Inc. and other contributors. All rights reserved.\nPermission is granted to any person",
            "1. Permission is granted to (https://example.com/a) any person",
            "(a) “Permission” is granted to any\nperson",
        ] {
            assert_eq!(words(text), plain, "{text}");
        }
        assert_ne!(words("copyright notice and this permission"), []);
        assert_eq!(words("(c) You must retain"), words("You must retain"));
        assert_eq!(words("licence"), words("License"));
        assert_eq!(words("é://"), words("é"));
    }

    #[test]
    fn words_that_speak_are_marked() {
        let speaks = |text: &str| words(text).iter().any(Word::speaks);
        assert!(speaks("not for war") && speaks("may be used"));
        assert!(!speaks("example incorporated and others"));
        assert!(words("only").iter().all(Word::limits));
        assert!(!words("use").iter().any(Word::limits));
    }
}
