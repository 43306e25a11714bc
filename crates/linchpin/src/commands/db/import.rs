//! `linchpin db import`: makes the database of a mirror in a folder, or of one that was exported
//! elsewhere.

use std::fmt::Write as _;
use std::fs::File;
use std::io::BufReader;

use anyhow::{Context, Result, anyhow};
use linchpin_advisory::{
    FolderBucket, ImportOptions, PublicKey, Trust, find_catalogue, find_predictions,
    import_carried, import_into,
};

use super::{lists, lock, written};
use crate::arguments::ImportArguments;
use crate::exit_codes::{ExitCode, Failure};
use crate::outputs::deliver;
use crate::printer::Printer;
use crate::progress::Activity;
use crate::settings::{DatabaseChoice, Environment};

pub(super) fn run(
    arguments: &ImportArguments,
    printer: &Printer,
    environment: &Environment,
) -> Result<ExitCode> {
    if arguments.from.is_file() {
        return carried(arguments, printer, environment);
    }
    if arguments.public_key.is_some() {
        return Err(anyhow!(
            "`{}` is no file that `linchpin db export` wrote, and nothing else is signed",
            arguments.from.display()
        )
        .context(Failure::new(ExitCode::WrongUse, "verify a signature")));
    }
    let failure = || {
        Failure::new(
            ExitCode::Database,
            format!("import `{}`", arguments.from.display()),
        )
    };
    let bucket = FolderBucket::new(&arguments.from).with_context(failure)?;
    let options = ImportOptions {
        exploited: arguments
            .exploited
            .clone()
            .or_else(|| find_catalogue(&arguments.from))
            .as_deref()
            .map(lists::exploited)
            .transpose()?,
        predictions: arguments
            .epss
            .clone()
            .or_else(|| find_predictions(&arguments.from))
            .as_deref()
            .map(lists::predictions)
            .transpose()?,
        compiled: Some(environment.now()),
        only: lists::ecosystems(&arguments.ecosystem)?,
    };
    let lock = lock(
        &DatabaseChoice::new(&arguments.database, environment),
        printer,
    )?;
    let activity = Activity::doing(printer, "importing advisories");
    let summary = import_into(&bucket, &lock, &options).with_context(failure)?;
    drop(activity);
    deliver(
        None,
        written::page(lock.folder(), &summary, &options).as_bytes(),
    )?;
    Ok(ExitCode::Clean)
}

/// Imports what `db export` wrote.
fn carried(
    arguments: &ImportArguments,
    printer: &Printer,
    environment: &Environment,
) -> Result<ExitCode> {
    let failure = || {
        Failure::new(
            ExitCode::Database,
            format!("import `{}`", arguments.from.display()),
        )
    };
    if !arguments.ecosystem.is_empty() || arguments.exploited.is_some() || arguments.epss.is_some()
    {
        return Err(
            anyhow!("a database that was exported is taken whole, as it is")
                .context(Failure::new(ExitCode::WrongUse, "understand the arguments")),
        );
    }
    let trust = match &arguments.public_key {
        None => Trust::Anyone,
        Some(path) => {
            let failure = || Failure::new(ExitCode::Database, format!("read `{}`", path.display()));
            let pem = std::fs::read_to_string(path).with_context(failure)?;
            Trust::SignedBy(PublicKey::from_pem(&pem).with_context(failure)?)
        }
    };
    let file = File::open(&arguments.from).with_context(failure)?;
    let lock = lock(
        &DatabaseChoice::new(&arguments.database, environment),
        printer,
    )?;
    let activity = Activity::doing(printer, "importing the database");
    let carried = import_carried(BufReader::new(file), &trust, &lock).with_context(failure)?;
    drop(activity);
    if carried.signed && matches!(trust, Trust::Anyone) {
        printer.message(
            "note: it is signed, and the signature was not verified: `--public-key FILE` does that",
        );
    }
    let manifest = &carried.manifest;
    let mut text = String::new();
    let _ = writeln!(
        text,
        "wrote {} ({} KiB)\n  {} ecosystems, {} records, {}",
        lock.folder().display(),
        manifest.size() / 1024,
        manifest.ecosystems.len(),
        manifest.records(),
        match trust {
            Trust::SignedBy(_) => "signature verified",
            Trust::Anyone => "signature not verified",
        }
    );
    deliver(None, linchpin_report::printable_lines(&text).as_bytes())?;
    Ok(ExitCode::Clean)
}
