//! Finds secrets in bytes: keywords first, all at once, and patterns only around them.

use std::collections::HashMap;
use std::ops::Range;

use super::keywords::Keywords;
use super::kind::SecretKind;
use super::plausible::{entropy, is_placeholder};

/// Most secrets that are told of one file.
const MOST_LEAKS: usize = 100;

/// A secret that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Leak<'k> {
    pub(crate) kind: &'k SecretKind,
    /// Where the secret begins and ends, in bytes.
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl PartialEq for SecretKind {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for SecretKind {}

/// Kinds of secrets, ready to be looked for.
pub(crate) struct Detector<'k> {
    kinds: Vec<&'k SecretKind>,
    keywords: Keywords,
    /// For each keyword, the kinds that have it.
    of_keyword: Vec<Vec<usize>>,
}

impl std::fmt::Debug for Detector<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Detector")
            .field("kinds", &self.kinds.len())
            .finish_non_exhaustive()
    }
}

impl<'k> Detector<'k> {
    /// Looks for these kinds.
    pub(crate) fn new(kinds: Vec<&'k SecretKind>) -> Self {
        let mut words: Vec<&str> = Vec::new();
        let mut of_keyword: Vec<Vec<usize>> = Vec::new();
        for (index, kind) in kinds.iter().enumerate() {
            for word in &kind.keywords {
                let known = words.iter().position(|known| known == word);
                let place = known.unwrap_or_else(|| {
                    words.push(word);
                    of_keyword.push(Vec::new());
                    words.len() - 1
                });
                if let Some(kinds) = of_keyword.get_mut(place) {
                    kinds.push(index);
                }
            }
        }
        Self {
            kinds,
            keywords: Keywords::new(&words),
            of_keyword,
        }
    }

    /// The secrets in bytes, by their places; where two overlap, the first kind of the list that is
    /// more than a guess.
    pub(crate) fn find(&self, bytes: &[u8]) -> Vec<Leak<'k>> {
        let mut leaks: Vec<(usize, Leak<'k>)> = Vec::new();
        for (index, stretch) in self.stretches(bytes) {
            let Some(&kind) = self.kinds.get(index) else {
                continue;
            };
            leaks.extend(
                look(kind, bytes, stretch)
                    .into_iter()
                    .map(|leak| (index, leak)),
            );
        }
        leaks.sort_by_key(|(index, leak)| (*index, leak.start));
        let mut kept: Vec<Leak<'k>> = Vec::new();
        for (_, leak) in leaks {
            let overlaps = |other: &Leak<'_>| leak.start < other.end && other.start < leak.end;
            if !kept.iter().any(overlaps) {
                kept.push(leak);
            }
        }
        kept.sort_by_key(|leak| leak.start);
        kept.truncate(MOST_LEAKS);
        kept
    }

    /// Where each kind is to be looked for: around its keywords, each place once. By the places of
    /// the kinds in their list.
    fn stretches(&self, bytes: &[u8]) -> Vec<(usize, Range<usize>)> {
        let mut stretches: Vec<(usize, Range<usize>)> = Vec::new();
        // The last stretch of each kind.
        let mut last: HashMap<usize, usize> = HashMap::new();
        self.keywords.find(bytes, |keyword, hit| {
            let kinds = self.of_keyword.get(keyword);
            for &index in kinds.into_iter().flatten() {
                let Some(kind) = self.kinds.get(index) else {
                    continue;
                };
                let start = hit.start.saturating_sub(kind.reach);
                let end = hit.end.saturating_add(kind.reach).min(bytes.len());
                let known = last.get(&index).and_then(|&place| stretches.get_mut(place));
                match known {
                    // Hits come nearly in the order of their places.
                    Some((_, stretch)) if start <= stretch.end => {
                        stretch.start = stretch.start.min(start);
                        stretch.end = stretch.end.max(end);
                    }
                    _ => {
                        last.insert(index, stretches.len());
                        stretches.push((index, start..end));
                    }
                }
            }
        });
        stretches
    }
}

/// The secrets of a kind in a stretch of bytes.
fn look<'k>(kind: &'k SecretKind, bytes: &[u8], stretch: Range<usize>) -> Vec<Leak<'k>> {
    let start = stretch.start;
    kind.pattern
        .compiled()
        .captures_iter(&bytes[stretch])
        .filter_map(|captures| {
            let found = captures.get(1).or_else(|| captures.get(0))?;
            let leak = Leak {
                kind,
                start: start + found.start(),
                end: start + found.end(),
            };
            is_plausible(&leak, bytes).then_some(leak)
        })
        .take(MOST_LEAKS)
        .collect()
}

fn is_plausible(leak: &Leak<'_>, bytes: &[u8]) -> bool {
    let secret = &bytes[leak.start..leak.end];
    let is_word = |byte: Option<&u8>| {
        byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
    };
    let before = leak.start.checked_sub(1).and_then(|place| bytes.get(place));
    let stands_alone = leak.kind.inside_words || !(is_word(before) || is_word(bytes.get(leak.end)));
    !secret.is_empty()
        && stands_alone
        && (leak.kind.entropy <= 0.0 || entropy(secret) >= leak.kind.entropy)
        && (leak.kind.placeholders || !is_placeholder(secret))
        && leak
            .kind
            .checksum
            .is_none_or(|checksum| checksum.holds(secret))
}
