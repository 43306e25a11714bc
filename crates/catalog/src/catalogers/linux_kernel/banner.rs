//! The sentence that every kernel has among its texts and says when it starts:
//! `Linux version 6.1.0-50-arm64 (builder@host) (gcc …) #1 SMP …`.

use std::io::{self, Read};

use memchr::memmem;

const BEGINNING: &[u8] = b"Linux version ";
/// Longest release that is taken for one; the kernel itself allows 64 bytes.
const LONGEST_RELEASE: usize = 64;
/// Bytes that are looked at in one go.
const PIECE: usize = 64 << 10;

/// The release of the kernel in these bytes.
pub(super) fn release_in(content: &[u8]) -> Option<String> {
    memmem::find_iter(content, BEGINNING).find_map(|place| {
        let rest = content.get(place + BEGINNING.len()..)?;
        let end = rest
            .iter()
            .take(LONGEST_RELEASE + 1)
            .position(|byte| !is_of_a_release(*byte))?;
        let release = std::str::from_utf8(rest.get(..end)?).ok()?;
        // The builder stands behind it; the texts with which other places name the kernel differ.
        let is_release = release.starts_with(|first: char| first.is_ascii_digit())
            && release.contains('.')
            && rest.get(end..)?.starts_with(b" (");
        is_release.then(|| release.to_owned())
    })
}

/// The release of the kernel in a stream of at most so many bytes, of which little is kept.
pub(super) fn release_in_stream(reader: impl Read, most: u64) -> io::Result<Option<String>> {
    let mut reader = reader.take(most);
    let overlap = BEGINNING.len() + LONGEST_RELEASE + 2;
    let mut window = Vec::with_capacity(PIECE + overlap);
    loop {
        let kept = window.len();
        let count = (&mut reader).take(PIECE as u64).read_to_end(&mut window)?;
        if let Some(release) = release_in(&window) {
            return Ok(Some(release));
        }
        if count == 0 {
            return Ok(None);
        }
        window.drain(..(kept + count).saturating_sub(overlap));
    }
}

fn is_of_a_release(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b".-_+~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_is_found_wherever_it_stands() {
        let banner = b"Linux version 6.1.0-50-arm64 (a@b) (gcc) #1 SMP\n";
        for before in [0, 1, PIECE - 3, PIECE - 40, PIECE + 5, 3 * PIECE - 20] {
            let mut image = b"Linux version %s (%s)\nLinux version 4 more words".to_vec();
            image.resize(before.max(image.len()), 0);
            image.extend(banner);
            image.resize(image.len() + 100, b'x');
            assert_eq!(release_in(&image).as_deref(), Some("6.1.0-50-arm64"));
            let found = release_in_stream(&*image, u64::MAX).unwrap();
            assert_eq!(found.as_deref(), Some("6.1.0-50-arm64"), "{before}");
            let cut = (image.len() - 160) as u64;
            assert_eq!(release_in_stream(&*image, cut.min(40)).unwrap(), None);
        }
    }
}
