//! Go programs: the modules that the linker recorded in them, and the standard library.
//!
//! The record is a list: which module needs which other is not in it, so all edges start at the
//! main module. Stripped programs keep the record. Programs that were built without modules, as
//! Debian builds its own, name only the version of Go. The table of functions says what of all this is
//! really in the program.

mod build_information;
mod function_table;

use std::io::{self, BufRead};

use linchpin_model::{
    CatalogerId, Digest, DigestAlgorithm, FunctionNames, OccurrenceKind, Package, PackageId,
    PackageUrl, ProgramFunctions, Role, Scope,
};
use linchpin_source::{Entry, Pattern};
use sha2::{Digest as _, Sha256};

use self::build_information::{BuildInformation, Module};
use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::executable_files::Executable;
use crate::go_modules;
use crate::program_bytes::ProgramBytes;

pub(super) static CATALOGER: GoBinary = GoBinary;

pub(super) struct GoBinary;

impl Cataloger for GoBinary {
    type Fragment = GoProgram;
    const ID: CatalogerId = CatalogerId("go-binary");
    const DOCUMENTATION: &'static str = "Reads the build information in Go programs (ELF, PE, Mach-O): the modules that \
        were linked, replacements taken into account, and the standard library as `stdlib` in the version of Go. All \
        edges start at the main module: the record is a list. The names of the functions in the program are kept as \
        numbers, so that a flaw in functions that are not there can be told from others.";
    const WANTS: &'static [Pattern] = &[Pattern::ExecutableWith(&[".go.buildinfo"])];

    fn read(entry: &Entry<'_>) -> Parsed<GoProgram> {
        let mut found = Vec::new();
        let mut functions = Vec::new();
        let mut problems = Vec::new();
        let program = ProgramBytes::of(entry);
        for executable in Executable::all_in_program(&program) {
            match build_information::of(&executable) {
                Ok(Some(information)) => {
                    let main = information.path.as_deref();
                    functions.push(function_table::of(&executable, main));
                    found.push(information);
                }
                Ok(None) => {}
                Err(problem) => problems.push(problem.to_string()),
            }
        }
        found.dedup();
        let functions = FunctionNames::united(functions)
            .map(|names| (digest_of(program.data().stream(0)).ok(), names));
        problems.extend(program.problem());
        Parsed {
            value: (!found.is_empty()).then_some(GoProgram {
                builds: found,
                functions,
            }),
            problems,
        }
    }

    fn assemble(mut fragments: Vec<Located<GoProgram>>, assembly: &mut Assembly<'_>) {
        for fragment in &mut fragments {
            if let Some((digest, names)) = fragment.value.functions.take() {
                assembly.inventory.add_program(ProgramFunctions {
                    path: fragment.path.clone(),
                    layer: fragment.layer,
                    digest,
                    names,
                });
            }
            for information in &fragment.value.builds {
                add_program(information, fragment, assembly);
            }
        }
    }
}

fn digest_of(mut stream: Box<dyn BufRead + '_>) -> io::Result<Digest> {
    let mut hasher = Sha256::new();
    loop {
        let bytes = stream.fill_buf()?;
        if bytes.is_empty() {
            break;
        }
        hasher.update(bytes);
        let count = bytes.len();
        stream.consume(count);
    }
    Digest::from_bytes(DigestAlgorithm::Sha256, &hasher.finalize()).map_err(io::Error::other)
}

/// What a file tells.
#[derive(Debug)]
pub(super) struct GoProgram {
    /// One, or one for each processor.
    builds: Vec<BuildInformation>,
    /// The functions of all of them together, and the digest of the file. Nothing if any of them
    /// does not show its functions.
    functions: Option<(Option<Digest>, FunctionNames)>,
}

type Program = Located<GoProgram>;

fn add_program(information: &BuildInformation, program: &Program, assembly: &mut Assembly<'_>) {
    let root = main_module(information, program)
        .map(|purl| add(purl, Role::Application, program, assembly));
    let standard_library = standard_library_version(&information.go_version)
        .and_then(|version| PackageUrl::new("golang", None, "stdlib", Some(&version)).ok());
    let modules = information.dependencies.iter().map(|module| {
        // A module that a folder replaced is part of the application's own code.
        let role = match module.version {
            Some(_) => Role::Library,
            None => Role::Application,
        };
        (package_url(module), role)
    });
    let parts = modules.chain([(standard_library, Role::Library)]);
    for (purl, role) in parts.collect::<Vec<_>>() {
        let part = purl.map(|purl| add(purl, role, program, assembly));
        if let (Some(root), Some(part)) = (root, part) {
            assembly.inventory.depend(root, part, Scope::Runtime);
        }
    }
}

fn add(purl: PackageUrl, role: Role, program: &Program, assembly: &mut Assembly<'_>) -> PackageId {
    let occurrence = program.occurrence(OccurrenceKind::Embedded, GoBinary::ID);
    let mut package = Package::new(purl, occurrence);
    package.role = role;
    assembly.inventory.add(package)
}

fn package_url(module: &Module) -> Option<PackageUrl> {
    go_modules::package_url(&module.path, module.version.as_deref())
}

/// The main module, else the path of the main package, else the program's own name.
fn main_module(information: &BuildInformation, program: &Program) -> Option<PackageUrl> {
    if let Some(main) = &information.main {
        return package_url(main);
    }
    match information.path.as_deref() {
        Some(path) if path != "command-line-arguments" => go_modules::package_url(path, None),
        _ => PackageUrl::new("generic", None, program.path.name(), None).ok(),
    }
}

/// `1.21.3` of `go1.21.3 X:boringcrypto`. Builds of Go that are no release have no version that
/// an advisory could speak of.
fn standard_library_version(text: &str) -> Option<String> {
    let version = text.split_ascii_whitespace().next()?.strip_prefix("go")?;
    // Distributions append theirs: `go1.20.6-asan`, `go1.19.8+deb`.
    let end = version
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '.'))
        .unwrap_or(version.len());
    let version = version.get(..end)?;
    version
        .starts_with(|c: char| c.is_ascii_digit())
        .then(|| version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_library_has_the_version_of_go() {
        let version = |text: &str| standard_library_version(text);
        assert_eq!(version("go1.21.3").as_deref(), Some("1.21.3"));
        assert_eq!(
            version("go1.21.3 X:boringcrypto").as_deref(),
            Some("1.21.3")
        );
        assert_eq!(version("go1.21rc2").as_deref(), Some("1.21rc2"));
        assert_eq!(version("devel go1.22-abcdef Mon"), None);
        assert_eq!(version(""), None);
    }
}
