//! Names of container images as people write them: `nginx:1.27`, `ghcr.io/owner/app@sha256:…`.
//!
//! The grammar is that of <https://github.com/distribution/reference>. Which package URL an image
//! gets follows the purl specification: type `oci` where a digest is given, because the version of
//! an `oci` URL must be one; type `docker` where there is only a tag, because its version may be
//! one. What a tag points to is not looked up.

use linchpin_model::{Digest, OccurrenceKind, PackageUrl};

/// Names of the registry that is meant when none is written.
const DEFAULT_REGISTRIES: &[&str] = &[
    "docker.io",
    "index.docker.io",
    "registry-1.docker.io",
    "registry.hub.docker.com",
];

/// Prefixes that say "an image" where something else could stand.
const SCHEMES: &[&str] = &[
    "docker://",
    "docker-image://",
    "docker-pullable://",
    "oci://",
];

/// Longest name that is read; registries take 255 bytes for the repository and 128 for the tag.
const LONGEST: usize = 1024;

/// An image by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ImageReference {
    /// The registry, unless it is the default one.
    registry: Option<String>,
    /// The path in the registry: `library/nginx`.
    repository: String,
    tag: Option<String>,
    digest: Option<Digest>,
}

/// Why a text names no image.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoImage {
    /// Some of it is put in later, by whoever runs it.
    #[error("which image `{0}` is shows only when it runs")]
    Variable(String),
    /// It is not built like one.
    #[error("`{0}` is no name of an image")]
    Malformed(String),
}

impl ImageReference {
    /// Reads a name.
    pub(crate) fn parse(text: &str) -> Result<Self, NoImage> {
        let text = text.trim();
        let shown = || text.chars().take(200).collect::<String>();
        if text.contains('$') || text.contains("{{") || text.contains("<<") || text.contains("%(") {
            return Err(NoImage::Variable(shown()));
        }
        let malformed = || NoImage::Malformed(shown());
        if text.len() > LONGEST {
            return Err(malformed());
        }
        let rest = SCHEMES
            .iter()
            .find_map(|scheme| text.strip_prefix(scheme))
            .unwrap_or(text);
        let (rest, digest) = match rest.split_once('@') {
            Some((rest, digest)) => {
                let digest: Digest = digest.parse().map_err(|_| malformed())?;
                (rest, Some(digest))
            }
            None => (rest, None),
        };
        // A colon in the first part belongs to the registry's port, one in the last part to the tag.
        let (path, tag) = match rest.rsplit_once(':') {
            Some((path, tag)) if !tag.contains('/') => (path, Some(tag)),
            _ => (rest, None),
        };
        let (registry, path) = match path.split_once('/') {
            Some((first, path))
                if first.contains(['.', ':'])
                    || first == "localhost"
                    || first.bytes().any(|byte| byte.is_ascii_uppercase()) =>
            {
                (Some(first), path)
            }
            _ => (None, path),
        };
        if !path.split('/').all(is_path_part)
            || !tag.is_none_or(is_tag)
            || !registry.is_none_or(is_registry)
        {
            return Err(malformed());
        }
        let registry = registry
            .map(str::to_ascii_lowercase)
            .filter(|registry| !DEFAULT_REGISTRIES.contains(&registry.as_str()));
        let repository = if registry.is_none() && !path.contains('/') {
            format!("library/{path}")
        } else {
            path.to_owned()
        };
        Ok(Self {
            registry,
            repository,
            tag: tag.map(str::to_owned),
            digest,
        })
    }

    /// Whether this is Docker's word for an image without content.
    pub(crate) fn is_scratch(&self) -> bool {
        self.registry.is_none() && self.repository == "library/scratch"
    }

    /// The digest that it is pinned to.
    pub(crate) fn digest(&self) -> Option<&Digest> {
        self.digest.as_ref()
    }

    /// A digest names one image for good; what a tag names may change.
    pub(crate) fn occurrence_kind(&self) -> OccurrenceKind {
        match self.digest {
            Some(_) => OccurrenceKind::Locked,
            None => OccurrenceKind::Declared,
        }
    }

    /// The package URL.
    pub(crate) fn package_url(&self) -> Option<PackageUrl> {
        let (namespace, name) = match self.repository.rsplit_once('/') {
            Some((namespace, name)) => (Some(namespace), name),
            None => (None, self.repository.as_str()),
        };
        if let Some(digest) = &self.digest {
            let registry = self.registry.as_deref().unwrap_or("docker.io");
            let location = format!("{registry}/{}", self.repository);
            return PackageUrl::with_qualifiers(
                "oci",
                None,
                name,
                Some(&digest.to_string()),
                &[
                    ("repository_url", location.as_str()),
                    ("tag", self.tag.as_deref().unwrap_or_default()),
                ],
            )
            .ok();
        }
        let namespace = namespace.filter(|namespace| {
            // Docker's own images are called without the folder that they lie in.
            self.registry.is_some() || *namespace != "library"
        });
        PackageUrl::with_qualifiers(
            "docker",
            namespace,
            name,
            Some(self.tag.as_deref().unwrap_or("latest")),
            &[(
                "repository_url",
                self.registry.as_deref().unwrap_or_default(),
            )],
        )
        .ok()
    }
}

fn is_path_part(part: &str) -> bool {
    let edge = |byte: Option<u8>| {
        byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    edge(part.bytes().next())
        && edge(part.bytes().next_back())
        && part.bytes().all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'_' | b'-')
        })
}

fn is_tag(tag: &str) -> bool {
    (1..=128).contains(&tag.len())
        && !tag.starts_with(['.', '-'])
        && tag
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}

fn is_registry(registry: &str) -> bool {
    !registry.starts_with(['.', '-', ':'])
        && registry.bytes().all(|byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b':' | b'-' | b'[' | b']')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn purl(text: &str) -> String {
        ImageReference::parse(text)
            .unwrap()
            .package_url()
            .unwrap()
            .to_string()
            .replace("%2F", "/")
    }

    #[test]
    fn names_are_read_as_docker_reads_them() {
        assert_eq!(purl("nginx"), "pkg:docker/nginx@latest");
        assert_eq!(purl("nginx:1.27-alpine"), "pkg:docker/nginx@1.27-alpine");
        assert_eq!(purl("docker.io/library/nginx:1"), "pkg:docker/nginx@1");
        assert_eq!(
            purl("docker://bitnami/redis:7.2"),
            "pkg:docker/bitnami/redis@7.2"
        );
        assert_eq!(
            purl("localhost:5000/team/app:v1"),
            "pkg:docker/team/app@v1?repository_url=localhost:5000"
        );
        let digest = format!("sha256:{}", "ab".repeat(32));
        assert_eq!(
            purl(&format!("ghcr.io/owner/app:2@{digest}")),
            format!("pkg:oci/app@{digest}?repository_url=ghcr.io/owner/app&tag=2")
        );
        assert_eq!(
            purl(&format!("nginx@{digest}")),
            format!("pkg:oci/nginx@{digest}?repository_url=docker.io/library/nginx")
        );
    }

    #[test]
    fn what_is_no_name_is_told_from_what_is_not_known_yet() {
        for variable in ["$IMAGE", "app:${TAG}", "{{ .Values.image }}", "a:${{ x }}"] {
            assert!(
                matches!(ImageReference::parse(variable), Err(NoImage::Variable(_))),
                "{variable}"
            );
        }
        for malformed in [
            "",
            "Nginx",
            "a b",
            "a/",
            "/a",
            "a:",
            "a@sha256:1",
            "a//b",
            "http://x/y.png",
            "ä",
        ] {
            assert!(
                matches!(ImageReference::parse(malformed), Err(NoImage::Malformed(_))),
                "{malformed}"
            );
        }
    }
}
