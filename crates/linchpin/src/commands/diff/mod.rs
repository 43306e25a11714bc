//! `linchpin diff`: what changed between two targets, documents or reports.

mod side;

use std::cmp::Ordering;

use anyhow::{Context, Result, anyhow};
use linchpin_advisory::{Database, Selection, versions};
use linchpin_model::PackageUrl;
use linchpin_report::changes::{Changes, Format, Limit, Which, formats};
use linchpin_sbom::compare::compare;

use self::side::{ReadSide, Scanning};
use super::VERSION;
use super::bar::{Weight, reaches};
use super::findings::Finder;
use crate::arguments::{Bar, DiffArguments};
use crate::exit_codes::{ExitCode, Failure};
use crate::outputs::{deliver, outputs};
use crate::printer::Printer;
use crate::settings::Environment;

pub(super) fn run(
    arguments: &DiffArguments,
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
    if arguments.old == "-" && arguments.new == "-" {
        return Err(anyhow!("both sides can not come from the standard input")
            .context(Failure::new(ExitCode::WrongUse, "understand the arguments")));
    }
    let finder = Finder::new(
        &arguments.reading,
        &arguments.findings,
        Some(&arguments.checks),
        printer,
        environment,
    )?;
    let read = |text: &str| side::read(text, &finder);
    let (before, after) = (read(&arguments.old)?, read(&arguments.new)?);

    let database = if before.needs_advisories() || after.needs_advisories() {
        Some(finder.open_database()?)
    } else {
        None
    };
    let selection = Selection {
        include_development: arguments.include_dev,
        only_fixed: arguments.only_fixed,
    };
    let scanning = Scanning {
        database: database.as_ref(),
        finder: &finder,
        selection,
    };
    let matched = |side: ReadSide| side.matched(&scanning);
    let (before, after) = (matched(before)?, matched(after)?);

    let difference = match (&before.document, &after.document) {
        (Some(before), Some(after)) => Some(compare(before, after)),
        _ => None,
    };
    let mut limits: Vec<Limit> = before.limits(Which::Before);
    limits.extend(after.limits(Which::After));
    let changes = Changes::new(
        VERSION,
        (before.as_side(), after.as_side()),
        difference.as_ref(),
        &order,
        limits,
    );
    for output in &outputs {
        let format: &Format = output.format;
        let mut content = Vec::new();
        (format.write)(
            &changes,
            &printer.write_options(output.file.is_some()),
            &mut content,
        )
        .context(Failure::new(ExitCode::Internal, "make the comparison"))?;
        deliver(output.file.as_deref(), &content)?;
    }
    Ok(finder.exit_code(fails(&changes, arguments.fail_on)))
}

/// Whether anything at or above the bar came, or rose to it.
fn fails(changes: &Changes<'_>, bar: Bar) -> bool {
    let findings = &changes.findings;
    let came = findings
        .introduced
        .iter()
        .any(|changed| reaches(Weight::from(&changed.finding), bar));
    let rose = findings.raised.iter().any(|raised| {
        let after = Weight::from(&raised.finding);
        let before = Weight {
            severity: raised.severity_before,
            is_exploited: raised.exploited_before,
            ..after
        };
        reaches(after, bar) && !reaches(before, bar)
    });
    came || rose
}

/// Which of two versions of a package is later, by the ordering of its ecosystem.
fn order(before: &PackageUrl, after: &PackageUrl) -> Option<Ordering> {
    let scheme = before.ecosystem()?.facts().scheme;
    versions::compare(scheme, before.version()?, after.version()?).ok()
}

/// The advisories of a run that needs none.
fn no_database() -> anyhow::Error {
    anyhow!("the advisories were not opened")
        .context(Failure::new(ExitCode::Internal, "compare the findings"))
}

/// The advisories, which are there whenever a side needs them.
fn opened(database: Option<&Database>) -> Result<&Database> {
    database.ok_or_else(no_database)
}
