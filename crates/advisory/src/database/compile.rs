//! Compiling a pool of records into the bytes of a database file. The same records give the same
//! bytes, in whatever order they come.
//!
//! The file is written from its beginning to its end, and then its header: what is in memory
//! beside the pool are the compressed summaries and some bytes for each package.

use std::collections::BTreeMap;
use std::io::{self, Seek, SeekFrom, Write};

use flate2::Compression;
use flate2::write::DeflateEncoder;

use super::entry::{Advisory, FileFacts, Summary};
use super::layout::{
    BLOCK_HEADER, HEADER, Header, PAGE_ENTRY, SECTIONS, Section, block_header, bucket, bucket_bits,
    checksum, key_parts,
};
use super::pool::{Pool, PooledRecord, Repeated, TooLarge};
use super::scores::Scores;

/// Summaries are compressed together until their texts are this long: large enough to compress,
/// small enough to unfold for one line of a report.
const SUMMARY_BLOCK: usize = 8 << 10;

/// Why a file could not be compiled.
#[derive(Debug)]
pub(crate) enum CompileError {
    TooLarge(TooLarge),
    Write(io::Error),
}

impl From<TooLarge> for CompileError {
    fn from(error: TooLarge) -> Self {
        Self::TooLarge(error)
    }
}

impl From<io::Error> for CompileError {
    fn from(error: io::Error) -> Self {
        Self::Write(error)
    }
}

const LIMIT: TooLarge = TooLarge("the number of packages");
const RECORD: TooLarge = TooLarge("the size of a record");

/// Where a mention goes: its package's hash, the mention's place in the pool, and the offset of
/// its advisory.
type Placed = (u64, u32, u64);

/// Writes the records of a pool, and says what the file says of itself.
pub(crate) fn compile<W: Write + Seek>(
    pool: &Pool,
    repeated: Repeated,
    out: &mut W,
) -> Result<FileFacts, CompileError> {
    let order = pool.sorted(repeated)?;
    let mut writer = SectionWriter::new(out)?;
    let mut facts = Counting::default();
    let mut summaries = SummaryWriter::default();
    let mut scores = Scores::default();
    let mut placed: Vec<Placed> = Vec::new();
    let mut block = Vec::new();
    for place in order {
        let record = pool.record(place).ok_or(RECORD)?;
        let summary = summaries.place(record.summary)?;
        block.clear();
        block.extend_from_slice(record.advisory);
        block.extend(postcard::to_allocvec(&summary).map_err(|_| RECORD)?);
        let offset = writer.block(&block)?;
        let (advisory, _) =
            postcard::take_from_bytes::<Advisory<&str>>(record.advisory).map_err(|_| RECORD)?;
        scores.take(&advisory, offset);
        facts.count(pool, &record)?;
        placed.extend(
            (record.mentions.0..record.mentions.1)
                .map(|mention| (pool.mention_hash(mention), mention, offset)),
        );
    }
    writer.end(Section::Advisories);

    let index = write_entries(pool, placed, &mut writer)?;
    writer.end(Section::Entries);
    writer.bytes(&summaries.finish()?)?;
    writer.end(Section::Summaries);
    let bits = bucket_bits(index.len());
    let (directory, pages) = write_index(&index, bits)?;
    writer.bytes(&pages)?;
    writer.end(Section::Pages);
    writer.bytes(&directory)?;
    writer.end(Section::Directory);
    let scores = scores.write();
    writer.bytes(&scores)?;
    writer.end(Section::Scores);
    let facts = facts.finish(index.len());
    let bytes = postcard::to_allocvec(&facts).map_err(|_| RECORD)?;
    writer.bytes(&bytes)?;
    writer.end(Section::Facts);
    writer.finish(bits, checksum(&bytes), checksum(&scores))?;
    Ok(facts)
}

/// Writes a block for each package: its key, and what each advisory says of it. Gives the index.
fn write_entries<W: Write + Seek>(
    pool: &Pool,
    mut placed: Vec<Placed>,
    writer: &mut SectionWriter<'_, W>,
) -> Result<Vec<(u64, u64)>, CompileError> {
    let key = |mention: u32| pool.mention(mention).map(|(key, _)| key);
    placed.sort_unstable_by(|left, right| {
        (left.0, key(left.1), left.2, left.1).cmp(&(right.0, key(right.1), right.2, right.1))
    });
    let mut index = Vec::new();
    let mut block = Vec::new();
    for package in placed.chunk_by(|left, right| left.0 == right.0 && key(left.1) == key(right.1)) {
        let Some(&(hash, first, _)) = package.first() else {
            continue;
        };
        block.clear();
        let head = (key(first).ok_or(RECORD)?, package.len() as u64);
        block.extend(postcard::to_allocvec(&head).map_err(|_| RECORD)?);
        for &(_, mention, advisory) in package {
            let (_, affected) = pool.mention(mention).ok_or(RECORD)?;
            block.extend(postcard::to_allocvec(&advisory).map_err(|_| RECORD)?);
            block.extend_from_slice(affected);
        }
        index.push((hash, writer.block(&block)?));
    }
    Ok(index)
}

/// The pages of the index, and the directory that finds them.
fn write_index(index: &[(u64, u64)], bits: u32) -> Result<(Vec<u8>, Vec<u8>), TooLarge> {
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

/// Writes sections one after the other, and the header when all are there.
struct SectionWriter<'a, W: Write + Seek> {
    out: &'a mut W,
    sections: [(u64, u64); SECTIONS],
    start: u64,
    length: u64,
}

impl<'a, W: Write + Seek> SectionWriter<'a, W> {
    fn new(out: &'a mut W) -> io::Result<Self> {
        out.write_all(&[0; HEADER])?;
        Ok(Self {
            out,
            sections: [(0, 0); SECTIONS],
            start: HEADER as u64,
            length: 0,
        })
    }

    fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.length += bytes.len() as u64;
        self.out.write_all(bytes)
    }

    /// Writes a block, and gives its offset in the section.
    fn block(&mut self, bytes: &[u8]) -> Result<u64, CompileError> {
        let offset = self.length;
        self.bytes(&block_header(bytes).ok_or(RECORD)?)?;
        self.bytes(bytes)?;
        Ok(offset)
    }

    fn end(&mut self, section: Section) {
        if let Some(place) = self.sections.get_mut(section as usize) {
            *place = (self.start, self.length);
        }
        self.start += self.length;
        self.length = 0;
    }

    fn finish(self, bucket_bits: u32, facts: u32, scores: u32) -> io::Result<()> {
        let header = Header {
            sections: self.sections,
            bucket_bits,
            facts,
            scores,
        };
        self.out.seek(SeekFrom::Start(0))?;
        self.out.write_all(&header.write())?;
        self.out.flush()
    }
}

/// Compresses summaries in blocks.
#[derive(Default)]
struct SummaryWriter {
    section: Vec<u8>,
    text: String,
}

impl SummaryWriter {
    fn place(&mut self, summary: &str) -> Result<Summary, TooLarge> {
        if self.text.len() >= SUMMARY_BLOCK {
            self.end_block()?;
        }
        let place = Summary {
            block: self.section.len() as u64,
            start: self.text.len() as u32,
            length: summary.len() as u32,
        };
        self.text.push_str(summary);
        Ok(place)
    }

    fn end_block(&mut self) -> Result<(), TooLarge> {
        const SUMMARY: TooLarge = TooLarge("the size of a summary");
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        let compressed = encoder
            .write_all(self.text.as_bytes())
            .and_then(|()| encoder.finish())
            .map_err(|_| SUMMARY)?;
        self.section.reserve(BLOCK_HEADER + compressed.len());
        self.section
            .extend(block_header(&compressed).ok_or(SUMMARY)?);
        self.section.extend(compressed);
        self.text.clear();
        Ok(())
    }

    fn finish(mut self) -> Result<Vec<u8>, TooLarge> {
        if !self.text.is_empty() {
            self.end_block()?;
        }
        Ok(self.section)
    }
}

/// Counts records: once for each ecosystem and each release that they speak about.
#[derive(Default)]
struct Counting {
    newest: Option<i64>,
    records: BTreeMap<String, u64>,
    releases: BTreeMap<(String, String), u64>,
}

impl Counting {
    fn count(&mut self, pool: &Pool, record: &PooledRecord<'_>) -> Result<(), TooLarge> {
        self.newest = self.newest.max(record.modified);
        let mut places = Vec::new();
        for mention in record.mentions.0..record.mentions.1 {
            let (key, _) = pool.mention(mention).ok_or(RECORD)?;
            let (base, release, _) = key_parts(key).ok_or(RECORD)?;
            places.push((base, release.unwrap_or("")));
        }
        places.sort_unstable();
        places.dedup();
        for (base, release) in &places {
            if linchpin_model::Ecosystem::from_osv(base)
                .is_some_and(|(ecosystem, _)| ecosystem.facts().has_releases)
            {
                let place = ((*base).to_owned(), (*release).to_owned());
                *self.releases.entry(place).or_default() += 1;
            }
        }
        places.dedup_by_key(|(base, _)| *base);
        for (base, _) in places {
            match self.records.get_mut(base) {
                Some(count) => *count += 1,
                None => {
                    self.records.insert(base.to_owned(), 1);
                }
            }
        }
        Ok(())
    }

    fn finish(self, packages: usize) -> FileFacts {
        FileFacts {
            newest: self.newest,
            packages: packages as u64,
            records: self.records.into_iter().collect(),
            releases: self
                .releases
                .into_iter()
                .map(|((base, release), count)| (base, release, count))
                .collect(),
        }
    }
}
