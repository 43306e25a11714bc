//! What is attached to an image, in a store in memory: found in order, counted, and verified like any
//! other bundle; cosign's older forms too, made here with keys of ours and of openssl, or from what
//! others have signed.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use linchpin_model::{Digest, DigestAlgorithm};
use linchpin_trust::{
    Artifact, Attached, AttachedContent, AttachedKind, AttachmentStore, Bundle, Descriptor,
    Expectation, ExpectedSigner, ExpectedType, InvalidAttachment, KeyKind, MOST_ATTACHED, NoBundle,
    NotListed, PredicateType, PrivateKey, PublicKey, Statement, Tagged, TrustedRoot,
    UnverifiedSigner, fallback_tag, pre_authentication_encoding, sign, verify, visit_attached,
};
use serde_json::{Value, json};

use crate::bundles::reason;
use crate::real_bundles::{anybody, read};
use crate::reference_tools::openssl;

const BUNDLE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";
const SIMPLE: &str = "application/vnd.dev.cosign.simplesigning.v1+json";
const ENVELOPE: &str = "application/vnd.dsse.envelope.v1+json";
const SIGNATURE: &str = "dev.cosignproject.cosign/signature";
const CERTIFICATE: &str = "dev.sigstore.cosign/certificate";
const CHAIN: &str = "dev.sigstore.cosign/chain";
const LOG: &str = "dev.sigstore.cosign/bundle";

/// An image and what is attached to it.
#[derive(Default)]
struct MemoryStore {
    referrers: Option<Vec<Descriptor>>,
    tags: BTreeMap<String, Vec<u8>>,
    blobs: BTreeMap<Digest, Vec<u8>>,
    asked: RefCell<Vec<String>>,
}

fn sha256(content: &[u8]) -> Digest {
    let artifact = Artifact::read(&mut &*content, &[DigestAlgorithm::Sha256]).unwrap();
    artifact.digest().unwrap().clone()
}

fn image() -> Digest {
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

    fn layer(&mut self, media_type: &str, content: &[u8], annotations: Value) -> Value {
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
    fn tag(&mut self, ending: &str, layers: &[Value]) {
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
    fn only(&self) -> Result<Bundle, NoBundle> {
        let mut all = self.all().unwrap();
        assert_eq!(all.len(), 1, "{all:?}");
        match all.pop().unwrap().content {
            AttachedContent::Bundle(bundle) => Ok(*bundle),
            AttachedContent::NoBundle(none) => Err(none),
            other => panic!("{other:?}"),
        }
    }
}

fn key() -> PrivateKey {
    PrivateKey::generate(KeyKind::EcdsaP256).unwrap()
}

fn ask(bundle: &Bundle, image: &Digest, signer: ExpectedSigner) -> Result<(), &'static str> {
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

fn by_key(bundle: &Bundle, key: &PublicKey) -> Result<(), &'static str> {
    ask(bundle, &image(), ExpectedSigner::Key(key.clone()))
}

fn statement(key: &PrivateKey, image: &Digest) -> Bundle {
    let artifact = Artifact::from_digest(image.clone()).unwrap();
    let subjects = vec![artifact.subject(None)];
    let statement = Statement::new(subjects, PredicateType::signature(), b"{}");
    sign(&statement.unwrap(), key).unwrap()
}

fn payload(image: &Digest) -> Vec<u8> {
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
fn old_signature(payload: &[u8], annotations: Value) -> MemoryStore {
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
    store.refer("application/spdx+json", &[other.clone()], None);
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
    use AttachedKind::{InToto, OldSignature, Other};
    assert_eq!(
        kinds,
        [
            AttachedKind::Bundle,
            OldSignature,
            OldSignature,
            InToto,
            Other,
            AttachedKind::Bundle,
            Other
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

#[test]
fn an_old_signature_by_a_key_is_verified_and_can_not_be_changed() {
    for kind in [KeyKind::Ed25519, KeyKind::EcdsaP256, KeyKind::Rsa3072] {
        let key = PrivateKey::generate(kind).unwrap();
        let good = payload(&image());
        let signature = STANDARD.encode(key.sign(&good).unwrap());
        let found = |payload: &[u8], signature: &str| {
            old_signature(payload, json!({SIGNATURE: signature})).only()
        };
        let bundle = found(&good, &signature).unwrap();
        assert_eq!(by_key(&bundle, key.public_key()), Ok(()));
        assert_eq!(
            bundle.unverified_signer(),
            UnverifiedSigner::Key {
                hint: String::new()
            }
        );
        // No file can hold it: it would be a bundle about the payload.
        assert!(bundle.to_json().is_err());
        // Another key, another payload, another image.
        let other = PrivateKey::generate(kind).unwrap();
        let another_key = by_key(&bundle, other.public_key());
        assert_eq!(another_key, Err("signature-invalid"));
        let elsewhere = payload(&sha256(b"another image"));
        let swapped = found(&elsewhere, &signature).unwrap();
        assert_eq!(by_key(&swapped, key.public_key()), Err("signature-invalid"));
        let honest = STANDARD.encode(key.sign(&elsewhere).unwrap());
        let moved = found(&elsewhere, &honest).unwrap();
        assert_eq!(by_key(&moved, key.public_key()), Err("another-artifact"));
        // It is a signature and no statement.
        let artifact = Artifact::from_digest(image()).unwrap();
        let expectation = Expectation {
            signer: ExpectedSigner::Key(key.public_key().clone()),
            predicate_type: ExpectedType::Exactly("vulns".parse().unwrap()),
            witnesses: Vec::new(),
        };
        let root = TrustedRoot::production();
        let as_statement = verify(&bundle, &artifact, &expectation, &root);
        assert_eq!(reason(as_statement), "predicate-type");
        // Somebody is expected whom a certificate names.
        assert_eq!(
            ask(&bundle, &image(), anybody()),
            Err("key-and-no-certificate")
        );
        for place in 0..good.len() {
            let mut changed = good.clone();
            changed[place] ^= 1;
            let bundle = found(&changed, &signature).unwrap();
            assert!(by_key(&bundle, key.public_key()).is_err(), "{place}");
        }
    }
}

#[test]
fn a_payload_that_names_no_image_is_refused() {
    let key = key();
    let text = String::from_utf8(payload(&image())).unwrap();
    let twice = text.replace(
        r#""type":"#,
        r#""type":"cosign container image signature","type":"#,
    );
    for (changed, expected) in [
        (
            text.replace("cosign container", "atomic container"),
            "payload-invalid",
        ),
        (
            text.replace("docker-manifest-digest", "digest"),
            "payload-invalid",
        ),
        (text.replace("sha256:", "sha256:0"), "payload-invalid"),
        (
            text.replace(&image().to_string(), &format!("sha1:{}", "a".repeat(40))),
            "digest-algorithm",
        ),
        (twice, "payload-invalid"),
        ("{}".to_owned(), "payload-invalid"),
        (format!("{text} {{}}"), "payload-invalid"),
    ] {
        let signature = STANDARD.encode(key.sign(changed.as_bytes()).unwrap());
        let store = old_signature(changed.as_bytes(), json!({SIGNATURE: signature}));
        let bundle = store.only().unwrap();
        assert_eq!(
            by_key(&bundle, key.public_key()),
            Err(expected),
            "{changed}"
        );
    }
}

#[test]
fn annotations_that_nobody_understands_are_no_missing_ones() {
    let key = key();
    let good = payload(&image());
    let signature = STANDARD.encode(key.sign(&good).unwrap());
    let with = |name: &str, value: &str| {
        let mut annotations = json!({SIGNATURE: signature});
        annotations[name] = value.into();
        old_signature(&good, annotations).only()
    };
    for (name, value) in [
        (SIGNATURE, "not base64!"),
        (CERTIFICATE, "x"),
        (
            CERTIFICATE,
            "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
        ),
        (LOG, "x"),
        (LOG, "{}"),
        (
            LOG,
            r#"{"SignedEntryTimestamp":"","Payload":{"body":"e30=","integratedTime":1,"logIndex":1,"logID":"+0"}}"#,
        ),
        ("dev.sigstore.cosign/rfc3161timestamp", "{}"),
    ] {
        assert!(
            matches!(with(name, value), Err(NoBundle::OldForm(_))),
            "{name} {value}"
        );
    }
    // A promise of a log that can be read must hold as well.
    let entry = json!({"apiVersion": "0.0.1", "kind": "hashedrekord", "spec": {}});
    let log = json!({
        "SignedEntryTimestamp": "AAAA",
        "Payload": {
            "body": STANDARD.encode(entry.to_string()),
            "integratedTime": 1_700_000_000,
            "logIndex": 7,
            "logID": "c0d23d6ad406973f9559f3ba2d1ca01f84147d8ffc5b8445c224f98b9591801d",
        },
    });
    let bundle = with(LOG, &log.to_string()).unwrap();
    assert_eq!(bundle.log_entries(), 1);
    let refused = by_key(&bundle, key.public_key()).unwrap_err();
    assert!(
        refused.starts_with("log-") || refused == "bundle-invalid",
        "{refused}"
    );
    // Without a signature there is nothing to verify.
    let none = old_signature(&good, json!({})).only();
    assert!(matches!(none, Err(NoBundle::OldForm(_))));
}

#[test]
fn what_openssl_signs_is_an_old_signature() {
    let folder = tempfile::tempdir().unwrap();
    let run = |text: &str| openssl(&text.split(' ').collect::<Vec<_>>(), folder.path());
    run("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem");
    run("pkey -in key.pem -pubout -out key.pub");
    std::fs::write(folder.path().join("payload"), payload(&image())).unwrap();
    let signature = STANDARD.encode(run("dgst -sha256 -sign key.pem payload"));
    let store = old_signature(&payload(&image()), json!({SIGNATURE: signature}));
    let file = std::fs::read(folder.path().join("key.pub")).unwrap();
    let public = PublicKey::read(&file).unwrap();
    assert_eq!(by_key(&store.only().unwrap(), &public), Ok(()));
}

/// A store with one statement in the old form.
fn old_statement(envelope: &Value, annotations: Value) -> MemoryStore {
    let mut store = MemoryStore::default();
    let layer = store.layer(ENVELOPE, envelope.to_string().as_bytes(), annotations);
    store.tag("att", &[layer]);
    store
}

#[test]
fn an_old_statement_by_a_key_is_verified() {
    let key = key();
    let bundle = statement(&key, &image()).to_json().unwrap();
    let bundle: Value = serde_json::from_slice(&bundle).unwrap();
    let envelope = bundle["dsseEnvelope"].clone();
    let found = old_statement(&envelope, json!({})).only().unwrap();
    assert_eq!(by_key(&found, key.public_key()), Ok(()));
    let other = ExpectedSigner::Key(key.public_key().clone());
    let elsewhere = ask(&found, &sha256(b"another image"), other);
    assert_eq!(elsewhere, Err("another-artifact"));
    let mut changed = envelope;
    let said = STANDARD
        .decode(changed["payload"].as_str().unwrap())
        .unwrap();
    let said = String::from_utf8(said).unwrap();
    let said = said.replace(
        "https://sigstore.dev/cosign/sign/v1",
        "https://example.org/x",
    );
    assert!(!pre_authentication_encoding("", said.as_bytes()).is_empty());
    changed["payload"] = STANDARD.encode(said).into();
    let changed = old_statement(&changed, json!({})).only().unwrap();
    assert_eq!(by_key(&changed, key.public_key()), Err("signature-invalid"));
}

/// What others have signed in a bundle, as cosign attached such things before: the envelope and the
/// annotations.
fn as_of_old(name: &str) -> (Value, Value, Bundle) {
    let bytes = read(name);
    let bundle: Value = serde_json::from_slice(&bytes).unwrap();
    let material = &bundle["verificationMaterial"];
    let certificates: Vec<String> = material["x509CertificateChain"]["certificates"]
        .as_array()
        .unwrap()
        .iter()
        .map(|certificate| {
            let text = certificate["rawBytes"].as_str().unwrap();
            format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
        })
        .collect();
    let entry = &material["tlogEntries"][0];
    let number = |field: &str| entry[field].as_str().unwrap().parse::<u64>().unwrap();
    let id = STANDARD
        .decode(entry["logId"]["keyId"].as_str().unwrap())
        .unwrap();
    let id: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
    let log = json!({
        "SignedEntryTimestamp": entry["inclusionPromise"]["signedEntryTimestamp"],
        "Payload": {
            "body": entry["canonicalizedBody"],
            "integratedTime": number("integratedTime"),
            "logIndex": number("logIndex"),
            "logID": id,
        },
    });
    let annotations = json!({
        SIGNATURE: "",
        CERTIFICATE: certificates[0],
        CHAIN: certificates[1..].concat(),
        LOG: log.to_string(),
    });
    (
        bundle["dsseEnvelope"].clone(),
        annotations,
        Bundle::read(&bytes).unwrap(),
    )
}

#[test]
fn an_old_statement_by_a_certificate_is_verified_with_the_promise_of_the_log() {
    let root = TrustedRoot::production();
    for name in [
        "bundles/dsse.sigstore.json",
        "bundles/sigstore.js@2.0.0-provenance.sigstore.json",
    ] {
        let (envelope, annotations, original) = as_of_old(name);
        let statement = original.unverified_statement().unwrap();
        let subject = statement.subjects()[0].digests[0].clone();
        let artifact = Artifact::from_digest(subject).unwrap();
        let expectation = Expectation {
            signer: anybody(),
            predicate_type: ExpectedType::Any,
            witnesses: Vec::new(),
        };
        let answer = |annotations: Value| {
            let bundle = old_statement(&envelope, annotations).only().unwrap();
            verify(&bundle, &artifact, &expectation, &root)
        };
        let verified = answer(annotations.clone()).unwrap();
        assert!(verified.evidence().logged && !verified.evidence().times.is_empty());
        let found = old_statement(&envelope, annotations.clone())
            .only()
            .unwrap();
        let UnverifiedSigner::Certificate { identity, issuer } = found.unverified_signer() else {
            panic!("{name}");
        };
        assert!(identity.is_some() && issuer.is_some());
        // Without the log's promise, and with one that was changed.
        let mut without = annotations.clone();
        without.as_object_mut().unwrap().remove(LOG);
        assert_eq!(reason(answer(without)), "evidence-missing");
        let mut later = annotations.clone();
        let log: Value = serde_json::from_str(later[LOG].as_str().unwrap()).unwrap();
        let time = log["Payload"]["integratedTime"].as_u64().unwrap();
        let log = log
            .to_string()
            .replace(&time.to_string(), &(time + 1).to_string());
        later[LOG] = log.into();
        assert_eq!(reason(answer(later)), "log-promise");
        // Without the certificate it would be a key's.
        let mut nobody = annotations.clone();
        nobody.as_object_mut().unwrap().remove(CERTIFICATE);
        assert_eq!(reason(answer(nobody)), "key-and-no-certificate");
    }
}
