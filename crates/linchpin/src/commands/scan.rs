//! `linchpin scan`: what it is made of, what is wrong with it, what to do next.

use std::cmp::Reverse;

use anyhow::{Context, Result};
use linchpin_advisory::{Selection, next_steps, select};
use linchpin_check::steps;
use linchpin_model::Routes;
use linchpin_report::{LeftOut, Report};
use linchpin_sbom::{Contents, SbomOptions};

use super::VERSION;
use super::bar::{Weight, reaches};
use super::checking::Checking;
use super::document_target::Described;
use super::exploitability::Given;
use super::inventory::{compare, describe, open_current_database};
use crate::arguments::{Analysis, ScanArguments};
use crate::exit_codes::{ExitCode, Failure};
use crate::outputs::{deliver, outputs, refuse_on_terminal};
use crate::printer::Printer;
use crate::settings::{AgeLimit, DatabaseChoice, Environment, network, source_options};

/// More steps than a person takes in one go are no help.
const MOST_STEPS: usize = 5;

/// A format of findings, or an SBOM that holds them.
#[derive(Debug, Clone, Copy)]
enum ScanFormat {
    Report(&'static linchpin_report::Format),
    Sbom(linchpin_sbom::FormatChoice),
}

impl ScanFormat {
    fn find(word: &str) -> Option<Self> {
        linchpin_report::formats::find(word)
            .map(Self::Report)
            .or_else(|| {
                linchpin_sbom::formats::choose(word)
                    .filter(|choice| choice.format.holds_findings)
                    .map(Self::Sbom)
            })
    }

    fn words() -> Vec<&'static str> {
        let reports = linchpin_report::formats::ALL.iter().map(|format| format.id);
        let sboms = linchpin_sbom::formats::ALL
            .iter()
            .filter(|format| format.holds_findings)
            .map(|format| format.id);
        let mut words: Vec<&str> = reports.chain(sboms).collect();
        words.sort_unstable();
        words
    }
}

pub(super) fn run(
    arguments: &ScanArguments,
    printer: &Printer,
    environment: &Environment,
) -> Result<ExitCode> {
    let outputs = outputs(
        &arguments.format,
        arguments.output.as_deref(),
        "table",
        ScanFormat::find,
        &ScanFormat::words(),
    )?;
    for output in &outputs {
        if let ScanFormat::Sbom(choice) = output.format {
            let file = output.file.as_deref();
            refuse_on_terminal(choice.format.id, choice.is_binary(), file, printer)?;
        }
    }
    let reading = &arguments.target.reading;
    let options = source_options(reading)?;
    let network = network(reading, environment)?;
    let choice = DatabaseChoice::new(&arguments.database, environment);

    let given = Given::read(&arguments.exploitability)?;
    let checking = Checking::read(&arguments.checks, &given, &arguments.target.target)?;
    // A database that can not be used must not cost the user the time of reading the target.
    let limit = AgeLimit::new(&arguments.age, environment);
    let database = open_current_database(&choice, limit, printer)?;
    let target = &arguments.target.target;
    let Described {
        inventory,
        vex: own_vex,
        checked,
    } = describe(target, options, &network, printer, Some(&checking))?;
    let mut compared = compare(&inventory, checked, &database, environment.now())?;
    if !checking.wants(Analysis::Packages) {
        compared.leave_packages_out();
    }
    let mut weighed = given.weigh(
        compared.findings,
        &inventory,
        target,
        own_vex,
        &database,
        environment.now(),
    )?;
    compared.notes.extend(weighed.notes);
    weighed.suppressed.extend(compared.suppressed);
    let selection = Selection {
        include_development: arguments.include_dev,
        only_fixed: arguments.only_fixed,
    };
    let selected = select(weighed.findings, &inventory, selection);
    let mut next = next_steps(&selected.shown, &inventory, &Routes::new(&inventory));

    next.extend(steps(&selected.shown));
    next.sort_by(|left, right| {
        (Reverse(left.risk), &left.action).cmp(&(Reverse(right.risk), &right.action))
    });
    next.truncate(MOST_STEPS);

    let report = Report {
        tool_version: VERSION,
        now: environment.now(),
        inventory: &inventory,
        findings: &selected.shown,
        suppressed: &weighed.suppressed,
        next: &next,
        advisories: &compared.advisories,
        notes: &compared.notes,
        left_out: LeftOut {
            development: selected.development,
            unfixed: selected.unfixed,
        },
    };
    for output in &outputs {
        let mut content = Vec::new();
        let written = match output.format {
            ScanFormat::Report(format) => (format.write)(
                &report,
                &printer.write_options(output.file.is_some()),
                &mut content,
            ),
            ScanFormat::Sbom(format) => {
                let contents = Contents {
                    inventory: &inventory,
                    findings: Some(&selected.shown),
                    suppressed: &weighed.suppressed,
                };
                let options = SbomOptions {
                    tool_version: VERSION,
                    timestamp: environment.source_date,
                };
                format.write(&contents, &options, &mut content).map(drop)
            }
        };
        written.context(Failure::new(ExitCode::Internal, "make the report"))?;
        deliver(output.file.as_deref(), &content)?;
    }
    let failed = selected
        .shown
        .iter()
        .any(|finding| reaches(Weight::from(finding), arguments.fail_on));
    Ok(if failed {
        ExitCode::Findings
    } else {
        ExitCode::Clean
    })
}
