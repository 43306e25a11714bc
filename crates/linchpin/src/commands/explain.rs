//! `linchpin explain`: why a finding is there.

use anyhow::{Context, Result, anyhow};
use linchpin_advisory::{Selection, select};
use linchpin_report::{ExplainableReport, LeftOut, Report, explain, json};

use super::VERSION;
use super::findings::Finder;
use super::inventory::Requirements;
use crate::arguments::ExplainArguments;
use crate::exit_codes::{ExitCode, Failure};
use crate::outputs::deliver;
use crate::printer::Printer;
use crate::settings::Environment;

/// Largest report that is read, in bytes.
const MOST_REPORT: u64 = 1 << 30;

pub(super) fn run(
    arguments: &ExplainArguments,
    printer: &Printer,
    environment: &Environment,
) -> Result<ExitCode> {
    let report = match &arguments.report {
        Some(file) => {
            let failure = || {
                Failure::new(
                    ExitCode::Target,
                    format!("read the report `{}`", file.display()),
                )
            };
            let size = std::fs::metadata(file).with_context(failure)?.len();
            if size > MOST_REPORT {
                return Err(anyhow!("it is larger than {MOST_REPORT} bytes").context(failure()));
            }
            let content = std::fs::read(file).with_context(failure)?;
            json::read(&content).with_context(failure)?.explainable
        }
        None => scan(arguments, printer, environment)?,
    };
    let mut text = Vec::new();
    let count = explain(
        &report,
        &arguments.finding,
        &printer.write_options(false),
        &mut text,
    )
    .context(Failure::new(ExitCode::Internal, "explain the finding"))?;
    if count == 0 {
        let failure = Failure::new(
            ExitCode::WrongUse,
            format!("explain `{}`", arguments.finding),
        );
        return Err(anyhow!(
            "there is no such finding in this target\nhint: `linchpin scan` lists the findings; any of a flaw's names will do"
        )
        .context(failure));
    }
    deliver(None, &text)?;
    Ok(ExitCode::Clean)
}

fn scan(
    arguments: &ExplainArguments,
    printer: &Printer,
    environment: &Environment,
) -> Result<ExplainableReport> {
    let finder = Finder::new(
        &arguments.reading,
        &arguments.findings,
        Some(&arguments.checks),
        printer,
        environment,
    )?;
    let database = finder.open_database()?;
    let described = finder.read(&arguments.target, Requirements::PassedOver)?;
    let found = finder.find(&arguments.target, described, &database)?;
    // Whatever was found can be explained, whether a scan shows it or not.
    let everything = Selection {
        include_development: true,
        only_fixed: false,
    };
    let findings = select(found.findings, &found.inventory, everything).shown;
    Ok(ExplainableReport::new(&Report {
        tool_version: VERSION,
        now: finder.now(),
        inventory: &found.inventory,
        findings: &findings,
        suppressed: &found.suppressed,
        next: &[],
        advisories: &found.advisories,
        notes: &found.notes,
        documents: &found.documents,
        licenses: &found.licenses,
        left_out: LeftOut::default(),
    }))
}
