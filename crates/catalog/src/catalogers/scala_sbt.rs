//! Scala projects built by sbt: the literal dependencies of `*.sbt` and of `project/*.scala`, and the
//! lockfile of the plugin sbt-dependency-lock.
//! <https://www.scala-sbt.org/1.x/docs/Library-Dependencies.html>.
//!
//! A build file is a program in Scala. `"group" %% "name" % "version"` is read where all three are
//! texts, or the version is a value that the same file sets to one. `%%` puts Scala's own version
//! behind the name.

use std::collections::{HashMap, HashSet};

use linchpin_model::{CatalogerId, Digest, OccurrenceKind, PackageUrl, Scope};
use linchpin_source::{Entry, Pattern};

use crate::assembly::Assembly;
use crate::cataloger::{Cataloger, Located, Parsed};
use crate::documents::code::{C_LIKE, Piece, all_lists, read_code};
use crate::documents::json::{Loose, read_loose};
use crate::lock_graph::{Lock, Part, ProjectFile, Root, Tells, Wish, assemble_nested_projects};
use crate::maven::{exact_version, package_url};
use crate::package_roots::is_inside_package;

pub(super) static CATALOGER: ScalaSbt = ScalaSbt;

pub(super) struct ScalaSbt;

impl Cataloger for ScalaSbt {
    type Fragment = ScalaFile;
    const ID: CatalogerId = CatalogerId("scala-sbt");
    const DOCUMENTATION: &'static str = "Reads the literal dependencies of sbt's build files (`*.sbt`, \
        `project/*.scala`), plugins as for the build and those for tests as for development, and `build.sbt.lock`. Names \
        get the suffix of the Scala version that the build sets; without one the name has none, and is noted.";
    const WANTS: &'static [Pattern] = &[
        Pattern::Name("build.sbt.lock"),
        Pattern::Suffix(".sbt"),
        Pattern::Glob("**/project/*.scala"),
    ];

    fn read(entry: &Entry<'_>) -> Parsed<ScalaFile> {
        if is_inside_package(entry.path) {
            return Parsed::not_mine();
        }
        let text = String::from_utf8_lossy(entry.content);
        if entry.path.name() == "build.sbt.lock" {
            return match read_loose(&text) {
                Ok(document) => Parsed::clean(ScalaFile::Lock(lock(&document, entry))),
                Err(problem) => Parsed::failed(problem),
            };
        }
        match read_code(&text, &C_LIKE) {
            Ok(pieces) => {
                let build = build(&pieces);
                if build.is_empty() {
                    return Parsed::not_mine();
                }
                Parsed::clean(ScalaFile::Build(build))
            }
            Err(problem) => Parsed::failed(problem),
        }
    }

    fn assemble(fragments: Vec<Located<ScalaFile>>, assembly: &mut Assembly<'_>) {
        let mut builds: std::collections::BTreeMap<_, Vec<Located<Build>>> =
            std::collections::BTreeMap::new();
        let mut files = Vec::new();
        for Located { path, layer, value } in fragments {
            match value {
                ScalaFile::Lock(lock) => {
                    let folder = path.parent();
                    let tells = Tells::Lock(lock);
                    let value = ProjectFile { folder, tells };
                    files.push(Located { path, layer, value });
                }
                ScalaFile::Build(value) => {
                    // What is in `project` is of the project around it.
                    let mut folder = path.parent();
                    if folder.name() == "project" {
                        folder = folder.parent();
                    }
                    builds
                        .entry(folder)
                        .or_default()
                        .push(Located { path, layer, value });
                }
            }
        }
        for (folder, builds) in builds {
            let scala = builds.iter().find_map(|build| build.value.scala.clone());
            let group = builds
                .iter()
                .find_map(|build| build.value.organization.clone());
            let name = builds.iter().find_map(|build| build.value.name.clone());
            let version = builds.iter().find_map(|build| build.value.version.clone());
            let url = name.and_then(|name| {
                let group = group.unwrap_or_else(|| name.clone());
                package_url(&group, &name, version.as_deref(), None, None)
            });
            let suffix = scala.as_deref().map(binary_version);
            let mut is_first = true;
            for Located { path, layer, value } in builds {
                let wishes = value
                    .wishes
                    .iter()
                    .filter_map(|wanted| wanted.wish(suffix.as_deref()));
                let wishes: Vec<Wish> = wishes.collect();
                if suffix.is_none() && value.wishes.iter().any(|wanted| wanted.is_of_scala) {
                    assembly.inventory.note(linchpin_model::Note::at(
                        linchpin_model::NoteKind::Unmatched,
                        &path,
                        layer,
                        "the version of Scala is not set by a literal, so that names of its artifacts lack it",
                    ));
                }
                if wishes.is_empty() && !is_first {
                    continue;
                }
                is_first = false;
                let root = Root {
                    url: url.clone(),
                    ..Root::default()
                };
                let folder = folder.clone();
                let tells = Tells::Manifest(root, wishes);
                let value = ProjectFile { folder, tells };
                files.push(Located { path, layer, value });
            }
        }
        assemble_nested_projects(files, Self::ID, assembly);
    }
}

/// What one file tells.
pub(super) enum ScalaFile {
    Build(Build),
    Lock(Lock),
}

/// What a build file says.
#[derive(Debug, Default)]
pub(super) struct Build {
    name: Option<String>,
    organization: Option<String>,
    version: Option<String>,
    scala: Option<String>,
    wishes: Vec<Wanted>,
}

impl Build {
    fn is_empty(&self) -> bool {
        self.wishes.is_empty() && self.name.is_none() && self.scala.is_none()
    }
}

#[derive(Debug)]
struct Wanted {
    group: String,
    name: String,
    version: Option<String>,
    /// Whether Scala's version is a part of the name.
    is_of_scala: bool,
    /// A plugin of sbt: Scala's version and sbt's.
    is_plugin: bool,
    scope: Scope,
}

impl Wanted {
    fn wish(&self, suffix: Option<&str>) -> Option<Wish> {
        let name = match suffix {
            // Plugins of sbt 1 are built with Scala 2.12.
            _ if self.is_plugin => format!("{}_2.12_1.0", self.name),
            Some(suffix) if self.is_of_scala => format!("{}_{suffix}", self.name),
            _ => self.name.clone(),
        };
        let version = self.version.as_deref().and_then(exact_version);
        let url: PackageUrl = package_url(&self.group, &name, version, None, None)?;
        Some(Wish::new(format!("{}:{name}", self.group), url, self.scope))
    }
}

/// What is put behind names: `2.13` of `2.13.12`, and `3` of `3.3.1`.
fn binary_version(version: &str) -> String {
    let mut parts = version.split('.');
    match (parts.next(), parts.next()) {
        (Some("2"), Some(minor)) => format!("2.{minor}"),
        (Some(major), _) => major.to_owned(),
        (None, _) => version.to_owned(),
    }
}

fn build(pieces: &[Piece<'_>]) -> Build {
    let mut build = Build::default();
    let mut values: HashMap<&str, &str> = HashMap::new();
    let lists = all_lists(pieces);
    for window in lists.iter().flat_map(|list| list.windows(4)) {
        match window {
            [
                Piece::Word("val"),
                Piece::Word(name),
                equals,
                Piece::Text(text),
            ] if equals.is('=') => {
                values.insert(name, text);
            }
            [Piece::Word(name), colon, equals, Piece::Text(text)]
                if colon.is(':') && equals.is('=') =>
            {
                let place = match *name {
                    "name" => &mut build.name,
                    "organization" => &mut build.organization,
                    "version" => &mut build.version,
                    "scalaVersion" => &mut build.scala,
                    _ => continue,
                };
                place.get_or_insert_with(|| text.to_string());
            }
            [
                Piece::Word("scalaVersion"),
                colon,
                equals,
                Piece::Word(value),
            ] if colon.is(':') && equals.is('=') => {
                if let Some(text) = values.get(value) {
                    build.scala.get_or_insert_with(|| (*text).to_owned());
                }
            }
            _ => {}
        }
    }
    let plugins = plugins(pieces);
    for list in &lists {
        // Where the dependency before ended: its own parts are not the start of another.
        let mut end = 0;
        for (at, piece) in list.iter().enumerate() {
            let Piece::Text(group) = piece else {
                continue;
            };
            if at < end {
                continue;
            }
            let rest = list.get(at + 1..).unwrap_or_default();
            let percents = rest.iter().take_while(|piece| piece.is('%')).count();
            let Some(Piece::Text(name)) =
                rest.get(percents).filter(|_| (1..=3).contains(&percents))
            else {
                continue;
            };
            let (Some(sign), Some(version)) = (rest.get(percents + 1), rest.get(percents + 2))
            else {
                continue;
            };
            if !sign.is('%') {
                continue;
            }
            let version = match version {
                Piece::Text(text) => Some(text.as_ref()),
                Piece::Word(name) => values.get(name).copied(),
                _ => None,
            };
            let tail = rest.get(percents + 3..).unwrap_or_default();
            // `% Test`, `% "test"`, `% "provided,test"`.
            let configuration = match tail {
                [sign, given, ..] if sign.is('%') => given.word_or_text().unwrap_or_default(),
                _ => "",
            };
            end = at + percents + if configuration.is_empty() { 4 } else { 6 };
            let before = at.checked_sub(1).and_then(|at| list.get(at));
            build.wishes.push(Wanted {
                group: group.to_string(),
                name: name.to_string(),
                version: version.map(str::to_owned),
                is_of_scala: percents > 1,
                is_plugin: before.is_none() && plugins.contains(&(list.as_ptr() as usize)),
                scope: scope_of(configuration),
            });
        }
    }
    for wanted in build.wishes.iter_mut().filter(|wanted| wanted.is_plugin) {
        wanted.scope = Scope::Build;
    }
    build
}

/// The arguments of each `addSbtPlugin(…)`, told apart from other lists by their places in memory.
fn plugins(pieces: &[Piece<'_>]) -> HashSet<usize> {
    let calls = pieces.windows(2).filter_map(|window| match window {
        [Piece::Word("addSbtPlugin"), Piece::Group('(', inner)] => Some(inner.as_ptr() as usize),
        _ => None,
    });
    calls.collect()
}

fn scope_of(configuration: &str) -> Scope {
    let first = configuration
        .split([',', ';', '-'])
        .next()
        .unwrap_or_default();
    match first.trim().to_ascii_lowercase().as_str() {
        "test" | "it" | "integrationtest" => Scope::Development,
        "provided" => Scope::Peer,
        "optional" => Scope::Optional,
        _ => Scope::Runtime,
    }
}

fn lock(document: &Loose<'_>, entry: &Entry<'_>) -> Lock {
    let mut lock = Lock::default();
    for module in document
        .get("dependencies")
        .map(Loose::items)
        .unwrap_or_default()
    {
        let (Some(group), Some(name)) = (module.text_of("org"), module.text_of("name")) else {
            continue;
        };
        let Some(url) = package_url(group, name, module.text_of("version"), None, None) else {
            continue;
        };
        let kind = OccurrenceKind::Locked;
        let mut part = Part::new(format!("{group}:{name}"), url, entry, kind, ScalaSbt::ID);
        let configurations = module.texts_of("configurations");
        part.scope = configurations.into_iter().map(scope_of).min();
        let artifacts = module
            .get("artifacts")
            .map(Loose::items)
            .unwrap_or_default();
        for artifact in artifacts {
            let digest: Option<Digest> =
                artifact.text_of("hash").and_then(|hash| hash.parse().ok());
            part.package.hashes.extend(digest);
        }
        lock.parts.push(part);
    }
    lock
}
