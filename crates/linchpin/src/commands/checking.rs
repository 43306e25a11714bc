//! Which checks run, and by which rules: from the arguments.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use linchpin_check::practices::{Depth, PracticeFiles, findings};
use linchpin_check::secrets::{AllowedSecrets, GitleaksSettings, Secrets, embedded};
use linchpin_check::{Checked, Checks, Kind, MOST_RULE, Rules};
use linchpin_model::{FindingKind, Note, NoteKind, Reason};
use linchpin_remote::{GitTarget, tracked_files};
use linchpin_report::formats::json;
use linchpin_source::{Reader, Visited};

use super::exploitability::Given;
use super::history;
use super::sbom::input;
use crate::arguments::{Analysis, CheckArguments};
use crate::exit_codes::{ExitCode, Failure};

/// What is looked for.
pub(super) struct Checking {
    rules: Rules,
    allowed_secrets: AllowedSecrets,
    /// Whether what a repository has ever held is looked at.
    history: bool,
    /// The folder, if it is the checkout of a repository.
    checkout: Option<PathBuf>,
    only: Vec<Analysis>,
    skip: Vec<Analysis>,
}

/// The readers of one target.
pub(super) struct Readers<'c> {
    checks: Checks<'c>,
    secrets: Option<Secrets<'c>>,
    practices: Option<Practices<'c>>,
}

/// What is read for the practices of a project, and where its repository is.
struct Practices<'c> {
    files: PracticeFiles,
    checkout: &'c Path,
}

impl Readers<'_> {
    /// All of them.
    pub(super) fn each(&self) -> impl Iterator<Item = &dyn Reader> {
        let secrets = self.secrets.as_ref().map(|secrets| secrets as &dyn Reader);
        let practices = self.practices.as_ref();
        let practices = practices.map(|practices| &practices.files as &dyn Reader);
        std::iter::once(&self.checks as &dyn Reader)
            .chain(secrets)
            .chain(practices)
    }

    /// What they came to.
    pub(super) fn finish(self, visited: &Visited) -> Checked {
        let mut checked = self.checks.finish(visited);
        if let Some(secrets) = self.secrets {
            checked.append(secrets.finish(visited));
        }
        if let Some(practices) = self.practices {
            checked.append(practices.finish());
        }
        checked
    }
}

impl Practices<'_> {
    /// What the project does not do. Only what the repository tracks counts; where that can not be
    /// learned, it is said.
    fn finish(self) -> Checked {
        match tracked_files(self.checkout) {
            Ok(tracked) => Checked {
                findings: findings(&self.files.finish(Some(&tracked))),
                ..Checked::default()
            },
            Err(error) => {
                let text = format!("the practices of the project were not looked at: {error}");
                Checked {
                    notes: vec![Note::general(NoteKind::Unread, text)],
                    ..Checked::default()
                }
            }
        }
    }
}

impl Checking {
    /// Reads what the arguments name, so that a mistake in it does not cost the time of reading the
    /// target.
    pub(super) fn read(arguments: &CheckArguments, given: &Given, target: &str) -> Result<Self> {
        let mut rules = Rules::default();
        for folder in &arguments.rules {
            add_folder(&mut rules, folder)?;
        }
        let mut fingerprints: BTreeSet<String> =
            given.allowed_secrets(target)?.into_iter().collect();
        if let Some(path) = &arguments.baseline {
            fingerprints.extend(baseline(path)?);
        }
        Ok(Self {
            rules,
            allowed_secrets: AllowedSecrets {
                fingerprints,
                gitleaks: gitleaks(target, arguments)?,
            },
            history: arguments.history,
            checkout: checkout(target),
            only: arguments.only.clone(),
            skip: arguments.skip.clone(),
        })
    }

    /// What rules are asked.
    pub(super) fn checks(&self) -> Checks<'_> {
        Checks::new(&self.rules, |kind| self.wants(analysis(kind)))
    }

    /// The readers for a target.
    pub(super) fn readers(&self) -> Readers<'_> {
        Readers {
            checks: self.checks(),
            secrets: (self.wants(Analysis::Secrets))
                .then(|| Secrets::new(embedded(), &self.allowed_secrets)),
            practices: (self.checkout.as_deref())
                .filter(|_| self.wants(Analysis::Practices))
                .map(|checkout| Practices {
                    files: PracticeFiles::new(Depth::Names),
                    checkout,
                }),
        }
    }

    /// The secrets in what a folder's repository has ever held, beyond those that were found in the
    /// folder. Nothing unless that is asked for.
    pub(super) fn of_history(&self, target: &str, found: &Checked) -> Result<Checked> {
        if !self.history || !self.wants(Analysis::Secrets) {
            return Ok(Checked::default());
        }
        let folder = Path::new(target.strip_prefix("dir:").unwrap_or(target));
        if !GitTarget::is_repository(folder) {
            return Err(anyhow!(
                "`--history` looks at git repositories, and `{}` is none",
                folder.display()
            )
            .context(Failure::new(ExitCode::WrongUse, "understand the arguments")));
        }
        history::secrets(folder, &self.allowed_secrets, found).with_context(|| {
            Failure::new(ExitCode::Target, format!("read the history of `{target}`"))
        })
    }

    /// Whether this is looked for.
    fn wants(&self, analysis: Analysis) -> bool {
        wants(&self.only, &self.skip, analysis)
    }
}

impl CheckArguments {
    /// Whether this is looked for.
    pub(super) fn wants(&self, analysis: Analysis) -> bool {
        wants(&self.only, &self.skip, analysis)
    }
}

fn wants(only: &[Analysis], skip: &[Analysis], analysis: Analysis) -> bool {
    if only.is_empty() {
        !skip.contains(&analysis)
    } else {
        only.contains(&analysis)
    }
}

/// The folder that a target is, if it is the root of a work tree of git.
fn checkout(target: &str) -> Option<PathBuf> {
    let folder = Path::new(target.strip_prefix("dir:").unwrap_or(target));
    folder.join(".git").exists().then(|| folder.to_path_buf())
}

fn analysis(kind: &Kind) -> Analysis {
    match kind.finding {
        FindingKind::Pipeline => Analysis::Pipelines,
        _ => Analysis::Configuration,
    }
}

/// What the settings of gitleaks say that lie in a folder, unless the folder is not to be trusted.
fn gitleaks(target: &str, arguments: &CheckArguments) -> Result<Option<GitleaksSettings>> {
    let folder = Path::new(target.strip_prefix("dir:").unwrap_or(target));
    let path = folder.join(".gitleaks.toml");
    if arguments.no_gitleaks || !path.is_file() {
        return Ok(None);
    }
    let failure = || {
        let text = format!(
            "read `{}`\nhint: `--no-gitleaks` passes over it",
            path.display()
        );
        Failure::new(ExitCode::WrongUse, text)
    };
    let bytes = input::bytes(&path, ExitCode::WrongUse)?;
    let text = String::from_utf8(bytes).with_context(failure)?;
    GitleaksSettings::read(&text)
        .map(Some)
        .with_context(failure)
}

/// The fingerprints of the secrets that an earlier report lists.
fn baseline(path: &Path) -> Result<Vec<String>> {
    let failure = || Failure::new(ExitCode::WrongUse, format!("read `{}`", path.display()));
    let bytes = input::bytes(path, ExitCode::WrongUse)?;
    let report = json::read(&bytes).with_context(failure)?;
    let findings = report.explainable.findings.into_iter();
    let fingerprints = findings.flat_map(|finding| {
        finding
            .because
            .into_iter()
            .filter_map(|reason| match reason {
                Reason::Rule(rule) => rule.fingerprint,
                _ => None,
            })
    });
    Ok(fingerprints.collect())
}

/// Adds all rules of a folder. One that is invalid is an error that names it: a check that does not
/// run must not look like one that finds nothing.
pub(super) fn add_folder(rules: &mut Rules, folder: &Path) -> Result<()> {
    let failure = |path: &Path| {
        Failure::new(
            ExitCode::WrongUse,
            format!("read the rules `{}`", path.display()),
        )
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
    let mut invalid = Vec::new();
    for path in files {
        let size = path.metadata().with_context(|| failure(&path))?.len();
        if size > MOST_RULE as u64 {
            return Err(anyhow!("it is over {} KiB large", MOST_RULE >> 10).context(failure(&path)));
        }
        let text = std::fs::read_to_string(&path).with_context(|| failure(&path))?;
        if let Err(error) = rules.add(&path.display().to_string(), &text) {
            invalid.push(error.to_string());
        }
    }
    if invalid.is_empty() {
        return Ok(());
    }
    Err(anyhow!("{}", invalid.join("\n")).context(failure(folder)))
}
