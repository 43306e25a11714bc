//! Tiny ELF programs, written by hand: a header, one writable segment, one named section and the
//! section of names. Nothing in them can run.

/// Where the bytes of the section lie, in the file and in memory.
pub(crate) const DATA_OFFSET: usize = 0x100;
pub(crate) const DATA_ADDRESS: u64 = 0x10000;

/// A 64-bit little-endian ELF file that holds these bytes in a section with this name; without a
/// name, only in a segment, as in a program whose sections were stripped.
pub(crate) fn elf_with(section: Option<&str>, data: &[u8]) -> Vec<u8> {
    let names = format!("\0{}\0.shstrtab\0", section.unwrap_or_default());
    let names_offset = DATA_OFFSET + data.len();
    let sections_offset = (names_offset + names.len()).next_multiple_of(8);
    let sections: u16 = if section.is_some() { 3 } else { 0 };

    let mut file = Vec::new();
    file.extend([0x7f, b'E', b'L', b'F', 2, 1, 1, 0]);
    file.extend([0; 8]);
    for half in [2_u16, 62] {
        file.extend(half.to_le_bytes());
    }
    file.extend(1_u32.to_le_bytes());
    let sections_at = if section.is_some() {
        sections_offset as u64
    } else {
        0
    };
    for word in [DATA_ADDRESS, 64, sections_at] {
        file.extend(word.to_le_bytes());
    }
    file.extend(0_u32.to_le_bytes());
    for half in [64_u16, 56, 1, 64, sections, sections.saturating_sub(1)] {
        file.extend(half.to_le_bytes());
    }
    // The segment: loaded, readable and writable.
    file.extend(1_u32.to_le_bytes());
    file.extend(6_u32.to_le_bytes());
    let length = data.len() as u64;
    for word in [
        DATA_OFFSET as u64,
        DATA_ADDRESS,
        DATA_ADDRESS,
        length,
        length,
        16,
    ] {
        file.extend(word.to_le_bytes());
    }
    file.resize(DATA_OFFSET, 0);
    file.extend(data);
    if section.is_none() {
        return file;
    }
    file.extend(names.as_bytes());
    file.resize(sections_offset, 0);
    let mut header = |name: u32, kind: u32, address: u64, offset: usize, size: usize| {
        file.extend(name.to_le_bytes());
        file.extend(kind.to_le_bytes());
        for word in [3, address, offset as u64, size as u64] {
            file.extend(word.to_le_bytes());
        }
        file.extend([0; 8]);
        for word in [1_u64, 0] {
            file.extend(word.to_le_bytes());
        }
    };
    header(0, 0, 0, 0, 0);
    header(1, 1, DATA_ADDRESS, DATA_OFFSET, data.len());
    let names_at = names.find(".shstrtab").unwrap_or_default() as u32;
    header(names_at, 3, 0, names_offset, names.len());
    file
}

/// Writes a file that may be executed.
pub(crate) fn write_program(path: &std::path::Path, content: &[u8]) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, content).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}
