//! What Ruby's formats share: names in package URLs, and the specification of a gem.

mod gemspec;

use linchpin_model::PackageUrl;

pub(crate) use gemspec::{Gemspec, exact_version, ruby_code};

/// The package URL of a gem. Gems with compiled parts are made for one platform each; those for
/// `ruby` are source.
pub(crate) fn package_url(
    name: &str,
    version: Option<&str>,
    platform: Option<&str>,
) -> Option<PackageUrl> {
    let platform = platform.filter(|platform| *platform != "ruby");
    let qualifiers: Vec<(&str, &str)> = platform.iter().map(|value| ("platform", *value)).collect();
    PackageUrl::with_qualifiers("gem", None, name, version, &qualifiers).ok()
}

/// A version as lockfiles and file names write it, and the platform behind it: `1.15.0-x86_64-linux`.
pub(crate) fn version_and_platform(text: &str) -> (&str, Option<&str>) {
    match text.split_once('-') {
        Some((version, platform)) => (version, Some(platform)),
        None => (text, None),
    }
}
