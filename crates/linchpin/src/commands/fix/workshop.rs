//! A temporary copy of what says what a target's projects need: manifests and lockfiles, and for
//! Cargo empty files where sources are, which it wants to see. Clients try things there.
//!
//! Settings of clients in the target are not copied: they may name programs to run. Of npm's, the
//! addresses of registries are, and what npm does with peers.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use linchpin_model::TargetPath;

/// How many files are copied at most, how large one may be, and how deep folders may nest.
const MOST_FILES: usize = 50_000;
const LARGEST: u64 = 128 << 20;
const DEEPEST: usize = 64;

/// Files that are copied.
const NAMES: &[&str] = &[
    "package.json",
    "package-lock.json",
    "npm-shrinkwrap.json",
    "Cargo.toml",
    "Cargo.lock",
    "pyproject.toml",
    "uv.lock",
    "poetry.lock",
    "Pipfile.lock",
    "go.mod",
    "go.sum",
    "go.work",
    "go.work.sum",
    "Gemfile",
    "Gemfile.lock",
    "gems.rb",
    "gems.locked",
];

/// Lockfiles of which only the one that is worked on is copied, so that no other speaks in it.
const LOCKFILES: &[&str] = &[
    "package-lock.json",
    "npm-shrinkwrap.json",
    "Cargo.lock",
    "uv.lock",
    "poetry.lock",
    "Pipfile.lock",
    "Gemfile.lock",
    "gems.locked",
];

/// Folders that hold what others made.
const PASSED_OVER: &[&str] = &["node_modules", "target", "vendor", "venv", "__pycache__"];

/// A copy.
#[derive(Debug)]
pub(super) struct Workshop {
    /// Goes away with everything in it.
    _folder: tempfile::TempDir,
    root: PathBuf,
}

/// Why there is no copy.
#[derive(Debug, thiserror::Error)]
pub(super) enum WorkshopError {
    #[error("`{path}` can not be copied")]
    Copy {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("the target has over {MOST_FILES} manifests and sources")]
    TooMany,
}

impl Workshop {
    /// Copies from a folder what one lockfile needs.
    pub(super) fn of(target: &Path, lockfile: &TargetPath) -> Result<Self, WorkshopError> {
        // The copy has the name of the target, as a project that says no other has that.
        let name = target.file_name().unwrap_or("project".as_ref());
        let made = tempfile::tempdir().and_then(|folder| {
            let root = folder.path().join(name);
            fs::create_dir(&root).map(|()| (folder, root))
        });
        let (folder, root) = made.map_err(|source| WorkshopError::Copy {
            path: target.to_owned(),
            source,
        })?;
        let mut waiting = vec![(PathBuf::new(), 0)];
        let mut count = 0;
        while let Some((below, depth)) = waiting.pop() {
            let from = target.join(&below);
            let failed = |source| WorkshopError::Copy {
                path: from.clone(),
                source,
            };
            let Ok(entries) = fs::read_dir(&from) else {
                continue;
            };
            for entry in entries {
                let entry = entry.map_err(failed)?;
                // Links are not followed: they may lead anywhere.
                let kind = entry.file_type().map_err(failed)?;
                let Ok(name) = entry.file_name().into_string() else {
                    continue;
                };
                let path = below.join(&name);
                if kind.is_dir() {
                    let passed_over = name.starts_with('.') || PASSED_OVER.contains(&name.as_str());
                    if !passed_over && depth < DEEPEST {
                        waiting.push((path, depth + 1));
                    }
                } else if kind.is_file() && is_wanted(&name) {
                    let is_other =
                        LOCKFILES.contains(&name.as_str()) && path != Path::new(lockfile.as_str());
                    if is_other {
                        continue;
                    }
                    count += 1;
                    if count > MOST_FILES {
                        return Err(WorkshopError::TooMany);
                    }
                    let to = root.join(&path);
                    copy(&entry.path(), &to, &name).map_err(failed)?;
                }
            }
        }
        Ok(Self {
            _folder: folder,
            root,
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.root
    }
}

fn ends_with(name: &str, ending: &str) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(_, found)| found == ending)
}

fn is_wanted(name: &str) -> bool {
    let is_requirements = ends_with(name, "in")
        || (ends_with(name, "txt")
            && (name.contains("requirements") || name.contains("constraints")));
    NAMES.contains(&name)
        || is_requirements
        || name == ".npmrc"
        || ends_with(name, "rs")
        || ends_with(name, "tgz")
        || ends_with(name, "gemspec")
}

fn copy(from: &Path, to: &Path, name: &str) -> io::Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    if ends_with(name, "rs") {
        return fs::write(to, "");
    }
    if from.metadata()?.len() > LARGEST {
        return Ok(());
    }
    if name == ".npmrc" {
        let text = fs::read(from)?;
        return fs::write(to, npm_settings(&String::from_utf8_lossy(&text)));
    }
    fs::copy(from, to).map(drop)
}

/// The lines of an `.npmrc` that name registries, or say how peers are treated.
fn npm_settings(text: &str) -> String {
    let is_harmless = |line: &&str| {
        let key = line.split('=').next().unwrap_or_default().trim();
        key == "registry"
            || (key.starts_with('@') && key.ends_with(":registry"))
            || matches!(key, "legacy-peer-deps" | "strict-peer-deps" | "save-exact")
    };
    let lines: Vec<&str> = text.lines().filter(is_harmless).collect();
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_says_what_is_needed_is_copied() {
        let target = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = target.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("package.json", "{}");
        write(
            ".npmrc",
            "registry=https://registry.example/\ngit=./evil\nscript-shell=./evil\n",
        );
        write("node_modules/a/package.json", "{}");
        write("src/main.rs", "fn main() {}");
        write(".cargo/config.toml", "[build]\nrustc = \"./evil\"");
        write("secret.key", "x");
        #[cfg(unix)]
        std::os::unix::fs::symlink("/etc", target.path().join("link")).unwrap();
        write("package-lock.json", "{}");
        write("other/package-lock.json", "{}");
        let lockfile = TargetPath::new("package-lock.json");
        let workshop = Workshop::of(target.path(), &lockfile).unwrap();
        let there = |path: &str| workshop.path().join(path).exists();
        assert!(there("package.json") && there("src/main.rs") && there("package-lock.json"));
        for path in [
            "other/package-lock.json",
            "node_modules",
            ".cargo",
            "secret.key",
            "link",
        ] {
            assert!(!there(path), "{path}");
        }
        assert_eq!(fs::read(workshop.path().join("src/main.rs")).unwrap(), b"");
        let npmrc = fs::read_to_string(workshop.path().join(".npmrc")).unwrap();
        assert_eq!(npmrc, "registry=https://registry.example/\n");
    }
}
