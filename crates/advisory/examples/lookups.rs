//! What a database costs: `lookups DATABASE [SECONDS]` opens it, says how long that took and how
//! much memory of its own the process has since, and then looks up names on one core, half of them
//! in the database and half not.

#![allow(clippy::print_stdout, reason = "its output is all that it is for")]

use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use linchpin_advisory::{Database, search};
use linchpin_model::Ecosystem;

/// Kilobytes that belong to this process alone, and were written to.
fn private() -> u64 {
    let text = fs::read_to_string("/proc/self/smaps_rollup").unwrap_or_default();
    text.lines()
        .filter(|line| line.starts_with("Private_Dirty:"))
        .filter_map(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok())
        .sum()
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("lookups DATABASE [SECONDS]")?;
    let seconds = arguments.next().map_or(Ok(3), |text| text.parse())?;

    let before = private();
    let started = Instant::now();
    let database = Database::open(Path::new(&path))?;
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
    let started = Instant::now();
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
        "{} packages; {:.0} lookups a second on one core, {:.0} % of them found something",
        names.len() / 2,
        asked as f64 / started.elapsed().as_secs_f64(),
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
