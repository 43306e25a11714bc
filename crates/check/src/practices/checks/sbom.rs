//! `SBOM`: 5 points for one among the sources, 5 for one beside a release.

use crate::practices::Facts;
use crate::practices::evaluation::{Check, Evaluation, Place, Risk, Standing};

pub(super) const CHECK: Check = Check {
    name: "SBOM",
    risk: Risk::Medium,
    standing: Standing::Scorecard,
    short: "Whether the project says what it is made of",
    remedy: "Let the release make an SBOM (`linchpin sbom`) and publish it beside the other files.",
    evaluate,
};

/// How the names of SBOMs end.
const ENDINGS: &[&str] = &[
    ".cdx.json",
    ".cdx.xml",
    ".spdx",
    ".spdx.json",
    ".spdx.rdf",
    ".spdx.rdf.xml",
    ".spdx.xml",
    ".spdx.yaml",
    ".spdx.yml",
    ".spdx3.json",
];

fn is_sbom(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ENDINGS.iter().any(|ending| name.ends_with(ending))
        || matches!(
            name.as_str(),
            "bom.json" | "bom.xml" | "sbom.json" | "sbom.xml"
        )
}

fn evaluate(facts: &Facts<'_>) -> Evaluation {
    let source = facts.files.at_root().map(|(path, _)| path);
    let source = source
        .filter(|path| !path.name().starts_with('.') && is_sbom(path.name()))
        .next();
    let releases = facts.forge.map(|forge| &forge.releases);
    let released = match releases {
        Ok(Ok(releases)) => releases
            .iter()
            .flat_map(|release| &release.files)
            .find(|name| is_sbom(name)),
        _ => None,
    };
    let score = 5 * (u8::from(source.is_some()) + u8::from(released.is_some()));
    let reason = if score == 0 {
        "SBOM file not detected"
    } else {
        "SBOM file detected"
    };
    let mut evaluation = Evaluation::new(score, reason);
    evaluation = match source {
        Some(path) => evaluation.inform("SBOM file in the sources", Some(Place::file(path))),
        None => evaluation.warn("no SBOM file in the sources", None),
    };
    match (released, releases) {
        (Some(name), _) => evaluation.inform(format!("SBOM file of a release: {name}"), None),
        (None, Ok(Ok(_))) => evaluation.warn("no SBOM file beside the releases", None),
        (None, Ok(Err(reason))) => {
            evaluation.inform(format!("releases were not looked at: {reason}"), None)
        }
        (None, Err(reason)) => {
            evaluation.inform(format!("releases were not looked at: {reason}"), None)
        }
    }
}
