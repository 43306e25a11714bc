//! Lists of what is attached, and what they name, from registries that mean harm or are out of
//! order: an error, and never an empty list.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use linchpin_model::Digest;
use linchpin_remote::{Access, RegistryError};
use linchpin_trust::{AttachedContent, AttachmentStore as _, NotListed, visit_attached};
use serde_json::json;

use crate::attaching::{attach, repository};
use crate::image::{impatient, settings, sha256};
use crate::server::{Reply, Request, Server};
use crate::writable::{Manner, Writable};

const WITH_LISTS: Manner = Manner {
    lists: true,
    uploads_at: None,
};

fn image() -> Digest {
    sha256(b"an image").parse().unwrap()
}

/// What a list with these entries comes to, or the error.
fn listed(
    answer: impl Fn(&Request) -> Reply + Send + Sync + 'static,
) -> Result<Option<usize>, RegistryError> {
    let server = Server::start(answer);
    let image_name = format!("{}/team/app:1", server.authority);
    let repository = repository(&image_name, &impatient(), Access::Read);
    let begun = Instant::now();
    let listed = repository.referrers(&image());
    assert!(begun.elapsed() < Duration::from_secs(30));
    Ok(listed?.map(|list| list.len()))
}

fn page(from: usize, count: usize) -> Reply {
    let entries = (from..from + count).map(|number| {
        let digest = sha256(number.to_string().as_bytes());
        json!({"mediaType": "x", "digest": digest, "size": 3})
    });
    let list: Vec<serde_json::Value> = entries.collect();
    Reply::of(json!({"schemaVersion": 2, "manifests": list}).to_string())
}

fn number_in(request: &Request) -> usize {
    let query = request
        .path
        .split_once("page=")
        .map_or("0", |(_, page)| page);
    query.parse().unwrap_or(0)
}

#[test]
fn a_list_goes_on_on_further_pages() {
    let found = listed(|request| {
        let number = number_in(request);
        let reply = page(number * 10, 10);
        if number == 3 {
            return reply;
        }
        let path = request.path.split('?').next().unwrap();
        reply.with(
            "Link",
            format!(r#"<{path}?page={}>; rel="next""#, number + 1),
        )
    });
    assert_eq!(found.unwrap(), Some(40));
}

#[test]
fn a_list_without_end_is_an_error() {
    let link = r#"</v2/team/app/referrers/x?page=1>; rel="next""#;
    // Many on each page, none on any, and thousands at once.
    for count in [100, 0] {
        let found = listed(move |request| page(number_in(request), count).with("Link", link));
        assert!(
            matches!(found, Err(RegistryError::Attached { .. })),
            "{found:?}"
        );
    }
    let found = listed(|_| page(0, 5000));
    assert!(
        matches!(found, Err(RegistryError::Attached { .. })),
        "{found:?}"
    );
    let found = listed(|_| Reply {
        endless: true,
        ..Reply::of(vec![b' '; 10_000])
    });
    assert!(
        matches!(found, Err(RegistryError::TooLarge { .. })),
        "{found:?}"
    );
}

#[test]
fn a_list_does_not_go_on_at_another_server() {
    let other = Server::start(|_| page(0, 1));
    let link = format!(r#"<http://{}/v2/x>; rel="next""#, other.authority);
    let found = listed(move |_| page(0, 1).with("Link", link.clone()));
    assert!(
        matches!(found, Err(RegistryError::Redirected { .. })),
        "{found:?}"
    );
    assert!(other.asked().is_empty());
}

#[test]
fn only_a_registry_that_knows_no_lists_has_none() {
    for status in [404, 405, 501] {
        assert_eq!(listed(move |_| Reply::status(status)).unwrap(), None);
    }
    for status in [400, 403, 418, 429, 500, 502, 503] {
        assert!(listed(move |_| Reply::status(status)).is_err(), "{status}");
    }
    for body in [
        "",
        "{}",
        "[]",
        "<html></html>",
        r#"{"manifests":[{"digest":"x","size":1}]}"#,
    ] {
        let found = listed(move |_| Reply::of(body));
        assert!(
            matches!(found, Err(RegistryError::Attached { .. })),
            "{body}: {found:?}"
        );
    }
}

#[test]
fn silence_is_an_error() {
    let found = listed(|_| {
        std::thread::sleep(Duration::from_secs(6));
        Reply::status(404)
    });
    assert!(
        matches!(found, Err(RegistryError::Unreachable { .. })),
        "{found:?}"
    );
}

/// What is found at an image whose registry changes its answers: the error for the whole, or those
/// for single things.
fn disturbed(
    lists: bool,
    change: impl Fn(&Request, Reply) -> Reply + Send + Sync + 'static,
) -> Result<Vec<String>, String> {
    let manner = Manner {
        lists,
        ..WITH_LISTS
    };
    let registry = Writable::start(manner, move |request, _, reply| {
        if request.method == "GET" {
            change(request, reply)
        } else {
            reply
        }
    });
    let (_, attachment) = attach(&registry.image(), &settings()).map_err(|e| e.to_string())?;
    assert!(!attachment.manifest.is_empty());
    let repository = repository(&registry.image(), &impatient(), Access::Read);
    let digest = repository.resolve().unwrap().digest;
    let mut failures = Vec::new();
    visit_attached(&repository, &digest, &mut |attached| {
        match attached.content {
            AttachedContent::Unavailable(error) => failures.push(error.to_string()),
            // Found before something else failed.
            AttachedContent::Bundle(_) => {}
            other => panic!("{other:?}"),
        }
        ControlFlow::Continue(())
    })
    .map_err(|error| match error {
        NotListed::Store(error) => error.to_string(),
        other => other.to_string(),
    })?;
    Ok(failures)
}

#[test]
fn wrong_bytes_and_failures_are_errors_wherever_they_come() {
    let is_bundle = |request: &Request| request.path.contains("/blobs/");
    let changed = |mut reply: Reply| {
        if let Some(byte) = reply.body.last_mut() {
            *byte ^= 1;
        }
        reply
    };
    let found = disturbed(true, move |request, reply| {
        if is_bundle(request) {
            changed(reply)
        } else {
            reply
        }
    });
    assert!(found.unwrap()[0].contains("sends another blob"));
    let found = disturbed(true, move |request, reply| {
        if is_bundle(request) {
            Reply::status(404)
        } else {
            reply
        }
    });
    assert!(found.unwrap()[0].contains("has no blob"));
    // The manifest of the bundle is asked for by its digest, and so is the image.
    let found = disturbed(true, move |request, reply| {
        let is_attached = String::from_utf8_lossy(&reply.body).contains("artifactType");
        if request.path.contains("/manifests/sha256:") && is_attached {
            return changed(reply);
        }
        reply
    });
    assert!(found.unwrap()[0].contains("sends another manifest"));
    // The lists themselves.
    let found = disturbed(true, |request, reply| {
        if request.path.contains("/referrers/") {
            Reply::status(500)
        } else {
            reply
        }
    });
    assert!(found.unwrap_err().contains("status 500"));
    let found = disturbed(true, |request, reply| {
        if request.path.contains(".sig") {
            Reply::status(503)
        } else {
            reply
        }
    });
    assert!(found.unwrap_err().contains("status 503"));
    let reads = std::sync::atomic::AtomicUsize::new(0);
    let found = disturbed(false, move |request, reply| {
        let is_list = request.path.contains("/manifests/sha256-");
        // After it was written, and read again.
        if is_list && reads.fetch_add(1, std::sync::atomic::Ordering::SeqCst) > 1 {
            return Reply::of("{}");
        }
        reply
    });
    assert!(found.unwrap_err().contains("is damaged"));
}

#[test]
fn a_name_is_resolved_once() {
    // Another image at each look.
    let looks = std::sync::atomic::AtomicUsize::new(0);
    let server = Server::start(move |request| {
        let look = looks.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        if request.path.ends_with("/manifests/1") {
            return Reply::of(format!(r#"{{"layers":[],"look":{look}}}"#));
        }
        Reply::of(r#"{"layers":[],"look":99}"#)
    });
    let image = format!("{}/team/app:1", server.authority);
    let repository = repository(&image, &settings(), Access::Read);
    let first = repository.resolve().unwrap();
    let error = repository.describe(&first.digest).unwrap_err();
    assert!(
        matches!(error, RegistryError::WrongDigest { .. }),
        "{error}"
    );
    // What is no manifest is nothing to sign.
    for body in ["", "{}", "<html>", r#"{"layers":[],"manifests":[]}"#] {
        let server = Server::start(move |_| Reply::of(body));
        let image = format!("{}/team/app:1", server.authority);
        let resolved = self::repository(&image, &settings(), Access::Read).resolve();
        assert!(
            matches!(resolved, Err(RegistryError::NoManifest { .. })),
            "{body}"
        );
    }
}
