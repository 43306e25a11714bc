//! Images that a boot loader or firmware starts, of every processor. The boot protocol of x86 has
//! the version in its header: <https://docs.kernel.org/arch/x86/boot.html>. In others it stands only
//! in the kernel itself, which lies there plain (arm64, RISC-V, ELF), compressed as a whole
//! (`Image.gz`), or compressed behind a program that unpacks it (`zImage`, EFI's zboot, U-Boot):
//! <https://docs.kernel.org/arch/arm64/booting.html>.
//!
//! Kernels compressed with lz4 or lzo are told, and not unpacked.

use memchr::memmem;

use super::banner::{release_in, release_in_stream};
use crate::documents::binary::{bytes_at, u16_le, u32_le};
use crate::executable_files::Executable;
use crate::packed_stream::Packing;

/// Where the header's signature stands.
const SIGNATURE_AT: usize = 0x202;
const SIGNATURE: &[u8] = b"HdrS";
/// Where the place of the version's text stands, counted from the first sector.
const VERSION_AT: usize = 0x20e;
const SECTOR: usize = 0x200;

/// Longest text that is taken for a version.
const LONGEST: usize = 256;

/// Most bytes that the kernels in one image may unpack to.
const MOST_UNPACKED: u64 = 256 << 20;
/// Most places of one image at which something compressed seems to begin.
const MOST_PLACES: usize = 32;

/// What is known of a file that may be a kernel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum BootImage {
    /// A kernel of this release.
    Release(String),
    /// A kernel that does not tell its release, and why.
    Unknown(&'static str),
    /// Something else.
    Other,
}

/// Looks at a file.
pub(super) fn read(image: &[u8]) -> BootImage {
    let release = |found: Option<String>, otherwise| {
        found.map_or(BootImage::Unknown(otherwise), BootImage::Release)
    };
    if has_x86_header(image) {
        return release(
            x86_release(image),
            "is a kernel whose header names no version",
        );
    }
    if let Some(payload) = zboot_payload(image) {
        let Some(packing) = Packing::of(payload) else {
            return BootImage::Unknown("is a kernel in a compression that is not read");
        };
        return release(
            unpacked_release(payload, packing),
            "is a kernel that can not be unpacked, or names no version",
        );
    }
    if let Some(packing) = Packing::of(image) {
        // A file with such a name may hold anything else.
        return unpacked_release(image, packing).map_or(BootImage::Other, BootImage::Release);
    }
    if is_unified(image) {
        return release(
            unified_release(image),
            "is a unified kernel image that names no version",
        );
    }
    if is_plain_image(image) || image.starts_with(b"\x7fELF") {
        let found = release_in(image);
        if found.is_none() && image.starts_with(b"\x7fELF") {
            // The program that unpacks a kernel may itself be an ELF file.
            return packed_release(image).map_or(BootImage::Other, BootImage::Release);
        }
        return release(found, "is a kernel that names no version");
    }
    if is_packed_image(image) {
        return release(
            release_in(image).or_else(|| packed_release(image)),
            "is a kernel in a compression that is not read",
        );
    }
    BootImage::Other
}

/// Whether this is a boot image of x86.
fn has_x86_header(image: &[u8]) -> bool {
    bytes_at(image, SIGNATURE_AT, SIGNATURE.len()) == Some(SIGNATURE)
}

/// The release of the kernel in a boot image of x86: the first word of its version.
fn x86_release(image: &[u8]) -> Option<String> {
    let place = usize::from(u16_le(image, VERSION_AT)?);
    if place == 0 {
        return None;
    }
    let text = image.get(SECTOR + place..)?;
    let end = text.iter().take(LONGEST).position(|&byte| byte == 0)?;
    first_word(text.get(..end)?)
}

/// A release at the beginning of a text.
fn first_word(text: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(text).ok()?;
    let release = text
        .split(|c: char| c.is_ascii_whitespace() || c == '\0')
        .next()?;
    release
        .starts_with(|first: char| first.is_ascii_digit())
        .then(|| release.to_owned())
}

/// The compressed kernel behind the program that EFI starts.
fn zboot_payload(image: &[u8]) -> Option<&[u8]> {
    if !image.starts_with(b"MZ") || bytes_at(image, 4, 4) != Some(b"zimg") {
        return None;
    }
    let [start, size] = [8, 12].map(|at| u32_le(image, at));
    bytes_at(image, start? as usize, size? as usize)
}

/// Headers of arm64, RISC-V and LoongArch, behind which the kernel lies as it is in memory.
fn is_plain_image(image: &[u8]) -> bool {
    matches!(
        bytes_at(image, 0x38, 4),
        Some(b"ARM\x64" | b"RSC\x05" | b"\xcd\x23\x82\x81")
    )
}

/// Headers of images that unpack themselves, or that a boot loader unpacks: ARM and U-Boot.
fn is_packed_image(image: &[u8]) -> bool {
    bytes_at(image, 0x24, 4) == Some(&[0x18, 0x28, 0x6f, 0x01])
        || image.starts_with(&[0x27, 0x05, 0x19, 0x56])
}

/// A kernel with its command line and initial file system in one program of EFI:
/// <https://uapi-group.org/specifications/specs/unified_kernel_image/>.
fn is_unified(image: &[u8]) -> bool {
    image.starts_with(b"MZ") && section(image, ".linux").is_some()
}

/// What its section `.uname` says, or the kernel in it.
fn unified_release(image: &[u8]) -> Option<String> {
    if let Some(name) = section(image, ".uname").and_then(first_word) {
        return Some(name);
    }
    let kernel = section(image, ".linux")?;
    // It is a program of EFI as well; one that claims to be unified again is no kernel.
    if is_unified(kernel) {
        return None;
    }
    match read(kernel) {
        BootImage::Release(release) => Some(release),
        _ => None,
    }
}

fn section<'a>(image: &'a [u8], name: &str) -> Option<&'a [u8]> {
    Executable::all_in(image).first()?.section(name)
}

fn unpacked_release(payload: &[u8], packing: Packing) -> Option<String> {
    let reader = packing.reader(payload).ok()?;
    release_in_stream(reader, MOST_UNPACKED).ok()?
}

/// Looks for a compressed kernel anywhere in an image. What looks like the beginning of one often
/// is none.
fn packed_release(image: &[u8]) -> Option<String> {
    const BEGINNINGS: [&[u8]; 4] = [
        &[0x1f, 0x8b, 8],
        &[0xfd, b'7', b'z', b'X', b'Z', 0],
        &[0x28, 0xb5, 0x2f, 0xfd],
        &[0x5d, 0, 0],
    ];
    let mut left = MOST_UNPACKED;
    BEGINNINGS.iter().find_map(|beginning| {
        let places = memmem::find_iter(image, beginning).take(MOST_PLACES);
        let mut rests = places.filter_map(|place| image.get(place..));
        rests.find_map(|rest| {
            let reader = Packing::of(rest)?.reader(rest).ok()?;
            let mut counted = Counted { reader, count: 0 };
            let found = release_in_stream(&mut counted, left);
            left = left.saturating_sub(counted.count);
            found.ok()?
        })
    })
}

/// Counts what passes.
struct Counted<R> {
    reader: R,
    count: u64,
}

impl<R: std::io::Read> std::io::Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.count += count as u64;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BANNER: &[u8] = b"Linux version 6.6.1-arm (a@b) (gcc) #1 SMP\n";

    fn gzip(content: &[u8]) -> Vec<u8> {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        std::io::Write::write_all(&mut out, content).unwrap();
        out.finish().unwrap()
    }

    fn release(image: &[u8]) -> Option<String> {
        match read(image) {
            BootImage::Release(release) => Some(release),
            _ => None,
        }
    }

    #[test]
    fn the_release_of_x86_is_the_first_word() {
        let mut image = vec![0; 0x400];
        image[SIGNATURE_AT..][..4].copy_from_slice(SIGNATURE);
        image[VERSION_AT..][..2].copy_from_slice(&0x100_u16.to_le_bytes());
        image[0x300..][..29].copy_from_slice(b"6.1.0-18-amd64 (builder@x) #1");
        assert_eq!(release(&image).as_deref(), Some("6.1.0-18-amd64"));
        image[VERSION_AT + 1] = 0xff;
        assert_eq!(release(&image), None);
        assert_eq!(read(&image[..0x205]), BootImage::Other);
    }

    #[test]
    fn kernels_are_found_plain_and_packed() {
        let kernel = [&vec![7; 100_000], BANNER, &vec![9; 50_000]].concat();
        let packed = gzip(&kernel);
        let mut plain = vec![0; 64];
        plain[0x38..0x3c].copy_from_slice(b"ARM\x64");
        let mut zboot = b"MZ\0\0zimg\x40\0\0\0".to_vec();
        zboot.extend((packed.len() as u32).to_le_bytes());
        zboot.resize(64, 0);
        let mut arm = vec![0; 0x24];
        arm.extend([0x18, 0x28, 0x6f, 0x01]);
        // Something that only begins like a compressed stream comes first.
        arm.extend([0x1f, 0x8b, 8, 0, 0, 0x1f, 0x8b, 8]);
        let u_boot = [0x27, 0x05, 0x19, 0x56];
        for image in [
            [&plain[..], &kernel].concat(),
            [&zboot[..], &packed].concat(),
            packed.clone(),
            [&arm[..], &packed, b"behind"].concat(),
            [&u_boot[..], &[0; 60], &packed].concat(),
            [b"\x7fELF", &kernel[..]].concat(),
            [b"\x7fELF", &packed[..]].concat(),
        ] {
            assert_eq!(release(&image).as_deref(), Some("6.6.1-arm"));
            // Cut off, it is no kernel or an unknown one.
            assert_eq!(release(&image[..100.min(image.len())]), None);
        }
        assert_eq!(
            read(&plain),
            BootImage::Unknown("is a kernel that names no version")
        );
        assert_eq!(
            read(&arm),
            BootImage::Unknown("is a kernel in a compression that is not read")
        );
        assert_eq!(read(&gzip(b"a text")), BootImage::Other);
        assert_eq!(read(b""), BootImage::Other);
    }
}
