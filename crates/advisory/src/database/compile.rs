//! Compiling condensed records into the bytes of a database. The same records give the same
//! bytes, in whatever order they come.

use std::collections::BTreeMap;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use linchpin_model::{Ecosystem, Timestamp};
use serde::Serialize;

use super::entry::{Affected, FileFacts, Summary};
use super::layout::{
    HEADER, Header, PAGE_ENTRY, SECTIONS, bucket, bucket_bits, checksum, hash, key, write_block,
};
use super::predictions;
use crate::ExploitPredictions;
use crate::condense::Condensed;

/// Summaries are compressed together until their texts are this long: large enough to compress,
/// small enough to unfold for one line of a report.
const SUMMARY_BLOCK: usize = 8 << 10;

/// There is more than a file of this format can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooLarge(pub(crate) &'static str);

/// What a database says of itself beyond its records.
#[derive(Debug, Clone, Default)]
pub(crate) struct CompileFacts {
    pub(crate) compiled: Option<Timestamp>,
    pub(crate) catalogue: Option<String>,
    pub(crate) predictions: ExploitPredictions,
}

/// The bytes of a database, and the number of records in it.
#[derive(Debug)]
pub(crate) struct Compiled {
    pub(crate) bytes: Vec<u8>,
    pub(crate) records: u64,
}

/// Compiles records. Those without a package that can be matched are left out.
pub(crate) fn compile(
    mut records: Vec<Condensed>,
    facts: CompileFacts,
) -> Result<Compiled, TooLarge> {
    records.retain(|record| !record.packages.is_empty());
    sort(&mut records);
    let predictions = match facts.predictions.flaws() {
        [] => Vec::new(),
        flaws => predictions::write(flaws),
    };
    let facts = file_facts(&records, facts);
    let summaries = write_summaries(&mut records)?;
    let mut advisories = Vec::new();
    let mut packages: BTreeMap<String, Vec<Affected<&str>>> = BTreeMap::new();
    for record in &records {
        let bytes = encode(&record.advisory)?;
        let offset =
            write_block(&mut advisories, &bytes).ok_or(TooLarge("the size of a record"))?;
        for package in &record.packages {
            packages
                .entry(key(
                    package.ecosystem,
                    package.release.as_deref(),
                    &package.name,
                ))
                .or_default()
                .push(borrowed(&package.affected, offset));
        }
    }

    let mut entries = Vec::new();
    let mut index = Vec::with_capacity(packages.len());
    for (key, affected) in &packages {
        let bytes = encode(&(key, affected))?;
        let offset =
            write_block(&mut entries, &bytes).ok_or(TooLarge("the advisories of one package"))?;
        index.push((hash(key), offset));
    }
    index.sort_unstable();
    let bits = bucket_bits(index.len());
    let (directory, pages) = write_index(&index, bits)?;

    let facts = encode(&facts)?;
    let parts: [&[u8]; SECTIONS] = [
        &facts,
        &directory,
        &pages,
        &entries,
        &advisories,
        &summaries,
        &predictions,
    ];
    let mut sections = [(0, 0); SECTIONS];
    let mut end = HEADER as u64;
    for (section, part) in sections.iter_mut().zip(parts) {
        *section = (end, part.len() as u64);
        end += part.len() as u64;
    }
    let header = Header {
        sections,
        bucket_bits: bits,
        facts: checksum(&facts),
    };
    let mut bytes = header.write();
    for part in parts {
        bytes.extend_from_slice(part);
    }
    Ok(Compiled {
        bytes,
        records: records.len() as u64,
    })
}

/// Of several records with one id, keeps the one that was changed last: a record that speaks of
/// several ecosystems is in the archive of each.
pub(crate) fn keep_newest(records: &mut Vec<Condensed>) {
    sort(records);
    records.dedup_by(|later, first| later.advisory.id == first.advisory.id);
}

/// By id, the newest first.
fn sort(records: &mut [Condensed]) {
    records.sort_by(|left, right| {
        (&left.advisory.id, right.modified, &left.summary).cmp(&(
            &right.advisory.id,
            left.modified,
            &right.summary,
        ))
    });
}

fn encode<T: Serialize>(value: &T) -> Result<Vec<u8>, TooLarge> {
    postcard::to_allocvec(value).map_err(|_| TooLarge("the size of a record"))
}

fn borrowed(affected: &Affected<String>, advisory: u64) -> Affected<&str> {
    Affected {
        advisory,
        intervals: affected
            .intervals
            .iter()
            .map(|interval| interval.borrowed())
            .collect(),
        versions: affected.versions.iter().map(String::as_str).collect(),
        rating: affected.rating.as_ref().map(|rating| rating.borrowed()),
        imports: affected
            .imports
            .iter()
            .map(|import| import.borrowed())
            .collect(),
        module: affected.module.as_deref(),
    }
}

/// Counts records: once for each ecosystem and each release that they speak about.
fn file_facts(records: &[Condensed], facts: CompileFacts) -> FileFacts {
    let mut by_ecosystem: BTreeMap<Ecosystem, u64> = BTreeMap::new();
    let mut by_release: BTreeMap<(Ecosystem, &str), u64> = BTreeMap::new();
    for record in records {
        let mut places: Vec<(Ecosystem, &str)> = record
            .packages
            .iter()
            .map(|package| (package.ecosystem, package.release.as_deref().unwrap_or("")))
            .collect();
        places.sort_unstable();
        places.dedup();
        for &(ecosystem, release) in &places {
            if ecosystem.facts().has_releases {
                *by_release.entry((ecosystem, release)).or_default() += 1;
            }
        }
        places.dedup_by_key(|(ecosystem, _)| *ecosystem);
        for (ecosystem, _) in places {
            *by_ecosystem.entry(ecosystem).or_default() += 1;
        }
    }
    let name = |ecosystem: Ecosystem| ecosystem.facts().osv_name.to_owned();
    FileFacts {
        newest: records.iter().filter_map(|record| record.modified).max(),
        compiled: facts.compiled.map(Timestamp::as_second),
        catalogue: facts.catalogue,
        predictions: facts.predictions.day().map(str::to_owned),
        records: by_ecosystem
            .into_iter()
            .map(|(ecosystem, count)| (name(ecosystem), count))
            .collect(),
        releases: by_release
            .into_iter()
            .map(|((ecosystem, release), count)| (name(ecosystem), release.to_owned(), count))
            .collect(),
    }
}

/// Compresses the summaries in blocks, and tells each record where its own is.
fn write_summaries(records: &mut [Condensed]) -> Result<Vec<u8>, TooLarge> {
    let mut section = Vec::new();
    let mut rest = records;
    while !rest.is_empty() {
        let mut text = String::new();
        let mut taken = 0;
        for record in rest.iter_mut() {
            if text.len() >= SUMMARY_BLOCK {
                break;
            }
            record.advisory.summary = Summary {
                block: section.len() as u64,
                start: text.len() as u32,
                length: record.summary.len() as u32,
            };
            text.push_str(&record.summary);
            taken += 1;
        }
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        let compressed = encoder
            .write_all(text.as_bytes())
            .and_then(|()| encoder.finish())
            .map_err(|_| TooLarge("the size of a summary"))?;
        write_block(&mut section, &compressed).ok_or(TooLarge("the size of a summary"))?;
        rest = rest.split_at_mut(taken).1;
    }
    Ok(section)
}

/// The pages of the index, and the directory that finds them.
fn write_index(index: &[(u64, u64)], bits: u32) -> Result<(Vec<u8>, Vec<u8>), TooLarge> {
    const LIMIT: TooLarge = TooLarge("the number of packages");
    let mut directory = Vec::new();
    let mut pages = Vec::with_capacity(index.len() * PAGE_ENTRY);
    let mut rest = index;
    for number in 0..1usize << bits {
        let start = u32::try_from(index.len() - rest.len()).map_err(|_| LIMIT)?;
        let many = rest
            .iter()
            .take_while(|(hash, _)| bucket(*hash, bits) == number)
            .count();
        let (page, after) = rest.split_at(many);
        let from = pages.len();
        for (hash, offset) in page {
            pages.extend_from_slice(&hash.to_le_bytes());
            pages.extend_from_slice(&offset.to_le_bytes());
        }
        directory.extend_from_slice(&start.to_le_bytes());
        directory.extend_from_slice(&checksum(&pages[from..]).to_le_bytes());
        rest = after;
    }
    let end = u32::try_from(index.len()).map_err(|_| LIMIT)?;
    directory.extend_from_slice(&end.to_le_bytes());
    directory.extend_from_slice(&0u32.to_le_bytes());
    Ok((directory, pages))
}
