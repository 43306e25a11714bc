//! Images from a registry: nothing is stored, a layer is read while it comes in.
//!
//! `reference.rs` reads names, `registries_conf.rs` says where they lead, `session.rs` talks to a
//! repository with the help of `authorization.rs` and `agents.rs`, `body.rs` reads blobs.
//! `repository.rs` reads and `attaching.rs` writes what is attached to an image. Pushing images,
//! and lists of tags, are not here.

mod agents;
mod asked;
mod attaching;
mod authorization;
mod body;
mod challenge;
mod fetched;
mod location;
mod patience;
mod reference;
mod registries_conf;
mod registry_error;
mod repository;
mod session;
mod trust;

pub use attaching::ListedBy;
pub(crate) use challenge::Challenge;
pub(crate) use location::{Location, escaped, is_loopback};
pub use patience::Patience;
pub(crate) use reference::is_authority;
pub use reference::{ImageReference, InvalidReference};
pub use registries_conf::{InvalidMirror, Mirror, RegistriesConf};
pub use registry_error::RegistryError;
pub use repository::ImageRepository;
pub(crate) use repository::next_in;
pub use session::Access;
pub use trust::CertificateFiles;

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use linchpin_model::Digest;
use linchpin_source::{RemoteBlob, RemoteImage};

use agents::{Agents, Sent};
use asked::Asked;
use body::ResumingBody;
use fetched::{check, fetch};
use session::Session;

use crate::credentials::CredentialFiles;

/// The manifests and indexes that are understood, and one that is refused with a clear word.
const MANIFESTS: &str = "application/vnd.oci.image.index.v1+json, \
    application/vnd.oci.image.manifest.v1+json, \
    application/vnd.docker.distribution.manifest.list.v2+json, \
    application/vnd.docker.distribution.manifest.v2+json, \
    application/vnd.docker.distribution.manifest.v1+prettyjws;q=0.1";
/// Most addresses of a layer that are tried besides the registry's.
const MOST_URLS: usize = 4;

/// How registries are spoken to.
#[derive(Debug, Clone, Default)]
pub struct RegistrySettings {
    /// The version of the program, for the servers' logs.
    pub version: String,
    /// Whether any use of the network is an error.
    pub offline: bool,
    /// Where credentials are.
    pub credentials: CredentialFiles,
    /// Where names lead.
    pub registries: RegistriesConf,
    /// Mirrors that come before those.
    pub mirrors: Vec<Mirror>,
    /// Whom to trust.
    pub certificates: CertificateFiles,
    /// How long to wait.
    pub patience: Patience,
}

/// An image in a registry.
#[derive(Debug)]
pub struct RegistryImage {
    name: String,
    places: Vec<Arc<Session>>,
    /// The place that had the manifest.
    chosen: AtomicUsize,
    agents: Arc<Agents>,
    patience: Patience,
}

impl RegistryImage {
    /// The image of this name. Nothing is fetched yet.
    ///
    /// # Errors
    /// If the network is not to be used, or the settings forbid the registry.
    pub fn new(
        reference: &ImageReference,
        settings: &RegistrySettings,
    ) -> Result<Self, RegistryError> {
        let (agents, places) = sessions(reference, settings, Access::Read)?;
        Ok(Self {
            name: reference.to_string(),
            places,
            chosen: AtomicUsize::new(0),
            agents,
            patience: settings.patience,
        })
    }

    /// Asks one place after another, beginning with the one that had the manifest. What the last
    /// one says, which is the registry itself, is what the user is told.
    fn try_places<T>(
        &self,
        ask: impl Fn(&Arc<Session>) -> Result<T, RegistryError>,
    ) -> Result<(usize, T), RegistryError> {
        let first = self.chosen.load(Ordering::Relaxed);
        let mut others: Vec<usize> = (0..self.places.len())
            .filter(|place| *place != first)
            .collect();
        others.insert(0, first);
        let mut told = None;
        for place in others {
            let Some(session) = self.places.get(place) else {
                continue;
            };
            match ask(session) {
                Ok(value) => return Ok((place, value)),
                Err(error) if error.may_be_elsewhere() => {
                    if told.is_none() || place + 1 == self.places.len() {
                        told = Some(error);
                    }
                }
                Err(error) => return Err(error),
            }
        }
        Err(told.unwrap_or_else(|| RegistryError::NotFound {
            registry: self.name.clone(),
            what: "place to fetch it from".to_owned(),
        }))
    }

    /// A layer from where its manifest says that it can be had. No registry is told who we are.
    fn foreign(&self, blob: &RemoteBlob) -> Option<ResumingBody> {
        let urls = blob.urls.iter().take(MOST_URLS);
        for location in urls.filter_map(|url| Location::parse(url)) {
            if !location.is_encrypted() {
                continue;
            }
            let agents = Arc::clone(&self.agents);
            let ask = move |from: u64| fetch_foreign(&agents, &location, from);
            if let Ok(first) = ask(0) {
                return Some(ResumingBody::new(
                    first,
                    Box::new(ask),
                    blob.size,
                    self.patience,
                ));
            }
        }
        None
    }
}

impl RemoteImage for RegistryImage {
    fn name(&self) -> &str {
        &self.name
    }

    fn root(&self, most: u64) -> io::Result<Vec<u8>> {
        let (place, content) = self
            .try_places(|session| {
                let reference = session.reference();
                let content = document(session, &reference.version(), most)?;
                if let Some(digest) = reference.digest() {
                    check(&content, digest, session)?;
                }
                Ok(content)
            })
            .map_err(io::Error::other)?;
        self.chosen.store(place, Ordering::Relaxed);
        Ok(content)
    }

    fn manifest(&self, digest: &Digest, most: u64) -> io::Result<Vec<u8>> {
        self.try_places(|session| document(session, &digest.to_string(), most))
            .map(|(_, content)| content)
            .map_err(io::Error::other)
    }

    fn blob(&self, blob: &RemoteBlob) -> io::Result<Box<dyn Read + Send>> {
        let path = format!("blobs/{}", blob.digest);
        let ask = |session: &Session, from: u64| {
            session.get(Asked {
                from,
                ..Asked::get(&path, "*/*")
            })
        };
        match self.try_places(|session| ask(session, 0)) {
            Ok((place, first)) => {
                let session = Arc::clone(&self.places[place]);
                let path = path.clone();
                let again = move |from| {
                    session.get(Asked {
                        from,
                        ..Asked::get(&path, "*/*")
                    })
                };
                Ok(Box::new(ResumingBody::new(
                    first,
                    Box::new(again),
                    blob.size,
                    self.patience,
                )))
            }
            Err(error) => match self.foreign(blob) {
                Some(body) => Ok(Box::new(body)),
                None => Err(io::Error::other(error)),
            },
        }
    }
}

/// The places of an image, each with what is needed to talk to it.
fn sessions(
    reference: &ImageReference,
    settings: &RegistrySettings,
    access: Access,
) -> Result<(Arc<Agents>, Vec<Arc<Session>>), RegistryError> {
    if settings.offline {
        return Err(RegistryError::Offline {
            registry: reference.registry().to_owned(),
        });
    }
    let agents = Arc::new(Agents::new(
        &settings.version,
        settings.certificates.clone(),
        settings.patience,
    ));
    let places = settings
        .registries
        .places(reference, &settings.mirrors)?
        .into_iter()
        .map(|place| {
            let agents = Arc::clone(&agents);
            let credentials = settings.credentials.clone();
            let patience = settings.patience;
            Arc::new(Session::new(place, agents, credentials, access, patience))
        })
        .collect();
    Ok((agents, places))
}

/// The manifest or index of this tag or digest, which is not compared with anything yet.
fn document(session: &Session, version: &str, most: u64) -> Result<Vec<u8>, RegistryError> {
    let path = format!("manifests/{version}");
    fetch(session, Asked::get(&path, MANIFESTS), most).map(|fetched| fetched.content)
}

/// A layer from another server than the registry.
fn fetch_foreign(
    agents: &Agents,
    location: &Location,
    from: u64,
) -> Result<ureq::http::Response<ureq::Body>, RegistryError> {
    use ureq::http::HeaderValue;
    use ureq::http::header::{ACCEPT_ENCODING, LOCATION, RANGE};
    let registry = || location.authority().to_owned();
    let mut headers = vec![(ACCEPT_ENCODING, HeaderValue::from_static("identity"))];
    if from > 0
        && let Ok(range) = HeaderValue::from_str(&format!("bytes={from}-"))
    {
        headers.push((RANGE, range));
    }
    let sent = Sent {
        headers,
        ..Sent::default()
    };
    let mut here = location.clone();
    for _ in 0..=MOST_URLS {
        let answer = agents
            .send(&here, true, &sent)
            .map_err(|failed| match failed {
                agents::NoAnswer::Settings(error) => error,
                agents::NoAnswer::Broken(reason) => RegistryError::Unreachable {
                    registry: registry(),
                    reason,
                },
            })?;
        let status = answer.status();
        if status.is_success() {
            return Ok(answer);
        }
        let target = answer
            .headers()
            .get(LOCATION)
            .filter(|_| status.is_redirection())
            .and_then(|target| here.redirected(target.to_str().ok()?))
            .filter(Location::is_encrypted);
        match target {
            Some(target) => here = target,
            None => {
                return Err(RegistryError::Status {
                    registry: registry(),
                    status: status.as_u16(),
                    what: "a layer".to_owned(),
                });
            }
        }
    }
    Err(RegistryError::Redirected {
        registry: registry(),
        whither: "on and on",
    })
}
