//! `linchpin.toml`: the file in which a project says how it is to be judged.
//!
//! It is found at the root of a folder that is the target, or named with `--config`. A file inside an
//! image, an archive or a repository that is fetched is never obeyed: whoever made the target would
//! judge it. What is not understood is an error with its place, because a misspelt word must not
//! silently change what counts.
//!
//! Each setting is a field of [`File`]; it comes with what makes it work.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use linchpin_advisory::{Exception, ExceptionEntry};
use linchpin_check::{LicensePolicy, LicensesEntry};
use serde::Deserialize;

use crate::exit_codes::{ExitCode, Failure};

/// The name of the file at the root of a project.
pub(crate) const NAME: &str = "linchpin.toml";

/// The largest file that is read, in bytes.
const MOST_BYTES: u64 = 4 << 20;

/// The file as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    exceptions: Vec<ExceptionEntry>,
    #[serde(default)]
    secrets: SecretsEntry,
    #[serde(default)]
    licenses: LicensesEntry,
    #[serde(default)]
    packages: PackagesEntry,
}

/// The table `packages`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct PackagesEntry {
    /// Names that are the project's own: `@acme/*`.
    #[serde(default)]
    internal: Vec<String>,
}

/// The table `secrets`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct SecretsEntry {
    /// Fingerprints of texts that are no secrets.
    #[serde(default)]
    allow: Vec<String>,
}

/// What a file says.
#[derive(Debug, Default)]
pub(crate) struct Configuration {
    /// Findings that the user accepts until a day.
    pub(crate) exceptions: Vec<Exception>,
    /// Fingerprints of what looks like a secret and is none.
    pub(crate) allowed_secrets: Vec<String>,
    /// Names of packages that are the project's own.
    pub(crate) internal_packages: Vec<String>,
    /// What the project thinks of licences.
    pub(crate) licenses: LicensePolicy,
}

impl Configuration {
    /// Reads a file. `origin` is how to name it to a person.
    pub(crate) fn read(path: &Path, origin: &str) -> Result<Self> {
        let failure = || Failure::new(ExitCode::WrongUse, format!("read `{}`", path.display()));
        let metadata = path.symlink_metadata().with_context(failure)?;
        if metadata.len() > MOST_BYTES {
            return Err(anyhow!("it is larger than {MOST_BYTES} bytes").context(failure()));
        }
        let text = std::fs::read_to_string(path).with_context(failure)?;
        Self::understand(&text, origin).with_context(failure)
    }

    /// The file at the root of a folder, if there is one. A link is not followed: in a folder of
    /// others it could lead anywhere.
    pub(crate) fn in_folder(folder: &Path) -> Result<Option<Self>> {
        let path: PathBuf = folder.join(NAME);
        match path.symlink_metadata() {
            Ok(metadata) if metadata.is_file() => Self::read(&path, NAME).map(Some),
            Ok(_) => Err(anyhow!(
                "it is no regular file\nhint: `--no-config` passes over it, `--config FILE` names another"
            )
            .context(Failure::new(
                ExitCode::WrongUse,
                format!("read `{}`", path.display()),
            ))),
            Err(_) => Ok(None),
        }
    }

    fn understand(text: &str, origin: &str) -> Result<Self> {
        let at = |offset: usize| place(text, offset);
        let file: File = toml::from_str(text).map_err(|error| {
            let message = error
                .message()
                .lines()
                .next()
                .unwrap_or_default()
                .to_owned();
            match error.span() {
                Some(span) => {
                    let (line, column) = at(span.start);
                    anyhow!("line {line}, column {column}: {message}")
                }
                None => anyhow!(message),
            }
        })?;
        let exceptions = file.exceptions.iter().map(|entry| {
            let understood = entry.understand(origin, |offset| at(offset).0);
            understood.map_err(|error| {
                let (line, column) = at(error.span.start);
                anyhow!("line {line}, column {column}: {error}")
            })
        });
        Ok(Self {
            exceptions: exceptions.collect::<Result<_>>()?,
            allowed_secrets: file.secrets.allow,
            internal_packages: file.packages.internal,
            licenses: file.licenses.understand().map_err(|error| {
                let (line, column) = at(error.span.start);
                anyhow!("line {line}, column {column}: {error}")
            })?,
        })
    }
}

/// Line and column of an offset, counted from 1.
fn place(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |end| end + 1);
    let column = before.get(line_start..).unwrap_or_default().chars().count() + 1;
    (before.matches('\n').count() + 1, column)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        Configuration::understand(text, NAME)
            .map(|_| ())
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn what_is_not_understood_is_an_error_with_its_place() {
        let entry = |line: &str| {
            format!(
                "[[exceptions]]\nid = \"CVE-2021-1\"\nreason = \"r\"\nexpires = 2027-01-01\n{line}\n"
            )
        };
        Configuration::understand(&entry(""), NAME).unwrap();
        Configuration::understand("", NAME).unwrap();
        let own = Configuration::understand("[packages]\ninternal = [\"@acme/*\"]", NAME).unwrap();
        assert_eq!(own.internal_packages, ["@acme/*"]);
        assert!(
            error("[packages]\ninternl = []")
                .starts_with("line 2, column 1: unknown field `internl`")
        );
        assert!(
            error("fail-on = \"low\"").starts_with("line 1, column 1: unknown field `fail-on`")
        );
        assert!(error(&entry("why = \"x\"")).starts_with("line 5, column 1: unknown field `why`"));
        assert!(
            error("[[exceptions]]\nid = \"X\"\nreason = \"r\"").contains("missing field `expires`")
        );
        assert!(
            error("[[exceptions]]\nid = \"X\"\nexpires = 2027-01-01")
                .contains("missing field `reason`")
        );
        for (line, column, text) in [
            ("package = \"lodash\"", 11, "makes no package URL"),
            ("versions = \"<1\"", 12, "is no range of versions"),
            ("path = \"a[\"", 8, "unclosed character class"),
            ("justification = \"because\"", 17, "is no justification"),
        ] {
            let error = error(&entry(line));
            assert!(
                error.starts_with(&format!("line 5, column {column}: ")) && error.contains(text),
                "{error}"
            );
        }
        let blank = error("[[exceptions]]\nid = \"X\"\nreason = \" \"\nexpires = 2027-01-01");
        assert!(
            blank.starts_with("line 3, column 10: `reason` must say why"),
            "{blank}"
        );
        let moment =
            error("[[exceptions]]\nid = \"X\"\nreason = \"r\"\nexpires = 2027-01-01T10:00:00Z");
        assert!(
            moment.starts_with("line 4, column 11: `expires` must be a day"),
            "{moment}"
        );
        let license = error("[licenses]\nallow = [\"MIT\"]\ndeny = [\"gpl\"]");
        assert!(
            license.starts_with("line 3, column 9: `gpl` is neither"),
            "{license}"
        );
        assert!(error("exceptions = [").starts_with("line 1, column "));
    }
}
