//! Disks of virtual machines, as the files that hold them: the bytes of the disk, whatever the
//! format. The crates that exist follow the paths in a disk to other files, or bring an
//! asynchronous runtime; here a disk that needs another file is refused.

mod blocks;
mod qcow2;
mod vdi;
mod vhd;
mod vmdk;

use std::io;

use super::broken;
use super::window::Window;

/// How a disk is opened; nothing if the file is none of this format.
type Opener = fn(&Window) -> io::Result<Option<Window>>;

const FORMATS: &[Opener] = &[qcow2::open, vmdk::open, vhd::open, vdi::open, vhdx];

/// The bytes of the disk that a file holds, and whether it holds one: any other file may be a disk
/// as it is.
pub(super) fn open(file: &Window) -> io::Result<Option<Window>> {
    for open in FORMATS {
        if let Some(disk) = open(file)? {
            return Ok(Some(disk));
        }
    }
    Ok(None)
}

fn vhdx(file: &Window) -> io::Result<Option<Window>> {
    match file.start::<8>() {
        Some(start) if start == *b"vhdxfile" => Err(convert("it is a disk of Hyper-V (VHDX)")),
        _ => Ok(None),
    }
}

/// What is refused, with what helps.
fn convert(what: &str) -> io::Error {
    broken(format!(
        "{what}, which is not read\nhint: `qemu-img convert -O qcow2` makes a disk that is"
    ))
}

fn u32_le(bytes: &[u8], at: usize) -> u32 {
    array(bytes, at).map_or(0, u32::from_le_bytes)
}

fn u64_le(bytes: &[u8], at: usize) -> u64 {
    array(bytes, at).map_or(0, u64::from_le_bytes)
}

fn u32_be(bytes: &[u8], at: usize) -> u32 {
    array(bytes, at).map_or(0, u32::from_be_bytes)
}

fn u64_be(bytes: &[u8], at: usize) -> u64 {
    array(bytes, at).map_or(0, u64::from_be_bytes)
}

fn array<const COUNT: usize>(bytes: &[u8], at: usize) -> Option<[u8; COUNT]> {
    bytes.get(at..)?.first_chunk().copied()
}
