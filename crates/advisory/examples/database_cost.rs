//! What a database costs.
//!
//! `database_cost import MIRROR DATABASE` makes one of a folder in the layout of OSV's bucket, as
//! `linchpin db import` does. `database_cost lookups DATABASE [SECONDS]` opens it, says how long that
//! took and how much memory of its own the process has since, and then looks up names on one core,
//! half of them in the database and half not. On a busy machine look at the lookups in a second of
//! processor time.

#![allow(clippy::print_stdout, reason = "its output is all that it is for")]

use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use linchpin_advisory::{
    Database, ExploitedCatalogue, FolderBucket, ImportOptions, find_catalogue, import, search,
};
use linchpin_model::Ecosystem;

/// Kilobytes that belong to this process alone, and were written to.
fn private() -> u64 {
    let text = fs::read_to_string("/proc/self/smaps_rollup").unwrap_or_default();
    text.lines()
        .filter(|line| line.starts_with("Private_Dirty:"))
        .filter_map(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok())
        .sum()
}

/// The seconds for which this thread had a core.
fn on_core() -> f64 {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = text
        .split_whitespace()
        .next()
        .and_then(|first| first.parse().ok());
    nanoseconds.unwrap_or(0.0) / 1e9
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["import", mirror, database] => make(Path::new(mirror), Path::new(database)),
        ["lookups", database] => lookups(Path::new(database), 3),
        ["lookups", database, seconds] => lookups(Path::new(database), seconds.parse()?),
        _ => Err("import MIRROR DATABASE, or lookups DATABASE [SECONDS]".into()),
    }
}

fn make(mirror: &Path, database: &Path) -> Result<(), Box<dyn Error>> {
    let started = Instant::now();
    let exploited = find_catalogue(mirror)
        .map(|path| -> Result<_, Box<dyn Error>> {
            Ok(ExploitedCatalogue::read(fs::File::open(path)?)?)
        })
        .transpose()?;
    let options = ImportOptions {
        exploited,
        ..ImportOptions::default()
    };
    let summary = import(&FolderBucket::new(mirror)?, database, &options)?;
    println!(
        "{} records in {:.2} s, {} KiB; {} could not be read",
        summary.records,
        started.elapsed().as_secs_f64(),
        summary.size / 1024,
        summary.broken,
    );
    Ok(())
}

fn lookups(path: &Path, seconds: u64) -> Result<(), Box<dyn Error>> {
    let before = private();
    let started = Instant::now();
    let database = Database::open(path)?;
    let opened = started.elapsed();
    let after = private();
    let first = Instant::now();
    let found = database.lookup(Ecosystem::Npm, None, "lodash")?.len();
    println!(
        "opened in {:.3} ms, {} KiB of private memory; the first lookup took {:.3} ms and found {found}; then {} KiB",
        opened.as_secs_f64() * 1000.0,
        after.saturating_sub(before),
        first.elapsed().as_secs_f64() * 1000.0,
        private().saturating_sub(before),
    );

    let mut names: Vec<(Ecosystem, Option<String>, String)> = Vec::new();
    for (ecosystem, release, name) in database.package_names()? {
        names.push((ecosystem, release.clone(), name.clone()));
        names.push((ecosystem, release, format!("{name}-that-is-not-there")));
    }
    if names.is_empty() {
        return Err("it holds no package".into());
    }
    // In an order that is not the file's.
    let step = (7_919 % names.len().max(2)) | 1;
    let limit = Duration::from_secs(seconds);
    let (started, worked) = (Instant::now(), on_core());
    let (mut asked, mut hits, mut place) = (0u64, 0u64, 0usize);
    while started.elapsed() < limit {
        for _ in 0..1000 {
            place = (place + step) % names.len();
            if let Some((ecosystem, release, name)) = names.get(place) {
                let found = database.lookup(*ecosystem, release.as_deref(), name)?;
                hits += u64::from(!found.is_empty());
            }
            asked += 1;
        }
    }
    println!(
        "{} packages; {:.0} lookups a second on one core, {:.0} in a second of its time, {:.0} % of them found something",
        names.len() / 2,
        asked as f64 / started.elapsed().as_secs_f64(),
        asked as f64 / (on_core() - worked),
        100.0 * hits as f64 / asked as f64,
    );
    let started = Instant::now();
    let found = search(&database, "lodash", None)?.len();
    println!(
        "a search in all ecosystems found {found} in {:.3} ms",
        started.elapsed().as_secs_f64() * 1000.0
    );
    Ok(())
}
