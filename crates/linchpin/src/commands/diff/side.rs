//! One side of a comparison: a target or document, which is looked at now, or a report of an
//! earlier scan, which has its findings already.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{Read as _, stdin};
use std::path::Path;

use anyhow::{Context, Result};
use linchpin_advisory::{Database, Selection, select};
use linchpin_model::{
    AdvisoryFacts, Finding, FindingKind, Inventory, Note, Routes, Scope, SubjectKind,
};
use linchpin_report::changes::{LicensesStated, Limit, Side, SideOrigin, Which};
use linchpin_report::{EarlierReport, ExplainableFinding, LeftOut, json};
use linchpin_sbom::{Contents, Document, SbomOptions};

use super::opened;
use crate::commands::VERSION;
use crate::commands::document_target::{Described, read_stream};
use crate::commands::findings::Finder;
use crate::commands::inventory::{Beside, Requirements};
use crate::commands::sbom::input::{all_of, bytes};
use crate::exit_codes::{ExitCode, Failure};

/// How much of a stream shows whether it is a report: its first field says so.
const HEAD: u64 = 256;

/// A side that was read, and not yet compared with advisories.
pub(super) enum ReadSide {
    /// What a target is made of, and the target as it was given.
    Target(Box<Described>, String),
    /// What an earlier scan came to.
    Report(Box<EarlierReport>),
}

/// Reads a side.
pub(super) fn read(text: &str, finder: &Finder<'_>) -> Result<ReadSide> {
    if text == "-" {
        return read_stdin(finder);
    }
    if let Some(bytes) = report_in(Path::new(text))? {
        return report(&bytes, text);
    }
    finder
        .read(text, Requirements::PassedOver)
        .map(|described| ReadSide::Target(Box::new(described), text.to_owned()))
}

/// The bytes of a file, if it is a report.
fn report_in(path: &Path) -> Result<Option<Vec<u8>>> {
    let is_file = path.metadata().is_ok_and(|metadata| metadata.is_file());
    let Some(file) = is_file.then(|| File::open(path).ok()).flatten() else {
        return Ok(None);
    };
    let mut head = Vec::new();
    let read = file.take(HEAD).read_to_end(&mut head);
    let is_json = head.trim_ascii_start().starts_with(b"{");
    if read.is_err() || !is_json || linchpin_sbom::formats::detect(&head).is_some() {
        return Ok(None);
    }
    let bytes = bytes(path, ExitCode::Target)?;
    Ok(json::is_report(&bytes).then_some(bytes))
}

fn read_stdin(finder: &Finder<'_>) -> Result<ReadSide> {
    let failure = || Failure::new(ExitCode::Target, "read `-`");
    let mut stream = stdin().lock();
    let mut head = Vec::new();
    (&mut stream)
        .take(HEAD)
        .read_to_end(&mut head)
        .with_context(failure)?;
    let mut stream = head.as_slice().chain(stream);
    let shown = String::from_utf8_lossy(&head);
    if shown.trim_start().starts_with('{') && shown.contains("\"linchpin-scan\"") {
        let bytes = all_of(&mut stream, failure)?;
        return report(&bytes, "-");
    }
    let checking = finder.checking("-")?;
    let beside = Beside {
        checking: checking.as_ref(),
        ..Beside::NOTHING
    };
    let mut described = read_stream(&mut stream, finder.options(), beside)?;
    if let Some(checking) = &checking {
        checking.add_look_alikes(&mut described);
    }
    Ok(ReadSide::Target(Box::new(described), "-".to_owned()))
}

fn report(bytes: &[u8], name: &str) -> Result<ReadSide> {
    let report = json::read(bytes)
        .with_context(|| Failure::new(ExitCode::Target, format!("read the report `{name}`")))?;
    Ok(ReadSide::Report(Box::new(report)))
}

impl ReadSide {
    /// Whether its findings are still to be found.
    pub(super) fn needs_advisories(&self) -> bool {
        matches!(self, Self::Target(..))
    }

    /// With its findings: found now, or as the report has them.
    pub(super) fn matched(self, scanning: &Scanning<'_>) -> Result<MatchedSide> {
        match self {
            Self::Target(described, target) => scanned(*described, &target, scanning),
            Self::Report(report) => Ok(reported(*report, scanning.selection)),
        }
    }
}

/// What findings are made with, the same for both sides.
pub(super) struct Scanning<'a> {
    /// There if a side needs it.
    pub(super) database: Option<&'a Database>,
    pub(super) finder: &'a Finder<'a>,
    /// Which findings are compared.
    pub(super) selection: Selection,
}

/// A side with its findings.
pub(super) struct MatchedSide {
    name: String,
    kind: SubjectKind,
    origin: SideOrigin,
    packages: Option<usize>,
    findings: Vec<ExplainableFinding>,
    advisories: AdvisoryFacts,
    /// For the comparison of packages; nothing for a report that does not list them.
    pub(super) document: Option<Document>,
    notes: Vec<Note>,
    left_out: LeftOut,
}

fn scanned(described: Described, target: &str, scanning: &Scanning<'_>) -> Result<MatchedSide> {
    let database = opened(scanning.database)?;
    let found = scanning.finder.find(target, described, database)?;
    let inventory = &found.inventory;
    let findings = select(found.findings, inventory, scanning.selection).shown;
    let routes = Routes::new(inventory);
    Ok(MatchedSide {
        name: inventory.subject.name.clone(),
        kind: inventory.subject.kind,
        origin: SideOrigin::Scanned,
        packages: Some(inventory.libraries().count()),
        findings: findings
            .iter()
            .map(|finding: &Finding| ExplainableFinding::new(finding, inventory, &routes))
            .collect(),
        advisories: found.advisories,
        document: Some(document(inventory)),
        notes: found.notes,
        left_out: LeftOut::default(),
    })
}

fn reported(report: EarlierReport, selection: Selection) -> MatchedSide {
    let mut findings = report.explainable.findings;
    findings.retain(|finding| finding.suppressed_by.is_empty() && is_shown(finding, selection));
    let inventory = report.inventory.as_ref();
    // What both sides leave out is no limit of the comparison.
    let left_out = LeftOut {
        development: if selection.include_development {
            report.left_out.development
        } else {
            0
        },
        unfixed: if selection.only_fixed {
            0
        } else {
            report.left_out.unfixed
        },
    };
    MatchedSide {
        name: report.explainable.target,
        kind: report.explainable.target_kind,
        origin: SideOrigin::Report,
        packages: inventory.map(|inventory| inventory.libraries().count()),
        findings,
        advisories: report.advisories,
        document: inventory.map(document),
        notes: Vec::new(),
        left_out,
    }
}

/// As [`select`] picks findings, for those of a report.
fn is_shown(finding: &ExplainableFinding, selection: Selection) -> bool {
    let urgent = finding.kind == FindingKind::Malicious || finding.exploited.is_some();
    let scope = finding.package.as_ref().map(|package| package.scope);
    let development = scope == Some(Scope::Development);
    (selection.include_development || urgent || !development)
        && (!selection.only_fixed || finding.remedy.is_some())
}

/// What is compared of an inventory. A project without a version has its name from the folder that
/// it lies in: that two folders have two names is no change.
fn document(inventory: &Inventory) -> Document {
    let contents = Contents {
        inventory,
        findings: None,
        suppressed: &[],
    };
    let options = SbomOptions {
        tool_version: VERSION,
        timestamp: None,
    };
    let mut document = Document::from_inventory(&contents, &options);
    let unversioned: BTreeSet<&str> = inventory
        .roots()
        .filter(|(_, root)| root.version().is_none())
        .map(|(_, root)| root.purl.as_str())
        .collect();
    document.components.retain(|component| {
        let purl = component.purl.as_deref();
        purl.is_none_or(|purl| !unversioned.contains(purl))
    });
    document
}

impl MatchedSide {
    pub(super) fn as_side(&self) -> Side<'_> {
        let states_licenses = self.document.as_ref().is_some_and(|document| {
            document
                .all_components()
                .any(|component| !component.licenses.is_empty())
        });
        Side {
            name: &self.name,
            kind: self.kind,
            origin: self.origin,
            packages: self.packages,
            findings: &self.findings,
            advisories: &self.advisories,
            licenses: if states_licenses {
                LicensesStated::Some
            } else {
                LicensesStated::None
            },
        }
    }

    pub(super) fn limits(&self, which: Which) -> Vec<Limit> {
        let mut limits = Vec::new();
        if !self.notes.is_empty() {
            limits.push(Limit::Notes(which, self.notes.len()));
        }
        let LeftOut {
            development,
            unfixed,
        } = self.left_out;
        if development + unfixed > 0 {
            limits.push(Limit::LeftOutOfReport {
                which,
                development,
                unfixed,
            });
        }
        limits
    }
}
