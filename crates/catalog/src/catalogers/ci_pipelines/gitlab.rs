//! GitLab: images and services of jobs, components and files of other projects that are included:
//! <https://docs.gitlab.com/ci/yaml/>.
//!
//! Variables that the file itself sets for all jobs are put in. Templates that come with GitLab are
//! named without a version and left out.

use std::collections::HashMap;

use linchpin_model::{OccurrenceKind, PackageUrl, Scope};

use super::text_of;
use crate::documents::json::Loose;
use crate::git_source::GitSource;
use crate::references::{Reference, References};
use crate::shell_variables::expand;

/// Settings at the top that are no jobs.
const NO_JOBS: &[&str] = &[
    "include",
    "stages",
    "variables",
    "workflow",
    "spec",
    "cache",
];

pub(super) fn read(documents: &[Loose<'_>], references: &mut References) {
    for document in documents {
        let variables: HashMap<&str, &str> = document
            .get("variables")
            .map(Loose::members)
            .unwrap_or_default()
            .iter()
            .filter_map(|(name, value)| {
                Some((
                    name.as_ref(),
                    value.text().or_else(|| text_of(value, "value"))?,
                ))
            })
            .collect();
        read_job(document, &variables, references);
        for (key, job) in document.members() {
            if !NO_JOBS.contains(&key.as_ref()) {
                read_job(job, &variables, references);
            }
        }
        match document.get("include") {
            Some(Loose::List(included)) => {
                for one in included {
                    read_included(one, references);
                }
            }
            Some(one) => read_included(one, references),
            None => {}
        }
    }
}

fn read_job(job: &Loose<'_>, variables: &HashMap<&str, &str>, references: &mut References) {
    let services = job.get("services").map(Loose::items).unwrap_or_default();
    for image in job.get("image").into_iter().chain(services) {
        if let Some(name) = image.text().or_else(|| text_of(image, "name")) {
            let name = expand(name, |name| variables.get(name).copied());
            references.add_image(&name, Scope::Build);
        }
    }
}

fn read_included(included: &Loose<'_>, references: &mut References) {
    if let Some(component) = text_of(included, "component") {
        let (path, version) = match component.split_once('@') {
            Some((path, version)) => (path, Some(version)),
            None => (component, None),
        };
        // A component is a folder of its project: `server/group/project/component`.
        let parts = path.split_once('/');
        let project = parts.and_then(|(server, path)| Some((server, path.rsplit_once('/')?.0)));
        match project {
            Some((server, project)) => add_project(server, project, version, references),
            None => references.problem(format!("`{}` names no component", shown(component))),
        }
    } else if let Some(project) = text_of(included, "project") {
        add_project("$", project, text_of(included, "ref"), references);
    } else if let Some(remote) = included.text().or_else(|| text_of(included, "remote"))
        && (remote.starts_with("https://") || remote.starts_with("http://"))
    {
        references.problem(format!(
            "includes `{}`, which was not fetched",
            shown(remote)
        ));
    }
}

/// Adds a project that is included. Where a variable stands for the server, it is the one that
/// runs the pipeline, which the file does not name.
fn add_project(server: &str, project: &str, revision: Option<&str>, references: &mut References) {
    let found = if server.starts_with('$') {
        let (namespace, name) = project.rsplit_once('/').unwrap_or(("", project));
        let purl = PackageUrl::new("generic", Some(namespace), name, revision).ok();
        let is_plain = !project.contains('$');
        purl.filter(|_| is_plain).map(|purl| Reference {
            purl,
            kind: OccurrenceKind::Declared,
            scope: Scope::Build,
            hashes: Vec::new(),
            download: None,
        })
    } else {
        let source = GitSource::parse(&format!("git::https://{server}/{project}"));
        source.and_then(|source| source.at(revision).reference(Scope::Build))
    };
    match found {
        Some(reference) => references.add_reference(reference),
        None => references.problem(format!("`{}` names no project", shown(project))),
    }
}

fn shown(text: &str) -> String {
    text.chars().take(200).collect()
}
