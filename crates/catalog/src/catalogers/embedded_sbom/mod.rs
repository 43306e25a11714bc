//! SBOMs that lie in a target: those that vendors put into images (`opt/bitnami/…/.spdx-….spdx`,
//! `var/lib/db/sbom`, `usr/share/sbom`), wheels into `.dist-info/sboms`, and builds beside what they
//! make. CycloneDX, SPDX and Syft's own form, in JSON.
//!
//! What a foreign SBOM says counts as embedded: somebody says that the package went into something
//! here. Where a component names its files and none of them is there, the SBOM speaks of another
//! place, and the component is left out. A package that is known already is only seen once more.
//! Documents inside of programs are the matter of `graalvm-native-image`, which adds them as here.
//! The room `sbom`, which reads SBOMs as targets, is not used: only packages and edges matter here.

mod cyclonedx;
mod spdx;
mod syft;

pub(super) use cyclonedx::read_native_image;

use std::collections::{HashMap, HashSet};

use linchpin_model::{
    CatalogerId, Digest, LicenseExpression, OccurrenceKind, Package, PackageId, PackageUrl, Role,
    Scope, TargetPath,
};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed, Stage};
use crate::documents::json::{Loose, read_loose};
use crate::package_roots::is_inside_package;

pub(super) static CATALOGER: EmbeddedSbom = EmbeddedSbom;

pub(super) struct EmbeddedSbom;

/// Largest document that is read; those of the largest images have some tens of megabytes.
const MOST_BYTES: usize = 128 << 20;

/// What a document says, whatever its format.
#[derive(Default)]
pub(super) struct Document {
    components: Vec<Component>,
    /// Who needs whom, by their references.
    edges: Vec<(String, String)>,
    /// The references of what the document is about: there may be as many as components.
    subjects: HashSet<String>,
    /// How many components have no package URL.
    unnamed: usize,
}

#[derive(Default)]
struct Component {
    reference: String,
    purl: String,
    license: Option<String>,
    hashes: Vec<Digest>,
    supplier: Option<String>,
    description: Option<String>,
    /// The files that it was found in.
    files: Vec<String>,
}

impl Cataloger for EmbeddedSbom {
    type Fragment = Document;
    const ID: CatalogerId = CatalogerId("embedded-sbom");
    const DOCUMENTATION: &'static str = "Reads SBOMs that lie in the target (CycloneDX, SPDX 2 and Syft in JSON; of Bitnami, \
        Wolfi and Chainguard, in wheels, and by the names `bom.json`, `*.cdx.json`, `*.spdx.json`): packages with licence, \
        hashes and edges. Components without a package URL are counted in a note; those whose files are not in the target \
        are left out. A package found by other means is not added again.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Name("bom.json"),
        Pattern::Name("sbom.json"),
        Pattern::Suffix(".cdx.json"),
        Pattern::Suffix(".spdx.json"),
        Pattern::Suffix(".syft.json"),
        Pattern::Glob("**/.spdx-*.spdx"),
        Pattern::Glob("usr/share/sbom/*.json"),
        Pattern::Glob("usr/local/share/sbom/*.json"),
        Pattern::Glob("var/lib/db/sbom/*.json"),
    ];
    #[allow(
        private_interfaces,
        reason = "the stages are the driver's own business"
    )]
    const STAGE: Stage = Stage::Installed;

    fn read(entry: &Entry<'_>) -> Parsed<Document> {
        let is_of_a_wheel = entry.path.as_str().contains(".dist-info/sboms/");
        // The documents of vcpkg have no package URLs; its own cataloger reads them.
        let is_of_vcpkg = entry.path.name() == "vcpkg.spdx.json";
        if is_of_vcpkg || (is_inside_package(entry.path) && !is_of_a_wheel) {
            return Parsed::not_mine();
        }
        if entry.content.len() > MOST_BYTES {
            return Parsed::failed(format!(
                "is an SBOM of more than {} MiB, which is not read",
                MOST_BYTES >> 20
            ));
        }
        let text = String::from_utf8_lossy(entry.content);
        let document = match read_loose(&text) {
            Ok(document) => document,
            Err(problem) => return Parsed::failed(problem),
        };
        let text_of = |name: &str| document.get(name).and_then(Loose::text);
        let read = if text_of("bomFormat") == Some("CycloneDX") {
            cyclonedx::read(&document)
        } else if text_of("spdxVersion").is_some_and(|version| version.starts_with("SPDX-2")) {
            spdx::read(&document)
        } else if document.get("artifacts").is_some() && document.get("schema").is_some() {
            syft::read(&document)
        } else {
            // Files called `bom.json` may be anything.
            return Parsed::not_mine();
        };
        Parsed {
            problems: problem_of_unnamed(&read).into_iter().collect(),
            value: Some(read),
        }
    }

    fn assemble(fragments: Vec<Located<Document>>, assembly: &mut Assembly<'_>) {
        add_documents(&fragments, Self::ID, assembly);
    }
}

/// Adds what documents say that a cataloger has found.
pub(super) fn add_documents(
    fragments: &[Located<Document>],
    cataloger: CatalogerId,
    assembly: &mut Assembly<'_>,
) {
    let mut known = known_packages(assembly);
    for fragment in fragments {
        add_document(fragment, cataloger, &mut known, assembly);
    }
}

/// What has to be said of components without a package URL.
pub(super) fn problem_of_unnamed(document: &Document) -> Option<String> {
    let count = document.unnamed;
    (count > 0).then(|| {
        format!(
            "{count} of its components {} no package URL and {} left out",
            if count == 1 { "has" } else { "have" },
            if count == 1 { "was" } else { "were" }
        )
    })
}

/// What makes two package URLs the same package, whatever their qualifiers.
type Identity = (String, String, String);

fn identity(purl: &PackageUrl) -> Identity {
    let version = purl.version().unwrap_or_default();
    // Distributions name themselves in many ways; a package of one is known by name and version.
    let name = match purl.kind() {
        "apk" | "deb" | "rpm" => purl.name().to_owned(),
        _ => purl.full_name(),
    };
    (purl.kind().to_owned(), name, version.to_owned())
}

fn known_packages(assembly: &Assembly<'_>) -> HashMap<Identity, PackageId> {
    let packages = assembly.inventory.packages().iter().enumerate();
    packages
        .map(|(index, package)| (identity(&package.purl), PackageId(index as u32)))
        .collect()
}

fn add_document(
    fragment: &Located<Document>,
    cataloger: CatalogerId,
    known: &mut HashMap<Identity, PackageId>,
    assembly: &mut Assembly<'_>,
) {
    let document = &fragment.value;
    let mut ids: HashMap<&str, PackageId> = HashMap::new();
    let mut elsewhere = 0_usize;
    let mut invalid = 0_usize;
    // Of the system's own folders an SBOM is about something that was taken in, of others it may
    // be about the project itself.
    let is_of_the_system = ["opt/", "usr/", "var/"]
        .iter()
        .any(|folder| fragment.path.as_str().starts_with(folder));
    for component in &document.components {
        let Ok(purl) = component.purl.parse::<PackageUrl>() else {
            invalid += 1;
            continue;
        };
        let is_elsewhere = !component.files.is_empty()
            && !component
                .files
                .iter()
                .any(|file| assembly.tree.exists(&TargetPath::new(file)));
        if is_elsewhere {
            elsewhere += 1;
            continue;
        }
        let occurrence = fragment.occurrence(OccurrenceKind::Embedded, cataloger);
        let id = match known.get(&identity(&purl)) {
            Some(&id) => {
                let occurrences = &mut assembly.inventory.package_mut(id).occurrences;
                if !occurrences.contains(&occurrence) {
                    occurrences.push(occurrence);
                }
                id
            }
            None => {
                let identity = identity(&purl);
                let mut package = Package::new(purl, occurrence);
                package.license = component
                    .license
                    .as_deref()
                    .and_then(|text| LicenseExpression::parse(text).ok());
                package.hashes.clone_from(&component.hashes);
                package.supplier.clone_from(&component.supplier);
                package.description.clone_from(&component.description);
                if document.subjects.contains(&component.reference) && !is_of_the_system {
                    package.role = Role::Application;
                }
                let id = assembly.inventory.add(package);
                known.insert(identity, id);
                id
            }
        };
        ids.insert(&component.reference, id);
    }
    for (from, on) in &document.edges {
        if let (Some(&from), Some(&on)) = (ids.get(from.as_str()), ids.get(on.as_str())) {
            assembly.inventory.depend(from, on, Scope::Runtime);
        }
    }
    if elsewhere > 0 {
        assembly.inventory.note(fragment.note(format!(
            "{elsewhere} of its components name files that are not here and were left out"
        )));
    }
    if invalid > 0 {
        assembly.inventory.note(fragment.note(format!(
            "{invalid} of its components have package URLs that are none and were left out"
        )));
    }
}

/// A text member that says something.
fn text_of(value: &Loose<'_>, name: &str) -> Option<String> {
    let text = value.get(name)?.text()?.trim();
    (!text.is_empty() && text != "NOASSERTION" && text != "NONE").then(|| text.to_owned())
}

/// The members of a list.
fn items_of<'b, 'a>(value: &'b Loose<'a>, name: &str) -> &'b [Loose<'a>] {
    value.get(name).map(Loose::items).unwrap_or_default()
}

/// A digest, whose algorithm is written as `SHA-256` or `SHA256`.
fn digest(algorithm: &str, hex: &str) -> Option<Digest> {
    let algorithm = algorithm.replace('-', "").to_ascii_lowercase();
    let algorithm = linchpin_model::DigestAlgorithm::from_name(&algorithm)?;
    Digest::from_hex(algorithm, hex).ok()
}
