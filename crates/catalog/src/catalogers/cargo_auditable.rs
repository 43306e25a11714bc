//! Rust programs that were built with cargo auditable: the list of crates in the section
//! `.dep-v0`: <https://github.com/rust-secure-code/cargo-auditable/blob/master/PARSING.md>.
//!
//! Programs built without it are looked at by `cargo-paths`.

use std::io::Read;

use flate2::read::ZlibDecoder;
use linchpin_model::{CatalogerId, OccurrenceKind, Package, PackageUrl, Role, Scope};
use linchpin_source::{Entry, Pattern};
use serde::Deserialize;

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::executable_files::Executable;
use crate::program_bytes::ProgramBytes;

pub(super) static CATALOGER: CargoAuditable = CargoAuditable;

pub(super) struct CargoAuditable;

/// The section's name in all formats.
const SECTION: &str = ".dep-v0";

/// Most bytes that a list may unpack to; real ones have some tens of thousands.
const MOST_BYTES: u64 = 8 << 20;

/// The crates in one program.
#[derive(Debug, Deserialize)]
pub(super) struct Audit {
    packages: Vec<AuditedPackage>,
}

#[derive(Debug, Deserialize)]
struct AuditedPackage {
    name: String,
    version: String,
    /// `crates.io`, `git`, `local`, `registry`, or a word of a later version.
    #[serde(default)]
    source: String,
    #[serde(default)]
    kind: Kind,
    /// Places in the list of packages.
    #[serde(default)]
    dependencies: Vec<usize>,
    #[serde(default)]
    root: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Build,
    #[default]
    #[serde(other)]
    Runtime,
}

impl AuditedPackage {
    fn scope(&self) -> Scope {
        match self.kind {
            Kind::Build => Scope::Build,
            Kind::Runtime => Scope::Runtime,
        }
    }
}

impl Cataloger for CargoAuditable {
    type Fragment = Vec<Audit>;
    const ID: CatalogerId = CatalogerId("cargo-auditable");
    const DOCUMENTATION: &'static str = "Reads the list of crates that cargo auditable embeds in Rust programs and \
        libraries (ELF, PE, Mach-O; section `.dep-v0`): crates with their edges, those used only to build marked. \
        Programs without such a list are left to `cargo-paths`.";
    const WANTS: &'static [Pattern] = &[Pattern::ExecutableWith(&[".dep-v0"])];

    fn read(entry: &Entry<'_>) -> Parsed<Vec<Audit>> {
        let mut audits = Vec::new();
        let mut problems = Vec::new();
        let program = ProgramBytes::of(entry);
        for executable in Executable::all_in_program(&program) {
            match executable.section(SECTION).map(read_section) {
                Some(Ok(audit)) => audits.push(audit),
                Some(Err(problem)) => {
                    problems.push(format!("its list of crates can not be read: {problem}"));
                }
                None => {}
            }
        }
        problems.extend(program.problem());
        Parsed {
            value: (!audits.is_empty()).then_some(audits),
            problems,
        }
    }

    fn assemble(fragments: Vec<Located<Vec<Audit>>>, assembly: &mut Assembly<'_>) {
        for fragment in &fragments {
            for audit in &fragment.value {
                add_packages(audit, fragment, assembly);
            }
        }
    }
}

fn read_section(section: &[u8]) -> Result<Audit, String> {
    let mut text = Vec::new();
    ZlibDecoder::new(section)
        .take(MOST_BYTES + 1)
        .read_to_end(&mut text)
        .map_err(|error| error.to_string())?;
    if text.len() as u64 > MOST_BYTES {
        return Err(format!("it is over {} MiB long", MOST_BYTES >> 20));
    }
    serde_json::from_slice(&text).map_err(|error| error.to_string())
}

fn add_packages(audit: &Audit, fragment: &Located<Vec<Audit>>, assembly: &mut Assembly<'_>) {
    let mut ids = Vec::with_capacity(audit.packages.len());
    for audited in &audit.packages {
        let purl = PackageUrl::new("cargo", None, &audited.name, Some(&audited.version));
        let purl = match purl {
            Ok(purl) => purl,
            Err(error) => {
                assembly.inventory.note(fragment.note(error.to_string()));
                ids.push(None);
                continue;
            }
        };
        let occurrence = fragment.occurrence(OccurrenceKind::Embedded, CargoAuditable::ID);
        let mut package = Package::new(purl, occurrence);
        package.scope = audited.scope();
        // Members of the same workspace are the application's own, as in its lockfile.
        if audited.root || audited.source == "local" {
            package.role = Role::Application;
        }
        ids.push(Some(assembly.inventory.add(package)));
    }
    for (audited, id) in audit.packages.iter().zip(&ids) {
        let Some(from) = *id else { continue };
        for &index in &audited.dependencies {
            if let (Some(Some(on)), Some(needed)) = (ids.get(index), audit.packages.get(index)) {
                // What a build dependency needs, it needs to run; that it runs only in the build
                // is said by the edge that leads to it.
                let scope = match audited.kind {
                    Kind::Build => Scope::Runtime,
                    Kind::Runtime => needed.scope(),
                };
                assembly.inventory.depend(from, *on, scope);
            }
        }
    }
}
