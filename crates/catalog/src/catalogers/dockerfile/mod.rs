//! Dockerfiles and Containerfiles: the images that a build starts from and copies from:
//! <https://docs.docker.com/reference/dockerfile/>.
//!
//! What the build downloads or installs by running commands is not known from the file.

mod instructions;
mod stages;

use linchpin_model::CatalogerId;
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::package_roots::is_inside_package;
use crate::references::{Reference, assemble_references, own_folder};

pub(super) static CATALOGER: Dockerfile = Dockerfile;

pub(super) struct Dockerfile;

impl Cataloger for Dockerfile {
    type Fragment = Vec<Reference>;
    const ID: CatalogerId = CatalogerId("dockerfile");
    const DOCUMENTATION: &'static str = "Reads Dockerfiles and Containerfiles: the images of `FROM` with the defaults of \
        `ARG`, of `COPY --from` and `RUN --mount`, and the front end of `# syntax`. What the last stage starts from is \
        needed at run time, all else to build. Images that only an argument of the build knows are told as notes; what \
        commands install is not known.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Name("Dockerfile"),
        Pattern::Name("Containerfile"),
        Pattern::Name("dockerfile"),
        Pattern::Glob("**/{Dockerfile,Containerfile}.*"),
        Pattern::Suffix(".Dockerfile"),
        Pattern::Suffix(".dockerfile"),
        Pattern::Suffix(".Containerfile"),
        Pattern::Suffix(".containerfile"),
    ];

    fn read(entry: &Entry<'_>) -> Parsed<Vec<Reference>> {
        // What is called `Dockerfile.dockerignore` or `dockerfile.go` is something else.
        let ending = entry.path.name().rsplit_once('.').map(|(_, ending)| ending);
        let is_other = ending.is_some_and(|ending| OTHER_ENDINGS.contains(&ending));
        if is_other || is_inside_package(entry.path) {
            return Parsed::not_mine();
        }
        let text = String::from_utf8_lossy(entry.content);
        let instructions = instructions::read(&text);
        stages::references(&text, &instructions).into_parsed()
    }

    fn assemble(fragments: Vec<Located<Vec<Reference>>>, assembly: &mut Assembly<'_>) {
        assemble_references(fragments, Self::ID, own_folder, assembly);
    }
}

const OTHER_ENDINGS: &[&str] = &[
    "dockerignore",
    "go",
    "html",
    "js",
    "json",
    "md",
    "py",
    "rs",
    "rst",
    "svg",
    "ts",
    "txt",
    "xml",
];
