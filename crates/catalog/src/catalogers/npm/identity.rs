//! From a name and a version to a package of the inventory.

use linchpin_model::{Occurrence, Package, PackageUrl, Role, TargetPath};

use super::folders::is_package_name;
use crate::assembly::Assembly;

/// The package URL of an npm package; nothing if the name can not be one.
pub(in crate::catalogers) fn package_url(name: &str, version: Option<&str>) -> Option<PackageUrl> {
    if !is_package_name(name) {
        return None;
    }
    let (scope, bare) = match name.split_once('/') {
        Some((scope, bare)) => (Some(scope), bare),
        None => (None, name),
    };
    PackageUrl::new("npm", scope, bare, version.map(plain_version)).ok()
}

/// A project: by its name if it has one, otherwise by its folder.
pub(in crate::catalogers) fn project(
    name: Option<&str>,
    version: Option<&str>,
    folder: &TargetPath,
    occurrence: Occurrence,
    assembly: &Assembly<'_>,
) -> Option<Package> {
    let purl = name
        .and_then(|name| package_url(name, version))
        .or_else(|| assembly.unnamed_project(folder))?;
    let mut package = Package::new(purl, occurrence);
    package.role = Role::Application;
    Some(package)
}

/// The version without the `v` or `=` that npm takes off when it publishes.
fn plain_version(version: &str) -> &str {
    let bare = version.trim().trim_start_matches(['=', 'v', ' ']);
    if bare.starts_with(|first: char| first.is_ascii_digit()) {
        bare
    } else {
        version.trim()
    }
}

/// The version that a range stands for if it admits one only: `1.2.3`, `=1.2.3`.
pub(in crate::catalogers) fn exact_version(range: &str) -> Option<&str> {
    let version = plain_version(range);
    let core = version
        .split_once(['-', '+'])
        .map_or(version, |(core, _)| core);
    let is_exact = core.split('.').count() == 3
        && core
            .split('.')
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
        && version
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'+'));
    is_exact.then_some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_make_package_urls() {
        let url = |name, version| package_url(name, Some(version)).unwrap().to_string();
        assert_eq!(url("@a/b", "v1.0.0"), "pkg:npm/%40a/b@1.0.0");
        assert_eq!(url("a", "=1.0.0"), "pkg:npm/a@1.0.0");
        assert_eq!(
            package_url("JSONStream", None).unwrap().name(),
            "JSONStream"
        );
        assert_eq!(url("a", "vendored"), "pkg:npm/a@vendored");
        assert!(package_url("../a", None).is_none());
    }

    #[test]
    fn only_exact_versions_are_exact() {
        assert_eq!(exact_version("1.2.3"), Some("1.2.3"));
        assert_eq!(exact_version("= v1.2.3-rc.1+x"), Some("1.2.3-rc.1+x"));
        for range in [
            "",
            "*",
            "1",
            "1.2",
            "^1.2.3",
            "1.2.x",
            "1.2.3 - 2.0.0",
            "latest",
            "1.2.3 || 2",
        ] {
            assert_eq!(exact_version(range), None, "{range}");
        }
    }
}
