//! The boot protocol of x86: <https://docs.kernel.org/arch/x86/boot.html#the-real-mode-kernel-header>.

use crate::documents::binary::{bytes_at, u16_le};

/// Where the header's signature stands.
const SIGNATURE_AT: usize = 0x202;
const SIGNATURE: &[u8] = b"HdrS";
/// Where the place of the version's text stands, counted from the first sector.
const VERSION_AT: usize = 0x20e;
const SECTOR: usize = 0x200;

/// Longest text that is taken for a version.
const LONGEST: usize = 256;

/// Whether this is a boot image of x86.
pub(super) fn has_header(image: &[u8]) -> bool {
    bytes_at(image, SIGNATURE_AT, SIGNATURE.len()) == Some(SIGNATURE)
}

/// The release of the kernel in a boot image: the first word of its version.
pub(super) fn release(image: &[u8]) -> Option<String> {
    if !has_header(image) {
        return None;
    }
    let place = usize::from(u16_le(image, VERSION_AT)?);
    if place == 0 {
        return None;
    }
    let text = image.get(SECTOR + place..)?;
    let end = text.iter().take(LONGEST).position(|&byte| byte == 0)?;
    let version = std::str::from_utf8(text.get(..end)?).ok()?;
    let release = version.split_ascii_whitespace().next()?;
    release
        .starts_with(|first: char| first.is_ascii_digit())
        .then(|| release.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_release_is_the_first_word() {
        let mut image = vec![0; 0x400];
        image[SIGNATURE_AT..][..4].copy_from_slice(SIGNATURE);
        image[VERSION_AT..][..2].copy_from_slice(&0x100_u16.to_le_bytes());
        image[0x300..][..29].copy_from_slice(b"6.1.0-18-amd64 (builder@x) #1");
        assert_eq!(release(&image).as_deref(), Some("6.1.0-18-amd64"));
        image[VERSION_AT + 1] = 0xff;
        assert_eq!(release(&image), None);
        assert_eq!(release(&image[..0x205]), None);
    }
}
