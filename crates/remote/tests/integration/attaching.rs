//! Bundles that are attached to images: stored as cosign 3 does it, listed by the registry or at a
//! tag, and found again.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};

use linchpin_remote::{Access, ImageRepository, ListedBy, RegistryError, RegistrySettings};
use linchpin_trust::{
    Artifact, AttachedContent, AttachedKind, KeyKind, PredicateType, PrivateKey, Statement,
    WrittenAttachment, fallback_tag, sign, visit_attached,
};
use serde_json::{Value, json};

use crate::image::{impatient, settings, sha256};
use crate::server::{Reply, Server};
use crate::writable::{Held, Manner, Writable};

pub(crate) fn repository(
    image: &str,
    settings: &RegistrySettings,
    access: Access,
) -> ImageRepository {
    ImageRepository::new(&image.parse().unwrap(), settings, access).unwrap()
}

/// Signs the image and attaches the signature.
pub(crate) fn attach(
    image: &str,
    settings: &RegistrySettings,
) -> Result<(ListedBy, WrittenAttachment), RegistryError> {
    let repository = repository(image, settings, Access::Write);
    let subject = repository.resolve()?;
    let artifact = Artifact::from_digest(subject.digest.clone()).unwrap();
    let subjects = vec![artifact.subject(None)];
    let statement = Statement::new(subjects, PredicateType::signature(), b"{}").unwrap();
    let key = PrivateKey::generate(KeyKind::EcdsaP256).unwrap();
    let bundle = sign(&statement, &key).unwrap();
    let moment = "2024-05-06T07:08:09Z".parse().unwrap();
    let attachment = WrittenAttachment::new(&bundle, &subject, moment).unwrap();
    let listed = repository.attach(&subject.digest, &attachment)?;
    Ok((listed, attachment))
}

/// How many bundles are found at an image.
fn found(image: &str) -> usize {
    let repository = repository(image, &settings(), Access::Read);
    let digest = repository.resolve().unwrap().digest;
    let mut found = 0;
    visit_attached(&repository, &digest, &mut |attached| {
        assert_eq!(attached.kind, AttachedKind::Bundle);
        assert!(matches!(attached.content, AttachedContent::Bundle(_)));
        found += 1;
        ControlFlow::Continue(())
    })
    .unwrap();
    found
}

fn unchanged(_: &crate::server::Request, _: &mut Held, reply: Reply) -> Reply {
    reply
}

const WITH_LISTS: Manner = Manner {
    lists: true,
    uploads_at: None,
};

#[test]
fn a_registry_with_lists_gets_a_manifest_and_no_tag() {
    let registry = Writable::start(WITH_LISTS, unchanged);
    let (listed, attachment) = attach(&registry.image(), &settings()).unwrap();
    assert_eq!(listed, ListedBy::Registry);
    let manifest = registry
        .manifest(&attachment.manifest_digest.to_string())
        .unwrap();
    let image = registry.manifest("1").unwrap().to_string();
    assert!(!image.is_empty());
    let subject = &manifest["subject"];
    assert_eq!(
        subject["mediaType"],
        "application/vnd.oci.image.manifest.v1+json"
    );
    let bundle = "application/vnd.dev.sigstore.bundle.v0.3+json";
    assert_eq!(
        manifest,
        json!({
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "artifactType": bundle,
            "config": {
                "mediaType": "application/vnd.oci.empty.v1+json",
                "digest": sha256(b"{}"),
                "size": 2,
            },
            "layers": [{
                "mediaType": bundle,
                "digest": sha256(&attachment.bundle),
                "size": attachment.bundle.len(),
            }],
            "subject": subject,
            "annotations": {
                "dev.sigstore.bundle.content": "dsse-envelope",
                "dev.sigstore.bundle.predicateType": "https://sigstore.dev/cosign/sign/v1",
                "org.opencontainers.image.created": "2024-05-06T07:08:09Z",
            },
        })
    );
    let held = registry.held.lock().unwrap();
    assert!(
        !held
            .manifests
            .keys()
            .any(|name| name.starts_with("sha256-"))
    );
    drop(held);
    attach(&registry.image(), &settings()).unwrap();
    assert_eq!(found(&registry.image()), 2);
    // What is there already is not sent again: the configuration once, and two bundles.
    let uploads = registry.server.asked();
    let uploads = uploads
        .iter()
        .filter(|asked| asked.method == "POST")
        .count();
    assert_eq!(uploads, 3);
}

#[test]
fn a_registry_without_lists_gets_one_at_a_tag() {
    let registry = Writable::start(Manner::default(), unchanged);
    let (listed, first) = attach(&registry.image(), &settings()).unwrap();
    let (_, second) = attach(&registry.image(), &settings()).unwrap();
    let ListedBy::Tag(tag) = listed else {
        panic!("{listed:?}");
    };
    let list = registry.manifest(&tag).unwrap();
    let entries: Vec<&Value> = list["manifests"].as_array().unwrap().iter().collect();
    let digests: Vec<&str> = entries
        .iter()
        .filter_map(|entry| entry["digest"].as_str())
        .collect();
    let expected = [first, second].map(|attachment| attachment.manifest_digest.to_string());
    assert_eq!(digests, expected);
    assert_eq!(
        entries[0]["artifactType"],
        "application/vnd.dev.sigstore.bundle.v0.3+json"
    );
    assert_eq!(found(&registry.image()), 2);
}

#[test]
fn an_entry_that_others_wrote_over_is_written_again() {
    // Somebody else had read the list before us, and writes it after us.
    let writes = AtomicUsize::new(0);
    let registry = Writable::start(Manner::default(), move |request, held, reply| {
        let is_list = request.method == "PUT" && request.path.contains("/sha256-");
        if is_list && writes.fetch_add(1, Ordering::SeqCst) < 2 {
            let tag = request.path.rsplit('/').next().unwrap().to_owned();
            let theirs = r#"{"schemaVersion":2,"manifests":[{"digest":"sha256:theirs","size":1}]}"#;
            let kind = "application/vnd.oci.image.index.v1+json".to_owned();
            held.manifests.insert(tag, (kind, theirs.to_owned()));
        }
        reply
    });
    let (listed, ours) = attach(&registry.image(), &settings()).unwrap();
    let ListedBy::Tag(tag) = listed else {
        panic!("{listed:?}");
    };
    let list = registry.manifest(&tag).unwrap().to_string();
    assert!(list.contains("sha256:theirs"), "{list}");
    assert!(list.contains(&ours.manifest_digest.to_string()), "{list}");
}

#[test]
fn a_list_that_others_write_without_end_is_given_up() {
    let registry = Writable::start(Manner::default(), |request, held, reply| {
        if request.method == "PUT" && request.path.contains("/sha256-") {
            let tag = request.path.rsplit('/').next().unwrap();
            held.manifests.remove(tag);
        }
        reply
    });
    let error = attach(&registry.image(), &settings()).unwrap_err();
    assert!(matches!(error, RegistryError::Contended { .. }), "{error}");
    assert!(registry.server.count("/manifests/sha256-") < 30);
}

#[test]
fn a_tag_that_is_no_list_is_not_written_over() {
    let registry = Writable::start(Manner::default(), unchanged);
    let digest = repository(&registry.image(), &settings(), Access::Read)
        .resolve()
        .unwrap()
        .digest;
    let image = registry.held.lock().unwrap().manifests["1"].clone();
    let tag = fallback_tag(&digest);
    registry
        .held
        .lock()
        .unwrap()
        .manifests
        .insert(tag.clone(), image.clone());
    let error = attach(&registry.image(), &settings()).unwrap_err();
    assert!(matches!(error, RegistryError::Attached { .. }), "{error}");
    assert_eq!(registry.held.lock().unwrap().manifests[&tag], image);
}

#[test]
fn a_blob_goes_where_the_registry_says() {
    // A path below, and one with a query; the whole address is tried with another server.
    for room in ["uploads/room", "/v2/team/app/blobs/uploads/1?a=b&c=d"] {
        let manner = Manner {
            lists: true,
            uploads_at: Some(room.to_owned()),
        };
        let registry = Writable::start(manner, unchanged);
        // `uploads/room` is beside `uploads/`, which ends with a slash.
        let ended = attach(&registry.image(), &settings());
        assert!(ended.is_ok(), "{room}: {ended:?}");
    }
    for room in [
        "ftp://x/",
        "https://user:pw@b.example/",
        "http://192.0.2.1/x",
    ] {
        let manner = Manner {
            lists: true,
            uploads_at: Some(room.to_owned()),
        };
        let registry = Writable::start(manner, unchanged);
        let error = attach(&registry.image(), &settings()).unwrap_err();
        assert!(
            matches!(error, RegistryError::Redirected { .. }),
            "{room}: {error}"
        );
    }
}

#[test]
fn a_registry_that_breaks_while_it_is_written_is_an_error() {
    for (part, method) in [
        ("/uploads/", "POST"),
        ("/uploads/", "PUT"),
        ("/manifests/", "PUT"),
    ] {
        for status in [500, 403, 429] {
            let registry = Writable::start(WITH_LISTS, move |request, _, reply| {
                if request.method == method && request.path.contains(part) {
                    return Reply::status(status);
                }
                reply
            });
            let error = attach(&registry.image(), &impatient()).unwrap_err();
            let is_right = match status {
                403 => matches!(error, RegistryError::NoCredentials { .. }),
                _ => error.to_string().contains(&format!("status {status}")),
            };
            assert!(is_right, "{part} {method} {status}: {error}");
        }
    }
    // A server that sends a manifest elsewhere must keep what is done with it.
    let registry = Writable::start(WITH_LISTS, |request, _, reply| {
        if request.method == "PUT" && request.path.contains("/manifests/") {
            return Reply::status(302).with("Location", "/v2/elsewhere");
        }
        reply
    });
    let error = attach(&registry.image(), &settings()).unwrap_err();
    assert!(matches!(error, RegistryError::Redirected { .. }), "{error}");
}

#[test]
fn mirrors_are_read_and_never_written() {
    let registry = Writable::start(WITH_LISTS, unchanged);
    let mirror = Server::start(|_| Reply::status(404));
    let mirrors = format!("{}={}", registry.server.authority, mirror.authority);
    let settings = RegistrySettings {
        mirrors: vec![mirrors.parse().unwrap()],
        ..settings()
    };
    attach(&registry.image(), &settings).unwrap();
    assert!(mirror.asked().is_empty(), "{:?}", mirror.asked());
    // What the mirror does not have is asked of the registry.
    let repository = repository(&registry.image(), &settings, Access::Read);
    let digest = repository.resolve().unwrap().digest;
    let mut found = 0;
    visit_attached(&repository, &digest, &mut |attached| {
        assert!(matches!(attached.content, AttachedContent::Bundle(_)));
        found += 1;
        ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!(found, 1);
    assert!(mirror.count("/referrers/") == 1 && mirror.count("/manifests/") > 1);
}

#[test]
fn whoever_writes_asks_for_a_token_to_write() {
    for (access, scope) in [
        (Access::Read, "scope=repository%3Ateam%2Fapp%3Apull&"),
        (Access::ReadItself, "scope=repository%3Ateam%2Fapp%3Apull&"),
        (
            Access::Write,
            "scope=repository%3Ateam%2Fapp%3Apull%2Cpush&",
        ),
    ] {
        let tokens = Server::start(|_| Reply::of(r#"{"token":"let-me-in"}"#));
        let realm = tokens.authority.clone();
        let registry = Writable::start(WITH_LISTS, move |request, _, reply| {
            match request.header("authorization") {
                Some("Bearer let-me-in") => reply,
                _ => Reply::status(401).with(
                    "WWW-Authenticate",
                    format!(r#"Bearer realm="http://{realm}/token",service="r""#),
                ),
            }
        });
        repository(&registry.image(), &settings(), access)
            .resolve()
            .unwrap();
        if access == Access::Write {
            attach(&registry.image(), &settings()).unwrap();
        }
        let asked = tokens.asked();
        assert!(!asked.is_empty());
        assert!(
            asked.iter().all(|asked| asked.path.contains(scope)),
            "{asked:?}"
        );
    }
}

#[test]
fn who_we_are_is_told_to_the_registry_alone() {
    // A store beside the registry takes the blobs, and would like to know who we are.
    let tokens = Server::start(|_| Reply::of(r#"{"token":"let-me-in"}"#));
    let realm = tokens.authority.clone();
    let challenge = format!(r#"Bearer realm="http://{realm}/token""#);
    let ask = challenge.clone();
    let store = Server::start(move |_| Reply::status(401).with("WWW-Authenticate", ask.clone()));
    let manner = Manner {
        lists: true,
        uploads_at: Some(format!("http://{}/room", store.authority)),
    };
    let registry = Writable::start(manner, move |request, _, reply| {
        match request.header("authorization") {
            Some("Bearer let-me-in") => reply,
            _ => Reply::status(401).with("WWW-Authenticate", challenge.clone()),
        }
    });
    let error = attach(&registry.image(), &settings()).unwrap_err();
    assert!(
        matches!(error, RegistryError::NoCredentials { .. }),
        "{error}"
    );
    let shown = store.asked();
    assert!(!shown.is_empty());
    assert!(
        shown
            .iter()
            .all(|asked| asked.header("authorization").is_none())
    );
    // One token for the registry; the store's wish has brought none.
    assert_eq!(tokens.asked().len(), 1, "{:?}", tokens.asked());
}
