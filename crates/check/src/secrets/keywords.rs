//! Finds some hundred words in bytes, all at once: those with capital letters as they are written, the
//! others whatever the case of their letters.
//!
//! Three bytes of the text at a time are looked up in a table of bits, which holds what three bytes of
//! the words are hashed to, and hardly ever says yes: then the words are compared. Only every second
//! place of the text is looked at: of each word one window of three bytes is chosen for when it begins
//! at an even place, and another for when it does not, each as rare in texts as can be. An automaton
//! goes from byte to byte, and each step waits for the one before; here no step waits. The fast
//! searchers of several words that processors have instructions for take no more than about a hundred.

use std::ops::Range;

/// How many bytes of a word are looked up.
const WINDOW: usize = 3;

/// How far the places that are looked at are apart.
const STEP: usize = 2;

/// How many windows are looked at in one go.
const AT_ONCE: usize = 4;

/// How many bits a hash has. The table of two to that power of bits fits the fastest memory.
const HASH_BITS: u32 = 17;

/// How many hashes there are.
const HASHES: usize = 1 << HASH_BITS;

/// Letters that are common in texts and programs, the most common first. All other bytes are rarer.
const COMMON: &[u8] = b" etaoinsrlcdupmfhgbvyw_.,()=\"':/-;x01k2";

/// Pairs that are common in texts and programs.
const COMMON_PAIRS: &[u8] = b"th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng \
    se ha as ou io le ve co me de hi ri ro ic ne ea ra ce li ch ll be ma si om ur ct el ta la ns us et \
    ke pu ge ap nc no // -- == 00 :: ss ab ag ut if fo tr pr na am rt ck di ul un lo ac ai tu s_ _s e_ \
    t_ _p ok ey od bl cr ol ";

/// How much more a pair counts than a letter.
const WEIGHT_OF_PAIR: usize = 40;

/// Words to look for.
pub(super) struct Keywords {
    words: Vec<Keyword>,
    /// Which hashes there are.
    bits: Box<[u64; HASHES / 64]>,
    /// By the hash: where the entries with it begin.
    first: Vec<usize>,
    /// In the order of their hashes.
    entries: Vec<Entry>,
}

/// A word.
struct Keyword {
    bytes: Box<[u8]>,
    /// Whether it counts only as it is written.
    is_exact: bool,
}

/// A window of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    hash: usize,
    /// Which word.
    word: usize,
    /// Where the window begins in it; before it, if less than nothing.
    offset: isize,
}

impl Keywords {
    /// Looks for these words.
    pub(super) fn new(words: &[&str]) -> Self {
        let mut entries = Vec::new();
        for (index, word) in words.iter().enumerate() {
            let word = word.as_bytes();
            for parity in 0..STEP {
                let Some(offset) = rarest(word, parity) else {
                    continue;
                };
                let windows = completions(word, offset).into_iter();
                entries.extend(windows.map(|window| Entry {
                    hash: hash(number(&window)),
                    word: index,
                    offset,
                }));
            }
        }
        entries.sort_unstable();
        entries.dedup();
        let mut bits = Box::new([0; HASHES / 64]);
        let mut first = vec![0; HASHES];
        for (place, entry) in entries.iter().enumerate().rev() {
            if let Some(bits) = bits.get_mut(entry.hash / 64) {
                *bits |= 1 << (entry.hash % 64);
            }
            if let Some(first) = first.get_mut(entry.hash) {
                *first = place;
            }
        }
        Self {
            words: words.iter().map(|word| Keyword::new(word)).collect(),
            bits,
            first,
            entries,
        }
    }

    /// Calls for each place where a word stands, with the word's place in the list. The order is
    /// that of the bytes that are looked up, which need not be that of the beginnings.
    pub(super) fn find(&self, bytes: &[u8], mut found: impl FnMut(usize, Range<usize>)) {
        let mut place = 0;
        // Four windows reach over nine bytes: two numbers of eight have them all.
        while let Some(stretch) = bytes.get(place..place + 10) {
            let (Some(front), Some(back)) = (stretch.first_chunk(), stretch.last_chunk()) else {
                break;
            };
            let (front, back) = (u64::from_le_bytes(*front), u64::from_le_bytes(*back));
            #[expect(clippy::cast_possible_truncation, reason = "that is what is wanted")]
            let hashes: [usize; AT_ONCE] = [
                hash(front as u32),
                hash((front >> 16) as u32),
                hash((front >> 32) as u32),
                hash((back >> 32) as u32),
            ];
            let [one, two, three, four] = hashes;
            let any = self.bit(one) | self.bit(two) | self.bit(three) | self.bit(four);
            if any & 1 != 0 {
                for (number, hash) in hashes.into_iter().enumerate() {
                    self.look(bytes, place + number * STEP, hash, &mut found);
                }
            }
            place += AT_ONCE * STEP;
        }
        for place in (place..bytes.len()).step_by(STEP) {
            self.look(bytes, place, hash(number(&bytes[place..])), &mut found);
        }
    }

    /// A number whose last bit says whether a window may be one of ours.
    #[inline]
    fn bit(&self, hash: usize) -> u64 {
        self.bits[hash % HASHES / 64] >> (hash % 64)
    }

    #[inline]
    fn look(
        &self,
        bytes: &[u8],
        place: usize,
        hash: usize,
        found: &mut impl FnMut(usize, Range<usize>),
    ) {
        if self.bit(hash) & 1 != 0 {
            self.compare(bytes, place, hash, found);
        }
    }

    #[inline(never)]
    fn compare(
        &self,
        bytes: &[u8],
        place: usize,
        hash: usize,
        found: &mut impl FnMut(usize, Range<usize>),
    ) {
        let first = self.first.get(hash).copied().unwrap_or_default();
        let entries = self.entries.get(first..).unwrap_or_default().iter();
        for entry in entries.take_while(|entry| entry.hash == hash) {
            let Some(start) = place.checked_add_signed(-entry.offset) else {
                continue;
            };
            let Some(word) = self.words.get(entry.word) else {
                continue;
            };
            let end = start.saturating_add(word.bytes.len());
            if bytes.get(start..end).is_some_and(|bytes| word.is(bytes)) {
                found(entry.word, start..end);
            }
        }
    }
}

impl Keyword {
    fn new(word: &str) -> Self {
        Self {
            bytes: word.as_bytes().into(),
            is_exact: word.bytes().any(|byte| byte.is_ascii_uppercase()),
        }
    }

    fn is(&self, bytes: &[u8]) -> bool {
        if self.is_exact {
            bytes == self.bytes.as_ref()
        } else {
            bytes.eq_ignore_ascii_case(&self.bytes)
        }
    }
}

/// The first bytes as a number, with spaces for what is missing.
#[inline]
fn number(bytes: &[u8]) -> u32 {
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
fn hash(number: u32) -> usize {
    let folded = (number | 0x2020_2020) << 8;
    // What multiplying by it spreads well: 2 to the 32nd divided by the golden ratio.
    (folded.wrapping_mul(0x9E37_79B1) >> (u32::BITS - HASH_BITS)) as usize
}

/// Where the window begins that has the fewest bytes beside the word, and of these the rarest, among
/// those that stand at an even place if the word does so, or if it does not: parity 0 or 1.
fn rarest(word: &[u8], parity: usize) -> Option<isize> {
    let step = STEP.cast_signed();
    // No window begins so early that it would not be looked at if the text begins with the word.
    let offsets = 1 - step..word.len().cast_signed();
    offsets
        .filter(|offset| offset.rem_euclid(step) == parity.cast_signed())
        .min_by_key(|&offset| {
            let known: Vec<u8> = window(word, offset).flatten().collect();
            (WINDOW - known.len(), commonness(&known))
        })
}

/// The bytes of a window; none where it reaches over the word.
fn window(word: &[u8], offset: isize) -> impl Iterator<Item = Option<u8>> {
    (offset..offset.saturating_add(WINDOW.cast_signed()))
        .map(|place| word.get(usize::try_from(place).ok()?).copied())
}

/// How common these bytes are: the higher, the more often they stand in texts.
fn commonness(bytes: &[u8]) -> usize {
    let of_one = |byte: &u8| {
        let byte = byte.to_ascii_lowercase();
        let rank = COMMON.iter().position(|common| *common == byte);
        rank.map_or(0, |rank| COMMON.len() - rank)
    };
    let is_common = |pair: &&[u8]| {
        let mut common = COMMON_PAIRS.split(|byte| *byte == b' ');
        common.any(|common| common.eq_ignore_ascii_case(pair))
    };
    let pairs = bytes.windows(2).filter(is_common).count();
    bytes.iter().map(of_one).sum::<usize>() + pairs * WEIGHT_OF_PAIR
}

/// What a window can hold: the bytes of the word, and any beside it, one for all that have the same
/// hash.
fn completions(word: &[u8], offset: isize) -> Vec<Vec<u8>> {
    let mut completed = vec![Vec::new()];
    for own in window(word, offset) {
        let choices: Vec<u8> = match own {
            Some(byte) => vec![byte],
            None => (0..=u8::MAX).filter(|byte| byte & 0x20 != 0).collect(),
        };
        completed = completed
            .iter()
            .flat_map(|begun: &Vec<u8>| {
                let choices = choices.iter();
                choices.map(move |byte| begun.iter().chain([byte]).copied().collect())
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

    #[test]
    fn words_with_capitals_are_found_as_they_are_written() {
        assert_eq!(
            found(&["TOKEN", "key"], b"token TOKEN KEY"),
            [(0, 6..11), (1, 12..15)]
        );
    }

    proptest! {
        #[test]
        fn an_automaton_finds_the_same(
            words in prop::collection::vec("[abA_0]{1,5}", 1..8),
            text in prop::collection::vec(prop::sample::select(b"abAB_0\x7f\x80 ".to_vec()), 0..90),
        ) {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let automaton = AhoCorasick::builder()
                .ascii_case_insensitive(true)
                .build(&words)
                .unwrap();
            let as_written = |hit: &aho_corasick::Match| {
                let word = words[hit.pattern().as_usize()];
                word == word.to_lowercase() || &text[hit.range()] == word.as_bytes()
            };
            let mut expected: Vec<(usize, Range<usize>)> = automaton
                .find_overlapping_iter(&text)
                .filter(as_written)
                .map(|hit| (hit.pattern().as_usize(), hit.range()))
                .collect();
            expected.sort_by_key(|(word, place)| (place.start, *word));
            prop_assert_eq!(found(&words, &text), expected);
        }
    }
}
