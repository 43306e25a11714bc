//! What Cargo knows of its registries: the index files that it keeps.
//!
//! Cargo has no command that lists the versions of a crate and what they need. What it asks a registry
//! for while it resolves, it keeps in `registry/index/<registry>/.cache/` of its own folder, one file for
//! each crate: a byte for the form (3), four for the form of the index, a text that ends with a zero
//! byte, and then for each version its number and its line of the index, each ending with a zero byte
//! (`src/cargo/sources/registry/index/cache.rs` of Cargo; the lines are told in
//! <https://doc.rust-lang.org/cargo/reference/registry-index.html>). A file in another form is as good
//! as none.
//!
//! Several registries may have a crate of one name: the file that counts is the one whose locked version
//! has the digest that `Cargo.lock` states.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use linchpin_advisory::remedy::{ReleaseNeed, Releases, is_plain_argument};
use linchpin_model::Scope;
use serde::Deserialize;

use super::super::{LOOK_UP, RegistryView};
use crate::commands::fix::program::{CommandLine, run};

/// Largest file that is read, in bytes.
const MOST_FILE: u64 = 64 << 20;

/// Most registries that are looked at.
const MOST_REGISTRIES: usize = 50;

/// The form of the files that is understood, and that of the lines.
const CACHE_FORM: u8 = 3;
const INDEX_FORM: [u8; 4] = 2_u32.to_le_bytes();

/// What Cargo keeps of its registries, for one `Cargo.lock`.
#[derive(Debug)]
pub(super) struct CargoIndex {
    registries: Vec<PathBuf>,
    locked: HashMap<Box<str>, Vec<LockedCrate>>,
    known: Mutex<HashMap<Box<str>, Option<Arc<Crate>>>>,
}

/// A crate that is locked.
#[derive(Debug)]
struct LockedCrate {
    version: Box<str>,
    checksum: Box<str>,
    needs: HashSet<Box<str>>,
}

/// The lines of a crate's versions.
#[derive(Debug, Default)]
struct Crate {
    versions: Arc<[Box<str>]>,
    lines: HashMap<Box<str>, Box<[u8]>>,
}

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    cksum: &'a str,
    #[serde(default)]
    yanked: bool,
    #[serde(default)]
    deps: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    req: String,
    #[serde(default)]
    optional: bool,
    kind: Option<String>,
    package: Option<String>,
}

#[derive(Deserialize, Default)]
struct Lockfile {
    #[serde(default)]
    package: Vec<LockedPackage>,
}

#[derive(Deserialize)]
struct LockedPackage {
    name: String,
    version: String,
    checksum: Option<String>,
    #[serde(default)]
    dependencies: Vec<String>,
}

impl CargoIndex {
    /// For the lockfile in a folder. Cargo is asked first to look at its registries, so that what it
    /// keeps is new; where it can not, what it has will do.
    pub(super) fn of(view: &RegistryView<'_>) -> Option<Self> {
        let folder = view.cargo_home?.join("registry").join("index");
        let text = fs::read_to_string(view.folder.join("Cargo.lock")).ok()?;
        let lockfile: Lockfile = toml::from_str(&text).ok()?;
        let line = CommandLine::new("cargo", ["update", "--dry-run", "--quiet"]);
        let _ = run(&line, view.folder, LOOK_UP);
        let mut registries: Vec<PathBuf> = fs::read_dir(folder)
            .ok()?
            .filter_map(|entry| Some(entry.ok()?.path().join(".cache")))
            .filter(|path| path.is_dir())
            .take(MOST_REGISTRIES)
            .collect();
        registries.sort();
        let mut locked: HashMap<Box<str>, Vec<LockedCrate>> = HashMap::new();
        for package in lockfile.package {
            let Some(checksum) = package.checksum else {
                continue;
            };
            let needs = package.dependencies.iter();
            let needs = needs.filter_map(|text| text.split(' ').next());
            locked
                .entry(package.name.into())
                .or_default()
                .push(LockedCrate {
                    version: package.version.into(),
                    checksum: checksum.into(),
                    needs: needs.map(Into::into).collect(),
                });
        }
        Some(Self {
            registries,
            locked,
            known: Mutex::default(),
        })
    }

    fn known(&self, name: &str) -> Option<Arc<Crate>> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known
            .entry(name.into())
            .or_insert_with(|| self.look_up(name).map(Arc::new))
            .clone()
    }

    fn look_up(&self, name: &str) -> Option<Crate> {
        if !is_plain_argument(name) || name.contains('/') || !name.is_ascii() {
            return None;
        }
        let locked = self.locked.get(name);
        let path = index_path(&name.to_ascii_lowercase())?;
        let mut all = self.registries.iter().filter_map(|registry| {
            let path = registry.join(&path);
            let size = path.metadata().ok()?.len();
            let bytes = (size <= MOST_FILE).then(|| fs::read(&path).ok())??;
            read(&bytes)
        });
        match locked {
            Some(locked) => all.find(|one| {
                locked.iter().any(|locked| {
                    let line = one.lines.get(&locked.version);
                    line.and_then(|line| understood(line))
                        .is_some_and(|line| line.cksum == locked.checksum.as_ref())
                })
            }),
            // Of one that is not locked yet nobody says which registry it would come from.
            None => {
                let first = all.next()?;
                all.next().is_none().then_some(first)
            }
        }
    }
}

impl Releases for CargoIndex {
    fn versions(&self, name: &str) -> Option<Arc<[Box<str>]>> {
        Some(Arc::clone(&self.known(name)?.versions))
    }

    fn needs(&self, name: &str, version: &str) -> Option<Arc<[ReleaseNeed]>> {
        let known = self.known(name)?;
        let line = understood(known.lines.get(version)?)?;
        // Whether something optional is wanted depends on features: it is if it is locked already.
        let locked = self.locked.get(name).map_or(&[][..], Vec::as_slice);
        let is_wanted = |dependency: &Dependency, name: &str| {
            !dependency.optional || locked.iter().any(|locked| locked.needs.contains(name))
        };
        let needs = line.deps.iter().filter_map(|dependency| {
            let scope = match dependency.kind.as_deref() {
                Some("dev") => return None,
                Some("build") => Scope::Build,
                _ => Scope::Runtime,
            };
            let name = dependency.package.as_deref().unwrap_or(&dependency.name);
            is_wanted(dependency, name).then(|| ReleaseNeed {
                name: name.into(),
                range: dependency.req.as_str().into(),
                scope,
            })
        });
        Some(needs.collect())
    }
}

fn understood(line: &[u8]) -> Option<Line<'_>> {
    serde_json::from_slice(line).ok()
}

/// Where the file of a crate is. The name has no letters of more than one byte.
fn index_path(name: &str) -> Option<PathBuf> {
    let folder = match name.len() {
        0 => return None,
        1 | 2 => PathBuf::from(name.len().to_string()),
        3 => Path::new("3").join(name.get(..1)?),
        _ => Path::new(name.get(..2)?).join(name.get(2..4)?),
    };
    Some(folder.join(name))
}

/// The versions in a file that Cargo keeps, those that were taken back left out.
fn read(bytes: &[u8]) -> Option<Crate> {
    let rest = bytes.strip_prefix(&[CACHE_FORM])?;
    let rest = rest.strip_prefix(&INDEX_FORM)?;
    let mut parts = rest.split(|byte| *byte == 0).skip(1);
    let mut versions = Vec::new();
    let mut lines = HashMap::new();
    while let (Some(version), Some(line)) = (parts.next(), parts.next()) {
        let version = std::str::from_utf8(version).ok()?;
        if !understood(line).is_some_and(|line| line.yanked) {
            versions.push(version.into());
        }
        lines.insert(version.into(), line.into());
    }
    Some(Crate {
        versions: versions.into(),
        lines,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_by_the_letters_of_the_name() {
        let path = |name| index_path(name).map(|path| path.display().to_string());
        assert_eq!(path("").as_deref(), None);
        assert_eq!(path("a").as_deref(), Some("1/a"));
        assert_eq!(path("ab").as_deref(), Some("2/ab"));
        assert_eq!(path("url").as_deref(), Some("3/u/url"));
        assert_eq!(path("serde").as_deref(), Some("se/rd/serde"));
    }

    #[test]
    fn a_file_that_cargo_keeps_is_understood() {
        let line = |version: &str, yanked: bool| {
            format!(
                "{version}\0{{\"name\":\"a\",\"vers\":\"{version}\",\"deps\":[],\"cksum\":\"00\",\
                 \"features\":{{}},\"yanked\":{yanked}}}\0"
            )
        };
        let mut file = vec![3, 2, 0, 0, 0];
        file.extend_from_slice(b"etag: x\0");
        file.extend_from_slice(line("1.0.0", false).as_bytes());
        file.extend_from_slice(line("1.1.0", true).as_bytes());
        let found = read(&file).unwrap();
        assert_eq!(&*found.versions, ["1.0.0".into()]);
        assert_eq!(found.lines.len(), 2);
        file[0] = 4;
        assert!(read(&file).is_none());
        assert!(read(b"").is_none());
    }
}
