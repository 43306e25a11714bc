//! How .NET packages are named, in lockfiles, build output and archives alike.
//!
//! NuGet compares names without regard to case. Package URLs keep the case as it was found.

use linchpin_model::{Digest, DigestAlgorithm, PackageUrl};

use crate::base64_digest::digest_from_base64;

/// The package URL of a NuGet package.
pub(crate) fn package_url(name: &str, version: Option<&str>) -> Option<PackageUrl> {
    let name = name.trim();
    let fine = |next: char| next.is_alphanumeric() || matches!(next, '.' | '-' | '_' | '+');
    if name.is_empty() || !name.chars().all(fine) {
        return None;
    }
    let version = version.map(str::trim).filter(|version| !version.is_empty());
    PackageUrl::new("nuget", None, name, version.map(without_metadata)).ok()
}

/// The form in which names are compared.
pub(crate) fn folded(name: &str) -> String {
    name.to_lowercase()
}

/// A digest as NuGet writes it: base64 of SHA-512, with `sha512-` before it in build output.
pub(crate) fn digest(text: &str) -> Option<Digest> {
    let text = text.strip_prefix("sha512-").unwrap_or(text);
    digest_from_base64(DigestAlgorithm::Sha512, text)
}

/// `Name/1.2.3`, as build output and restored assets write their keys.
pub(crate) fn split_key(key: &str) -> Option<(&str, &str)> {
    key.rsplit_once('/').filter(|(name, _)| !name.is_empty())
}

/// The version that NuGet takes for a requirement: its lowest one, when that is all it says
/// (`1.2.3` means 1.2.3 or later), or the only one (`[1.2.3]`). Nothing for real ranges and for
/// versions that float: <https://learn.microsoft.com/nuget/concepts/package-versioning>.
pub(crate) fn lowest_version(requirement: &str) -> Option<&str> {
    let requirement = requirement.trim();
    let version = match requirement.strip_prefix('[') {
        Some(inner) => inner.strip_suffix(']')?.trim(),
        None => requirement,
    };
    let fine = |next: char| next.is_ascii_alphanumeric() || matches!(next, '.' | '-' | '+');
    let good = version.starts_with(|first: char| first.is_ascii_digit())
        && version.chars().all(fine)
        && version.len() < 100;
    good.then_some(version)
}

/// What stands behind `+` is about the build; NuGet does not tell versions apart by it.
fn without_metadata(version: &str) -> &str {
    version
        .split_once('+')
        .map_or(version, |(version, _)| version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_versions_are_checked() {
        let url = |name, version| package_url(name, Some(version)).map(|url| url.to_string());
        let expected = Some("pkg:nuget/Newtonsoft.Json@13.0.3".to_owned());
        assert_eq!(url("Newtonsoft.Json", "13.0.3+abc"), expected);
        assert_eq!(url("../x", "1"), None);
        assert_eq!(split_key("a/b/1"), Some(("a/b", "1")));
    }

    #[test]
    fn only_one_version_is_a_version() {
        assert_eq!(lowest_version("1.2.3-rc.1"), Some("1.2.3-rc.1"));
        assert_eq!(lowest_version("[1.2.3]"), Some("1.2.3"));
        for range in ["", "1.*", "[1,2)", "(1.0,)", "*", "$(X)", "[1.0"] {
            assert_eq!(lowest_version(range), None, "{range}");
        }
    }
}
