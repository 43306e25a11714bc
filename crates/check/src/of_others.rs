//! What was written by others: installed packages, what package managers keep, and what a distribution
//! brings. Its findings would be theirs to mend, and are no news to anybody who has the project.

use linchpin_model::TargetPath;

/// Folders of others, wherever they are.
pub(crate) const FOLDERS_OF_OTHERS: &[&str] = &[
    ".git",
    ".hg",
    ".svn",
    ".venv",
    "__pycache__",
    "bower_components",
    "dist-packages",
    "node_modules",
    "site-packages",
    "vendor",
];

/// Folders of a distribution, at the root of a target.
pub(crate) const ROOT_FOLDERS_OF_OTHERS: &[&str] = &[
    "bin",
    "boot",
    "lib",
    "lib64",
    "sbin",
    "usr/bin",
    "usr/games",
    "usr/include",
    "usr/lib",
    "usr/lib64",
    "usr/libexec",
    "usr/sbin",
    "usr/share",
    "var/cache",
    "var/lib/apt",
    "var/lib/dpkg",
    "var/lib/rpm",
];

/// Whether a file lies in a folder of others, or in an archive.
pub(crate) fn is_of_others(path: &TargetPath) -> bool {
    let text = path.as_str();
    let at_root = |folder: &&str| {
        text.strip_prefix(*folder)
            .is_some_and(|rest| rest.starts_with('/'))
    };
    path.is_in_archive()
        || path
            .parent_str()
            .split('/')
            .any(|part| FOLDERS_OF_OTHERS.contains(&part))
        || ROOT_FOLDERS_OF_OTHERS.iter().any(at_root)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_others_are_known_by_their_names() {
        for path in [
            "a/node_modules/b/Dockerfile",
            "usr/share/x.yaml",
            "x.zip!/Dockerfile",
        ] {
            assert!(is_of_others(&TargetPath::new(path)), "{path}");
        }
        for path in ["Dockerfile", "app/usr/share/x.yaml", "vendored/Dockerfile"] {
            assert!(!is_of_others(&TargetPath::new(path)), "{path}");
        }
    }
}
