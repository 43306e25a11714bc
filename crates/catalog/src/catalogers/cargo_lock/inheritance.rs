//! What the packages of a workspace leave to its manifest:
//! <https://doc.rust-lang.org/cargo/reference/workspaces.html>. Afterwards every manifest says
//! for itself what it is and asks for.

use std::collections::HashMap;

use linchpin_model::TargetPath;

use super::manifest::{Asked, Inherited, Manifest, Origin, Workspace};
use crate::cataloger::Located;

/// Fills in what the manifests leave to their workspaces, and makes the folders that they name
/// paths of the target.
pub(super) fn take_over(manifests: &mut [Located<Manifest>]) {
    let mut workspaces: HashMap<String, Workspace> = HashMap::new();
    for manifest in manifests.iter_mut() {
        let folder = manifest.path.parent();
        for wish in &mut manifest.value.wishes {
            settle_folder(&mut wish.asked, &folder);
        }
        if let Some(mut workspace) = manifest.value.workspace.take() {
            for asked in workspace.dependencies.values_mut() {
                settle_folder(asked, &folder);
            }
            workspaces.insert(folder.as_str().to_owned(), workspace);
        }
    }
    if workspaces.is_empty() {
        return;
    }
    for Located { path, value, .. } in manifests {
        let workspace = and_above(path.parent_str()).find_map(|folder| workspaces.get(folder));
        let Some(workspace) = workspace else {
            continue;
        };
        for wish in value.wishes.iter_mut().filter(|wish| wish.inherits) {
            if let Some(asked) = workspace.dependencies.get(&wish.key) {
                wish.asked.clone_from(asked);
            }
        }
        let Some(package) = &mut value.package else {
            continue;
        };
        let common = &workspace.package;
        for inherited in &package.inherits {
            match inherited {
                Inherited::Version => package.version.clone_from(&common.version),
                Inherited::License => package.license.clone_from(&common.license),
                Inherited::Description => package.description.clone_from(&common.description),
            }
        }
    }
}

fn settle_folder(asked: &mut Asked, from: &TargetPath) {
    if let Origin::Folder(folder) = &mut asked.origin {
        let joined = from.join(folder);
        joined.as_str().clone_into(folder);
    }
}

/// A folder and all above it, the root of the target last.
pub(super) fn and_above(folder: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder), |folder| {
        (!folder.is_empty()).then(|| folder.rsplit_once('/').map_or("", |(above, _)| above))
    })
}
