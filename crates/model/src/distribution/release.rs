//! Which of OSV's releases of a distribution are this one: `Debian:12`, `Alpine:v3.20`,
//! `Ubuntu:Pro:22.04:LTS`, `Red Hat:enterprise_linux:9::baseos`,
//! `SUSE:Linux Enterprise Module for Basesystem 15 SP5`.
//!
//! What OSV writes after the colon is defined in <https://ossf.github.io/osv-schema/>, what
//! `os-release` says in os-release(5) and in the files that the distributions ship. Some have one
//! list of advisories per release; Red Hat, SUSE and Ubuntu have one for each product or
//! repository, and all of those that such a system can install from hold for it.

use super::Distribution;
use crate::Ecosystem;

impl Distribution {
    /// The release as OSV names it, where one name is enough: `12` for Debian, `v3.20` for Alpine
    /// 3.20.1, `22.04:LTS` for an Ubuntu release with long-term support. For Red Hat and SUSE, which
    /// file by product, what all their products of this release have in common.
    pub fn osv_release(&self) -> Option<String> {
        let version = self.version.as_deref();
        match self.ecosystem()? {
            Ecosystem::Alpine => {
                let version = version?;
                let mut parts = version.split('.');
                let (major, minor) = (parts.next()?, parts.next()?);
                // `3.23_alpha20250612`: edge, which is no release, and has no list of its own.
                is_number(minor).then(|| format!("v{major}.{minor}"))
            }
            Ecosystem::Ubuntu => {
                let version = version?;
                let even = version.split('.').next()?.parse::<u32>().ok()? % 2 == 0;
                let long_term = even && version.ends_with(".04");
                Some(if long_term {
                    format!("{version}:LTS")
                } else {
                    version.to_owned()
                })
            }
            Ecosystem::OpenEuler => self.open_euler(),
            Ecosystem::OpenSuse => match version {
                Some(version) if self.id == "opensuse-leap" => Some(format!("Leap {version}")),
                _ if self.id == "opensuse-tumbleweed" => Some("Tumbleweed".to_owned()),
                _ => None,
            },
            Ecosystem::Suse => self.suse_service_pack(),
            Ecosystem::RedHat => Some(format!("enterprise_linux:{}", major(version?))),
            // `Photon OS:5.0` has both numbers, Alpaquita's are `23` and `stream`.
            Ecosystem::PhotonOs | Ecosystem::Alpaquita => version.map(str::to_owned),
            ecosystem if ecosystem.facts().has_releases => version.map(|v| major(v).to_owned()),
            _ => None,
        }
    }

    /// Whether the advisories that OSV files under this release, without the ecosystem's name, hold
    /// for this distribution.
    pub fn is_release(&self, release: &str) -> bool {
        let Some(own) = self.osv_release() else {
            return false;
        };
        if release == own {
            return true;
        }
        match self.ecosystem() {
            // Ubuntu Pro's fixes are for the same packages. Its FIPS variants are other packages
            // under the same names, and nothing here tells them apart: `Pro:FIPS:20.04:LTS`.
            Some(Ecosystem::Ubuntu) => release
                .strip_prefix("Pro:")
                .is_some_and(|release| release == own),
            Some(Ecosystem::RedHat) => self.is_red_hat_stream(release, &own),
            Some(Ecosystem::Suse) => is_suse_product(release, &own),
            _ => false,
        }
    }

    /// `enterprise_linux:9::appstream`, and the streams that keep one minor release supported:
    /// `rhel_eus:9.4::baseos`.
    fn is_red_hat_stream(&self, release: &str, own: &str) -> bool {
        let mut parts = release.split(':');
        let (Some(product), Some(number)) = (parts.next(), parts.next()) else {
            return false;
        };
        if product == "enterprise_linux" {
            // `enterprise_linux:9`, `enterprise_linux:9.4`.
            return own.strip_prefix("enterprise_linux:") == Some(major(number))
                && (!number.contains('.') || self.version.as_deref() == Some(number));
        }
        matches!(
            product,
            "rhel_eus" | "rhel_aus" | "rhel_tus" | "rhel_e4s" | "rhel_els" | "rhel_eus_long_life"
        ) && self.version.as_deref() == Some(number)
    }

    /// `24.03-LTS-SP1`, of which `VERSION_ID` has the first part only:
    /// `PRETTY_NAME="openEuler 24.03 (LTS-SP1)"`.
    fn open_euler(&self) -> Option<String> {
        let name = self.pretty_name.as_deref()?.strip_prefix("openEuler ")?;
        let words: Vec<&str> = name
            .split(|c: char| c.is_whitespace() || matches!(c, '(' | ')'))
            .filter(|word| !word.is_empty())
            .collect();
        (!words.is_empty()).then(|| words.join("-"))
    }

    /// `15 SP5` or `Micro 5.5`, with which the names of all products of the release end.
    fn suse_service_pack(&self) -> Option<String> {
        let version = self.version.as_deref()?;
        if matches!(self.id.as_str(), "sle-micro" | "suse-microos" | "sl-micro") {
            return Some(format!("Micro {version}"));
        }
        Some(match version.split_once('.') {
            Some((major, pack)) => format!("{major} SP{pack}"),
            None => version.to_owned(),
        })
    }
}

/// Whether one of SUSE's products belongs to a service pack: `Linux Enterprise Server 15 SP5`,
/// `Linux Enterprise Module for Python 3 15 SP5`, `Linux Enterprise Server 12 SP5-LTSS`. Those with
/// a kernel of their own are others.
fn is_suse_product(release: &str, own: &str) -> bool {
    let Some(product) = release.strip_prefix("Linux Enterprise ").or_else(|| {
        // SUSE Linux Micro, since 6.0.
        release
            .strip_prefix("Linux ")
            .filter(|rest| rest.starts_with("Micro "))
    }) else {
        return false;
    };
    if own.starts_with("Micro ") {
        return product == own;
    }
    // Extended support: `-LTSS`, `-ESPOS`, `-BCL`, `-TERADATA`.
    let product = match product.rsplit_once('-') {
        Some((product, more)) if more.bytes().all(|byte| byte.is_ascii_uppercase()) => product,
        _ => product,
    };
    let other_kernel = ["Real Time", "Live Patching", "Micro"];
    product
        .strip_suffix(own)
        .is_some_and(|name| name.ends_with(' '))
        && !other_kernel.iter().any(|name| product.starts_with(name))
}

fn major(version: &str) -> &str {
    version.split('.').next().unwrap_or(version)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn distribution(id: &str, version: &str, pretty_name: &str) -> Distribution {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Distribution {
            id: id.into(),
            version: some(version),
            codename: None,
            pretty_name: some(pretty_name),
        }
    }

    /// `ID`, `VERSION_ID` and `PRETTY_NAME` as the distributions' own files have them.
    #[test]
    fn releases_are_named_as_osv_names_them() {
        for (id, version, name, expected) in [
            ("debian", "12", "Debian GNU/Linux 12 (bookworm)", "12"),
            ("alpine", "3.20.1", "Alpine Linux v3.20", "v3.20"),
            ("ubuntu", "22.04", "Ubuntu 22.04.4 LTS", "22.04:LTS"),
            ("ubuntu", "23.10", "Ubuntu 23.10", "23.10"),
            ("almalinux", "9.4", "AlmaLinux 9.4 (Seafoam Ocelot)", "9"),
            ("rocky", "8.9", "Rocky Linux 8.9 (Green Obsidian)", "8"),
            (
                "rhel",
                "9.4",
                "Red Hat Enterprise Linux 9.4 (Plow)",
                "enterprise_linux:9",
            ),
            (
                "sles",
                "15.5",
                "SUSE Linux Enterprise Server 15 SP5",
                "15 SP5",
            ),
            ("sles", "15", "SUSE Linux Enterprise Server 15", "15"),
            ("opensuse-leap", "15.6", "openSUSE Leap 15.6", "Leap 15.6"),
            (
                "opensuse-tumbleweed",
                "20240801",
                "openSUSE Tumbleweed",
                "Tumbleweed",
            ),
            (
                "openeuler",
                "24.03",
                "openEuler 24.03 (LTS-SP1)",
                "24.03-LTS-SP1",
            ),
            ("openeuler", "22.03", "openEuler 22.03 LTS", "22.03-LTS"),
            ("mageia", "9", "Mageia 9", "9"),
            ("photon", "5.0", "VMware Photon OS/Linux", "5.0"),
            ("azurelinux", "3.0", "Microsoft Azure Linux 3.0", "3"),
            ("mariner", "2.0", "CBL-Mariner/Linux", "2"),
            (
                "alpaquita",
                "stream",
                "BellSoft Alpaquita Linux Stream",
                "stream",
            ),
        ] {
            let found = distribution(id, version, name);
            assert_eq!(found.osv_release().as_deref(), Some(expected), "{name}");
            assert!(found.is_release(expected), "{name}");
        }
        for (id, version) in [
            ("plan9", "4"),
            ("alpine", "3.23_alpha20250612"),
            ("debian", ""),
            ("wolfi", "20230201"),
            ("fedora", "40"),
        ] {
            assert_eq!(distribution(id, version, "").osv_release(), None, "{id}");
        }
    }

    #[test]
    fn a_product_line_has_several_lists_of_advisories() {
        let check = |found: &Distribution, inside: &[&str], outside: &[&str]| {
            for release in inside {
                assert!(found.is_release(release), "{release}");
            }
            for release in outside {
                assert!(!found.is_release(release), "{release}");
            }
        };
        check(
            &distribution("rhel", "9.4", ""),
            &[
                "enterprise_linux:9::baseos",
                "enterprise_linux:9::appstream",
                "enterprise_linux:9",
                "rhel_eus:9.4::baseos",
            ],
            &[
                "enterprise_linux:8::baseos",
                "enterprise_linux:9.2::baseos",
                "rhel_eus:9.2::baseos",
                "openshift:4.12::el9",
                "",
            ],
        );
        check(
            &distribution("ubuntu", "22.04", ""),
            &["22.04:LTS", "Pro:22.04:LTS"],
            &[
                "20.04:LTS",
                "Pro:20.04:LTS",
                "Pro:FIPS:22.04:LTS",
                "Pro:FIPS-updates:22.04:LTS",
            ],
        );
        check(
            &distribution("sles", "15.5", ""),
            &[
                "Linux Enterprise Server 15 SP5",
                "Linux Enterprise Module for Basesystem 15 SP5",
                "Linux Enterprise Module for Python 3 15 SP5",
                "Linux Enterprise Server 15 SP5-LTSS",
                "Linux Enterprise Server for SAP Applications 15 SP5",
            ],
            &[
                "Linux Enterprise Server 15 SP4",
                "Linux Enterprise Server 15 SP5 Beta",
                "Linux Enterprise Real Time 15 SP5",
                "Linux Enterprise Live Patching 15 SP5",
                "Linux Enterprise Micro 5.5",
                "Manager Server 4.3",
            ],
        );
        check(
            &distribution("sle-micro", "5.5", ""),
            &["Linux Enterprise Micro 5.5"],
            &[
                "Linux Enterprise Micro 5.4",
                "Linux Enterprise Server 15 SP5",
            ],
        );
        check(
            &distribution("alpine", "3.20.1", ""),
            &["v3.20"],
            &["v3.2", "v3.21"],
        );
    }
}
