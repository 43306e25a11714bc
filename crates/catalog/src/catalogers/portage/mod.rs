//! Portage's database of installed packages, of Gentoo and its descendants: a folder per package
//! with a file per variable:
//! <https://dev.gentoo.org/~zmedico/portage/doc/man/portage.5.html>, `var/db/pkg`.
//!
//! Conditions on USE flags were settled when the package was built, so what is left in `RDEPEND` is
//! needed. Of alternatives (`|| ( a b )`) those that are installed are edges; blockers are none.
//! Build dependencies are no edges: they need not be installed any more.

mod license;

use std::collections::{BTreeMap, HashMap};

use linchpin_model::{
    CatalogerId, Distribution, LayerIndex, OccurrenceKind, Package, PackageId, PackageUrl, Scope,
    TargetPath,
};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};

pub(super) static CATALOGER: Portage = Portage;

pub(super) struct Portage;

impl Cataloger for Portage {
    /// The content of one variable's file.
    type Fragment = Box<str>;
    const ID: CatalogerId = CatalogerId("portage");
    const DOCUMENTATION: &'static str = "Reads Portage's database (`var/db/pkg/*/*/`): installed packages with licence, \
        slot, repository and the packages that they need when they run. `CONTENTS` tells which files belong to a \
        package and which of them were deleted behind its back. Leaves out what was only needed to build.";
    const WANTS: &'static [Pattern] = &[Pattern::Glob(
        "var/db/pkg/*/*/{CONTENTS,SLOT,LICENSE,RDEPEND,PDEPEND,DESCRIPTION,repository}",
    )];

    fn read(entry: &Entry<'_>) -> Parsed<Box<str>> {
        Parsed::clean(String::from_utf8_lossy(entry.content).into())
    }

    fn assemble(fragments: Vec<Located<Box<str>>>, assembly: &mut Assembly<'_>) {
        let mut folders: BTreeMap<TargetPath, Folder> = BTreeMap::new();
        for Located { path, layer, value } in fragments {
            let folder = folders.entry(path.parent()).or_default();
            folder.layer = folder.layer.max(layer);
            folder.files.insert(path.name().to_owned(), value);
        }
        let mut installed: HashMap<String, Vec<(String, PackageId)>> = HashMap::new();
        let mut packages = Vec::new();
        for (path, folder) in &folders {
            let Some((name, slot, id)) = folder.add(path, assembly) else {
                continue;
            };
            installed.entry(name).or_default().push((slot, id));
            packages.push((folder, id));
        }
        for (folder, id) in packages {
            for variable in ["RDEPEND", "PDEPEND"] {
                let words = folder.text(variable).split_ascii_whitespace();
                for (name, slot) in words.filter_map(atom) {
                    let found = installed.get(name).map_or(&[][..], Vec::as_slice);
                    let has_slot = |(installed, _): &&(String, PackageId)| {
                        slot.is_none_or(|slot| slot == installed)
                    };
                    for (_, on) in found.iter().filter(has_slot).take(MOST_SLOTS) {
                        assembly.inventory.depend(id, *on, Scope::Runtime);
                    }
                }
            }
            let files = contents(folder.text("CONTENTS"));
            if !files.is_empty() {
                assembly.claim_files(id, files.into());
            }
        }
    }
}

/// Most installed slots of one package that a dependency is about: a bound for hostile input.
const MOST_SLOTS: usize = 16;

#[derive(Default)]
struct Folder {
    layer: Option<LayerIndex>,
    files: HashMap<String, Box<str>>,
}

impl Folder {
    fn text(&self, variable: &str) -> &str {
        self.files.get(variable).map_or("", |text| text.trim())
    }

    /// Adds the package of a folder; its name with the category, its slot and its id.
    fn add(
        &self,
        path: &TargetPath,
        assembly: &mut Assembly<'_>,
    ) -> Option<(String, String, PackageId)> {
        // While a package is being installed its folder has another name: `-MERGING-x-1`.
        let folder = path.name();
        if folder.starts_with('-') {
            return None;
        }
        let file = path.join("CONTENTS");
        let located = Located {
            path: if self.files.contains_key("CONTENTS") {
                file
            } else {
                path.clone()
            },
            layer: self.layer,
            value: (),
        };
        let Some((name, version)) = name_and_version(folder) else {
            let text = format!("`{folder}` has no version");
            assembly.inventory.note(located.note(text));
            return None;
        };
        let parent = path.parent();
        let category = parent.name();
        let slot = self.text("SLOT").split('/').next().unwrap_or_default();
        let repository = self.text("repository");
        let distribution = assembly.inventory.distribution();
        let distro = distribution.map(Distribution::purl_distro);
        let purl = PackageUrl::with_qualifiers(
            "ebuild",
            Some(category),
            name,
            Some(version),
            &[
                ("distro", distro.as_deref().unwrap_or_default()),
                ("repository", repository),
                ("slot", if slot == "0" { "" } else { slot }),
            ],
        );
        let purl = match purl {
            Ok(purl) => purl,
            Err(error) => {
                assembly.inventory.note(located.note(error.to_string()));
                return None;
            }
        };
        let occurrence = located.occurrence(OccurrenceKind::Installed, Portage::ID);
        let mut package = Package::new(purl, occurrence);
        package.license = license::from_variable(self.text("LICENSE"));
        package.description =
            Some(self.text("DESCRIPTION").to_owned()).filter(|text| !text.is_empty());
        let id = assembly.inventory.add(package);
        Some((format!("{category}/{name}"), slot.to_owned(), id))
    }
}

/// `openssl-3.0.13-r2`: the version starts at the first number after a dash that only a version
/// can follow.
fn name_and_version(folder: &str) -> Option<(&str, &str)> {
    let without_revision = match folder.rsplit_once("-r") {
        Some((rest, revision))
            if !revision.is_empty() && revision.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            rest
        }
        _ => folder,
    };
    let (name, version) = without_revision.rsplit_once('-')?;
    let starts_with_digit = version.starts_with(|first: char| first.is_ascii_digit());
    (!name.is_empty() && starts_with_digit)
        .then(|| folder.get(name.len() + 1..))
        .flatten()
        .map(|version| (name, version))
}

/// The package and slot of `>=dev-libs/openssl-1.1:0/1.1=[static-libs]`.
fn atom(word: &str) -> Option<(&str, Option<&str>)> {
    if word.starts_with('!') || !word.contains('/') {
        return None;
    }
    let has_version = word.starts_with(['<', '>', '=', '~']);
    let rest = word.trim_start_matches(['<', '>', '=', '~']);
    let rest = rest.split('[').next()?;
    let (rest, slot) = match rest.split_once(':') {
        Some((rest, slot)) => {
            let end = slot.find(['/', '=', '*', ':']).unwrap_or(slot.len());
            (rest, slot.get(..end).filter(|slot| !slot.is_empty()))
        }
        None => (rest, None),
    };
    if !has_version {
        return Some((rest, slot));
    }
    let (category, folder) = rest.split_once('/')?;
    let (name, _) = name_and_version(folder.trim_end_matches('*'))?;
    Some((rest.get(..category.len() + 1 + name.len())?, slot))
}

/// The files of `CONTENTS`: `obj <path> <digest> <time>`, `sym <path> -> <target> <time>`, and
/// folders, which are left out.
fn contents(text: &str) -> String {
    let mut files = String::new();
    for line in text.lines() {
        let path = if let Some(rest) = line.strip_prefix("obj ") {
            let mut parts = rest.rsplitn(3, ' ').skip(2);
            parts.next()
        } else if let Some(rest) = line.strip_prefix("sym ") {
            rest.split_once(" -> ").map(|(path, _)| path)
        } else {
            None
        };
        // Configuration belongs to the administrator.
        if let Some(path) = path.filter(|path| path.starts_with('/') && !path.starts_with("/etc/"))
        {
            files.push_str(path);
            files.push('\n');
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_end_before_their_version() {
        assert_eq!(
            name_and_version("openssl-3.0.13-r2"),
            Some(("openssl", "3.0.13-r2"))
        );
        assert_eq!(name_and_version("gtk+-2.24.33"), Some(("gtk+", "2.24.33")));
        assert_eq!(name_and_version("font-9-1.0"), Some(("font-9", "1.0")));
        assert_eq!(name_and_version("nothing"), None);
        assert_eq!(name_and_version("x-r1"), None);
    }

    #[test]
    fn atoms_are_taken_apart() {
        assert_eq!(
            atom(">=dev-libs/openssl-1.1.1-r1:0/1.1=[static-libs(-)]"),
            Some(("dev-libs/openssl", Some("0")))
        );
        assert_eq!(atom("=sys-libs/zlib-1.2*"), Some(("sys-libs/zlib", None)));
        assert_eq!(atom("app-shells/bash:="), Some(("app-shells/bash", None)));
        assert_eq!(atom("!!<sys-apps/x-1"), None);
        assert_eq!(atom("||"), None);
        assert_eq!(atom("=a/"), None);
    }

    #[test]
    fn contents_name_files_and_links() {
        assert_eq!(
            contents(
                "dir /usr\nobj /usr/bin/a b 0123 1700000000\nsym /usr/bin/c -> a b 1700000000\nobj short\n"
            ),
            "/usr/bin/a b\n/usr/bin/c\n"
        );
    }
}
