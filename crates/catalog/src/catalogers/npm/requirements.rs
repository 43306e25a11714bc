//! What packages of npm ask of each other, from lockfiles and manifests.

use linchpin_model::{Requirement, Requirer, Scope, TargetPath};

use super::Fragment;
use super::folders::{below, name_of_location};
use super::lockfile::split_alias;
use super::record::{Need, NeedKind, PackageRecord};
use crate::cataloger::Located;

pub(super) fn requirements(fragments: &[Located<&Fragment>]) -> Vec<Requirement> {
    let mut requirements = Vec::new();
    for Located { path, value, .. } in fragments {
        match value {
            Fragment::Manifest(record) => {
                add(&Requirer::Project(path.clone()), record, &mut requirements);
            }
            Fragment::Locked(lockfile) => {
                let folder = path.parent();
                for (location, record) in &lockfile.packages {
                    if let Some(by) = requirer(&folder, location, record) {
                        add(&by, record, &mut requirements);
                    }
                }
            }
            Fragment::Installed(_) | Fragment::Hidden(_) => {}
        }
    }
    requirements
}

/// Whom an entry of a lockfile speaks of.
fn requirer(folder: &TargetPath, location: &str, record: &PackageRecord) -> Option<Requirer> {
    if !format!("/{location}/").contains("/node_modules/") {
        let folder = below(folder.as_str(), location)?;
        return Some(Requirer::Project(folder.join("package.json")));
    }
    let name = record.name.as_deref();
    Some(Requirer::Package {
        name: name.unwrap_or_else(|| name_of_location(location)).into(),
        version: record.version.clone()?,
    })
}

fn add(by: &Requirer, record: &PackageRecord, requirements: &mut Vec<Requirement>) {
    let is_project = matches!(by, Requirer::Project(_));
    for Need { name, wanted, kind } in record.needs(is_project) {
        // An alias asks for a package of another name: `npm:other@^1.0.0`.
        let (name, range) = match wanted.strip_prefix("npm:").map(split_alias) {
            Some((name, range)) => (name.into(), range.unwrap_or_default().into()),
            None => (name, wanted),
        };
        requirements.push(Requirement {
            by: by.clone(),
            name,
            range,
            scope: match kind {
                // Where it is there, it must fit.
                NeedKind::OptionalPeer => Scope::Peer,
                kind => kind.scope(),
            },
        });
    }
}
