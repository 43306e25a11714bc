//! `registries.conf`, version 2: where a registry's images are really fetched from.
//!
//! Format: <https://github.com/containers/image/blob/main/docs/containers-registries.conf.5.md>.
//! Read are `[[registry]]` with `prefix`, `location`, `insecure`, `blocked` and mirrors. Short
//! names are always Docker Hub's: which of several search registries would answer depends on the
//! network, and the same command shall mean the same image everywhere. Aliases and the first
//! version of the format are not read.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::reference::{ImageReference, is_authority};
use super::registry_error::RegistryError;

/// Largest file that is read.
const MOST_BYTES: u64 = 4 << 20;

/// What all files together say.
#[derive(Debug, Clone, Default)]
pub struct RegistriesConf {
    registries: Vec<Registry>,
}

/// A place that an image can be fetched from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) reference: ImageReference,
    /// Whether it may be unencrypted, or encrypted by whomever.
    pub(super) insecure: bool,
}

/// A mirror that a setting names: `docker.io=mirror.example/hub`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mirror {
    prefix: String,
    location: String,
}

/// A text names no mirror.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` names no mirror; write REGISTRY=HOST[:PORT][/PATH], such as `docker.io=mirror.example/hub`"
)]
pub struct InvalidMirror(String);

impl std::str::FromStr for Mirror {
    type Err = InvalidMirror;

    fn from_str(text: &str) -> Result<Self, InvalidMirror> {
        let wrong = || InvalidMirror(text.chars().take(200).collect());
        let (prefix, location) = text.split_once('=').ok_or_else(wrong)?;
        let (prefix, location) = (prefix.trim_end_matches('/'), location.trim_end_matches('/'));
        let is_place = |place: &str| is_authority(place.split('/').next().unwrap_or_default());
        if !is_place(prefix) || !is_place(location) {
            return Err(wrong());
        }
        Ok(Self {
            prefix: prefix.to_owned(),
            location: location.to_owned(),
        })
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct File {
    registry: Vec<Registry>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct Registry {
    prefix: String,
    location: String,
    insecure: bool,
    blocked: bool,
    mirror_by_digest_only: bool,
    mirror: Vec<MirrorTable>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct MirrorTable {
    location: String,
    insecure: bool,
    pull_from_mirror: String,
}

impl RegistriesConf {
    /// Reads these files, and the files in these folders. Those that are not there are passed over.
    ///
    /// # Errors
    /// If one can not be read, or is not in the format: where images come from is not guessed.
    pub fn read(files: &[PathBuf], folders: &[PathBuf]) -> Result<Self, RegistryError> {
        let mut paths = files.to_vec();
        for folder in folders {
            let mut found: Vec<PathBuf> = std::fs::read_dir(folder)
                .into_iter()
                .flatten()
                .filter_map(|entry| Some(entry.ok()?.path()))
                .filter(|path| {
                    path.extension()
                        .is_some_and(|extension| extension == "conf")
                })
                .collect();
            found.sort();
            paths.append(&mut found);
        }
        let mut conf = Self::default();
        for path in paths {
            let file = read_file(&path)?;
            for registry in file.registry {
                // A later file replaces what an earlier one says of the same prefix.
                conf.registries
                    .retain(|known| known.key() != registry.key());
                conf.registries.push(registry);
            }
        }
        Ok(conf)
    }

    /// Where an image is fetched from, in this order.
    pub(super) fn places(
        &self,
        reference: &ImageReference,
        mirrors: &[Mirror],
    ) -> Result<Vec<Place>, RegistryError> {
        let mut places = Vec::new();
        let full = reference.place();
        for mirror in mirrors
            .iter()
            .filter(|mirror| covers(&mirror.prefix, &full))
        {
            places.push(Place {
                reference: moved(reference, &mirror.prefix, &mirror.location)?,
                insecure: false,
            });
        }
        let registry = self
            .registries
            .iter()
            .filter(|registry| covers(registry.key(), &full))
            .max_by_key(|registry| registry.key().len());
        let Some(registry) = registry else {
            places.push(Place {
                reference: reference.clone(),
                insecure: false,
            });
            return Ok(places);
        };
        if registry.blocked {
            return Err(RegistryError::Blocked {
                registry: registry.key().to_owned(),
            });
        }
        for mirror in &registry.mirror {
            let by_digest = reference.digest().is_some();
            let fits = match mirror.pull_from_mirror.as_str() {
                "digest-only" => by_digest,
                "tag-only" => !by_digest,
                _ => by_digest || !registry.mirror_by_digest_only,
            };
            if fits {
                places.push(Place {
                    reference: moved(reference, registry.key(), &mirror.location)?,
                    insecure: mirror.insecure,
                });
            }
        }
        let location = if registry.location.is_empty() {
            reference.clone()
        } else {
            moved(reference, registry.key(), &registry.location)?
        };
        places.push(Place {
            reference: location,
            insecure: registry.insecure,
        });
        Ok(places)
    }
}

impl Registry {
    fn key(&self) -> &str {
        if self.prefix.is_empty() {
            &self.location
        } else {
            &self.prefix
        }
    }
}

fn read_file(path: &Path) -> Result<File, RegistryError> {
    use std::io::Read as _;
    let mut content = String::new();
    let read = std::fs::File::open(path)
        .and_then(|file| file.take(MOST_BYTES).read_to_string(&mut content));
    match read {
        Ok(_) => {}
        Err(error)
            if matches!(
                error.kind(),
                std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory
            ) =>
        {
            return Ok(File::default());
        }
        Err(source) => {
            return Err(RegistryError::UnreadableSettings {
                path: path.to_path_buf(),
                source,
            });
        }
    }
    toml::from_str(&content).map_err(|source| RegistryError::BadSettings {
        path: path.to_path_buf(),
        source: Box::new(source),
    })
}

/// Whether a place lies below a prefix: a host, a host and the first parts of a repository, or
/// `*.` and the end of a host.
fn covers(prefix: &str, place: &str) -> bool {
    if let Some(domain) = prefix.strip_prefix('*') {
        let host = place.split('/').next().unwrap_or_default();
        let host = host.split(':').next().unwrap_or_default();
        return !domain.contains('/') && domain.starts_with('.') && host.ends_with(domain);
    }
    !prefix.is_empty()
        && place
            .strip_prefix(prefix)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The image at another place: the prefix of its name is replaced.
fn moved(
    reference: &ImageReference,
    prefix: &str,
    location: &str,
) -> Result<ImageReference, RegistryError> {
    let full = reference.place();
    let kept = if prefix.starts_with('*') {
        reference.repository()
    } else {
        full.strip_prefix(prefix)
            .unwrap_or_default()
            .trim_start_matches('/')
    };
    let location = location.trim_end_matches('/');
    let whole = match (location.is_empty(), kept.is_empty()) {
        (true, _) => full.clone(),
        (false, true) => location.to_owned(),
        (false, false) => format!("{location}/{kept}"),
    };
    let bad = || RegistryError::BadPlace {
        place: location.chars().take(200).collect(),
    };
    let (registry, repository) = whole.split_once('/').ok_or_else(bad)?;
    if !is_authority(registry) {
        return Err(bad());
    }
    // Whatever the settings say must be as right as a name that someone typed.
    let checked: ImageReference = format!("{registry}/{repository}")
        .parse()
        .map_err(|_| bad())?;
    Ok(reference.moved(
        checked.registry().to_owned(),
        checked.repository().to_owned(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conf(text: &str) -> RegistriesConf {
        let file: File = toml::from_str(text).unwrap();
        RegistriesConf {
            registries: file.registry,
        }
    }

    fn places(conf: &RegistriesConf, image: &str) -> Vec<String> {
        conf.places(&image.parse().unwrap(), &[])
            .unwrap()
            .iter()
            .map(|place| {
                format!(
                    "{}{}",
                    place.reference,
                    if place.insecure { " insecure" } else { "" }
                )
            })
            .collect()
    }

    #[test]
    fn mirrors_come_first_and_the_longest_prefix_counts() {
        let conf = conf(
            r#"
            unqualified-search-registries = ["quay.example"]
            [[registry]]
            location = "docker.io"
            [[registry.mirror]]
            location = "mirror.example:5000/hub"
            insecure = true
            [[registry.mirror]]
            location = "pinned.example"
            pull-from-mirror = "digest-only"
            [[registry]]
            prefix = "docker.io/team"
            location = "internal.example/t"
            [[registry]]
            prefix = "*.corp.example"
            location = "hub.example"
            insecure = true
            [[registry]]
            prefix = "bad.example"
            blocked = true
            "#,
        );
        assert_eq!(
            places(&conf, "nginx:1"),
            [
                "mirror.example:5000/hub/library/nginx:1 insecure",
                "docker.io/library/nginx:1"
            ]
        );
        assert_eq!(places(&conf, "team/app"), ["internal.example/t/app:latest"]);
        assert_eq!(places(&conf, "teams/app").len(), 2);
        assert_eq!(
            places(&conf, "a.corp.example/x"),
            ["hub.example/x:latest insecure"]
        );
        assert_eq!(places(&conf, "corp.example/x"), ["corp.example/x:latest"]);
        assert!(matches!(
            conf.places(&"bad.example/x".parse().unwrap(), &[]),
            Err(RegistryError::Blocked { .. })
        ));
        let digest = format!("nginx@sha256:{}", "ab".repeat(32));
        assert_eq!(places(&conf, &digest).len(), 3);
    }

    #[test]
    fn settings_may_name_mirrors() {
        let mirror: Mirror = "docker.io=mirror.example/hub/".parse().unwrap();
        let places = RegistriesConf::default()
            .places(&"nginx".parse().unwrap(), &[mirror])
            .unwrap();
        assert_eq!(
            places[0].reference.to_string(),
            "mirror.example/hub/library/nginx:latest"
        );
        for wrong in ["", "docker.io", "docker.io=", "=x", "docker.io=https://x"] {
            assert!(wrong.parse::<Mirror>().is_err(), "{wrong}");
        }
    }
}
