//! .NET applications in a single file: the native host with all assemblies behind it, and a table
//! that says where each one lies.
//! <https://github.com/dotnet/designs/blob/main/accepted/2020/single-file/bundler.md>
//!
//! The dependency manifest among them is never compressed. Assemblies themselves are not looked at.

use std::io::{self, BufRead, Read};

use crate::program_bytes::ProgramData;

/// The mark in every host, the SHA-256 digest of `.net core bundle` and a line feed. The eight bytes
/// before it are the offset of the table, zero in a host that holds no bundle.
pub(super) const SIGNATURE: &[u8; 32] = &[
    0x8b, 0x12, 0x02, 0xb9, 0x6a, 0x61, 0x20, 0x38, 0x72, 0x7b, 0x93, 0x02, 0x14, 0xd7, 0xa0, 0x32,
    0x13, 0xf5, 0xb9, 0xe6, 0xef, 0xae, 0x33, 0x18, 0xee, 0x3b, 0x2d, 0xce, 0x24, 0xb3, 0x6a, 0xae,
];

/// Most files in one bundle. A self-contained application has some hundreds.
const MOST_FILES: u32 = 100_000;

/// Longest table of a bundle that is read.
const MOST_OF_TABLE: u64 = 16 << 20;
/// Longest manifest that is read.
const MOST_OF_MANIFEST: u64 = 64 << 20;
/// What is searched at a time.
const PORTION: u64 = 1 << 20;

/// A manifest in a bundle.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BundledManifest<'a> {
    /// Its name, `App.deps.json`.
    pub(super) name: String,
    pub(super) content: &'a [u8],
}

/// Why a bundle can not be read.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(super) enum Unreadable {
    #[error("its table of bundled .NET files is cut off or damaged")]
    Damaged,
    #[error("it bundles .NET files and no dependency manifest among them")]
    NoManifest,
    #[error("its bundled dependency manifest is over {} MiB long", MOST_OF_MANIFEST >> 20)]
    TooLong,
}

/// The dependency manifest of a bundle; nothing if the program is none.
pub(super) fn manifest(
    program: ProgramData<'_>,
) -> Result<Option<BundledManifest<'_>>, Unreadable> {
    // What can not be read is said where the program is.
    let place = place_of_table(program.stream(0)).unwrap_or_default();
    let Some(place) = place.filter(|place| *place != 0) else {
        return Ok(None);
    };
    let table = program
        .up_to(place, MOST_OF_TABLE)
        .ok_or(Unreadable::Damaged)?;
    let files = files(table).ok_or(Unreadable::Damaged)?;
    let manifest = files.into_iter().find(BundledFile::is_manifest);
    let manifest = manifest.ok_or(Unreadable::NoManifest)?;
    if manifest.size > MOST_OF_MANIFEST {
        return Err(Unreadable::TooLong);
    }
    let content = program.bytes_at(manifest.start, manifest.size);
    let content = content.ok_or(Unreadable::Damaged)?;
    let name = String::from_utf8_lossy(manifest.name).into_owned();
    Ok(Some(BundledManifest { name, content }))
}

/// The offset that stands before the mark, if the program has the mark.
fn place_of_table(mut program: Box<dyn BufRead + '_>) -> io::Result<Option<u64>> {
    const BEFORE: usize = size_of::<u64>();
    let mut portion = Vec::new();
    loop {
        let count = program.by_ref().take(PORTION).read_to_end(&mut portion)?;
        let before = memchr::memmem::find(&portion, SIGNATURE)
            .and_then(|at| portion.get(at.checked_sub(BEFORE)?..)?.first_chunk());
        if let Some(before) = before {
            return Ok(Some(u64::from_le_bytes(*before)));
        }
        if count == 0 {
            return Ok(None);
        }
        // The mark may begin at the end of what was read.
        let passed = portion.len().saturating_sub(BEFORE + SIGNATURE.len());
        portion.drain(..passed);
    }
}

/// A line of the table.
struct BundledFile<'a> {
    name: &'a [u8],
    start: u64,
    size: u64,
    is_compressed: bool,
}

impl BundledFile<'_> {
    fn is_manifest(&self) -> bool {
        self.name.ends_with(b".deps.json") && !self.name.contains(&b'/') && !self.is_compressed
    }
}

/// Reads the table.
fn files(table: &[u8]) -> Option<Vec<BundledFile<'_>>> {
    let mut cursor = Cursor(table);
    let major = cursor.u32()?;
    let _minor = cursor.u32()?;
    let count = cursor.u32()?;
    let _identifier = cursor.text()?;
    if count > MOST_FILES {
        return None;
    }
    if major >= 2 {
        // Offsets and sizes of the two configuration files, and flags: they are in the list as well.
        cursor.take(8 * 5)?;
    }
    let mut files = Vec::new();
    for _ in 0..count {
        let (start, size) = (cursor.u64()?, cursor.u64()?);
        let compressed = if major >= 6 { cursor.u64()? } else { 0 };
        let _kind = cursor.take(1)?;
        files.push(BundledFile {
            name: cursor.text()?,
            start,
            size,
            is_compressed: compressed != 0,
        });
    }
    Some(files)
}

/// What is left to read of the table.
struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }

    fn u64(&mut self) -> Option<u64> {
        Some(u64::from_le_bytes(self.take(8)?.try_into().ok()?))
    }

    /// A text behind its length in groups of seven bits, lowest first.
    fn text(&mut self) -> Option<&'a [u8]> {
        let mut length = 0_usize;
        for group in 0..3 {
            let [byte] = *self.take(1)? else { return None };
            length |= usize::from(byte & 0x7f) << (7 * group);
            if byte & 0x80 == 0 {
                return self.take(length);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A program with a bundle of these files, as the bundler of a version lays it out.
    pub(super) fn bundle(major: u32, files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut program = b"\x7fELF host ".to_vec();
        let mark = program.len();
        program.extend([0; 8]);
        program.extend(SIGNATURE);
        let places: Vec<(usize, usize)> = files
            .iter()
            .map(|(_, content)| {
                let start = program.len();
                program.extend(*content);
                (start, content.len())
            })
            .collect();
        let table = program.len() as u64;
        program[mark..mark + 8].copy_from_slice(&table.to_le_bytes());
        program.extend(major.to_le_bytes());
        program.extend(0_u32.to_le_bytes());
        program.extend((files.len() as u32).to_le_bytes());
        program.push(3);
        program.extend(b"abc");
        if major >= 2 {
            program.extend([0; 40]);
        }
        for ((name, _), (start, size)) in files.iter().zip(places) {
            program.extend((start as u64).to_le_bytes());
            program.extend((size as u64).to_le_bytes());
            if major >= 6 {
                program.extend(0_u64.to_le_bytes());
            }
            program.push(3);
            program.push(name.len() as u8);
            program.extend(name.as_bytes());
        }
        program
    }

    #[test]
    fn bundles_of_all_versions_are_read() {
        for major in [1, 2, 6] {
            let program = bundle(major, &[("a.dll", b"MZ"), ("App.deps.json", b"{}")]);
            let found = manifest(program[..].into()).unwrap().unwrap();
            assert_eq!(
                (found.name.as_str(), found.content),
                ("App.deps.json", &b"{}"[..])
            );
            for end in 0..program.len() {
                let _ = manifest(program[..end].into());
            }
        }
        assert_eq!(
            manifest(bundle(6, &[("a.dll", b"MZ")])[..].into()),
            Err(Unreadable::NoManifest)
        );
        assert_eq!(manifest(b"\x7fELF"[..].into()), Ok(None));
        let mut empty_host = vec![0; 8];
        empty_host.extend(SIGNATURE);
        assert_eq!(manifest(empty_host[..].into()), Ok(None));
    }
}
