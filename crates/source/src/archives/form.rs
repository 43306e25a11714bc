//! What sort of archive some bytes are, told by their first ones.

use super::bytes::{Bytes, start_of};
use super::zip_directory::ends_like_a_zip;
use super::{ar, cpio, rpm};
use crate::layer::looks_like_tar;

/// Sorts of archives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Zip,
    Tar,
    /// Debian's packages.
    Ar,
    Cpio,
    Rpm,
    /// Something compressed, as a rule a tar.
    Compressed,
}

/// The form of an archive of this name; nothing if it is none.
pub(crate) fn form_of(bytes: &dyn Bytes, name: &str) -> std::io::Result<Option<Form>> {
    let start = start_of(bytes, 512)?;
    Ok(match start.as_slice() {
        [b'P', b'K', 3 | 5, 4 | 6, ..] => Some(Form::Zip),
        start if start.starts_with(ar::MAGIC) => Some(Form::Ar),
        start if start.starts_with(rpm::MAGIC) => Some(Form::Rpm),
        start if cpio::MAGICS.iter().any(|magic| start.starts_with(*magic)) => Some(Form::Cpio),
        start if looks_like_tar(start) => Some(Form::Tar),
        start if is_compressed(start) => Some(Form::Compressed),
        // A script that starts it, or a signature, may stand before a zip.
        _ if may_have_a_start(name) && ends_like_a_zip(bytes) => Some(Form::Zip),
        _ => None,
    })
}

/// Whether these are the first bytes of a compressed stream that is read.
fn is_compressed(start: &[u8]) -> bool {
    matches!(
        start,
        [0x1f, 0x8b, ..]
            | [0x28, 0xb5, 0x2f, 0xfd, ..]
            | [0xfd, b'7', b'z', b'X', b'Z', ..]
            | [b'B', b'Z', b'h', b'1'..=b'9', ..]
            | [0x04, 0x22, 0x4d, 0x18, ..]
    )
}

fn may_have_a_start(name: &str) -> bool {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    ["jar", "war", "crx", "jmod", "pex", "pyz", "egg", "zip"]
        .iter()
        .any(|known| ending.eq_ignore_ascii_case(known))
}
