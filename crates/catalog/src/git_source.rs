//! Git repositories as files of infrastructure name them: `git::https://host/owner/name.git//folder?ref=v1`
//! (Terraform), `github.com/owner/name//folder?ref=v1` (Kustomize), `git@host:owner/name.git`,
//! `https://host/owner/name` with the revision beside it (pre-commit, Ansible).

use linchpin_model::{OccurrenceKind, PackageUrl, Scope};

use crate::references::Reference;

/// A repository and what is taken of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GitSource {
    host: String,
    /// `owner/name`, or more parts.
    path: String,
    revision: Option<String>,
}

impl GitSource {
    /// Reads a name; nothing if it is a path in the target, or of another kind.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let forced = text
            .strip_prefix("git::")
            .or_else(|| text.strip_prefix("git+"));
        let is_git = forced.is_some() || text.starts_with("git@") || text.starts_with("git://");
        let rest = forced.unwrap_or(text);
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let revision = query
            .split('&')
            .find_map(|setting| {
                setting
                    .strip_prefix("ref=")
                    .or_else(|| setting.strip_prefix("version="))
            })
            .filter(|revision| !revision.is_empty());
        let (scheme, rest) = match rest.split_once("://") {
            Some((scheme, rest)) => (Some(scheme), rest),
            None => (None, rest),
        };
        if scheme.is_some_and(|scheme| !matches!(scheme, "https" | "http" | "ssh" | "git")) {
            return None;
        }
        // Whoever may log in is nobody's business.
        let rest = match rest.split_once('@') {
            Some((user, rest)) if !user.contains('/') => rest,
            _ => rest,
        };
        let (rest, folder) = rest.split_once("//").unwrap_or((rest, ""));
        let end = rest.find(['/', ':'])?;
        let (host, path) = rest.split_at_checked(end)?;
        let path = path.trim_start_matches(':');
        // A port stands between host and path.
        let path = match path.split_once('/') {
            Some((port, path))
                if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) =>
            {
                path
            }
            _ => path,
        };
        let is_repository = path.contains(".git/") || path.strip_suffix(".git").is_some();
        let path = path.trim_matches('/');
        let path = path.split_once(".git/").map_or(path, |(path, _)| path);
        let path = path.strip_suffix(".git").unwrap_or(path);
        let known = matches!(
            host,
            "github.com" | "gitlab.com" | "bitbucket.org" | "codeberg.org"
        );
        let is_host = host.contains('.')
            && !host.starts_with('.')
            && host
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
        if !is_host || !(is_git || known || is_repository || !folder.is_empty()) {
            return None;
        }
        // On these hosts a repository has two parts, and what follows is a folder in it.
        let path = if matches!(host, "github.com" | "bitbucket.org") {
            let mut parts = path.split('/');
            format!("{}/{}", parts.next()?, parts.next()?)
        } else {
            path.to_owned()
        };
        let path_is_plain = path.bytes().all(|byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'/' | b'~')
        });
        (path_is_plain && path.contains('/')).then(|| Self {
            host: host.to_ascii_lowercase(),
            path,
            revision: revision.map(str::to_owned),
        })
    }

    /// The same repository at a revision that is written elsewhere.
    pub(crate) fn at(mut self, revision: Option<&str>) -> Self {
        if let Some(revision) = revision.filter(|revision| !revision.is_empty()) {
            self.revision = Some(revision.to_owned());
        }
        self
    }

    /// Where it is: repository and revision.
    pub(crate) fn download(&self) -> String {
        let revision = self
            .revision
            .as_ref()
            .map(|revision| format!("@{revision}"));
        format!(
            "git+https://{}/{}{}",
            self.host,
            self.path,
            revision.unwrap_or_default()
        )
    }

    /// The package URL: of the host's own type where it has one.
    pub(crate) fn package_url(&self) -> Option<PackageUrl> {
        let (namespace, name) = self.path.rsplit_once('/')?;
        let revision = self.revision.as_deref();
        let kind = match self.host.as_str() {
            "github.com" => "github",
            "bitbucket.org" => "bitbucket",
            _ => {
                let location = self.download();
                return PackageUrl::with_qualifiers(
                    "generic",
                    Some(namespace),
                    name,
                    revision,
                    &[("vcs_url", location.as_str())],
                )
                .ok();
            }
        };
        PackageUrl::new(
            kind,
            Some(&namespace.to_ascii_lowercase()),
            &name.to_ascii_lowercase(),
            revision,
        )
        .ok()
    }

    /// Whether the revision is a commit, which nobody can move.
    fn is_pinned(&self) -> bool {
        self.revision.as_ref().is_some_and(|revision| {
            matches!(revision.len(), 40 | 64)
                && revision.bytes().all(|byte| byte.is_ascii_hexdigit())
        })
    }

    /// What a file says by naming it.
    pub(crate) fn reference(&self, scope: Scope) -> Option<Reference> {
        Some(Reference {
            purl: self.package_url()?,
            kind: if self.is_pinned() {
                OccurrenceKind::Locked
            } else {
                OccurrenceKind::Declared
            },
            scope,
            hashes: Vec::new(),
            download: Some(self.download()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repositories_are_read_in_all_their_forms() {
        let purl = |text: &str| {
            GitSource::parse(text)?
                .package_url()
                .map(|purl| purl.to_string().replace("%2F", "/"))
        };
        assert_eq!(
            purl("git::https://user:word@github.com/Owner/Name.git//folder?ref=v1.2").as_deref(),
            Some("pkg:github/owner/name@v1.2")
        );
        assert_eq!(
            purl("github.com/owner/name//folder?ref=main").as_deref(),
            Some("pkg:github/owner/name@main")
        );
        assert_eq!(
            purl("https://github.com/owner/name/folder/in/it?ref=v3").as_deref(),
            Some("pkg:github/owner/name@v3")
        );
        assert_eq!(
            purl("git@bitbucket.org:owner/name.git").as_deref(),
            Some("pkg:bitbucket/owner/name")
        );
        assert_eq!(
            purl("git::ssh://git@git.example:2222/group/sub/name.git?ref=abc").as_deref(),
            Some(
                "pkg:generic/group/sub/name@abc?vcs_url=git%2Bhttps://git.example/group/sub/name%40abc"
            )
        );
        for none in [
            "./folder",
            "../x//y",
            "deployment.yaml",
            "https://host.example/file.yaml",
            "a/b/c",
            "",
            "git::",
            "https://",
            "github.com",
            "github.com/owner",
            "s3::https://x.example/y",
        ] {
            assert_eq!(purl(none), None, "{none}");
        }
    }
}
