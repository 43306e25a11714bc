//! What is attached to an image, read from a registry: what refers to a manifest, tags, manifests
//! and blobs.
//!
//! A tag is resolved once; everything after that is asked for by digest and compared with it.
//! Mirrors are asked first, as for the image itself: one that has nothing, or does not answer,
//! leaves the answer to the registry.

use std::collections::BTreeMap;
use std::sync::Arc;

use linchpin_model::{Digest, DigestAlgorithm};
use linchpin_trust::{
    AttachmentStore, Descriptor, INDEX, InvalidAttachment, MANIFEST, MAX_ATTACHED_DOCUMENT_BYTES,
    MOST_ATTACHED, Tagged,
};
use serde::Deserialize;
use ureq::http::HeaderMap;
use ureq::http::header::{CONTENT_TYPE, LINK};

use super::asked::Asked;
use super::fetched::{Fetched, check, digest_of, fetch};
use super::session::{Access, Session};
use super::{ImageReference, MANIFESTS, RegistryError, RegistrySettings, sessions};

/// Most bytes of a manifest or a list.
pub(super) const MOST_BYTES: u64 = MAX_ATTACHED_DOCUMENT_BYTES as u64;
/// Most pages of a list.
const MOST_PAGES: usize = 100;

/// An image in a registry, and what is attached to it.
#[derive(Debug, Clone)]
pub struct ImageRepository {
    reference: ImageReference,
    places: Vec<Arc<Session>>,
}

impl ImageRepository {
    /// The repository of this image. Nothing is fetched yet. Mirrors are only for reading, and only
    /// where nothing is signed by what they say.
    pub fn new(
        reference: &ImageReference,
        settings: &RegistrySettings,
        access: Access,
    ) -> Result<Self, RegistryError> {
        let (_, mut places) = sessions(reference, settings, access)?;
        if access != Access::Read {
            places = places.pop().into_iter().collect();
        }
        Ok(Self {
            reference: reference.clone(),
            places,
        })
    }

    /// The name of the image.
    pub fn reference(&self) -> &ImageReference {
        &self.reference
    }

    /// What the image's name leads to now: a manifest, or an index of images for platforms.
    pub fn resolve(&self) -> Result<Descriptor, RegistryError> {
        self.described(None)
    }

    /// What the manifest or index with this digest is, and how large.
    pub fn describe(&self, digest: &Digest) -> Result<Descriptor, RegistryError> {
        self.described(Some(digest))
    }

    fn described(&self, wanted: Option<&Digest>) -> Result<Descriptor, RegistryError> {
        let described = self.ask_places(|session| {
            let wanted = wanted.or(session.reference().digest());
            let version = wanted.map_or_else(|| session.reference().version(), ToString::to_string);
            let path = format!("manifests/{version}");
            let fetched = fetch(session, Asked::get(&path, MANIFESTS), MOST_BYTES)?;
            let digest = match wanted {
                Some(digest) => {
                    check(&fetched.content, digest, session)?;
                    digest.clone()
                }
                None => digest_of(&fetched.content, DigestAlgorithm::Sha256)?,
            };
            let media_type = media_type(&fetched).ok_or_else(|| RegistryError::NoManifest {
                registry: session.registry(),
                what: format!("`{version}` of `{}`", session.reference().repository()),
            })?;
            Ok(Some(Descriptor {
                media_type,
                digest,
                size: fetched.content.len() as u64,
                artifact_type: None,
                annotations: BTreeMap::new(),
            }))
        })?;
        described.ok_or_else(|| RegistryError::NotFound {
            registry: self.reference.registry().to_owned(),
            what: "place to fetch it from".to_owned(),
        })
    }

    /// The registry itself.
    pub(super) fn home(&self) -> Result<&Session, RegistryError> {
        let home = self.places.last().map(Arc::as_ref);
        home.ok_or_else(|| RegistryError::NotFound {
            registry: self.reference.registry().to_owned(),
            what: "place to write to".to_owned(),
        })
    }

    /// Asks one place after another until one has something. What the last one says, which is the
    /// registry itself, is the answer.
    fn ask_places<T>(
        &self,
        ask: impl Fn(&Session) -> Result<Option<T>, RegistryError>,
    ) -> Result<Option<T>, RegistryError> {
        let mut answer = Ok(None);
        for session in &self.places {
            answer = ask(session);
            if matches!(answer, Ok(Some(_))) {
                break;
            }
        }
        answer
    }
}

impl AttachmentStore for ImageRepository {
    type Error = RegistryError;

    fn referrers(&self, subject: &Digest) -> Result<Option<Vec<Descriptor>>, RegistryError> {
        self.ask_places(|session| {
            // A list without anything in it does not hide that of the next place.
            referrers(session, subject).map(|list| list.filter(|list| !list.is_empty()))
        })
    }

    fn tagged(&self, tag: &str) -> Result<Option<Tagged>, RegistryError> {
        self.ask_places(|session| tagged(session, tag))
    }

    fn manifest(&self, digest: &Digest) -> Result<Vec<u8>, RegistryError> {
        let path = format!("manifests/{digest}");
        self.by_digest(digest, Asked::get(&path, MANIFESTS), MOST_BYTES)
    }

    fn blob(&self, digest: &Digest, most: u64) -> Result<Vec<u8>, RegistryError> {
        let path = format!("blobs/{digest}");
        self.by_digest(digest, Asked::get(&path, "*/*"), most)
            .map_err(|error| match error {
                RegistryError::WrongDigest { registry, found } => {
                    RegistryError::WrongBlob { registry, found }
                }
                error => error,
            })
    }
}

impl ImageRepository {
    fn by_digest(
        &self,
        digest: &Digest,
        asked: Asked<'_>,
        most: u64,
    ) -> Result<Vec<u8>, RegistryError> {
        let found = self.ask_places(|session| {
            let fetched = fetch(session, asked, most)?;
            check(&fetched.content, digest, session)?;
            Ok(Some(fetched.content))
        })?;
        found.ok_or_else(|| RegistryError::NotFound {
            registry: self.reference.registry().to_owned(),
            what: digest.to_string(),
        })
    }
}

/// What a tag leads to.
pub(super) fn tagged(session: &Session, tag: &str) -> Result<Option<Tagged>, RegistryError> {
    let path = format!("manifests/{tag}");
    match fetch(session, Asked::get(&path, MANIFESTS), MOST_BYTES) {
        Ok(Fetched { content, .. }) => Ok(Some(Tagged {
            digest: digest_of(&content, DigestAlgorithm::Sha256)?,
            content,
        })),
        Err(RegistryError::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// What refers to a manifest, page by page. Nothing if the registry does not know such lists.
fn referrers(
    session: &Session,
    subject: &Digest,
) -> Result<Option<Vec<Descriptor>>, RegistryError> {
    let path = format!("referrers/{subject}");
    let asked = Asked::get(&path, INDEX);
    let mut page = match fetch(session, asked, MOST_BYTES) {
        Ok(page) => page,
        // 404 is what the specification says; others say that they do not know such requests.
        Err(
            RegistryError::NotFound { .. }
            | RegistryError::Status {
                status: 405 | 501, ..
            },
        ) => return Ok(None),
        Err(error) => return Err(error),
    };
    let damaged = |source| RegistryError::Attached {
        registry: session.registry(),
        source,
    };
    let mut all = Vec::new();
    for _ in 0..MOST_PAGES {
        all.extend(Descriptor::read_list(&page.content).map_err(damaged)?);
        if all.len() > MOST_ATTACHED {
            break;
        }
        let Some(next) = next_page(&page.headers) else {
            return Ok(Some(all));
        };
        let next = session.led_to(&page.location, next)?;
        if !next.has_origin_of(&page.location) {
            return Err(RegistryError::Redirected {
                registry: session.registry(),
                whither: "to another server for the rest of a list",
            });
        }
        let asked = Asked {
            at: Some(&next),
            ..asked
        };
        page = fetch(session, asked, MOST_BYTES)?;
    }
    Err(damaged(InvalidAttachment::TooMany(MOST_ATTACHED)))
}

/// Where the list goes on: `Link: </v2/…>; rel="next"`, RFC 8288.
fn next_page(headers: &HeaderMap) -> Option<&str> {
    let links = headers.get_all(LINK).iter();
    links
        .filter_map(|link| link.to_str().ok())
        .find_map(next_in)
}

/// The target of a header `Link`, if it is that of the next page.
pub(crate) fn next_in(link: &str) -> Option<&str> {
    let (target, parameters) = link.trim_start().strip_prefix('<')?.split_once('>')?;
    let is_next = parameters.split([';', ',']).any(|parameter| {
        parameter.split_once('=').is_some_and(|(name, value)| {
            name.trim().eq_ignore_ascii_case("rel")
                && value.trim().trim_matches('"').eq_ignore_ascii_case("next")
        })
    });
    is_next.then_some(target)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AnyManifest {
    media_type: Option<String>,
    manifests: Option<serde::de::IgnoredAny>,
    layers: Option<serde::de::IgnoredAny>,
}

/// The type of a manifest or index: as it was served, else as it says itself, else as it looks.
fn media_type(fetched: &Fetched) -> Option<String> {
    let said: AnyManifest = serde_json::from_slice(&fetched.content).ok()?;
    let looks_like = match (&said.manifests, &said.layers) {
        (Some(_), None) => INDEX,
        (None, Some(_)) => MANIFEST,
        _ => return None,
    };
    let served = fetched
        .headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .map(|value| value.trim().to_ascii_lowercase());
    let known = |kind: &String| MANIFESTS.split(", ").any(|accepted| accepted == kind);
    served
        .filter(known)
        .or(said.media_type.filter(known))
        .or_else(|| Some(looks_like.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::next_in;

    #[test]
    fn only_the_link_to_the_next_page_is_followed() {
        for (link, next) in [
            (r#"</v2/x?n=1>; rel="next""#, Some("/v2/x?n=1")),
            (
                " <https://a.example/v2/x>;rel=next",
                Some("https://a.example/v2/x"),
            ),
            (r#"</x>; title="a"; REL="Next""#, Some("/x")),
            (r#"</x>; rel="prev""#, None),
            ("</x>", None),
            ("/x; rel=next", None),
            ("", None),
            ("<", None),
        ] {
            assert_eq!(next_in(link), next, "{link}");
        }
    }
}
