//! `License`: 6 points for a licence, 3 for its place, 1 if it is one that the FSF or the OSI
//! recognise.

use linchpin_model::TargetPath;

use crate::practices::evaluation::{Check, Evaluation, Place, Risk, Standing};
use crate::practices::licenses::recognised;
use crate::practices::{Facts, Files};

pub(super) const CHECK: Check = Check {
    name: "License",
    risk: Risk::Low,
    standing: Standing::Scorecard,
    short: "Whether the project says under which licence it is",
    remedy: "Put the text of a recognised licence into a file `LICENSE` at the root.",
    evaluate,
};

/// The licence: its file, and its text.
pub(in crate::practices) fn file(files: &Files) -> Option<(&TargetPath, &str)> {
    let at_root = files.at_root().filter(|(path, _)| is_license(path.name()));
    let in_folder = files
        .known
        .iter()
        .filter(|(path, _)| matches!(path.parent_str(), "LICENSES" | "LICENSE"));
    // Of several, one that is recognised.
    let mut all: Vec<&(TargetPath, String)> = at_root.chain(in_folder).collect();
    all.sort_by_key(|(_, text)| recognised(text).is_none());
    let first = all.first()?;
    Some((&first.0, &first.1))
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
    let Some((path, text)) = file(facts.files) else {
        return Evaluation::new(0, "license file not detected")
            .warn("project does not have a license file", None);
    };
    let place = Some(Place::file(path));
    let license = recognised(text);
    let evaluation = Evaluation::new(9 + u8::from(license.is_some()), "license file detected")
        .inform("project has a license file", place.clone());
    match license {
        Some(id) => evaluation.inform(format!("FSF or OSI recognized license: {id}"), place),
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
