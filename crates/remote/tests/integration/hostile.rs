//! Registries that mean harm.

use std::time::{Duration, Instant};

use crate::image::{Contents, gzip, impatient, noise, read, settings, sha256, tar_of};
use crate::server::{Reply, Request, Server};

fn image() -> Contents {
    Contents::of_layers(&[tar_of(&[("wanted", b"1"), ("big", &noise(50_000))])])
}

/// What a registry that changes the answers of an honest one comes to.
fn against(
    contents: Contents,
    change: impl Fn(&Request, Reply) -> Reply + Send + Sync + 'static,
) -> String {
    let server = Server::start(move |request| change(request, contents.answer(request)));
    let begun = Instant::now();
    let error = read(&format!("{}/x:1", server.authority), &impatient()).unwrap_err();
    assert!(begun.elapsed() < Duration::from_secs(30), "{error}");
    error
}

fn is_layer(reply: &Reply) -> bool {
    reply.body.len() > 10_000
}

#[test]
fn a_changed_layer_is_refused() {
    let error = against(image(), |_, mut reply| {
        if is_layer(&reply) {
            reply.body[5000] ^= 1;
        }
        reply
    });
    assert!(error.contains("it was changed or damaged"), "{error}");
}

#[test]
fn a_layer_that_changes_after_the_first_look_is_refused() {
    let contents = Contents::of_layers(&[
        tar_of(&[("data", &noise(20_000))]),
        tar_of(&[("wanted", b"->data")]),
    ]);
    let times = std::sync::atomic::AtomicUsize::new(0);
    let error = against(contents, move |_, mut reply| {
        if is_layer(&reply) && times.fetch_add(1, std::sync::atomic::Ordering::SeqCst) > 0 {
            reply.body[5000] ^= 1;
        }
        reply
    });
    assert!(error.contains("it was changed or damaged"), "{error}");
}

#[test]
fn another_manifest_than_the_one_named_is_refused() {
    let contents = image();
    let server = Server::start(move |request| {
        if request.path.contains("/manifests/") {
            Reply::of(contents.manifests["1"].clone())
        } else {
            contents.answer(request)
        }
    });
    let digest = sha256(b"something else");
    let error = read(&format!("{}/x@{digest}", server.authority), &settings()).unwrap_err();
    assert!(error.contains("sends another manifest"), "{error}");
}

#[test]
fn endless_and_huge_documents_are_refused() {
    for part in ["/manifests/", "/blobs/"] {
        let error = against(image(), move |request, reply| {
            if request.path.contains(part) {
                Reply {
                    endless: true,
                    ..Reply::of(vec![b' '; 10_000])
                }
            } else {
                reply
            }
        });
        assert!(error.contains("100000 bytes"), "{error}");
    }
}

#[test]
fn endless_layers_are_refused() {
    let error = against(image(), |_, reply| {
        if is_layer(&reply) {
            Reply {
                endless: true,
                ..reply
            }
        } else {
            reply
        }
    });
    assert!(
        error.contains("more bytes were sent than the manifest says"),
        "{error}"
    );
}

#[test]
fn answers_that_come_drop_by_drop_are_given_up() {
    for part in ["/manifests/", "/blobs/"] {
        let error = against(image(), move |request, reply| {
            if request.path.contains(part) {
                Reply {
                    drip: Some(Duration::from_millis(20)),
                    ..reply
                }
            } else {
                reply
            }
        });
        assert!(error.contains("too slowly"), "{error}");
    }
}

#[test]
fn a_server_that_falls_silent_is_given_up() {
    let error = against(image(), |_, reply| {
        if is_layer(&reply) {
            std::thread::sleep(Duration::from_secs(6));
        }
        reply
    });
    assert!(error.contains("timeout"), "{error}");
}

#[test]
fn wrong_lengths_are_noticed() {
    // Less than stated, again and again.
    let error = against(image(), |_, reply| {
        if is_layer(&reply) {
            Reply {
                cut: Some(100),
                ..reply
            }
        } else {
            reply
        }
    });
    assert!(error.contains("the connection broke off after"), "{error}");
    // Less than the manifest says, honestly stated.
    let error = against(image(), |_, reply| {
        if is_layer(&reply) {
            Reply::of(reply.body[..5000].to_vec())
        } else {
            reply
        }
    });
    assert!(
        error.contains("ends too early") || error.contains("416"),
        "{error}"
    );
    // A part that is not the one asked for.
    let error = against(image(), |request, reply| {
        if request.from().is_some() {
            Reply {
                status: 206,
                ..Reply::of(reply.body)
            }
            .with("Content-Range", "bytes 49999-50000/50001")
        } else if is_layer(&reply) {
            Reply {
                cut: Some(1000),
                ..reply
            }
        } else {
            reply
        }
    });
    assert!(error.contains("leaves out a part"), "{error}");
}

#[test]
fn redirects_in_a_circle_or_out_of_encryption_are_not_followed() {
    let error = against(image(), |request, _| Reply::redirect(request.path.clone()));
    assert!(error.contains("sends us on and on"), "{error}");
    let error = against(image(), |_, _| Reply::redirect("http://192.0.2.1/x"));
    assert!(error.contains("not encrypted"), "{error}");
    for target in [
        "file:///etc/passwd",
        "https://user:pw@b.example/",
        "gopher://x",
    ] {
        let error = against(image(), move |_, _| Reply::redirect(target));
        assert!(error.contains("makes no sense"), "{error}");
    }
}

#[test]
fn bombs_are_defused() {
    let bomb = gzip(&tar_of(&[("big", &vec![0; 32 << 20])]));
    let server = {
        let contents = Contents::of_layers(&[bomb]);
        Server::start(move |request| contents.answer(request))
    };
    let error = read(&format!("{}/x:1", server.authority), &settings()).unwrap_err();
    assert!(error.contains("bomb"), "{error}");
}

#[test]
fn asking_for_credentials_without_end_is_refused() {
    let error = against(image(), |_, _| {
        Reply::status(401).with("WWW-Authenticate", "Negotiate")
    });
    assert!(error.contains("in a way that is not known"), "{error}");
    let tokens = Server::start(|_| Reply::of(r#"{"token":"x"}"#));
    let realm = tokens.authority.clone();
    let error = against(image(), move |_, _| {
        Reply::status(401).with(
            "WWW-Authenticate",
            format!(r#"Bearer realm="http://{realm}/""#),
        )
    });
    assert!(error.contains("asks for credentials"), "{error}");
    assert!(tokens.asked().len() <= 2);
}

#[test]
fn headers_without_end_are_refused() {
    let error = against(image(), |_, reply| reply.with("X", "y".repeat(200_000)));
    assert!(error.contains("can not be reached"), "{error}");
}

#[test]
fn an_index_of_itself_ends() {
    let server = Server::start(|_| {
        let digest = sha256(b"x");
        Reply::of(format!(
            r#"{{"manifests":[{{"digest":"{digest}","platform":{{"os":"linux","architecture":"amd64"}}}}]}}"#
        ))
    });
    let error = read(&format!("{}/x:1", server.authority), &settings()).unwrap_err();
    assert!(error.contains("is not what it should be"), "{error}");
}
