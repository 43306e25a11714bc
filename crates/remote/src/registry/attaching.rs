//! Attaching something to an image in a registry: its blobs, its manifest, and where the registry
//! keeps no lists itself, the list at a tag.
//!
//! <https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-manifests-with-subject>.
//! The list at a tag has no lock: two that write at once take each other's entry out of it. So it
//! is read again after it was written, and written again if the entry is gone.

use linchpin_model::Digest;
use linchpin_trust::{
    EMPTY_CONFIGURATION, INDEX, MANIFEST, Tagged, WrittenAttachment, fallback_tag,
};
use ureq::http::HeaderName;
use ureq::http::header::LOCATION;

use super::RegistryError;
use super::asked::{Asked, How};
use super::repository::{ImageRepository, tagged};
use super::session::{Answered, Session};

/// How often the list at a tag is written before we give up.
const MOST_WRITES: u32 = 8;
/// How often the upload of a blob is begun.
const MOST_UPLOADS: u32 = 2;
/// By which a registry says that it has seen what a manifest is attached to.
const SUBJECT: HeaderName = HeaderName::from_static("oci-subject");

/// Who lists what was attached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListedBy {
    /// The registry itself.
    Registry,
    /// The list at this tag.
    Tag(String),
}

impl ImageRepository {
    /// Attaches a bundle to a manifest of this repository.
    pub fn attach(
        &self,
        subject: &Digest,
        attachment: &WrittenAttachment,
    ) -> Result<ListedBy, RegistryError> {
        let session = self.home()?;
        upload(
            session,
            &attachment.configuration_digest,
            EMPTY_CONFIGURATION,
        )?;
        upload(session, &attachment.bundle_digest, &attachment.bundle)?;
        let name = attachment.manifest_digest.to_string();
        let stored = put_manifest(session, &name, MANIFEST, &attachment.manifest)?;
        let seen = stored.answer.headers().get(SUBJECT);
        if seen.is_some_and(|seen| seen.as_bytes() == subject.to_string().as_bytes()) {
            return Ok(ListedBy::Registry);
        }
        list_at_tag(session, subject, attachment)
    }
}

/// Sees that the list at the tag of a manifest has an entry for what was attached.
fn list_at_tag(
    session: &Session,
    subject: &Digest,
    attachment: &WrittenAttachment,
) -> Result<ListedBy, RegistryError> {
    let tag = fallback_tag(subject);
    for writes in 0..=MOST_WRITES {
        let list = tagged(session, &tag)?.map(|Tagged { content, .. }| content);
        let added =
            attachment
                .added_to(list.as_deref())
                .map_err(|source| RegistryError::Attached {
                    registry: session.registry(),
                    source,
                })?;
        let Some(list) = added else {
            return Ok(ListedBy::Tag(tag));
        };
        if writes == MOST_WRITES {
            break;
        }
        if writes > 0 {
            // Somebody else is writing, too.
            std::thread::sleep(session.patience().pause_after(writes));
        }
        put_manifest(session, &tag, INDEX, &list)?;
    }
    Err(RegistryError::Contended {
        registry: session.registry(),
        tag,
    })
}

fn put_manifest(
    session: &Session,
    name: &str,
    kind: &'static str,
    content: &[u8],
) -> Result<Answered, RegistryError> {
    let path = format!("manifests/{name}");
    session.ask(Asked::to(How::Put(kind, content), &path))
}

/// Stores a blob, unless it is there.
fn upload(session: &Session, digest: &Digest, content: &[u8]) -> Result<(), RegistryError> {
    let path = format!("blobs/{digest}");
    match session.ask(Asked::to(How::Head, &path)) {
        Ok(_) => return Ok(()),
        Err(RegistryError::NotFound { .. }) => {}
        Err(error) => return Err(error),
    }
    let mut uploads = 1;
    loop {
        match upload_once(session, digest, content) {
            // The room for it may be gone after a connection broke.
            Err(RegistryError::NotFound { .. }) if uploads < MOST_UPLOADS => uploads += 1,
            other => return other,
        }
    }
}

fn upload_once(session: &Session, digest: &Digest, content: &[u8]) -> Result<(), RegistryError> {
    let begun = session.ask(Asked::to(How::Begin, "blobs/uploads/"))?;
    let target = begun
        .answer
        .headers()
        .get(LOCATION)
        .and_then(|target| target.to_str().ok())
        .ok_or_else(|| RegistryError::Redirected {
            registry: session.registry(),
            whither: "nowhere with a blob that it would take in",
        })?;
    let room = session
        .led_to(&begun.location, target)?
        .with_query(&[("digest", &digest.to_string())]);
    let path = format!("blobs/{digest}");
    let put = Asked {
        at: Some(&room),
        ..Asked::to(How::Put("application/octet-stream", content), &path)
    };
    session.ask(put).map(drop)
}
