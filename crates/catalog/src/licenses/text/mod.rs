//! Telling a licence by its text.
//!
//! A text is compared with those of the SPDX list, which the crate `spdx` carries. It is a licence of
//! the list if it says the same: names of holders, titles and spelling may differ, a word that grants,
//! forbids or asks for something may not. So a known licence with one clause more or less is not told
//! at all, rather than told wrongly.

mod difference;
mod templates;
mod words;

use std::cmp::Reverse;
use std::collections::HashMap;

use linchpin_model::LicenseExpression;

use difference::{Difference, differences};
use templates::{Prepared, Template, templates};
use words::{Word, words};

/// The largest text that is compared, in bytes. The longest licences of the list have half of it.
pub(crate) const MOST_BYTES: usize = 128 << 10;

/// How many texts of the list, those most alike, are compared word by word.
const CANDIDATES: usize = 4;

/// The share of pairs of neighbouring words that texts have in common if they may say the same, in
/// percent.
const LEAST_COMMON: usize = 70;

/// Most words in one difference: the name of a holder.
const MOST_NAME: usize = 12;

/// Most words before a licence: a title, or a sentence that says what is licensed.
const MOST_TITLE: usize = 24;

/// Most words in which a text may differ from that of the list.
const MOST_DIFFERING: usize = 60;

/// A licence that was told by its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Recognised {
    pub(crate) license: LicenseExpression,
    /// How much of the list's text stands there word for word, in percent.
    pub(crate) likeness: u8,
}

/// Tells licences by their texts, each wording once: what differs in its holders alone is the same.
#[derive(Default)]
pub(crate) struct Recogniser {
    known: HashMap<Vec<Word>, Option<Recognised>>,
}

impl Recogniser {
    /// The licence that a text is, if it is one of the list.
    pub(crate) fn recognise(&mut self, text: &str) -> Option<Recognised> {
        if text.len() > MOST_BYTES {
            return None;
        }
        let words = words(text);
        if let Some(known) = self.known.get(&words) {
            return known.clone();
        }
        let recognised = recognise_words(words.clone());
        self.known.insert(words, recognised.clone());
        recognised
    }

    /// How many wordings were compared so far.
    pub(crate) fn compared(&self) -> usize {
        self.known.len()
    }
}

fn recognise_words(words: Vec<Word>) -> Option<Recognised> {
    if words.is_empty() {
        return None;
    }
    let text = Prepared::new(words);
    let mut best: Option<(usize, &Template, u8)> = None;
    let mut is_certain = true;
    for template in candidates(&text) {
        let Some((differing, likeness)) = compare(template.prepared(), &text) else {
            continue;
        };
        match best {
            Some((least, known, _)) if differing == least => {
                // Two licences with the same words: which of them is meant, nothing says.
                if template.prepared().words == known.prepared().words {
                    if templates::stands_before(template.id, known.id) {
                        best = Some((differing, template, likeness));
                    }
                } else {
                    is_certain = false;
                }
            }
            Some((least, _, _)) if differing > least => {}
            _ => {
                best = Some((differing, template, likeness));
                is_certain = true;
            }
        }
    }
    let (_, template, likeness) = best.filter(|_| is_certain)?;
    Some(Recognised {
        license: LicenseExpression::from_identifier(template.id)?,
        likeness,
    })
}

/// The texts of the list that have the most in common with a text.
fn candidates(text: &Prepared) -> Vec<&'static Template> {
    // A word has five to seven bytes with its blank; copyrights and addresses do not count.
    let size = text.words.len() * 6;
    let mut alike: Vec<(Reverse<usize>, &Template)> = templates()
        .iter()
        .filter(|template| template.size() < size * 3 + 500 && template.size() > size / 3)
        .filter_map(|template| {
            let pairs = &template.prepared().pairs;
            let common = common(pairs, &text.pairs);
            let least = pairs.len().min(text.pairs.len());
            let share = (common * 200)
                .checked_div(pairs.len() + text.pairs.len())
                .unwrap_or(0);
            // A text without the advice that follows the terms has less in common.
            let contained = (common * 100).checked_div(least).unwrap_or(0);
            (share.max(contained) >= LEAST_COMMON).then_some((Reverse(share), template))
        })
        .collect();
    alike.sort_by_key(|(share, template)| (*share, template.id));
    alike.truncate(CANDIDATES);
    alike.into_iter().map(|(_, template)| template).collect()
}

/// How many numbers two sorted lists have in common.
fn common(left: &[u32], right: &[u32]) -> usize {
    let (mut left, mut right) = (left.iter().peekable(), right.iter().peekable());
    let mut count = 0;
    while let (Some(one), Some(other)) = (left.peek(), right.peek()) {
        match one.cmp(other) {
            std::cmp::Ordering::Less => drop(left.next()),
            std::cmp::Ordering::Greater => drop(right.next()),
            std::cmp::Ordering::Equal => {
                count += 1;
                left.next();
                right.next();
            }
        }
    }
    count
}

/// In how many words a text differs from one of the list, and how much of that stands there, in
/// percent; nothing if it says something else. The advice behind the terms may be there or not.
fn compare(template: &Prepared, text: &Prepared) -> Option<(usize, u8)> {
    let terms = |of: &Prepared| {
        of.terms
            .and_then(|terms| of.words.get(..terms).map(<[Word]>::to_vec))
    };
    let whole = compare_words(&template.words, &text.words);
    if whole.is_some() {
        return whole;
    }
    match (terms(template), terms(text)) {
        (Some(short), None) => compare_words(&short, &text.words),
        _ => None,
    }
}

fn compare_words(template: &[Word], text: &[Word]) -> Option<(usize, u8)> {
    let most = MOST_DIFFERING.min(template.len() / 5) + MOST_TITLE;
    let found = differences(template, text, most)?;
    let mut differing = 0;
    let mut missing = 0;
    for one in &found {
        if !is_permitted(one, template, text) {
            return None;
        }
        // Before the licence anything may stand that is no part of it.
        if one.first.start > 0 {
            differing += one.first.len() + one.second.len();
        }
        missing += one.first.len();
    }
    if differing > most - MOST_TITLE {
        return None;
    }
    let likeness = (template.len() - missing) * 100 / template.len().max(1);
    Some((differing, likeness as u8))
}

/// Whether a difference changes nothing that is said.
fn is_permitted(one: &Difference, template: &[Word], text: &[Word]) -> bool {
    let missing = template.get(one.first.clone()).unwrap_or_default();
    let added = text.get(one.second.clone()).unwrap_or_default();
    if one.first.start == 0 {
        let is_title = |words: &[Word]| !words.iter().any(Word::limits);
        return missing.len() <= MOST_TITLE
            && added.len() <= MOST_TITLE
            && is_title(missing)
            && is_title(added);
    }
    missing.len() <= MOST_NAME
        && added.len() <= MOST_NAME
        && !missing.iter().chain(added).any(Word::speaks)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recognise(text: &str) -> Option<Recognised> {
        Recogniser::default().recognise(text)
    }

    fn told(text: &str) -> Option<String> {
        recognise(text).map(|found| found.license.to_string())
    }

    fn of_list(id: &str) -> &'static str {
        let (_, text) = spdx::text::LICENSE_TEXTS
            .iter()
            .find(|(known, _)| *known == id)
            .unwrap();
        text
    }

    #[test]
    fn texts_of_the_list_are_told() {
        for (id, wanted) in [
            ("MIT", "MIT"),
            ("Apache-2.0", "Apache-2.0"),
            ("BSD-2-Clause", "BSD-2-Clause"),
            ("BSD-3-Clause", "BSD-3-Clause"),
            ("ISC", "ISC"),
            ("MPL-2.0", "MPL-2.0"),
            ("GPL-2.0-or-later", "GPL-2.0-only"),
            ("GPL-3.0-only", "GPL-3.0-only"),
            ("LGPL-2.1-only", "LGPL-2.1-only"),
            ("AGPL-3.0-or-later", "AGPL-3.0-only"),
            ("Unlicense", "Unlicense"),
            ("0BSD", "0BSD"),
            ("CC0-1.0", "CC0-1.0"),
            ("Zlib", "Zlib"),
            ("JSON", "JSON"),
            ("BUSL-1.1", "BUSL-1.1"),
            ("Elastic-2.0", "Elastic-2.0"),
        ] {
            assert_eq!(told(of_list(id)).as_deref(), Some(wanted), "{id}");
        }
    }

    #[test]
    fn most_of_the_list_is_told_as_itself() {
        let (mut told_right, mut told_wrong) = (0, Vec::new());
        for template in templates().iter().step_by(7) {
            match told(template.text()) {
                // What the list has twice with the same words stands for the one that is not withdrawn.
                Some(id) if words(of_list(&id)) == words(template.text()) => told_right += 1,
                Some(id) => told_wrong.push((template.id, id)),
                None => {}
            }
        }
        assert!(told_wrong.is_empty(), "{told_wrong:?}");
        assert!(told_right > 90, "{told_right}");
    }

    #[test]
    fn names_and_titles_do_not_matter() {
        let mit = of_list("MIT");
        let holder = mit.replace("<year> <copyright holders>", "2014-present Example, Inc.");
        for text in [
            holder.clone(),
            holder.replace("MIT License", "The MIT License (MIT)"),
            holder.replace(
                "MIT License",
                "# MIT Licence\n\nThis project is licensed under the MIT license:",
            ),
            holder.replace("AUTHORS OR COPYRIGHT HOLDERS", "EXAMPLE INCORPORATED"),
            format!(" * {}\r\n", holder.replace('\n', "\r\n * ")),
        ] {
            assert_eq!(told(&text).as_deref(), Some("MIT"), "{text}");
        }
        let bsd = of_list("BSD-3-Clause");
        let named = bsd
            .replace(
                "the copyright holder nor the names of its",
                "Example Industries GmbH nor the names of its",
            )
            .replace("1. ", "* ");
        assert_eq!(told(&named).as_deref(), Some("BSD-3-Clause"));
        let apache = of_list("Apache-2.0");
        let (terms, _) = apache.split_once("APPENDIX").unwrap();
        assert_eq!(told(terms).as_deref(), Some("Apache-2.0"));
        let filled = apache.replace("[yyyy] [name of copyright owner]", "2020 Somebody");
        assert_eq!(told(&filled).as_deref(), Some("Apache-2.0"));
    }

    #[test]
    fn what_says_something_else_is_not_told() {
        let mit = of_list("MIT");
        for text in [
            format!("{mit}\nThe Software shall not be used for military purposes."),
            mit.replace(
                "without restriction,",
                "without restriction except by banks,",
            ),
            mit.replace("sublicense, and/or sell", "and sublicense"),
            mit.replace(
                "\n\nTHE SOFTWARE IS",
                "\n\nNot for commercial use.\n\nTHE SOFTWARE IS",
            ),
            format!("{mit}\n{}", of_list("Apache-2.0")),
            format!(
                "\"Commons Clause\" License Condition v1.0\n\nThe Software is provided to you only under this condition\n{mit}"
            ),
            mit.split_once("THE SOFTWARE IS").unwrap().0.to_owned(),
            "MIT".to_owned(),
            "See the file COPYING.".to_owned(),
            String::new(),
            "All rights reserved.".to_owned(),
        ] {
            assert_eq!(told(&text), None, "{text}");
        }
        let bsd = of_list("BSD-3-Clause");
        let clear = bsd.replace(
            "THIS SOFTWARE IS PROVIDED",
            "No express or implied licenses to any party's patent rights are granted by this license.\n\nTHIS SOFTWARE IS PROVIDED",
        );
        assert_ne!(told(&clear).as_deref(), Some("BSD-3-Clause"));
    }

    #[test]
    fn likeness_is_measured() {
        let mit = of_list("MIT");
        assert_eq!(recognise(mit).unwrap().likeness, 100);
        let other = mit.replace("AUTHORS OR COPYRIGHT HOLDERS", "EXAMPLE");
        let likeness = recognise(&other).unwrap().likeness;
        assert!((95..100).contains(&likeness), "{likeness}");
    }
}
