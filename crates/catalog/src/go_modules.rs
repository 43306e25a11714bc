//! How Go modules are named, in manifests and in programs alike.

use linchpin_model::PackageUrl;

/// The package URL of a module: the last part of its path is the name, what stands before it the
/// namespace. `pkg:golang/golang.org/x/net@v0.17.0`.
pub(crate) fn package_url(path: &str, version: Option<&str>) -> Option<PackageUrl> {
    let path = path.trim_matches('/');
    let (namespace, name) = match path.rsplit_once('/') {
        Some((namespace, name)) => (Some(namespace), name),
        None => (None, path),
    };
    PackageUrl::new("golang", namespace, name, version).ok()
}
