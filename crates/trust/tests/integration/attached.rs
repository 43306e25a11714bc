//! What is attached to an image, in a store in memory: found in order, counted, and verified like any
//! other bundle.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use linchpin_model::{Digest, DigestAlgorithm};
use linchpin_trust::{
    Artifact, Attached, AttachedContent, AttachedKind, AttachmentStore, Bundle, Descriptor,
    Expectation, ExpectedSigner, ExpectedType, InvalidAttachment, KeyKind, MOST_ATTACHED, NoBundle,
    NotListed, PredicateType, PrivateKey, PublicKey, Statement, Tagged, TrustedRoot, fallback_tag,
    sign, verify, visit_attached,
};
use serde_json::{Value, json};

use crate::bundles::reason;

const BUNDLE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";
pub(crate) const SIMPLE: &str = "application/vnd.dev.cosign.simplesigning.v1+json";
pub(crate) const ENVELOPE: &str = "application/vnd.dsse.envelope.v1+json";
pub(crate) const SIGNATURE: &str = "dev.cosignproject.cosign/signature";

/// An image and what is attached to it.
#[derive(Default)]
pub(crate) struct MemoryStore {
    referrers: Option<Vec<Descriptor>>,
    tags: BTreeMap<String, Vec<u8>>,
    blobs: BTreeMap<Digest, Vec<u8>>,
    asked: RefCell<Vec<String>>,
}

pub(crate) fn sha256(content: &[u8]) -> Digest {
    let artifact = Artifact::read(&mut &*content, &[DigestAlgorithm::Sha256]).unwrap();
    artifact.digest().unwrap().clone()
}

pub(crate) fn image() -> Digest {
    sha256(b"an image")
}

impl AttachmentStore for MemoryStore {
    type Error = String;

    fn referrers(&self, _: &Digest) -> Result<Option<Vec<Descriptor>>, String> {
        Ok(self.referrers.clone())
    }

    fn tagged(&self, tag: &str) -> Result<Option<Tagged>, String> {
        self.asked.borrow_mut().push(tag.to_owned());
        Ok(self.tags.get(tag).map(|content| Tagged {
            digest: sha256(content),
            content: content.clone(),
        }))
    }

    fn manifest(&self, digest: &Digest) -> Result<Vec<u8>, String> {
        self.blob(digest, 0)
    }

    fn blob(&self, digest: &Digest, _: u64) -> Result<Vec<u8>, String> {
        let blob = self.blobs.get(digest).cloned();
        blob.ok_or_else(|| format!("{digest} is not there"))
    }
}

impl MemoryStore {
    fn keep(&mut self, content: &[u8]) -> Value {
        let digest = sha256(content);
        self.blobs.insert(digest.clone(), content.to_vec());
        json!({"mediaType": "x", "digest": digest.to_string(), "size": content.len()})
    }

    pub(crate) fn layer(&mut self, media_type: &str, content: &[u8], annotations: Value) -> Value {
        let mut layer = self.keep(content);
        layer["mediaType"] = media_type.into();
        layer["annotations"] = annotations;
        layer
    }

    /// Keeps a manifest, and lists it.
    fn refer(&mut self, artifact_type: &str, layers: &[Value], subject: Option<&Digest>) {
        let mut manifest = json!({"artifactType": artifact_type, "layers": layers});
        if let Some(subject) = subject {
            manifest["subject"] = json!({"digest": subject.to_string(), "size": 8});
        }
        let entry = self.keep(manifest.to_string().as_bytes());
        let list = self.referrers.get_or_insert_default();
        list.push(Descriptor {
            media_type: String::new(),
            digest: entry["digest"].as_str().unwrap().parse().unwrap(),
            size: entry["size"].as_u64().unwrap(),
            artifact_type: Some(artifact_type.to_owned()),
            annotations: BTreeMap::new(),
        });
    }

    /// Keeps a manifest at a tag of cosign's.
    pub(crate) fn tag(&mut self, ending: &str, layers: &[Value]) {
        let manifest = json!({"config": self.keep(b"{}"), "layers": layers});
        let tag = format!("{}.{ending}", fallback_tag(&image()));
        self.tags.insert(tag, manifest.to_string().into_bytes());
    }

    fn all(&self) -> Result<Vec<Attached<String>>, NotListed<String>> {
        let mut all = Vec::new();
        visit_attached(self, &image(), &mut |attached| {
            all.push(attached);
            ControlFlow::Continue(())
        })?;
        Ok(all)
    }

    /// The only bundle, or the reason why it is none.
    pub(crate) fn only(&self) -> Result<Bundle, NoBundle> {
        let mut all = self.all().unwrap();
        assert_eq!(all.len(), 1, "{all:?}");
        match all.pop().unwrap().content {
            AttachedContent::Bundle(bundle) => Ok(*bundle),
            AttachedContent::NoBundle(none) => Err(none),
            other => panic!("{other:?}"),
        }
    }
}

pub(crate) fn key() -> PrivateKey {
    PrivateKey::generate(KeyKind::EcdsaP256).unwrap()
}

pub(crate) fn ask(
    bundle: &Bundle,
    image: &Digest,
    signer: ExpectedSigner,
) -> Result<(), &'static str> {
    let expectation = Expectation {
        signer,
        predicate_type: ExpectedType::Signature,
        witnesses: Vec::new(),
    };
    let artifact = Artifact::from_digest(image.clone()).unwrap();
    let root = TrustedRoot::production();
    match verify(bundle, &artifact, &expectation, &root) {
        Ok(_) => Ok(()),
        refused => Err(reason(refused)),
    }
}

pub(crate) fn by_key(bundle: &Bundle, key: &PublicKey) -> Result<(), &'static str> {
    ask(bundle, &image(), ExpectedSigner::Key(key.clone()))
}

pub(crate) fn statement(key: &PrivateKey, image: &Digest) -> Bundle {
    let artifact = Artifact::from_digest(image.clone()).unwrap();
    let subjects = vec![artifact.subject(None)];
    let statement = Statement::new(subjects, PredicateType::signature(), b"{}");
    sign(&statement.unwrap(), key).unwrap()
}

pub(crate) fn payload(image: &Digest) -> Vec<u8> {
    let payload = json!({
        "critical": {
            "identity": {"docker-reference": "registry.example/app"},
            "image": {"docker-manifest-digest": image.to_string()},
            "type": "cosign container image signature",
        },
        "optional": null,
    });
    payload.to_string().into_bytes()
}

/// A store with one signature in the old form.
pub(crate) fn old_signature(payload: &[u8], annotations: Value) -> MemoryStore {
    let mut store = MemoryStore::default();
    let layer = store.layer(SIMPLE, payload, annotations);
    store.tag("sig", &[layer]);
    store
}

#[test]
fn everything_is_found_once_and_in_order() {
    let mut store = MemoryStore::default();
    let key = key();
    let bundle = statement(&key, &image()).to_json().unwrap();
    let other = store.layer("text/spdx", b"an SBOM", json!({}));
    store.refer("application/spdx+json", std::slice::from_ref(&other), None);
    let in_toto = store.layer("application/vnd.in-toto+json", &bundle, json!({}));
    store.refer("application/vnd.in-toto+json", &[in_toto], Some(&image()));
    let layer = store.layer(BUNDLE, &bundle, json!({}));
    store.refer(BUNDLE, &[layer], Some(&image()));
    // The list at the tag has the same bundle once more, and one of which it does not say what it is.
    let mut entries: Vec<Value> = Vec::new();
    for descriptor in store.referrers.clone().unwrap() {
        entries.push(json!({"digest": descriptor.digest.to_string(), "size": descriptor.size}));
    }
    let second = store.layer(
        BUNDLE,
        &statement(&key, &image()).to_json().unwrap(),
        json!({}),
    );
    let untyped = json!({"artifactType": BUNDLE, "layers": [second], "annotations": {"a": "b"}});
    entries.push(store.keep(untyped.to_string().as_bytes()));
    let list = json!({"manifests": entries}).to_string();
    store.tags.insert(fallback_tag(&image()), list.into_bytes());
    let signature = STANDARD.encode(key.sign(&payload(&image())).unwrap());
    let layer = store.layer(SIMPLE, &payload(&image()), json!({SIGNATURE: signature}));
    store.tag("sig", &[layer.clone(), layer]);
    store.tag("sbom", &[other]);

    let all = store.all().unwrap();
    let kinds: Vec<AttachedKind> = all.iter().map(|attached| attached.kind).collect();
    assert_eq!(
        kinds,
        [
            AttachedKind::Bundle,
            AttachedKind::OldSignature,
            AttachedKind::OldSignature,
            AttachedKind::InToto,
            AttachedKind::Other,
            AttachedKind::Bundle,
            AttachedKind::Other
        ]
    );
    assert_eq!(all[2].layer, Some(1));
    let mut held = 0;
    for attached in &all {
        if let AttachedContent::Bundle(bundle) = &attached.content {
            assert_eq!(by_key(bundle, key.public_key()), Ok(()));
            held += 1;
        }
    }
    assert_eq!(held, 5);
}

#[test]
fn whoever_has_found_one_that_holds_asks_for_no_more() {
    let mut store = MemoryStore::default();
    let bundle = statement(&key(), &image()).to_json().unwrap();
    let layer = store.layer(BUNDLE, &bundle, json!({}));
    store.refer(BUNDLE, &[layer], Some(&image()));
    visit_attached(&store, &image(), &mut |_| ControlFlow::Break(())).unwrap();
    assert_eq!(*store.asked.borrow(), [fallback_tag(&image())]);
}

#[test]
fn what_only_looks_like_a_bundle_is_none() {
    let bundle = statement(&key(), &image()).to_json().unwrap();
    let refused = |layers: &dyn Fn(&mut MemoryStore) -> Vec<Value>, subject: &Digest| {
        let mut store = MemoryStore::default();
        let layers = layers(&mut store);
        store.refer(BUNDLE, &layers, Some(subject));
        store.only().unwrap_err()
    };
    let one = |store: &mut MemoryStore| vec![store.layer(BUNDLE, &bundle, json!({}))];
    let other = sha256(b"another image");
    assert_eq!(refused(&one, &other), NoBundle::AnotherSubject(other));
    let two = |store: &mut MemoryStore| [one(store), one(store)].concat();
    assert_eq!(refused(&two, &image()), NoBundle::Layers(2));
    assert_eq!(refused(&|_| Vec::new(), &image()), NoBundle::Layers(0));
    let sized = |size: u64| {
        let bundle = &bundle;
        move |store: &mut MemoryStore| {
            let mut layer = store.layer(BUNDLE, bundle, json!({}));
            layer["size"] = size.into();
            vec![layer]
        }
    };
    assert_eq!(
        refused(&sized(100 << 20), &image()),
        NoBundle::TooLarge(100 << 20)
    );
    assert_eq!(refused(&sized(3), &image()), NoBundle::Size);
    let none = |store: &mut MemoryStore| vec![store.layer(BUNDLE, b"{}", json!({}))];
    assert!(matches!(refused(&none, &image()), NoBundle::Invalid(_)));
    let lone = format!(
        r#"{{"_type":"https://in-toto.io/Statement/v1","subject":[{{"digest":{{"sha256":"{}"}}}}],"predicateType":"a:b"}}"#,
        image().hex()
    );
    let mut store = MemoryStore::default();
    let layer = store.layer("application/vnd.in-toto+json", lone.as_bytes(), json!({}));
    store.refer("application/vnd.in-toto+json", &[layer], None);
    assert_eq!(store.only().unwrap_err(), NoBundle::Unsigned);
}

#[test]
fn what_is_listed_and_not_there_is_no_answer_for_it() {
    let mut store = MemoryStore::default();
    let bundle = statement(&key(), &image()).to_json().unwrap();
    let layer = store.layer(BUNDLE, &bundle, json!({}));
    store.blobs.remove(&sha256(&bundle));
    store.refer(BUNDLE, &[layer], Some(&image()));
    let all = store.all().unwrap();
    assert!(matches!(all[0].content, AttachedContent::Unavailable(_)));
    // A store of which nothing can be had is given up.
    let lost = store.referrers.clone().unwrap()[0].clone();
    for number in 0_u8..100 {
        let mut lost = lost.clone();
        lost.digest = sha256(&[number]);
        store.referrers.get_or_insert_default().push(lost);
    }
    assert!(matches!(store.all(), Err(NotListed::Store(_))));
}

#[test]
fn nobody_can_attach_so_much_that_a_look_does_not_end() {
    let mut store = MemoryStore::default();
    let mut layer = store.layer(SIMPLE, b"x", json!({}));
    let layers = vec![layer.clone(); MOST_ATTACHED];
    store.tag("sig", &layers);
    assert_eq!(store.all().unwrap().len(), MOST_ATTACHED);
    store.tag("att", &[layer.clone()]);
    assert!(matches!(store.all(), Err(NotListed::TooMany)));
    let layers = vec![layer.clone(); MOST_ATTACHED + 1];
    let mut store = MemoryStore::default();
    store.tag("sig", &layers);
    assert!(matches!(
        store.only().unwrap_err(),
        NoBundle::Manifest(InvalidAttachment::TooMany(_))
    ));
    // Many small manifests that name large blobs.
    layer["size"] = (60 << 20).into();
    layer["mediaType"] = ENVELOPE.into();
    let mut store = MemoryStore::default();
    store.tag("att", &vec![layer; 9]);
    assert!(matches!(store.all(), Err(NotListed::TooMuch)));
    let mut store = MemoryStore::default();
    store.tags.insert(fallback_tag(&image()), b"{}".to_vec());
    assert!(matches!(store.all(), Err(NotListed::Damaged { .. })));
}
