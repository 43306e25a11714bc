//! In what way a name looks like another one: what fingers do by mistake, and what eyes pass over.

use super::popular::letters;

/// How two names are alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Likeness {
    /// Two neighbouring letters have changed places.
    Swapped,
    /// A letter is there twice instead of once, or the other way round.
    Doubled,
    /// A letter is missing.
    Missing,
    /// A letter stands for one that looks or sounds like it, or lies beside it on the keyboard.
    Mistaken,
    /// A character of another writing looks like one of this.
    Foreign,
    /// Words are separated in another way.
    Separated,
}

impl Likeness {
    /// The words for it, between the two names.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Swapped => "two letters changed places",
            Self::Doubled => "a letter is doubled",
            Self::Missing => "a letter is missing or too many",
            Self::Mistaken => "a letter is another one",
            Self::Foreign => "a letter is of another writing",
            Self::Separated => "its words are separated otherwise",
        }
    }
}

/// Shortest name that others are mistaken for by one missing or other letter.
const SHORTEST: usize = 6;

/// Shortest word of a name that is mistaken for another one.
const SHORTEST_WORD: usize = 5;

/// Shortest name at all.
const SHORTEST_SWAPPED: usize = 5;

/// Keys beside each other, and letters that look or sound alike.
const MISTAKEN: &[(char, &str)] = &[
    ('a', "sqeo"),
    ('b', "vd"),
    ('c', "kx"),
    ('d', "bs"),
    ('e', "aiw"),
    ('f', "v"),
    ('g', "jq"),
    ('i', "ely1j"),
    ('j', "gi"),
    ('k', "c"),
    ('l', "i1"),
    ('m', "n"),
    ('n', "m"),
    ('o', "0aup"),
    ('q', "ag"),
    ('s', "zad"),
    ('u', "ovy"),
    ('v', "bfuw"),
    ('w', "ve"),
    ('x', "c"),
    ('y', "iu"),
    ('z', "s"),
    ('0', "o"),
    ('1', "il"),
];

/// How a name looks like a popular one, if it does so in a way that is no accident: names of words
/// of their own are often one letter apart.
pub(super) fn likeness(name: &str, popular: &str) -> Option<Likeness> {
    let (name, popular) = (name.as_bytes(), popular.as_bytes());
    if name == popular || name.first() != popular.first() {
        return None;
    }
    let start = name
        .iter()
        .zip(popular)
        .take_while(|(left, right)| left == right)
        .count();
    let ends = name.iter().rev().zip(popular.iter().rev());
    let end = ends.take_while(|(left, right)| left == right).count();
    let end = end.min(name.len().min(popular.len()) - start);
    let (wrong, right) = (
        &name[start..name.len() - end],
        &popular[start..popular.len() - end],
    );
    // What is short says little: the scope or the name, whichever differs.
    let slash = popular.iter().position(|byte| *byte == b'/');
    let length = match slash {
        Some(slash) if start < slash => slash,
        Some(slash) => popular.len() - slash - 1,
        None => popular.len(),
    };
    if length < SHORTEST_SWAPPED {
        return None;
    }
    let is_letter = |byte: u8| byte.is_ascii_alphabetic();
    let found = match (wrong, right) {
        (&[a, b], &[c, d]) if a == d && b == c && is_letter(a) && is_letter(b) => {
            return Some(Likeness::Swapped);
        }
        (&[a], &[]) | (&[], &[a]) if is_letter(a) => {
            // The letter before is the same: where a run of one letter is longer, the difference
            // lies at its end.
            let is_doubled = start.checked_sub(1).and_then(|at| popular.get(at)) == Some(&a);
            // Forms of words: `table` and `tables`, `format` and `formats`.
            let is_form = end == 0;
            match (is_doubled, is_form) {
                (true, _) => Likeness::Doubled,
                // A letter too many makes another word more often than one too few.
                (false, false) if right.len() == 1 || b"aeiou".contains(&a) => Likeness::Missing,
                _ => return None,
            }
        }
        (&[a], &[b]) if is_mistaken(char::from(a), char::from(b)) => Likeness::Mistaken,
        _ => {
            let alike = letters(std::str::from_utf8(name).ok()?)
                == letters(std::str::from_utf8(popular).ok()?);
            if alike {
                Likeness::Separated
            } else {
                return None;
            }
        }
    };
    // Within a name of several words, a short word is easily another one: `egl` and `wgl`.
    let is_separator = |byte: &u8| matches!(byte, b'-' | b'_' | b'.' | b'/');
    let word_start = popular[..start]
        .iter()
        .rposition(is_separator)
        .map_or(0, |at| at + 1);
    let word_end = popular[start..].iter().position(is_separator);
    let word = word_end.map_or(popular.len(), |at| start + at) - word_start;
    if word < SHORTEST_WORD && found != Likeness::Separated {
        return None;
    }
    let shortest = if found == Likeness::Doubled {
        SHORTEST_SWAPPED
    } else {
        SHORTEST
    };
    (length >= shortest).then_some(found)
}

fn is_mistaken(wrong: char, right: char) -> bool {
    let list = MISTAKEN.iter().find(|(letter, _)| *letter == right);
    list.is_some_and(|(_, others)| others.contains(wrong))
}

/// A name with letters of other writings replaced by those that look like them.
pub(super) fn plain(name: &str) -> String {
    name.chars()
        .filter_map(|letter| match letter {
            'а' | 'ɑ' | 'α' => Some('a'),
            'с' | 'ϲ' => Some('c'),
            'ԁ' => Some('d'),
            'е' | 'ҽ' => Some('e'),
            'ɡ' => Some('g'),
            'һ' => Some('h'),
            'і' | 'ı' | 'ι' => Some('i'),
            'ј' => Some('j'),
            'κ' | 'к' => Some('k'),
            'ӏ' | 'ⅼ' => Some('l'),
            'ո' => Some('n'),
            'о' | 'ο' | 'օ' => Some('o'),
            'р' | 'ρ' => Some('p'),
            'ԛ' => Some('q'),
            'ѕ' => Some('s'),
            'υ' | 'ս' => Some('u'),
            'ν' | 'ѵ' => Some('v'),
            'ԝ' | 'ѡ' => Some('w'),
            'х' | 'χ' => Some('x'),
            'у' | 'γ' => Some('y'),
            'ᴢ' => Some('z'),
            '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{ad}' => None,
            other => Some(other),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_are_told_from_other_words() {
        for (name, popular, expected) in [
            ("lodahs", "lodash", Some(Likeness::Swapped)),
            ("reqeusts", "requests", Some(Likeness::Swapped)),
            ("expresss", "express", Some(Likeness::Doubled)),
            ("exppress", "express", Some(Likeness::Doubled)),
            ("requets", "requests", Some(Likeness::Missing)),
            ("colourama", "colorama", Some(Likeness::Missing)),
            ("djanga", "django", Some(Likeness::Mistaken)),
            (
                "pythan-dateutil",
                "python-dateutil",
                Some(Likeness::Mistaken),
            ),
            ("crossenv", "cross-env", Some(Likeness::Separated)),
            ("formats", "format", None),
            ("mocker", "docker", None),
            ("pypdf3", "pypdf2", None),
            ("is-map", "is-set", None),
            ("dbt-score", "dbt-core", None),
            ("chlak", "chalk", Some(Likeness::Swapped)),
            ("chalk", "chalk", None),
            ("a", "b", None),
        ] {
            assert_eq!(likeness(name, popular), expected, "{name} {popular}");
        }
    }
}
