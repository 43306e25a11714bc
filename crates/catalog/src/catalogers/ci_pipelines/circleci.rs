//! CircleCI: images of jobs and executors, and orbs:
//! <https://circleci.com/docs/reference/configuration-reference/>.
//!
//! Images of machines are CircleCI's own and no container images.

use linchpin_model::{OccurrenceKind, PackageUrl, Scope};

use super::{each_object, text_of};
use crate::documents::json::Loose;
use crate::references::References;

pub(super) fn read(documents: &[Loose<'_>], references: &mut References) {
    for document in documents {
        let orbs = document.get("orbs").map(Loose::members).unwrap_or_default();
        for (_, orb) in orbs {
            // An orb that is written out here is no package.
            if let Some(orb) = orb.text() {
                read_orb(orb, references);
            }
        }
        each_object(document, &mut |object| {
            let images = object.get("docker").map(Loose::items).unwrap_or_default();
            for image in images.iter().filter_map(|image| text_of(image, "image")) {
                references.add_image(image, Scope::Build);
            }
        });
    }
}

/// An orb: `owner/name@version`.
fn read_orb(orb: &str, references: &mut References) {
    let purl = orb.split_once('@').and_then(|(path, version)| {
        let (owner, name) = path.split_once('/')?;
        PackageUrl::with_qualifiers(
            "generic",
            Some(owner),
            name,
            Some(version),
            &[("repository_url", "https://circleci.com/developer/orbs")],
        )
        .ok()
    });
    match purl {
        Some(purl) => references.add(purl, OccurrenceKind::Declared, Scope::Build),
        None => references.problem(format!(
            "`{}` names no orb",
            orb.chars().take(200).collect::<String>()
        )),
    }
}
