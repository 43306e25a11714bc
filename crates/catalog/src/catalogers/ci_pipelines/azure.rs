//! Azure Pipelines: containers, tasks, and repositories with templates:
//! <https://learn.microsoft.com/en-us/azure/devops/pipelines/yaml-schema/>.

use std::collections::HashSet;

use linchpin_model::{OccurrenceKind, PackageUrl, Scope};

use super::{each_object, text_of};
use crate::documents::json::Loose;
use crate::git_source::GitSource;
use crate::references::References;

pub(super) fn read(documents: &[Loose<'_>], references: &mut References) {
    for document in documents {
        let list = |name: &str| {
            let resources = document.get("resources");
            let list = resources.and_then(|resources| resources.get(name));
            list.map(Loose::items).unwrap_or_default()
        };
        let mut aliases = HashSet::new();
        for container in list("containers") {
            aliases.extend(text_of(container, "container"));
            if let Some(image) = text_of(container, "image") {
                references.add_image(image, Scope::Build);
            }
        }
        for repository in list("repositories") {
            read_repository(repository, references);
        }
        each_object(document, &mut |object| {
            if let Some(task) = text_of(object, "task") {
                read_task(task, references);
            }
            let Some(container) = object.get("container") else {
                return;
            };
            let image = container.text().or_else(|| text_of(container, "image"));
            if let Some(image) = image.filter(|image| !aliases.contains(image)) {
                references.add_image(image, Scope::Build);
            }
        });
    }
}

fn read_repository(repository: &Loose<'_>, references: &mut References) {
    let host = match text_of(repository, "type") {
        Some("github") => "github.com",
        Some("bitbucket") => "bitbucket.org",
        _ => return,
    };
    let Some(name) = text_of(repository, "name") else {
        return;
    };
    let revision = text_of(repository, "ref");
    let revision = revision.map(|revision| {
        revision
            .trim_start_matches("refs/tags/")
            .trim_start_matches("refs/heads/")
    });
    let source = GitSource::parse(&format!("{host}/{name}"));
    if let Some(reference) = source.and_then(|source| source.at(revision).reference(Scope::Build)) {
        references.add_reference(reference);
    }
}

/// A task: `Name@2`, where only the first number of its version is written. One of an extension is
/// `publisher.extension.name.Task@2`.
fn read_task(task: &str, references: &mut References) {
    if task.contains("${{") || task.contains("$(") {
        references.problem(format!(
            "which task `{}` is shows only when it runs",
            task.chars().take(200).collect::<String>()
        ));
        return;
    }
    let (name, version) = match task.split_once('@') {
        Some((name, version)) => (name, Some(version)),
        None => (task, None),
    };
    match PackageUrl::new("generic", Some("azure-pipelines-tasks"), name, version) {
        Ok(purl) => references.add(purl, OccurrenceKind::Declared, Scope::Build),
        Err(error) => references.problem(error.to_string()),
    }
}
