//! `linchpin scan`: what it is made of, what is wrong with it, what to do next.

use std::cmp::Reverse;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use linchpin_advisory::remedy::Foresight;
use linchpin_advisory::{Selection, next_steps, select};
use linchpin_check::{license_steps, steps};
use linchpin_model::{Routes, SubjectKind};
use linchpin_report::formats::{in_toto_test_result, in_toto_vulns};
use linchpin_report::{LeftOut, MOST_TEMPLATE, Report, ReportTemplate};
use linchpin_sbom::{Contents, SbomOptions};

use super::VERSION;
use super::attesting::Attesting;
use super::bar::{Weight, reaches};
use super::findings::Finder;
use super::fix;
use super::inventory::Requirements;
use crate::arguments::ScanArguments;
use crate::exit_codes::{ExitCode, Failure};
use crate::outputs::{deliver, outputs, refuse_on_terminal};
use crate::printer::Printer;
use crate::settings::Environment;

/// More steps than a person takes in one go are no help.
const MOST_STEPS: usize = 5;

/// A format of findings, or an SBOM that holds them.
#[derive(Debug, Clone, Copy)]
enum ScanFormat {
    Report(&'static linchpin_report::Format),
    Sbom(linchpin_sbom::FormatChoice),
    /// The template of `--template`.
    Template,
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

/// The word for what `--template` writes.
const TEMPLATE: &str = "template";

/// Reads a template, before the target is read.
fn template(path: &Path) -> Result<ReportTemplate> {
    let failure = || {
        let text = format!("read the template `{}`", path.display());
        Failure::new(ExitCode::WrongUse, text)
    };
    let size = path.metadata().with_context(failure)?.len();
    if size > MOST_TEMPLATE as u64 {
        return Err(anyhow!("it is over {} KiB large", MOST_TEMPLATE >> 10).context(failure()));
    }
    let text = std::fs::read_to_string(path).with_context(failure)?;
    ReportTemplate::new(&path.display().to_string(), &text).with_context(failure)
}

pub(super) fn run(
    arguments: &ScanArguments,
    printer: &Printer,
    environment: &Environment,
) -> Result<ExitCode> {
    let template = arguments.template.as_deref().map(template).transpose()?;
    let find = |word: &str| match word {
        TEMPLATE if template.is_some() => Some(ScanFormat::Template),
        _ => ScanFormat::find(word),
    };
    let outputs = outputs(
        &arguments.format,
        arguments.output.as_deref(),
        template.as_ref().map_or("table", |_| TEMPLATE),
        find,
        &ScanFormat::words(),
    )?;
    for output in &outputs {
        if let ScanFormat::Sbom(choice) = output.format {
            let file = output.file.as_deref();
            refuse_on_terminal(choice.format.id, choice.is_binary(), file, printer)?;
        }
    }
    let target = &arguments.target;
    let attesting = Attesting::new(
        &arguments.attesting,
        &target.reading,
        &target.target,
        environment,
    )?;
    let finder = Finder::new(
        &target.reading,
        &arguments.findings,
        Some(&arguments.checks),
        printer,
        environment,
    )?;
    // A database that can not be used must not cost the user the time of reading the target.
    let database = finder.open_database()?;
    let described = finder.read(&target.target, Requirements::Read)?;
    let found = finder.find(&target.target, described, &database)?;
    let inventory = &found.inventory;
    let selection = Selection {
        include_development: arguments.include_dev,
        only_fixed: arguments.only_fixed,
    };
    let selected = select(found.findings, inventory, selection);
    let foresight = Foresight {
        inventory,
        requirements: &found.requirements,
        database: &database,
        exploitability: found.said.exploitability(&database, finder.now()),
        client_of: &fix::choice_of,
    };
    // `fix` plans for folders, and what it would not do is not told.
    let is_planned = inventory.subject.kind == SubjectKind::Directory;
    let foresight = is_planned.then_some(&foresight);
    let routes = Routes::new(inventory);
    let mut next = next_steps(&selected.shown, inventory, &routes, foresight);
    next.extend(steps(&selected.shown));
    next.extend(license_steps(&selected.shown, inventory));
    next.sort_by(|left, right| {
        (Reverse(left.risk), &left.action).cmp(&(Reverse(right.risk), &right.action))
    });
    next.truncate(MOST_STEPS);

    let report = Report {
        tool_version: VERSION,
        now: finder.now(),
        inventory,
        findings: &selected.shown,
        suppressed: &found.suppressed,
        next: &next,
        advisories: &found.advisories,
        notes: &found.notes,
        documents: &found.documents,
        licenses: &found.licenses,
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
                    inventory,
                    findings: Some(&selected.shown),
                    suppressed: &found.suppressed,
                };
                let options = SbomOptions {
                    tool_version: VERSION,
                    timestamp: environment.source_date,
                };
                format.write(&contents, &options, &mut content).map(drop)
            }
            ScanFormat::Template => {
                if let Some(template) = &template {
                    template
                        .write(&report, &mut content)
                        .context(Failure::new(ExitCode::WrongUse, "use the template"))?;
                }
                Ok(())
            }
        };
        written.context(Failure::new(ExitCode::Internal, "make the report"))?;
        deliver(output.file.as_deref(), &content)?;
    }
    if let Some(attesting) = &attesting {
        // What rules were asked about, or found: where nothing was looked at, nothing is said.
        let is_checked = !found.documents.is_empty()
            || selected.shown.iter().any(in_toto_test_result::is_of_rule);
        let results = [
            ("vulns", &in_toto_vulns::FORMAT, true),
            (
                "test-result",
                &in_toto_test_result::FORMAT,
                is_checked && attesting.takes_more(),
            ),
        ];
        for (word, format, _) in results.into_iter().filter(|(_, _, wanted)| *wanted) {
            let mut predicate = Vec::new();
            (format.write)(&report, &printer.write_options(true), &mut predicate)
                .context(Failure::new(ExitCode::Internal, "make the statement"))?;
            attesting.attest(
                &target.target,
                &inventory.subject,
                (word, &predicate),
                printer,
                environment,
            )?;
        }
    }
    let failed = selected
        .shown
        .iter()
        .any(|finding| reaches(Weight::from(finding), arguments.fail_on));
    Ok(finder.exit_code(failed))
}
