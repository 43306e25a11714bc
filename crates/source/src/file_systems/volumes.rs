//! The file systems of a disk, put together as the system that starts from it sees them: the root
//! first, the others where its `/etc/fstab` mounts them. What no such line names is put below
//! `partition-N`. File systems that are not read are told.

use std::collections::BTreeSet;
use std::io;

use super::ext4::{ExtFileSystem, is_ext4};
use super::partitions::Partition;
use super::squashfs::{SquashFs, SquashTar, is_squashfs};
use super::tar_sink::TarSink;
use super::window::Window;
use crate::Limits;

/// Files by one of which a root is known.
const OF_A_ROOT: &[&str] = &[
    "/etc/fstab",
    "/etc/os-release",
    "/usr/lib/os-release",
    "/etc/passwd",
];

/// What is said of a partition whose beginning says nothing.
pub(super) const UNKNOWN: &str = "something that is not known";

/// What a partition holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    Ext4,
    SquashFs,
    /// Nothing that could hold packages: swap, or zeros.
    Nothing,
    /// A file system that is not read.
    Unread(&'static str),
}

/// What begins here.
pub(super) fn content(window: &Window) -> Content {
    const UNREAD: &[(u64, &[u8], &str)] = &[
        (0, b"XFSB", "XFS"),
        (0x1_0040, b"_BHRfS_M", "Btrfs"),
        (0, b"LUKS\xba\xbe", "an encrypted volume (LUKS)"),
        (512, b"LABELONE", "a volume of LVM"),
        (3, b"NTFS    ", "NTFS"),
        (3, b"EXFAT   ", "exFAT"),
        (82, b"FAT32   ", "FAT"),
        (54, b"FAT16   ", "FAT"),
        (54, b"FAT12   ", "FAT"),
        (1024, b"\x10\x20\xf5\xf2", "F2FS"),
        (1024, b"\xe2\xe1\xf5\xe0", "EROFS"),
        (0x8001, b"CD001", "ISO 9660"),
    ];
    if is_ext4(window) {
        return Content::Ext4;
    }
    if is_squashfs(window) {
        return Content::SquashFs;
    }
    let known = UNREAD.iter().find(|(at, magic, _)| {
        let mut bytes = vec![0; magic.len()];
        window.read(*at, &mut bytes).is_ok() && bytes == *magic
    });
    if let Some((_, _, name)) = known {
        return Content::Unread(name);
    }
    let is_swap = window
        .array::<10>(4086)
        .is_ok_and(|magic| magic == *b"SWAPSPACE2");
    let is_empty = window
        .array::<4096>(0)
        .is_ok_and(|start| start.iter().all(|byte| *byte == 0));
    if is_swap || is_empty {
        Content::Nothing
    } else {
        Content::Unread(UNKNOWN)
    }
}

/// A file system while the tar is written.
struct Volume {
    partition: Partition,
    system: System,
}

enum System {
    Ext(ExtFileSystem),
    Squash(SquashFs),
}

/// Writes all file systems of these partitions into one tar.
pub(super) fn write(
    partitions: Vec<Partition>,
    limits: &Limits,
    sink: &mut TarSink,
) -> io::Result<BTreeSet<String>> {
    let mut remarks = BTreeSet::new();
    let mut volumes = Vec::new();
    for partition in partitions {
        let number = partition.number;
        let window = partition.window.clone();
        let opened = match content(&window) {
            Content::Ext4 => ExtFileSystem::open(&window).map(System::Ext),
            Content::SquashFs => SquashFs::open(window).map(System::Squash),
            Content::Nothing => continue,
            Content::Unread(name) => {
                remarks.insert(format!(
                    "partition {number} holds {name}, which is not read"
                ));
                continue;
            }
        };
        match opened {
            Ok(system) => volumes.push(Volume { partition, system }),
            Err(error) => {
                remarks.insert(format!("partition {number} can not be read: {error}"));
            }
        }
    }
    let root = volumes
        .iter()
        .position(Volume::is_root)
        .or_else(|| (volumes.len() == 1).then_some(0));
    let mut mounts = Vec::new();
    if let Some(root) = root {
        let root = volumes.remove(root);
        mounts = root.mounts();
        volumes.insert(0, root);
    }
    for (place, volume) in volumes.into_iter().enumerate() {
        let folder = match mounts.iter().find(|(spec, _)| volume.is_named(spec)) {
            _ if place == 0 && root.is_some() => String::new(),
            Some((_, folder)) => folder.clone(),
            None => format!("partition-{}/", volume.partition.number),
        };
        sink.set_below(&folder);
        match volume.system {
            System::Ext(system) => system.write(sink, limits, &mut remarks)?,
            System::Squash(system) => {
                let tar = SquashTar::below(folder.as_bytes(), system, *limits)?;
                sink.copy(tar)?;
            }
        }
    }
    Ok(remarks)
}

impl Volume {
    fn is_root(&self) -> bool {
        match &self.system {
            System::Ext(system) => system.has_any(OF_A_ROOT),
            System::Squash(_) => false,
        }
    }

    /// What is mounted where, as its `/etc/fstab` says: the first two words of each line.
    fn mounts(&self) -> Vec<(String, String)> {
        let System::Ext(system) = &self.system else {
            return Vec::new();
        };
        let table = system.small_file("/etc/fstab").unwrap_or_default();
        let lines = table.lines().map(str::trim);
        lines
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| {
                let mut words = line.split_ascii_whitespace();
                let (spec, place) = (words.next()?, words.next()?);
                let parts: Vec<&str> = place
                    .strip_prefix('/')?
                    .split('/')
                    .filter(|part| !part.is_empty())
                    .collect();
                let is_clean = parts.iter().all(|part| !matches!(*part, "." | ".."));
                (is_clean && !parts.is_empty())
                    .then(|| (spec.to_owned(), format!("{}/", parts.join("/"))))
            })
            .collect()
    }

    /// Whether a word of `/etc/fstab` means it.
    fn is_named(&self, spec: &str) -> bool {
        let (kind, value) = spec.split_once('=').unwrap_or(("", spec));
        let value = value.trim_matches('"');
        match (kind, &self.system) {
            ("UUID", System::Ext(system)) => system.id().eq_ignore_ascii_case(value),
            ("LABEL", System::Ext(system)) => !value.is_empty() && system.label() == value,
            ("PARTUUID", _) => {
                let id = self.partition.id.as_deref();
                id.is_some_and(|id| id.eq_ignore_ascii_case(value))
            }
            ("", _) => {
                let digits = value.rsplit(|c: char| !c.is_ascii_digit()).next();
                value.starts_with("/dev/")
                    && digits.and_then(|digits| digits.parse().ok()) == Some(self.partition.number)
            }
            _ => false,
        }
    }
}
