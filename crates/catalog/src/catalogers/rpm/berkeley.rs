//! `Packages` as a hash table of Berkeley DB, which rpm wrote until 4.16 and enterprise
//! distributions up to release 8 do: the pages of
//! <https://github.com/berkeleydb/libdb/blob/master/src/dbinc/db_page.h>.
//!
//! Every page is looked at, in the order of the file, instead of the buckets one by one: all
//! entries are wanted, and a page that is in use says of what type it is. The key of an entry is
//! the number of a header; number nought holds how many there are.

use std::borrow::Cow;

use crate::documents::binary::{bytes_at, u16_be, u16_le, u32_be, u32_le};

const MAGIC: u32 = 0x0006_1561;
const PAGE_HEADER: usize = 26;

const UNSORTED_HASH_PAGE: u8 = 2;
const OVERFLOW_PAGE: u8 = 7;
const HASH_PAGE: u8 = 13;

/// The value stands in the page itself, or on pages of its own.
const INLINE: u8 = 1;
const OFF_PAGE: u8 = 3;

/// Whether these are the first bytes of such a database.
pub(super) fn is_hash_database(content: &[u8]) -> bool {
    Numbers::of(content).is_some()
}

/// The byte order of the machine that wrote the file.
#[derive(Clone, Copy)]
struct Numbers {
    word: fn(&[u8], usize) -> Option<u32>,
    half: fn(&[u8], usize) -> Option<u16>,
}

impl Numbers {
    fn of(content: &[u8]) -> Option<Self> {
        if u32_le(content, 12) == Some(MAGIC) {
            return Some(Self {
                word: u32_le,
                half: u16_le,
            });
        }
        (u32_be(content, 12) == Some(MAGIC)).then_some(Self {
            word: u32_be,
            half: u16_be,
        })
    }
}

/// Gives every header of the database. After an error those so far stand.
pub(super) fn headers(content: &[u8], mut each: impl FnMut(&[u8])) -> Result<(), String> {
    let numbers = Numbers::of(content).ok_or("is no hash table of Berkeley DB")?;
    let page_size = (numbers.word)(content, 20).unwrap_or_default() as usize;
    if !(512..=65536).contains(&page_size) || !page_size.is_power_of_two() {
        return Err("is a database with an impossible page size".to_owned());
    }
    if content.get(24).is_some_and(|&algorithm| algorithm != 0) {
        return Err("is an encrypted database".to_owned());
    }
    let database = Database {
        content,
        numbers,
        page_size,
    };
    let mut problem = None;
    // What is read from overflow pages; pages that are shared would be read again and again.
    let mut budget = content.len();
    for page in content.chunks_exact(page_size) {
        if !matches!(page.get(25), Some(&(HASH_PAGE | UNSORTED_HASH_PAGE))) {
            continue;
        }
        let count = usize::from((numbers.half)(page, 20).unwrap_or_default());
        // The first item ends where the page does, the next one where the first starts.
        let mut end = page_size;
        let mut number = None;
        for item in 0..count {
            let Some(start) = (numbers.half)(page, PAGE_HEADER + 2 * item).map(usize::from) else {
                break;
            };
            let Some(bytes) = page.get(start..end) else {
                problem = Some("a page of the database is damaged".to_owned());
                break;
            };
            end = start;
            if item % 2 == 0 {
                number = (bytes.first() == Some(&INLINE))
                    .then(|| (numbers.word)(bytes, 1))
                    .flatten();
                continue;
            }
            if number.is_some_and(|number| number != 0) {
                match database.value(bytes, &mut budget) {
                    Some(value) => each(&value),
                    None => problem = Some("an entry of the database can not be read".to_owned()),
                }
            }
        }
    }
    problem.map_or(Ok(()), Err)
}

struct Database<'a> {
    content: &'a [u8],
    numbers: Numbers,
    page_size: usize,
}

impl<'a> Database<'a> {
    fn value(&self, item: &'a [u8], budget: &mut usize) -> Option<Cow<'a, [u8]>> {
        match item.first() {
            Some(&INLINE) => item.get(1..).map(Cow::Borrowed),
            Some(&OFF_PAGE) => {
                let mut next = (self.numbers.word)(item, 4)?;
                let length = (self.numbers.word)(item, 8)? as usize;
                *budget = budget.checked_sub(length)?;
                let mut value = Vec::with_capacity(length);
                while value.len() < length {
                    let start = (next as usize).checked_mul(self.page_size)?;
                    let page = bytes_at(self.content, start, self.page_size)?;
                    let taken = usize::from((self.numbers.half)(page, 22)?);
                    if page.get(25) != Some(&OVERFLOW_PAGE) || taken == 0 {
                        return None;
                    }
                    let rest = length - value.len();
                    value.extend(bytes_at(page, PAGE_HEADER, taken)?.iter().take(rest));
                    next = (self.numbers.word)(page, 16)?;
                }
                Some(Cow::Owned(value))
            }
            _ => None,
        }
    }
}
