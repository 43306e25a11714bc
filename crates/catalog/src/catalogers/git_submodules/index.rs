//! Git's index, versions 2 to 4: the folders in it that are repositories of their own, with their
//! commits. <https://git-scm.com/docs/index-format>.

use std::collections::HashMap;

use linchpin_model::{Digest, DigestAlgorithm};

/// The mode of an entry that is another repository.
const GITLINK: u32 = 0o160_000;

/// The bytes of an entry before its path: times, places and sizes, the hash, and the flags.
const FIXED: usize = 62;

/// Most submodules of one repository.
const MOST: usize = 100_000;

/// Paths and commits of submodules.
pub(super) fn submodules(content: &[u8]) -> Result<HashMap<String, String>, String> {
    let word = |at: usize| -> Option<u32> {
        Some(u32::from_be_bytes(
            content.get(at..at.checked_add(4)?)?.try_into().ok()?,
        ))
    };
    if !content.starts_with(b"DIRC") {
        return Err("is no index of git".to_owned());
    }
    let (Some(version @ 2..=4), Some(count)) = (word(4), word(8)) else {
        return Err("is an index of git in a version that is not known".to_owned());
    };
    let mut found = HashMap::new();
    let mut at = 12_usize;
    // Version 4 says of each path what it has in common with the one before.
    let mut path: Vec<u8> = Vec::new();
    for _ in 0..count {
        let Some(next) = entry(content, at, version, &mut path) else {
            return Err(format!("ends within its entries, at byte {at}"));
        };
        if word(at + 24) == Some(GITLINK) && found.len() < MOST {
            let commit = content.get(at + 40..at + 60).unwrap_or_default();
            if let Ok(commit) = Digest::from_bytes(DigestAlgorithm::Sha1, commit) {
                let path = String::from_utf8_lossy(&path).into_owned();
                found.insert(path, commit.hex().to_owned());
            }
        }
        at = next;
    }
    Ok(found)
}

/// Reads the path of an entry, and gives where the next one starts.
fn entry(content: &[u8], at: usize, version: u32, path: &mut Vec<u8>) -> Option<usize> {
    let flags = content.get(at.checked_add(60)?..at.checked_add(FIXED)?)?;
    let is_extended = version > 2 && flags.first().is_some_and(|byte| byte & 0x40 != 0);
    let mut start = at + FIXED + if is_extended { 2 } else { 0 };
    if version == 4 {
        let (strip, after) = offset(content, start)?;
        path.truncate(path.len().checked_sub(strip)?);
        start = after;
    } else {
        path.clear();
    }
    let rest = content.get(start..)?;
    let length = rest.iter().position(|byte| *byte == 0)?;
    path.extend_from_slice(rest.get(..length)?);
    let end = start + length + 1;
    if version == 4 {
        return Some(end);
    }
    // Entries are padded to a multiple of eight bytes.
    Some(at + (end - at).next_multiple_of(8))
}

/// A number of variable length, as in packs of git.
fn offset(content: &[u8], mut at: usize) -> Option<(usize, usize)> {
    let mut byte = *content.get(at)?;
    let mut value = usize::from(byte & 0x7f);
    while byte & 0x80 != 0 {
        at += 1;
        byte = *content.get(at)?;
        value = value
            .checked_add(1)?
            .checked_mul(128)?
            .checked_add(usize::from(byte & 0x7f))?;
    }
    Some((value, at + 1))
}
