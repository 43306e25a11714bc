//! One file (or folder) per kind of document. A new one is a new file and its name in the list
//! below; its rules lie in `rules/<id>/`.

use crate::internal_names::InternalNames;
use crate::{DocumentFile, Kind};

macro_rules! kinds {
    ($($name:ident),* $(,)?) => {
        $(mod $name;)*

        /// All of them, in the order of their names.
        pub static ALL: &[Kind] = &[$($name::KIND),*];

        #[cfg(test)]
        const NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}

kinds! {
    ansible,
    azure_pipelines,
    azure_resource_manager,
    bitbucket_pipelines,
    cargo_manifest,
    circleci,
    cloudformation,
    compose,
    dependabot,
    dockerfile,
    github_action,
    github_workflow,
    gitlab_ci,
    jenkinsfile,
    kubernetes,
    lockfile,
    npm_manifest,
    package_code,
    package_settings,
    python_requirements,
    tekton,
    terraform,
}

/// The kind of the code of packages, which has a reader of its own.
pub(crate) fn package_code() -> &'static Kind {
    &package_code::KIND
}

/// Prepares files of a kind. Lockfiles are told which names are the project's own.
pub(crate) fn prepare(
    kind: &Kind,
    files: Vec<DocumentFile>,
    internal: &InternalNames,
) -> Vec<DocumentFile> {
    if kind.id == lockfile::KIND.id {
        lockfile::prepare_with(files, internal)
    } else {
        (kind.prepare)(files)
    }
}

/// The kind with this word.
pub fn find(id: &str) -> Option<&'static Kind> {
    ALL.iter().find(|kind| kind.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_registered_in_order() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/kinds");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| {
                let name = entry.unwrap().file_name();
                name.to_string_lossy().trim_end_matches(".rs").to_owned()
            })
            .filter(|name| name != "mod")
            .collect();
        files.sort();
        assert_eq!(files, NAMES);
    }

    #[test]
    fn ids_are_the_names_of_the_files() {
        for (kind, name) in ALL.iter().zip(NAMES) {
            assert_eq!(kind.id, name.replace('_', "-"));
            assert!(kind.documentation.len() > 10, "{}", kind.id);
            assert!(!kind.subjects.is_empty(), "{}", kind.id);
        }
    }
}
