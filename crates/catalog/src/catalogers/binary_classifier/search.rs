//! Looking for the version of a program in its bytes, which come in pieces.
//!
//! A pattern's group says how what it matched is taken: `version` as it stands, the first one
//! counts; `only`, if the file has no other text of this form; `named`, if it begins with the
//! version that the file's name has; `packed`, a number such as 20914, which is 2.9.14.
//!
//! No pattern looks at what is before its match, and none matches more than the pieces overlap: a
//! match depends on nothing but the place where it begins, so that pieces tell what the whole file
//! would.

use std::ops::ControlFlow;
use std::sync::OnceLock;

use linchpin_source::Piece;
use regex::bytes::{Captures, Regex, RegexBuilder};

use super::classes::{CLASSES, Class};

/// Compiled when the first file of a class turns up, for all files after it.
static COMPILED: [OnceLock<Vec<Pattern>>; CLASSES.len()] =
    [const { OnceLock::new() }; CLASSES.len()];

/// Most matches of one pattern that are looked at.
const MOST_MATCHES: usize = 1000;

/// How what a pattern matched is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Group {
    Version,
    Only,
    Named,
    Packed,
}

impl Group {
    const ALL: [(&'static str, Self); 4] = [
        ("version", Self::Version),
        ("only", Self::Only),
        ("named", Self::Named),
        ("packed", Self::Packed),
    ];
}

#[derive(Debug)]
struct Pattern {
    regex: Regex,
    group: Group,
    /// Its name in the pattern.
    group_name: &'static str,
}

/// The search of a file for all programs that its name allows.
#[derive(Debug)]
pub(super) struct Search {
    name: String,
    candidates: Vec<Candidate>,
}

/// A program that a file may be.
#[derive(Debug)]
struct Candidate {
    class: &'static Class,
    patterns: Vec<(&'static Pattern, Matches)>,
}

/// What a pattern has matched so far.
#[derive(Debug, Default)]
struct Matches {
    looked_at: usize,
    found: Option<String>,
    /// Whether what comes changes nothing any more.
    is_settled: bool,
}

impl Search {
    /// Of a file of this name.
    pub(super) fn of(name: &str) -> Self {
        let classes = CLASSES.iter().zip(&COMPILED);
        let candidates = classes
            .filter(|(class, _)| class.files.iter().any(|file| is_called(name, file)))
            .map(|(class, compiled)| {
                let patterns = compiled.get_or_init(|| compile(class)).iter();
                Candidate {
                    class,
                    patterns: patterns
                        .map(|pattern| (pattern, Matches::default()))
                        .collect(),
                }
            })
            .collect();
        Self {
            name: name.to_owned(),
            candidates,
        }
    }

    /// Looks at the next piece, and says whether others are needed.
    pub(super) fn look_at(&mut self, piece: Piece<'_>) -> ControlFlow<()> {
        let mut is_done = true;
        for candidate in &mut self.candidates {
            candidate.look_at(piece, &self.name);
            is_done &= candidate.is_done();
        }
        if is_done {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }

    /// The programs that the file is, with their versions.
    pub(super) fn programs(self) -> Vec<(&'static str, String)> {
        let version = |candidate: Candidate| {
            let mut patterns = candidate.patterns.into_iter();
            let version = patterns.find_map(|(_, matches)| matches.found)?;
            Some((candidate.class.name, version))
        };
        self.candidates.into_iter().filter_map(version).collect()
    }
}

impl Candidate {
    fn look_at(&mut self, piece: Piece<'_>, name: &str) {
        for (pattern, matches) in &mut self.patterns {
            if !matches.is_settled {
                matches.look_at(pattern, piece, name);
            }
            if matches.is_settled && matches.found.is_some() {
                // The first pattern that matches counts.
                break;
            }
        }
    }

    /// Whether it is known what the file is: all patterns before the one that counts have failed
    /// for good.
    fn is_done(&self) -> bool {
        let mut settled = self.patterns.iter().map(|(_, matches)| matches);
        let undecided = settled.find(|matches| !matches.is_settled || matches.found.is_some());
        undecided.is_none_or(|matches| matches.is_settled)
    }
}

impl Matches {
    fn look_at(&mut self, pattern: &Pattern, piece: Piece<'_>, name: &str) {
        let mut at = 0;
        while let Some(captures) = pattern.regex.captures_at(piece.content, at) {
            let start = captures.get(0).map_or(usize::MAX, |all| all.start());
            if start >= piece.own_length() {
                // It is seen again, whole, in the next piece.
                return;
            }
            self.looked_at += 1;
            if let Some(text) = text_of(&captures, pattern.group_name) {
                self.take(pattern.group, text, name);
            }
            self.is_settled |= self.looked_at == MOST_MATCHES;
            if self.is_settled {
                return;
            }
            at = start + 1;
        }
    }

    fn take(&mut self, group: Group, text: String, name: &str) {
        match group {
            Group::Version => self.settle(Some(text)),
            Group::Only => match &self.found {
                None => self.found = Some(text),
                Some(first) if *first != text => self.settle(None),
                Some(_) => {}
            },
            Group::Named => {
                if begins_with(&text, version_in_name(name)) {
                    self.settle(Some(text));
                }
            }
            Group::Packed => self.settle(text.parse().ok().map(unpacked)),
        }
    }

    fn settle(&mut self, found: Option<String>) {
        self.found = found;
        self.is_settled = true;
    }
}

fn unpacked(number: u32) -> String {
    let (major, minor, patch) = (number / 10_000, number / 100 % 100, number % 100);
    format!("{major}.{minor}.{patch}")
}

fn is_called(name: &str, file: &str) -> bool {
    match file.strip_suffix('*') {
        Some(beginning) => name.starts_with(beginning),
        None => name == file,
    }
}

/// The patterns are constants and a test compiles all of them, so none is lost here.
fn compile(class: &Class) -> Vec<Pattern> {
    let compiled = |pattern: &&str| {
        let mut builder = RegexBuilder::new(&expanded(pattern));
        let regex = builder.unicode(false).build().ok()?;
        let (group_name, group) = Group::ALL
            .into_iter()
            .find(|(name, _)| regex.capture_names().flatten().any(|group| group == *name))?;
        Some(Pattern {
            regex,
            group,
            group_name,
        })
    };
    class.patterns.iter().filter_map(compiled).collect()
}

/// A pattern with what stands for its placeholders.
fn expanded(pattern: &str) -> String {
    pattern
        .replace("{v}", r"(?P<version>\d{1,4}(?:\.\d{1,5}){1,3})")
        .replace(
            "{go}",
            r#"-X \\?["']?[\w./-]{1,200}[vV]ersion=v?(?P<version>\d{1,4}\.\d{1,5}\.\d{1,5}(?:-(?:alpha|beta|rc)[0-9.]{1,4})?)"#,
        )
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
    use linchpin_source::{PIECE_OVERLAP, PIECE_STEP};
    use proptest::prelude::{ProptestConfig, Strategy, prop_assert_eq, proptest};

    use super::*;

    #[test]
    fn every_pattern_compiles_and_has_one_group() {
        for class in &CLASSES {
            let compiled = compile(class);
            assert_eq!(compiled.len(), class.patterns.len(), "{}", class.name);
            for Pattern { regex, .. } in compiled {
                let names = regex.capture_names().flatten();
                let known = names.filter(|name| Group::ALL.iter().any(|(group, _)| name == group));
                assert_eq!(known.count(), 1, "{regex}");
            }
        }
    }

    /// What the search in pieces rests on.
    #[test]
    fn matches_are_shorter_than_the_overlap_and_look_at_nothing_before_them() {
        for pattern in CLASSES.iter().flat_map(|class| class.patterns) {
            let mut parser = regex_syntax::ParserBuilder::new()
                .unicode(false)
                .utf8(false)
                .build();
            let parsed = parser.parse(&expanded(pattern)).unwrap();
            let longest = parsed.properties().maximum_len();
            assert!(longest.is_some_and(|most| most < 1024), "{pattern}");
            assert!(parsed.properties().look_set().is_empty(), "{pattern}");
        }
        const { assert!(PIECE_OVERLAP >= 1024 && PIECE_STEP > PIECE_OVERLAP) }
    }

    #[test]
    fn names_of_classes_are_sorted_and_unique() {
        let names: Vec<&str> = CLASSES.iter().map(|class| class.name).collect();
        let mut sorted = names.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(names, sorted);
    }

    fn in_words(search: Search) -> String {
        let found = search.programs().into_iter();
        let words: Vec<String> = found
            .map(|(name, version)| format!("{name} {version}"))
            .collect();
        words.join(", ")
    }

    fn in_whole(name: &str, content: &[u8]) -> String {
        let mut search = Search::of(name);
        let _ = search.look_at(Piece {
            content,
            is_last: true,
        });
        in_words(search)
    }

    #[test]
    fn versions_are_taken_as_their_groups_say() {
        let found = |name: &str, content: &str| in_whole(name, content.as_bytes());
        assert_eq!(
            found("python3.11", "\x003.1.2\x00x\x003.11.2+\x00"),
            "python 3.11.2+"
        );
        assert_eq!(
            found("libxml2.so.2.9.14", "::\x0020914\x00"),
            "libxml2 2.9.14"
        );
        assert_eq!(found("gzip", "\x001.12\x00"), "gzip 1.12");
        assert_eq!(found("gzip", "\x001.12\x00x\x001.12\x00"), "gzip 1.12");
        assert_eq!(found("gzip", "\x001.12\x001.13\x00"), "");
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

    #[test]
    fn a_pattern_that_comes_first_counts_wherever_it_matches() {
        let content = b"/download/release/v18.1.0/ and node.js/v18.2.0";
        assert_eq!(in_whole("node", content), "node 18.2.0");
        // Several texts of a form that must be the only one: the next pattern decides.
        let content = b"\x006.0.1\x00\x006.0.2\x00\x007.2.4\x00 (git:";
        assert_eq!(in_whole("redis-server", content), "redis 7.2.4");
    }

    #[test]
    fn nothing_more_is_wanted_once_it_is_known_what_a_file_is() {
        let mut search = Search::of("nginx");
        let mut wish = |content: &[u8]| {
            search.look_at(Piece {
                content,
                is_last: false,
            })
        };
        let with = |text: &str| [text.as_bytes(), &[0; PIECE_OVERLAP]].concat();
        assert!(wish(&with("nginx/1.25.3 ")).is_continue());
        assert!(wish(&with("openresty/1.25.3.1 ")).is_break());
    }

    /// Texts that patterns of all sorts match, in parts and whole.
    const TEXTS: &[&[u8]] = &[
        b"\x003.11.2\x00",
        b"\x003.1.2\x00",
        b"\x001.12\x00",
        b"\x001.13\x00",
        b"\x0020914\x00",
        b"node.js/v18.19.0",
        b"/download/release/v18.13.0/",
        b"\x007.0.15\x00 (git:",
        b"\x007.0.16\x00",
        b"OpenSSL 3.0.11 19 Sep 2023",
        b"-X example/version.Version=1.2.3",
        b"3.11.",
        b"\x00",
        b"1.2",
    ];

    fn bytes() -> impl Strategy<Value = Vec<u8>> {
        let text = proptest::sample::select(TEXTS).prop_map(<[u8]>::to_vec);
        let noise = proptest::collection::vec(proptest::sample::select(&b"\x00.123vx "[..]), 0..40);
        let part = proptest::prop_oneof![3 => text, 2 => noise];
        proptest::collection::vec(part, 0..40).prop_map(|parts| parts.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(100))]
        #[test]
        fn pieces_tell_what_the_whole_tells(
            middle in bytes(),
            before in PIECE_OVERLAP..3 * PIECE_OVERLAP,
            step in 1_usize..3000,
        ) {
            // Filled up so that pieces of the least length for their overlap have borders in the middle.
            let content = [&vec![b'~'; before][..], &middle, &vec![b'~'; PIECE_OVERLAP]].concat();
            for name in ["python3.11", "gzip", "libxml2.so.2", "node", "redis-server", "openssl", "traefik"] {
                let mut search = Search::of(name);
                let mut start = 0;
                loop {
                    let end = start + step + PIECE_OVERLAP;
                    let is_last = end >= content.len();
                    let content = &content[start..end.min(content.len())];
                    if search.look_at(Piece { content, is_last }).is_break() || is_last {
                        break;
                    }
                    start += step;
                }
                prop_assert_eq!(in_words(search), in_whole(name, &content), "{}", name);
            }
        }
    }
}
