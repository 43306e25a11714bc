//! Which records describe the same flaw.
//!
//! One flaw has many records: GitHub's, the language's own, the distribution's. They name each
//! other as aliases, and records that share a name are one flaw. But some records speak of
//! several flaws at once, each with a CVE id of its own (a distribution's bulletin, a RustSec
//! advisory about four bugs). Joining through those would melt distinct flaws into one, so they
//! only stand for what no other record covers.

use std::collections::{BTreeMap, BTreeSet};

/// The names of one record.
#[derive(Debug)]
pub(super) struct Names<'a> {
    /// The record's own id.
    pub(super) id: &'a str,
    /// Aliases and upstream names.
    pub(super) others: Vec<&'a str>,
}

impl<'a> Names<'a> {
    fn all(&self) -> impl Iterator<Item = &'a str> {
        std::iter::once(self.id).chain(self.others.iter().copied())
    }

    fn speaks_of_several(&self) -> bool {
        self.all().filter(|name| is_cve(name)).take(2).count() > 1
    }
}

pub(super) fn is_cve(name: &str) -> bool {
    name.starts_with("CVE-")
}

/// One flaw: the records that describe it, by their places, and all its names, sorted.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Flaw<'a> {
    pub(super) records: Vec<usize>,
    pub(super) names: BTreeSet<&'a str>,
}

/// Groups records by the flaws that they describe.
pub(super) fn flaws<'a>(records: &[Names<'a>]) -> Vec<Flaw<'a>> {
    let (several, single): (Vec<usize>, Vec<usize>) =
        (0..records.len()).partition(|&index| records[index].speaks_of_several());
    let mut flaws = join(
        single
            .into_iter()
            .map(|index| (index, records[index].all().collect())),
    );
    let covered: BTreeMap<&str, usize> = flaws
        .iter()
        .enumerate()
        .flat_map(|(place, flaw)| flaw.names.iter().map(move |name| (*name, place)))
        .collect();

    let mut left = Vec::new();
    for index in several {
        let names: BTreeSet<&str> = records[index].all().collect();
        let uncovered: BTreeSet<&str> = names
            .iter()
            .copied()
            .filter(|name| !covered.contains_key(name))
            .collect();
        if uncovered.iter().any(|name| is_cve(name)) {
            left.push((index, uncovered));
        } else {
            // All it speaks of is known from elsewhere: it is one more witness.
            let places: BTreeSet<usize> = names
                .iter()
                .filter_map(|name| covered.get(name).copied())
                .collect();
            for place in places {
                flaws[place].records.push(index);
            }
        }
    }
    flaws.extend(join(left.into_iter()));
    flaws
}

/// Joins what shares a name, however long the chain.
fn join<'a>(items: impl Iterator<Item = (usize, BTreeSet<&'a str>)>) -> Vec<Flaw<'a>> {
    let items: Vec<(usize, BTreeSet<&str>)> = items.collect();
    let mut groups = Groups((0..items.len()).collect());
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    for (place, (_, names)) in items.iter().enumerate() {
        for name in names {
            let other = *first.entry(name).or_insert(place);
            groups.unite(other, place);
        }
    }
    let mut joined: BTreeMap<usize, Flaw<'a>> = BTreeMap::new();
    for (place, (index, names)) in items.into_iter().enumerate() {
        let flaw = joined.entry(groups.root(place)).or_insert_with(|| Flaw {
            records: Vec::new(),
            names: BTreeSet::new(),
        });
        flaw.records.push(index);
        flaw.names.extend(names);
    }
    joined.into_values().collect()
}

/// Disjoint sets: each place points at another of its set, and the root at itself.
struct Groups(Vec<usize>);

impl Groups {
    fn root(&mut self, mut place: usize) -> usize {
        while self.0[place] != place {
            self.0[place] = self.0[self.0[place]];
            place = self.0[place];
        }
        place
    }

    fn unite(&mut self, left: usize, right: usize) {
        let (left, right) = (self.root(left), self.root(right));
        // The lower place is the root, so that the order of records decides nothing else.
        self.0[left.max(right)] = left.min(right);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(records: &[&[&str]], expect: &[&[usize]]) {
        let names: Vec<Names<'_>> = records
            .iter()
            .map(|names| Names {
                id: names[0],
                others: names[1..].to_vec(),
            })
            .collect();
        let found: Vec<Vec<usize>> = flaws(&names).into_iter().map(|flaw| flaw.records).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn chains_of_aliases_are_one_flaw() {
        check(
            &[
                &["GHSA-1", "CVE-1"],
                &["OTHER-1"],
                &["PYSEC-1", "CVE-1"],
                &["SNYK-1", "PYSEC-1"],
            ],
            &[&[0, 2, 3], &[1]],
        );
    }

    #[test]
    fn a_record_of_several_flaws_does_not_melt_them() {
        check(
            &[
                &["DSA-1", "CVE-1", "CVE-2"],
                &["DEBIAN-CVE-1", "CVE-1"],
                &["DEBIAN-CVE-2", "CVE-2"],
            ],
            &[&[1, 0], &[2, 0]],
        );
        check(
            &[&["DSA-1", "CVE-1", "CVE-2"], &["DEBIAN-CVE-1", "CVE-1"]],
            &[&[1], &[0]],
        );
        check(&[&["DSA-1", "CVE-1", "CVE-2"]], &[&[0]]);
    }
}
