//! What two scans differ in: packages and findings, with the reason why a finding came or went.
//!
//! [`Changes`] holds values; a format in `formats/` turns them into bytes. Which component of one
//! side is which of the other was found before, in the room that reads documents; which of two
//! versions is the later one is asked of the caller, because orderings live elsewhere.

mod findings;
pub mod formats;
mod limit;
mod packages;

use std::cmp::Ordering;

use linchpin_model::{AdvisoryFacts, Difference, PackageUrl, SubjectKind};

pub use findings::{
    ChangedFinding, FindingChanges, RaisedFinding, WhyFixed, WhyIntroduced, compare_findings,
};
pub use formats::Format;
pub use limit::{Limit, Which};
pub use packages::{ChangedPackage, Direction, PackageChanges};

use crate::ExplainableFinding;

/// One of the two that are compared.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// The name of the target.
    pub name: &'a str,
    /// What sort of thing it is.
    pub kind: SubjectKind,
    /// Whether it was looked at just now.
    pub origin: SideOrigin,
    /// How many packages it has; nothing for a report that does not list them.
    pub packages: Option<usize>,
    /// What is wrong with it, the most urgent first.
    pub findings: &'a [ExplainableFinding],
    /// The advisories that it was compared with.
    pub advisories: &'a AdvisoryFacts,
    /// Whether any of its packages has a licence.
    pub licenses: LicensesStated,
}

/// Where the findings of a side come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SideOrigin {
    /// It was compared with the advisories just now.
    Scanned,
    /// An earlier scan found them, with the advisories of its day.
    Report,
}

/// Whether a side speaks of licences at all. A list of package URLs does not, and then nothing
/// can be said of how they changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LicensesStated {
    /// Of one package at least.
    Some,
    /// Of none.
    None,
}

/// What two scans differ in.
#[derive(Debug, Clone)]
pub struct Changes<'a> {
    /// The version of the program that compared them.
    pub tool_version: &'a str,
    /// As it was.
    pub before: Side<'a>,
    /// As it is.
    pub after: Side<'a>,
    /// How the packages changed; nothing where one side does not list them.
    pub packages: Option<PackageChanges>,
    /// How the findings changed.
    pub findings: FindingChanges,
    /// What limits the comparison.
    pub limits: Vec<Limit>,
}

impl<'a> Changes<'a> {
    /// Compares the findings of two sides, and puts them beside what is different in the packages.
    /// `order` compares the versions of two package URLs of one package, where their ecosystem
    /// has an ordering.
    pub fn new(
        tool_version: &'a str,
        (before, after): (Side<'a>, Side<'a>),
        difference: Option<&Difference>,
        order: &dyn Fn(&PackageUrl, &PackageUrl) -> Option<Ordering>,
        limits: Vec<Limit>,
    ) -> Self {
        let findings = compare_findings(before.findings, after.findings, difference);
        let mut limits = limits;
        let licenses = match (before.licenses, after.licenses) {
            (LicensesStated::Some, LicensesStated::Some)
            | (LicensesStated::None, LicensesStated::None) => LicensesStated::Some,
            (LicensesStated::None, _) | (_, LicensesStated::None) => LicensesStated::None,
        };
        if difference.is_some() && licenses == LicensesStated::None {
            limits.push(Limit::LicensesUnstated);
        }
        if difference.is_none() {
            limits.push(Limit::PackagesUnlisted);
        }
        Self {
            tool_version,
            before,
            after,
            packages: difference.map(|difference| PackageChanges::new(difference, licenses, order)),
            findings,
            limits,
        }
    }

    /// Whether the two are the same, as far as was compared.
    pub fn is_empty(&self) -> bool {
        self.packages.as_ref().is_none_or(PackageChanges::is_empty) && self.findings.is_empty()
    }
}
