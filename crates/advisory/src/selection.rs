//! Which findings to show: those that only matter to developers, or that nobody can do anything
//! about, are left out on request, and counted.

use linchpin_model::{About, Finding, FindingKind, Inventory, Scope};

/// What to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Selection {
    /// Also what only development needs.
    pub include_development: bool,
    /// Only what has a remedy.
    pub only_fixed: bool,
}

/// What is shown, and how much is not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selected {
    /// The findings to show, in the order in which they came.
    pub shown: Vec<Finding>,
    /// How many were left out because only development needs their packages.
    pub development: usize,
    /// How many were left out because nothing removes them.
    pub unfixed: usize,
}

/// Picks the findings to show. An attack, or a flaw that is used in attacks, is shown even where
/// only development needs the package: developers' machines are what such attacks are after.
pub fn select(findings: Vec<Finding>, inventory: &Inventory, selection: Selection) -> Selected {
    let mut selected = Selected::default();
    for finding in findings {
        let urgent = finding.kind == FindingKind::Malicious || finding.exploited.is_some();
        if !selection.include_development && !urgent && is_development(&finding, inventory) {
            selected.development += 1;
        } else if selection.only_fixed && !can_be_removed(&finding) {
            selected.unfixed += 1;
        } else {
            selected.shown.push(finding);
        }
    }
    selected
}

/// Whether somebody knows what removes it. A rule always says what to write instead.
fn can_be_removed(finding: &Finding) -> bool {
    finding.remedy.is_some() || finding.rule_reason().is_some()
}

fn is_development(finding: &Finding, inventory: &Inventory) -> bool {
    match &finding.about {
        About::Package(id) => inventory
            .packages
            .get(id.index())
            .is_some_and(|package| package.scope == Scope::Development),
        About::Place(_) => false,
    }
}
