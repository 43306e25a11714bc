//! What the first bytes of a program say: its format, the processor that it is for, and whether it
//! is a program or a shared library.

/// How many bytes tell all of it.
pub(crate) const HEAD: u32 = 1024;

/// What is known of a program from its header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ProgramHeader {
    /// `ELF`, `PE` or `Mach-O`, of which the system that it runs on follows.
    pub(crate) format: &'static str,
    /// The processor.
    pub(crate) architecture: &'static str,
    pub(crate) is_library: bool,
}

impl ProgramHeader {
    /// Reads the header; nothing if the bytes are none, or those of an object file that nobody runs.
    pub(crate) fn read(head: &[u8], name: &str) -> Option<Self> {
        match head {
            [0x7f, b'E', b'L', b'F', ..] => elf(head, name),
            [b'M', b'Z', ..] => pe(head),
            [0xca, 0xfe, 0xba, 0xbe, ..] => Some(Self {
                format: "Mach-O",
                architecture: "several processors",
                is_library: name.ends_with("lib"),
            }),
            [0xfe, 0xed, 0xfa, 0xce | 0xcf, rest @ ..] => macho(rest, u32::from_be_bytes),
            [0xce | 0xcf, 0xfa, 0xed, 0xfe, rest @ ..] => macho(rest, u32::from_le_bytes),
            _ => None,
        }
    }

    /// In words: `ELF, x86-64`.
    pub(crate) fn in_words(self) -> String {
        format!("{}, {}", self.format, self.architecture)
    }
}

fn bytes_at<const LENGTH: usize>(head: &[u8], at: usize) -> Option<[u8; LENGTH]> {
    head.get(at..)?.first_chunk::<LENGTH>().copied()
}

/// <https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html>
fn elf(head: &[u8], name: &str) -> Option<ProgramHeader> {
    let number = |at| {
        let bytes = bytes_at(head, at)?;
        // The sixth byte says how numbers are stored.
        Some(match head.get(5)? {
            2 => u16::from_be_bytes(bytes),
            _ => u16::from_le_bytes(bytes),
        })
    };
    let is_wide = head.get(4) == Some(&2);
    let architecture = match number(18)? {
        2 | 18 | 43 => "SPARC",
        3 => "x86",
        8 => "MIPS",
        20 => "PowerPC",
        21 => "PowerPC 64",
        22 => "s390",
        40 => "ARM",
        62 if is_wide => "x86-64",
        62 => "x32",
        183 => "AArch64",
        243 => "RISC-V",
        247 => "BPF",
        258 => "LoongArch",
        _ => "an unknown processor",
    };
    // 2 is a program at a fixed address; 3 a library, or a program that may lie anywhere.
    let is_library = match number(16)? {
        2 => false,
        3 => name.contains(".so") || name.starts_with("lib"),
        _ => return None,
    };
    Some(ProgramHeader {
        format: "ELF",
        architecture,
        is_library,
    })
}

/// <https://learn.microsoft.com/en-us/windows/win32/debug/pe-format>
fn pe(head: &[u8]) -> Option<ProgramHeader> {
    let start = usize::try_from(u32::from_le_bytes(bytes_at(head, 0x3c)?)).ok()?;
    if bytes_at(head, start)? != *b"PE\0\0" {
        return None;
    }
    let number = |offset: usize| {
        Some(u16::from_le_bytes(bytes_at(
            head,
            start.checked_add(offset)?,
        )?))
    };
    let architecture = match number(4)? {
        0x14c => "x86",
        0x1c0 | 0x1c4 => "ARM",
        0x8664 => "x86-64",
        0xaa64 => "AArch64",
        _ => "an unknown processor",
    };
    Some(ProgramHeader {
        format: "PE",
        architecture,
        is_library: number(22)? & 0x2000 != 0,
    })
}

fn macho(rest: &[u8], number: fn([u8; 4]) -> u32) -> Option<ProgramHeader> {
    let architecture = match number(bytes_at(rest, 0)?) {
        7 => "x86",
        12 => "ARM",
        18 => "PowerPC",
        0x0100_0007 => "x86-64",
        0x0100_000c => "AArch64",
        _ => "an unknown processor",
    };
    // 2 is a program, 6 a library, 8 a bundle that is loaded like one; others are no programs.
    let is_library = match number(bytes_at(rest, 8)?) {
        2 => false,
        6 | 8 => true,
        _ => return None,
    };
    Some(ProgramHeader {
        format: "Mach-O",
        architecture,
        is_library,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_read_and_short_ones_are_none() {
        let mut elf = vec![0; 64];
        elf[..4].copy_from_slice(b"\x7fELF");
        (elf[4], elf[5], elf[16], elf[18]) = (2, 1, 3, 183);
        let read = |bytes: &[u8], name| ProgramHeader::read(bytes, name);
        assert_eq!(read(&elf, "libx.so.1").unwrap().in_words(), "ELF, AArch64");
        assert!(read(&elf, "libx.so.1").unwrap().is_library);
        assert!(!read(&elf, "tool").unwrap().is_library);
        elf[16] = 1;
        assert_eq!(read(&elf, "x.o"), None);

        let mut pe = vec![0; 512];
        pe[..2].copy_from_slice(b"MZ");
        pe[0x3c] = 0x80;
        pe[0x80..0x86].copy_from_slice(b"PE\0\0\x64\x86");
        pe[0x97] = 0x20;
        assert_eq!(read(&pe, "x.dll").unwrap().in_words(), "PE, x86-64");
        assert!(read(&pe, "x.dll").unwrap().is_library);
        for length in 0..0x97 {
            assert_eq!(read(&pe[..length], "x"), None);
        }
        let macho = [0xcf, 0xfa, 0xed, 0xfe, 7, 0, 0, 1, 3, 0, 0, 0, 2, 0, 0, 0];
        assert_eq!(read(&macho, "x").unwrap().in_words(), "Mach-O, x86-64");
        assert_eq!(read(b"#!/bin/sh", "x"), None);
    }
}
