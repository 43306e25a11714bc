//! What was said of an artifact, wherever it lies: bundles beside it, those attached to it in a registry
//! or a layout, and in files and folders that are named. Nothing of it is believed yet.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use linchpin_model::Digest;
use linchpin_trust::{Artifact, Bundle, MAX_BUNDLE_BYTES};

use crate::artifacts::Signable;
use crate::evidence::attached_bundles;
use crate::exit_codes::{ExitCode, Failure};

/// A bundle that was found.
pub(super) struct Gathered {
    /// Where it was.
    pub(super) from: String,
    /// The digest of its bytes.
    pub(super) digest: Digest,
    /// The bundle, or why it is none.
    pub(super) bundle: Result<Bundle, String>,
}

/// Why evidence can not be gathered.
#[derive(Debug, thiserror::Error)]
enum NotGathered {
    #[error("there are more than {MOST_BUNDLES} bundles")]
    TooMany,
    #[error("it has more than {MOST_BYTES} bytes, which no file with bundles has")]
    TooLarge,
}

/// The most bundles that are looked at.
const MOST_BUNDLES: usize = 1_000;

/// The largest file with bundles, one or one on each line.
const MOST_BYTES: u64 = (MAX_BUNDLE_BYTES as u64) * 2;

/// The endings of files with bundles. GitHub's client writes bundles line by line.
const ENDINGS: [&str; 4] = [".sigstore.json", ".sigstore", ".intoto.jsonl", ".jsonl"];

/// Gathers what lies beside an artifact, what is attached to it, and what is in the files and folders
/// that are named.
pub(super) fn gather(signable: &Signable, named: &[PathBuf]) -> Result<Vec<Gathered>> {
    let mut files = signable.bundles_beside();
    for path in named {
        if path.is_dir() {
            files.extend(bundles_in(path)?);
        } else {
            files.push(path.clone());
        }
    }
    // What was named twice, or lies beside and was named, is looked at once.
    let mut seen: Vec<PathBuf> = Vec::new();
    let mut gathered = Vec::new();
    for file in files {
        let known = file.canonicalize().unwrap_or_else(|_| file.clone());
        if seen.contains(&known) {
            continue;
        }
        seen.push(known);
        read(&file, &mut gathered)?;
        if gathered.len() > MOST_BUNDLES {
            return Err(anyhow::Error::new(NotGathered::TooMany).context(failure(&file)));
        }
    }
    for attached in attached_bundles(signable)? {
        gathered.push(Gathered {
            from: attached.from,
            digest: attached.digest,
            bundle: attached.bundle.map_err(|none| none.to_string()),
        });
    }
    Ok(gathered)
}

/// The files in a folder whose names end like those of bundles, sorted.
fn bundles_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| failure(folder))? {
        let path = entry.with_context(|| failure(folder))?.path();
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        let is_one = |name: String| ENDINGS.iter().any(|ending| name.ends_with(ending));
        if name.is_some_and(is_one) && path.is_file() {
            files.push(path);
        }
        if files.len() > MOST_BUNDLES {
            return Err(anyhow::Error::new(NotGathered::TooMany).context(failure(folder)));
        }
    }
    files.sort();
    Ok(files)
}

/// Reads a file with a bundle, or with one on each line.
fn read(path: &Path, gathered: &mut Vec<Gathered>) -> Result<()> {
    let mut content = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut content))
        .with_context(|| failure(path))?;
    if content.len() as u64 > MOST_BYTES {
        return Err(anyhow::Error::new(NotGathered::TooLarge).context(failure(path)));
    }
    let name = path.display().to_string();
    let by_lines = path.extension().is_some_and(|ending| ending == "jsonl");
    if !by_lines {
        gathered.push(Gathered::new(name, &content)?);
        return Ok(());
    }
    let lines = content.split(|byte| *byte == b'\n').enumerate();
    for (number, line) in lines.filter(|(_, line)| !line.trim_ascii().is_empty()) {
        gathered.push(Gathered::new(format!("{name}:{}", number + 1), line)?);
        if gathered.len() > MOST_BUNDLES {
            return Err(anyhow::Error::new(NotGathered::TooMany).context(failure(path)));
        }
    }
    Ok(())
}

impl Gathered {
    fn new(from: String, content: &[u8]) -> Result<Self> {
        let failure = || {
            Failure::new(
                ExitCode::Internal,
                format!("compute the digest of `{from}`"),
            )
        };
        let digest = Artifact::read(&mut &content[..], &[])
            .ok()
            .and_then(|artifact| artifact.digest().cloned())
            .with_context(failure)?;
        Ok(Self {
            bundle: Bundle::read(content).map_err(|error| error.to_string()),
            digest,
            from,
        })
    }
}

fn failure(path: &Path) -> Failure {
    Failure::new(
        ExitCode::Undecided,
        format!("read the evidence `{}`", path.display()),
    )
}
