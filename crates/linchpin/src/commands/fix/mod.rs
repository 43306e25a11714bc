//! `linchpin fix`: the fewest version changes that remove the most risk, and, if asked, making them.
//!
//! `project` plans for one lockfile and lets its client (`clients`) try the plan in a copy
//! (`workshop`), `distribution` speaks of a distribution's packages, `apply` changes the target and
//! compares with what was promised, `edits` are automatic fixes of documents, `formats` write all of it. How a plan is found is the affair of
//! `linchpin_advisory::remedy`.

mod apply;
mod changing;
mod clients;
mod distribution;
mod edits;
mod formats;
mod outcome;
mod program;
mod project;
mod workshop;

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use clap::ValueEnum as _;
use linchpin_advisory::remedy::Jump;
use linchpin_advisory::{Selection, select};
use linchpin_check::Reach;
use linchpin_model::{About, Finding, Inventory, OccurrenceKind, SubjectKind, TargetPath};

use super::findings::Finder;
use super::inventory::Requirements;
use crate::arguments::{Analysis, CheckArguments, FixArguments, FixChoice, JumpChoice};
use crate::exit_codes::{ExitCode, Failure};
use crate::outputs::{deliver, outputs};
use crate::printer::Printer;
use crate::settings::Environment;
pub(super) use clients::choice_of;
use clients::client_of;
use edits::{Edits, State};
use outcome::Outcome;
use project::Planning;

pub(super) fn run(
    arguments: &FixArguments,
    printer: &Printer,
    environment: &Environment,
) -> Result<ExitCode> {
    let words: Vec<&str> = formats::ALL.iter().map(|format| format.id).collect();
    let outputs = outputs(
        &arguments.format,
        arguments.output.as_deref(),
        "table",
        formats::find,
        &words,
    )?;
    let reading = &arguments.target.reading;
    let target = &arguments.target.target;
    // Documents are changed in folders alone.
    let checks = is_folder(target).then(|| checks(arguments));
    let finder = Finder::new(
        reading,
        &arguments.findings,
        checks.as_ref(),
        printer,
        environment,
    )?;
    let database = finder.open_database()?;
    let found = finder.find(
        target,
        finder.read(target, Requirements::PassedOver)?,
        &database,
    )?;
    let reach = if arguments.with_unsafe {
        Reach::Unsafe
    } else {
        Reach::Safe
    };
    let mut edits = match finder.checking(target)? {
        None => Edits::default(),
        Some(checking) => Edits::find(target, finder.options().clone(), &checking, &found, reach)?,
    };
    let inventory = &found.inventory;
    let selection = Selection {
        include_development: arguments.include_dev,
        only_fixed: false,
    };
    let selected = select(found.findings, inventory, selection);

    let planning = Planning {
        database: &database,
        exploitability: found.said.exploitability(&database, finder.now()),
        farthest: match arguments.max_jump {
            JumpChoice::Patch => Jump::Patch,
            JumpChoice::Minor => Jump::Minor,
            JumpChoice::Major => Jump::Major,
        },
        include_development: arguments.include_dev,
        offline: reading.offline,
        cargo_home: environment.cargo_home.as_deref(),
        subject: &inventory.subject,
    };
    let mut outcome = Outcome {
        target,
        projects: Vec::new(),
        distributions: distribution::plans(&selected.shown, inventory),
        unplanned: Vec::new(),
        applied: Vec::new(),
        edits: Edits::default(),
        advisories: found.advisories,
        notes: found.notes,
    };
    let folder = folder(target, inventory);
    if arguments.apply && folder.is_none() {
        return Err(anyhow!("`{target}` is no folder")
            .context(Failure::new(ExitCode::WrongUse, "apply a plan")));
    }
    for lockfile in lockfiles(&selected.shown, inventory) {
        let folder = folder.filter(|_| client_of(&lockfile).is_some());
        let Some(folder) = folder else {
            outcome.unplanned.push(lockfile);
            continue;
        };
        printer.message(&format!("planning for {lockfile}"));
        let planned = planning
            .plan(folder, &lockfile)
            .with_context(|| Failure::new(ExitCode::Target, format!("plan for `{lockfile}`")))?;
        outcome.projects.extend(planned);
    }
    if let Some(folder) = folder.filter(|_| arguments.apply) {
        let projects = outcome.projects.iter();
        for project in projects.filter(|project| !project.plan.steps.is_empty()) {
            let applied = apply::apply(folder, project, &planning)?;
            outcome.applied.push(applied);
        }
        edits.write(folder);
    }
    outcome.edits = edits;
    for output in &outputs {
        let mut content = Vec::new();
        (output.format.write)(&outcome, printer, &mut content)
            .context(Failure::new(ExitCode::Internal, "write the plan"))?;
        deliver(output.file.as_deref(), &content)?;
    }
    let is_broken = outcome
        .applied
        .iter()
        .any(|applied| !applied.broken.is_empty())
        || (outcome.edits.files.iter()).any(|file| matches!(file.state, State::Refused(_)));
    Ok(if is_broken {
        ExitCode::NotAsPromised
    } else {
        finder.exit_code(false)
    })
}

/// Which rules are asked for automatic fixes.
fn checks(arguments: &FixArguments) -> CheckArguments {
    let choices = [
        (FixChoice::Packages, Analysis::Packages),
        (FixChoice::Configuration, Analysis::Configuration),
        (FixChoice::Pipelines, Analysis::Pipelines),
    ];
    let is_wanted = |choice| {
        if arguments.only.is_empty() {
            !arguments.skip.contains(&choice)
        } else {
            arguments.only.contains(&choice)
        }
    };
    let wanted = choices.into_iter().filter(|(choice, _)| is_wanted(*choice));
    CheckArguments {
        only: wanted.map(|(_, analysis)| analysis).collect(),
        skip: Analysis::value_variants().to_vec(),
        baseline: None,
        no_gitleaks: true,
        history: false,
        rules: arguments.rules.clone(),
    }
}

fn is_folder(target: &str) -> bool {
    Path::new(target.strip_prefix("dir:").unwrap_or(target)).is_dir()
}

/// The folder that a target is; plans for lockfiles are made for folders alone.
fn folder<'a>(target: &'a str, inventory: &Inventory) -> Option<&'a Path> {
    let path = Path::new(target.strip_prefix("dir:").unwrap_or(target));
    (inventory.subject.kind == SubjectKind::Directory && path.is_dir()).then_some(path)
}

/// The lockfiles that lock something with findings.
fn lockfiles(findings: &[Finding], inventory: &Inventory) -> BTreeSet<TargetPath> {
    let mut lockfiles = BTreeSet::new();
    for finding in findings {
        let About::Package(id) = finding.about else {
            continue;
        };
        let Some(package) = inventory.packages.get(id.index()) else {
            continue;
        };
        let locked = package
            .occurrences
            .iter()
            .filter(|place| place.kind == OccurrenceKind::Locked && !place.path.is_in_archive());
        lockfiles.extend(locked.map(|place| place.path.clone()));
    }
    lockfiles
}
