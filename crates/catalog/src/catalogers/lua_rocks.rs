//! LuaRocks: rockspecs of installed rocks and of projects, and `luarocks.lock`.
//! <https://github.com/luarocks/luarocks/blob/main/docs/rockspec_format.md>.

use linchpin_model::{CatalogerId, Digest, DigestAlgorithm, OccurrenceKind, PackageUrl, Scope};
use linchpin_source::{Entry, Pattern};

use crate::addresses::public_address;
use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::documents::json::Loose;
use crate::documents::lua::read_assignments;
use crate::licenses::from_name;
use crate::lock_graph::{Lock, Need, Part, ProjectFile, Root, Wish, add_parts, assemble_projects};
use crate::package_roots::is_inside_package;
use crate::repository::Repository;

pub(super) static CATALOGER: LuaRocks = LuaRocks;

pub(super) struct LuaRocks;

/// What one file tells.
pub(super) enum Fragment {
    Project(ProjectFile),
    Installed(Part),
}

impl Cataloger for LuaRocks {
    type Fragment = Fragment;
    const ID: CatalogerId = CatalogerId("lua-rocks");
    const DOCUMENTATION: &'static str = "Reads rockspecs (`*.rockspec`) of installed rocks, with licence, maintainer, \
        source and edges, and those of projects; and `luarocks.lock`, which pins rocks without edges. Of a project's \
        rockspecs the last one in the order of names counts, unless one is for development (`scm`, `dev`).";
    const WANTS: &'static [Pattern] =
        &[Pattern::Name("luarocks.lock"), Pattern::Suffix(".rockspec")];

    fn read(entry: &Entry<'_>) -> Parsed<Fragment> {
        let text = String::from_utf8_lossy(entry.content);
        let document = match read_assignments(&text) {
            Ok(document) => document,
            Err(problem) => return Parsed::failed(problem),
        };
        if entry.path.name() == "luarocks.lock" {
            return Parsed::clean(Fragment::Project(ProjectFile::lock(
                entry,
                lock(&document, entry),
            )));
        }
        let Some(name) = document.text_of("package") else {
            return Parsed::failed("names no package in a way that can be read without running it");
        };
        let version = document.text_of("version");
        let url = package_url(name, version);
        // `lib/luarocks/rocks-5.4/<name>/<version>/<name>-<version>.rockspec`
        let is_installed = entry.path.parts().any(|part| {
            part == "rocks"
                || part
                    .strip_prefix("rocks-")
                    .is_some_and(|rest| rest.starts_with('5'))
        });
        let needs = [
            ("dependencies", Scope::Runtime),
            ("build_dependencies", Scope::Build),
            ("test_dependencies", Scope::Development),
        ];
        let needs = needs.iter().flat_map(|(field, scope)| {
            let texts = document.texts_of(field).into_iter();
            texts
                .filter_map(dependency)
                .map(|(name, range)| (name, range, *scope))
        });
        let described = document.get("description");
        let of = |field: &str| described.and_then(|found| found.text_of(field));
        if !is_installed {
            if is_inside_package(entry.path) {
                return Parsed::not_mine();
            }
            let root = Root {
                url,
                license: of("license").and_then(from_name),
                supplier: of("maintainer").map(str::to_owned),
                description: of("summary").map(str::to_owned),
            };
            let wishes = needs.filter_map(|(name, range, scope)| {
                let exact = range.strip_prefix("==").map(str::trim);
                Some(Wish::new(
                    name.to_ascii_lowercase(),
                    package_url(name, exact)?,
                    scope,
                ))
            });
            let file = ProjectFile::manifest(entry, root, wishes.collect());
            return Parsed::clean(Fragment::Project(file));
        }
        let Some(url) = url else {
            return Parsed::failed("names no package");
        };
        let kind = OccurrenceKind::Installed;
        let mut part = Part::new(name.to_ascii_lowercase(), url, entry, kind, Self::ID);
        part.needs = needs
            .filter(|(_, _, scope)| *scope == Scope::Runtime)
            .map(|(name, _, scope)| Need::of(name.to_ascii_lowercase(), scope))
            .collect();
        part.package.license = of("license").and_then(from_name);
        part.package.supplier = of("maintainer").map(str::to_owned);
        part.package.description = of("summary").map(str::to_owned);
        let source = document.get("source");
        let md5 = source.and_then(|source| source.text_of("md5"));
        let md5 = md5.and_then(|hex| Digest::from_hex(DigestAlgorithm::Md5, hex).ok());
        part.package.hashes.extend(md5);
        part.package.download = source.and_then(|source| {
            let address = source.text_of("url")?;
            let revision = source.text_of("tag").or_else(|| source.text_of("branch"));
            if address.starts_with("git") {
                return Some(Repository::parse(address)?.location(revision));
            }
            public_address(address)
        });
        Parsed::clean(Fragment::Installed(part))
    }

    fn assemble(fragments: Vec<Located<Fragment>>, assembly: &mut Assembly<'_>) {
        let mut projects: Vec<Located<ProjectFile>> = Vec::new();
        let mut installed = Vec::new();
        for Located { path, layer, value } in fragments {
            match value {
                Fragment::Installed(part) => installed.push(part),
                Fragment::Project(value) => {
                    // A project keeps the rockspecs of its releases; the newest one counts.
                    let is_spec = |name: &str| name.ends_with(".rockspec");
                    let is_other = |last: &Located<ProjectFile>| {
                        last.value.folder == value.folder
                            && is_spec(last.path.name())
                            && is_spec(path.name())
                            && stem(last.path.name()) == stem(path.name())
                    };
                    if projects.last().is_some_and(is_other) {
                        projects.pop();
                    }
                    projects.push(Located { path, layer, value });
                }
            }
        }
        add_parts(installed, &[], assembly);
        assemble_projects(projects, Self::ID, assembly);
    }
}

/// The name in `name-version-revision.rockspec`.
fn stem(file: &str) -> &str {
    let name = file.rsplit_once('-').map_or(file, |(name, _)| name);
    name.rsplit_once('-').map_or(name, |(name, _)| name)
}

/// Names are in lower case; `owner/name` is a rock of a user's own list.
fn package_url(name: &str, version: Option<&str>) -> Option<PackageUrl> {
    let name = name.to_ascii_lowercase();
    let (owner, name) = match name.split_once('/') {
        Some((owner, name)) => (Some(owner), name),
        None => (None, name.as_str()),
    };
    PackageUrl::new("luarocks", owner, name, version).ok()
}

/// The name and range of `lpeg >= 1.0`. Lua itself is no rock.
fn dependency(text: &str) -> Option<(&str, &str)> {
    let text = text.trim();
    let end = text
        .find(|c: char| c.is_whitespace() || "<>=~!".contains(c))
        .unwrap_or(text.len());
    let (name, range) = text.split_at(end);
    (name != "lua" && !name.is_empty()).then_some((name, range.trim()))
}

fn lock(document: &Loose<'_>, entry: &Entry<'_>) -> Lock {
    let mut lock = Lock::default();
    for (field, scope) in [
        ("dependencies", Scope::Runtime),
        ("build_dependencies", Scope::Build),
        ("test_dependencies", Scope::Development),
    ] {
        for (name, version) in document.members_of(field) {
            if name == "lua" {
                continue;
            }
            if let Some(url) = package_url(name, version.text()) {
                let kind = OccurrenceKind::Locked;
                let key = name.to_ascii_lowercase();
                let mut part = Part::new(key, url, entry, kind, LuaRocks::ID);
                part.scope = Some(scope);
                lock.parts.push(part);
            }
        }
    }
    lock
}
