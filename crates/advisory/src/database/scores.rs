//! Scores by CVE id: which record of a file says with a number how bad a flaw is, whatever the
//! package.
//!
//! Most records of distributions give no severity, and the same flaw has a record with a vector in
//! another ecosystem, which matching takes it from. Each file has the scores of its own records, so
//! that a change of one ecosystem concerns no other file; whoever asks, asks all files.
//!
//! Left out are records about several flaws, because one number says nothing of each of them, and
//! numbers for single packages.

use std::collections::BTreeMap;

use super::entry::{Advisory, Kind};
use super::layout::u64_at;
use super::predictions::CveNumber;
use super::{DatabaseError, UNDECODABLE};
use crate::cvss::{self, CvssVersion};

/// The id as its two numbers, and the offset of the advisory.
const ENTRY: usize = 16;

/// How much a score counts beside others of the same flaw: that of a newer version of CVSS more
/// than that of an older, any vector more than a bare number, and what is worse more than what is
/// not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Weight {
    version: Option<CvssVersion>,
    tenths: u8,
}

/// The flaw that a record scores, and how much that counts. `None` if it scores none, or is about
/// several.
pub(crate) fn scored(advisory: &Advisory<&str>) -> Option<(CveNumber, Weight)> {
    let tenths = advisory.rating.tenths?;
    if advisory.kind != Kind::Vulnerability {
        return None;
    }
    let mut flaw = None;
    for name in advisory.names().filter(|name| name.starts_with("CVE-")) {
        let number = CveNumber::parse(name)?;
        if *flaw.get_or_insert(number) != number {
            return None;
        }
    }
    let version = advisory
        .rating
        .vector
        .and_then(|vector| Some(cvss::base_score(vector).ok()?.version));
    Some((flaw?, Weight { version, tenths }))
}

/// The scores of a file while it is written.
#[derive(Debug, Default)]
pub(super) struct Scores(BTreeMap<CveNumber, (Weight, u64)>);

impl Scores {
    /// Takes an advisory, if it scores a flaw. Of those that count the same the first stays.
    pub(super) fn take(&mut self, advisory: &Advisory<&str>, offset: u64) {
        let Some((flaw, weight)) = scored(advisory) else {
            return;
        };
        let best = self.0.entry(flaw).or_insert((weight, offset));
        if weight > best.0 {
            *best = (weight, offset);
        }
    }

    /// The bytes of the section.
    pub(super) fn write(&self) -> Vec<u8> {
        let mut section = Vec::with_capacity(self.0.len() * ENTRY);
        for (flaw, (_, offset)) in &self.0 {
            section.extend_from_slice(&flaw.bits().to_le_bytes());
            section.extend_from_slice(&offset.to_le_bytes());
        }
        section
    }
}

/// The offset of the advisory that scores a flaw.
pub(super) fn find(section: &[u8], flaw: CveNumber) -> Result<Option<u64>, DatabaseError> {
    let (entries, _) = section.as_chunks::<ENTRY>();
    let found = entries.binary_search_by_key(&Some(flaw.bits()), |entry| u64_at(entry, 0));
    let Some(entry) = found.ok().and_then(|place| entries.get(place)) else {
        return Ok(None);
    };
    u64_at(entry, 8).map(Some).ok_or(UNDECODABLE)
}

/// All flaws that are scored.
pub(super) fn flaws(section: &[u8]) -> impl Iterator<Item = CveNumber> {
    let (entries, _) = section.as_chunks::<ENTRY>();
    entries
        .iter()
        .filter_map(|entry| u64_at(entry, 0).map(CveNumber::from_bits))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::{Rating, SummaryPlace};

    fn advisory<'a>(
        id: &'a str,
        aliases: &[&'a str],
        vector: Option<&'a str>,
    ) -> Advisory<&'a str> {
        Advisory {
            id,
            aliases: aliases.to_vec(),
            upstream: Vec::new(),
            related: vec!["CVE-2020-9999"],
            kind: Kind::Vulnerability,
            notice: None,
            rating: Rating {
                vector,
                tenths: vector.map_or(Some(99), |vector| {
                    Some(cvss::base_score(vector).unwrap().tenths)
                }),
                word: None,
            },
            published: None,
            modified: None,
            exploited: Vec::new(),
            summary: SummaryPlace::default(),
        }
    }

    const HIGH: &str = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N";
    const LOW: &str = "CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N";
    const NEWER: &str = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N";

    #[test]
    fn the_newest_vector_counts_then_the_worst_then_the_first() {
        let flaw = "CVE-2024-1234";
        let number = CveNumber::parse(flaw).unwrap();
        let best = |advisories: &[Advisory<&str>]| {
            let mut scores = Scores::default();
            for (offset, advisory) in (0..).zip(advisories) {
                scores.take(advisory, offset);
            }
            find(&scores.write(), number).unwrap()
        };
        let with = |vector| advisory("GHSA-1", &["CVE-2024-1234"], vector);
        assert_eq!(
            best(&[with(None), with(Some(LOW)), with(Some(HIGH))]),
            Some(2)
        );
        assert_eq!(best(&[with(Some(HIGH)), with(Some(NEWER))]), Some(1));
        assert_eq!(best(&[with(Some(HIGH)), with(Some(HIGH))]), Some(0));
        assert_eq!(best(&[with(None)]), Some(0));
        assert_eq!(best(&[advisory(flaw, &[], Some(LOW))]), Some(0));
    }

    #[test]
    fn what_is_about_several_flaws_or_none_lends_nothing() {
        let none = |advisory: Advisory<&str>| assert_eq!(scored(&advisory), None);
        none(advisory("GHSA-1", &[], Some(HIGH)));
        none(advisory(
            "GHSA-1",
            &["CVE-2024-1", "CVE-2024-1234"],
            Some(HIGH),
        ));
        none(advisory(
            "ALSA-1",
            &["CVE-2024-1234", "CVE-2024-1235"],
            Some(HIGH),
        ));
        let mut attack = advisory("GHSA-1", &["CVE-2024-1234"], Some(HIGH));
        attack.kind = Kind::Malicious;
        none(attack);
        let mut unscored = advisory("GHSA-1", &["CVE-2024-1234"], Some(HIGH));
        unscored.rating.tenths = None;
        none(unscored);
    }

    #[test]
    fn a_flaw_is_found_among_others() {
        let ids: Vec<String> = (1000..1100)
            .map(|number| format!("CVE-2024-{number}"))
            .collect();
        let mut scores = Scores::default();
        for (offset, id) in (0u32..100).zip(&ids).rev() {
            scores.take(&advisory(id, &[], Some(HIGH)), u64::from(offset));
        }
        let section = scores.write();
        for (offset, id) in (0..).zip(&ids) {
            let number = CveNumber::parse(id).unwrap();
            assert_eq!(find(&section, number).unwrap(), Some(offset));
        }
        let absent = CveNumber::parse("CVE-2024-1100").unwrap();
        assert_eq!(find(&section, absent).unwrap(), None);
        assert_eq!(flaws(&section).count(), 100);
    }
}
