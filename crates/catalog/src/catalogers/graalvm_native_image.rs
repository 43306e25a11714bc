//! Programs that GraalVM made of Java (`native-image`), and the SBOM that it embeds in them:
//! CycloneDX in JSON, compressed with gzip, at the address of the symbol `sbom`; the symbol
//! `sbom_length` leads to its length, a number of 64 bits:
//! <https://www.graalvm.org/latest/security-guide/native-image/sbom/>. Quarkus embeds one in the
//! same way.
//!
//! The classes that such a document may list are not looked at, and neither is an SBOM in the heap
//! of the program (`--enable-sbom=classpath`), whose place only the program knows.

use std::io::Read;

use flate2::read::GzDecoder;
use linchpin_model::CatalogerId;
use linchpin_source::{Entry, Pattern};

use super::embedded_sbom::{Document, add_documents, problem_of_unnamed, read_native_image};
use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed, Stage};
use crate::documents::json::{Loose, read_loose};
use crate::executable_files::Executable;
use crate::program_bytes::ProgramBytes;

pub(super) static CATALOGER: GraalvmNativeImage = GraalvmNativeImage;

pub(super) struct GraalvmNativeImage;

/// The section in which a native image keeps the objects that it starts with.
const HEAP: &str = ".svm_heap";
/// As much of that name as fits into a PE file.
const HEAP_IN_PE: &str = ".svm_hea";

/// Most bytes that a document may unpack to; one that lists every class has some ten million.
const MOST_BYTES: u64 = 64 << 20;

impl Cataloger for GraalvmNativeImage {
    type Fragment = Document;
    const ID: CatalogerId = CatalogerId("graalvm-native-image");
    const DOCUMENTATION: &'static str = "Reads the SBOM that GraalVM and Quarkus embed in programs and libraries made of \
        Java (`native-image --enable-sbom`; symbols `sbom` and `sbom_length`; ELF, Mach-O, PE): packages of Maven with \
        hashes and edges, by their package URLs or coordinates, and GraalVM itself. A package found by other means is not \
        added again. Says so of native images without an SBOM; leaves out the list of classes, and an SBOM that is only \
        on the class path of the program.";
    const WANTS: &'static [Pattern] = &[Pattern::ExecutableWith(&[HEAP])];
    #[allow(
        private_interfaces,
        reason = "the stages are the driver's own business"
    )]
    const STAGE: Stage = Stage::Installed;

    fn read(entry: &Entry<'_>) -> Parsed<Document> {
        let mut problems = Vec::new();
        let program = ProgramBytes::of(entry);
        for executable in Executable::all_in_program(&program) {
            // The symbols of other programs need not be read.
            if !has_heap(&executable) {
                continue;
            }
            match embedded(&executable).map(|sbom| sbom.and_then(read_embedded)) {
                Some(Ok(document)) => {
                    problems.extend(problem_of_unnamed(&document));
                    return Parsed {
                        value: Some(document),
                        problems,
                    };
                }
                Some(Err(problem)) => {
                    problems.push(format!("its embedded SBOM can not be read: {problem}"));
                }
                None => problems.push(
                    "is a native image of GraalVM without an SBOM: what is in it is not known"
                        .to_owned(),
                ),
            }
        }
        problems.extend(program.problem());
        Parsed {
            value: None,
            problems,
        }
    }

    fn assemble(fragments: Vec<Located<Document>>, assembly: &mut Assembly<'_>) {
        add_documents(&fragments, Self::ID, assembly);
    }
}

/// Whether the program is a native image.
fn has_heap(executable: &Executable<'_>) -> bool {
    [HEAP, HEAP_IN_PE]
        .iter()
        .any(|name| executable.section(name).is_some())
}

/// The compressed document; nothing if the program has none.
fn embedded<'a>(executable: &Executable<'a>) -> Option<Result<&'a [u8], String>> {
    let [Some(start), Some(length_at)] = executable.addresses_of(["sbom", "sbom_length"]) else {
        return None;
    };
    let bytes = executable.at_address(length_at, 8);
    let length = bytes.and_then(|bytes| bytes.first_chunk()).map(|bytes| {
        if executable.is_little_endian() {
            u64::from_le_bytes(*bytes)
        } else {
            u64::from_be_bytes(*bytes)
        }
    });
    Some(
        length
            .and_then(|length| executable.at_address(start, length))
            .ok_or_else(|| "its symbols lead out of the file".to_owned()),
    )
}

fn read_embedded(sbom: &[u8]) -> Result<Document, String> {
    let mut text = Vec::new();
    GzDecoder::new(sbom)
        .take(MOST_BYTES + 1)
        .read_to_end(&mut text)
        .map_err(|error| error.to_string())?;
    if text.len() as u64 > MOST_BYTES {
        return Err(format!("it is over {} MiB long", MOST_BYTES >> 20));
    }
    let text = String::from_utf8_lossy(&text);
    let document = read_loose(&text)?;
    if document.get("bomFormat").and_then(Loose::text) != Some("CycloneDX") {
        return Err("it is not in CycloneDX".to_owned());
    }
    Ok(read_native_image(&document))
}
