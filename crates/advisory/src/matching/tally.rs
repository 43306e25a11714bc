//! Counts what could not be compared, and says it in plain words.

use std::collections::{BTreeMap, BTreeSet};

use linchpin_model::{Ecosystem, Note, NoteKind, Package, PackageUrl};

use super::questions::{Asked, Precision, Unasked};

/// How many examples a note names.
const EXAMPLES: usize = 3;

/// What could not be compared so far.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) only_declared: usize,
    pub(super) without_kernel: BTreeSet<String>,
    unasked: BTreeMap<Unasked, BTreeSet<String>>,
    strange: BTreeMap<String, usize>,
    uncovered: BTreeMap<Ecosystem, usize>,
    without_release: BTreeMap<Ecosystem, usize>,
    uncovered_releases: BTreeMap<(Ecosystem, String), usize>,
    incomparable: BTreeMap<Ecosystem, BTreeSet<String>>,
    uncertain: BTreeMap<Ecosystem, BTreeSet<String>>,
    undecided: BTreeMap<(Ecosystem, Precision), BTreeSet<String>>,
}

impl Tally {
    pub(super) fn unasked(&mut self, reason: Unasked, package: &Package) {
        self.unasked
            .entry(reason)
            .or_default()
            .insert(package.purl.as_str().to_owned());
    }

    /// A package of no ecosystem. Where a namespace is a distribution, it tells which.
    pub(super) fn strange(&mut self, purl: &PackageUrl) {
        let kind = purl.kind();
        let is_system = matches!(kind, "deb" | "rpm" | "apk" | "alpm" | "opkg");
        let kind = match purl.namespace().filter(|_| is_system) {
            Some(namespace) => format!("{kind}/{namespace}"),
            None => kind.to_owned(),
        };
        *self.strange.entry(kind).or_default() += 1;
    }

    /// The advisory may or may not hold for the package.
    pub(super) fn undecided(&mut self, asked: Asked<'_>, advisory: &str) {
        let question = asked.question;
        self.undecided
            .entry((asked.ecosystem, question.precision))
            .or_default()
            .insert(format!(
                "{advisory} for {} {}",
                question.name, question.version
            ));
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
        for (reason, packages) in self.unasked {
            let count = packages.len();
            say(match reason {
                Unasked::NoVersion => format!(
                    "{} not checked: no version is known",
                    were(count, "", "package")
                ),
                Unasked::CommitOnly => format!(
                    "{} not checked: they are pinned to commits, and nothing says of which release: {}",
                    were(count, "", "GitHub action"),
                    examples(&packages)
                ),
                Unasked::NoStream => format!(
                    "{} not checked: nothing says which stream of its module it is from: {}",
                    were(count, "", "package"),
                    examples(&packages)
                ),
                Unasked::NotOfConanCenter => format!(
                    "{} not checked: with a user and a channel it is not that of ConanCenter: {}",
                    were(count, "", "Conan package"),
                    examples(&packages)
                ),
            });
        }
        for ((ecosystem, precision), advisories) in self.undecided {
            let label = ecosystem.facts().label;
            let why = match precision {
                Precision::MovingTag => {
                    "the tag stands for several releases, of which some are affected"
                }
                Precision::Exact => "they do not say which stream of a module they are about",
            };
            say(format!(
                "{} {label} advisories may hold or not, {why}: {}",
                advisories.len(),
                examples(&advisories)
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
