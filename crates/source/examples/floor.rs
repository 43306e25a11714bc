//! The least that reading a target can cost: for `benches/compare`.
//!
//! `floor layers OCI-LAYOUT` decompresses every layer of an image, one layer per core at a time,
//! hashes it and walks its tar headers. `floor walk FOLDER` walks a folder on all cores and reads
//! the files whose names say that they are manifests. Nothing is parsed.

use std::collections::HashSet;
use std::error::Error;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread;

use flate2::bufread::MultiGzDecoder;
use ignore::{WalkBuilder, WalkState};
use sha2::{Digest, Sha256};

/// Names of manifests, the same ones as in the figures of the first measurement.
const MANIFESTS: &[&str] = &[
    "package.json",
    "package-lock.json",
    "Cargo.toml",
    "Cargo.lock",
    "METADATA",
    "go.mod",
    "requirements.txt",
    "pyproject.toml",
    "yarn.lock",
    "pnpm-lock.yaml",
    "poetry.lock",
    "uv.lock",
];

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (count, bytes) = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["layers", layout] => layers(Path::new(layout))?,
        ["walk", folder] => walk(Path::new(folder)),
        _ => return Err("usage: floor layers OCI-LAYOUT | floor walk FOLDER".into()),
    };
    let _ = io::Write::write_all(
        &mut io::stdout(),
        format!("{count} files, {bytes} bytes\n").as_bytes(),
    );
    Ok(())
}

/// Takes in bytes while they pass through.
struct Hashing<R> {
    inner: R,
    hash: Sha256,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.hash.update(&buffer[..count]);
        Ok(count)
    }
}

fn layers(layout: &Path) -> Result<(u64, u64), Box<dyn Error>> {
    let blobs: Vec<PathBuf> = std::fs::read_dir(layout.join("blobs/sha256"))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    let (next, files, bytes) = (AtomicUsize::new(0), AtomicU64::new(0), AtomicU64::new(0));
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(path) = blobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Ok((count, size)) = layer(path) {
                        files.fetch_add(count, Ordering::Relaxed);
                        bytes.fetch_add(size, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    Ok((files.into_inner(), bytes.into_inner()))
}

fn layer(path: &Path) -> io::Result<(u64, u64)> {
    let reader = Hashing {
        inner: File::open(path)?,
        hash: Sha256::new(),
    };
    let mut archive = tar::Archive::new(MultiGzDecoder::new(BufReader::with_capacity(
        256 << 10,
        reader,
    )));
    let (mut count, mut bytes) = (0, 0);
    for entry in archive.entries()? {
        count += 1;
        bytes += entry?.size();
    }
    io::copy(&mut archive.into_inner(), &mut io::sink())?;
    Ok((count, bytes))
}

fn walk(folder: &Path) -> (u64, u64) {
    let manifests: HashSet<&str> = MANIFESTS.iter().copied().collect();
    let (files, bytes) = (AtomicU64::new(0), AtomicU64::new(0));
    WalkBuilder::new(folder)
        .standard_filters(false)
        .threads(thread::available_parallelism().map_or(1, usize::from))
        .build_parallel()
        .run(|| {
            Box::new(|entry| {
                if let Ok(entry) = entry
                    && entry
                        .file_name()
                        .to_str()
                        .is_some_and(|name| manifests.contains(name))
                    && let Ok(content) = std::fs::read(entry.path())
                {
                    files.fetch_add(1, Ordering::Relaxed);
                    bytes.fetch_add(content.len() as u64, Ordering::Relaxed);
                }
                WalkState::Continue
            })
        });
    (files.into_inner(), bytes.into_inner())
}
