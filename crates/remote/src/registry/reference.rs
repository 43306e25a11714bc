//! Names of images: `nginx:1.27`, `host:5000/team/app@sha256:…`.
//!
//! Grammar: <https://github.com/distribution/reference>. A name without a registry is Docker
//! Hub's, one without a namespace there is in `library/`.

use std::fmt;
use std::str::FromStr;

use linchpin_model::Digest;

/// The registry of names that have none.
const DEFAULT_REGISTRY: &str = "docker.io";
/// Longest repository, in bytes.
const LONGEST: usize = 255;

/// The full name of an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageReference {
    registry: String,
    repository: String,
    tag: Option<String>,
    digest: Option<Digest>,
}

/// Why a text is no name of an image.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no name of an image: {reason}")]
pub struct InvalidReference {
    text: String,
    reason: &'static str,
}

impl ImageReference {
    /// Host and port of the registry.
    pub fn registry(&self) -> &str {
        &self.registry
    }

    /// The repository in the registry.
    pub fn repository(&self) -> &str {
        &self.repository
    }

    /// The digest, if the name has one.
    pub fn digest(&self) -> Option<&Digest> {
        self.digest.as_ref()
    }

    /// What is asked for in the repository: the digest, else the tag.
    pub fn version(&self) -> String {
        match (&self.digest, &self.tag) {
            (Some(digest), _) => digest.to_string(),
            (None, Some(tag)) => tag.clone(),
            (None, None) => "latest".to_owned(),
        }
    }

    /// Registry and repository, without tag and digest.
    pub fn place(&self) -> String {
        format!("{}/{}", self.registry, self.repository)
    }

    /// The same version of another repository.
    #[must_use]
    pub(super) fn moved(&self, registry: String, repository: String) -> Self {
        Self {
            registry,
            repository,
            ..self.clone()
        }
    }
}

impl FromStr for ImageReference {
    type Err = InvalidReference;

    fn from_str(text: &str) -> Result<Self, InvalidReference> {
        let wrong = |reason| InvalidReference {
            text: text.chars().take(200).collect(),
            reason,
        };
        let (name, digest) = match text.split_once('@') {
            Some((name, digest)) => {
                let digest = digest
                    .parse()
                    .map_err(|_| wrong("what follows the @ is no digest"))?;
                (name, Some(digest))
            }
            None => (text, None),
        };
        let (registry, rest) = match name.split_once('/') {
            Some((first, rest)) if looks_like_host(first) => (first, rest),
            _ => (DEFAULT_REGISTRY, name),
        };
        if !is_authority(registry) {
            return Err(wrong("its registry is no host"));
        }
        let (repository, tag) = match rest.rsplit_once(':') {
            Some((repository, tag)) => (repository, Some(tag.to_owned())),
            None => (rest, None),
        };
        if tag.as_deref().is_some_and(|tag| !is_tag(tag)) {
            return Err(wrong("its tag has characters that a tag can not have"));
        }
        if repository.len() > LONGEST || !repository.split('/').all(is_component) {
            return Err(wrong(
                "a repository is written in lower case letters and digits, with . _ - and / between them",
            ));
        }
        let registry = match registry {
            "index.docker.io" | "registry-1.docker.io" => DEFAULT_REGISTRY,
            other => other,
        };
        let repository = if registry == DEFAULT_REGISTRY && !repository.contains('/') {
            format!("library/{repository}")
        } else {
            repository.to_owned()
        };
        Ok(Self {
            registry: registry.to_owned(),
            repository,
            tag: tag.or_else(|| digest.is_none().then(|| "latest".to_owned())),
            digest,
        })
    }
}

impl fmt::Display for ImageReference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.registry, self.repository)?;
        if let Some(tag) = &self.tag {
            write!(formatter, ":{tag}")?;
        }
        if let Some(digest) = &self.digest {
            write!(formatter, "@{digest}")?;
        }
        Ok(())
    }
}

/// Whether the first part of a name is a registry and not a namespace of the default one.
fn looks_like_host(part: &str) -> bool {
    part == "localhost"
        || part.contains(['.', ':', '['])
        || part.bytes().any(|byte| byte.is_ascii_uppercase())
}

/// Whether this is a host, perhaps with a port: a name, an IPv4 address or an IPv6 address in brackets.
pub(crate) fn is_authority(text: &str) -> bool {
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let Some((address, port)) = rest.split_once(']') else {
                return false;
            };
            if address.parse::<std::net::Ipv6Addr>().is_err() {
                return false;
            }
            (None, port)
        }
        None => match text.find(':') {
            Some(colon) => (Some(&text[..colon]), &text[colon..]),
            None => (Some(text), ""),
        },
    };
    let right_host = host.is_none_or(|host| {
        host.len() <= 253
            && host.split('.').all(|label| {
                !label.is_empty()
                    && !label.starts_with('-')
                    && !label.ends_with('-')
                    && label
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
            })
    });
    let right_port = port.is_empty()
        || port.strip_prefix(':').is_some_and(|port| {
            port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok()
        });
    right_host && right_port
}

/// A part of a repository: lower case letters and digits, single separators between them.
fn is_component(part: &str) -> bool {
    let mut previous = None;
    let mut separators = 0;
    for byte in part.bytes() {
        if byte.is_ascii_lowercase() || byte.is_ascii_digit() {
            separators = 0;
        } else if matches!(byte, b'.' | b'_' | b'-') {
            separators += 1;
            let same = previous == Some(byte);
            let right = match (separators, byte) {
                (1, _) => previous.is_some(),
                (2, b'_') | (_, b'-') => same,
                _ => false,
            };
            if !right {
                return false;
            }
        } else {
            return false;
        }
        previous = Some(byte);
    }
    previous.is_some() && separators == 0
}

fn is_tag(tag: &str) -> bool {
    let mut bytes = tag.bytes();
    tag.len() <= 128
        && bytes
            .next()
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_taken_is_written_as_it_is_read(text in "([a-z0-9]{0,4}|[.:/@_-]|localhost|\\[::1\\]|[ -~]){0,10}") {
            if let Ok(reference) = text.parse::<ImageReference>() {
                prop_assert_eq!(reference.to_string().parse(), Ok(reference));
            }
        }
    }

    #[test]
    fn names_get_their_defaults() {
        let digest = format!("sha256:{}", "ab".repeat(32));
        for (text, full) in [
            ("nginx", "docker.io/library/nginx:latest".to_owned()),
            ("nginx:1.27", "docker.io/library/nginx:1.27".to_owned()),
            ("team/app", "docker.io/team/app:latest".to_owned()),
            (
                "docker.io/nginx",
                "docker.io/library/nginx:latest".to_owned(),
            ),
            ("index.docker.io/a/b:c", "docker.io/a/b:c".to_owned()),
            ("localhost/x", "localhost/x:latest".to_owned()),
            ("localhost:5000/x:y", "localhost:5000/x:y".to_owned()),
            ("[::1]:5000/a/b/c", "[::1]:5000/a/b/c:latest".to_owned()),
            (
                "quay.example/a__b/c---d:V_1.x-y",
                "quay.example/a__b/c---d:V_1.x-y".to_owned(),
            ),
            (
                &format!("a@{digest}"),
                format!("docker.io/library/a@{digest}"),
            ),
            (&format!("h.x/a:1@{digest}"), format!("h.x/a:1@{digest}")),
        ] {
            let reference: ImageReference = text.parse().unwrap();
            assert_eq!(reference.to_string(), full, "{text}");
            assert_eq!(reference.to_string().parse(), Ok(reference));
        }
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for text in [
            "",
            "/",
            "a/",
            "/a",
            "a//b",
            "A",
            "a:",
            "a:-x",
            "a@sha256:12",
            "h.x:99999/a",
            "[::1/a",
            "a..b",
            "a._b",
            "-a",
            "a-",
            "h..x/a",
            "a b",
            "host.x/../a",
            "a?b",
            "a:b:c",
            "a\u{e9}",
            "user:pw@host/a",
        ] {
            assert!(text.parse::<ImageReference>().is_err(), "{text}");
        }
    }
}
