//! `linchpin db update`: brings the database up to date, from OSV's public bucket or a mirror.

use anyhow::{Context, Result, anyhow};
use linchpin_advisory::{Bucket as _, Depth, ExploitedCatalogue, ImportOptions, update};
use linchpin_remote::{Address, Client, EXPLOITED_CATALOGUE, HttpBucket, OSV_BUCKET};

use super::super::VERSION;
use super::{lists, lock, written};
use crate::arguments::UpdateArguments;
use crate::exit_codes::{ExitCode, Failure};
use crate::outputs::deliver;
use crate::printer::Printer;
use crate::progress::Activity;
use crate::settings::{DatabaseChoice, Environment};

/// Where archives lie while they are fetched, in the database's folder.
const DOWNLOADS: &str = ".downloads";

pub(super) fn run(
    arguments: &UpdateArguments,
    printer: &Printer,
    environment: &Environment,
) -> Result<ExitCode> {
    let wrong = || Failure::new(ExitCode::WrongUse, "update the advisory database");
    if arguments.offline {
        return Err(anyhow!(
            "it needs the network, and `--offline` is set\nhint: `linchpin db import PATH` takes a mirror, or a database that was exported elsewhere"
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
    let only = lists::ecosystems(&arguments.ecosystem)?;
    let predictions = arguments
        .epss
        .as_deref()
        .map(lists::predictions)
        .transpose()?;

    let lock = lock(
        &DatabaseChoice::new(&arguments.database, environment),
        printer,
    )?;
    let activity = Activity::doing(printer, "fetching advisories");
    let client = Client::new(VERSION);
    let failure = || Failure::new(ExitCode::Database, "update the advisory database");
    let exploited = client
        .fetch(&catalogue, "")
        .map_err(anyhow::Error::new)
        .and_then(|file| ExploitedCatalogue::read(file).map_err(anyhow::Error::new))
        .with_context(failure)?;
    let options = ImportOptions {
        exploited: Some(exploited),
        predictions,
        compiled: Some(environment.now()),
        only,
    };
    let bucket = HttpBucket::new(client, bucket).with_downloads(&lock.folder().join(DOWNLOADS));
    let depth = if arguments.whole {
        Depth::Whole
    } else {
        Depth::Changes
    };
    let summary = update(&bucket, &lock, &options, depth).with_context(|| {
        Failure::new(
            ExitCode::Database,
            format!("take the advisories of `{}`", bucket.label()),
        )
    })?;
    drop(activity);
    deliver(
        None,
        written::page(lock.folder(), &summary, &options).as_bytes(),
    )?;
    Ok(ExitCode::Clean)
}
