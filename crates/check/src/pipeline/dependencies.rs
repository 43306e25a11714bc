//! Files of pipelines that lie in installed or vendored packages: nothing runs them there.

use linchpin_model::TargetPath;

/// Folders that hold what others made.
const FOLDERS: &[&str] = &[
    "node_modules",
    "site-packages",
    "dist-packages",
    "vendor",
    "third_party",
    "bower_components",
];

/// Whether a file lies in one of them.
pub(crate) fn is_in_dependency(path: &TargetPath) -> bool {
    let mut folders = path.as_str().split('/');
    folders.any(|folder| FOLDERS.contains(&folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_count_as_a_whole() {
        for (path, expected) in [
            ("node_modules/x/.github/workflows/a.yml", true),
            ("a/vendor/x/action.yml", true),
            (".github/workflows/vendor.yml", false),
            ("vendors/action.yml", false),
        ] {
            assert_eq!(is_in_dependency(&TargetPath::new(path)), expected, "{path}");
        }
    }
}
