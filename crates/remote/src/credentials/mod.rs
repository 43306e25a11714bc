//! Credentials for registries, from where the usual clients keep them.
//!
//! Files in the form of Docker's `config.json`, which Podman's and skopeo's `auth.json` share:
//! <https://github.com/containers/image/blob/main/docs/containers-auth.json.5.md>. What they name
//! as helpers is run. Nothing is asked for before a registry demands it, and nothing is printed.

mod auth_file;
mod helper;
mod secret;

pub use secret::Secret;

use std::path::{Path, PathBuf};

pub(crate) use auth_file::AuthFile;

/// Who we are for a registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credentials {
    /// A user and a password, or what stands for one.
    Password {
        /// The user.
        user: String,
        /// The password.
        password: Secret,
    },
    /// A token that is exchanged for tokens of short life.
    Identity(Secret),
    /// A token that is sent as it is.
    Bearer(Secret),
}

/// Why credentials can not be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CredentialError {
    /// The file can not be read.
    #[error("`{}` can not be read", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// The file is not in its form. What is wrong is not said: that could show a secret.
    #[error("`{}` is no valid file of credentials", .path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
    },
    /// A helper can not be run, or fails.
    #[error("`docker-credential-{name}`, which `{}` names, {reason}", .path.display())]
    Helper {
        /// The name of the helper.
        name: String,
        /// The file that names it.
        path: PathBuf,
        /// What went wrong.
        reason: String,
    },
}

/// Where credentials are looked for.
#[derive(Debug, Clone, Default)]
pub struct CredentialFiles {
    /// The files, the first that knows the registry counts. Those that are not there are passed over.
    pub files: Vec<PathBuf>,
}

/// Credentials, and the file that they come from.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) credentials: Credentials,
    pub(crate) from: PathBuf,
}

impl CredentialFiles {
    /// The credentials for a repository; nothing if no file knows any.
    pub(crate) fn find(
        &self,
        registry: &str,
        repository: &str,
    ) -> Result<Option<Found>, CredentialError> {
        for path in &self.files {
            let Some(file) = AuthFile::read(path)? else {
                continue;
            };
            if let Some(credentials) = find_in(&file, path, registry, repository)? {
                return Ok(Some(Found {
                    credentials,
                    from: path.clone(),
                }));
            }
        }
        Ok(None)
    }
}

fn find_in(
    file: &AuthFile,
    path: &Path,
    registry: &str,
    repository: &str,
) -> Result<Option<Credentials>, CredentialError> {
    // The names that clients have for one registry, the most exact first.
    let mut places = vec![format!("{registry}/{repository}")];
    while let Some((shorter, _)) = places.last().and_then(|place| place.rsplit_once('/')) {
        places.push(shorter.to_owned());
    }
    if let Some(helper) = places.iter().find_map(|place| file.helper_of(place)) {
        return helper::ask(helper, &server_name(registry), path);
    }
    if let Some(credentials) = places.iter().find_map(|place| file.entry_of(place)) {
        return Ok(Some(credentials));
    }
    match file.store() {
        Some(store) => helper::ask(store, &server_name(registry), path),
        None => Ok(None),
    }
}

/// What helpers call a registry: Docker Hub has a name of its own.
fn server_name(registry: &str) -> String {
    if registry == "docker.io" {
        "https://index.docker.io/v1/".to_owned()
    } else {
        registry.to_owned()
    }
}
