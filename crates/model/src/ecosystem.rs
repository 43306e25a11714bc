//! The one table of ecosystem facts: purl type, name in OSV, version ordering, how advisories are
//! filed. The names and what they mean are those of <https://ossf.github.io/osv-schema/>.
//!
//! What is deliberately not here, although OSV has it: Android, the kernel, OSS-Fuzz, GHC and
//! Kubernetes, whose records speak of repositories or parts for which there are no package URLs;
//! FreeBSD, whose ordering nothing here can check; hardened images (Docker, Echo, Root, TuxCare,
//! CleanStart, BellSoft's), whose packages bear the names of the distribution they are built on, so
//! that nothing tells them apart; Bioconductor, for which no cataloger makes package URLs.

use crate::VersionScheme;

/// A world of packages with one name space and one version ordering.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ecosystem {
    /// AlmaLinux packages, matched by binary package.
    AlmaLinux,
    /// BellSoft's Alpaquita Linux packages.
    Alpaquita,
    /// Alpine Linux packages, matched by source package.
    Alpine,
    /// Azure Linux packages, and those of its forerunner Mariner.
    AzureLinux,
    /// Components of Bitnami's images.
    Bitnami,
    /// Rust crates.
    Cargo,
    /// Chainguard's packages.
    Chainguard,
    /// C and C++ packages of Conan's public repository.
    ConanCenter,
    /// R packages.
    Cran,
    /// Debian packages, matched by source package.
    Debian,
    /// Actions for GitHub's workflows.
    GitHubActions,
    /// Go modules.
    Go,
    /// Haskell packages.
    Hackage,
    /// Elixir and Erlang packages.
    Hex,
    /// Julia packages.
    Julia,
    /// Mageia packages, matched by source package.
    Mageia,
    /// Java and other JVM artifacts.
    Maven,
    /// MinimOS packages.
    MinimOs,
    /// JavaScript packages.
    Npm,
    /// .NET packages.
    NuGet,
    /// OCaml packages.
    Opam,
    /// openEuler packages, matched by source package.
    OpenEuler,
    /// openSUSE packages, matched by source package.
    OpenSuse,
    /// PHP packages.
    Packagist,
    /// Photon OS packages.
    PhotonOs,
    /// Dart packages.
    Pub,
    /// Python packages.
    PyPi,
    /// Red Hat Enterprise Linux packages, matched by binary or source package.
    RedHat,
    /// Rocky Linux packages, matched by source package.
    RockyLinux,
    /// Ruby gems.
    RubyGems,
    /// SUSE Linux Enterprise packages, matched by source package.
    Suse,
    /// Swift packages, by the address of their repository.
    SwiftUrl,
    /// Ubuntu packages, matched by source package.
    Ubuntu,
    /// Extensions of Visual Studio Code and its relatives.
    VsCode,
    /// Wolfi packages.
    Wolfi,
}

/// Under which name, and for which version, the advisories of an ecosystem are filed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FiledBy {
    /// The package's own.
    Name,
    /// That of the source package that a distribution builds it from.
    Source,
    /// Some by the one, some by the other.
    Either,
}

/// What is fixed about an ecosystem.
#[derive(Debug, Clone, Copy)]
pub struct EcosystemFacts {
    /// Which one.
    pub ecosystem: Ecosystem,
    /// The type in a package URL: `pkg:<type>/…`.
    pub purl_type: &'static str,
    /// The namespaces of a distribution in package URLs (`debian` in `pkg:deb/debian/…`), the one
    /// that our own catalogers write first. None where a namespace is part of the name.
    pub purl_namespaces: &'static [&'static str],
    /// The name in OSV records, before any `:release`.
    pub osv_name: &'static str,
    /// What people call it, in reports.
    pub label: &'static str,
    /// The ordering of its versions.
    pub scheme: VersionScheme,
    /// Whether advisories hold for one release of a distribution (`Debian:12`).
    pub has_releases: bool,
    /// What its advisories name.
    pub filed_by: FiledBy,
}

impl EcosystemFacts {
    /// Whether its packages are those of an operating system.
    pub fn is_distribution(&self) -> bool {
        !self.purl_namespaces.is_empty()
    }
}

/// Packages of a language, or of anything else that is no distribution.
const fn library(
    ecosystem: Ecosystem,
    purl_type: &'static str,
    osv_name: &'static str,
    label: &'static str,
    scheme: VersionScheme,
) -> EcosystemFacts {
    EcosystemFacts {
        ecosystem,
        purl_type,
        purl_namespaces: &[],
        osv_name,
        label,
        scheme,
        has_releases: false,
        filed_by: FiledBy::Name,
    }
}

/// A distribution with releases.
const fn distribution(
    ecosystem: Ecosystem,
    (purl_type, purl_namespaces): (&'static str, &'static [&'static str]),
    osv_name: &'static str,
    scheme: VersionScheme,
    filed_by: FiledBy,
) -> EcosystemFacts {
    EcosystemFacts {
        ecosystem,
        purl_type,
        purl_namespaces,
        osv_name,
        label: osv_name,
        scheme,
        has_releases: true,
        filed_by,
    }
}

/// A distribution that is always at its newest, with one list of advisories.
const fn rolling(
    ecosystem: Ecosystem,
    purl_namespaces: &'static [&'static str],
    osv_name: &'static str,
) -> EcosystemFacts {
    EcosystemFacts {
        has_releases: false,
        ..distribution(
            ecosystem,
            ("apk", purl_namespaces),
            osv_name,
            VersionScheme::Alpine,
            FiledBy::Either,
        )
    }
}

use Ecosystem as E;
use FiledBy::{Either, Name, Source};
use VersionScheme as V;

/// One line per ecosystem, in the order of the enumeration.
#[rustfmt::skip]
static FACTS: [EcosystemFacts; 35] = [
    distribution(E::AlmaLinux, ("rpm", &["almalinux"]), "AlmaLinux", V::Rpm, Name),
    distribution(E::Alpaquita, ("apk", &["alpaquita"]), "Alpaquita", V::Alpine, Source),
    distribution(E::Alpine, ("apk", &["alpine"]), "Alpine", V::Alpine, Source),
    distribution(E::AzureLinux, ("rpm", &["azurelinux", "mariner", "azure-linux"]), "Azure Linux", V::Rpm, Either),
    library(E::Bitnami, "bitnami", "Bitnami", "Bitnami", V::Bitnami),
    library(E::Cargo, "cargo", "crates.io", "Cargo", V::Cargo),
    rolling(E::Chainguard, &["chainguard"], "Chainguard"),
    library(E::ConanCenter, "conan", "ConanCenter", "ConanCenter", V::Conan),
    library(E::Cran, "cran", "CRAN", "CRAN", V::Cran),
    distribution(E::Debian, ("deb", &["debian"]), "Debian", V::Debian, Source),
    library(E::GitHubActions, "githubactions", "GitHub Actions", "GitHub Actions", V::Tag),
    library(E::Go, "golang", "Go", "Go", V::Go),
    library(E::Hackage, "hackage", "Hackage", "Hackage", V::Hackage),
    library(E::Hex, "hex", "Hex", "Hex", V::Hex),
    library(E::Julia, "julia", "Julia", "Julia", V::Julia),
    distribution(E::Mageia, ("rpm", &["mageia"]), "Mageia", V::Rpm, Source),
    library(E::Maven, "maven", "Maven", "Maven", V::Maven),
    rolling(E::MinimOs, &["minimos"], "MinimOS"),
    library(E::Npm, "npm", "npm", "npm", V::Npm),
    library(E::NuGet, "nuget", "NuGet", "NuGet", V::NuGet),
    library(E::Opam, "opam", "opam", "opam", V::Opam),
    distribution(E::OpenEuler, ("rpm", &["openeuler"]), "openEuler", V::Rpm, Source),
    distribution(E::OpenSuse, ("rpm", &["opensuse", "opensuse-leap", "opensuse-tumbleweed"]), "openSUSE", V::Rpm, Source),
    library(E::Packagist, "composer", "Packagist", "Packagist", V::Packagist),
    distribution(E::PhotonOs, ("rpm", &["photon"]), "Photon OS", V::Rpm, Either),
    library(E::Pub, "pub", "Pub", "Pub", V::Pub),
    library(E::PyPi, "pypi", "PyPI", "Python", V::PyPi),
    distribution(E::RedHat, ("rpm", &["redhat", "rhel"]), "Red Hat", V::Rpm, Either),
    distribution(E::RockyLinux, ("rpm", &["rocky", "rocky-linux"]), "Rocky Linux", V::Rpm, Source),
    library(E::RubyGems, "gem", "RubyGems", "RubyGems", V::RubyGems),
    distribution(E::Suse, ("rpm", &["suse", "sles", "sled", "sle_hpc", "sles_sap", "sl-micro"]), "SUSE", V::Rpm, Source),
    library(E::SwiftUrl, "swift", "SwiftURL", "Swift", V::Tag),
    distribution(E::Ubuntu, ("deb", &["ubuntu"]), "Ubuntu", V::Debian, Source),
    library(E::VsCode, "vscode-extension", "VSCode", "VSCode", V::Tag),
    rolling(E::Wolfi, &["wolfi"], "Wolfi"),
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
                    && (!facts.is_distribution()
                        || namespace.is_some_and(|found| facts.purl_namespaces.contains(&found)))
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
        assert_eq!(Ecosystem::from_purl("rpm", Some("fedora")), None);
        assert_eq!(Ecosystem::from_purl("rpm", None), None);
        assert_eq!(
            Ecosystem::from_osv("Red Hat:enterprise_linux:9::baseos"),
            Some((Ecosystem::RedHat, Some("enterprise_linux:9::baseos")))
        );
        assert_eq!(
            Ecosystem::from_osv("Packagist:https://packages.example/8"),
            Some((Ecosystem::Packagist, Some("https://packages.example/8")))
        );
    }

    #[test]
    fn no_two_ecosystems_share_a_name_or_a_package_url() {
        let mut seen = std::collections::HashSet::new();
        for facts in &FACTS {
            assert!(seen.insert(facts.osv_name.to_owned()));
            for namespace in facts.purl_namespaces {
                assert!(seen.insert(format!("pkg:{}/{namespace}", facts.purl_type)));
            }
            if !facts.is_distribution() {
                assert!(seen.insert(format!("pkg:{}", facts.purl_type)));
            }
        }
    }
}
