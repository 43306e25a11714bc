//! The operating system distribution that a target contains, from its `os-release`.

mod release;

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
            "sles" | "sled" | "sle_hpc" | "sles_sap" | "sle-micro" | "suse-microos"
            | "sl-micro" => "suse",
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
        let namespace = self.purl_namespace();
        Ecosystem::all().find(|ecosystem| ecosystem.facts().purl_namespaces.contains(&namespace))
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
