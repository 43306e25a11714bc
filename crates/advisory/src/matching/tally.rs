//! Counts what could not be compared, and says it in plain words.

use std::collections::{BTreeMap, BTreeSet};

use linchpin_model::{Ecosystem, Note, NoteKind};

/// How many examples a note names.
const EXAMPLES: usize = 3;

/// What could not be compared so far.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) without_version: usize,
    pub(super) only_declared: usize,
    pub(super) without_kernel: BTreeSet<String>,
    strange: BTreeMap<String, usize>,
    uncovered: BTreeMap<Ecosystem, usize>,
    without_release: BTreeMap<Ecosystem, usize>,
    uncovered_releases: BTreeMap<(Ecosystem, String), usize>,
    incomparable: BTreeMap<Ecosystem, BTreeSet<String>>,
    uncertain: BTreeMap<Ecosystem, BTreeSet<String>>,
}

impl Tally {
    pub(super) fn strange(&mut self, purl_type: &str) {
        *self.strange.entry(purl_type.to_owned()).or_default() += 1;
    }

    pub(super) fn uncovered(&mut self, ecosystem: Ecosystem) {
        *self.uncovered.entry(ecosystem).or_default() += 1;
    }

    pub(super) fn without_release(&mut self, ecosystem: Ecosystem) {
        *self.without_release.entry(ecosystem).or_default() += 1;
    }

    pub(super) fn uncovered_release(&mut self, ecosystem: Ecosystem, release: &str) {
        *self
            .uncovered_releases
            .entry((ecosystem, release.to_owned()))
            .or_default() += 1;
    }

    pub(super) fn incomparable(&mut self, ecosystem: Ecosystem, name: &str, version: &str) {
        self.incomparable
            .entry(ecosystem)
            .or_default()
            .insert(format!("{name} {version}"));
    }

    pub(super) fn uncertain(&mut self, ecosystem: Ecosystem, advisory: &str, name: &str) {
        self.uncertain
            .entry(ecosystem)
            .or_default()
            .insert(format!("{advisory} for {name}"));
    }

    /// Everything that was counted, as notes.
    pub(super) fn notes(self) -> Vec<Note> {
        let mut notes = Vec::new();
        let mut say = |text: String| notes.push(Note::general(NoteKind::Unmatched, text));
        for (ecosystem, count) in self.uncovered {
            say(format!(
                "the advisory database has nothing for {}: {} not checked",
                ecosystem.facts().label,
                were(count, "its", "package")
            ));
        }
        for ((ecosystem, release), count) in self.uncovered_releases {
            say(format!(
                "the advisory database has nothing for {} {release}: {} not checked",
                ecosystem.facts().label,
                were(count, "its", "package")
            ));
        }
        for (ecosystem, count) in self.without_release {
            say(format!(
                "nothing says which release of {} this is: {} not checked",
                ecosystem.facts().label,
                were(count, "its", "package")
            ));
        }
        for (ecosystem, packages) in self.incomparable {
            let (label, count) = (ecosystem.facts().label, packages.len());
            let (has, is) = if count == 1 {
                ("package has a version", "it was")
            } else {
                ("packages have versions", "they were")
            };
            say(format!(
                "{count} {label} {has} that can not be compared, {is} not checked: {}",
                examples(&packages)
            ));
        }
        for (ecosystem, advisories) in self.uncertain {
            let (label, count) = (ecosystem.facts().label, advisories.len());
            let say_word = if count == 1 {
                "advisory names versions"
            } else {
                "advisories name versions"
            };
            say(format!(
                "{count} {label} {say_word} that can not be compared: {}",
                examples(&advisories)
            ));
        }
        if self.only_declared > 0 {
            say(format!(
                "{} not checked: no lockfile or installed copy says which version is used",
                were(self.only_declared, "", "declared package")
            ));
        }
        if self.without_version > 0 {
            say(format!(
                "{} not checked: no version is known",
                were(self.without_version, "", "package")
            ));
        }
        if !self.strange.is_empty() {
            let total = self.strange.values().sum();
            let types: BTreeSet<String> = self.strange.into_keys().collect();
            say(format!(
                "{} not checked: no advisories are known for packages of the type {}",
                were(total, "", "package"),
                examples(&types)
            ));
        }
        if !self.without_kernel.is_empty() {
            say(format!(
                "advisories for the Linux kernel were not applied to packages that hold nothing that runs of it: {}",
                examples(&self.without_kernel)
            ));
        }
        notes.sort();
        notes
    }
}

/// "its 3 packages were", "1 package was".
fn were(count: usize, whose: &str, noun: &str) -> String {
    let space = if whose.is_empty() { "" } else { " " };
    let (plural, verb) = if count == 1 {
        ("", "was")
    } else {
        ("s", "were")
    };
    format!("{whose}{space}{count} {noun}{plural} {verb}")
}

/// The first few, and how many more there are.
fn examples(all: &BTreeSet<String>) -> String {
    let few: Vec<&str> = all.iter().take(EXAMPLES).map(String::as_str).collect();
    let more = all.len().saturating_sub(few.len());
    if more == 0 {
        few.join(", ")
    } else {
        format!("{} and {more} more", few.join(", "))
    }
}
