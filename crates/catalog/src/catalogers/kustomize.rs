//! Kustomize: the images, charts and remote bases that a kustomization names:
//! <https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/>.

use linchpin_model::{CatalogerId, OccurrenceKind, PackageUrl, Scope};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::documents::json::Loose;
use crate::documents::yaml::read_documents;
use crate::git_source::GitSource;
use crate::package_roots::is_inside_package;
use crate::references::{Reference, References, assemble_references, own_folder};

pub(super) static CATALOGER: Kustomize = Kustomize;

pub(super) struct Kustomize;

impl Cataloger for Kustomize {
    type Fragment = Vec<Reference>;
    const ID: CatalogerId = CatalogerId("kustomize");
    const DOCUMENTATION: &'static str = "Reads `kustomization.yaml`: images that are put in place of others (`images`), \
        charts (`helmCharts`) and bases, components and resources that lie in repositories elsewhere. Images that the \
        resources themselves name are found where those are.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Name("kustomization.yaml"),
        Pattern::Name("kustomization.yml"),
        Pattern::Name("Kustomization"),
    ];

    fn read(entry: &Entry<'_>) -> Parsed<Vec<Reference>> {
        if is_inside_package(entry.path) {
            return Parsed::not_mine();
        }
        let Ok(text) = std::str::from_utf8(entry.content) else {
            return Parsed::failed("it is no UTF-8");
        };
        let documents = match read_documents(text) {
            Ok(documents) => documents,
            Err(problem) => return Parsed::failed(problem),
        };
        let mut references = References::default();
        for document in &documents {
            read_document(document, &mut references);
        }
        references.into_parsed()
    }

    fn assemble(fragments: Vec<Located<Vec<Reference>>>, assembly: &mut Assembly<'_>) {
        assemble_references(fragments, Self::ID, own_folder, assembly);
    }
}

fn read_document(document: &Loose<'_>, references: &mut References) {
    let list = |name: &str| document.get(name).map(Loose::items).unwrap_or_default();
    for image in list("images") {
        let text = |name: &str| image.get(name).and_then(Loose::text);
        let Some(name) = text("newName").or_else(|| text("name")) else {
            continue;
        };
        let tag = text("newTag").map(|tag| format!(":{tag}"));
        let digest = text("digest").map(|digest| format!("@{digest}"));
        if tag.is_none() && digest.is_none() && text("newName").is_none() {
            continue;
        }
        references.add_image(
            &format!(
                "{name}{}{}",
                tag.unwrap_or_default(),
                digest.unwrap_or_default()
            ),
            Scope::Runtime,
        );
    }
    for chart in list("helmCharts")
        .iter()
        .chain(list("helmChartInflationGenerator"))
    {
        let text = |name: &str| chart.get(name).and_then(Loose::text);
        let Some(name) = text("name").or_else(|| text("chartName")) else {
            continue;
        };
        let version = text("version").or_else(|| text("chartVersion"));
        let repository = text("repo")
            .or_else(|| text("chartRepo"))
            .unwrap_or_default();
        let purl = PackageUrl::with_qualifiers(
            "helm",
            None,
            name,
            version,
            &[("repository_url", repository)],
        );
        match purl {
            Ok(purl) => references.add(purl, OccurrenceKind::Declared, Scope::Runtime),
            Err(error) => references.problem(error.to_string()),
        }
    }
    for key in ["resources", "bases", "components"] {
        for resource in list(key).iter().filter_map(Loose::text) {
            if let Some(reference) =
                GitSource::parse(resource).and_then(|source| source.reference(Scope::Runtime))
            {
                references.add_reference(reference);
            }
        }
    }
}
