//! What a checkout has in `.git` and an archive has not: at which commits the submodules are, and
//! where the repository came from. A reader of folders finds it in the index and the settings; the
//! same files are made here, with nothing else in them.

use super::submodules::Submodule;

/// Index of git, version 2, with submodules alone: <https://git-scm.com/docs/index-format>.
/// Nothing for repositories with SHA-256, whose index no reader here knows.
pub(super) fn index(submodules: &[Submodule]) -> Option<Vec<u8>> {
    const GITLINK: u32 = 0o160_000;
    let mut sorted: Vec<&Submodule> = submodules.iter().collect();
    sorted.sort_by(|a, b| a.path.cmp(&b.path));
    let mut index = b"DIRC\0\0\0\x02".to_vec();
    index.extend(u32::try_from(sorted.len()).ok()?.to_be_bytes());
    for submodule in sorted {
        let begins = index.len();
        // Times and places of a file that is none.
        index.extend([0; 24]);
        index.extend(GITLINK.to_be_bytes());
        index.extend([0; 12]);
        index.extend(commit_bytes(&submodule.commit)?);
        let length = submodule.path.len().min(0xfff) as u16;
        index.extend(length.to_be_bytes());
        index.extend(submodule.path.as_bytes());
        // One to eight zeros, up to a multiple of eight bytes.
        let end = (index.len() - begins + 1).next_multiple_of(8);
        index.resize(begins + end, 0);
    }
    index.extend([0; 20]);
    Some(index)
}

fn commit_bytes(commit: &str) -> Option<[u8; 20]> {
    let digits = commit.as_bytes();
    let mut bytes = [0; 20];
    if digits.len() != 2 * bytes.len() {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let pair = std::str::from_utf8(pair).ok()?;
        *byte = u8::from_str_radix(pair, 16).ok()?;
    }
    Some(bytes)
}

/// Settings with the address that the repository came from, from which others are reckoned.
pub(super) fn settings(address: &str) -> String {
    format!("[remote \"origin\"]\n\turl = {address}\n")
}
