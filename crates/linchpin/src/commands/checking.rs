//! Which checks run, and by which rules: from the arguments.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use linchpin_check::practices::{Depth as PracticeDepth, PracticeFiles, findings};
use linchpin_check::secrets::{AllowedSecrets, GitleaksSettings, Secrets, embedded};
use linchpin_check::{
    Checked, Checks, Depth, InternalNames, Kind, PackageCode, Rules, look_alikes,
};
use linchpin_model::{FindingKind, Note, NoteKind, Reason, SubjectKind};
use linchpin_remote::{GitTarget, tracked_files};
use linchpin_report::formats::json;
use linchpin_source::{Reader, Visited};

use super::document_target::Described;
use super::exploitability::Given;
use super::history;
use super::sbom::input;
use crate::arguments::{Analysis, CheckArguments};
use crate::exit_codes::{ExitCode, Failure};

/// What is looked for.
pub(super) struct Checking<'r> {
    rules: &'r Rules,
    allowed_secrets: AllowedSecrets,
    /// Names of packages that are the project's own.
    internal: InternalNames,
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
    packages: Option<PackageCode<'c>>,
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
        let packages = self.packages.as_ref();
        let packages = packages.map(|packages| packages as &dyn Reader);
        let practices = self.practices.as_ref();
        let practices = practices.map(|practices| &practices.files as &dyn Reader);
        std::iter::once(&self.checks as &dyn Reader)
            .chain(secrets)
            .chain(packages)
            .chain(practices)
    }

    /// What they came to.
    pub(super) fn finish(self, visited: &Visited) -> Checked {
        let mut checked = self.checks.finish(visited);
        if let Some(secrets) = self.secrets {
            checked.append(secrets.finish(visited));
        }
        if let Some(packages) = self.packages {
            checked.append(packages.finish(visited));
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

impl<'r> Checking<'r> {
    /// Reads what the arguments name, so that a mistake in it does not cost the time of reading the
    /// target.
    pub(super) fn read(
        arguments: &CheckArguments,
        rules: &'r Rules,
        given: &Given,
        target: &str,
    ) -> Result<Self> {
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
            internal: InternalNames::new(given.internal_packages(target)?),
            history: arguments.history,
            checkout: checkout(target),
            only: arguments.only.clone(),
            skip: arguments.skip.clone(),
        })
    }

    /// What rules are asked.
    pub(super) fn checks(&self) -> Checks<'_> {
        Checks::new(self.rules, |kind| self.wants(analysis(kind)))
            .with_internal_names(self.internal.clone())
    }

    /// The readers for a target of a kind.
    pub(super) fn readers(&self, target: SubjectKind) -> Readers<'_> {
        Readers {
            checks: self.checks(),
            packages: (self.wants(Analysis::Suspicious))
                .then(|| PackageCode::new(self.rules, Depth::of(target))),
            secrets: (self.wants(Analysis::Secrets))
                .then(|| Secrets::new(embedded(), &self.allowed_secrets)),
            practices: (self.checkout.as_deref())
                .filter(|_| self.wants(Analysis::Practices))
                .map(|checkout| Practices {
                    files: PracticeFiles::new(PracticeDepth::Names),
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

    /// Adds the packages whose names look like others to what was found in the files.
    pub(super) fn add_look_alikes(&self, described: &mut Described) {
        if self.wants(Analysis::Suspicious) {
            let found = look_alikes(&described.inventory, &self.internal);
            described.checked.findings.extend(found);
        }
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
        FindingKind::Suspicious => Analysis::Suspicious,
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
