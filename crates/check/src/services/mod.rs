//! Which services and endpoints outside a project depends on: by the packages that talk to them, the
//! hosts that its files name, and the variables that hold their settings.
//!
//! The services are data (`services/<category>.yaml`). Hosts that nobody knows are endpoints by
//! themselves. Documentation, tests and what others wrote do not count, and what is a secret is never
//! shown: of a variable its name, of an address its host.

mod around;
mod catalogue;
mod comments;
mod files;
mod finder;
mod hosts;
mod packages;
mod uses;

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Mutex, PoisonError};

use linchpin_model::{Inventory, LayerIndex, Note, NoteKind, TargetPath};
use linchpin_source::{Entry, Pattern, Reader, ReaderIndex, Visited, Visitor};

pub use catalogue::{DATA_KINDS, InvalidService, Service, embedded};
use files::{WANTS, is_built, is_test};
use finder::{Finder, Shown, Sign};
use packages::add_packages;
use uses::is_credential;
pub use uses::{Evidence, EvidenceKind, Use};

/// Most endpoints that are kept.
const MOST_ENDPOINTS: usize = 5000;

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
