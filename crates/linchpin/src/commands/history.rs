//! Secrets in the history of a repository: what was taken back in a later commit is still there for
//! everybody who has a copy.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use linchpin_check::Checked;
use linchpin_check::secrets::{AllowedSecrets, Secrets, embedded};
use linchpin_model::{About, Finding, TargetPath};
use linchpin_remote::{GitError, commit_of, read_history};

/// Most secrets whose commits are asked for.
const MOST_COMMITS: usize = 200;

/// How many digits of a commit's id tell it.
const SHORT_COMMIT: usize = 12;

/// The secrets in the history that are not in what was found already.
pub(super) fn secrets(
    repository: &Path,
    allowed: &AllowedSecrets,
    found: &Checked,
) -> Result<Checked, GitError> {
    let secrets = Secrets::new(embedded(), allowed);
    let mut known: BTreeSet<String> = found
        .findings
        .iter()
        .chain(found.suppressed.iter().map(|one| &one.finding))
        .filter_map(|finding| finding.fingerprint().map(str::to_owned))
        .collect();
    let mut leaks: Vec<(String, Finding)> = Vec::new();
    read_history(
        repository,
        Secrets::MOST_READ,
        &|path| secrets.reads(path),
        &mut |file| {
            let looked = secrets.look(&TargetPath::new(file.path), None, file.content);
            leaks.extend(
                looked
                    .findings
                    .into_iter()
                    .map(|leak| (file.id.to_owned(), leak)),
            );
        },
    )?;
    // The same secret in many versions of a file is one: the first by its path.
    let place = |finding: &Finding| match &finding.about {
        About::Place(place) => Some(place.clone()),
        About::Package(_) => None,
    };
    leaks.sort_by(|(left_id, left), (right_id, right)| {
        (place(left), left_id).cmp(&(place(right), right_id))
    });
    leaks.retain(|(_, leak)| {
        leak.fingerprint()
            .is_none_or(|fingerprint| known.insert(fingerprint.to_owned()))
    });
    let mut checked = Checked::default();
    for (number, (id, mut leak)) in leaks.into_iter().enumerate() {
        leak.summary.push_str(", in the history");
        if number < MOST_COMMITS
            && let Some(commit) = commit_of(repository, &id)?
        {
            let short = commit.get(..SHORT_COMMIT).unwrap_or(&commit);
            let _ = write!(leak.summary, ", since commit {short}");
        }
        checked.findings.push(leak);
    }
    Ok(checked)
}
