//! Compose files: the images of their services:
//! <https://github.com/compose-spec/compose-spec/blob/main/spec.md>.
//!
//! Variables take the default that stands beside them; what an environment or a file `.env` sets
//! is not looked at. A service that is built from a folder is described by the Dockerfile there.

use linchpin_model::{CatalogerId, Scope};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::documents::json::Loose;
use crate::documents::yaml::read_documents;
use crate::package_roots::is_inside_package;
use crate::references::{Reference, References, assemble_references, own_folder};
use crate::shell_variables::expand;

pub(super) static CATALOGER: Compose = Compose;

pub(super) struct Compose;

impl Cataloger for Compose {
    type Fragment = Vec<Reference>;
    const ID: CatalogerId = CatalogerId("compose");
    const DOCUMENTATION: &'static str = "Reads Compose files (`compose.yaml`, `docker-compose.yml`, \
        `docker-compose.*.yml` and so on): the images of their services, of shared fragments (`x-…`), and those named by \
        inline Dockerfiles' contexts. A variable counts with the default beside it; an image whose variable has none is a \
        note. The image that a service with `build` only gives a name to is its own and left out.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Name("compose.yaml"),
        Pattern::Name("compose.yml"),
        Pattern::Name("docker-compose.yaml"),
        Pattern::Name("docker-compose.yml"),
        Pattern::Glob("**/{docker-compose,compose,podman-compose}{.,-}*.{yml,yaml}"),
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
            for (key, value) in document.members() {
                if key == "services" {
                    for (_, service) in value.members() {
                        read_service(service, &mut references);
                    }
                } else if key.starts_with("x-") {
                    // Fragments that services take over by an alias, alone or several in one.
                    read_service(value, &mut references);
                    for (_, inner) in value.members() {
                        read_service(inner, &mut references);
                    }
                }
            }
        }
        references.into_parsed()
    }

    fn assemble(fragments: Vec<Located<Vec<Reference>>>, assembly: &mut Assembly<'_>) {
        assemble_references(fragments, Self::ID, own_folder, assembly);
    }
}

fn read_service(service: &Loose<'_>, references: &mut References) {
    if let Some(build) = service.get("build") {
        // Contexts of a build may be images: `base: docker-image://alpine:3.20`.
        let contexts = build.get("additional_contexts");
        for (_, context) in contexts.map(Loose::members).unwrap_or_default() {
            if let Some(image) = context
                .text()
                .filter(|text| text.starts_with("docker-image://"))
            {
                references.add_image(&expand(image, |_| None), Scope::Runtime);
            }
        }
        return;
    }
    if let Some(image) = service.get("image").and_then(Loose::text) {
        references.add_image(&expand(image, |_| None), Scope::Runtime);
    }
}
