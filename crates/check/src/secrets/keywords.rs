//! Finds some hundred words in bytes, all at once: those with capital letters as they are written, the
//! others whatever the case of their letters.
//!
//! Of each word five bytes are looked up, as two windows of three bytes, of which the second begins two
//! bytes behind the first. What three bytes of the text are hashed to is a place in a table, and the
//! byte there has bits for what a window with this hash can be. Where those of two windows fit together,
//! which hardly ever happens, the words are compared. Only every second place of the text is looked at:
//! of each word the windows are chosen for when it begins at an even place, and others for when it does
//! not, each as rare in texts as can be. An automaton goes from byte to byte, and each step waits for
//! the one before; here no step waits, and what is done at most places is one short loop without a
//! branch in it. The fast searchers of several words that processors have instructions for take no more
//! than about a hundred.

use std::ops::Range;

/// How many bytes are hashed.
const WINDOW: usize = 3;

/// How far the places that are looked at are apart, and so how far a second window is from the first.
const STEP: usize = 2;

/// How many bytes of a word are looked up.
const LOOKED_UP: usize = STEP + WINDOW;

/// How many places are looked at in one go.
const AT_ONCE: usize = 8;

/// The bytes in which the windows of these places are, and one more, so that they can be read as whole
/// numbers.
const STRETCH: usize = AT_ONCE * STEP + WINDOW + 1;

/// How many bits a hash has. The table of two to that power of bytes fits the fastest memory.
const HASH_BITS: u32 = 15;

/// How many hashes there are.
const HASHES: usize = 1 << HASH_BITS;

/// The bits of a byte that are hashed. Large and small letters are the same in these, and so are some
/// other bytes.
const FOLD: u8 = 0x5f;

/// How far the bits of second windows are from those of first ones.
const OF_SECOND: u32 = 4;

/// Letters that are common in texts and programs, the most common first. All other bytes are rarer.
const COMMON: &[u8] = b" etaoinsrlcdupmfhgbvyw_.,()=\"':/-;x01k2";

/// Pairs that are common in texts and programs, with a space behind each.
const COMMON_PAIRS: &[u8] = b"th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng \
    se ha as ou io le ve co me de hi ri ro ic ne ea ra ce li ch ll be ma si om ur ct el ta la ns us et \
    ke pu ge ap nc no // -- == 00 :: ss ab ag ut if fo tr pr na am rt ck di ul un lo ac ai tu s_ _s e_ \
    t_ _p ok ey od bl cr ol ";

/// How much more a pair counts than a letter.
const WEIGHT_OF_PAIR: usize = 40;

/// Words to look for.
pub(super) struct Keywords {
    words: Vec<Keyword>,
    /// By the hash: what a window with it can be. The lower four bits are for first windows, the others
    /// for second ones. Which of the four says whether both are whole, or reach over their word: those
    /// that do have a great many hashes, and are kept apart for that.
    table: Box<[u8; HASHES]>,
    /// By the hash: where the entries with it begin.
    first: Vec<u32>,
    /// In the order of their hashes.
    entries: Vec<Entry>,
}

/// A word.
struct Keyword {
    bytes: Box<[u8]>,
    /// Whether it counts only as it is written.
    is_exact: bool,
}

/// A first window of a word. The numbers are small, so that more of them are in fast memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    hash: u32,
    /// Which word.
    word: u32,
    /// Where the window begins in it; before it, if less than nothing.
    offset: i32,
}

impl Keywords {
    /// Looks for these words.
    pub(super) fn new(words: &[&str]) -> Self {
        #[expect(
            clippy::large_stack_arrays,
            reason = "32 KiB are room enough on any stack"
        )]
        let mut table = Box::new([0; HASHES]);
        let mut entries = Vec::new();
        // An empty word is nowhere.
        for (index, word) in (0..).zip(words).filter(|(_, word)| !word.is_empty()) {
            let word = word.as_bytes();
            for offset in (0..STEP).filter_map(|parity| rarest(word, parity)) {
                let second = offset.saturating_add(STEP.cast_signed());
                let kind =
                    u32::from(is_whole(word, offset)) + 2 * u32::from(is_whole(word, second));
                hashes(word, offset, |hash| {
                    table[hash] |= 1 << kind;
                    entries.push(Entry {
                        hash: u32::try_from(hash).unwrap_or(u32::MAX),
                        word: index,
                        offset: i32::try_from(offset).unwrap_or(i32::MAX),
                    });
                });
                hashes(word, second, |hash| {
                    table[hash] |= 1 << (kind + OF_SECOND);
                });
            }
        }
        entries.sort_unstable();
        entries.dedup();
        let mut first = vec![0; HASHES];
        for (place, entry) in entries.iter().enumerate().rev() {
            first[entry.hash as usize] = u32::try_from(place).unwrap_or(u32::MAX);
        }
        Self {
            words: words.iter().map(|word| Keyword::new(word)).collect(),
            table,
            first,
            entries,
        }
    }

    /// Calls for each place where a word stands, with the word's place in the list. The order is
    /// that of the bytes that are looked up, which need not be that of the beginnings.
    pub(super) fn find(&self, bytes: &[u8], mut found: impl FnMut(usize, Range<usize>)) {
        let mut place = self.skip(bytes, 0);
        while let Some(rest) = bytes.get(place..).filter(|rest| !rest.is_empty()) {
            let mut padded = [b' '; STRETCH];
            let stretch = rest.first_chunk().unwrap_or_else(|| {
                padded[..rest.len()].copy_from_slice(rest);
                &padded
            });
            for (number, hit) in self.hits(stretch).into_iter().enumerate() {
                if hit != 0 {
                    let window = stretch[number * STEP..].first_chunk();
                    let window = window.map_or(0, |bytes| u32::from_le_bytes(*bytes));
                    let hash = hash(window & u32::from_le_bytes([FOLD; 4]));
                    self.compare(bytes, place + number * STEP, hash, &mut found);
                }
            }
            place = self.skip(bytes, place + AT_ONCE * STEP);
        }
    }

    /// The first place, of this one and those that are a stretch apart, at which there may be words in
    /// the stretch, or the bytes are too few for one. A function of its own that calls no other, so that
    /// all that the loop needs stays in registers.
    #[inline(never)]
    fn skip(&self, bytes: &[u8], mut place: usize) -> usize {
        while let Some(stretch) = bytes.get(place..).and_then(<[u8]>::first_chunk) {
            let hits = self.hits(stretch).into_iter();
            if hits.fold(0, |any, hit| any | hit) != 0 {
                break;
            }
            place += AT_ONCE * STEP;
        }
        place
    }

    /// For each place in a stretch: not 0 if the windows there may be those of a word.
    #[inline]
    fn hits(&self, stretch: &[u8; STRETCH]) -> [u8; AT_ONCE] {
        // In a number of eight bytes three windows begin; the next number begins where the fourth does.
        let [front, middle, back] = [0, 3 * STEP, 6 * STEP].map(|place| {
            let windows = stretch[place..].first_chunk();
            let windows = windows.map_or(0, |bytes| u64::from_le_bytes(*bytes));
            windows & u64::from_le_bytes([FOLD; 8])
        });
        let windows = [
            front,
            front >> 16,
            front >> 32,
            middle,
            middle >> 16,
            middle >> 32,
            back,
            back >> 16,
            back >> 32,
        ];
        #[expect(clippy::cast_possible_truncation, reason = "that is what is wanted")]
        let kinds = windows.map(|window| self.table[hash(window as u32)]);
        std::array::from_fn(|number| kinds[number] & (kinds[number + 1] >> OF_SECOND))
    }

    #[inline(never)]
    fn compare(
        &self,
        bytes: &[u8],
        place: usize,
        hash: usize,
        found: &mut impl FnMut(usize, Range<usize>),
    ) {
        let first = self.first.get(hash).map_or(0, |first| *first as usize);
        let entries = self.entries.get(first..).unwrap_or_default().iter();
        for entry in entries.take_while(|entry| entry.hash as usize == hash) {
            let Some(start) = place.checked_add_signed(-(entry.offset as isize)) else {
                continue;
            };
            let word = entry.word as usize;
            let Some(keyword) = self.words.get(word) else {
                continue;
            };
            let end = start.saturating_add(keyword.bytes.len());
            if bytes.get(start..end).is_some_and(|bytes| keyword.is(bytes)) {
                found(word, start..end);
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

/// Of the first three bytes of a number, which are folded: less than [`HASHES`].
#[inline]
fn hash(folded: u32) -> usize {
    // What multiplying by it spreads well, 2 to the 32nd divided by the golden ratio; and eight zeros
    // behind it, that the fourth byte does not count.
    const SPREAD: u32 = 0x9E37_79B1 << u8::BITS;
    (folded.wrapping_mul(SPREAD) >> (u32::BITS - HASH_BITS)) as usize
}

/// Where the first window begins if the two have the fewest bytes beside the word, first of all the first
/// one, and of these the rarest, among those that stand at an even place if the word does so, or if it
/// does not: parity 0 or 1.
fn rarest(word: &[u8], parity: usize) -> Option<isize> {
    let step = STEP.cast_signed();
    // No window begins so early that it would not be looked at if the text begins with the word.
    let offsets = 1 - step..word.len().cast_signed();
    offsets
        .filter(|offset| offset.rem_euclid(step) == parity.cast_signed())
        .min_by_key(|&offset| {
            let known: Vec<u8> = part(word, offset, LOOKED_UP).flatten().collect();
            let beside = part(word, offset, WINDOW).filter(Option::is_none).count();
            (beside, LOOKED_UP - known.len(), commonness(&known))
        })
}

/// So many bytes of a word; none where they reach over it.
fn part(word: &[u8], offset: isize, length: usize) -> impl Iterator<Item = Option<u8>> {
    (offset..offset.saturating_add(length.cast_signed()))
        .map(|place| word.get(usize::try_from(place).ok()?).copied())
}

/// Whether a window has no byte beside the word.
fn is_whole(word: &[u8], offset: isize) -> bool {
    part(word, offset, WINDOW).all(|byte| byte.is_some())
}

/// How common these bytes are: the higher, the more often they stand in texts.
fn commonness(bytes: &[u8]) -> usize {
    let of_one = |byte: &u8| {
        let rank = COMMON.iter().position(|common| common == byte);
        rank.map_or(0, |rank| COMMON.len() - rank)
    };
    let is_common = |pair: &&[u8]| {
        let mut common = COMMON_PAIRS.chunks(3);
        common.any(|common| common.starts_with(pair))
    };
    let bytes = bytes.to_ascii_lowercase();
    let pairs = bytes.windows(2).filter(is_common).count();
    bytes.iter().map(of_one).sum::<usize>() + pairs * WEIGHT_OF_PAIR
}

/// Calls with each hash that a window can have, with the bytes of the word and any beside it.
fn hashes(word: &[u8], offset: isize, mut each: impl FnMut(usize)) {
    let mut choices = part(word, offset, WINDOW).map(|own| match own {
        Some(byte) => vec![byte & FOLD],
        // One for all bytes that have the same hash.
        None => (0..=FOLD).filter(|byte| byte & !FOLD == 0).collect(),
    });
    let [first, second, third] = std::array::from_fn(|_| choices.next().unwrap_or_default());
    for first in &first {
        for second in &second {
            for third in &third {
                each(hash(u32::from_le_bytes([*first, *second, *third, 0])));
            }
        }
    }
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

    #[test]
    fn an_empty_word_is_nowhere() {
        assert_eq!(found(&["", "key"], b"a key"), [(1, 2..5)]);
        assert_eq!(found(&[""], b"     "), []);
        assert_eq!(found(&[], b"a key"), []);
    }

    #[test]
    fn words_of_every_length_are_found_at_every_place() {
        let longest = "abcdefghijklmnopqrstuvwxyz0123456789";
        for length in 1..=longest.len() {
            let word = &longest[..length];
            let keywords = Keywords::new(&["other", word, "?+"]);
            for (before, after) in
                (0..45).flat_map(|before| (0..25).map(move |after| (before, after)))
            {
                let text = [
                    "-".repeat(before).as_str(),
                    word,
                    "-".repeat(after).as_str(),
                ]
                .concat();
                let mut all = Vec::new();
                keywords.find(text.as_bytes(), |word, place| all.push((word, place)));
                assert_eq!(all, [(1, before..before + length)], "{text}");
            }
        }
    }

    #[test]
    fn the_keywords_of_all_kinds_are_found_where_an_automaton_finds_them() {
        let kinds = crate::secrets::embedded().iter();
        let words: std::collections::BTreeSet<&str> = kinds
            .flat_map(|kind| kind.keywords.iter().map(String::as_str))
            .collect();
        let words = Vec::from_iter(words);
        // Each of them is in it, and so are words of programs.
        let text = include_str!("keywords.rs").to_owned() + &words.join("\n") + &words.concat();
        assert_eq!(
            found(&words, text.as_bytes()),
            found_by_automaton(&words, text.as_bytes())
        );
    }

    fn found_by_automaton(words: &[&str], text: &[u8]) -> Vec<(usize, Range<usize>)> {
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .build(words)
            .unwrap();
        let as_written = |hit: &aho_corasick::Match| {
            let word = words[hit.pattern().as_usize()];
            !word.bytes().any(|byte| byte.is_ascii_uppercase())
                || &text[hit.range()] == word.as_bytes()
        };
        let mut all: Vec<(usize, Range<usize>)> = automaton
            .find_overlapping_iter(text)
            .filter(as_written)
            .map(|hit| (hit.pattern().as_usize(), hit.range()))
            .collect();
        all.sort_by_key(|(word, place)| (place.start, *word));
        all
    }

    proptest! {
        #[test]
        fn an_automaton_finds_the_same(
            words in prop::collection::vec("[abA_0]{1,5}", 1..8),
            text in prop::collection::vec(prop::sample::select(b"abAB_0\x7f\x80 ".to_vec()), 0..90),
        ) {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            prop_assert_eq!(found(&words, &text), found_by_automaton(&words, &text));
        }

        #[test]
        fn an_automaton_finds_the_same_of_longer_words(
            words in prop::collection::vec("[a-fA\u{e4}-]{3,20}", 1..20),
            between in prop::collection::vec((any::<prop::sample::Index>(), any::<bool>(), "[ a-fA]{0,9}"), 0..20),
        ) {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let mut text = String::new();
            for (word, in_capitals, filler) in &between {
                let word = word.get(&words);
                text += &if *in_capitals { word.to_ascii_uppercase() } else { (*word).to_owned() };
                text += filler;
            }
            let text = text.as_bytes();
            prop_assert_eq!(found(&words, text), found_by_automaton(&words, text));
        }
    }
}
