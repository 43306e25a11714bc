//! Repositories of source code as packages: what a submodule, a lockfile or a build file names by
//! an address and a revision.

use linchpin_model::{Digest, PackageUrl};

use crate::addresses::public_address;

/// An address of a repository, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Repository {
    /// The host in lower case, without credentials.
    pub(crate) host: String,
    /// The path on it, without a leading slash and without `.git`.
    pub(crate) path: String,
    /// The protocol: `https` where the address is of the form `user@host:path`.
    scheme: String,
}

impl Repository {
    /// Reads `https://host/path.git`, `ssh://user@host/path`, `git+https://…` and `user@host:path`.
    /// `None` for anything else: a path on the author's machine, for example.
    pub(crate) fn parse(address: &str) -> Option<Self> {
        let address = address.trim();
        let address = address.strip_prefix("git+").unwrap_or(address);
        let address = address.split(['?', '#']).next().unwrap_or_default();
        let (scheme, rest) = match address.split_once("://") {
            Some((scheme, rest)) => (scheme.to_ascii_lowercase(), rest.to_owned()),
            None => {
                // scp's form: a colon, and no slash before it.
                let (host, path) = address.split_once(':')?;
                if host.contains('/') || host.len() < 2 {
                    return None;
                }
                ("ssh".to_owned(), format!("{host}/{path}"))
            }
        };
        if scheme == "file" || !scheme.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return None;
        }
        let (authority, path) = rest.split_once('/')?;
        let host = authority.rsplit('@').next().unwrap_or_default();
        let path = path.trim_matches('/');
        let path = path.strip_suffix(".git").unwrap_or(path);
        let is_plain = |c: char| !c.is_control() && !c.is_whitespace();
        let leads_elsewhere = path.split('/').any(|part| matches!(part, "" | "." | ".."));
        if host.is_empty() || path.is_empty() || leads_elsewhere || !rest.chars().all(is_plain) {
            return None;
        }
        Some(Self {
            host: host.to_ascii_lowercase(),
            path: path.to_owned(),
            scheme,
        })
    }

    /// The repository at a path that is reckoned from this one: `../other.git`, as submodules have.
    pub(crate) fn relative(&self, path: &str) -> Option<Self> {
        let mut parts: Vec<&str> = self.path.split('/').collect();
        for part in path.trim_end_matches('/').split('/') {
            match part {
                "." => {}
                ".." => {
                    parts.pop()?;
                }
                part => parts.push(part),
            }
        }
        let path = parts.join("/");
        Self::parse(&format!("{}://{}/{path}", self.scheme, self.host))
    }

    /// The host without its port.
    fn host_name(&self) -> &str {
        self.host.split(':').next().unwrap_or_default()
    }

    /// Where it can be fetched, at a revision: `git+https://host/path@revision`.
    pub(crate) fn location(&self, revision: Option<&str>) -> String {
        let scheme = match self.scheme.as_str() {
            "git" | "http" | "ssh" => self.scheme.as_str(),
            _ => "https",
        };
        let at = revision
            .map(|revision| format!("@{revision}"))
            .unwrap_or_default();
        format!("git+{scheme}://{}/{}{at}", self.host, self.path)
    }

    /// The package URL of the repository at a revision: by its owner and name on the two hosts
    /// that have a type of their own, and generic with its address elsewhere.
    pub(crate) fn package_url(&self, revision: Option<&str>) -> Option<PackageUrl> {
        let kind = match self.host_name() {
            "github.com" | "www.github.com" => Some("github"),
            "bitbucket.org" => Some("bitbucket"),
            _ => None,
        };
        let (owner, name) = self.path.rsplit_once('/').unwrap_or(("", &self.path));
        if let Some(kind) = kind.filter(|_| !owner.is_empty() && !owner.contains('/')) {
            let (owner, name) = (owner.to_ascii_lowercase(), name.to_ascii_lowercase());
            return PackageUrl::new(kind, Some(&owner), &name, revision).ok();
        }
        let namespace = format!("{}/{owner}", self.host_name());
        let location = self.location(revision);
        let qualifiers = [("vcs_url", location.as_str())];
        PackageUrl::with_qualifiers("generic", Some(&namespace), name, revision, &qualifiers).ok()
    }
}

/// The package that an archive at an address is: on the host that says owner, name and revision in
/// its addresses, the repository at that revision, else a generic one with its address and digest.
pub(crate) fn package_of_archive(
    address: &str,
    name: &str,
    version: Option<&str>,
    digest: Option<&Digest>,
) -> Option<PackageUrl> {
    let address = public_address(address)?;
    if let Some(path) = address.strip_prefix("https://github.com/") {
        let parts: Vec<&str> = path.split('/').take(8).collect();
        let revision = match parts.as_slice() {
            [_, _, "archive", "refs", "tags" | "heads", file @ ..] => Some(file.join("/")),
            [_, _, "archive", file] => Some((*file).to_owned()),
            [_, _, "releases", "download", tag, _] => Some((*tag).to_owned()),
            _ => None,
        };
        if let (Some(revision), [owner, name, ..]) = (revision, parts.as_slice()) {
            let (owner, name) = (owner.to_ascii_lowercase(), name.to_ascii_lowercase());
            let ends = [".tar.gz", ".tar.xz", ".tar.bz2", ".tgz", ".zip"];
            let revision = ends
                .iter()
                .find_map(|end| revision.strip_suffix(end))
                .unwrap_or(&revision);
            return PackageUrl::new("github", Some(&owner), &name, Some(revision)).ok();
        }
    }
    let digest = digest.map(ToString::to_string).unwrap_or_default();
    let qualifiers = [
        ("checksum", digest.as_str()),
        ("download_url", address.as_str()),
    ];
    PackageUrl::with_qualifiers("generic", None, name, version, &qualifiers).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_all_forms_are_read() {
        let url = |address: &str| {
            let repository = Repository::parse(address)?;
            Some(repository.package_url(Some("v1"))?.to_string())
        };
        for address in [
            "https://github.com/Owner/Name.git",
            "git@github.com:Owner/Name.git",
            "ssh://git@github.com/Owner/Name",
            "git+https://user:secret@github.com/Owner/Name/",
        ] {
            assert_eq!(
                url(address).as_deref(),
                Some("pkg:github/owner/name@v1"),
                "{address}"
            );
        }
        assert_eq!(
            url("https://user:secret@git.example/a/b/c.git").as_deref(),
            Some(
                "pkg:generic/git.example/a/b/c@v1?vcs_url=git%2Bhttps:%2F%2Fgit.example%2Fa%2Fb%2Fc%40v1"
            )
        );
        for address in [
            "../sibling",
            "/srv/x.git",
            "file:///srv/x",
            "C:/x",
            "",
            "https://",
        ] {
            assert_eq!(url(address), None, "{address}");
        }
    }
}
