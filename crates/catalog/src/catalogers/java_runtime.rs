//! Java runtimes, told by the file `release` that every build of the JDK has in its folder.
//!
//! Format: lines of `KEY="value"`, written by the JDK's own build
//! (<https://openjdk.org/projects/jdk/>). Left out: runtimes older than 8, which have no such file.

use linchpin_model::{CatalogerId, OccurrenceKind, Package, PackageUrl};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};

pub(super) static CATALOGER: JavaRuntime = JavaRuntime;

pub(super) struct JavaRuntime;

/// Largest file that is read; real ones have one or two KiB.
const MOST_BYTES: usize = 64 << 10;

/// Who builds what, by the beginning of `IMPLEMENTOR`: supplier and product in package URLs. All
/// others build OpenJDK.
const BUILDERS: &[(&str, &str, &str)] = &[
    ("Azul", "azul", "zulu"),
    ("GraalVM", "oracle", "graalvm"),
    ("Oracle", "oracle", "jdk"),
];

/// A runtime.
pub(super) struct Runtime {
    purl: PackageUrl,
    supplier: Option<String>,
    download: Option<String>,
}

impl Cataloger for JavaRuntime {
    type Fragment = Runtime;
    const ID: CatalogerId = CatalogerId("java-runtime");
    const DOCUMENTATION: &'static str = "Java runtimes by their file `release`: the version, who built it, and whether \
        it is a build of OpenJDK or one of Oracle, Azul or GraalVM.";
    const WANTS: &'static [Pattern] = &[Pattern::Name("release")];

    fn read(entry: &Entry<'_>) -> Parsed<Runtime> {
        if entry.content.len() > MOST_BYTES {
            return Parsed::not_mine();
        }
        let text = String::from_utf8_lossy(entry.content);
        let value = |key: &str| {
            text.lines().find_map(|line| {
                let (found, value) = line.split_once('=')?;
                let value = value.trim().trim_matches('"');
                (found.trim() == key && !value.is_empty()).then_some(value)
            })
        };
        // Other programs have files of this name too.
        let Some(short) = value("JAVA_VERSION") else {
            return Parsed::not_mine();
        };
        let version = value("SEMANTIC_VERSION")
            .or_else(|| value("JAVA_RUNTIME_VERSION"))
            .unwrap_or(short);
        let is_version = version.starts_with(|first: char| first.is_ascii_digit())
            && version.bytes().all(|byte| byte.is_ascii_graphic());
        if !is_version {
            return Parsed::failed("names no version of Java that makes sense");
        }
        let implementor = value("IMPLEMENTOR");
        let (vendor, product) = BUILDERS
            .iter()
            .find(|(name, ..)| implementor.is_some_and(|found| found.starts_with(name)))
            .map_or(("oracle", "openjdk"), |(_, vendor, product)| {
                (*vendor, *product)
            });
        // Builds of Oracle's before 17 do not say whose they are, but for what.
        let product = match value("BUILD_TYPE") {
            Some("commercial") if product == "openjdk" => "jdk",
            _ => product,
        };
        match PackageUrl::new("generic", Some(vendor), product, Some(version)) {
            Ok(purl) => Parsed::clean(Runtime {
                purl,
                supplier: implementor.map(str::to_owned),
                download: value("SOURCE_REPO")
                    .filter(|address| address.starts_with("https://") && !address.contains('@'))
                    .map(str::to_owned),
            }),
            Err(error) => Parsed::failed(error),
        }
    }

    fn assemble(fragments: Vec<Located<Runtime>>, assembly: &mut Assembly<'_>) {
        for found in fragments {
            let occurrence = found.occurrence(OccurrenceKind::Installed, Self::ID);
            let mut package = Package::new(found.value.purl, occurrence);
            package.supplier = found.value.supplier;
            package.download = found.value.download;
            assembly.inventory.add(package);
        }
    }
}
