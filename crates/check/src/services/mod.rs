//! Which services and endpoints outside a project depends on: by the packages that talk to them, the
//! hosts that its files name, and the variables that hold their settings.
//!
//! The services are data (`services/<category>.yaml`). Hosts that nobody knows are endpoints by
//! themselves. Documentation, tests and what others wrote do not count, and what is a secret is never
//! shown: of a variable its name, of an address its host.

mod catalogue;
mod comments;
mod finder;
mod hosts;

use std::collections::{BTreeMap, BTreeSet};
use std::panic::AssertUnwindSafe;
use std::sync::{Mutex, PoisonError};

use linchpin_model::{
    Inventory, LayerIndex, Note, NoteKind, OccurrenceKind, Package, Role, Routes, Scope, TargetPath,
};
use linchpin_source::{Entry, LeftOut, Pattern, Reader, ReaderIndex, Visited, Visitor};

use crate::of_others::ROOT_FOLDERS_OF_OTHERS;
use finder::{Finder, Shown, Sign};

pub use catalogue::{DATA_KINDS, InvalidService, Service, embedded};

/// Largest part of a file that is looked at, in bytes.
const MOST_READ: u32 = 2 << 20;

/// Most signs of one service or endpoint that are kept.
const MOST_EVIDENCE: usize = 500;

/// Most endpoints that are kept.
const MOST_ENDPOINTS: usize = 5000;

/// Files of others, documentation, tests, and files in which nothing runs.
const LEFT_OUT: LeftOut = LeftOut {
    folders: &[
        ".cache",
        ".git",
        ".hg",
        ".idea",
        ".next",
        ".nuxt",
        ".svn",
        ".terraform",
        ".tox",
        ".venv",
        ".yarn",
        "ISSUE_TEMPLATE",
        "__fixtures__",
        "__mocks__",
        "__pycache__",
        "__snapshots__",
        "__tests__",
        "bower_components",
        "coverage",
        "dist-packages",
        "doc",
        "docs",
        "documentation",
        "e2e",
        "example",
        "examples",
        "fixtures",
        "i18n",
        "locale",
        "locales",
        "mocks",
        "node_modules",
        "samples",
        "site-packages",
        "spec",
        "specs",
        "target",
        "test",
        "test-data",
        "testdata",
        "testing",
        "tests",
        "third_party",
        "thirdparty",
        "translations",
        "vendor",
        "venv",
    ],
    root_folders: ROOT_FOLDERS_OF_OTHERS,
    endings: &[
        "7z",
        "a",
        "adoc",
        "apk",
        "avif",
        "bib",
        "bin",
        "bmp",
        "bz2",
        "class",
        "crate",
        "crt",
        "csv",
        "deb",
        "diff",
        "dll",
        "dtd",
        "dylib",
        "ear",
        "eot",
        "exe",
        "flac",
        "gem",
        "gif",
        "gz",
        "har",
        "heic",
        "ico",
        "ipynb",
        "iso",
        "jar",
        "jpeg",
        "jpg",
        "list",
        "lock",
        "log",
        "lz4",
        "map",
        "markdown",
        "md",
        "mdx",
        "mkv",
        "mo",
        "mov",
        "mp3",
        "mp4",
        "nupkg",
        "o",
        "ogg",
        "onnx",
        "org",
        "otf",
        "owl",
        "parquet",
        "patch",
        "pdf",
        "pem",
        "png",
        "po",
        "pot",
        "pyc",
        "pyo",
        "qcow2",
        "rdf",
        "rlib",
        "rmeta",
        "rpm",
        "rst",
        "safetensors",
        "snap",
        "so",
        "sum",
        "svg",
        "tar",
        "tex",
        "tgz",
        "tif",
        "tiff",
        "tsv",
        "ttf",
        "ttl",
        "txt",
        "war",
        "wasm",
        "wav",
        "webm",
        "webp",
        "whl",
        "woff",
        "woff2",
        "wsdl",
        "xsd",
        "xsl",
        "xz",
        "zip",
        "zst",
    ],
    names: &[
        "AUTHORS",
        "CHANGELOG",
        "CHANGES",
        "CITATION.cff",
        "CODEOWNERS",
        "COPYING",
        "Cargo.toml",
        "LICENSE",
        "License",
        "METADATA",
        "license",
        "licence",
        "NEWS",
        "NOTICE",
        "PKG-INFO",
        "README",
        "angular.json",
        "bower.json",
        "composer.json",
        "deno.json",
        "go.mod",
        "lerna.json",
        "mkdocs.yml",
        "nx.json",
        "package-lock.json",
        "package.json",
        "pnpm-lock.yaml",
        "pom.xml",
        "pyproject.toml",
        "renovate.json",
        "setup.cfg",
        "setup.py",
        "tsconfig.json",
        "turbo.json",
    ],
    most: MOST_READ,
};

static WANTS: &[Pattern] = &[Pattern::TextsBut(&LEFT_OUT)];

/// How it shows that a service is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EvidenceKind {
    /// A package that talks to it.
    Package,
    /// A host of it.
    Host,
    /// A variable that holds a setting.
    Variable,
    /// A variable that holds a secret.
    Credential,
}

impl EvidenceKind {
    /// The word in our formats.
    pub fn label(self) -> &'static str {
        match self {
            Self::Package => "package",
            Self::Host => "host",
            Self::Variable => "variable",
            Self::Credential => "credential",
        }
    }
}

/// A place that shows that a service is used.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Evidence {
    /// How.
    pub kind: EvidenceKind,
    /// The package, the host or the variable.
    pub what: String,
    /// The file.
    pub path: TargetPath,
    /// The line, where the file is a text.
    pub line: Option<u32>,
    /// Its layer.
    pub layer: Option<LayerIndex>,
}

/// What a service is used with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Use {
    /// The places, in the order of their kinds and files.
    pub evidence: BTreeSet<Evidence>,
    /// How many there are, beyond those that are kept too.
    pub count: usize,
    /// Addresses without their paths: `https://api.stripe.com`.
    pub endpoints: BTreeSet<String>,
    /// Whether only packages show it that the project itself does not ask for.
    pub is_indirect: bool,
}

/// What a project depends on.
#[derive(Debug, Default)]
pub struct ServicesInUse {
    /// The services that are known.
    pub services: Vec<(&'static Service, Use)>,
    /// Hosts that nobody knows.
    pub endpoints: Vec<(String, Use)>,
    /// What could not be kept.
    pub notes: Vec<Note>,
}

/// Reads the files of a target for services.
#[derive(Debug)]
pub struct Services {
    known: &'static [Service],
    finder: Finder,
    collected: Mutex<Vec<Seen>>,
}

/// What one file shows.
#[derive(Debug)]
struct Seen {
    path: TargetPath,
    layer: Option<LayerIndex>,
    signs: Vec<Sign>,
}

impl Default for Services {
    fn default() -> Self {
        let services = embedded();
        Self {
            known: services,
            finder: Finder::new(services),
            collected: Mutex::default(),
        }
    }
}

impl Reader for Services {
    fn wants(&self) -> Vec<&'static [Pattern]> {
        vec![WANTS]
    }
}

impl Visitor for Services {
    fn visit(&self, entry: &Entry<'_>, _: &[ReaderIndex]) {
        self.look(entry.path, entry.layer, entry.content);
    }
}

impl Services {
    /// Takes what a file shows.
    pub fn look(&self, path: &TargetPath, layer: Option<LayerIndex>, bytes: &[u8]) {
        let name = path.name();
        if is_test(name) || name.ends_with(".min.js") {
            return;
        }
        let Ok(text) = std::str::from_utf8(bytes) else {
            return;
        };
        // A mistake of ours in one file must not cost the user the rest.
        let signs = std::panic::catch_unwind(AssertUnwindSafe(|| self.finder.find(name, text)));
        let mut signs = signs.unwrap_or_default();
        if is_built(path) {
            // What is bundled there is of many authors, and names what they like.
            signs.retain(|sign| !matches!(sign.shown, Shown::Endpoint { .. }));
        }
        if signs.is_empty() {
            return;
        }
        let mut collected = self
            .collected
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        collected.push(Seen {
            path: path.clone(),
            layer,
            signs,
        });
    }
}

/// Files of tests, by the names that they have beside what they test.
fn is_test(name: &str) -> bool {
    [
        ".test.",
        ".spec.",
        ".stories.",
        ".mock.",
        "_test.",
        "_spec.",
    ]
    .iter()
    .any(|part| name.contains(part))
        || name.starts_with("test_")
        || name == "conftest.py"
}

/// What a build puts together, by its name or folder: `main.2f8a91c0.chunk.js`.
fn is_built(path: &TargetPath) -> bool {
    let name = path.name();
    let folders = ["build", "built", "bundle", "bundles", "vendors"];
    let is_digest = |part: &str| {
        part.len() >= 8
            && part.bytes().any(|byte| byte.is_ascii_digit())
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    [".bundle.", ".chunk.", ".entry.", ".min."]
        .iter()
        .any(|part| name.contains(part))
        || path
            .parent_str()
            .split('/')
            .any(|folder| folders.contains(&folder))
        || (["js", "mjs", "css"]
            .iter()
            .any(|ending| path.ending() == Some(*ending))
            && name.split(['.', '-']).skip(1).any(is_digest))
}

impl Services {
    /// What is used, once the target has been read. What only development needs counts if it is
    /// asked for.
    pub fn finish(
        self,
        inventory: &Inventory,
        visited: &Visited,
        include_development: bool,
    ) -> ServicesInUse {
        let mut collected = self
            .collected
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        collected.sort_by(|left, right| (&left.path, left.layer).cmp(&(&right.path, right.layer)));
        let mut known: BTreeMap<usize, Use> = BTreeMap::new();
        let mut endpoints: BTreeMap<String, Use> = BTreeMap::new();
        let mut left_out = 0_usize;
        for Seen { path, layer, signs } in collected {
            // What a later layer hides does not run.
            if layer.is_some() && !visited.tree.exists(&path) {
                continue;
            }
            for Sign { line, shown } in signs {
                let evidence = |kind, what: String| Evidence {
                    kind,
                    what,
                    path: path.clone(),
                    line: Some(line),
                    layer,
                };
                match shown {
                    Shown::Host {
                        service,
                        scheme,
                        host,
                    } => {
                        let used = known.entry(service).or_default();
                        let scheme = scheme.unwrap_or_else(|| "https".to_owned());
                        used.endpoints.insert(format!("{scheme}://{host}"));
                        used.add(evidence(EvidenceKind::Host, host));
                    }
                    Shown::Variable { service, name } => {
                        let kind = if is_credential(&name) {
                            EvidenceKind::Credential
                        } else {
                            EvidenceKind::Variable
                        };
                        known.entry(service).or_default().add(evidence(kind, name));
                    }
                    Shown::Endpoint { scheme, host } => {
                        if endpoints.len() >= MOST_ENDPOINTS && !endpoints.contains_key(&host) {
                            left_out += 1;
                            continue;
                        }
                        let used = endpoints.entry(host.clone()).or_default();
                        used.endpoints.insert(format!("{scheme}://{host}"));
                        used.add(evidence(EvidenceKind::Host, host));
                    }
                }
            }
        }
        add_packages(self.known, inventory, include_development, &mut known);
        let mut notes = Vec::new();
        if left_out > 0 {
            let text =
                format!("only the first {MOST_ENDPOINTS} endpoints that nobody knows are listed");
            notes.push(Note::general(NoteKind::Unread, text));
        }
        ServicesInUse {
            services: known
                .into_iter()
                .filter_map(|(place, used)| Some((self.known.get(place)?, used)))
                .collect(),
            endpoints: endpoints.into_iter().collect(),
            notes,
        }
    }
}

impl Use {
    fn add(&mut self, evidence: Evidence) {
        self.count += 1;
        if self.evidence.len() < MOST_EVIDENCE {
            self.evidence.insert(evidence);
        }
    }

    /// The variables that hold secrets.
    pub fn credentials(&self) -> BTreeSet<&str> {
        self.evidence
            .iter()
            .filter(|evidence| evidence.kind == EvidenceKind::Credential)
            .map(|evidence| evidence.what.as_str())
            .collect()
    }
}

/// Whether a variable holds a secret, by its name.
fn is_credential(name: &str) -> bool {
    [
        "APIKEY",
        "AUTH",
        "CONNECTION_STRING",
        "CREDENTIAL",
        "DSN",
        "KEY",
        "PASS",
        "PRIVATE",
        "SECRET",
        "TOKEN",
        "WEBHOOK",
    ]
    .iter()
    .any(|part| name.contains(part))
        && !["KEY_ID", "PUBLIC", "PUBLISHABLE"]
            .iter()
            .any(|part| name.contains(part))
}

/// Packages by their type and name. Names with a `*` are tried one after another.
struct Packages<'s> {
    exact: BTreeMap<(&'s str, &'s str), usize>,
    globs: Vec<(&'s str, &'s str, &'s str, usize)>,
}

impl<'s> Packages<'s> {
    fn new(services: &'s [Service]) -> Self {
        let mut packages = Self {
            exact: BTreeMap::new(),
            globs: Vec::new(),
        };
        for (place, service) in services.iter().enumerate() {
            for (kind, name) in &service.packages {
                match name.split_once('*') {
                    Some((start, end)) => packages.globs.push((kind, start, end, place)),
                    None => drop(packages.exact.insert((kind, name), place)),
                }
            }
        }
        // The longer beginning is the more exact.
        packages.globs.sort_by_key(|(_, start, end, place)| {
            (std::cmp::Reverse(start.len() + end.len()), *place)
        });
        packages
    }

    fn service_of(&self, package: &Package) -> Option<usize> {
        let kind = package.purl.kind();
        let name = package.purl.full_name().to_lowercase();
        self.exact.get(&(kind, name.as_str())).copied().or_else(|| {
            let glob = self.globs.iter().find(|(of, start, end, _)| {
                *of == kind
                    && name.len() >= start.len() + end.len()
                    && name.starts_with(start)
                    && name.ends_with(end)
            });
            glob.map(|(_, _, _, place)| *place)
        })
    }
}

/// Adds what packages show. Of a service that the project's own requirements show, those further down
/// say nothing more.
fn add_packages(
    services: &[Service],
    inventory: &Inventory,
    include_development: bool,
    known: &mut BTreeMap<usize, Use>,
) {
    let packages = Packages::new(services);
    let routes = Routes::new(inventory);
    let mut shown: BTreeMap<usize, (Vec<Evidence>, Vec<Evidence>)> = BTreeMap::new();
    for (id, package) in inventory.iter() {
        if package.role == Role::Application
            || (package.scope == Scope::Development && !include_development)
        {
            continue;
        }
        let Some(service) = packages.service_of(package) else {
            continue;
        };
        let foremost = package.occurrences.iter().min_by_key(|occurrence| {
            (
                occurrence.kind != OccurrenceKind::Declared,
                occurrence.kind != OccurrenceKind::Locked,
            )
        });
        let Some(occurrence) = foremost else {
            continue;
        };
        let evidence = Evidence {
            kind: EvidenceKind::Package,
            what: match package.version() {
                Some(version) => format!("{} {version}", package.name()),
                None => package.name(),
            },
            path: occurrence.path.clone(),
            line: None,
            layer: occurrence.layer,
        };
        let is_indirect = routes.direct_dependency(id).is_some() && !routes.is_direct(id);
        let (direct, indirect) = shown.entry(service).or_default();
        if is_indirect { indirect } else { direct }.push(evidence);
    }
    for (service, (direct, indirect)) in shown {
        let used = known.entry(service).or_default();
        used.is_indirect = direct.is_empty() && used.evidence.is_empty();
        let evidence = if direct.is_empty() { indirect } else { direct };
        for one in evidence {
            used.add(one);
        }
    }
}
