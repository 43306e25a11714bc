//! The orderings of versions: one file per scheme, each following the tool that defines it.
//!
//! A version is compared as text, because advisories and packages hold text. Parsing borrows
//! from it, so that a comparison costs little. What is not here: ranges. OSV's `0` for "since
//! the beginning" and the events of a range are the matcher's business.
//!
//! A new scheme is a variant in the model, a new file here, and its line in the list below.

mod digits;
mod numbers;
mod semantic;

use std::cmp::Ordering;

use linchpin_model::VersionScheme;

/// The longest version that is read, in bytes; the real ones are far shorter.
const LONGEST: usize = 1024;

/// A text is no version of its scheme.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no version of the scheme {}", scheme.id())]
pub struct InvalidVersion {
    /// The scheme that it was read by.
    pub scheme: VersionScheme,
    /// The text, cut off where it is long.
    pub text: String,
}

impl InvalidVersion {
    fn new(scheme: VersionScheme, text: &str) -> Self {
        Self {
            scheme,
            text: text.chars().take(100).collect(),
        }
    }
}

/// One way of ordering versions.
#[derive(Debug)]
struct VersionOrdering {
    /// What the model calls it.
    scheme: VersionScheme,
    /// The rules in a few sentences, for the manual.
    documentation: &'static str,
    /// Compares two versions, or says which of them is none.
    compare: fn(&str, &str) -> Result<Ordering, InvalidVersion>,
}

macro_rules! orderings {
    ($($name:ident => $scheme:ident),* $(,)?) => {
        $(mod $name;)*

        /// All of them, in the order of their names.
        static ALL: &[&VersionOrdering] = &[$(&$name::ORDERING),*];

        /// The ordering of a scheme: the compiler sees to it that there is one for each.
        fn ordering(scheme: VersionScheme) -> &'static VersionOrdering {
            match scheme {
                $(VersionScheme::$scheme => &$name::ORDERING),*
            }
        }

        #[cfg(test)]
        const NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}

orderings! {
    alpine => Alpine,
    bitnami => Bitnami,
    cargo => Cargo,
    conan => Conan,
    cran => Cran,
    debian => Debian,
    go => Go,
    hackage => Hackage,
    hex => Hex,
    julia => Julia,
    maven => Maven,
    npm => Npm,
    nuget => NuGet,
    opam => Opam,
    packagist => Packagist,
    pacman => Pacman,
    pub_dart => Pub,
    pypi => PyPi,
    rpm => Rpm,
    rubygems => RubyGems,
    semver => SemVer,
    tag => Tag,
}

/// Compares two versions by the rules of their scheme. Different texts may be equal: `1.0` and
/// `1.0.0` are the same version for most schemes.
pub fn compare(scheme: VersionScheme, left: &str, right: &str) -> Result<Ordering, InvalidVersion> {
    for text in [left, right] {
        if text.len() > LONGEST {
            return Err(InvalidVersion::new(scheme, text));
        }
    }
    (ordering(scheme).compare)(left, right)
}

/// Whether a text is a version of the scheme.
pub fn validate(scheme: VersionScheme, version: &str) -> Result<(), InvalidVersion> {
    compare(scheme, version, version).map(drop)
}

/// The rules of every scheme in a few sentences, for the manual.
pub fn documentation() -> impl Iterator<Item = (VersionScheme, &'static str)> {
    ALL.iter()
        .map(|ordering| (ordering.scheme, ordering.documentation))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_registered_in_order() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/versions");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| {
                entry
                    .unwrap()
                    .file_name()
                    .to_string_lossy()
                    .trim_end_matches(".rs")
                    .to_owned()
            })
            .filter(|name| !matches!(name.as_str(), "mod" | "digits" | "numbers" | "semantic"))
            .collect();
        files.sort();
        assert_eq!(files, NAMES);
    }

    #[test]
    fn every_record_is_its_own_and_documented() {
        for record in ALL {
            assert_eq!(ordering(record.scheme).scheme, record.scheme);
            assert!(record.documentation.len() > 40, "{:?}", record.scheme);
        }
    }

    #[test]
    fn an_endless_version_is_refused_and_its_text_is_cut() {
        for record in ALL {
            let error = validate(record.scheme, &"1".repeat(LONGEST + 1)).unwrap_err();
            assert!(error.text.len() <= 100);
        }
    }
}
