//! Several tars as one: each without the mark of its end, but the last.
//!
//! What git writes is well-formed; anything else is an error. Only sizes are looked at.

use std::io::{self, Read};

const BLOCK: usize = 512;

/// A tar without the mark of its end and what follows.
#[derive(Debug)]
pub(super) struct WithoutEnd<R> {
    tar: R,
    header: [u8; BLOCK],
    /// How much of the header was handed on; all of it at first.
    taken: usize,
    /// How many bytes of content and padding follow before the next header.
    content: u64,
    has_ended: bool,
}

impl<R: Read> WithoutEnd<R> {
    pub(super) fn new(tar: R) -> Self {
        Self {
            tar,
            header: [0; BLOCK],
            taken: BLOCK,
            content: 0,
            has_ended: false,
        }
    }

    fn next_header(&mut self) -> io::Result<()> {
        self.tar.read_exact(&mut self.header)?;
        if self.header.iter().all(|byte| *byte == 0) {
            // What follows is read too: only at its end does git say whether it failed.
            io::copy(&mut self.tar, &mut io::sink())?;
            self.has_ended = true;
            return Ok(());
        }
        let size = self.header[124..136]
            .iter()
            .skip_while(|byte| **byte == b' ')
            .take_while(|byte| !matches!(byte, 0 | b' '))
            .try_fold(0_u64, |size, digit| {
                let digit = digit.checked_sub(b'0').filter(|digit| *digit < 8)?;
                size.checked_mul(8)?.checked_add(u64::from(digit))
            })
            .and_then(|size| size.checked_next_multiple_of(BLOCK as u64))
            .ok_or_else(|| io::Error::other("git writes a tar with a size that can not be"))?;
        self.content = size;
        self.taken = 0;
        Ok(())
    }
}

impl<R: Read> Read for WithoutEnd<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        if self.taken == BLOCK && self.content == 0 && !self.has_ended {
            self.next_header()?;
        }
        if self.has_ended {
            return Ok(0);
        }
        if self.taken < BLOCK {
            let count = buffer.len().min(BLOCK - self.taken);
            buffer[..count].copy_from_slice(&self.header[self.taken..self.taken + count]);
            self.taken += count;
            return Ok(count);
        }
        let count = (&mut self.tar).take(self.content).read(buffer)?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.content -= count as u64;
        Ok(count)
    }
}

/// A file of a tar.
pub(super) fn tar_entry(path: &str, content: &[u8]) -> io::Result<Vec<u8>> {
    let mut builder = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(content.len() as u64);
    header.set_mode(0o644);
    builder.append_data(&mut header, path, content)?;
    let mut tar = builder.into_inner()?;
    tar.truncate(tar.len().saturating_sub(2 * BLOCK));
    Ok(tar)
}

/// What ends a tar.
pub(super) const END: [u8; 2 * BLOCK] = [0; 2 * BLOCK];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tars_are_joined() {
        let long = "folder/".repeat(30) + "file";
        let mut first = tar_entry("a", b"one").unwrap();
        first.extend(tar_entry(&long, &[b'x'; 1000]).unwrap());
        first.extend([0; 10_240]);
        let second = tar_entry("b", b"").unwrap();
        let mut joined = Vec::new();
        WithoutEnd::new(&*first)
            .chain(&*second)
            .chain(&END[..])
            .read_to_end(&mut joined)
            .unwrap();
        let mut archive = tar::Archive::new(&*joined);
        let paths: Vec<String> = archive
            .entries()
            .unwrap()
            .map(|entry| entry.unwrap().path().unwrap().display().to_string())
            .collect();
        assert_eq!(paths, ["a", long.as_str(), "b"]);
        for length in [10, 700, 1300] {
            let cut = first.get(..length).unwrap();
            assert!(WithoutEnd::new(cut).read_to_end(&mut Vec::new()).is_err());
        }
        first[124] = b'9';
        assert!(
            WithoutEnd::new(&*first)
                .read_to_end(&mut Vec::new())
                .is_err()
        );
    }
}
