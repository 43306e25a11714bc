//! Programs and libraries for Windows that say in their version resource of which product they are.
//!
//! Many files are one product: all of them are occurrences of one package. Nothing is guessed from
//! the name of a file, and an assembly of .NET is not taken for the NuGet package of that name: only
//! a dependency manifest or the package itself says so.

mod version_resource;

use std::collections::HashSet;

use linchpin_model::{CatalogerId, OccurrenceKind, PackageUrl, TargetPath};
use linchpin_source::{Entry, Pattern};

use self::version_resource::VersionResource;
use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed, Stage};
use crate::package_roots::is_inside_package;
use crate::program_bytes::ProgramBytes;
use crate::programs::Recognised;

pub(super) static CATALOGER: WindowsPrograms = WindowsPrograms;

pub(super) struct WindowsPrograms;

/// The key with which every version resource begins, `VS_VERSION_INFO` in 16-bit characters.
const KEY: &[u8] = b"V\0S\0_\0V\0E\0R\0S\0I\0O\0N\0_\0I\0N\0F\0O\0";

/// Names that templates of developers' tools put in, and that nobody filled in.
const TEMPLATES: &[&str] = &["todo", "product name", "<product name>", "application"];

impl Cataloger for WindowsPrograms {
    type Fragment = VersionResource;
    const ID: CatalogerId = CatalogerId("windows-programs");
    const DOCUMENTATION: &'static str = "Reads the version resource of programs and libraries for Windows (`.exe`, `.dll`): the \
        product with its version, as a `generic` package with all its files. Leaves out what others say more of: files of \
        Windows itself, of packages of the operating system, of npm, Python and NuGet, and the assemblies of a .NET \
        application that has a dependency manifest. Files that name no product or no version are left to the note on \
        unknown programs.";
    const WANTS: &'static [Pattern] = &[Pattern::ExecutableContaining(&[KEY])];
    // What NuGet and dependency manifests know must be there.
    const STAGE: Stage = Stage::Installed;

    fn read(entry: &Entry<'_>) -> Parsed<VersionResource> {
        if !entry.content.starts_with(b"MZ") || is_inside_package(entry.path) {
            return Parsed::not_mine();
        }
        let program = ProgramBytes::of(entry);
        match (version_resource::read(program.data()), program.problem()) {
            (Some(resource), _) => Parsed::clean(resource),
            (None, Some(problem)) => Parsed::failed(problem),
            (None, None) => Parsed::not_mine(),
        }
    }

    fn assemble(fragments: Vec<Located<VersionResource>>, assembly: &mut Assembly<'_>) {
        let known = KnownFolders::new(assembly);
        let mut left_to_others: HashSet<TargetPath> = HashSet::new();
        for fragment in fragments {
            let resource = &fragment.value;
            if is_of_windows(resource) || known.cover(&fragment.path, resource) {
                left_to_others.insert(fragment.path);
                continue;
            }
            let (Some(product), Some(version)) = (product(resource), version(resource)) else {
                continue;
            };
            let purl = match PackageUrl::new("generic", None, &product, Some(&version)) {
                Ok(purl) => purl,
                Err(error) => {
                    assembly.inventory.note(fragment.note(error.to_string()));
                    continue;
                }
            };
            let occurrence = fragment.occurrence(OccurrenceKind::Embedded, Self::ID);
            assembly.programs.recognised.push(Recognised {
                purl,
                occurrence,
                license: None,
                supplier: fragment.value.company,
                description: "named by the version resource of its files".to_owned(),
            });
        }
        let seen = &mut assembly.programs.seen;
        seen.retain(|(path, _)| !left_to_others.contains(path));
    }
}

/// Whether a file is a part of Windows itself, which the release and its updates stand for.
fn is_of_windows(resource: &VersionResource) -> bool {
    let product = resource.product.as_deref().unwrap_or_default();
    product.contains("Windows") && product.contains("Operating System")
}

/// Folders of which others say what lies in them.
struct KnownFolders {
    /// Those of NuGet packages.
    packages: HashSet<String>,
    /// Those of .NET applications with a dependency manifest.
    applications: HashSet<String>,
}

impl KnownFolders {
    fn new(assembly: &Assembly<'_>) -> Self {
        let mut packages = HashSet::new();
        let mut applications = HashSet::new();
        let occurrences = assembly.inventory.packages().iter();
        for occurrence in occurrences.flat_map(|package| &package.occurrences) {
            let folder = occurrence.path.parent_str();
            match occurrence.path.name() {
                name if name.ends_with(".nuspec") => packages.insert(folder.to_owned()),
                name if name.ends_with(".deps.json") => applications.insert(folder.to_owned()),
                _ => false,
            };
        }
        Self {
            packages,
            applications,
        }
    }

    /// Whether a file is a part of what is known: of a manifest's application every assembly, and what
    /// the runtime brings with it. Other programs in its folder came there in another way.
    fn cover(&self, path: &TargetPath, resource: &VersionResource) -> bool {
        let product = resource.product.as_deref().unwrap_or_default();
        let is_of_runtime = product.starts_with("Microsoft") && product.contains(".NET");
        let mut folder = path.parent();
        loop {
            if self.packages.contains(folder.as_str())
                || ((resource.is_managed || is_of_runtime)
                    && self.applications.contains(folder.as_str()))
            {
                return true;
            }
            if folder.is_root() {
                return false;
            }
            folder = folder.parent();
        }
    }
}

/// The product's name, without the signs of trademarks.
fn product(resource: &VersionResource) -> Option<String> {
    let written = resource.product.as_deref()?;
    let mut name = written.replace(['®', '™', '©'], "");
    for sign in ["(R)", "(r)", "(TM)", "(tm)"] {
        name = name.replace(sign, "");
    }
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let lower = name.to_lowercase();
    let is_template = TEMPLATES.contains(&lower.as_str()) || lower.starts_with("todo:");
    (!is_template && name.chars().any(char::is_alphanumeric)).then_some(name)
}

/// The product's version: as written, in numbers, or that of the file.
fn version(resource: &VersionResource) -> Option<String> {
    let written = resource.product_version.as_deref().and_then(plain_version);
    let of_file = || resource.file_version.as_deref().and_then(plain_version);
    written
        .or_else(|| resource.numbers.clone())
        .or_else(of_file)
}

/// `8.0.1` of `8.0.1+5535e31a712343a63f5d7d796cd874e563e5ac14`, `1.0.0.1` of `1, 0, 0, 1`, and
/// `10.0.1` of `10.0.1 (release)`. Nothing of all zeros, which stand for no version.
fn plain_version(text: &str) -> Option<String> {
    let text = text.replace(", ", ".").replace(',', ".");
    let version = text.split_whitespace().next()?;
    let version = version.split('+').next()?;
    let version = version.strip_prefix(['v', 'V']).unwrap_or(version);
    let is_version = version.starts_with(|first: char| first.is_ascii_digit())
        && version.contains(|next: char| matches!(next, '1'..='9'))
        && version
            .chars()
            .all(|next| next.is_ascii_alphanumeric() || matches!(next, '.' | '-' | '_' | '~'));
    is_version.then(|| version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_taken_as_products_write_them() {
        for (written, version) in [
            ("13.0.1+ae9fe44e1323e91bcbd185ca1a14099fba7c021f", "13.0.1"),
            ("1, 0, 0, 1", "1.0.0.1"),
            ("1,2,3", "1.2.3"),
            ("v2.1-rc.1", "2.1-rc.1"),
            ("8.0.23.53103 @Commit: 5535e31a", "8.0.23.53103"),
        ] {
            assert_eq!(
                plain_version(written).as_deref(),
                Some(version),
                "{written}"
            );
        }
        for written in ["", "0.0.0.0", "release", "$(Version)"] {
            assert_eq!(plain_version(written), None, "{written}");
        }
    }

    #[test]
    fn products_are_named_without_signs_and_templates_are_none() {
        let named = |name: &str| {
            product(&VersionResource {
                product: Some(name.to_owned()),
                ..VersionResource::default()
            })
        };
        assert_eq!(named("Microsoft® .NET").as_deref(), Some("Microsoft .NET"));
        assert_eq!(named("Shop(TM) Server").as_deref(), Some("Shop Server"));
        assert_eq!(named("TODO: <Product name>"), None);
        assert_eq!(named("®"), None);
    }
}
