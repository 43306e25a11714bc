//! From arguments to findings: what every command that looks for them begins with.
//!
//! `Finder` is all that the arguments say, understood before anything is read: a mistake in one of
//! them must not cost the time of reading a target. What is done with the findings is the affair of
//! the commands.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use anyhow::{Result, anyhow};
use linchpin_advisory::{Database, match_advisories, support_note, weigh};
use linchpin_check::check_licenses;
use linchpin_model::{
    About, AdvisoryFacts, AdvisoryOrigin, DocumentCount, Finding, Inventory, LicenseCategory, Note,
    NoteKind, Requirement, Suppressed, Timestamp,
};
use linchpin_source::SourceOptions;

use super::checking::Checking;
use super::document_target::Described;
use super::exploitability::{Given, Said};
use super::inventory::{Beside, Requirements, database_error, describe, open_database};
use super::user_rules::UserRules;
use crate::arguments::{Analysis, CheckArguments, FindingArguments, ReadingArguments, StaleChoice};
use crate::exit_codes::{ExitCode, Failure};
use crate::printer::Printer;
use crate::settings::{AgeLimit, DatabaseChoice, Environment, Network, network, source_options};

/// What findings are made with.
pub(super) struct Finder<'a> {
    options: SourceOptions,
    network: Network,
    given: Given,
    /// What else is looked for, by commands that look by rules.
    checks: Option<&'a CheckArguments>,
    rules: UserRules,
    choice: DatabaseChoice,
    limit: AgeLimit,
    printer: &'a Printer,
}

impl<'a> Finder<'a> {
    /// Understands the arguments, and reads what they name beside the target.
    pub(super) fn new(
        reading: &ReadingArguments,
        findings: &FindingArguments,
        checks: Option<&'a CheckArguments>,
        printer: &'a Printer,
        environment: &Environment,
    ) -> Result<Self> {
        let rules = UserRules::read(checks.map_or(&[], |checks| &checks.rules))?;
        for problem in &rules.invalid {
            printer.message(&format!("warning: a rule is not asked: {problem}"));
        }
        Ok(Self {
            options: source_options(reading)?,
            network: network(reading, environment)?,
            given: Given::read(&findings.exploitability)?,
            checks,
            rules,
            choice: DatabaseChoice::new(&findings.database, environment),
            limit: AgeLimit::new(&findings.age, environment),
            printer,
        })
    }

    /// How targets are read.
    pub(super) fn options(&self) -> &SourceOptions {
        &self.options
    }

    /// The moment as of which things are judged.
    pub(super) fn now(&self) -> Timestamp {
        self.limit.now
    }

    /// Opens the advisories. That they are old must be said: they would make everything look better
    /// than it is.
    pub(super) fn open_database(&self) -> Result<Database> {
        let database = open_database(&self.choice)?;
        let facts = database.facts();
        // That the starter set is all there is, every report says.
        let starter = facts.origin == AdvisoryOrigin::StarterSet;
        let Some(days) = facts
            .age_in_days(self.limit.now)
            .filter(|days| *days > self.limit.days)
        else {
            return Ok(database);
        };
        let text = format!(
            "the advisories are {days} days old, and what was published since is unknown; {} days are the limit of `--max-age`",
            self.limit.days
        );
        match self.limit.stale {
            StaleChoice::Ignore => {}
            StaleChoice::Warn if starter => {}
            StaleChoice::Warn => self.printer.message(&format!("warning: {text}")),
            StaleChoice::Error => {
                return Err(anyhow!(
                    "{text}\nhint: `linchpin db update` fetches what is new; `--stale warn` goes on all the same"
                )
                .context(Failure::new(
                    ExitCode::Database,
                    "use the advisory database",
                )));
            }
        }
        Ok(database)
    }

    /// Reads a target, with what it says itself of the exploitability of flaws, what rules say of it
    /// if they are asked, and what its packages ask of each other if advice is wanted.
    pub(super) fn read(&self, target: &str, requirements: Requirements) -> Result<Described> {
        let options = self.options.clone();
        let checking = self.checking(target)?;
        let beside = Beside {
            checking: checking.as_ref(),
            requirements,
        };
        describe(target, options, &self.network, self.printer, beside)
    }

    /// What rules are asked of a target, which may allow some of it itself.
    pub(super) fn checking(&self, target: &str) -> Result<Option<Checking<'_>>> {
        let checks = self.checks;
        checks
            .map(|checks| Checking::read(checks, &self.rules.rules, &self.given, target))
            .transpose()
    }

    /// The code for what came out. A rule that could not be asked must not look like one that found
    /// nothing.
    pub(super) fn exit_code(&self, has_failed: bool) -> ExitCode {
        if has_failed {
            ExitCode::Findings
        } else if self.rules.invalid.is_empty() {
            ExitCode::Clean
        } else {
            ExitCode::WrongUse
        }
    }

    /// Compares what a target is made of with the advisories, adds what rules say of it, weighs what
    /// comes of it, and says if its distribution has no repairs any more. `target` is the target as it
    /// was given.
    pub(super) fn find(
        &self,
        target: &str,
        described: Described,
        database: &Database,
    ) -> Result<Found<'_>> {
        let Described {
            inventory,
            vex,
            checked,
            requirements,
        } = described;
        let now = self.limit.now;
        let matched = match_advisories(&inventory, database).map_err(database_error)?;
        let mut findings = matched.findings;
        if !checked.findings.is_empty() {
            findings.extend(checked.findings);
            findings.sort_by_key(|finding| Reverse(finding.score));
        }
        let mut notes = inventory.notes.clone();
        notes.extend(matched.notes);
        let distribution = inventory.distribution.as_ref();
        notes.extend(distribution.and_then(|distribution| support_note(distribution, now)));
        notes.extend(checked.notes);
        let invalid = self.rules.invalid.iter();
        notes.extend(invalid.map(|problem| {
            let text = format!("a rule was not asked, because it is invalid: {problem}");
            Note::general(NoteKind::Unapplied, text)
        }));
        if self.leaves_packages_out() {
            findings.retain(|finding| matches!(finding.about, About::Place(_)));
            notes.retain(|note| note.kind != NoteKind::Unmatched);
        }
        let said = self.given.of_target(&inventory, target, vex)?;
        let mut licenses = BTreeMap::new();
        if self.looks_at_licenses() {
            licenses = inventory.license_counts();
            let checked = check_licenses(&inventory, &said.license_policy());
            findings.extend(checked.findings);
            findings.sort_by_key(|finding| Reverse(finding.score));
            notes.extend(checked.notes);
        }
        let known = said.exploitability(database, now);
        let mut weighed = weigh(findings, &inventory, &known).map_err(database_error)?;
        notes.extend(weighed.notes);
        weighed.suppressed.extend(checked.suppressed);
        Ok(Found {
            findings: weighed.findings,
            suppressed: weighed.suppressed,
            notes,
            advisories: database.facts(),
            documents: checked.documents,
            licenses,
            said,
            inventory,
            requirements,
        })
    }

    /// Whether licences are held against what the project wants.
    fn looks_at_licenses(&self) -> bool {
        let checks = self.checks;
        checks.is_some_and(|checks| checks.wants(Analysis::Licenses))
    }

    /// Whether only what rules say is wanted.
    fn leaves_packages_out(&self) -> bool {
        let checks = self.checks;
        checks.is_some_and(|checks| !checks.wants(Analysis::Packages))
    }
}

/// What was found in a target.
pub(super) struct Found<'a> {
    pub(super) inventory: Inventory,
    /// What its packages ask of each other, if that was read.
    pub(super) requirements: Vec<Requirement>,
    /// What counts.
    pub(super) findings: Vec<Finding>,
    /// What does not.
    pub(super) suppressed: Vec<Suppressed>,
    /// What could not be read, compared or weighed.
    pub(super) notes: Vec<Note>,
    pub(super) advisories: AdvisoryFacts,
    /// What rules were asked about.
    pub(super) documents: Vec<DocumentCount>,
    /// How many packages there are of each category of licences; empty where nobody asked.
    pub(super) licenses: BTreeMap<LicenseCategory, usize>,
    /// What speaks against findings of this target.
    pub(super) said: Said<'a>,
}
