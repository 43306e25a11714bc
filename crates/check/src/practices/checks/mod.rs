//! One file per check, with one constant. A new one is a new file and its name in the list below.

use super::evaluation::Check;

macro_rules! checks {
    ($($name:ident),* $(,)?) => {
        $(pub(super) mod $name;)*

        /// All of them, in the order of their names.
        pub static ALL: &[&Check] = &[$(&$name::CHECK),*];

        #[cfg(test)]
        const NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}

checks! {
    binary_artifacts,
    branch_protection,
    ci_tests,
    cii_best_practices,
    code_review,
    contributors,
    dangerous_workflow,
    dependency_update_tool,
    fuzzing,
    license,
    maintained,
    packaging,
    pinned_dependencies,
    sast,
    sbom,
    security_policy,
    signed_commits,
    signed_releases,
    token_permissions,
    vulnerabilities,
    webhooks,
}

/// The check of this name, in whatever case.
pub fn find(name: &str) -> Option<&'static Check> {
    ALL.iter()
        .find(|check| check.name.eq_ignore_ascii_case(name))
        .copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_registered_in_order() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/practices/checks");
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
    fn names_are_those_of_the_files() {
        for (check, name) in ALL.iter().zip(NAMES) {
            assert_eq!(check.name.to_ascii_lowercase().replace('-', "_"), *name);
            assert!(check.remedy.ends_with('.') && !check.short.ends_with('.'));
        }
    }
}
