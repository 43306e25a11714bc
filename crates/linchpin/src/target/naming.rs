//! What a target's text means: something on this disk, or an image, repository or package that
//! lies elsewhere.
//!
//! Whatever exists on the disk wins. A transport in front says it plainly; without one, an address
//! is a git repository, and what could be the name of an image is one in a registry.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use linchpin_model::PackageUrl;
use linchpin_remote::{Engine, GitAddress, GitTarget, ImageReference};

/// What a target's text means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// Something on this disk: the text for the room that opens it.
    Local(String),
    /// An image in a registry. `guessed` if nothing in the text says so plainly.
    Registry {
        reference: ImageReference,
        guessed: bool,
    },
    /// An image that a container engine of this machine has.
    Engine { engine: Engine, image: String },
    /// A git repository at a revision.
    Git(GitTarget),
    /// A package.
    Package(PackageUrl),
}

/// Transports that the room of sources understands.
const LOCAL: &[&str] = &["oci:", "oci-archive:", "docker-archive:", "dir:"];

/// Finds out what a text means.
pub(crate) fn understand(text: &str) -> Result<Target> {
    let local = || Ok(Target::Local(text.to_owned()));
    if text == "-" || text.is_empty() || exists(text) {
        return local();
    }
    if let Some(target) = by_transport(text)? {
        return Ok(target);
    }
    if is_part_of_archive(text) {
        return local();
    }
    if let Some((path, revision)) = local_revision(text) {
        let git = GitTarget::new(GitAddress::Folder(path), Some(revision))?;
        return Ok(Target::Git(git));
    }
    if looks_like_path(text) {
        return local();
    }
    match text.parse() {
        Ok(reference) => Ok(Target::Registry {
            reference,
            guessed: true,
        }),
        // What can not be an image is a path with nothing at it.
        Err(_) => local(),
    }
}

/// The meaning of a text whose beginning says it.
fn by_transport(text: &str) -> Result<Option<Target>> {
    for transport in ["registry:", "docker://"] {
        if let Some(name) = text.strip_prefix(transport) {
            return Ok(Some(Target::Registry {
                reference: name.parse()?,
                guessed: false,
            }));
        }
    }
    for (transport, engine) in [
        ("docker-daemon:", Engine::Docker),
        ("docker:", Engine::Docker),
        ("podman:", Engine::Podman),
        ("containerd:", Engine::Containerd),
    ] {
        if let Some(image) = text.strip_prefix(transport) {
            if image.is_empty() {
                return Err(anyhow!(
                    "after `{transport}` the name of an image must follow"
                ));
            }
            return Ok(Some(Target::Engine {
                engine,
                image: image.to_owned(),
            }));
        }
    }
    if LOCAL.iter().any(|transport| text.starts_with(transport)) {
        return Ok(Some(Target::Local(text.to_owned())));
    }
    if text.starts_with("pkg:") {
        let package = text
            .parse()
            .context("a package URL is written pkg:TYPE/NAMESPACE/NAME@VERSION")?;
        return Ok(Some(Target::Package(package)));
    }
    if let Some(rest) = text.strip_prefix("git:")
        && !rest.starts_with("//")
    {
        return Ok(Some(Target::Git(GitTarget::understand(rest)?)));
    }
    if let Some(rest) = text.strip_prefix("file:") {
        let path = rest.strip_prefix("//").unwrap_or(rest);
        let is_repository = GitTarget::is_repository(Path::new(path))
            || local_revision(path).is_some_and(|(path, _)| GitTarget::is_repository(&path));
        return Ok(Some(if rest.starts_with("//") && is_repository {
            Target::Git(GitTarget::understand(path)?)
        } else {
            Target::Local(path.to_owned())
        }));
    }
    let address = ["https://", "http://", "ssh://", "git://"]
        .iter()
        .any(|scheme| text.starts_with(scheme));
    let secure_copy = text
        .split_once(':')
        .is_some_and(|(host, path)| host.contains('@') && !host.contains('/') && !path.is_empty());
    if address || (secure_copy && !text.contains("@sha")) {
        return Ok(Some(Target::Git(GitTarget::understand(text)?)));
    }
    Ok(None)
}

fn exists(path: &str) -> bool {
    Path::new(path).symlink_metadata().is_ok()
}

/// Whether this is the name of an image in a layout or archive that is here. A folder that is no
/// layout has no images: `nginx:1.27` is not in a folder `nginx` that happens to be there.
fn is_part_of_archive(text: &str) -> bool {
    text.match_indices(':').any(|(place, _)| {
        let path = Path::new(&text[..place]);
        path.is_file() || path.join("oci-layout").is_file()
    })
}

/// The repository on this disk and the revision that `PATH@REVISION` names.
fn local_revision(text: &str) -> Option<(PathBuf, String)> {
    text.match_indices('@').find_map(|(place, _)| {
        let (path, revision) = (&text[..place], &text[place + 1..]);
        let path = Path::new(if path.is_empty() { "." } else { path });
        (!revision.is_empty() && GitTarget::is_repository(path))
            .then(|| (path.to_path_buf(), revision.to_owned()))
    })
}

/// Whether a text can only be meant as a path: it begins or ends like one, or its last part has
/// an ending, and nothing says that it is in a registry.
fn looks_like_path(text: &str) -> bool {
    let begins = ["/", "./", "../", "~", ".\\", "\\"];
    if begins.iter().any(|begin| text.starts_with(begin))
        || text.ends_with('/')
        || text.contains("/../")
        || matches!(text, "." | "..")
    {
        return true;
    }
    let named = text.contains(['@', ':']);
    let first = text.split('/').next().unwrap_or_default();
    let has_registry = text.contains('/') && (first.contains('.') || first == "localhost");
    let last = text.rsplit('/').next().unwrap_or_default();
    !named && !has_registry && last.contains('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> String {
        match understand(text).unwrap() {
            Target::Local(text) => format!("local {text}"),
            Target::Registry { reference, guessed } => {
                format!(
                    "{} {reference}",
                    if guessed { "guessed" } else { "registry" }
                )
            }
            Target::Engine { engine, image } => format!("{engine:?} {image}"),
            Target::Git(git) => format!("git {git}"),
            Target::Package(purl) => format!("package {purl}"),
        }
    }

    #[test]
    fn a_text_is_understood_as_people_mean_it() {
        for (text, meaning) in [
            ("nginx:1.27", "guessed docker.io/library/nginx:1.27"),
            ("nginx", "guessed docker.io/library/nginx:latest"),
            ("team/app", "guessed docker.io/team/app:latest"),
            ("localhost:5000/x", "guessed localhost:5000/x:latest"),
            ("[::1]:5000/x:y", "guessed [::1]:5000/x:y"),
            ("ghcr.example/a/b.c", "guessed ghcr.example/a/b.c:latest"),
            ("registry:Cargo", "!"),
            ("registry:nginx", "registry docker.io/library/nginx:latest"),
            ("docker://a.example/b:c", "registry a.example/b:c"),
            ("docker-daemon:app:1", "Docker app:1"),
            ("podman:app", "Podman app"),
            (
                "containerd:docker.io/library/a:1",
                "Containerd docker.io/library/a:1",
            ),
            ("package-lock.json", "local package-lock.json"),
            ("some/missing.tar", "local some/missing.tar"),
            ("./nginx", "local ./nginx"),
            ("/nginx", "local /nginx"),
            ("Upper", "local Upper"),
            ("-", "local -"),
            ("src", "local src"),
            ("Cargo.toml:x", "local Cargo.toml:x"),
            ("src:x", "guessed docker.io/library/src:x"),
            ("file:src", "local src"),
            ("oci:nowhere:tag", "local oci:nowhere:tag"),
            ("pkg:npm/lodash@4.17.20", "package pkg:npm/lodash@4.17.20"),
            (
                "https://git.example/x.git@v1",
                "git https://git.example/x.git@v1",
            ),
            ("ssh://git@git.example/x", "git ssh://git@git.example/x"),
            (
                "git@git.example:team/x.git",
                "git git@git.example:team/x.git",
            ),
        ] {
            if meaning == "!" {
                assert!(understand(text).is_err(), "{text}");
            } else {
                assert_eq!(kind(text), meaning, "{text}");
            }
        }
    }
}
