//! Applying a plan: the client changes the target, and what is locked then is compared with what was
//! promised. Where a client fails, the files are put back as they were.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use linchpin_advisory::remedy::{FlawOf, How};
use similar::TextDiff;

use super::changing::change;
use super::outcome::Applied;
use super::project::{Planning, ProjectPlan};
use crate::exit_codes::{ExitCode, Failure};

/// Files whose differences are shown: none larger.
const LARGEST: u64 = 32 << 20;

/// What clients write beside the lockfile.
const BESIDE: &[&str] = &["package.json", "Cargo.toml", "pyproject.toml", "go.sum"];

/// Lines of a difference around a change.
const AROUND: usize = 1;

/// Applies a plan to a folder.
pub(super) fn apply(target: &Path, made: &ProjectPlan, planning: &Planning<'_>) -> Result<Applied> {
    let before = contents(target, made);
    for task in &made.tasks {
        if let Err(error) = change(&task.action, target, &made.lockfile) {
            put_back(target, &before);
            return Err(anyhow::Error::new(error).context(Failure::new(
                ExitCode::NotAsPromised,
                format!("apply `{}`; all is as it was", task.action),
            )));
        }
    }
    let (gone, new) = planning.what_happened(target, made).context(Failure::new(
        ExitCode::NotAsPromised,
        "look at what was done",
    ))?;
    let mut broken = Vec::new();
    let tell = |flaws: Vec<&FlawOf>, what: &str, broken: &mut Vec<String>| {
        for flaw in flaws {
            broken.push(format!(
                "{} of {} {} {what}",
                flaw.id, flaw.name, flaw.version
            ));
        }
    };
    let missing = |of: &[FlawOf], from: &[FlawOf]| -> Vec<FlawOf> {
        of.iter()
            .filter(|flaw| !from.contains(flaw))
            .cloned()
            .collect()
    };
    let kept = missing(&made.removes, &gone);
    let more = missing(&gone, &made.removes);
    let come = missing(&new, &made.introduces);
    tell(kept.iter().collect(), "is still there", &mut broken);
    tell(more.iter().collect(), "is gone, too", &mut broken);
    tell(come.iter().collect(), "is new", &mut broken);
    Ok(Applied {
        lockfile: made.lockfile.clone(),
        diff: differences(target, &before),
        broken,
    })
}

/// The files that may change, as they are now; nothing for one that is not there.
fn contents(target: &Path, made: &ProjectPlan) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
    let lockfile = PathBuf::from(made.lockfile.as_str());
    let folder = Path::new(made.lockfile.parent_str());
    let mut paths: Vec<PathBuf> = BESIDE.iter().map(|name| folder.join(name)).collect();
    paths.push(lockfile);
    for step in &made.plan.steps {
        if let How::Manifest(manifests) = &step.moved.how {
            paths.extend(manifests.iter().map(|path| PathBuf::from(path.as_str())));
        }
    }
    let read = |path: PathBuf| {
        let whole = target.join(&path);
        let is_small = whole
            .metadata()
            .is_ok_and(|metadata| metadata.len() <= LARGEST);
        let content = is_small.then(|| fs::read(&whole).ok()).flatten();
        (path, content)
    };
    paths.into_iter().map(read).collect()
}

fn put_back(target: &Path, before: &BTreeMap<PathBuf, Option<Vec<u8>>>) {
    for (path, content) in before {
        let path = target.join(path);
        let _ = match content {
            Some(content) => fs::write(path, content),
            None => fs::remove_file(path),
        };
    }
}

fn differences(target: &Path, before: &BTreeMap<PathBuf, Option<Vec<u8>>>) -> String {
    let mut all = String::new();
    for (path, old) in before {
        let new = fs::read(target.join(path)).ok();
        if *old == new {
            continue;
        }
        let text = |content: &Option<Vec<u8>>| {
            String::from_utf8_lossy(content.as_deref().unwrap_or_default()).into_owned()
        };
        let (old, new) = (text(old), text(&new));
        let name = path.display().to_string();
        let difference = TextDiff::from_lines(&old, &new);
        all.push_str(
            &difference
                .unified_diff()
                .context_radius(AROUND)
                .header(&format!("a/{name}"), &format!("b/{name}"))
                .to_string(),
        );
    }
    all
}
