//! Where packages come from, and which of them come from somewhere else than their like.

use std::collections::{HashMap, HashSet};

use super::Locked;

/// The hosts of public registries, and those from which they let fetch.
const PUBLIC: &[(&str, &[&str])] = &[
    ("npm", &["registry.npmjs.org", "registry.yarnpkg.com"]),
    ("pypi", &["pypi.org", "files.pythonhosted.org"]),
    (
        "cargo",
        &[
            "crates.io",
            "index.crates.io",
            "static.crates.io",
            "github.com/rust-lang/crates.io-index",
        ],
    ),
    (
        "composer",
        &[
            "api.github.com",
            "repo.packagist.org",
            "gitlab.com",
            "bitbucket.org",
            "codeload.github.com",
        ],
    ),
    ("gem", &["rubygems.org"]),
];

/// How many packages must come from a host that is no public one before it is usual, as a part of
/// all: one in so many.
const USUAL_PART: usize = 4;

/// The hosts of a lockfile.
pub(super) struct Origins<'p> {
    public: &'static [&'static str],
    /// Hosts from which many of all come.
    usual: HashSet<&'p str>,
    /// The only host of a scope: `@acme` is served by a registry of its own.
    of_scope: HashMap<&'p str, Option<&'p str>>,
}

impl<'p> Origins<'p> {
    pub(super) fn of(ecosystem: &str, packages: &'p [Locked]) -> Self {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        let mut of_scope: HashMap<&str, Option<&str>> = HashMap::new();
        for package in packages {
            let host = host(&package.url).1;
            if host.is_empty() || package.is_git {
                continue;
            }
            *counts.entry(host).or_default() += 1;
            if let Some(scope) = scope(&package.name) {
                let only = of_scope.entry(scope).or_insert(Some(host));
                if *only != Some(host) {
                    *only = None;
                }
            }
        }
        let all: usize = counts.values().sum();
        let usual = counts
            .into_iter()
            .filter(|(_, count)| *count * USUAL_PART >= all)
            .map(|(host, _)| host);
        Self {
            public: public(ecosystem),
            usual: usual.collect(),
            of_scope,
        }
    }

    pub(super) fn is_public(&self, host: &str) -> bool {
        self.public.contains(&host)
    }

    /// Whether a package comes from somewhere else than its like.
    pub(super) fn is_odd(&self, package: &Locked) -> bool {
        let host = host(&package.url).1;
        if host.is_empty() || self.is_public(host) || self.usual.contains(host) {
            return false;
        }
        let of_scope = scope(&package.name).and_then(|scope| self.of_scope.get(scope));
        of_scope.is_none_or(|only| *only != Some(host))
    }
}

/// Whether a host is that of a public registry.
pub(super) fn is_public(ecosystem: &str, host: &str) -> bool {
    public(ecosystem).contains(&host)
}

fn public(ecosystem: &str) -> &'static [&'static str] {
    let known = PUBLIC.iter().find(|(known, _)| *known == ecosystem);
    known.map_or(&[], |(_, hosts)| hosts)
}

fn scope(name: &str) -> Option<&str> {
    Some(name.strip_prefix('@')?.split_once('/')?.0)
}

/// The scheme and the host of an address; of a list of all packages in a git repository, the
/// repository as well.
pub(super) fn host(url: &str) -> (&str, &str) {
    let Some((scheme, rest)) = url.split_once("://") else {
        return ("", "");
    };
    let scheme = scheme
        .trim_start_matches("registry+")
        .trim_start_matches("sparse+");
    if rest.starts_with("github.com/rust-lang/crates.io-index") {
        return (scheme, "github.com/rust-lang/crates.io-index");
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    let host = host.split_once(':').map_or(host, |(host, _)| host);
    (scheme, host)
}

/// The name that the address has for a package that the lockfile calls otherwise. Registries of npm
/// all have addresses that end in `NAME/-/FILE.tgz`.
pub(super) fn other_name(ecosystem: &str, package: &Locked) -> Option<String> {
    if ecosystem != "npm" {
        return None;
    }
    let (before, _) = package.url.split_once("/-/")?;
    let path = before.split_once("://")?.1.split_once('/')?.1;
    let path = path
        .replace("%2f", "/")
        .replace("%2F", "/")
        .replace("%40", "@");
    let is_same = path == package.name || path.ends_with(&format!("/{}", package.name));
    if is_same || package.name.is_empty() {
        return None;
    }
    let mut parts = path.rsplit('/');
    let last = parts.next()?;
    let scope = parts.next().filter(|scope| scope.starts_with('@'));
    Some(scope.map_or_else(|| last.to_owned(), |scope| format!("{scope}/{last}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, url: &str) -> Locked {
        Locked {
            name: name.to_owned(),
            url: url.to_owned(),
            ..Locked::default()
        }
    }

    #[test]
    fn a_host_of_few_packages_is_odd_unless_it_serves_a_scope() {
        let mut packages: Vec<Locked> = (0..9)
            .map(|number| package("a", &format!("https://main.example/a/{number}")))
            .collect();
        packages.push(package("@own/b", "https://own.example/b"));
        packages.push(package("c", "https://u:p@other.example:8/c"));
        let origins = Origins::of("npm", &packages);
        let odd: Vec<bool> = packages.iter().map(|one| origins.is_odd(one)).collect();
        assert_eq!(odd.iter().filter(|odd| **odd).count(), 1);
        assert!(odd[10]);
    }

    #[test]
    fn a_tarball_of_another_name_is_seen() {
        let other = |name, url| other_name("npm", &package(name, url));
        assert_eq!(other("ms", "https://r.example/ms/-/ms-1.tgz"), None);
        assert_eq!(other("@a/b", "https://r.example/x/@a%2fb/-/b-1.tgz"), None);
        let wrong = other("ms", "https://r.example/@e/vil/-/vil-1.tgz");
        assert_eq!(wrong.as_deref(), Some("@e/vil"));
        assert_eq!(other("ms", "https://r.example/ms.tgz"), None);
    }
}
