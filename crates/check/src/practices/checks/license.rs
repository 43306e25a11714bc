//! `License`: 6 points for a licence, 3 for its place, 1 if it is one that the FSF or the OSI
//! recognise.

use linchpin_model::{LicenseExpression, TargetPath};

use crate::practices::evaluation::{Check, Evaluation, Place, Risk, Standing};
use crate::practices::{Facts, Files};

pub(super) const CHECK: Check = Check {
    name: "License",
    risk: Risk::Low,
    standing: Standing::Scorecard,
    short: "Whether the project says under which licence it is",
    remedy: "Put the text of a recognised licence into a file `LICENSE` at the root.",
    evaluate,
};

/// The files that say it, with their texts.
pub(in crate::practices) fn texts(files: &Files) -> impl Iterator<Item = (&TargetPath, &str)> {
    let known = files.known.iter().filter(|(path, _)| {
        let in_folder = matches!(path.parent_str(), "LICENSES" | "LICENSE");
        in_folder || (path.parent_str().is_empty() && is_license(path.name()))
    });
    known.map(|(path, text)| (path, text.as_str()))
}

/// `LICENSE`, `COPYING.txt`, `LICENSE-MIT`, `MIT-LICENSE.md`: the names that licences go by.
fn is_license(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    if matches!(
        ending,
        "rs" | "go" | "py" | "js" | "ts" | "json" | "xml" | "yml" | "yaml" | "sh"
    ) {
        return false;
    }
    let stem = name.split('.').next().unwrap_or_default();
    stem.split(['-', '_']).any(|part| {
        matches!(
            part,
            "license" | "licence" | "unlicense" | "copying" | "copyright" | "ofl"
        )
    })
}

fn evaluate(facts: &Facts<'_>) -> Evaluation {
    let found: Vec<(&TargetPath, Option<LicenseExpression>)> = texts(facts.files)
        .map(|(path, text)| {
            let license = (facts.license_of_text)(text);
            (path, license.filter(LicenseExpression::is_recognised))
        })
        .collect();
    // Of several, one that is recognised.
    let best = found.iter().find(|(_, license)| license.is_some());
    let Some((path, license)) = best.or(found.first()) else {
        return Evaluation::new(0, "license file not detected")
            .warn("project does not have a license file", None);
    };
    let place = Some(Place::file(path));
    let evaluation = Evaluation::new(9 + u8::from(license.is_some()), "license file detected")
        .inform("project has a license file", place.clone());
    match license {
        Some(license) => {
            evaluation.inform(format!("FSF or OSI recognized license: {license}"), place)
        }
        None => evaluation.warn(
            "it is not known to be a license that the FSF or OSI recognize",
            place,
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licences_go_by_certain_names() {
        for name in [
            "LICENSE",
            "license.md",
            "LICENCE.txt",
            "COPYING",
            "LICENSE-MIT",
            "MIT-LICENSE.txt",
            "UNLICENSE",
            "COPYRIGHT",
        ] {
            assert!(is_license(name), "{name}");
        }
        for name in [
            "license.rs",
            "licensee",
            "README",
            "licenses.json",
            "copying_machine.py",
        ] {
            assert!(!is_license(name), "{name}");
        }
    }
}
