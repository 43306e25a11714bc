//! Registries that mean well: what is asked of them, and how often.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use linchpin_remote::RegistrySettings;

use crate::image::{Contents, gzip, noise, read, settings, sha256, tar_of};
use crate::server::{Reply, Server};

fn simple() -> Contents {
    Contents::of_layers(&[
        gzip(&tar_of(&[("a/wanted", b"low"), ("b/wanted", b"hidden")])),
        tar_of(&[("b/wanted", b"high")]),
    ])
}

#[test]
fn an_image_is_read_by_tag_and_by_digest() {
    let contents = simple();
    let digest = sha256(&contents.manifests["1"]);
    let server = Server::start(move |request| contents.answer(request));
    for name in [
        format!("{}/team/app:1", server.authority),
        format!("{}/team/app@{digest}", server.authority),
    ] {
        let files = read(&name, &settings()).unwrap();
        assert_eq!(files["a/wanted"], b"low");
        assert_eq!(files["b/wanted"], b"high");
    }
    // Each document and each layer once: two readings, four requests each.
    assert_eq!(server.asked().len(), 8);
    assert!(server.asked().iter().all(|request| {
        request.method == "GET"
            && request.path.starts_with("/v2/team/app/")
            && request.header("accept-encoding") == Some("identity")
            && request.header("authorization").is_none()
    }));
}

#[test]
fn an_index_gives_the_image_for_the_platform() {
    let mut contents = Contents::default();
    let mut descriptors = Vec::new();
    for architecture in ["arm64", "amd64"] {
        let layer = tar_of(&[("wanted", architecture.as_bytes())]);
        let manifest = contents.image(&[layer], architecture, |_| String::new());
        descriptors.push(format!(
            r#"{{"digest":"{}","size":{},"platform":{{"os":"linux","architecture":"{architecture}"}}}}"#,
            sha256(&manifest),
            manifest.len()
        ));
    }
    // Statements about images, as BuildKit adds them, are no images.
    descriptors.push(
        r#"{"digest":"sha256:00","annotations":{"vnd.docker.reference.type":"attestation-manifest"},"platform":{"os":"unknown","architecture":"unknown"}}"#.into(),
    );
    let index = format!(
        r#"{{"schemaVersion":2,"manifests":[{}]}}"#,
        descriptors.join(",")
    );
    contents.manifests.insert("1".into(), index.into());
    let server = Server::start(move |request| contents.answer(request));
    let files = read(&format!("{}/x:1", server.authority), &settings()).unwrap();
    assert_eq!(files["wanted"], b"amd64");
    assert_eq!(server.count("/manifests/"), 2);
}

#[test]
fn the_second_look_fetches_only_the_layer_that_has_the_file() {
    let contents = Contents::of_layers(&[
        tar_of(&[("x", b"1")]),
        tar_of(&[("real/data", b"content")]),
        tar_of(&[("y", b"2"), ("etc/wanted", b"->../real/data")]),
    ]);
    let layers: Vec<String> = contents.blobs.keys().cloned().collect();
    let needed = sha256(&tar_of(&[("real/data", b"content")]));
    let server = Server::start(move |request| contents.answer(request));
    let files = read(&format!("{}/x:1", server.authority), &settings()).unwrap();
    assert_eq!(files["etc/wanted"], b"content");
    for layer in layers {
        let times = if layer == needed { 2 } else { 1 };
        assert_eq!(server.count(&layer), times, "{layer}");
    }
}

#[test]
fn a_broken_connection_is_taken_up_where_it_broke() {
    let big = noise(600_000);
    let contents = Contents::of_layers(&[tar_of(&[("big", &big), ("wanted", b"end")])]);
    for knows_ranges in [true, false] {
        let contents = contents.clone();
        let tries = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&tries);
        let server = Server::start(move |request| {
            let mut reply = contents.answer(request);
            if !knows_ranges && request.from().is_some() {
                reply = Reply::of(contents.blobs[request.path.rsplit('/').next().unwrap()].clone());
            }
            if reply.body.len() > 10_000 && counted.fetch_add(1, Ordering::SeqCst) < 2 {
                reply.cut = Some(if knows_ranges { 200_000 } else { 300_000 });
            }
            reply
        });
        let files = read(&format!("{}/x:1", server.authority), &settings()).unwrap();
        assert_eq!(files["big"], big);
        assert_eq!(files["wanted"], b"end");
        let froms: Vec<usize> = server
            .asked()
            .iter()
            .filter_map(crate::server::Request::from)
            .collect();
        let expected = if knows_ranges { 400_000 } else { 300_000 };
        assert_eq!(froms.last(), Some(&expected), "{froms:?}");
    }
}

#[test]
fn a_busy_registry_is_asked_again() {
    let contents = simple();
    let tries = AtomicUsize::new(0);
    let server = Server::start(move |request| match tries.fetch_add(1, Ordering::SeqCst) {
        0 => Reply::status(503),
        1 => Reply::status(429).with("Retry-After", "0"),
        _ => contents.answer(request),
    });
    assert!(read(&format!("{}/x:1", server.authority), &settings()).is_ok());
}

#[test]
fn mirrors_come_first_and_the_registry_helps_out() {
    let contents = simple();
    let layer = sha256(&tar_of(&[("b/wanted", b"high")]));
    let whole = contents.clone();
    let registry = Server::start(move |request| whole.answer(request));
    let mirror = Server::start(move |request| {
        if request.path.ends_with(&layer) {
            Reply::status(404)
        } else {
            contents.answer(request)
        }
    });
    let settings = RegistrySettings {
        mirrors: vec![
            format!("{}=127.0.0.1:1/dead", registry.authority)
                .parse()
                .unwrap(),
            format!("{}={}/hub", registry.authority, mirror.authority)
                .parse()
                .unwrap(),
        ],
        ..settings()
    };
    let files = read(&format!("{}/x:1", registry.authority), &settings).unwrap();
    assert_eq!(files["b/wanted"], b"high");
    assert_eq!(mirror.count("/v2/hub/x/manifests/1"), 1);
    assert_eq!(registry.count("/manifests/"), 0);
    assert_eq!(registry.count("/blobs/"), 1);
}

#[test]
fn offline_asks_nobody() {
    let server = Server::start(|_| Reply::status(500));
    let settings = RegistrySettings {
        offline: true,
        ..settings()
    };
    let error = read(&format!("{}/x:1", server.authority), &settings).unwrap_err();
    assert!(error.contains("`--offline` is set"), "{error}");
    assert!(server.asked().is_empty());
}

#[test]
fn what_is_not_there_is_said() {
    let server = Server::start(|_| Reply::status(404));
    let error = read(&format!("{}/team/x:1", server.authority), &settings()).unwrap_err();
    assert!(error.contains("has no image `team/x:1`"), "{error}");
    let error = read("127.0.0.1:1/x", &settings()).unwrap_err();
    assert!(
        error.contains("`127.0.0.1:1` can not be reached"),
        "{error}"
    );
}

#[test]
fn schema_one_is_refused_with_a_clear_word() {
    let server = Server::start(|_| {
        Reply::of(r#"{"schemaVersion":1,"name":"x","fsLayers":[],"signatures":[]}"#)
    });
    let error = read(&format!("{}/x:1", server.authority), &settings()).unwrap_err();
    assert!(error.contains("schema 1"), "{error}");
}
