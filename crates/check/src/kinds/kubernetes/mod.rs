//! Manifests of Kubernetes: <https://kubernetes.io/docs/reference/kubernetes-api/>.
//!
//! What reaches the cluster is checked, not only what stands in a file: lists are unfolded, charts
//! of Helm are rendered with their default values, and the patches of Kustomize are applied.
//! Nothing is fetched and no program is run: a base that is not in the target, or a template that
//! asks for more than the renderer knows, is a note.

mod flags;
mod helm;
mod image;
mod kustomize;
mod resource;
mod subjects;
mod view;

use linchpin_model::{FindingKind, TargetPath};
use linchpin_source::Pattern;
use memchr::memmem;

use crate::kind::{DocumentFile, Kind};
use crate::syntax::Syntax;

pub(super) const KIND: Kind = Kind {
    id: "kubernetes",
    noun: "Kubernetes manifest",
    documentation: "Manifests of Kubernetes, overlays of Kustomize and charts of Helm",
    finding: FindingKind::Configuration,
    wants: &[
        Pattern::Suffix(".yaml"),
        Pattern::Suffix(".yml"),
        Pattern::Suffix(".tpl"),
        Pattern::Name("Kustomization"),
        // JSON is everywhere, and hardly ever a manifest: only where its name or folder says so.
        Pattern::Glob("**/{k8s,kube,kubernetes,manifests}/**/*.json"),
        Pattern::Glob(
            "**/*{deployment,daemonset,statefulset,cronjob,service,ingress,pod,k8s}*.json",
        ),
    ],
    may_be,
    syntax: Syntax::Manifest,
    prepare,
    subjects: subjects::SUBJECTS,
    find: subjects::find,
    example: "manifests/example.yaml",
};

/// Folders of installed packages: their manifests are examples of somebody else.
const INSTALLED: &[&str] = &["node_modules", "site-packages", "dist-packages"];

/// Largest file of patches without a kind, in bytes.
const MOST_PATCH: usize = 64 << 10;

fn may_be(path: &TargetPath, content: &[u8]) -> bool {
    let path = path.as_str();
    if path.contains("!/") || path.split('/').any(|folder| INSTALLED.contains(&folder)) {
        return false;
    }
    let holds = |word: &[u8]| memmem::find(content, word).is_some();
    if holds(b"apiVersion") && holds(b"kind") {
        return true;
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    match name {
        "Chart.yaml" => holds(b"name"),
        "values.yaml" | "Kustomization" | "kustomization.yaml" | "kustomization.yml" => true,
        _ if is_helper(name) => holds(b"define"),
        _ if is_template(path) => holds(b"{{"),
        // Operations of a JSON patch: a list, and nothing around it says what it is for.
        _ => {
            let first = content.iter().find(|byte| !byte.is_ascii_whitespace());
            content.len() <= MOST_PATCH
                && matches!(first, Some(b'-' | b'['))
                && (holds(b"op:") || holds(b"\"op\""))
                && holds(b"path")
        }
    }
}

/// Whether a file holds named templates of a chart, and no manifest.
fn is_helper(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, end)| end == "tpl")
}

/// Whether a file may be a template of a chart.
fn is_template(path: &str) -> bool {
    path.starts_with("templates/") || path.contains("/templates/")
}

/// Makes of the files what the cluster would be given.
fn prepare(files: Vec<DocumentFile>) -> Vec<DocumentFile> {
    let files = helm::render(files);
    let mut files = kustomize::apply(files);
    for file in &mut files {
        let documents = std::mem::take(&mut file.documents);
        file.documents = resource::unfold(documents);
        for document in &mut file.documents {
            view::add(document);
        }
    }
    files.retain(|file| !file.documents.is_empty() || !file.problems.is_empty());
    files
}
