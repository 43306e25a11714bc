//! What a report is made of, and how it is to be written. Values only.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use linchpin_model::{
    AdvisoryFacts, DocumentCount, Finding, Inventory, LicenseCategory, Note, Step, Suppressed,
    Timestamp,
};

use crate::text::counted;

/// What a scan came to.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// The version of the program that made it.
    pub tool_version: &'a str,
    /// The moment of the scan, for the formats that must state one.
    pub now: Timestamp,
    /// What the target is made of.
    pub inventory: &'a Inventory,
    /// What is wrong, the most urgent first. Formats keep this order.
    pub findings: &'a [Finding],
    /// What was found and does not count, with the grounds; attacks and what is used in attacks
    /// come first.
    pub suppressed: &'a [Suppressed],
    /// What to do next, the best step first. `removes` speaks of places in `findings`.
    pub next: &'a [Step],
    /// The advisories that the target was compared with.
    pub advisories: &'a AdvisoryFacts,
    /// The limits of the result: the notes of the inventory and those of the matching.
    pub notes: &'a [Note],
    /// What rules were asked about, by kind.
    pub documents: &'a [DocumentCount],
    /// How many parts there are of each category of licences; empty where nobody asked.
    pub licenses: &'a BTreeMap<LicenseCategory, usize>,
    /// What was found and is not shown, by the wish of the user.
    pub left_out: LeftOut,
}

impl Report<'_> {
    /// What rules were asked about, in words, the most of one kind first: `3 Dockerfiles`.
    pub(crate) fn checked(&self) -> Vec<String> {
        let mut documents = self.documents.to_vec();
        documents.sort_by_key(|one| (Reverse(one.count), one.noun));
        let documents = documents.iter();
        documents.map(|one| counted(one.count, one.noun)).collect()
    }
}

/// How many findings are not in the list, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LeftOut {
    /// Those in packages that are only needed for development.
    pub development: usize,
    /// Those that nothing fixes yet.
    pub unfixed: usize,
}

/// How to write for a person. Formats for machines do not look at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WriteOptions {
    /// The number of columns of the terminal.
    pub width: usize,
    /// Whether to use colours.
    pub color: bool,
    /// Whether to show everything: each note, each package of a group, each summary.
    pub verbose: bool,
    /// How many lines of findings to show at most.
    pub max_findings: Option<usize>,
}

impl Default for WriteOptions {
    fn default() -> Self {
        Self {
            width: 120,
            color: false,
            verbose: false,
            max_findings: None,
        }
    }
}
