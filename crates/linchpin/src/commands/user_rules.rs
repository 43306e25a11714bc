//! The folders with rules of the user.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use linchpin_check::{MOST_RULE, Rules};

use crate::exit_codes::{ExitCode, Failure};

/// The rules of the program with those of the user.
#[derive(Default)]
pub(super) struct UserRules {
    /// All that can be asked.
    pub(super) rules: Rules,
    /// What is wrong with the others, by file, line and column.
    pub(super) invalid: Vec<String>,
}

impl UserRules {
    /// Reads all rules of some folders. One that is invalid is kept apart, and the others go on.
    pub(super) fn read(folders: &[PathBuf]) -> Result<Self> {
        let mut read = Self::default();
        for folder in folders {
            read.add(folder)?;
        }
        Ok(read)
    }

    /// The rules, all of which must be valid.
    pub(super) fn valid(self) -> Result<Rules> {
        if self.invalid.is_empty() {
            return Ok(self.rules);
        }
        let failure = Failure::new(ExitCode::WrongUse, "read the rules");
        Err(anyhow!("{}", self.invalid.join("\n")).context(failure))
    }

    fn add(&mut self, folder: &Path) -> Result<()> {
        let failure = |path: &Path| {
            let text = format!("read the rules `{}`", path.display());
            Failure::new(ExitCode::WrongUse, text)
        };
        let mut files = Vec::new();
        for entry in std::fs::read_dir(folder).with_context(|| failure(folder))? {
            let path = entry.with_context(|| failure(folder))?.path();
            let extension = path.extension().and_then(|extension| extension.to_str());
            if matches!(extension, Some("yaml" | "yml")) {
                files.push(path);
            }
        }
        files.sort();
        if files.is_empty() {
            return Err(anyhow!("it holds no file that ends in .yaml").context(failure(folder)));
        }
        for path in files {
            let size = path.metadata().with_context(|| failure(&path))?.len();
            if size > MOST_RULE as u64 {
                let text = format!(
                    "{}: it is over {} KiB large",
                    path.display(),
                    MOST_RULE >> 10
                );
                self.invalid.push(text);
                continue;
            }
            let text = std::fs::read_to_string(&path).with_context(|| failure(&path))?;
            if let Err(error) = self.rules.add(&path.display().to_string(), &text) {
                self.invalid.push(error.to_string());
            }
        }
        Ok(())
    }
}
