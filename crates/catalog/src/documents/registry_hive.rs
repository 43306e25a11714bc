//! Hives of the Windows registry, as files: keys and values in cells that point to each other:
//! <https://github.com/msuhanov/regf/blob/master/Windows%20registry%20file%20format%20specification.md>.
//!
//! A reader of our own: those that exist are made for forensics and repair. It follows names from
//! the root and lists keys below one; every pointer is a claim, and a budget bounds how many are
//! followed. Logs are in `registry_log`. Left out: classes, values over 16 KiB, which lie in several cells.

use std::cell::Cell;

use super::binary::{bytes_at, u16_le, u32_le};

const MAGIC: &[u8] = b"regf";
/// What precedes the cells; their places are counted from its end.
pub(crate) const BASE_BLOCK: usize = 4096;

/// Most keys or values that are listed of one key.
const MOST_LISTED: usize = 200_000;

/// A hive.
#[derive(Debug)]
pub(crate) struct Hive<'a> {
    cells: &'a [u8],
    root: u32,
    /// How many pointers may still be followed.
    budget: Cell<usize>,
    /// Whether a pointer led nowhere.
    is_damaged: Cell<bool>,
}

/// A key of a hive.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Key<'h, 'a> {
    hive: &'h Hive<'a>,
    /// The cell with its description.
    node: &'a [u8],
}

impl<'a> Hive<'a> {
    /// Looks at the header of a hive.
    pub(crate) fn open(content: &'a [u8]) -> Result<Self, String> {
        if !content.starts_with(MAGIC) {
            return Err("is no registry hive".to_owned());
        }
        let root = u32_le(content, 0x24).ok_or("is cut off")?;
        let cells = content.get(BASE_BLOCK..).ok_or("is cut off")?;
        Ok(Self {
            cells,
            root,
            budget: Cell::new(content.len().saturating_add(1 << 20)),
            is_damaged: Cell::new(false),
        })
    }

    /// The uppermost key.
    pub(crate) fn root(&self) -> Option<Key<'_, 'a>> {
        self.key(self.root)
    }

    /// What has to be said once everything was asked: pointers led nowhere, or to each other.
    pub(crate) fn problem(&self) -> Option<String> {
        if self.budget.get() == 0 {
            return Some("is a hive whose keys lead to each other: not all was read".to_owned());
        }
        self.is_damaged
            .get()
            .then(|| "is a damaged hive: some of its keys could not be read".to_owned())
    }

    /// The bytes of the cell at a place.
    fn cell(&self, place: u32) -> Option<&'a [u8]> {
        self.budget.set(self.budget.get().checked_sub(1)?);
        let place = place as usize;
        let found = || {
            // A cell that is in use has a negative size.
            let size = u32_le(self.cells, place)?.cast_signed().checked_neg()?;
            bytes_at(self.cells, place, usize::try_from(size).ok()?)?.get(4..)
        };
        let cell = found();
        if cell.is_none() {
            self.is_damaged.set(true);
        }
        cell
    }

    fn key(&self, place: u32) -> Option<Key<'_, 'a>> {
        let node = self.cell(place)?;
        node.starts_with(b"nk").then_some(Key { hive: self, node })
    }

    /// The places of the keys in a list, which may be a list of lists.
    fn listed_keys(&self, list: u32, places: &mut Vec<u32>, may_nest: bool) -> Option<()> {
        let cell = self.cell(list)?;
        let count = usize::from(u16_le(cell, 2)?);
        let step = match cell.get(..2)? {
            b"lf" | b"lh" => 8,
            b"li" => 4,
            b"ri" if may_nest => {
                for index in 0..count {
                    self.listed_keys(u32_le(cell, 4 + 4 * index)?, places, false);
                }
                return Some(());
            }
            _ => return None,
        };
        for index in 0..count {
            if places.len() >= MOST_LISTED {
                break;
            }
            places.push(u32_le(cell, 4 + step * index)?);
        }
        Some(())
    }
}

impl<'h, 'a> Key<'h, 'a> {
    /// The name.
    pub(crate) fn name(&self) -> String {
        const NAME_IS_LATIN: u16 = 0x20;
        let length = usize::from(u16_le(self.node, 0x48).unwrap_or_default());
        let is_latin = u16_le(self.node, 2).unwrap_or_default() & NAME_IS_LATIN != 0;
        name(bytes_at(self.node, 0x4c, length), is_latin)
    }

    /// The keys below this one.
    pub(crate) fn children(&self) -> Vec<Key<'h, 'a>> {
        let mut places = Vec::new();
        let has_any = u32_le(self.node, 0x14).is_some_and(|count| count > 0);
        if let Some(list) = u32_le(self.node, 0x1c).filter(|_| has_any) {
            self.hive.listed_keys(list, &mut places, true);
        }
        places
            .into_iter()
            .filter_map(|place| self.hive.key(place))
            .collect()
    }

    /// The key at a path below this one, its names separated by backslashes, in any case.
    pub(crate) fn descendant(&self, path: &str) -> Option<Self> {
        let mut key = *self;
        for wanted in path.split('\\') {
            let children = key.children();
            key = children
                .into_iter()
                .find(|child| child.name().eq_ignore_ascii_case(wanted))?;
        }
        Some(key)
    }

    /// The type and the bytes of a value.
    fn value(&self, wanted: &str) -> Option<(u32, Vec<u8>)> {
        self.values(|name| name.eq_ignore_ascii_case(wanted), 1)
            .pop()
            .map(|(_, kind, data)| (kind, data))
    }

    /// The values of bytes whose names are wanted, with these.
    pub(crate) fn binaries(&self, is_wanted: impl Fn(&str) -> bool) -> Vec<(String, Vec<u8>)> {
        const BINARY: u32 = 3;
        self.values(is_wanted, MOST_LISTED)
            .into_iter()
            .filter(|(_, kind, _)| *kind == BINARY)
            .map(|(name, _, data)| (name, data))
            .collect()
    }

    /// Names, types and bytes of values, no more than asked for.
    fn values(&self, is_wanted: impl Fn(&str) -> bool, most: usize) -> Vec<(String, u32, Vec<u8>)> {
        let mut found = Vec::new();
        self.find_values(&is_wanted, most, &mut found);
        found
    }

    fn find_values(
        &self,
        is_wanted: &dyn Fn(&str) -> bool,
        most: usize,
        found: &mut Vec<(String, u32, Vec<u8>)>,
    ) -> Option<()> {
        const NAME_IS_LATIN: u16 = 1;
        const IN_PLACE: u32 = 1 << 31;
        let count = (u32_le(self.node, 0x24)? as usize).min(MOST_LISTED);
        let list = if count == 0 {
            return None;
        } else {
            self.hive.cell(u32_le(self.node, 0x28)?)?
        };
        for index in 0..count {
            let Some(cell) = self.hive.cell(u32_le(list, 4 * index)?) else {
                continue;
            };
            let length = usize::from(u16_le(cell, 2).unwrap_or_default());
            let is_latin = u16_le(cell, 0x10).unwrap_or_default() & NAME_IS_LATIN != 0;
            let name = name(bytes_at(cell, 0x14, length), is_latin);
            if !cell.starts_with(b"vk") || !is_wanted(&name) {
                continue;
            }
            let (size, kind) = (u32_le(cell, 4)?, u32_le(cell, 0x0c)?);
            let data = if size & IN_PLACE != 0 {
                // At most four bytes, which stand where else the place of the data does.
                bytes_at(cell, 8, ((size & !IN_PLACE) as usize).min(4))?
            } else {
                self.hive
                    .cell(u32_le(cell, 8)?)?
                    .get(..usize::try_from(size).ok()?)?
            };
            found.push((name, kind, data.to_vec()));
            if found.len() >= most {
                break;
            }
        }
        Some(())
    }

    /// A value that is a text.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        let (1 | 2, data) = self.value(name)? else {
            return None;
        };
        let text = utf16(&data);
        let text = text.trim_end_matches('\0').trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// A value that is a number.
    pub(crate) fn number(&self, name: &str) -> Option<u32> {
        match self.value(name)? {
            (4, data) => u32_le(&data, 0),
            _ => None,
        }
    }
}

fn name(bytes: Option<&[u8]>, is_latin: bool) -> String {
    let bytes = bytes.unwrap_or_default();
    if is_latin {
        bytes.iter().map(|&byte| char::from(byte)).collect()
    } else {
        utf16(bytes)
    }
}

fn utf16(bytes: &[u8]) -> String {
    let units = bytes.chunks_exact(2).map(|pair| match *pair {
        [low, high] => u16::from_le_bytes([low, high]),
        _ => 0,
    });
    char::decode_utf16(units)
        .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}
