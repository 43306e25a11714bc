//! `linchpin db`: fetching, importing and looking at the advisory database.

use std::fmt::Write as _;
use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use linchpin_advisory::{
    Bucket, ExploitPredictions, ExploitedCatalogue, FolderBucket, ImportOptions, find_catalogue,
    find_predictions, import,
};
use linchpin_model::AdvisoryOrigin;
use linchpin_remote::{Address, Client, EXPLOITED_CATALOGUE, HttpBucket, OSV_BUCKET};

use super::VERSION;
use super::inventory::open_database;
use crate::arguments::{DatabaseCommand, ImportArguments, StatusArguments, UpdateArguments};
use crate::exit_codes::{ExitCode, Failure};
use crate::outputs::deliver;
use crate::printer::Printer;
use crate::progress::Activity;
use crate::settings::{DatabaseChoice, Environment};

pub(super) fn run(
    command: &DatabaseCommand,
    printer: &Printer,
    environment: &Environment,
) -> Result<ExitCode> {
    match command {
        DatabaseCommand::Update(arguments) => update(arguments, printer, environment),
        DatabaseCommand::Import(arguments) => import_folder(arguments, printer, environment),
        DatabaseCommand::Status(arguments) => status(arguments, environment),
    }
}

fn update(
    arguments: &UpdateArguments,
    printer: &Printer,
    environment: &Environment,
) -> Result<ExitCode> {
    let wrong = || Failure::new(ExitCode::WrongUse, "update the advisory database");
    if arguments.offline {
        return Err(anyhow!(
            "it needs the network, and `--offline` is set\nhint: `linchpin db import DIR` takes a mirror that was fetched elsewhere"
        )
        .context(wrong()));
    }
    let address = |given: Option<&String>, default: &str| -> Result<Address> {
        given
            .map_or(default, String::as_str)
            .parse()
            .with_context(wrong)
    };
    let bucket = address(arguments.from.as_ref(), OSV_BUCKET)?;
    let catalogue = address(arguments.exploited_from.as_ref(), EXPLOITED_CATALOGUE)?;

    let activity = Activity::doing(printer, "fetching advisories");
    let client = Client::new(VERSION);
    let failure = || Failure::new(ExitCode::Database, "update the advisory database");
    let exploited = client
        .fetch(&catalogue, "")
        .map_err(anyhow::Error::new)
        .and_then(|file| ExploitedCatalogue::read(file).map_err(anyhow::Error::new))
        .with_context(failure)?;
    let bucket = HttpBucket::new(client, bucket);
    let file = database_file(&DatabaseChoice::new(&arguments.database, environment))?;
    let options = ImportOptions {
        exploited: Some(exploited),
        predictions: arguments.epss.as_deref().map(predictions).transpose()?,
        compiled: Some(environment.now()),
    };
    let report = make(&bucket, &file, &options)?;
    drop(activity);
    deliver(None, report.as_bytes())?;
    Ok(ExitCode::Clean)
}

fn import_folder(
    arguments: &ImportArguments,
    printer: &Printer,
    environment: &Environment,
) -> Result<ExitCode> {
    let failure = || {
        Failure::new(
            ExitCode::Database,
            format!("import `{}`", arguments.folder.display()),
        )
    };
    let activity = Activity::doing(printer, "importing advisories");
    let bucket = FolderBucket::new(&arguments.folder).with_context(failure)?;
    let catalogue = arguments
        .exploited
        .clone()
        .or_else(|| find_catalogue(&arguments.folder));
    let exploited = catalogue
        .map(|path| -> Result<ExploitedCatalogue> {
            let file = File::open(&path).with_context(|| {
                Failure::new(ExitCode::Database, format!("read `{}`", path.display()))
            })?;
            ExploitedCatalogue::read(file).with_context(failure)
        })
        .transpose()?;
    let file = database_file(&DatabaseChoice::new(&arguments.database, environment))?;
    let options = ImportOptions {
        exploited,
        predictions: arguments
            .epss
            .clone()
            .or_else(|| find_predictions(&arguments.folder))
            .as_deref()
            .map(predictions)
            .transpose()?,
        compiled: Some(environment.now()),
    };
    let report = make(&bucket, &file, &options)?;
    drop(activity);
    deliver(None, report.as_bytes())?;
    Ok(ExitCode::Clean)
}

/// The file to write, in a folder that is there.
fn database_file(choice: &DatabaseChoice) -> Result<PathBuf> {
    let failure = || Failure::new(ExitCode::Database, "write the advisory database");
    let file = choice.file().ok_or_else(|| {
        anyhow!("the user has no folder for data\nhint: name a file with `--db`").context(failure())
    })?;
    if let Some(folder) = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        std::fs::create_dir_all(folder).with_context(failure)?;
    }
    Ok(file.clone())
}

/// Reads the predictions of exploitation.
fn predictions(path: &Path) -> Result<ExploitPredictions> {
    let failure = || Failure::new(ExitCode::Database, format!("read `{}`", path.display()));
    let file = File::open(path).with_context(failure)?;
    ExploitPredictions::read(file).with_context(failure)
}

fn make(bucket: &dyn Bucket, file: &Path, options: &ImportOptions) -> Result<String> {
    let summary = import(bucket, file, options).with_context(|| {
        Failure::new(
            ExitCode::Database,
            format!("take the advisories of `{}`", bucket.label()),
        )
    })?;
    let mut text = String::new();
    let _ = writeln!(
        text,
        "wrote {} ({} KiB)",
        file.display(),
        summary.size / 1024
    );
    for line in &summary.ecosystems {
        let _ = writeln!(
            text,
            "  {:<12} {:>8} records",
            line.ecosystem.facts().osv_name,
            line.read
        );
    }
    let _ = writeln!(
        text,
        "  {:<12} {:>8} records, {} of them withdrawn and left out",
        "all",
        summary.records + summary.withdrawn,
        summary.withdrawn
    );
    let _ = writeln!(text, "  known to be exploited: {} flaws", summary.exploited);
    if options.predictions.is_some() {
        let _ = writeln!(
            text,
            "  predictions of exploitation: {} flaws",
            summary.predicted
        );
    }
    if !summary.skipped.is_empty() {
        let _ = writeln!(
            text,
            "  left out, because nothing here matches them yet: {}",
            summary.skipped.join(", ")
        );
    }
    if summary.broken > 0 {
        let _ = writeln!(text, "  {} records could not be read:", summary.broken);
    }
    for problem in &summary.problems {
        let _ = writeln!(text, "    {problem}");
    }
    Ok(linchpin_report::printable_lines(&text))
}

fn status(arguments: &StatusArguments, environment: &Environment) -> Result<ExitCode> {
    let choice = DatabaseChoice::new(&arguments.database, environment);
    let database = open_database(&choice)?;
    let facts = database.facts();
    let mut text = String::new();
    match &facts.origin {
        AdvisoryOrigin::StarterSet => {
            let _ = writeln!(
                text,
                "no database: the starter set inside the program is used"
            );
        }
        AdvisoryOrigin::File(path) => {
            let _ = writeln!(text, "database: {path}");
        }
    }
    if let Some(compiled) = database.compiled() {
        let _ = writeln!(
            text,
            "  made         {}",
            compiled.strftime("%Y-%m-%d %H:%M UTC")
        );
    }
    if let Some(newest) = facts.newest {
        let _ = writeln!(text, "  newest       {}", newest.strftime("%Y-%m-%d"));
    }
    if facts.origin != AdvisoryOrigin::StarterSet {
        let catalogue = facts.exploited_catalogue.as_deref().unwrap_or("none");
        let _ = writeln!(text, "  exploited    catalogue {catalogue}");
        let day = facts.exploit_predictions.as_deref().unwrap_or("none");
        let _ = writeln!(text, "  predictions  {day}");
    }
    for (ecosystem, count) in &facts.records {
        let _ = writeln!(
            text,
            "  {:<12} {count:>8} records",
            ecosystem.facts().osv_name
        );
    }
    let _ = writeln!(text, "  {:<12} {:>8} records", "all", facts.total());
    if facts.origin == AdvisoryOrigin::StarterSet {
        let _ = writeln!(
            text,
            "to get everything: `linchpin db update`, or `linchpin db import DIR` from a mirror"
        );
    }
    deliver(None, linchpin_report::printable_lines(&text).as_bytes())?;
    Ok(ExitCode::Clean)
}
