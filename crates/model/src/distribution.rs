//! The operating system distribution that a target contains, from its `os-release`.

use crate::Ecosystem;

/// A distribution and its release. See os-release(5).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Distribution {
    /// `ID`: `debian`, `alpine`, `ubuntu`. Lower case.
    pub id: String,
    /// `VERSION_ID`: `12`, `3.20.1`. Missing for rolling releases and Debian unstable.
    pub version: Option<String>,
    /// `VERSION_CODENAME`: `bookworm`.
    pub codename: Option<String>,
    /// `PRETTY_NAME`: `Debian GNU/Linux 12 (bookworm)`.
    pub pretty_name: Option<String>,
}

impl Distribution {
    /// The namespace of its packages in package URLs: the vendor, for which nearly all use their
    /// `ID`.
    pub fn purl_namespace(&self) -> &str {
        match self.id.as_str() {
            "rhel" => "redhat",
            "opensuse" | "opensuse-leap" | "opensuse-tumbleweed" | "opensuse-microos" => "opensuse",
            "sles" | "sled" | "sle_hpc" | "sles_sap" | "sl-micro" => "suse",
            id => id,
        }
    }

    /// The qualifier `distro` of its packages in package URLs: `fedora-40`, or `arch` where there
    /// are no releases.
    pub fn purl_distro(&self) -> String {
        match &self.version {
            Some(version) => format!("{}-{version}", self.id),
            None => self.id.clone(),
        }
    }

    /// The ecosystem whose advisories hold for the packages of this distribution.
    pub fn ecosystem(&self) -> Option<Ecosystem> {
        Ecosystem::all().find(|ecosystem| {
            let facts = ecosystem.facts();
            facts.has_releases && facts.purl_namespace == Some(self.purl_namespace())
        })
    }

    /// The release as OSV names it after the colon: `12` for Debian, `v3.20` for Alpine 3.20.1,
    /// `22.04:LTS` for an Ubuntu release with long-term support.
    pub fn osv_release(&self) -> Option<String> {
        let version = self.version.as_deref()?;
        match self.ecosystem()? {
            Ecosystem::Alpine => {
                let mut parts = version.split('.');
                Some(format!("v{}.{}", parts.next()?, parts.next()?))
            }
            Ecosystem::Ubuntu => {
                let even = version.split('.').next()?.parse::<u32>().ok()? % 2 == 0;
                let long_term = even && version.ends_with(".04");
                Some(if long_term {
                    format!("{version}:LTS")
                } else {
                    version.to_owned()
                })
            }
            _ => Some(version.split('.').next().unwrap_or(version).to_owned()),
        }
    }

    /// What to call it in a report.
    pub fn label(&self) -> String {
        match (&self.pretty_name, &self.version) {
            (Some(name), _) => name.clone(),
            (None, Some(version)) => format!("{} {version}", self.id),
            (None, None) => self.id.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_are_named_as_osv_names_them() {
        let release = |id: &str, version: &str| {
            Distribution {
                id: id.into(),
                version: Some(version.into()),
                ..Distribution::default()
            }
            .osv_release()
        };
        assert_eq!(release("debian", "12").as_deref(), Some("12"));
        assert_eq!(release("alpine", "3.20.1").as_deref(), Some("v3.20"));
        assert_eq!(release("ubuntu", "22.04").as_deref(), Some("22.04:LTS"));
        assert_eq!(release("ubuntu", "23.10").as_deref(), Some("23.10"));
        assert_eq!(release("plan9", "4"), None);
    }
}
