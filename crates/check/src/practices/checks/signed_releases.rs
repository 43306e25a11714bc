//! `Signed-Releases`: of the latest five releases, 10 points for each with provenance, 8 for each with a
//! signature, and of that the mean.

use crate::practices::Facts;
use crate::practices::evaluation::{Check, Evaluation, Risk, Standing};

pub(super) const CHECK: Check = Check {
    name: "Signed-Releases",
    risk: Risk::High,
    standing: Standing::Scorecard,
    short: "Whether releases are signed",
    remedy: "Publish a signature or SLSA provenance beside the files of each release.",
    evaluate,
};

/// How the names of signatures end.
const SIGNATURES: &[&str] = &[
    ".minisig",
    ".asc",
    ".sig",
    ".sign",
    ".sigstore",
    ".sigstore.json",
];

/// How the names of statements about provenance end.
const PROVENANCE: &[&str] = &[".intoto.jsonl"];

fn evaluate(facts: &Facts<'_>) -> Evaluation {
    judge(facts).unwrap_or_else(Evaluation::unknown)
}

fn judge(facts: &Facts<'_>) -> Result<Evaluation, String> {
    let releases = facts.of_forge(|forge| &forge.releases)?;
    if releases.is_empty() {
        return Err("no releases found".to_owned());
    }
    let mut sum = 0;
    let mut count = 0;
    let mut said = Vec::new();
    for release in releases {
        let has = |endings: &[&str]| {
            let mut files = release.files.iter();
            files.find(|name| endings.iter().any(|ending| name.ends_with(ending)))
        };
        let (points, file) = match (has(PROVENANCE), has(SIGNATURES)) {
            (Some(file), _) => (10, Some(file)),
            (None, Some(file)) => (8, Some(file)),
            (None, None) => (0, None),
        };
        sum += points;
        count += usize::from(file.is_some());
        said.push((&release.tag, file));
    }
    let reason = format!(
        "{count} out of the last {} releases have a signed artifact",
        releases.len()
    );
    let evaluation = Evaluation::new((sum / releases.len()) as u8, reason);
    let said = said.into_iter();
    Ok(said.fold(evaluation, |evaluation, (tag, file)| match file {
        Some(file) => evaluation.inform(format!("release {tag} is signed: {file}"), None),
        None => evaluation.warn(format!("release {tag} is not signed"), None),
    }))
}
