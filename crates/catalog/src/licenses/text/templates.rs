//! The texts of the SPDX list, each made into words when it is first compared.
//!
//! The list gives one text to several identifiers: `GPL-3.0-only` and `GPL-3.0-or-later` are the same
//! words. Which of them a text stands for is decided once, here.

use std::collections::HashMap;
use std::sync::OnceLock;

use linchpin_model::LicenseExpression;

use super::words::{Word, words};

/// A text of the list.
pub(super) struct Template {
    /// What it stands for.
    pub(super) id: &'static str,
    text: &'static str,
    prepared: OnceLock<Prepared>,
}

/// A text that can be compared.
pub(super) struct Prepared {
    pub(super) words: Vec<Word>,
    /// Pairs of neighbours as numbers, sorted, without doubles.
    pub(super) pairs: Vec<u32>,
    /// How many words there are up to the end of the terms, where advice on how to use the licence
    /// follows them.
    pub(super) terms: Option<usize>,
}

impl Prepared {
    pub(super) fn new(words: Vec<Word>) -> Self {
        let pairs = pairs(&words);
        let end: Vec<Word> = super::words::words("end of terms and conditions");
        let terms = words
            .windows(end.len())
            .position(|window| window == end)
            .map(|place| place + end.len())
            .filter(|&terms| terms < words.len());
        Self {
            words,
            pairs,
            terms,
        }
    }
}

impl Template {
    /// The text as the list has it.
    #[cfg(test)]
    pub(super) fn text(&self) -> &'static str {
        self.text
    }

    /// About how many bytes its words have.
    pub(super) fn size(&self) -> usize {
        self.text.len()
    }

    pub(super) fn prepared(&self) -> &Prepared {
        self.prepared
            .get_or_init(|| Prepared::new(words(self.text)))
    }
}

/// Pairs of neighbouring words as numbers, sorted, without doubles.
pub(super) fn pairs(words: &[Word]) -> Vec<u32> {
    let mut pairs: Vec<u32> = words
        .windows(2)
        .filter_map(|pair| Some(pair.first()?.with(pair.last()?)))
        .collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// All of them, each text once.
pub(super) fn templates() -> &'static [Template] {
    static ALL: OnceLock<Vec<Template>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut all: Vec<Template> = Vec::new();
        // What has the same text stands side by side in most cases, not in all.
        let mut places: HashMap<&str, usize> = HashMap::new();
        for &(id, text) in spdx::text::LICENSE_TEXTS {
            if LicenseExpression::from_identifier(id).is_none() || text.trim().is_empty() {
                continue;
            }
            match places.get(text).and_then(|&place| all.get_mut(place)) {
                Some(known) if stands_before(id, known.id) => known.id = id,
                Some(_) => {}
                None => {
                    places.insert(text, all.len());
                    all.push(Template {
                        id,
                        text,
                        prepared: OnceLock::new(),
                    });
                }
            }
        }
        all
    })
}

/// Whether a text that two identifiers share stands for the first. A text of the GPL does not say
/// whether later versions hold too: `-only` is what it certainly allows.
pub(super) fn stands_before(id: &str, other: &str) -> bool {
    let rank = |id: &str| {
        let is_deprecated = spdx::license_id(id).is_none_or(spdx::LicenseId::is_deprecated);
        let is_narrow = id.ends_with("-only") && !id.contains("invariants");
        (is_deprecated, !is_narrow, id.len())
    };
    rank(id) < rank(other)
}
