//! Overlays of Kustomize: <https://kubectl.docs.kubernetes.io/references/kustomize/>.
//!
//! A resource that an overlay changes is checked as it comes out, and what is wrong points to the
//! file and line that says so: in the base, in a patch, or in the kustomization. Patches are not
//! checked for themselves, since they are parts of resources. Only files of the target are
//! followed; plug-ins, charts and generated names are not.

mod overlay;
mod patches;
mod target;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use self::overlay::Build;
use super::resource::get_mut;
use crate::kind::DocumentFile;
use linchpin_document::{Member, Node, NodeValue};

/// Most kustomizations that are built, each base counted where it is used.
const MOST_BUILDS: usize = 5_000;

/// Most resources that all builds hold together.
const MOST_RESOURCES: usize = 50_000;

/// The names of the file.
const NAMES: &[&str] = &["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// The files, with what overlays change added, and without patches.
pub(super) fn apply(mut files: Vec<DocumentFile>) -> Vec<DocumentFile> {
    for file in files.iter_mut().filter(|file| is_kustomization(file)) {
        for document in &mut file.documents {
            name_kind(document);
        }
    }
    let by_path: HashMap<&str, usize> = files
        .iter()
        .enumerate()
        .map(|(index, file)| (file.path.as_str(), index))
        .collect();
    let mut patches = HashSet::new();
    let mut built = Vec::new();
    let mut budget = Budget {
        builds: MOST_BUILDS,
        resources: MOST_RESOURCES,
    };
    for file in files.iter().filter(|file| is_kustomization(file)) {
        let mut build = Build::new(&files, &by_path, &mut budget);
        let Some(overlay) = build.overlay(file) else {
            continue;
        };
        patches.extend(overlay.patches);
        if !overlay.file.documents.is_empty() || !overlay.file.problems.is_empty() {
            built.push(overlay.file);
        }
    }
    let mut index = 0;
    files.retain(|_| {
        let is_patch = patches.contains(&index);
        index += 1;
        !is_patch
    });
    files.extend(built);
    files
}

/// What is left to be built.
pub(super) struct Budget {
    builds: usize,
    resources: usize,
}

fn is_kustomization(file: &DocumentFile) -> bool {
    let path = file.path.as_str();
    NAMES.contains(&path.rsplit('/').next().unwrap_or(path))
}

/// A kustomization need not say that it is one.
fn name_kind(document: &mut Node) {
    let start = document.start;
    for (key, text) in [
        ("apiVersion", "kustomize.config.k8s.io/v1beta1"),
        ("kind", "Kustomization"),
    ] {
        let is_said = document.get(key).is_some();
        if let NodeValue::Map(members) = &mut document.value
            && !is_said
        {
            members.push(Member::added(key, Node::text(start, text)));
        }
    }
}

/// Sets a text in a map, which is added where it is missing.
fn set_text(node: &mut Node, key: &str, text: &Node) {
    if let Some(value) = get_mut(node, key) {
        *value = text.clone();
    } else if let NodeValue::Map(members) = &mut node.value {
        members.push(Member {
            key: Arc::new(key.to_owned()),
            key_start: text.start,
            value: text.clone(),
        });
    }
}
