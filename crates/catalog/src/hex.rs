//! What the formats of Elixir and Erlang share: names of packages of Hex.

use linchpin_model::PackageUrl;

/// The package URL of a package of Hex; of an organisation's repository with its name before it.
pub(crate) fn package_url(
    name: &str,
    version: Option<&str>,
    repository: Option<&str>,
) -> Option<PackageUrl> {
    let organisation = repository.and_then(|name| name.strip_prefix("hexpm:"));
    let organisation = organisation.map(str::to_ascii_lowercase);
    PackageUrl::new(
        "hex",
        organisation.as_deref(),
        &name.to_ascii_lowercase(),
        version,
    )
    .ok()
}

/// The package URL of a dependency from a repository, at a revision.
pub(crate) fn repository_url(name: &str, revision: &str, location: &str) -> Option<PackageUrl> {
    let qualifiers = [("vcs_url", location)];
    let name = name.to_ascii_lowercase();
    PackageUrl::with_qualifiers("otp", None, &name, Some(revision), &qualifiers).ok()
}

/// A requirement that allows one version only: `1.2.3` or `== 1.2.3`.
pub(crate) fn exact_version(requirement: &str) -> Option<&str> {
    let version = requirement.trim().trim_start_matches("==").trim();
    let is_version = version.starts_with(|first: char| first.is_ascii_digit())
        && version.split('.').count() > 2
        && !version.contains(' ');
    is_version.then_some(version)
}
