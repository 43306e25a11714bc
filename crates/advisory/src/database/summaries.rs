//! Reading summaries. They are only wanted for what is found, so they lie apart, compressed in
//! blocks of neighbours; a reader keeps the blocks that it has unfolded.

use std::collections::BTreeMap;
use std::io::Read as _;

use flate2::read::DeflateDecoder;

use super::entry::Summary;
use super::layout::{Section, read_block};
use super::shard::Shard;
use super::{Advisory, Database, DatabaseError, UNDECODABLE};

/// The longest text that a block unfolds to. Honest ones have some 10 kilobytes.
const LONGEST: u64 = 1 << 20;
/// How many unfolded blocks are kept.
const KEPT: usize = 1000;

/// Reads the summaries of a database.
#[derive(Debug)]
pub struct Summaries<'a> {
    database: &'a Database,
    shards: BTreeMap<usize, Unfolded<'a>>,
}

impl<'a> Summaries<'a> {
    pub(super) fn new(database: &'a Database) -> Self {
        Self {
            database,
            shards: BTreeMap::new(),
        }
    }

    /// One sentence that says what is wrong; empty where the record has none.
    pub fn get(&mut self, advisory: &Advisory<&str>) -> Result<String, DatabaseError> {
        let place = advisory.summary;
        if !self.shards.contains_key(&place.shard) {
            let shard = self.database.shard(place.shard)?;
            self.shards.insert(place.shard, shard.summaries());
        }
        self.shards
            .get_mut(&place.shard)
            .ok_or(UNDECODABLE)?
            .get(place.at)
    }
}

/// The unfolded blocks of one file.
#[derive(Debug)]
pub(super) struct Unfolded<'a> {
    shard: &'a Shard,
    blocks: BTreeMap<u64, Vec<u8>>,
}

impl<'a> Unfolded<'a> {
    pub(super) fn new(shard: &'a Shard) -> Self {
        Self {
            shard,
            blocks: BTreeMap::new(),
        }
    }

    pub(super) fn get(&mut self, summary: Summary) -> Result<String, DatabaseError> {
        if summary.length == 0 {
            return Ok(String::new());
        }
        if !self.blocks.contains_key(&summary.block) {
            let text = self.unfold(summary.block)?;
            if self.blocks.len() >= KEPT {
                self.blocks.clear();
            }
            self.blocks.insert(summary.block, text);
        }
        self.blocks
            .get(&summary.block)
            .and_then(|text| text.get(summary.start as usize..))
            .and_then(|text| text.get(..summary.length as usize))
            .map(|text| String::from_utf8_lossy(text).into_owned())
            .ok_or(UNDECODABLE)
    }

    fn unfold(&self, block: u64) -> Result<Vec<u8>, DatabaseError> {
        let compressed = read_block(self.shard.section(Section::Summaries), block)?;
        let mut text = Vec::new();
        DeflateDecoder::new(compressed)
            .take(LONGEST)
            .read_to_end(&mut text)
            .map_err(|_| UNDECODABLE)?;
        Ok(text)
    }
}
