//! How repositories and revisions are written: `PATH@REVISION`, `https://host/x.git@REVISION`,
//! `user@host:x.git@REVISION`.
//!
//! Only encrypted transports lead to other machines. An address with a password in it is refused:
//! it would be seen in the list of processes and in reports.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::registry::{is_authority, is_loopback};

/// Where a repository is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GitAddress {
    /// On this disk: a work tree or a bare repository.
    Folder(PathBuf),
    /// Elsewhere.
    Url(String),
}

/// A repository at a revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GitTarget {
    address: GitAddress,
    revision: Option<String>,
}

/// Why a text names no repository or revision.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidGitTarget {
    /// It is no address of a repository.
    #[error(
        "`{0}` is no address of a git repository; write https://host/path.git@REVISION, or a folder"
    )]
    NotAnAddress(String),
    /// There is a password in it.
    #[error(
        "an address of a repository must not hold a user's name or password\n\
         hint: let git know them, with `git credential` or a key"
    )]
    Password,
    /// It is not encrypted.
    #[error("`{0}` is not encrypted; use https or ssh")]
    NotEncrypted(String),
    /// It is no revision.
    #[error("`{0}` is no revision: a branch, a tag or a commit")]
    BadRevision(String),
}

impl GitTarget {
    /// A repository at a revision; without one, at its `HEAD`.
    ///
    /// # Errors
    /// If git could take one of them for something else.
    pub fn new(address: GitAddress, revision: Option<String>) -> Result<Self, InvalidGitTarget> {
        if let Some(revision) = &revision
            && !is_revision(revision)
        {
            return Err(InvalidGitTarget::BadRevision(short(revision)));
        }
        let address = match address {
            GitAddress::Url(url) => check_url(url)?,
            folder @ GitAddress::Folder(_) => folder,
        };
        // What is reckoned from a revision can not be fetched alone.
        if let (GitAddress::Url(_), Some(revision)) = (&address, &revision)
            && revision.contains(['~', '^'])
        {
            return Err(InvalidGitTarget::BadRevision(short(revision)));
        }
        Ok(Self { address, revision })
    }

    /// Reads an address or folder, with a revision or without.
    ///
    /// # Errors
    /// If it is neither.
    pub fn understand(text: &str) -> Result<Self, InvalidGitTarget> {
        if Self::is_repository(Path::new(text)) {
            return Self::new(GitAddress::Folder(text.into()), None);
        }
        for (place, _) in text.match_indices('@') {
            let (path, revision) = (&text[..place], &text[place + 1..]);
            if !path.is_empty() && Self::is_repository(Path::new(path)) {
                return Self::new(GitAddress::Folder(path.into()), Some(revision.to_owned()));
            }
        }
        let (url, revision) = split_revision(text);
        Self::new(GitAddress::Url(url.to_owned()), revision.map(str::to_owned))
    }

    /// Whether there is a repository in this folder: a work tree or a bare one.
    pub fn is_repository(folder: &Path) -> bool {
        folder.join(".git").exists()
            || (folder.join("HEAD").is_file() && folder.join("objects").is_dir())
    }

    /// Where it is.
    pub fn address(&self) -> &GitAddress {
        &self.address
    }

    /// The revision, if one is named.
    pub fn revision(&self) -> Option<&str> {
        self.revision.as_deref()
    }
}

impl fmt::Display for GitAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(path) => path.display().fmt(formatter),
            Self::Url(url) => formatter.write_str(url),
        }
    }
}

impl fmt::Display for GitTarget {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.address.fmt(formatter)?;
        match &self.revision {
            Some(revision) => write!(formatter, "@{revision}"),
            None => Ok(()),
        }
    }
}

/// The address, and the revision behind its last `@`. A revision may have slashes where the
/// address ends in `.git`.
fn split_revision(text: &str) -> (&str, Option<&str>) {
    if let Some(place) = text.find(".git@") {
        let end = place + ".git".len();
        return (&text[..end], Some(&text[end + 1..]));
    }
    let path = match text.split_once("://") {
        Some((scheme, after)) => scheme.len() + 3 + after.find('/').unwrap_or(after.len()),
        None => text.find(':').unwrap_or(0),
    };
    match text[path..].rfind('@') {
        Some(place) => (&text[..path + place], Some(&text[path + place + 1..])),
        None => (text, None),
    }
}

fn check_url(url: String) -> Result<GitAddress, InvalidGitTarget> {
    let not_an_address = || InvalidGitTarget::NotAnAddress(without_user(&url));
    if !url.bytes().all(|byte| byte.is_ascii_graphic()) || url.starts_with('-') {
        return Err(not_an_address());
    }
    let Some((scheme, after)) = url.split_once("://") else {
        // user@host:path, as ssh's copy program writes it.
        let (host, path) = url.split_once(':').ok_or_else(not_an_address)?;
        let (user, host) = host.split_once('@').ok_or_else(not_an_address)?;
        let right = is_user(user) && is_authority(host) && !path.is_empty();
        if !right || path.starts_with(['-', ':']) {
            return Err(not_an_address());
        }
        return Ok(GitAddress::Url(url));
    };
    let authority = after.split('/').next().unwrap_or_default();
    match scheme {
        "https" | "http" if authority.contains('@') => Err(InvalidGitTarget::Password),
        "https" if is_authority(authority) => Ok(GitAddress::Url(url)),
        "http" if is_authority(authority) && is_loopback(authority) => Ok(GitAddress::Url(url)),
        "http" | "git" => Err(InvalidGitTarget::NotEncrypted(without_user(&url))),
        "ssh" => {
            let (user, host) = match authority.rsplit_once('@') {
                Some((user, host)) => (Some(user), host),
                None => (None, authority),
            };
            if user.is_some_and(|user| user.contains(':')) {
                return Err(InvalidGitTarget::Password);
            }
            if !user.is_none_or(is_user) || !is_authority(host) {
                return Err(not_an_address());
            }
            Ok(GitAddress::Url(url))
        }
        _ => Err(not_an_address()),
    }
}

fn is_user(user: &str) -> bool {
    !user.is_empty()
        && !user.starts_with('-')
        && user
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

/// Whether git takes this for a revision and for nothing else.
fn is_revision(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 250
        && !text.starts_with(['-', '+', '/', '.', '^'])
        && !text.contains("..")
        && !text.contains("@{")
        && text.bytes().all(|byte| {
            byte.is_ascii_alphanumeric()
                || matches!(
                    byte,
                    b'.' | b'_' | b'/' | b'-' | b'+' | b'@' | b'#' | b'=' | b'~' | b'^'
                )
        })
}

/// The beginning of an address without what stands before its host.
fn without_user(url: &str) -> String {
    short(url.rsplit('@').next().unwrap_or_default())
}

fn short(text: &str) -> String {
    text.chars().take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_revisions_are_told_apart() {
        for (text, address, revision) in [
            (
                "https://git.example/x.git",
                "https://git.example/x.git",
                None,
            ),
            (
                "https://git.example/x.git@feature/y",
                "https://git.example/x.git",
                Some("feature/y"),
            ),
            (
                "https://git.example/a/x@v1.0",
                "https://git.example/a/x",
                Some("v1.0"),
            ),
            (
                "ssh://git@git.example:22/x",
                "ssh://git@git.example:22/x",
                None,
            ),
            ("git@git.example:x@abc", "git@git.example:x", Some("abc")),
            (
                "http://127.0.0.1:80/x.git",
                "http://127.0.0.1:80/x.git",
                None,
            ),
        ] {
            let target = GitTarget::understand(text).unwrap();
            assert_eq!(target.address().to_string(), address);
            assert_eq!(target.revision(), revision);
            assert_eq!(target.to_string(), text);
        }
    }

    #[test]
    fn what_git_could_misunderstand_is_refused() {
        for text in [
            "ext::sh -c touch% /x",
            "--upload-pack=x",
            "https://user:secret@git.example/x.git",
            "https://token@git.example/x.git",
            "ssh://-oProxyCommand=x/y",
            "ssh://git:pw@git.example/y",
            "-x@git.example:y",
            "git@git.example:-y",
            "git@-x:y",
            "http://git.example/x.git",
            "git://git.example/x.git",
            "file:///x",
            "https://git.example/x.git@--upload-pack=x",
            "https://git.example/x.git@a..b",
            "https://git.example/x.git@a:b",
            "https://git.example/x.git@+a",
            "https://git.example/x.git@a^",
            "https://git.example/x.git@",
            "nothing",
            "",
        ] {
            let error = GitTarget::understand(text).unwrap_err().to_string();
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
