//! Finds some hundred words in bytes, all at once, whatever the case of their letters.
//!
//! Of each word three bytes are chosen that are rare in texts. Three bytes of the text at a time are
//! looked up in a table of bits, which holds what the words' bytes are hashed to, and hardly ever says
//! yes: then the words are compared. An automaton goes from byte to byte, and each step waits for the
//! one before; here no step waits, which makes it twice as fast. The fast searchers of several words
//! that processors have instructions for take no more than about a hundred.

use std::ops::Range;

/// How many bytes of a word are looked up.
const LOOKED_UP: usize = 3;

/// How many bits the table has: as many as the hashes of 16 bits.
const BITS: usize = 1 << 16;

/// Letters that are common in texts and programs, the most common first. All other bytes are rarer.
const COMMON: &[u8] = b" etaoinsrlcdupmfhgbvyw_.,()=\"':/-;x01k2";

/// Words to look for.
pub(super) struct Keywords {
    words: Vec<Box<[u8]>>,
    bits: Box<[u64; BITS / 64]>,
    /// By the hash: which word, and where in it the bytes stand.
    entries: Vec<(u16, usize, usize)>,
}

impl Keywords {
    /// Looks for these words.
    pub(super) fn new(words: &[&str]) -> Self {
        let mut entries = Vec::new();
        for (index, word) in words.iter().enumerate() {
            let word = word.as_bytes();
            let rarest = word
                .windows(LOOKED_UP)
                .enumerate()
                .min_by_key(|(_, bytes)| commonness(bytes));
            match rarest {
                Some((offset, bytes)) => entries.push((hash(word_of(bytes)), index, offset)),
                None => entries.extend(
                    completions(word)
                        .into_iter()
                        .map(|bytes| (hash(word_of(&bytes)), index, 0)),
                ),
            }
        }
        entries.sort_unstable();
        entries.dedup();
        let mut bits = Box::new([0; BITS / 64]);
        for &(hash, _, _) in &entries {
            if let Some(bits) = bits.get_mut(usize::from(hash >> 6)) {
                *bits |= 1 << (hash & 63);
            }
        }
        Self {
            words: words.iter().map(|word| word.as_bytes().into()).collect(),
            bits,
            entries,
        }
    }

    /// Calls for each place where a word stands, with the word's place in the list. The order is
    /// that of the bytes that are looked up, which need not be that of the beginnings.
    pub(super) fn find(&self, bytes: &[u8], mut found: impl FnMut(usize, Range<usize>)) {
        // Four bytes are read as one number, though three count.
        for (place, window) in bytes.windows(size_of::<u32>()).enumerate() {
            let hash = hash(word_of(window));
            if self.may_be(hash) {
                self.compare(bytes, place, hash, &mut found);
            }
        }
        for place in bytes.len().saturating_sub(LOOKED_UP)..bytes.len() {
            let hash = hash(word_of(&bytes[place..]));
            if self.may_be(hash) {
                self.compare(bytes, place, hash, &mut found);
            }
        }
    }

    #[inline]
    fn may_be(&self, hash: u16) -> bool {
        self.bits[usize::from(hash >> 6)] >> (hash & 63) & 1 != 0
    }

    #[inline(never)]
    fn compare(
        &self,
        bytes: &[u8],
        place: usize,
        hash: u16,
        found: &mut impl FnMut(usize, Range<usize>),
    ) {
        let first = self.entries.partition_point(|entry| entry.0 < hash);
        let entries = self.entries.get(first..).unwrap_or_default().iter();
        for &(_, index, offset) in entries.take_while(|entry| entry.0 == hash) {
            let Some(start) = place.checked_sub(offset) else {
                continue;
            };
            let word = self.words.get(index).map_or(&[][..], |word| word);
            let end = start.saturating_add(word.len());
            if (bytes.get(start..end)).is_some_and(|bytes| bytes.eq_ignore_ascii_case(word)) {
                found(index, start..end);
            }
        }
    }
}

/// The first bytes as a number, with spaces for what is missing.
#[inline]
fn word_of(bytes: &[u8]) -> u32 {
    if let Some(bytes) = bytes.first_chunk() {
        return u32::from_le_bytes(*bytes);
    }
    let mut padded = [b' '; size_of::<u32>()];
    for (byte, own) in padded.iter_mut().zip(bytes) {
        *byte = *own;
    }
    u32::from_le_bytes(padded)
}

/// Of the first three bytes. Large and small letters have the same one, and so do some other bytes.
#[inline]
fn hash(word: u32) -> u16 {
    let folded = (word | 0x2020_2020) << 8;
    // What multiplying by it spreads well: 2 to the 32nd divided by the golden ratio.
    (folded.wrapping_mul(0x9E37_79B1) >> 16) as u16
}

/// How common these bytes are: the higher, the more often they stand in texts.
fn commonness(bytes: &[u8]) -> usize {
    let of_one = |byte: &u8| {
        let byte = byte.to_ascii_lowercase();
        let rank = COMMON.iter().position(|common| *common == byte);
        rank.map_or(0, |rank| COMMON.len() - rank)
    };
    bytes.iter().map(of_one).sum()
}

/// What a word that is too short to be looked up can begin: itself and any other bytes, one for all
/// that have the same hash.
fn completions(word: &[u8]) -> Vec<Vec<u8>> {
    let mut completed = vec![word.to_vec()];
    for _ in word.len()..LOOKED_UP {
        completed = completed
            .into_iter()
            .flat_map(|begun| {
                (0..=u8::MAX)
                    .filter(|byte| byte & 0x20 != 0)
                    .map(move |byte| {
                        let mut begun = begun.clone();
                        begun.push(byte);
                        begun
                    })
            })
            .collect();
    }
    completed
}

#[cfg(test)]
mod tests {
    use aho_corasick::AhoCorasick;
    use proptest::prelude::*;

    use super::*;

    fn found(words: &[&str], text: &[u8]) -> Vec<(usize, Range<usize>)> {
        let mut all = Vec::new();
        Keywords::new(words).find(text, |word, place| all.push((word, place)));
        all.sort_by_key(|(word, place)| (place.start, *word));
        all
    }

    #[test]
    fn words_are_found_at_the_beginning_and_at_the_end() {
        assert_eq!(
            found(&["ghp_", "key"], b"GHP_ my Key"),
            [(0, 0..4), (1, 8..11)]
        );
        assert_eq!(found(&["ghp_"], b"ghp"), []);
        assert_eq!(found(&["ghp_"], b""), []);
    }

    #[test]
    fn short_words_are_found_as_well() {
        assert_eq!(found(&["a", "b-"], b"xA"), [(0, 1..2)]);
        assert_eq!(found(&["a", "b-"], b"B-\xff"), [(1, 0..2)]);
        assert_eq!(found(&["a", "b-"], b"zzb-"), [(1, 2..4)]);
    }

    proptest! {
        #[test]
        fn an_automaton_finds_the_same(
            words in prop::collection::vec("[abA_0]{1,5}", 1..8),
            text in prop::collection::vec(prop::sample::select(b"abAB_0\x7f\x80 ".to_vec()), 0..60),
        ) {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let automaton = AhoCorasick::builder()
                .ascii_case_insensitive(true)
                .build(&words)
                .unwrap();
            let mut expected: Vec<(usize, Range<usize>)> = automaton
                .find_overlapping_iter(&text)
                .map(|hit| (hit.pattern().as_usize(), hit.range()))
                .collect();
            expected.sort_by_key(|(word, place)| (place.start, *word));
            prop_assert_eq!(found(&words, &text), expected);
        }
    }
}
