//! Alpine's package database, `lib/apk/db/installed`:
//! <https://wiki.alpinelinux.org/wiki/Apk_spec#Installed_Database_V2>.
//!
//! Versions in dependencies are not compared: apk has done so before it installed. Conflicts
//! (`!name`) and `install_if` are no edges.

use std::collections::HashMap;

use linchpin_model::{
    CatalogerId, Digest, DigestAlgorithm, OccurrenceKind, Package, PackageId, PackageUrl, Scope,
    SourcePackage,
};
use linchpin_source::{Entry, FileTree, Pattern};

use crate::assembly::Assembly;
use crate::base64_digest::digest_from_base64;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::licenses;
use crate::ownership::claim_path;

pub(super) static CATALOGER: AlpineApk = AlpineApk;

pub(super) struct AlpineApk;

/// Most packages that are taken to provide one name: a bound for hostile input.
const MOST_PROVIDERS: usize = 64;

/// A package as apk recorded it.
#[derive(Debug, Default)]
pub(super) struct ApkPackage {
    name: String,
    version: String,
    architecture: String,
    license: String,
    origin: String,
    maintainer: String,
    description: String,
    depends: String,
    provides: String,
    checksum: Option<Digest>,
    /// One path per line, as in a [`FileClaim`](crate::ownership::FileClaim).
    files: String,
}

impl Cataloger for AlpineApk {
    type Fragment = Vec<ApkPackage>;
    const ID: CatalogerId = CatalogerId("alpine-apk");
    const DOCUMENTATION: &'static str = "Reads apk's database (`lib/apk/db/installed`): installed packages with licence, \
        maintainer, source package (origin) and the packages that provide what they depend on. Its records of files \
        tell which files belong to a package and which of them were deleted behind its back.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Path("lib/apk/db/installed"),
        Pattern::Path("usr/lib/apk/db/installed"),
    ];

    fn read(entry: &Entry<'_>) -> Parsed<Vec<ApkPackage>> {
        let text = String::from_utf8_lossy(entry.content);
        let mut packages = Vec::new();
        let mut problems = Vec::new();
        let mut reader = Reader::default();
        for (index, line) in text.lines().enumerate() {
            if line.is_empty() {
                reader.finish(&mut packages, &mut problems);
            } else if let Some((field, value)) = line.split_once(':') {
                reader.take(field, value.trim());
            } else {
                problems.push(format!("line {}: it is no `field:value`", index + 1));
            }
        }
        reader.finish(&mut packages, &mut problems);
        Parsed {
            value: Some(packages),
            problems,
        }
    }

    fn assemble(fragments: Vec<Located<Vec<ApkPackage>>>, assembly: &mut Assembly<'_>) {
        for fragment in fragments {
            let ids = add_packages(&fragment, assembly);
            add_edges(&fragment.value, &ids, assembly);
            for (apk, id) in fragment.value.iter().zip(&ids) {
                if let Some(id) = *id {
                    let files = claimed_files(&apk.files, assembly.tree);
                    if !files.is_empty() {
                        assembly.claim_files(id, files.into());
                    }
                }
            }
        }
    }
}

/// Collects the fields of one package.
#[derive(Default)]
struct Reader {
    package: ApkPackage,
    has_fields: bool,
}

impl Reader {
    fn take(&mut self, field: &str, value: &str) {
        self.has_fields = true;
        let package = &mut self.package;
        match field {
            "P" => value.clone_into(&mut package.name),
            "V" => value.clone_into(&mut package.version),
            "A" => value.clone_into(&mut package.architecture),
            "L" => value.clone_into(&mut package.license),
            "o" => value.clone_into(&mut package.origin),
            "m" => value.clone_into(&mut package.maintainer),
            "T" => value.clone_into(&mut package.description),
            "D" => value.clone_into(&mut package.depends),
            "p" => value.clone_into(&mut package.provides),
            "C" => package.checksum = checksum(value),
            "F" => {
                // A file at the root has no folder.
                for part in ["/", value, if value.is_empty() { "\n" } else { "/\n" }] {
                    package.files.push_str(part);
                }
            }
            "R" => {
                package.files.push_str(value);
                package.files.push('\n');
            }
            // Size, address, time of building, triggers, owners and modes of files, and fields
            // of later versions.
            _ => {}
        }
    }

    fn finish(&mut self, packages: &mut Vec<ApkPackage>, problems: &mut Vec<String>) {
        let Self {
            package,
            has_fields,
            ..
        } = std::mem::take(self);
        if !has_fields {
            return;
        }
        if package.name.is_empty() || package.version.is_empty() {
            let name: String = package.name.chars().take(100).collect();
            problems.push(format!("the package `{name}` has no name or no version"));
            return;
        }
        packages.push(package);
    }
}

/// `Q1` and a SHA-1 in base64, `Q2` and a SHA-256.
fn checksum(text: &str) -> Option<Digest> {
    let (algorithm, value) = match text.split_at_checked(2)? {
        ("Q1", value) => (DigestAlgorithm::Sha1, value),
        ("Q2", value) => (DigestAlgorithm::Sha256, value),
        _ => return None,
    };
    digest_from_base64(algorithm, value)
}

fn add_packages(
    fragment: &Located<Vec<ApkPackage>>,
    assembly: &mut Assembly<'_>,
) -> Vec<Option<PackageId>> {
    let (namespace, distro) = match assembly.inventory.distribution() {
        Some(distribution) => {
            let release = distribution.version.as_deref().unwrap_or_default();
            (
                distribution.id.clone(),
                minor_release(&distribution.id, release),
            )
        }
        None => ("alpine".to_owned(), String::new()),
    };
    let add = |apk: &ApkPackage| {
        let purl = PackageUrl::with_qualifiers(
            "apk",
            Some(&namespace),
            &apk.name,
            Some(&apk.version),
            &[("arch", &apk.architecture), ("distro", &distro)],
        );
        let purl = match purl {
            Ok(purl) => purl,
            Err(error) => {
                assembly.inventory.note(fragment.note(error.to_string()));
                return None;
            }
        };
        let occurrence = fragment.occurrence(OccurrenceKind::Installed, AlpineApk::ID);
        let mut package = Package::new(purl, occurrence);
        package.license = licenses::from_expression(&apk.license);
        package.supplier = non_empty(&apk.maintainer);
        package.description = non_empty(&apk.description);
        package.hashes = apk.checksum.iter().cloned().collect();
        package.source = Some(SourcePackage {
            name: non_empty(&apk.origin).unwrap_or_else(|| apk.name.clone()),
            version: apk.version.clone(),
        });
        Some(assembly.inventory.add(package))
    };
    fragment.value.iter().map(add).collect()
}

fn non_empty(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// `alpine-3.20` of 3.20.1: a release is a branch, the third number only says how new its image is.
fn minor_release(id: &str, release: &str) -> String {
    if release.is_empty() {
        return id.to_owned();
    }
    let branch: Vec<&str> = release.split('.').take(2).collect();
    format!("{id}-{}", branch.join("."))
}

fn add_edges(packages: &[ApkPackage], ids: &[Option<PackageId>], assembly: &mut Assembly<'_>) {
    let mut real: HashMap<&str, PackageId> = HashMap::new();
    let mut providers: HashMap<&str, Vec<PackageId>> = HashMap::new();
    for (apk, id) in packages.iter().zip(ids) {
        let Some(id) = *id else { continue };
        real.insert(&apk.name, id);
        for name in apk.provides.split_ascii_whitespace().map(bare_name) {
            let found = providers.entry(name).or_default();
            if found.len() < MOST_PROVIDERS {
                found.push(id);
            }
        }
    }
    for (apk, id) in packages.iter().zip(ids) {
        let Some(id) = *id else { continue };
        for wanted in apk.depends.split_ascii_whitespace() {
            if wanted.starts_with('!') {
                continue;
            }
            let name = bare_name(wanted);
            if let Some(on) = real.get(name) {
                assembly.inventory.depend(id, *on, Scope::Runtime);
                continue;
            }
            // A path (`/bin/sh`) is provided by whichever package has it.
            for on in providers.get(name).into_iter().flatten() {
                assembly.inventory.depend(id, *on, Scope::Runtime);
            }
        }
    }
}

/// The name of `name>=1.2`, `name~3`, `name=1` or `name@repository`.
fn bare_name(text: &str) -> &str {
    let end = text.find(['<', '>', '=', '~', '@']).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

/// The files that must be there: all but missing ones of the configuration, which belong to the
/// administrator as soon as they are installed.
fn claimed_files(files: &str, tree: &dyn FileTree) -> String {
    let mut claimed = String::with_capacity(files.len());
    let mut folder = "";
    for line in files.lines() {
        if line.starts_with('/') {
            folder = line;
        } else if folder.starts_with("/etc/")
            && !claim_path(folder, line).is_some_and(|path| tree.exists(&path))
        {
            continue;
        }
        claimed.push_str(line);
        claimed.push('\n');
    }
    claimed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_digests() {
        assert_eq!(
            checksum("Q1NWqQb1dM1oAxuQYaPbJsDMh90Lg=")
                .unwrap()
                .hex()
                .len(),
            40
        );
        assert_eq!(checksum("Q1abc"), None);
        assert_eq!(checksum("é"), None);
    }

    #[test]
    fn dependencies_lose_their_versions() {
        assert_eq!(bare_name("so:libssl.so.3=3.0"), "so:libssl.so.3");
        assert_eq!(bare_name("busybox>=1.36~r1"), "busybox");
        assert_eq!(bare_name("tool@edge"), "tool");
    }

    #[test]
    fn a_release_is_its_branch() {
        assert_eq!(minor_release("alpine", "3.20.1"), "alpine-3.20");
        assert_eq!(minor_release("wolfi", "20230201"), "wolfi-20230201");
        assert_eq!(minor_release("alpine", ""), "alpine");
    }
}
