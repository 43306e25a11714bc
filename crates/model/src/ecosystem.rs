//! The one table of ecosystem facts: purl type, name in OSV, version ordering.

/// A world of packages with one name space and one version ordering.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ecosystem {
    /// Alpine Linux packages.
    Alpine,
    /// Rust crates.
    Cargo,
    /// Debian packages, matched by source package.
    Debian,
    /// Go modules.
    Go,
    /// Java and other JVM artifacts.
    Maven,
    /// JavaScript packages.
    Npm,
    /// Python packages.
    PyPi,
    /// Ruby gems.
    RubyGems,
    /// Ubuntu packages, matched by source package.
    Ubuntu,
}

/// How the versions of an ecosystem are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VersionScheme {
    /// Alpine's `apk version`.
    Alpine,
    /// Cargo: SemVer 2.0.
    Cargo,
    /// R's `package_version`.
    Cran,
    /// dpkg's `--compare-versions`.
    Debian,
    /// Go modules: SemVer with `v` and pseudo-versions.
    Go,
    /// Haskell's `Version`.
    Hackage,
    /// Elixir's `Version`: SemVer 2.0.
    Hex,
    /// Maven's `ComparableVersion`.
    Maven,
    /// npm: SemVer 2.0, read leniently.
    Npm,
    /// NuGet: SemVer 2.0 with up to four numbers.
    NuGet,
    /// Composer's normalised versions in PHP's order.
    Packagist,
    /// pacman's `vercmp`.
    Pacman,
    /// Dart's pub: SemVer 2.0 in which builds count.
    Pub,
    /// Python: PEP 440.
    PyPi,
    /// rpm's `rpmvercmp` with epochs and releases.
    Rpm,
    /// RubyGems' `Gem::Version`.
    RubyGems,
    /// SemVer 2.0 by the letter.
    SemVer,
}

impl VersionScheme {
    /// All of them, in order.
    pub const ALL: [Self; 17] = [
        Self::Alpine,
        Self::Cargo,
        Self::Cran,
        Self::Debian,
        Self::Go,
        Self::Hackage,
        Self::Hex,
        Self::Maven,
        Self::Npm,
        Self::NuGet,
        Self::Packagist,
        Self::Pacman,
        Self::Pub,
        Self::PyPi,
        Self::Rpm,
        Self::RubyGems,
        Self::SemVer,
    ];

    /// The word for it on the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::Alpine => "alpine",
            Self::Cargo => "cargo",
            Self::Cran => "cran",
            Self::Debian => "debian",
            Self::Go => "go",
            Self::Hackage => "hackage",
            Self::Hex => "hex",
            Self::Maven => "maven",
            Self::Npm => "npm",
            Self::NuGet => "nuget",
            Self::Packagist => "packagist",
            Self::Pacman => "pacman",
            Self::Pub => "pub",
            Self::PyPi => "pypi",
            Self::Rpm => "rpm",
            Self::RubyGems => "rubygems",
            Self::SemVer => "semver",
        }
    }

    /// Whose ordering it is, for a sentence.
    pub fn label(self) -> &'static str {
        match self {
            Self::Alpine => "Alpine's ordering",
            Self::Cargo => "Cargo's ordering",
            Self::Cran => "R's ordering",
            Self::Debian => "Debian's ordering",
            Self::Go => "Go's ordering",
            Self::Hackage => "Haskell's ordering",
            Self::Hex => "Elixir's ordering",
            Self::Maven => "Maven's ordering",
            Self::Npm => "npm's ordering",
            Self::NuGet => "NuGet's ordering",
            Self::Packagist => "Composer's ordering",
            Self::Pacman => "pacman's ordering",
            Self::Pub => "Dart's ordering",
            Self::PyPi => "Python's ordering (PEP 440)",
            Self::Rpm => "rpm's ordering",
            Self::RubyGems => "RubyGems' ordering",
            Self::SemVer => "the ordering of SemVer 2.0",
        }
    }
}

/// What is fixed about an ecosystem.
#[derive(Debug, Clone, Copy)]
pub struct EcosystemFacts {
    /// Which one.
    pub ecosystem: Ecosystem,
    /// The type in a package URL: `pkg:<type>/…`.
    pub purl_type: &'static str,
    /// The namespace that is part of the ecosystem in a package URL (`debian` in `pkg:deb/debian/…`).
    pub purl_namespace: Option<&'static str>,
    /// The name in OSV records, before any `:release`.
    pub osv_name: &'static str,
    /// What people call it, in reports.
    pub label: &'static str,
    /// The ordering of its versions.
    pub scheme: VersionScheme,
    /// Whether advisories hold for one release of a distribution (`Debian:12`).
    pub has_releases: bool,
}

const fn facts(
    ecosystem: Ecosystem,
    purl: (&'static str, Option<&'static str>),
    osv_name: &'static str,
    label: &'static str,
    scheme: VersionScheme,
    has_releases: bool,
) -> EcosystemFacts {
    EcosystemFacts {
        ecosystem,
        purl_type: purl.0,
        purl_namespace: purl.1,
        osv_name,
        label,
        scheme,
        has_releases,
    }
}

/// One line per ecosystem, in the order of the enumeration.
static FACTS: [EcosystemFacts; 9] = [
    facts(
        Ecosystem::Alpine,
        ("apk", Some("alpine")),
        "Alpine",
        "Alpine",
        VersionScheme::Alpine,
        true,
    ),
    facts(
        Ecosystem::Cargo,
        ("cargo", None),
        "crates.io",
        "Cargo",
        VersionScheme::Cargo,
        false,
    ),
    facts(
        Ecosystem::Debian,
        ("deb", Some("debian")),
        "Debian",
        "Debian",
        VersionScheme::Debian,
        true,
    ),
    facts(
        Ecosystem::Go,
        ("golang", None),
        "Go",
        "Go",
        VersionScheme::Go,
        false,
    ),
    facts(
        Ecosystem::Maven,
        ("maven", None),
        "Maven",
        "Maven",
        VersionScheme::Maven,
        false,
    ),
    facts(
        Ecosystem::Npm,
        ("npm", None),
        "npm",
        "npm",
        VersionScheme::Npm,
        false,
    ),
    facts(
        Ecosystem::PyPi,
        ("pypi", None),
        "PyPI",
        "Python",
        VersionScheme::PyPi,
        false,
    ),
    facts(
        Ecosystem::RubyGems,
        ("gem", None),
        "RubyGems",
        "RubyGems",
        VersionScheme::RubyGems,
        false,
    ),
    facts(
        Ecosystem::Ubuntu,
        ("deb", Some("ubuntu")),
        "Ubuntu",
        "Ubuntu",
        VersionScheme::Debian,
        true,
    ),
];

impl Ecosystem {
    /// All of them, in order.
    pub fn all() -> impl Iterator<Item = Self> {
        FACTS.iter().map(|facts| facts.ecosystem)
    }

    /// What is fixed about this one.
    pub fn facts(self) -> &'static EcosystemFacts {
        &FACTS[self as usize]
    }

    /// The ecosystem of a package URL's type and namespace.
    pub fn from_purl(purl_type: &str, namespace: Option<&str>) -> Option<Self> {
        FACTS
            .iter()
            .find(|facts| {
                facts.purl_type == purl_type
                    && facts
                        .purl_namespace
                        .is_none_or(|wanted| Some(wanted) == namespace)
            })
            .map(|facts| facts.ecosystem)
    }

    /// The ecosystem and release of a name in an OSV record: `Debian:12` is Debian and `12`.
    pub fn from_osv(name: &str) -> Option<(Self, Option<&str>)> {
        let (base, release) = match name.split_once(':') {
            Some((base, release)) => (base, Some(release)),
            None => (name, None),
        };
        FACTS
            .iter()
            .find(|facts| facts.osv_name == base)
            .map(|facts| (facts.ecosystem, release))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_enumeration() {
        for (index, facts) in FACTS.iter().enumerate() {
            assert_eq!(facts.ecosystem as usize, index);
        }
    }

    #[test]
    fn names_are_found_both_ways() {
        assert_eq!(
            Ecosystem::from_osv("Debian:12"),
            Some((Ecosystem::Debian, Some("12")))
        );
        assert_eq!(
            Ecosystem::from_purl("deb", Some("ubuntu")),
            Some(Ecosystem::Ubuntu)
        );
        assert_eq!(
            Ecosystem::from_purl("npm", Some("@babel")),
            Some(Ecosystem::Npm)
        );
        assert_eq!(Ecosystem::from_purl("generic", None), None);
    }
}
