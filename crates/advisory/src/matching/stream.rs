//! Module streams of distributions with rpm packages: nodejs 18 and nodejs 20 have packages of the
//! same names, one of them is installed, and an advisory for the one says nothing of the other.
//! <https://docs.fedoraproject.org/en-US/modularity/>

use linchpin_model::PackageUrl;

use crate::database::{Affected, End};

/// A module and its stream, `nodejs:18`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stream(String);

impl Stream {
    /// From the label of a package, `nodejs:18:8090020240221124424:a75119d5`.
    pub(super) fn of_package(purl: &PackageUrl) -> Option<Self> {
        let label = ["rpmmod", "modularitylabel"]
            .into_iter()
            .find_map(|key| purl.qualifier(key))?;
        let mut parts = label.split(':');
        let (module, stream) = (parts.next()?, parts.next()?);
        Some(Self(format!("{module}:{stream}")))
    }
}

/// Whether what an advisory says is about a package's stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Concern {
    Yes,
    No,
    /// It speaks of a module and does not say of which of its streams.
    Unknown,
}

/// Compares the stream of a package, if it is of a module, with that of an advisory.
pub(super) fn concern(stream: Option<&Stream>, affected: &Affected<&str>) -> Concern {
    if let Some(named) = affected.module {
        return if stream.is_some_and(|stream| stream.0 == named) {
            Concern::Yes
        } else {
            Concern::No
        };
    }
    let ends: Vec<&str> = affected
        .intervals
        .iter()
        .filter_map(|interval| match interval.end {
            End::Fixed(version) | End::LastAffected(version) => Some(version),
            End::Open => None,
        })
        .collect();
    let is_of_a_module = ends.iter().any(|version| is_modular(version));
    match stream {
        None if !is_of_a_module => Concern::Yes,
        // Where nothing is repaired, nothing tells whether a module is meant.
        Some(_) if is_of_a_module || ends.is_empty() => Concern::Unknown,
        None | Some(_) => Concern::No,
    }
}

/// Whether a version is that of a package of a module: `1.module_el8.4.0+2532+b8928c02` at
/// AlmaLinux, `1.module+el8.9.0+…` at Red Hat and Rocky Linux.
pub(super) fn is_modular(version: &str) -> bool {
    version.contains(".module_el") || version.contains(".module+el")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_known_by_their_versions() {
        assert!(is_modular("1:18.20.4-1.module_el8.10.0+3870+a0e9d0b4"));
        assert!(is_modular("8.0.36-1.module+el8.9.0+21207+6c20cb8f"));
        assert!(!is_modular("1:18.20.4-1.el9"));
    }
}
