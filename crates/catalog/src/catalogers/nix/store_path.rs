//! The name of a path in the store: `<hash>-<name>-<version>`, perhaps with the name of an output
//! behind it.

/// A path that is a package.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct StorePath<'a> {
    pub(super) name: &'a str,
    pub(super) version: &'a str,
}

/// How many digits the hash has.
const HASH: usize = 32;

/// Outputs of a build that are split off: programs, headers, manuals.
const OUTPUTS: &[&str] = &[
    "bin", "debug", "dev", "devdoc", "doc", "info", "lib", "libgcc", "man", "out", "static",
];

/// Endings of paths that are no packages, whatever numbers are in their names.
const NO_PACKAGES: &[&str] = &[
    ".drv", ".lock", ".chroot", ".check", ".patch", ".diff", ".tar", ".gz", ".xz", ".bz2", ".zst",
    ".zip", ".sh", ".json", ".conf",
];

/// The path in the store that a file is, or is in.
pub(super) fn of_file(path: &str) -> Option<&str> {
    let rest = path.strip_prefix(super::STORE)?;
    let name = rest.split('/').next()?;
    hashed_name(name)?;
    path.get(..super::STORE.len() + name.len())
}

fn hashed_name(name: &str) -> Option<&str> {
    let (hash, rest) = name.split_at_checked(HASH)?;
    let is_hash = hash
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase());
    rest.strip_prefix('-').filter(|_| is_hash)
}

impl<'a> StorePath<'a> {
    /// The package that a path is, if it is one.
    pub(super) fn parse(path: &'a str) -> Option<Self> {
        let full = hashed_name(path.strip_prefix(super::STORE)?)?;
        if NO_PACKAGES.iter().any(|ending| full.ends_with(ending)) {
            return None;
        }
        // As `builtins.parseDrvName`: the version follows the first dash that no letter follows.
        let dash = full
            .match_indices('-')
            .find(|(at, _)| {
                full.get(*at + 1..)
                    .is_some_and(|rest| rest.starts_with(|next: char| next.is_ascii_digit()))
            })
            .map(|(at, _)| at)?;
        let (name, version) = (full.get(..dash)?, full.get(dash + 1..)?);
        let version = match version.rsplit_once('-') {
            Some((rest, output)) if OUTPUTS.contains(&output) => rest,
            _ => version,
        };
        (!name.is_empty() && !version.is_empty()).then_some(Self { name, version })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_versions_and_outputs_are_told_apart() {
        let hash = "0c5b8vw40dy178xlpddw65q9gf1h2186";
        let parse = |name: &str| {
            StorePath::parse(&format!("nix/store/{hash}-{name}"))
                .map(|found| (found.name.to_owned(), found.version.to_owned()))
        };
        let some = |name: &str, version: &str| Some((name.to_owned(), version.to_owned()));
        assert_eq!(parse("glibc-2.38-44"), some("glibc", "2.38-44"));
        assert_eq!(parse("openssl-3.0.13-bin"), some("openssl", "3.0.13"));
        assert_eq!(
            parse("python3.11-requests-2.31.0"),
            some("python3.11-requests", "2.31.0")
        );
        assert_eq!(parse("source"), None);
        assert_eq!(parse("hello-2.12.drv"), None);
        assert_eq!(parse("-1"), None);
        assert_eq!(
            of_file(&format!("nix/store/{hash}-a-1/bin/é")),
            Some(format!("nix/store/{hash}-a-1").as_str())
        );
        assert_eq!(of_file("nix/store/.links/x"), None);
    }
}
