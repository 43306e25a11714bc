//! Bitbucket: images of pipelines, steps and services, and pipes, which are repositories with a
//! released version: <https://support.atlassian.com/bitbucket-cloud/docs/bitbucket-pipelines-configuration-reference/>.

use linchpin_model::{OccurrenceKind, PackageUrl, Scope};

use super::{each_object, text_of};
use crate::documents::json::Loose;
use crate::references::References;

pub(super) fn read(documents: &[Loose<'_>], references: &mut References) {
    for document in documents {
        each_object(document, &mut |object| {
            let image = object.get("image");
            let name = image.and_then(|image| image.text().or_else(|| text_of(image, "name")));
            if let Some(name) = name {
                references.add_image(name, Scope::Build);
            }
            if let Some(pipe) = text_of(object, "pipe") {
                read_pipe(pipe, references);
            }
        });
    }
}

/// A pipe: `owner/name:version`, or an image.
fn read_pipe(pipe: &str, references: &mut References) {
    if pipe.starts_with("docker://") {
        references.add_image(pipe, Scope::Build);
        return;
    }
    let (path, version) = match pipe.split_once(':') {
        Some((path, version)) => (path, Some(version)),
        None => (pipe, None),
    };
    let purl = path.split_once('/').and_then(|(owner, name)| {
        PackageUrl::new(
            "bitbucket",
            Some(&owner.to_ascii_lowercase()),
            &name.to_ascii_lowercase(),
            version,
        )
        .ok()
    });
    match purl {
        Some(purl) => references.add(purl, OccurrenceKind::Declared, Scope::Build),
        None => references.problem(format!(
            "`{}` names no pipe",
            pipe.chars().take(200).collect::<String>()
        )),
    }
}
