//! Automatic fixes of documents: found by the rules that know them, shown as differences, and, if
//! asked, written. What they are, and that they help, is the affair of `linchpin_check`.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context, Result};
use linchpin_check::{Left, Made, Reach, RepairedFile};
use linchpin_model::{About, Finding, TargetPath};
use linchpin_source::{Reader, SourceOptions, read_together};
use similar::TextDiff;

use crate::commands::checking::Checking;
use crate::commands::findings::Found;
use crate::exit_codes::{ExitCode, Failure};

/// Lines of a difference around a change.
const AROUND: usize = 2;

/// What automatic fixes come to.
#[derive(Debug, Default)]
pub(super) struct Edits {
    /// The files that they change, by their paths.
    pub(super) files: Vec<EditedFile>,
    /// Those that are not made without being asked for.
    pub(super) left: Vec<Left>,
}

/// A file that automatic fixes change.
#[derive(Debug)]
pub(super) struct EditedFile {
    pub(super) path: TargetPath,
    /// What is otherwise afterwards.
    pub(super) diff: String,
    /// What was wrong.
    pub(super) made: Vec<Made>,
    pub(super) state: State,
    repaired: RepairedFile,
}

/// What became of a changed file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum State {
    /// It is only shown.
    Proposed,
    /// It is written.
    Written,
    /// It could not be written, and is as it was.
    Refused(String),
}

impl Edits {
    /// The number of findings that go.
    pub(super) fn removes(&self) -> usize {
        self.files.iter().map(|file| file.made.len()).sum()
    }

    /// Finds the fixes for what counts in a folder.
    pub(super) fn find(
        target: &str,
        options: SourceOptions,
        checking: &Checking<'_>,
        found: &Found<'_>,
        reach: Reach,
    ) -> Result<Self> {
        if !found.findings.iter().any(can_be_repaired) {
            return Ok(Self::default());
        }
        let failure = || Failure::new(ExitCode::Target, format!("read `{target}`"));
        let source = linchpin_source::open(target, options).with_context(failure)?;
        let checks = checking.checks();
        let readers: [&dyn Reader; 1] = [&checks];
        let visited = read_together(source.as_ref(), &readers).with_context(failure)?;
        // What is accepted in a file stays in it.
        let accepted: BTreeSet<_> = (found.suppressed.iter())
            .filter_map(|suppressed| in_file(&suppressed.finding))
            .collect();
        let repaired = checks.repairing(&visited).repair(reach, |finding| {
            in_file(finding).is_some_and(|place| !accepted.contains(&place))
        });
        Ok(Self {
            files: repaired.files.into_iter().map(edited).collect(),
            left: repaired.left,
        })
    }

    /// Writes all of them.
    pub(super) fn write(&mut self, folder: &Path) {
        for file in &mut self.files {
            file.state = match write(folder, &file.repaired) {
                Ok(()) => State::Written,
                Err(error) => State::Refused(format!("{error:#}")),
            };
        }
    }
}

fn can_be_repaired(finding: &Finding) -> bool {
    let reason = finding.rule_reason();
    reason.is_some_and(|reason| reason.repair.is_some())
}

/// The rule and the file of a finding.
fn in_file(finding: &Finding) -> Option<(String, TargetPath)> {
    match &finding.about {
        About::Place(place) => Some((finding.rule.0.clone(), place.path.clone())),
        About::Package(_) => None,
    }
}

fn edited(repaired: RepairedFile) -> EditedFile {
    let name = repaired.path.as_str();
    let difference = TextDiff::from_lines(repaired.before.as_ref(), repaired.after.as_str());
    let diff = difference
        .unified_diff()
        .context_radius(AROUND)
        .header(&format!("a/{name}"), &format!("b/{name}"))
        .to_string();
    EditedFile {
        path: repaired.path.clone(),
        diff,
        made: repaired.made.clone(),
        state: State::Proposed,
        repaired,
    }
}

/// Writes a file in one step, so that it is the old one or the new one whatever happens. One that is
/// otherwise than when it was looked at is left alone.
fn write(folder: &Path, file: &RepairedFile) -> Result<()> {
    let path = folder.join(file.path.as_str());
    let metadata = fs::symlink_metadata(&path)?;
    if !metadata.is_file() {
        anyhow::bail!("it is no plain file");
    }
    if fs::read(&path)? != file.before.as_bytes() {
        anyhow::bail!("it has changed since it was looked at");
    }
    let beside = path.parent().context("it lies nowhere")?;
    let mut new = tempfile::NamedTempFile::new_in(beside)?;
    new.write_all(file.after.as_bytes())?;
    new.as_file().set_permissions(metadata.permissions())?;
    new.as_file().sync_all()?;
    new.persist(&path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn repaired(path: &str, before: &str) -> RepairedFile {
        RepairedFile {
            path: TargetPath::new(path),
            before: Arc::from(before),
            after: "new\n".to_owned(),
            made: Vec::new(),
        }
    }

    #[test]
    fn a_file_is_written_with_its_rights_and_only_if_it_is_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.yaml");
        fs::write(&path, "old\n").unwrap();
        let readonly = |flag| {
            let mut permissions = fs::metadata(&path).unwrap().permissions();
            permissions.set_readonly(flag);
            fs::set_permissions(&path, permissions).unwrap();
        };
        readonly(true);
        write(folder.path(), &repaired("a.yaml", "old\n")).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new\n");
        assert!(fs::metadata(&path).unwrap().permissions().readonly());
        let error = write(folder.path(), &repaired("a.yaml", "old\n")).unwrap_err();
        assert!(error.to_string().contains("has changed"), "{error}");
        assert!(write(folder.path(), &repaired("b.yaml", "")).is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_link_is_not_written_through() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.yaml"), "old\n").unwrap();
        let link = folder.path().join("b.yaml");
        std::os::unix::fs::symlink("a.yaml", &link).unwrap();
        let error = write(folder.path(), &repaired("b.yaml", "old\n")).unwrap_err();
        assert!(error.to_string().contains("no plain file"), "{error}");
    }
}
