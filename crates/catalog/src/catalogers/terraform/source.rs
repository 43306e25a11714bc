//! The addresses of providers and modules: <https://developer.hashicorp.com/terraform/internals/provider-registry-protocol>,
//! <https://developer.hashicorp.com/terraform/language/modules/sources>.

use linchpin_model::PackageUrl;

/// The registries that are meant when none is written: Terraform's, and OpenTofu's in lockfiles.
const DEFAULT_REGISTRIES: &[&str] = &["registry.terraform.io"];

/// The package URL of a provider: `[host/]namespace/name`.
pub(super) fn provider_url(address: &str, version: Option<&str>) -> Option<PackageUrl> {
    let parts: Vec<&str> = address.split('/').collect();
    let (host, namespace, name) = match parts.as_slice() {
        [host, namespace, name] => (Some(*host), *namespace, *name),
        [namespace, name] => (None, *namespace, *name),
        // Providers without a namespace are those of HashiCorp.
        [name] => (None, "hashicorp", *name),
        _ => return None,
    };
    registry_url(host, namespace, name, version)
}

/// The package URL of a module of a registry: `[host/]namespace/name/system`; nothing if the source
/// is of another kind.
pub(super) fn module_url(source: &str, version: Option<&str>) -> Option<PackageUrl> {
    let source = source.split_once("//").map_or(source, |(source, _)| source);
    let parts: Vec<&str> = source.split('/').collect();
    let is_plain = |part: &&str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
    };
    let (host, rest) = match parts.as_slice() {
        [host, rest @ ..] if rest.len() == 3 && host.contains('.') => (Some(*host), rest),
        rest if rest.len() == 3 => (None, rest),
        _ => return None,
    };
    let [namespace, name, _] = rest else {
        return None;
    };
    if !rest.iter().all(is_plain) {
        return None;
    }
    // The system that it is for is no part of the package URL, as its type is defined.
    registry_url(host, namespace, name, version)
}

fn registry_url(
    host: Option<&str>,
    namespace: &str,
    name: &str,
    version: Option<&str>,
) -> Option<PackageUrl> {
    let host = host.filter(|host| !DEFAULT_REGISTRIES.contains(host));
    PackageUrl::with_qualifiers(
        "terraform",
        Some(namespace),
        name,
        version,
        &[("repository_url", host.unwrap_or_default())],
    )
    .ok()
}

/// A version constraint that only one version keeps to: `5.31.0`, `= 5.31.0`.
pub(super) fn exact_version(constraint: &str) -> Option<&str> {
    let version = constraint.trim();
    let version = version.strip_prefix('=').unwrap_or(version).trim();
    let version = version.strip_prefix('v').unwrap_or(version);
    (version.starts_with(|first: char| first.is_ascii_digit())
        && version
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'+')))
    .then_some(version)
}
