//! The look through what is attached: lists first, then manifests, then what they consist of, each
//! counted, so that nobody can attach so much that a look does not end.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use linchpin_model::Digest;

use super::{
    Attached, AttachedContent, AttachedKind, AttachedManifest, AttachmentStore, Descriptor,
    MOST_ATTACHED, NoBundle, NotListed, Tagged, fallback_tag, old_cosign,
};
use crate::{Bundle, MAX_BUNDLE_BYTES, Statement};

/// The most bytes of attached things that one look reads.
const MOST_BYTES: u64 = 512 << 20;
/// The most things that are listed and can not be had before the store is given up.
const MOST_MISSING: usize = 20;
/// The largest payload of "simple signing"; real ones have some hundred bytes.
const MOST_SIMPLE_BYTES: u64 = 1 << 20;

/// What the types of bundles begin with, whichever version they have.
const BUNDLE: &str = "application/vnd.dev.sigstore.bundle";
const IN_TOTO: &str = crate::IN_TOTO;
const ENVELOPE: &str = "application/vnd.dsse.envelope.v1+json";
const SIMPLE_SIGNING: &str = "application/vnd.dev.cosign.simplesigning.v1+json";
/// What cosign attached by referrers before it had bundles.
const OLD_REFERRERS: [&str; 2] = [
    "application/vnd.dev.cosign.artifact.sig.v1+json",
    "application/vnd.dev.cosign.artifact.att.v1+json",
];

/// Looks through all that is attached to an image, until the visitor has enough.
pub fn visit_attached<S: AttachmentStore>(
    store: &S,
    image: &Digest,
    visitor: &mut dyn FnMut(Attached<S::Error>) -> ControlFlow<()>,
) -> Result<(), NotListed<S::Error>> {
    let mut visit = Visit {
        store,
        image,
        visitor,
        seen: 0,
        missing: 0,
        bytes: 0,
    };
    match visit.all() {
        Ok(()) | Err(Stop::Enough) => Ok(()),
        Err(Stop::Failed(error)) => Err(error),
    }
}

/// Why no more is looked at.
enum Stop<E> {
    Enough,
    Failed(NotListed<E>),
}

struct Visit<'a, S: AttachmentStore> {
    store: &'a S,
    image: &'a Digest,
    visitor: &'a mut dyn FnMut(Attached<S::Error>) -> ControlFlow<()>,
    seen: usize,
    missing: usize,
    bytes: u64,
}

impl<S: AttachmentStore> Visit<'_, S> {
    fn all(&mut self) -> Result<(), Stop<S::Error>> {
        let listed = self.listed()?;
        let tag = fallback_tag(self.image);
        let of_kind = |kind| move |listed: &&Listed| listed.kind == Some(kind);
        for listed in listed.iter().filter(of_kind(AttachedKind::Bundle)) {
            self.manifest_of(listed)?;
        }
        for (ending, kind) in [
            ("sig", AttachedKind::OldSignature),
            ("att", AttachedKind::OldStatement),
        ] {
            for listed in listed.iter().filter(of_kind(kind)) {
                self.manifest_of(listed)?;
            }
            if let Some(Tagged { digest, content }) = self.tagged(&format!("{tag}.{ending}"))? {
                let known = listed
                    .iter()
                    .any(|listed| listed.descriptor.digest == digest);
                if !known {
                    self.layers_of(kind, &digest, &content, content.len() as u64)?;
                }
            }
        }
        for listed in listed.iter().filter(of_kind(AttachedKind::InToto)) {
            self.manifest_of(listed)?;
        }
        for listed in &listed {
            if matches!(listed.kind, Some(AttachedKind::Other) | None) {
                self.manifest_of(listed)?;
            }
        }
        if let Some(Tagged { digest, content }) = self.tagged(&format!("{tag}.sbom"))? {
            self.layers_of(AttachedKind::Other, &digest, &content, content.len() as u64)?;
        }
        Ok(())
    }

    /// What is listed, by the store itself and at the tag beside it, each once.
    fn listed(&self) -> Result<Vec<Listed>, Stop<S::Error>> {
        let failed = |error| Stop::Failed(NotListed::Store(error));
        let mut all = self
            .store
            .referrers(self.image)
            .map_err(failed)?
            .unwrap_or_default();
        let tag = fallback_tag(self.image);
        if let Some(Tagged { content, .. }) = self.tagged(&tag)? {
            let more = Descriptor::read_list(&content).map_err(|source| {
                Stop::Failed(NotListed::Damaged {
                    place: format!("the tag `{tag}`"),
                    source,
                })
            })?;
            all.extend(more);
        }
        let mut known = BTreeSet::new();
        all.retain(|descriptor| known.insert(descriptor.digest.clone()));
        if all.len() > MOST_ATTACHED {
            return Err(Stop::Failed(NotListed::TooMany));
        }
        Ok(all.into_iter().map(Listed::new).collect())
    }

    fn tagged(&self, tag: &str) -> Result<Option<Tagged>, Stop<S::Error>> {
        self.store
            .tagged(tag)
            .map_err(|error| Stop::Failed(NotListed::Store(error)))
    }

    /// Looks at a thing that is listed.
    fn manifest_of(&mut self, listed: &Listed) -> Result<(), Stop<S::Error>> {
        let Descriptor { digest, size, .. } = &listed.descriptor;
        let kind = listed.kind.unwrap_or(AttachedKind::Other);
        let artifact_type = listed.descriptor.artifact_type.clone().unwrap_or_default();
        let found = |content| Attached {
            kind,
            artifact_type: artifact_type.clone(),
            manifest: digest.clone(),
            layer: None,
            digest: digest.clone(),
            size: *size,
            content,
        };
        if listed.kind == Some(AttachedKind::Other) {
            return self.hand_out(found(AttachedContent::Other));
        }
        let content = match self.store.manifest(digest) {
            Ok(content) => content,
            Err(error) => return self.hand_out(found(AttachedContent::Unavailable(error))),
        };
        self.count(content.len() as u64)?;
        if content.len() as u64 != *size {
            return self.hand_out(found(AttachedContent::NoBundle(NoBundle::Size)));
        }
        self.layers_of(kind, digest, &content, *size)
    }

    /// Looks at what a manifest consists of.
    fn layers_of(
        &mut self,
        kind: AttachedKind,
        digest: &Digest,
        content: &[u8],
        size: u64,
    ) -> Result<(), Stop<S::Error>> {
        let whole = |kind, artifact_type: &str, content| Attached {
            kind,
            artifact_type: artifact_type.to_owned(),
            manifest: digest.clone(),
            layer: None,
            digest: digest.clone(),
            size,
            content,
        };
        let manifest = match AttachedManifest::read(content) {
            Ok(manifest) => manifest,
            // Whatever it is, it was not said to be a bundle.
            Err(_) if kind == AttachedKind::Other => {
                return self.hand_out(whole(kind, "", AttachedContent::Other));
            }
            Err(error) => {
                let none = AttachedContent::NoBundle(error.into());
                return self.hand_out(whole(kind, "", none));
            }
        };
        // Lists of old do not say what a thing is; then its manifest does.
        let kind = match kind {
            AttachedKind::Other => kind_of(&manifest.artifact_type),
            kind => kind,
        };
        let of_type = |content| whole(kind, &manifest.artifact_type, content);
        if kind == AttachedKind::Other {
            return self.hand_out(of_type(AttachedContent::Other));
        }
        let another = |subject: &&Digest| *subject != self.image;
        if let Some(subject) = manifest.subject.as_ref().filter(another) {
            let none = NoBundle::AnotherSubject(subject.clone());
            return self.hand_out(of_type(AttachedContent::NoBundle(none)));
        }
        let count = manifest.layers.len();
        if count == 0 || (kind == AttachedKind::Bundle && count != 1) {
            let none = NoBundle::Layers(count);
            return self.hand_out(of_type(AttachedContent::NoBundle(none)));
        }
        for (place, layer) in manifest.layers.iter().enumerate() {
            let content = self.layer(kind, layer)?;
            let artifact_type = match kind {
                AttachedKind::OldSignature | AttachedKind::OldStatement => &layer.media_type,
                _ => &manifest.artifact_type,
            };
            self.hand_out(Attached {
                kind,
                artifact_type: artifact_type.clone(),
                manifest: digest.clone(),
                layer: (count > 1).then_some(place),
                digest: layer.digest.clone(),
                size: layer.size,
                content,
            })?;
        }
        Ok(())
    }

    /// What a layer holds.
    fn layer(
        &mut self,
        kind: AttachedKind,
        layer: &Descriptor,
    ) -> Result<AttachedContent<S::Error>, Stop<S::Error>> {
        let is_simple = kind == AttachedKind::OldSignature;
        let most = if is_simple {
            MOST_SIMPLE_BYTES
        } else {
            MAX_BUNDLE_BYTES as u64
        };
        if layer.size > most {
            let too_large = NoBundle::TooLarge(layer.size);
            return Ok(AttachedContent::NoBundle(too_large));
        }
        self.count(layer.size)?;
        let bytes = match self.store.blob(&layer.digest, layer.size) {
            Ok(bytes) => bytes,
            Err(error) => return Ok(AttachedContent::Unavailable(error)),
        };
        if bytes.len() as u64 != layer.size {
            return Ok(AttachedContent::NoBundle(NoBundle::Size));
        }
        let read = match kind {
            AttachedKind::OldSignature if layer.media_type == SIMPLE_SIGNING => {
                old_cosign::signature(bytes, &layer.annotations)
            }
            AttachedKind::OldStatement if layer.media_type == ENVELOPE => {
                old_cosign::statement(&bytes, &layer.annotations)
            }
            AttachedKind::OldSignature | AttachedKind::OldStatement => {
                let unknown: String = layer.media_type.chars().take(100).collect();
                Err(NoBundle::OldForm(format!(
                    "its layer is of the type `{unknown}`"
                )))
            }
            AttachedKind::InToto => in_toto(&bytes, layer),
            AttachedKind::Bundle | AttachedKind::Other => {
                Bundle::read(&bytes).map_err(NoBundle::from)
            }
        };
        Ok(match read {
            Ok(bundle) => AttachedContent::Bundle(Box::new(bundle)),
            Err(none) => AttachedContent::NoBundle(none),
        })
    }

    fn count(&mut self, bytes: u64) -> Result<(), Stop<S::Error>> {
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > MOST_BYTES {
            return Err(Stop::Failed(NotListed::TooMuch));
        }
        Ok(())
    }

    fn hand_out(&mut self, attached: Attached<S::Error>) -> Result<(), Stop<S::Error>> {
        self.seen += 1;
        if self.seen > MOST_ATTACHED {
            return Err(Stop::Failed(NotListed::TooMany));
        }
        if matches!(attached.content, AttachedContent::Unavailable(_)) {
            self.missing += 1;
        }
        // A store that gives nothing of what it lists is out of order, and each try takes its time.
        if self.missing > MOST_MISSING
            && let AttachedContent::Unavailable(error) = attached.content
        {
            return Err(Stop::Failed(NotListed::Store(error)));
        }
        match (self.visitor)(attached) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(Stop::Enough),
        }
    }
}

/// A thing that is listed, and what it is; nothing if the list does not say that.
struct Listed {
    descriptor: Descriptor,
    kind: Option<AttachedKind>,
}

impl Listed {
    fn new(descriptor: Descriptor) -> Self {
        Self {
            kind: descriptor.artifact_type.as_deref().map(kind_of),
            descriptor,
        }
    }
}

fn kind_of(artifact_type: &str) -> AttachedKind {
    match artifact_type {
        bundle if bundle.starts_with(BUNDLE) => AttachedKind::Bundle,
        IN_TOTO => AttachedKind::InToto,
        old if old == OLD_REFERRERS[0] => AttachedKind::OldSignature,
        old if old == OLD_REFERRERS[1] => AttachedKind::OldStatement,
        _ => AttachedKind::Other,
    }
}

/// A statement as programs other than cosign attach it: as a bundle, or in an envelope.
fn in_toto(bytes: &[u8], layer: &Descriptor) -> Result<Bundle, NoBundle> {
    match Bundle::read(bytes) {
        Ok(bundle) => Ok(bundle),
        Err(_) => match old_cosign::statement(bytes, &layer.annotations) {
            Ok(bundle) => Ok(bundle),
            Err(_) if Statement::read(bytes).is_ok() => Err(NoBundle::Unsigned),
            Err(error) => Err(error),
        },
    }
}
