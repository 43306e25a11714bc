//! What NuGet resolved a project's references to: `packages.lock.json`
//! (<https://learn.microsoft.com/nuget/consume-packages/package-references-in-project-files#locking-dependencies>),
//! and `obj/project.assets.json`, which every restore writes. Both say the same in different forms: per
//! framework, the packages and what they need.

use std::collections::{HashMap, HashSet};

use linchpin_model::Digest;

use crate::documents::json::{Loose, read_loose};
use crate::nuget_packages::{digest, folded, split_key};

/// Most packages of one file.
const MOST_PACKAGES: usize = 200_000;

/// The resolution of one project.
#[derive(Debug, Default)]
pub(in crate::catalogers) struct Locked {
    /// The project's name and version, if the file knows them.
    pub(super) name: Option<Box<str>>,
    pub(super) version: Option<Box<str>>,
    /// The packages of each framework.
    pub(super) frameworks: Vec<Framework>,
    /// Names of packages, as they are compared, that are only there to build the project.
    pub(super) private: HashSet<String>,
}

/// What was resolved for one framework, or for one framework on one platform.
#[derive(Debug)]
pub(super) struct Framework {
    pub(super) name: Box<str>,
    pub(super) packages: Vec<LockedPackage>,
}

/// A package or project.
#[derive(Debug)]
pub(super) struct LockedPackage {
    pub(super) name: Box<str>,
    pub(super) version: Option<Box<str>>,
    pub(super) digest: Option<Digest>,
    pub(super) is_direct: bool,
    pub(super) is_project: bool,
    /// Names of what it needs.
    pub(super) needs: Vec<Box<str>>,
}

/// Reads `packages.lock.json`.
pub(super) fn read_lockfile(content: &[u8]) -> Result<Locked, String> {
    let text = String::from_utf8_lossy(content);
    let document = read_loose(&text)?;
    let Some(frameworks @ Loose::Map(_)) = document.get("dependencies") else {
        return Err("is no lockfile of NuGet: it has no `dependencies`".to_owned());
    };
    let mut left = MOST_PACKAGES;
    let frameworks = frameworks
        .members()
        .iter()
        .map(|(name, packages)| Framework {
            name: name.as_ref().into(),
            packages: take(packages, &mut left)
                .map(|(name, package)| {
                    let text = |member: &str| package.get(member).and_then(Loose::text);
                    LockedPackage {
                        name: name.into(),
                        version: text("resolved").map(Into::into),
                        digest: text("contentHash").and_then(digest),
                        is_direct: text("type") == Some("Direct"),
                        is_project: text("type") == Some("Project"),
                        needs: needs(package),
                    }
                })
                .collect(),
        })
        .collect();
    Ok(Locked {
        frameworks,
        ..Locked::default()
    })
}

/// Reads `project.assets.json`.
pub(super) fn read_assets(content: &[u8]) -> Result<Locked, String> {
    let text = String::from_utf8_lossy(content);
    let document = read_loose(&text)?;
    let Some(targets @ Loose::Map(_)) = document.get("targets") else {
        return Err("is no file of restored assets: it has no `targets`".to_owned());
    };
    let mut locked = Locked::default();
    let project = document.get("project");
    let text = |value: Option<&Loose<'_>>| value.and_then(Loose::text).map(Into::into);
    locked.version = text(project.and_then(|project| project.get("version")));
    locked.name = text(project.and_then(|project| project.get("restore")?.get("projectName")));

    let mut direct: HashSet<String> = HashSet::new();
    let groups = document.get("projectFileDependencyGroups");
    for (_, group) in groups.into_iter().flat_map(Loose::members) {
        // `Newtonsoft.Json >= 13.0.3`
        let names = group.items().iter().filter_map(Loose::text);
        let names = names.filter_map(|text| text.split_whitespace().next());
        direct.extend(names.map(folded));
    }
    let frameworks = project.and_then(|project| project.get("frameworks"));
    for (_, framework) in frameworks.into_iter().flat_map(Loose::members) {
        let dependencies = framework.get("dependencies");
        for (name, dependency) in dependencies.into_iter().flat_map(Loose::members) {
            direct.insert(folded(name));
            if dependency.get("suppressParent").and_then(Loose::text) == Some("All") {
                locked.private.insert(folded(name));
            }
        }
    }

    let libraries: HashMap<&str, &Loose<'_>> = document
        .get("libraries")
        .into_iter()
        .flat_map(Loose::members)
        .map(|(key, library)| (key.as_ref(), library))
        .collect();
    let mut left = MOST_PACKAGES;
    for (name, target) in targets.members() {
        let packages = take(target, &mut left).filter_map(|(key, package)| {
            let (name, version) = split_key(key)?;
            let library = libraries.get(key);
            let sha512 = library.and_then(|library| library.get("sha512")?.text());
            Some(LockedPackage {
                name: name.into(),
                version: Some(version.into()),
                digest: sha512.and_then(digest),
                is_direct: direct.contains(&folded(name)),
                is_project: package.get("type").and_then(Loose::text) == Some("project"),
                needs: needs(package),
            })
        });
        locked.frameworks.push(Framework {
            name: name.as_ref().into(),
            packages: packages.collect(),
        });
    }
    Ok(locked)
}

fn take<'a>(
    packages: &'a Loose<'a>,
    left: &mut usize,
) -> impl Iterator<Item = (&'a str, &'a Loose<'a>)> {
    let members = packages.members();
    let taken = members.len().min(*left);
    *left -= taken;
    let members = members.iter().take(taken);
    members.map(|(name, package)| (name.as_ref(), package))
}

fn needs(package: &Loose<'_>) -> Vec<Box<str>> {
    let dependencies = package.get("dependencies");
    let dependencies = dependencies.into_iter().flat_map(Loose::members);
    dependencies.map(|(name, _)| name.as_ref().into()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shape_is_checked() {
        assert!(read_lockfile(b"{\"version\":1}").is_err());
        assert!(read_assets(b"{\"targets\":[]}").is_err());
        let locked = read_lockfile(
            b"{\"dependencies\":{\"net8.0\":{\"A\":{\"type\":\"Direct\",\"resolved\":\"1.0.0\",\"dependencies\":{\"B\":\"1\"}},\"B\":3}}}",
        )
        .unwrap();
        let packages = &locked.frameworks[0].packages;
        assert!(packages[0].is_direct && !packages[1].is_direct);
        assert_eq!(packages[0].needs, ["B".into()]);
    }
}
