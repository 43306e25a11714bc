//! Manifests of Kubernetes and of what extends it (Tekton, Argo, Flux, operators): the images and
//! charts that they name: <https://kubernetes.io/docs/concepts/overview/working-with-objects/>.
//!
//! Every YAML file may be a manifest, so a file is only parsed if the two words that every manifest
//! has stand in it.

mod manifest;
mod template;

use linchpin_model::CatalogerId;
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::documents::yaml::read_documents;
use crate::package_roots::is_inside_package;
use crate::references::{Reference, References, assemble_references, folder_above};

pub(super) static CATALOGER: Kubernetes = Kubernetes;

pub(super) struct Kubernetes;

impl Cataloger for Kubernetes {
    type Fragment = Vec<Reference>;
    const ID: CatalogerId = CatalogerId("kubernetes");
    const DOCUMENTATION: &'static str = "Reads manifests of Kubernetes in YAML (files with `apiVersion` and `kind`), also of \
        Tekton, Argo and Flux: images wherever an object names one, those of `RELATED_IMAGE_…` variables, bundles of \
        Tekton, charts of Argo CD applications and of Flux releases. Of Helm templates only names that are written out \
        are read; the chart's values give the others.";
    const WANTS: &'static [Pattern] = &[Pattern::Suffix(".yaml"), Pattern::Suffix(".yml")];

    fn read(entry: &Entry<'_>) -> Parsed<Vec<Reference>> {
        let Ok(text) = std::str::from_utf8(entry.content) else {
            return Parsed::not_mine();
        };
        if !text.contains("apiVersion:") || !text.contains("kind:") || is_inside_package(entry.path)
        {
            return Parsed::not_mine();
        }
        let mut references = References::default();
        let is_template = text.contains("{{");
        match read_documents(text) {
            Ok(documents) => {
                for document in &documents {
                    manifest::read(document, &mut references);
                }
            }
            // What a template engine will fill in is no YAML yet.
            Err(_) if is_template => template::read(text, &mut references),
            // A file of anybody's format may have these words; whether this one was a manifest
            // shows where its lines begin.
            Err(problem) if template::has_a_manifests_head(text) => references.problem(problem),
            Err(_) => {}
        }
        references.into_parsed()
    }

    fn assemble(fragments: Vec<Located<Vec<Reference>>>, assembly: &mut Assembly<'_>) {
        assemble_references(
            fragments,
            Self::ID,
            |path| folder_above(path, &["templates"]),
            assembly,
        );
    }
}
