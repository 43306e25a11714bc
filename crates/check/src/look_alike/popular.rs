//! Names that many use, as data: `names/README.md` says how each list was compiled.

use std::collections::{HashMap, HashSet};

use linchpin_model::Ecosystem;

use super::likeness::plain;

/// The names of one ecosystem.
struct List {
    ecosystem: Ecosystem,
    /// Names that are worth imitating.
    popular: &'static str,
    /// Others that are nobody's imitation.
    known: &'static str,
}

const LISTS: &[List] = &[
    List {
        ecosystem: Ecosystem::Npm,
        popular: include_str!("../../names/npm.txt"),
        known: include_str!("../../names/npm-known.txt"),
    },
    List {
        ecosystem: Ecosystem::PyPi,
        popular: include_str!("../../names/pypi.txt"),
        known: include_str!("../../names/pypi-known.txt"),
    },
    List {
        ecosystem: Ecosystem::Cargo,
        popular: include_str!("../../names/cargo.txt"),
        known: "",
    },
    List {
        ecosystem: Ecosystem::RubyGems,
        popular: include_str!("../../names/gem.txt"),
        known: "",
    },
    List {
        ecosystem: Ecosystem::Go,
        popular: include_str!("../../names/golang.txt"),
        known: "",
    },
    List {
        ecosystem: Ecosystem::Maven,
        popular: include_str!("../../names/maven.txt"),
        known: "",
    },
    List {
        ecosystem: Ecosystem::NuGet,
        popular: include_str!("../../names/nuget.txt"),
        known: "",
    },
    List {
        ecosystem: Ecosystem::Packagist,
        popular: include_str!("../../names/composer.txt"),
        known: "",
    },
];

/// Popular names, found by names that look like them: each is filed under all texts that are left
/// of it when one letter is taken out. Two names that differ by one letter, or by two neighbours that
/// changed places, have such a text in common, so that a name is looked up as often as it has letters.
pub(super) struct Popular {
    names: Vec<&'static str>,
    by_rest: HashMap<Box<str>, Vec<u32>>,
    /// By the name without what separates its words.
    by_letters: HashMap<Box<str>, Vec<u32>>,
    /// All names that are somebody's own.
    known: HashSet<&'static str>,
}

impl Popular {
    /// The names of an ecosystem, if there is a list.
    pub(super) fn of(ecosystem: Ecosystem) -> Option<Self> {
        let list = LISTS.iter().find(|list| list.ecosystem == ecosystem)?;
        let names: Vec<&str> = list.popular.lines().collect();
        let mut by_rest: HashMap<Box<str>, Vec<u32>> = HashMap::new();
        let mut by_letters: HashMap<Box<str>, Vec<u32>> = HashMap::new();
        for (place, name) in (0u32..).zip(&names) {
            for rest in rests(name) {
                by_rest.entry(rest).or_default().push(place);
            }
            by_rest.entry((*name).into()).or_default().push(place);
            by_letters.entry(letters(name)).or_default().push(place);
        }
        Some(Self {
            known: names.iter().copied().chain(list.known.lines()).collect(),
            names,
            by_rest,
            by_letters,
        })
    }

    pub(super) fn knows(&self, name: &str) -> bool {
        self.known.contains(name)
    }

    /// The popular names that may look like this one, sorted.
    pub(super) fn near(&self, name: &str) -> Vec<&'static str> {
        let rests = rests(name).into_iter().chain([name.into()]);
        let by_rest = rests.filter_map(|rest| self.by_rest.get(&rest));
        let places = by_rest.chain(self.by_letters.get(&letters(name))).flatten();
        let mut near: Vec<&str> = places
            .filter_map(|place| self.names.get(*place as usize).copied())
            .collect();
        near.sort_unstable();
        near.dedup();
        near
    }

    /// The popular name that this one, with letters of other writings, looks like.
    pub(super) fn by_look(&self, name: &str) -> Option<&'static str> {
        self.same(&plain(name))
    }

    /// The popular name that is exactly this.
    pub(super) fn same(&self, name: &str) -> Option<&'static str> {
        let place = self.names.binary_search(&name).ok()?;
        self.names.get(place).copied()
    }
}

/// What is left of a name when one of its letters is taken out.
fn rests(name: &str) -> Vec<Box<str>> {
    name.char_indices()
        .map(|(place, letter)| {
            let after = place + letter.len_utf8();
            format!("{}{}", &name[..place], &name[after..]).into_boxed_str()
        })
        .collect()
}

/// A name without what separates its words.
pub(super) fn letters(name: &str) -> Box<str> {
    let letters = name
        .chars()
        .filter(|letter| !matches!(letter, '-' | '_' | '.'));
    letters.collect::<String>().into_boxed_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted_and_have_no_name_twice() {
        for list in LISTS {
            let mut all = HashSet::new();
            for text in [list.popular, list.known] {
                let names: Vec<&str> = text.lines().collect();
                assert!(names.is_sorted(), "{:?}", list.ecosystem);
                for name in names {
                    assert!(!name.is_empty() && name.trim() == name);
                    assert!(
                        all.insert(name),
                        "{:?}: {name} is there twice",
                        list.ecosystem
                    );
                }
            }
        }
    }
}
