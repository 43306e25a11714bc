//! What a build makes: files below the folder that globs name.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use linchpin_trust::{Artifact, StatementSubject};

use crate::exit_codes::{ExitCode, Failure};

/// Why there are no outputs.
#[derive(Debug, thiserror::Error)]
enum NoOutputs {
    #[error(
        "no file matches {0}\nhint: a glob is from this folder on: target/release/shop, dist/*.whl, out/**"
    )]
    Nothing(String),
    #[error("more than {MOST_OUTPUTS} files match {0}")]
    TooMany(String),
    #[error("there are more than {MOST_ENTRIES} files and folders below this one")]
    TooLarge,
    #[error("`{0}` leads out of this folder")]
    Outside(String),
}

/// The most files that a statement is about.
const MOST_OUTPUTS: usize = 10_000;

/// The most files and folders that are looked at.
const MOST_ENTRIES: usize = 5_000_000;

/// The globs of outputs.
#[derive(Debug)]
pub(super) struct Outputs {
    globs: String,
    compiled: GlobSet,
}

/// A file as it was at some moment: by this it is known whether somebody wrote it since.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct FileState {
    name: String,
    size: u64,
    modified: Option<SystemTime>,
}

/// A file that a build has made.
#[derive(Debug)]
pub(super) struct Output {
    /// Its path from the folder on.
    pub(super) name: String,
    artifact: Artifact,
    state: FileState,
}

impl Outputs {
    /// Understands globs.
    pub(super) fn understand(globs: &[String]) -> Result<Self> {
        let wrong = || Failure::new(ExitCode::WrongUse, "understand the arguments");
        let mut set = GlobSetBuilder::new();
        for text in globs {
            let glob = text.strip_prefix("./").unwrap_or(text);
            if glob.starts_with('/') || glob.split('/').any(|part| part == "..") {
                return Err(anyhow::Error::new(NoOutputs::Outside(text.clone())).context(wrong()));
            }
            let glob = GlobBuilder::new(glob)
                .literal_separator(true)
                .build()
                .with_context(wrong)?;
            set.add(glob);
        }
        let quoted: Vec<String> = globs.iter().map(|glob| format!("`{glob}`")).collect();
        Ok(Self {
            globs: quoted.join(" or "),
            compiled: set.build().with_context(wrong)?,
        })
    }

    /// The files that match now, sorted.
    pub(super) fn find(&self, folder: &Path) -> Result<Vec<FileState>> {
        let failure =
            |path: &Path| Failure::new(ExitCode::Target, format!("look into `{}`", path.display()));
        let mut found = Vec::new();
        let mut waiting = vec![PathBuf::new()];
        let mut looked_at = 0;
        while let Some(inner) = waiting.pop() {
            let path = folder.join(&inner);
            for entry in fs::read_dir(&path).with_context(|| failure(&path))? {
                let entry = entry.with_context(|| failure(&path))?;
                let kind = entry.file_type().with_context(|| failure(&path))?;
                looked_at += 1;
                if looked_at > MOST_ENTRIES {
                    return Err(anyhow::Error::new(NoOutputs::TooLarge).context(failure(folder)));
                }
                let name = inner.join(entry.file_name());
                if kind.is_dir() {
                    if entry.file_name() != ".git" {
                        waiting.push(name);
                    }
                } else if self.compiled.is_match(&name)
                    // A link counts as what it leads to, if that is a file.
                    && let Ok(metadata) = fs::metadata(entry.path())
                    && metadata.is_file()
                {
                    found.push(FileState {
                        name: slashed(&name),
                        size: metadata.len(),
                        modified: metadata.modified().ok(),
                    });
                }
            }
        }
        found.sort();
        Ok(found)
    }

    /// The files that match after the build, with their digests.
    pub(super) fn digests(&self, folder: &Path) -> Result<Vec<Output>> {
        let failure = || Failure::new(ExitCode::Target, "find what the build has made");
        let found = self.find(folder)?;
        if found.is_empty() {
            let nothing = NoOutputs::Nothing(self.globs.clone());
            return Err(anyhow::Error::new(nothing).context(failure()));
        }
        if found.len() > MOST_OUTPUTS {
            let many = NoOutputs::TooMany(self.globs.clone());
            return Err(anyhow::Error::new(many).context(failure()));
        }
        found
            .into_iter()
            .map(|state| {
                let artifact = File::open(folder.join(&state.name))
                    .and_then(|mut file| Artifact::read(&mut file, &[]))
                    .with_context(|| {
                        Failure::new(ExitCode::Target, format!("read `{}`", state.name))
                    })?;
                Ok(Output {
                    name: state.name.clone(),
                    artifact,
                    state,
                })
            })
            .collect()
    }
}

/// A path with slashes, whatever the system writes between its parts.
fn slashed(path: &Path) -> String {
    let parts = path.components();
    let parts: Vec<String> = parts
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect();
    parts.join("/")
}

impl Output {
    /// What a statement names it by.
    pub(super) fn subject(&self) -> StatementSubject {
        self.artifact.subject(Some(self.name.clone()))
    }

    /// The file as it is after the build.
    pub(super) fn state(&self) -> &FileState {
        &self.state
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_are_from_the_folder_on_and_stay_in_it() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.txt", "dist/b.whl", "dist/deep/c.whl", ".git/d.whl"] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, name).unwrap();
        }
        let names = |globs: &[&str]| {
            let globs: Vec<String> = globs.iter().map(|glob| (*glob).to_owned()).collect();
            let found = Outputs::understand(&globs).unwrap().digests(folder.path());
            found.map(|found| {
                let names = found.into_iter().map(|output| output.name);
                names.collect::<Vec<String>>()
            })
        };
        assert_eq!(names(&["dist/*.whl"]).unwrap(), ["dist/b.whl"]);
        assert_eq!(
            names(&["./dist/**", "a.txt"]).unwrap(),
            ["a.txt", "dist/b.whl", "dist/deep/c.whl"]
        );
        assert_eq!(
            names(&["**/*.whl"]).unwrap(),
            ["dist/b.whl", "dist/deep/c.whl"]
        );
        assert!(names(&["*.whl"]).is_err());
        for outside in ["../x", "/etc/passwd", "a/../../x"] {
            assert!(
                Outputs::understand(&[outside.to_owned()]).is_err(),
                "{outside}"
            );
        }
    }
}
