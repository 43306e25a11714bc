//! The orderings of versions, by name. What each of them does is in the room `advisory`.

/// How the versions of an ecosystem are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VersionScheme {
    /// Alpine's `apk version`.
    Alpine,
    /// Bitnami's components: SemVer 2.0 with a revision of the package.
    Bitnami,
    /// Cargo: SemVer 2.0.
    Cargo,
    /// Conan's `Version`: numbers and words in any shape.
    Conan,
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
    /// Julia's `VersionNumber`: SemVer 2.0 in which builds count.
    Julia,
    /// Maven's `ComparableVersion`.
    Maven,
    /// npm: SemVer 2.0, read leniently.
    Npm,
    /// NuGet: SemVer 2.0 with up to four numbers.
    NuGet,
    /// opam: Debian's rules without epochs.
    Opam,
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
    /// Tags of repositories: SemVer 2.0 with `v`, and with fewer numbers.
    Tag,
}

impl VersionScheme {
    /// All of them, in order.
    pub const ALL: [Self; 22] = [
        Self::Alpine,
        Self::Bitnami,
        Self::Cargo,
        Self::Conan,
        Self::Cran,
        Self::Debian,
        Self::Go,
        Self::Hackage,
        Self::Hex,
        Self::Julia,
        Self::Maven,
        Self::Npm,
        Self::NuGet,
        Self::Opam,
        Self::Packagist,
        Self::Pacman,
        Self::Pub,
        Self::PyPi,
        Self::Rpm,
        Self::RubyGems,
        Self::SemVer,
        Self::Tag,
    ];

    /// The word for it on the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::Alpine => "alpine",
            Self::Bitnami => "bitnami",
            Self::Cargo => "cargo",
            Self::Conan => "conan",
            Self::Cran => "cran",
            Self::Debian => "debian",
            Self::Go => "go",
            Self::Hackage => "hackage",
            Self::Hex => "hex",
            Self::Julia => "julia",
            Self::Maven => "maven",
            Self::Npm => "npm",
            Self::NuGet => "nuget",
            Self::Opam => "opam",
            Self::Packagist => "packagist",
            Self::Pacman => "pacman",
            Self::Pub => "pub",
            Self::PyPi => "pypi",
            Self::Rpm => "rpm",
            Self::RubyGems => "rubygems",
            Self::SemVer => "semver",
            Self::Tag => "tag",
        }
    }

    /// Whose ordering it is, for a sentence.
    pub fn label(self) -> &'static str {
        match self {
            Self::Alpine => "Alpine's ordering",
            Self::Bitnami => "Bitnami's ordering",
            Self::Cargo => "Cargo's ordering",
            Self::Conan => "Conan's ordering",
            Self::Cran => "R's ordering",
            Self::Debian => "Debian's ordering",
            Self::Go => "Go's ordering",
            Self::Hackage => "Haskell's ordering",
            Self::Hex => "Elixir's ordering",
            Self::Julia => "Julia's ordering",
            Self::Maven => "Maven's ordering",
            Self::Npm => "npm's ordering",
            Self::NuGet => "NuGet's ordering",
            Self::Opam => "opam's ordering",
            Self::Packagist => "Composer's ordering",
            Self::Pacman => "pacman's ordering",
            Self::Pub => "Dart's ordering",
            Self::PyPi => "Python's ordering (PEP 440)",
            Self::Rpm => "rpm's ordering",
            Self::RubyGems => "RubyGems' ordering",
            Self::SemVer => "the ordering of SemVer 2.0",
            Self::Tag => "the ordering of SemVer 2.0 for tags",
        }
    }
}
