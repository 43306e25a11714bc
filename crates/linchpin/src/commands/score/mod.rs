//! `linchpin score`: what a project does to keep its software safe, as OpenSSF Scorecard asks it.

mod forge;
mod history;
mod written;

use std::path::Path;

use anyhow::{Context, Result, anyhow};
use linchpin_advisory::Database;
use linchpin_catalog::{InventoryReader, license_of_text};
use linchpin_check::practices::{
    ALL, Check, Depth, Facts, Files, History, Pipelines, PracticeFiles, Vulnerabilities, find,
    overall, score,
};
use linchpin_check::{Checked, Checks, Rules};
use linchpin_model::{AdvisoryOrigin, Inventory};
use linchpin_remote::{GitTarget, tracked_files};
use linchpin_source::{DirectorySource, Reader, Source, SourceOptions, read_together};
use linchpin_text::visible;

use super::document_target::Described;
use super::findings::Finder;
use crate::arguments::{AnswerForm, PracticesArguments};
use crate::exit_codes::{ExitCode, Failure};
use crate::outputs::deliver;
use crate::printer::Printer;
use crate::settings::Environment;
use crate::target;

pub(super) fn run(
    arguments: &PracticesArguments,
    printer: &Printer,
    environment: &Environment,
) -> Result<ExitCode> {
    let wrong = || Failure::new(ExitCode::WrongUse, "understand the arguments");
    let chosen = chosen(&arguments.checks).with_context(wrong)?;
    if let Some(bar) = arguments.fail_under
        && !(0.0..=10.0).contains(&bar)
    {
        return Err(anyhow!("`--fail-under` takes a score from 0 to 10").context(wrong()));
    }
    let asking = forge::Asking::understand(arguments, environment).with_context(wrong)?;
    let finder = Finder::new(
        &arguments.reading,
        &arguments.findings,
        None,
        printer,
        environment,
    )?;
    let database = finder.open_database()?;
    let shown = arguments.path.display().to_string();
    if !arguments.path.is_dir() {
        return Err(anyhow!(
            "`{}` is no folder\nhint: `linchpin score` looks at a checkout on this disk",
            visible(&shown)
        )
        .context(target::failure(&shown)));
    }
    let mut history = history::read(&arguments.path, finder.now());
    let read = read(&arguments.path, finder.options().clone(), &shown)?;
    printer.notes(&read.pipelines.notes);
    let found = finder.find(&shown, described(read.inventory), &database)?;
    let forge = match &asking {
        Some(asking) => {
            let proposals = history.as_ref().map(History::proposals);
            asking.ask(&proposals.unwrap_or_default())
        }
        None => Err(forge::NOT_ASKED.to_owned()),
    };
    if let Ok(history) = &mut history {
        let testers = read.pipelines.testers(&read.files);
        let testers: Vec<&str> = testers.iter().map(|(_, path)| path.as_str()).collect();
        history.tested = history::tested(history, &arguments.path, &testers);
    }
    let facts = Facts {
        files: &read.files,
        pipelines: &read.pipelines,
        history: history.as_ref().map_err(String::as_str),
        forge: forge.as_ref().map_err(String::as_str),
        vulnerabilities: Vulnerabilities {
            findings: &found.findings,
            starter_set_only: is_starter(&database),
        },
        license_of_text,
        now: finder.now(),
    };
    let scored = score(&chosen, &facts);
    let total = overall(&scored);
    let subject = written::Subject {
        name: repository_name(arguments, &shown),
        commit: history
            .as_ref()
            .ok()
            .and_then(|history| history.commits.first())
            .map(|commit| commit.id.clone()),
        now: finder.now(),
    };
    let content = match arguments.answer.format {
        AnswerForm::Table => written::table(&scored, total, &subject, printer).into_bytes(),
        AnswerForm::Json => written::json(&scored, total, &subject)?,
    };
    deliver(arguments.answer.output.as_deref(), &content)?;
    let is_below = arguments
        .fail_under
        .is_some_and(|bar| total.is_none_or(|total| f64::from(total) / 10.0 < bar));
    Ok(if is_below {
        ExitCode::Findings
    } else {
        ExitCode::Clean
    })
}

/// The checks that are meant; all of them if none is named.
fn chosen(names: &[String]) -> Result<Vec<&'static Check>> {
    if names.is_empty() {
        return Ok(ALL.to_vec());
    }
    let mut chosen = Vec::new();
    for name in names {
        let check = find(name.trim()).ok_or_else(|| {
            let known: Vec<&str> = ALL.iter().map(|check| check.name).collect();
            anyhow!(
                "there is no check `{}`\nhint: the checks are {}",
                visible(name),
                known.join(", ")
            )
        })?;
        chosen.push(check);
    }
    chosen.sort_by_key(|check| check.name);
    chosen.dedup_by_key(|check| check.name);
    Ok(chosen)
}

/// What one pass over the files tells.
struct Read {
    inventory: Inventory,
    files: Files,
    pipelines: Pipelines,
}

fn read(folder: &Path, options: SourceOptions, shown: &str) -> Result<Read> {
    let failure = || target::failure(shown);
    let tracked = if GitTarget::is_repository(folder) {
        Some(tracked_files(folder).with_context(failure)?)
    } else {
        None
    };
    let source = DirectorySource::open(folder, options).with_context(failure)?;
    let rules = Rules::default();
    let packages = InventoryReader::default();
    let checks = Checks::new(&rules, Pipelines::reads);
    let practices = PracticeFiles::new(Depth::Sources);
    let readers: [&dyn Reader; 3] = [&packages, &checks, &practices];
    let mut visited = read_together(&source, &readers).with_context(failure)?;
    let files = practices.finish(tracked.as_ref());
    let pipelines = Pipelines::of(checks, &rules, &visited, tracked.as_ref());
    let subject = source.subject().clone();
    Ok(Read {
        inventory: packages.finish(&mut visited, subject),
        files,
        pipelines,
    })
}

fn described(inventory: Inventory) -> Described {
    Described {
        inventory,
        vex: None,
        checked: Checked::default(),
        requirements: Vec::new(),
    }
}

fn is_starter(database: &Database) -> bool {
    database.facts().origin == AdvisoryOrigin::StarterSet
}

/// The name of the project: where it is said to be, or the folder.
fn repository_name(arguments: &PracticesArguments, shown: &str) -> String {
    if let Some(repository) = &arguments.repository {
        return forge::name(&arguments.api, repository);
    }
    let folder = || {
        let path = arguments.path.canonicalize().ok()?;
        Some(path.file_name()?.to_string_lossy().into_owned())
    };
    history::origin(&arguments.path)
        .or_else(folder)
        .unwrap_or_else(|| shown.to_owned())
}
