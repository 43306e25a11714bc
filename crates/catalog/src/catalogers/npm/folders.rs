//! Which folders are installed packages, by their place alone: what `require` would find, and not
//! the test fixtures and vendored copies deeper inside of packages.

use linchpin_model::TargetPath;

/// Folders in which Debian's Node.js looks for packages beside every `node_modules`:
/// <https://wiki.debian.org/Javascript/Nodejs/Manual>.
pub(super) const SYSTEM_FOLDERS: &[&str] = &["usr/share/nodejs", "usr/lib/nodejs"];

/// Longest path of a package in a lockfile that is taken. Real ones are a tenth of it; every step
/// of resolution looks at each of its parts.
pub(super) const LONGEST_LOCATION: usize = 1024;

/// The folder of an installed package.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct InstalledFolder<'a> {
    /// The name under which others ask for it: `debug`, `@babel/core`.
    pub(super) name: &'a str,
    /// The folder that it is installed for; nothing if it is part of the system.
    pub(super) project: Option<&'a str>,
}

/// Whether a folder is an installed package: `…/node_modules/<name>`, with nothing but
/// `node_modules` between it and the packages above it.
///
/// A folder that starts with a dot is a store of pnpm or Bun, which holds one folder per version
/// with a `node_modules` in it: `node_modules/.pnpm/debug@4.3.4/node_modules/debug`.
pub(super) fn installed_folder(folder: &str) -> Option<InstalledFolder<'_>> {
    let (project, mut rest) = split_project(folder)?;
    loop {
        if rest.starts_with('.') {
            // The store, and the folder of one version in it.
            let (_, below) = rest.split_once('/')?;
            let (_, below) = below.split_once('/')?;
            rest = below.strip_prefix("node_modules/")?;
            continue;
        }
        let length = name_length(rest)?;
        let (name, below) = rest.split_at_checked(length)?;
        if below.is_empty() {
            return is_package_name(name).then_some(InstalledFolder { name, project });
        }
        rest = below.strip_prefix("/node_modules/")?;
    }
}

/// What lies before the first `node_modules/`, and what follows it.
fn split_project(folder: &str) -> Option<(Option<&str>, &str)> {
    for system in SYSTEM_FOLDERS {
        if let Some(rest) = folder
            .strip_prefix(system)
            .and_then(|rest| rest.strip_prefix('/'))
        {
            return Some((None, rest));
        }
    }
    if let Some(rest) = folder.strip_prefix("node_modules/") {
        return Some((Some(""), rest));
    }
    folder
        .split_once("/node_modules/")
        .map(|(project, rest)| (Some(project), rest))
}

/// The length of the package name at the start of a path.
fn name_length(path: &str) -> Option<usize> {
    let first = path.find('/').unwrap_or(path.len());
    if !path.starts_with('@') {
        return Some(first);
    }
    let name = path.get(first.checked_add(1)?..)?;
    Some(first + 1 + name.find('/').unwrap_or(name.len()))
}

/// Whether this can be the name of a package, so that it names one folder in a `node_modules`.
pub(in crate::catalogers) fn is_package_name(name: &str) -> bool {
    let (scope, rest) = match name.strip_prefix('@') {
        Some(scoped) => match scoped.split_once('/') {
            Some((scope, rest)) => (Some(scope), rest),
            None => return false,
        },
        None => (None, name),
    };
    let good = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && !part.contains(['/', '\\', '\0', ' ', '\n', '\r', '\t'])
    };
    name.len() <= 256 && scope.is_none_or(good) && good(rest) && rest != "node_modules"
}

/// The name that a path in a lockfile ends with: `@babel/core` of `node_modules/@babel/core`.
pub(super) fn name_of_location(location: &str) -> &str {
    let name = location
        .rsplit_once("node_modules/")
        .map_or(location, |(_, name)| name);
    if name.starts_with('@') && name.matches('/').count() == 1 {
        return name;
    }
    name.rsplit_once('/').map_or(name, |(_, name)| name)
}

/// The folders in which a package at `folder` finds others, nearest first, as `require` does:
/// <https://nodejs.org/api/modules.html#loading-from-node_modules-folders>.
pub(super) fn search_folders(folder: &str) -> impl Iterator<Item = &str> {
    let mut next = Some(folder);
    std::iter::from_fn(move || {
        let folder = next?;
        next = match folder.rsplit_once('/') {
            Some((parent, _)) => Some(parent),
            None if folder.is_empty() => None,
            None => Some(""),
        };
        Some(folder)
    })
    .filter(|folder| !folder.ends_with("/node_modules") && *folder != "node_modules")
}

/// The place of a package in one of the folders that [`search_folders`] gives.
pub(super) fn candidate(buffer: &mut String, folder: &str, name: &str) {
    buffer.clear();
    if !folder.is_empty() {
        buffer.push_str(folder);
        buffer.push('/');
    }
    buffer.push_str("node_modules/");
    buffer.push_str(name);
}

/// A folder inside another, from a path as lockfiles write it (`packages/a`, `../b`).
pub(in crate::catalogers) fn below(folder: &str, relative: &str) -> Option<TargetPath> {
    if relative.len() > LONGEST_LOCATION {
        return None;
    }
    Some(TargetPath::new(folder).join(relative))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(folder: &str) -> Option<&str> {
        installed_folder(folder).map(|found| found.name)
    }

    #[test]
    fn only_what_require_finds_is_installed() {
        assert_eq!(name("node_modules/a"), Some("a"));
        assert_eq!(name("app/node_modules/@s/a"), Some("@s/a"));
        assert_eq!(name("app/node_modules/a/node_modules/@s/b"), Some("@s/b"));
        assert_eq!(
            name("node_modules/.pnpm/@s+a@1.0.0/node_modules/@s/a"),
            Some("@s/a")
        );
        assert_eq!(name("usr/share/nodejs/npm/node_modules/x"), Some("x"));
        assert_eq!(
            name("usr/share/nodejs/@npmcli/arborist"),
            Some("@npmcli/arborist")
        );
        for folder in [
            "app",
            "node_modules",
            "node_modules/@s",
            "node_modules/a/dist",
            "node_modules/a/test/node_modules/b",
            "node_modules/.cache/b",
            "node_modules/.pnpm/node_modules",
            "usr/share/nodejs/npm/lib",
        ] {
            assert_eq!(name(folder), None, "{folder}");
        }
        assert_eq!(
            installed_folder("x/app/node_modules/a").unwrap().project,
            Some("x/app")
        );
    }

    #[test]
    fn names_name_one_folder() {
        assert!(is_package_name("a.b-c"));
        assert!(is_package_name("@a/b"));
        for name in ["", ".", "..", "a/b", "@a", "@/a", "@a/b/c", "@../x", "a\\b"] {
            assert!(!is_package_name(name), "{name}");
        }
    }

    #[test]
    fn require_searches_upwards() {
        let folders: Vec<&str> = search_folders("x/node_modules/@s/a").collect();
        assert_eq!(
            folders,
            ["x/node_modules/@s/a", "x/node_modules/@s", "x", ""]
        );
    }

    #[test]
    fn lockfile_paths_end_with_names() {
        assert_eq!(name_of_location("node_modules/a/node_modules/@s/b"), "@s/b");
        assert_eq!(name_of_location("packages/b"), "b");
    }
}
