//! SQLite databases, read from memory: <https://www.sqlite.org/fileformat2.html>.
//!
//! A reader of our own rather than the library: the files are foreign, only whole tables are
//! wanted, and that needs a small part of the format. Tables with row ids are read, with the
//! pages of a write-ahead log in front of those of the file. Left out: indices, tables `WITHOUT
//! ROWID`, rollback journals, defaults of columns that were added later.

mod journal;
mod record;
mod schema;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::binary::{bytes_at, u16_be, u32_be};
pub(crate) use record::Row;
pub(crate) use schema::Table;

/// What every database starts with.
const MAGIC: &[u8] = b"SQLite format 3\0";

/// The header of the file, which precedes what the first page holds.
const HEADER: usize = 100;

const INTERIOR: u8 = 5;
const LEAF: u8 = 13;

/// A database, or the reason why it is none, as the end of a sentence.
#[derive(Debug)]
pub(crate) struct Database<'a> {
    content: &'a [u8],
    page_size: usize,
    /// A page without the bytes that extensions reserve at its end.
    usable: usize,
    text: TextEncoding,
    /// Pages that the write-ahead log has newer.
    newer: HashMap<u32, &'a [u8]>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TextEncoding {
    Utf8,
    Utf16Le,
    Utf16Be,
}

impl<'a> Database<'a> {
    /// Looks at the header of a database, and at its write-ahead log, if there is one.
    pub(crate) fn open(content: &'a [u8], log: Option<&'a [u8]>) -> Result<Self, String> {
        if !content.starts_with(MAGIC) {
            return Err("is no SQLite database".to_owned());
        }
        let page_size = match u16_be(content, 16) {
            Some(1) => 65536,
            Some(size) if size >= 512 && size.is_power_of_two() => usize::from(size),
            _ => return Err("is an SQLite database with an impossible page size".to_owned()),
        };
        let reserved = usize::from(content.get(20).copied().unwrap_or_default());
        let usable = page_size.saturating_sub(reserved);
        if usable < 480 {
            return Err("is an SQLite database whose pages have no room".to_owned());
        }
        let text = match u32_be(content, 56) {
            Some(0 | 1) => TextEncoding::Utf8,
            Some(2) => TextEncoding::Utf16Le,
            Some(3) => TextEncoding::Utf16Be,
            _ => return Err("is an SQLite database with an unknown encoding of text".to_owned()),
        };
        Ok(Self {
            content,
            page_size,
            usable,
            text,
            newer: log.map_or_else(HashMap::new, |log| journal::committed_pages(log, page_size)),
        })
    }

    /// Whether changes may stand in a write-ahead log beside the file.
    pub(crate) fn may_have_log(content: &[u8]) -> bool {
        content.starts_with(MAGIC) && content.get(19) == Some(&2)
    }

    /// The tables that the database has.
    pub(crate) fn tables(&self) -> Result<Vec<Table>, String> {
        let mut tables = Vec::new();
        self.walk(1, &mut |row| tables.extend(Table::from_schema_row(row)))?;
        Ok(tables)
    }

    /// The table with this name.
    pub(crate) fn table(&self, name: &str) -> Result<Table, String> {
        let mut tables = self.tables()?.into_iter();
        tables
            .find(|table| table.name.eq_ignore_ascii_case(name))
            .ok_or_else(|| format!("has no table `{name}`"))
    }

    /// Gives every row of a table, in the order of row ids. After an error the rows so far stand.
    pub(crate) fn rows(&self, table: &Table, mut each: impl FnMut(&Row<'_>)) -> Result<(), String> {
        self.walk(table.root, &mut each)
    }

    fn page(&self, number: u32) -> Option<&'a [u8]> {
        if let Some(page) = self.newer.get(&number) {
            return page.get(..self.usable);
        }
        let start = (number as usize)
            .checked_sub(1)?
            .checked_mul(self.page_size)?;
        bytes_at(self.content, start, self.usable)
    }

    fn walk(&self, root: u32, each: &mut dyn FnMut(&Row<'_>)) -> Result<(), String> {
        let damaged = |page: u32| format!("is damaged: page {page} can not be read");
        let mut waiting = vec![root];
        let mut seen = HashSet::new();
        // How much all records have together; shared ones would be read again and again.
        let mut budget = self
            .content
            .len()
            .saturating_add(self.newer.len().saturating_mul(self.page_size));
        while let Some(number) = waiting.pop() {
            if !seen.insert(number) {
                return Err(format!("is damaged: page {number} is in use twice"));
            }
            let page = self.page(number).ok_or_else(|| damaged(number))?;
            let header = if number == 1 { HEADER } else { 0 };
            let cells = usize::from(u16_be(page, header + 3).ok_or_else(|| damaged(number))?);
            match page.get(header) {
                Some(&INTERIOR) => {
                    let mut children = Vec::with_capacity(cells + 1);
                    for cell in 0..cells {
                        let child = u16_be(page, header + 12 + 2 * cell)
                            .and_then(|at| u32_be(page, usize::from(at)));
                        children.push(child.ok_or_else(|| damaged(number))?);
                    }
                    children.push(u32_be(page, header + 8).ok_or_else(|| damaged(number))?);
                    waiting.extend(children.into_iter().rev());
                }
                Some(&LEAF) => {
                    for cell in 0..cells {
                        let row = u16_be(page, header + 8 + 2 * cell)
                            .and_then(|at| self.cell(page, usize::from(at), &mut budget));
                        let Some((row_id, payload)) = row else {
                            return Err(damaged(number));
                        };
                        let row = Row::decode(row_id, &payload, self.text)
                            .ok_or_else(|| damaged(number))?;
                        each(&row);
                    }
                }
                _ => return Err(damaged(number)),
            }
        }
        Ok(())
    }

    /// The row id and the record of a cell of a leaf.
    fn cell(&self, page: &'a [u8], at: usize, budget: &mut usize) -> Option<(i64, Cow<'a, [u8]>)> {
        let mut cell = page.get(at..)?;
        let length = usize::try_from(record::number(&mut cell)?).ok()?;
        let row_id = record::number(&mut cell)?;
        *budget = budget.checked_sub(length)?;
        let most = self.usable - 35;
        if length <= most {
            return Some((row_id, Cow::Borrowed(cell.get(..length)?)));
        }
        let least = (self.usable - 12) * 32 / 255 - 23;
        let fitting = least + (length - least) % (self.usable - 4);
        let inline = if fitting <= most { fitting } else { least };
        let mut payload = Vec::with_capacity(length);
        payload.extend(cell.get(..inline)?);
        let mut next = u32_be(cell, inline)?;
        while payload.len() < length {
            let overflow = self.page(next)?;
            next = u32_be(overflow, 0)?;
            let rest = length - payload.len();
            payload.extend(overflow.get(4..)?.iter().take(rest));
        }
        Some((row_id, Cow::Owned(payload)))
    }
}
