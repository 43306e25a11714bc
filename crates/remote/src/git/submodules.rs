//! The submodules of a repository at a commit: which there are, and where their objects can be had.
//!
//! `.gitmodules` is written by whoever wrote the repository. An address in it is used only if it
//! leads over the transport by which the repository itself came, and a name only if it stays within
//! the folder where git keeps the repositories of submodules. Of a repository on this disk nothing
//! is fetched: what is not there is told.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use super::client::Git;
use super::{GitAddress, GitTarget};

/// Most submodules of one repository, those within submodules counted.
pub(super) const MOST: usize = 200;
/// How deep submodules may nest.
pub(super) const DEEPEST: usize = 8;
/// Most bytes of what `.gitmodules` says.
const MOST_SETTINGS: u64 = 1 << 20;
/// Longest line of a listing of files.
const LONGEST_LINE: u64 = 8 << 10;

/// A folder of a repository that is another repository at a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Submodule {
    /// In the repository that it belongs to.
    pub(super) path: String,
    pub(super) commit: String,
    /// How `.gitmodules` calls it.
    pub(super) name: Option<String>,
    /// The address there, as it is written.
    pub(super) address: Option<String>,
}

/// Where the repository of some submodules came from.
#[derive(Debug, Clone)]
pub(super) enum Origin {
    /// From folders on this disk: where git keeps its own, and the work tree.
    Here { own: PathBuf, tree: PathBuf },
    /// From an address.
    Fetched(String),
}

/// The submodules of a commit.
pub(super) fn submodules_of(git: &Git<'_>, commit: &str) -> std::io::Result<Vec<Submodule>> {
    let mut found = Vec::new();
    let listing = git.stream(&[
        "ls-tree",
        "-r",
        "-z",
        "--full-tree",
        "--end-of-options",
        commit,
    ])?;
    let mut listing = BufReader::new(listing);
    let mut line = Vec::new();
    loop {
        line.clear();
        (&mut listing).take(LONGEST_LINE).read_until(0, &mut line)?;
        if line.is_empty() {
            break;
        }
        // mode, kind and object, a tabulator, the path.
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_end_matches('\0');
        if let Some((object, path)) = text
            .strip_prefix("160000 commit ")
            .and_then(|rest| rest.split_once('\t'))
            && found.len() <= MOST
        {
            found.push(Submodule {
                path: path.to_owned(),
                commit: object.to_owned(),
                name: None,
                address: None,
            });
        }
    }
    if found.is_empty() {
        return Ok(found);
    }
    let settings = settings(git, commit);
    for submodule in &mut found {
        if let Some((name, address)) = settings.get(&submodule.path) {
            submodule.name = Some(name.clone());
            submodule.address.clone_from(address);
        }
    }
    Ok(found)
}

/// Names and addresses in `.gitmodules`, by path; git itself reads it.
fn settings(git: &Git<'_>, commit: &str) -> HashMap<String, (String, Option<String>)> {
    let blob = format!("{commit}:.gitmodules");
    let mut text = Vec::new();
    let arguments = ["config", "--no-includes", "-z", "--list", "--blob", &blob];
    if let Ok(output) = git.stream(&arguments) {
        // Without the file there are no settings.
        let _ = output.take(MOST_SETTINGS).read_to_end(&mut text);
    }
    let mut paths: HashMap<String, String> = HashMap::new();
    let mut addresses: HashMap<String, String> = HashMap::new();
    for entry in text.split(|byte| *byte == 0) {
        let entry = String::from_utf8_lossy(entry);
        let Some((key, value)) = entry.split_once('\n') else {
            continue;
        };
        let Some((name, key)) = key
            .strip_prefix("submodule.")
            .and_then(|key| key.rsplit_once('.'))
        else {
            continue;
        };
        match key {
            "path" => paths.insert(name.to_owned(), value.trim_end_matches('/').to_owned()),
            "url" => addresses.insert(name.to_owned(), value.to_owned()),
            _ => None,
        };
    }
    paths
        .into_iter()
        .map(|(name, path)| {
            let address = addresses.get(&name).cloned();
            (path, (name, address))
        })
        .collect()
}

/// Folders of this disk that may be the repository of a submodule.
pub(super) fn folders_of(submodule: &Submodule, own: &Path, tree: &Path) -> Vec<PathBuf> {
    let mut folders = Vec::new();
    let mut add = |base: &Path, inside: PathBuf| {
        // Links in a repository must not lead out of it.
        if let (Ok(base), Ok(folder)) = (base.canonicalize(), inside.canonicalize())
            && folder.starts_with(base)
            && folder.join("objects").is_dir()
        {
            folders.push(folder);
        }
    };
    if let Some(name) = submodule.name.as_deref().filter(|name| is_inside(name)) {
        let modules = own.join("modules");
        add(&modules, modules.join(name));
    }
    if is_inside(&submodule.path) {
        add(tree, tree.join(&submodule.path).join(".git"));
    }
    folders
}

/// Whether a path leads nowhere but below the folder that it is reckoned from.
fn is_inside(path: &str) -> bool {
    !path.is_empty()
        && !path.contains(['\\', '\n', '\0'])
        && path
            .split('/')
            .all(|part| !matches!(part, "" | "." | "..") && !part.eq_ignore_ascii_case(".git"))
}

/// The address from which a submodule may be fetched, if the repository came from this one.
pub(super) fn address_of(submodule: &Submodule, parent: &str) -> Option<String> {
    let address = submodule.address.as_deref()?;
    let address = if address.starts_with("./") || address.starts_with("../") {
        relative(parent, address)?
    } else {
        address.to_owned()
    };
    let target = GitTarget::new(GitAddress::Url(address), None).ok()?;
    let GitAddress::Url(address) = target.address() else {
        return None;
    };
    (transport(address) == transport(parent)).then(|| address.clone())
}

/// An address that is written as a path from another one, as git reckons it.
pub(super) fn relative(parent: &str, path: &str) -> Option<String> {
    let mut base = parent.trim_end_matches('/');
    let mut path = path;
    loop {
        if let Some(rest) = path.strip_prefix("./") {
            path = rest;
        } else if let Some(rest) = path.strip_prefix("../") {
            path = rest;
            let place = base.rfind(['/', ':'])?;
            let shorter = base.get(..place)?;
            // Neither the host nor what precedes it may go.
            if shorter.ends_with('/') || !shorter.contains([':', '@']) {
                return None;
            }
            base = shorter;
        } else {
            break;
        }
    }
    (!path.is_empty()).then(|| format!("{base}/{path}"))
}

/// How an address leads to another machine, and whether it leads to this one.
fn transport(address: &str) -> (&str, bool) {
    match address.split_once("://") {
        // Plain HTTP only comes here with an address of this machine.
        Some((scheme, after)) => {
            let authority = after.split('/').next().unwrap_or_default();
            let host = authority.rsplit('@').next().unwrap_or_default();
            (scheme, crate::registry::is_loopback(host))
        }
        None => ("ssh", false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn submodule(name: &str, address: &str) -> Submodule {
        Submodule {
            path: "libs/x".to_owned(),
            commit: "0".repeat(40),
            name: Some(name.to_owned()),
            address: Some(address.to_owned()),
        }
    }

    #[test]
    fn only_the_same_transport_is_followed() {
        let https = "https://git.example/team/app.git";
        let loopback = "http://127.0.0.1:80/team/app.git";
        let ssh = "git@git.example:team/app.git";
        for (parent, address, expected) in [
            (
                https,
                "../part.git",
                Some("https://git.example/team/part.git"),
            ),
            (
                https,
                "./part",
                Some("https://git.example/team/app.git/part"),
            ),
            (
                https,
                "../../other/part",
                Some("https://git.example/other/part"),
            ),
            (
                https,
                "https://other.example/x",
                Some("https://other.example/x"),
            ),
            (ssh, "../part.git", Some("git@git.example:team/part.git")),
            (
                ssh,
                "ssh://git@other.example/x",
                Some("ssh://git@other.example/x"),
            ),
            (loopback, "../x", Some("http://127.0.0.1:80/team/x")),
            (https, "../../../x", None),
            (https, "../../../../x", None),
            (https, "http://127.0.0.1/x", None),
            (https, "https://127.0.0.1/x", None),
            (https, "ssh://git@git.example/x", None),
            (https, "git@git.example:x", None),
            (ssh, "https://git.example/x", None),
            (https, "ext::sh -c touch% /x", None),
            (https, "file:///etc", None),
            (https, "/etc", None),
            (https, "-uhttps://git.example/x", None),
            (https, "--upload-pack=touch x", None),
            (ssh, "ssh://-oProxyCommand=x/y", None),
            (https, "https://user:secret@git.example/x", None),
        ] {
            let found = address_of(&submodule("x", address), parent);
            assert_eq!(found.as_deref(), expected, "{parent} {address}");
        }
    }

    #[test]
    fn names_stay_within_the_repository() {
        let work = tempfile::tempdir().unwrap();
        let repository = work.path().join("repository");
        for folder in [
            "repository/.git/modules/a/b",
            "secret",
            "repository/libs/x/.git",
        ] {
            std::fs::create_dir_all(work.path().join(folder).join("objects")).unwrap();
        }
        std::os::unix::fs::symlink("../../../secret", repository.join(".git/modules/link"))
            .unwrap();
        let found = |name: &str, path: &str| {
            let mut submodule = submodule(name, "x");
            path.clone_into(&mut submodule.path);
            folders_of(&submodule, &repository.join(".git"), &repository).len()
        };
        assert_eq!(found("a/b", "none"), 1);
        assert_eq!(found("a/b", "libs/x"), 2);
        for name in ["../../../secret", "link", "/etc", "a/../a/b", "", ".", "a"] {
            assert_eq!(found(name, "../secret"), 0, "{name}");
        }
    }
}
