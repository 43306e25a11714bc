//! What the members of a Cargo workspace ask for. What other crates ask for is in no lockfile, only in
//! the registry.

use linchpin_model::{Requirement, Requirer};

use super::Fragment;
use super::inheritance::take_over;
use super::manifest::{Manifest, Origin};
use crate::cataloger::Located;
use crate::package_roots::is_inside_package;

pub(super) fn requirements(fragments: &[Located<&Fragment>]) -> Vec<Requirement> {
    let mut manifests: Vec<Located<Manifest>> = fragments
        .iter()
        .filter(|fragment| !is_inside_package(&fragment.path))
        .filter_map(|located| match located.value {
            Fragment::Manifest(value) => Some(Located {
                path: located.path.clone(),
                layer: located.layer,
                value: value.clone(),
            }),
            Fragment::Lockfile(_) | Fragment::Vendored(_) => None,
        })
        .collect();
    take_over(&mut manifests);
    let mut requirements = Vec::new();
    for Located { path, value, .. } in manifests {
        for wish in value.wishes {
            let range = match wish.asked.origin {
                Origin::Registry | Origin::OtherRegistry(_) => {
                    wish.asked.requirement.unwrap_or_default()
                }
                Origin::Git { address, .. } => address,
                Origin::Folder(folder) => folder,
            };
            requirements.push(Requirement {
                by: Requirer::Project(path.clone()),
                name: wish.asked.name.into(),
                range: range.into(),
                scope: wish.scope,
            });
        }
    }
    requirements
}
