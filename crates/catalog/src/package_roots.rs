//! Telling an application's own files from those of packages that were installed or vendored
//! into it.

use linchpin_model::TargetPath;
use linchpin_source::{ArchiveFamily, archive_family};

/// Folders that package managers fill: what lies below them belongs to the packages there.
const INSTALL_FOLDERS: &[&str] = &[
    "node_modules",
    "bower_components",
    "site-packages",
    "dist-packages",
    // CocoaPods, Carthage, Swift, Julia, opam.
    "Pods",
    "Carthage",
    "SourcePackages",
    "_opam",
    ".pub-cache",
    ".dart_tool",
    ".stack-work",
];

/// Names that environments of Python usually have, and the folders in them that packages fill.
const ENVIRONMENTS: &[&str] = &["venv", ".venv", "virtualenv", ".virtualenv", ".tox", ".nox"];
const FOLDERS_OF_ENVIRONMENTS: &[&str] = &["lib", "lib64", "share", "etc", "Lib"];

/// Whether a file lies inside a package that was installed (npm, Python) or vendored (Cargo, Go,
/// Composer, Bundler), or in the archive of a package (jar, wheel, crate). A lockfile or manifest there
/// belongs to that package: it says what its authors developed with, not what this application uses.
pub(crate) fn is_inside_package(path: &TargetPath) -> bool {
    if path
        .archives()
        .any(|archive| archive_family(archive).is_some_and(|family| family != ArchiveFamily::Plain))
    {
        return true;
    }
    let mut folders = path.parts().rev().skip(1).peekable();
    while let Some(folder) = folders.next() {
        if INSTALL_FOLDERS.contains(&folder) {
            return true;
        }
        if matches!(folder, "vendor" | "third_party") && path.parent_str().len() > folder.len() {
            // `vendor/x/Cargo.lock` is x's own; `vendor/Cargo.lock` would be the application's.
            if !path.parent_str().ends_with(folder) {
                return true;
            }
        }
        if folder == "jupyter" && folders.peek() == Some(&"share") {
            // Extensions that Python packages bring along, `share/jupyter/labextensions/x`.
            return true;
        }
        if FOLDERS_OF_ENVIRONMENTS.contains(&folder)
            && folders
                .peek()
                .is_some_and(|above| ENVIRONMENTS.contains(above))
        {
            return true;
        }
        // `gems/rack-3.0.8/rack.gemspec`, `bundler/gems/rack-1f2e3d/Gemfile`.
        if folders.peek() == Some(&"gems") && folder.contains('-') {
            return true;
        }
        if folder == "checkouts" && folders.peek() == Some(&".build") {
            return true;
        }
        if folder == "packages" && folders.peek() == Some(&".julia") {
            return true;
        }
        if folder == "src" && folders.peek() == Some(&"registry") {
            return true;
        }
        if folder == "mod" && folders.peek() == Some(&"pkg") {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_packages_are_told_apart() {
        let inside = |path: &str| is_inside_package(&TargetPath::new(path));
        assert!(inside("web/node_modules/a/package-lock.json"));
        assert!(inside(
            "venv/lib/python3.11/site-packages/x/requirements.txt"
        ));
        assert!(inside("opt/venv/share/x/package.json"));
        assert!(inside(
            "usr/local/share/jupyter/labextensions/x/package.json"
        ));
        assert!(!inside("venv/package.json"));
        assert!(inside("crates/vendor/serde-1.0.0/Cargo.lock"));
        assert!(inside(
            "root/.cargo/registry/src/index/serde-1.0.0/Cargo.lock"
        ));
        assert!(inside("go/pkg/mod/example.com/m@v1.0.0/go.mod"));
        assert!(inside("lib/app.war!/package.json"));
        assert!(!inside("backup.zip!/web/package-lock.json"));
        assert!(inside("usr/lib/ruby/gems/3.1.0/gems/rack-3.0.8/Gemfile"));
        assert!(inside("app/.build/checkouts/a/Package.swift"));
        assert!(inside("app/Pods/A/Package.swift"));
        assert!(!inside("gems/api/Gemfile"));
        assert!(!inside("web/package-lock.json"));
        assert!(!inside("vendor/Cargo.lock"));
        assert!(!inside("src/Cargo.lock"));
    }
}
