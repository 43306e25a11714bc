//! One file (or folder) per kind of document. A new one is a new file and its name in the list
//! below; its rules lie in `rules/<id>/`.

use crate::Kind;

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
    tekton,
    terraform,
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
