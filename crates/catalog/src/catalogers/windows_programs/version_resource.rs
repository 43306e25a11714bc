//! The version resource of a program or library for Windows: who made it, of which product it is a
//! part, and that product's version. Format:
//! <https://learn.microsoft.com/en-us/windows/win32/menurc/vs-versioninfo>.
//!
//! The `object` crate checks every address of the file against the bytes that are there; the blocks
//! of the resource are walked here. Only one of several languages is read, English where it is there.

use object::LittleEndian as LE;
use object::pe;
use object::read::pe::{
    ImageNtHeaders, PeFile, PeFile32, PeFile64, ResourceDirectory, ResourceDirectoryTable,
};

use crate::documents::binary::{bytes_at, u16_le, u32_le};
use crate::program_bytes::ProgramData;

/// Largest resource that is read, in bytes; real ones have one or two thousand.
const MOST_BYTES: u64 = 64 << 10;

/// What is read of the resources to find it: the tables that list them are at their beginning.
const MOST_OF_TABLES: u64 = 1 << 20;

/// Most entries of a table, and blocks of a resource, that are looked at.
const MOST_ENTRIES: usize = 256;

/// Longest value that is read, in 16-bit characters.
const LONGEST: usize = 512;

/// The number of English of the United States, and of no language.
const ENGLISH: u16 = 0x0409;
const NEUTRAL: u16 = 0;

/// What the resource says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::catalogers) struct VersionResource {
    pub(super) company: Option<String>,
    pub(super) product: Option<String>,
    pub(super) product_version: Option<String>,
    pub(super) file_version: Option<String>,
    pub(super) description: Option<String>,
    /// The product's version in numbers, `1.2.3.4`.
    pub(super) numbers: Option<String>,
    /// Whether it is an assembly of .NET.
    pub(super) is_managed: bool,
}

/// Reads the version resource of a program; nothing if it has none.
pub(super) fn read(program: ProgramData<'_>) -> Option<VersionResource> {
    match object::FileKind::parse(program).ok()? {
        object::FileKind::Pe32 => resource_of(program, &PeFile32::parse(program).ok()?),
        object::FileKind::Pe64 => resource_of(program, &PeFile64::parse(program).ok()?),
        _ => None,
    }
}

fn resource_of<'a, Headers: ImageNtHeaders>(
    program: ProgramData<'a>,
    file: &PeFile<'a, Headers, ProgramData<'a>>,
) -> Option<VersionResource> {
    let sections = file.section_table();
    let directories = file.data_directories();
    // The pictures of a program, which are resources as well, need not be read.
    let at_address = |address: u32, most: u64| {
        let (start, size) = sections.pe_file_range_at(address)?;
        let stretch = program.stretch(start.into(), size.into())?;
        stretch.up_to(0, most)
    };
    let tables = directories.get(pe::IMAGE_DIRECTORY_ENTRY_RESOURCE)?;
    let (tables, size) = tables.address_range();
    let tables = at_address(tables, u64::from(size).min(MOST_OF_TABLES))?;
    let (address, size) = version_data(ResourceDirectory::new(tables))?;
    let mut resource = read_blocks(at_address(address, u64::from(size).min(MOST_BYTES))?);
    let runtime = directories.get(pe::IMAGE_DIRECTORY_ENTRY_COM_DESCRIPTOR);
    resource.is_managed = runtime.is_some_and(|found| found.virtual_address.get(LE) != 0);
    Some(resource)
}

/// Address and size of the version resource: three tables deep, by type, name and language.
fn version_data(resources: ResourceDirectory<'_>) -> Option<(u32, u32)> {
    let table = |entry: &pe::ImageResourceDirectoryEntry| entry.data(resources).ok()?.table();
    let is_version =
        |entry: &&pe::ImageResourceDirectoryEntry| entry.name_or_id().id() == Some(pe::RT_VERSION);
    let names = entries(&resources.root().ok()?)
        .find(is_version)
        .and_then(table)?;
    let languages = entries(&names).find_map(table)?;
    let language = entries(&languages).min_by_key(|entry| match entry.name_or_id().id() {
        Some(ENGLISH) => 0,
        Some(NEUTRAL) => 1,
        _ => 2,
    })?;
    let data = language.data(resources).ok()?.data()?;
    Some((data.offset_to_data.get(LE), data.size.get(LE)))
}

fn entries<'data>(
    table: &ResourceDirectoryTable<'data>,
) -> impl Iterator<Item = &'data pe::ImageResourceDirectoryEntry> + use<'data> {
    table.entries.iter().take(MOST_ENTRIES)
}

/// A block of the resource: a key, a value, and the blocks inside of it.
struct Block<'data> {
    key: String,
    value: &'data [u8],
    inside: &'data [u8],
}

/// The blocks that follow one another in these bytes.
fn blocks(data: &[u8]) -> impl Iterator<Item = Block<'_>> {
    let mut rest = data;
    std::iter::from_fn(move || {
        let length = usize::from(u16_le(rest, 0)?);
        let block = bytes_at(rest, 0, length).unwrap_or(rest);
        rest = rest.get(aligned(length)..).unwrap_or_default();
        read_block(block)
    })
    .take(MOST_ENTRIES)
}

fn read_block(block: &[u8]) -> Option<Block<'_>> {
    let value_length = usize::from(u16_le(block, 2)?);
    let is_text = u16_le(block, 4)? == 1;
    let key_at = bytes_at(block, 6, block.len().checked_sub(6)?)?;
    let key = text(key_at);
    // Three numbers, the key, and the zero that ends it.
    let value_at = aligned(8 + 2 * key.encode_utf16().count());
    let after_key = block.get(value_at..).unwrap_or_default();
    // The length of texts is in characters, of others in bytes; some compilers always take bytes.
    let (value, inside) = if is_text {
        (after_key, after_key)
    } else {
        let value = after_key.get(..value_length).unwrap_or(after_key);
        let inside = after_key.get(aligned(value.len())..).unwrap_or_default();
        (value, inside)
    };
    Some(Block { key, value, inside })
}

/// Blocks and values begin at multiples of four bytes.
fn aligned(length: usize) -> usize {
    length.saturating_add(3) & !3
}

/// The text up to the zero that ends it.
fn text(bytes: &[u8]) -> String {
    let (pairs, _) = bytes.as_chunks::<2>();
    let characters: Vec<u16> = pairs
        .iter()
        .take(LONGEST)
        .map(|pair| u16::from_le_bytes(*pair))
        .take_while(|character| *character != 0)
        .collect();
    String::from_utf16_lossy(&characters)
}

fn read_blocks(data: &[u8]) -> VersionResource {
    let mut resource = VersionResource::default();
    let Some(root) = blocks(data).next() else {
        return resource;
    };
    resource.numbers = product_numbers(root.value);
    let tables = blocks(root.inside)
        .filter(|block| block.key == "StringFileInfo")
        .flat_map(|info| blocks(info.inside).collect::<Vec<_>>());
    for table in tables.take(MOST_ENTRIES) {
        for line in blocks(table.inside) {
            let slot = match line.key.as_str() {
                "CompanyName" => &mut resource.company,
                "ProductName" => &mut resource.product,
                "ProductVersion" => &mut resource.product_version,
                "FileVersion" => &mut resource.file_version,
                "FileDescription" => &mut resource.description,
                _ => continue,
            };
            let value = text(line.value);
            let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
            if slot.is_none() && !value.is_empty() && !value.contains(char::is_control) {
                *slot = Some(value);
            }
        }
    }
    resource
}

/// The product's version of the fixed part; nothing if it is all zeros.
fn product_numbers(fixed: &[u8]) -> Option<String> {
    if u32_le(fixed, 0)? != 0xfeef_04bd {
        return None;
    }
    let (high, low) = (u32_le(fixed, 16)?, u32_le(fixed, 20)?);
    let numbers = [high >> 16, high & 0xffff, low >> 16, low & 0xffff];
    numbers
        .iter()
        .any(|number| *number != 0)
        .then(|| numbers.map(|number| number.to_string()).join("."))
}
