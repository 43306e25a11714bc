//! Property lists of Apple, the flat part of them: the texts of the outermost dictionary, in XML or
//! in the binary form (`bplist00`):
//! <https://github.com/opensource-apple/CF/blob/master/CFBinaryPList.c> describes the latter in
//! its first comment.

use std::collections::HashMap;

use super::binary::bytes_at;
use super::xml;

/// Most entries of a dictionary that are read.
const MOST_ENTRIES: usize = 10_000;

/// The texts of the outermost dictionary, by their keys.
pub(crate) fn texts(content: &[u8]) -> Result<HashMap<String, String>, String> {
    if content.starts_with(b"bplist00") {
        return Binary::open(content)
            .and_then(|list| list.texts())
            .ok_or_else(|| "is a damaged property list".to_owned());
    }
    let root = xml::read_document(content)?;
    let dictionary = root.child("dict").unwrap_or(&root);
    let mut texts = HashMap::new();
    let mut key = None;
    for child in &dictionary.children {
        match (child.name.as_str(), key.take()) {
            ("key", _) => key = Some(child.text.clone()),
            ("string", Some(key)) => {
                texts.insert(key, child.text.clone());
            }
            _ => {}
        }
    }
    Ok(texts)
}

struct Binary<'a> {
    content: &'a [u8],
    /// Bytes of an entry in the table of places, and of a reference to one.
    place_size: usize,
    reference_size: usize,
    table: usize,
    root: usize,
}

impl<'a> Binary<'a> {
    /// The last 32 bytes say where everything is.
    fn open(content: &'a [u8]) -> Option<Self> {
        let trailer = bytes_at(content, content.len().checked_sub(32)?, 32)?;
        Some(Self {
            content,
            place_size: usize::from(*trailer.get(6)?),
            reference_size: usize::from(*trailer.get(7)?),
            root: number(trailer.get(16..24)?)?,
            table: number(trailer.get(24..32)?)?,
        })
    }

    /// The object with this number: its type, its count and what follows.
    fn object(&self, index: usize) -> Option<(u8, usize, &'a [u8])> {
        let entry = self
            .table
            .checked_add(index.checked_mul(self.place_size)?)?;
        let place = number(bytes_at(self.content, entry, self.place_size)?)?;
        let object = self.content.get(place..)?;
        let (&marker, rest) = object.split_first()?;
        let (kind, count) = (marker >> 4, usize::from(marker & 15));
        if count < 15 {
            return Some((kind, count, rest));
        }
        // A longer count follows as a number of its own.
        let (&marker, rest) = rest.split_first()?;
        let size = 1_usize << (marker & 15).min(4);
        let (count, rest) = rest.split_at_checked(size)?;
        Some((kind, number(count)?, rest))
    }

    fn text(&self, index: usize) -> Option<String> {
        match self.object(index)? {
            (5, count, rest) => Some(
                rest.get(..count)?
                    .iter()
                    .map(|&byte| char::from(byte))
                    .collect(),
            ),
            (6, count, rest) => {
                let units = rest
                    .get(..count.checked_mul(2)?)?
                    .chunks_exact(2)
                    .map(|pair| number(pair).unwrap_or_default() as u16);
                Some(
                    char::decode_utf16(units)
                        .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
                        .collect(),
                )
            }
            _ => None,
        }
    }

    fn texts(&self) -> Option<HashMap<String, String>> {
        let (13, count, rest) = self.object(self.root)? else {
            return None;
        };
        let mut texts = HashMap::new();
        // What is read altogether; entries that share a text would multiply it.
        let mut budget = self.content.len();
        for index in 0..count.min(MOST_ENTRIES) {
            let reference = |index: usize| {
                let start = index.checked_mul(self.reference_size)?;
                number(bytes_at(rest, start, self.reference_size)?)
            };
            let key = self.text(reference(index)?);
            let value = self.text(reference(count.checked_add(index)?)?);
            if let (Some(key), Some(value)) = (key, value) {
                budget = budget.checked_sub(key.len().saturating_add(value.len()) / 4)?;
                texts.insert(key, value);
            }
        }
        Some(texts)
    }
}

/// A number of up to eight bytes, the highest first.
fn number(bytes: &[u8]) -> Option<usize> {
    if bytes.is_empty() || bytes.len() > 8 {
        return None;
    }
    let value = bytes
        .iter()
        .fold(0_u64, |value, &byte| value << 8 | u64::from(byte));
    usize::try_from(value).ok()
}
