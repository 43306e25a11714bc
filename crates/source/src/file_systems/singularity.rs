//! Images of Singularity and Apptainer: a list of parts, of which one is the root file system.
//! Format: <https://github.com/apptainer/sif/blob/main/docs/specification.md>. Signatures and
//! definitions in it are not looked at.

use std::io;

use super::broken;
use super::window::Window;

const MAGIC: &[u8] = b"SIF_MAGIC\0";
/// Where the magic is: behind a line that makes the file a program.
const MAGIC_AT: usize = 32;
const HEADER: usize = 128;
const DESCRIPTOR: usize = 585;
/// Most parts; real images have about five.
const MOST_DESCRIPTORS: i64 = 10_000;

/// The part's sort: a file system.
const PARTITION: i32 = 0x4004;
/// The file system that the image runs on.
const PRIMARY: i32 = 2;

/// The root file system of an image.
#[derive(Debug)]
pub(super) struct Partition {
    pub(super) window: Window,
    pub(super) platform: Option<String>,
}

pub(super) fn is_image(window: &Window) -> bool {
    window
        .start::<HEADER>()
        .is_some_and(|start| start[MAGIC_AT..].starts_with(MAGIC))
}

/// Finds the root file system.
pub(super) fn root_file_system(window: &Window) -> io::Result<Partition> {
    let header: [u8; HEADER] = window.start().ok_or_else(|| broken("it is cut off"))?;
    let total = number_at(&header, 88);
    let at = number_at(&header, 96);
    if !(0..=MOST_DESCRIPTORS).contains(&total) {
        return Err(broken("it has more parts than any real image"));
    }
    let mut at = u64::try_from(at).map_err(|_| broken("its list of parts is nowhere"))?;
    for _ in 0..total {
        let mut descriptor = [0; DESCRIPTOR];
        window.read(at, &mut descriptor)?;
        at = at.saturating_add(DESCRIPTOR as u64);
        let is_used = descriptor[4] == 1;
        let [kind, system, part] = [0, 201, 205].map(|at| short_number_at(&descriptor, at));
        if !is_used || kind != PARTITION || part != PRIMARY {
            continue;
        }
        match system {
            1 => {}
            2 => return Err(broken("its file system is ext3, which is not read")),
            5 => return Err(broken("its file system is encrypted")),
            _ => return Err(broken("its file system is none that is read")),
        }
        let [offset, size] = [17, 25].map(|at| u64::try_from(number_at(&descriptor, at)).ok());
        let window = offset
            .zip(size)
            .and_then(|(offset, size)| window.part(offset, size))
            .ok_or_else(|| broken("it is cut off"))?;
        return Ok(Partition {
            window,
            platform: platform(&descriptor[209..212]),
        });
    }
    Err(broken("it has no root file system"))
}

/// The processor, as the image's makers number them.
fn platform(architecture: &[u8]) -> Option<String> {
    let name = match architecture.get(..2)? {
        b"01" => "386",
        b"02" => "amd64",
        b"03" => "arm",
        b"04" => "arm64",
        b"05" => "ppc64",
        b"06" => "ppc64le",
        b"11" => "s390x",
        b"12" => "riscv64",
        _ => return None,
    };
    Some(format!("linux/{name}"))
}

fn number_at(bytes: &[u8], at: usize) -> i64 {
    bytes
        .get(at..at + 8)
        .and_then(|bytes| bytes.try_into().ok())
        .map_or(-1, i64::from_le_bytes)
}

fn short_number_at(bytes: &[u8], at: usize) -> i32 {
    bytes
        .get(at..at + 4)
        .and_then(|bytes| bytes.try_into().ok())
        .map_or(-1, i32::from_le_bytes)
}
