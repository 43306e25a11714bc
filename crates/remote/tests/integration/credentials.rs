//! Who is told who we are, and who is not.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use linchpin_remote::{CredentialFiles, RegistrySettings};

use crate::image::{Contents, read, settings, tar_of};
use crate::server::{Reply, Request, Server};

/// `user:sesame` as it is sent.
const BASIC: &str = "Basic dXNlcjpzZXNhbWU=";
const SECRETS: &[&str] = &[
    "sesame",
    "c2VzYW1l",
    "dXNlcjpzZXNhbWU",
    "token-of-",
    "identity-of-",
];

fn simple() -> Contents {
    Contents::of_layers(&[tar_of(&[("wanted", b"1")]), tar_of(&[("x", b"2")])])
}

fn with_file(folder: &Path, content: &str) -> RegistrySettings {
    let file = folder.join("config.json");
    std::fs::write(&file, content).unwrap();
    RegistrySettings {
        credentials: CredentialFiles {
            files: vec![folder.join("missing.json"), file],
        },
        ..settings()
    }
}

fn keeps_secrets(text: &str) {
    for secret in SECRETS {
        assert!(!text.contains(secret), "{text}");
    }
}

/// A registry that asks for the password of `user`.
fn basic_registry() -> Server {
    let contents = simple();
    Server::start(move |request| match request.header("authorization") {
        Some(BASIC) => contents.answer(request),
        _ => Reply::status(401).with("WWW-Authenticate", "Basic realm=\"x\""),
    })
}

#[test]
fn a_password_is_sent_when_it_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let server = basic_registry();
    let entry = format!(
        r#"{{"auths":{{"{}":{{"auth":"dXNlcjpzZXNhbWU="}}}}}}"#,
        server.authority
    );
    let settings = with_file(folder.path(), &entry);
    assert!(read(&format!("{}/x:1", server.authority), &settings).is_ok());
    // Asked for once, known from then on.
    let without = server
        .asked()
        .iter()
        .filter(|request| request.header("authorization").is_none())
        .count();
    assert_eq!(without, 1);
    keeps_secrets(&format!("{settings:?}"));
}

#[test]
fn wrong_and_missing_passwords_are_told_apart_and_not_shown() {
    let folder = tempfile::tempdir().unwrap();
    let server = basic_registry();
    let name = format!("{}/x:1", server.authority);
    let error = read(&name, &settings()).unwrap_err();
    assert!(error.contains("asks for credentials"), "{error}");
    let entry = format!(
        r#"{{"auths":{{"{}":{{"username":"user","password":"sesame-street"}}}}}}"#,
        server.authority
    );
    let error = read(&name, &with_file(folder.path(), &entry)).unwrap_err();
    assert!(error.contains("refuses the credentials of"), "{error}");
    keeps_secrets(&error);
    let error = read(&name, &with_file(folder.path(), "{\"auths\": sesame")).unwrap_err();
    assert!(error.contains("no valid file of credentials"), "{error}");
    keeps_secrets(&error);
}

/// A server of tokens, each of them good for so many requests, and the registry that sends us there.
fn token_registry(good_for: usize) -> (Server, Server) {
    let tokens = Server::start(|request: &Request| {
        let known = match request.method.as_str() {
            "POST" => request.body.contains("refresh_token=identity-of-user"),
            _ => matches!(request.header("authorization"), Some(BASIC) | None),
        };
        if !known {
            return Reply::status(401);
        }
        let name = if request.method == "POST" {
            "access_token"
        } else {
            "token"
        };
        Reply::of(format!(r#"{{"{name}":"token-of-service"}}"#))
    });
    let contents = simple();
    let realm = format!("http://{}/auth/token", tokens.authority);
    let left = AtomicUsize::new(0);
    let registry = Server::start(move |request| {
        let told = request.header("authorization") == Some("Bearer token-of-service");
        // Whoever comes without a good token has to get a new one.
        let good = left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
            left.checked_sub(1)
        });
        if told && good.is_ok() {
            return contents.answer(request);
        }
        left.store(good_for, Ordering::SeqCst);
        Reply::status(401).with(
            "WWW-Authenticate",
            format!(
                r#"Bearer realm="{realm}",service="the service",scope="repository:other:push""#
            ),
        )
    });
    (registry, tokens)
}

#[test]
fn a_token_is_fetched_and_used_again() {
    let folder = tempfile::tempdir().unwrap();
    for (file, user) in [
        ("{}".to_owned(), false),
        (
            r#"{"auths":{"HOST":{"auth":"dXNlcjpzZXNhbWU="}}}"#.to_owned(),
            true,
        ),
    ] {
        let (registry, tokens) = token_registry(100);
        let file = file.replace("HOST", &registry.authority);
        let settings = with_file(folder.path(), &file);
        read(&format!("{}/team/x:1", registry.authority), &settings).unwrap();
        let asked = tokens.asked();
        assert_eq!(asked.len(), 1);
        // We say ourselves what we want, whatever the registry proposes.
        assert!(asked[0].path.starts_with(
            "/auth/token?service=the%20service&scope=repository%3Ateam%2Fx%3Apull&client_id=linchpin"
        ), "{}", asked[0].path);
        assert_eq!(asked[0].header("authorization").is_some(), user);
        assert!(
            registry
                .asked()
                .iter()
                .all(|request| request.header("authorization") != Some(BASIC))
        );
    }
}

#[test]
fn a_token_that_has_run_out_is_replaced() {
    let (registry, tokens) = token_registry(2);
    read(&format!("{}/x:1", registry.authority), &settings()).unwrap();
    assert!(tokens.asked().len() >= 2);
}

#[test]
fn an_identity_token_is_posted() {
    let folder = tempfile::tempdir().unwrap();
    let (registry, tokens) = token_registry(100);
    let file = format!(
        r#"{{"auths":{{"{}":{{"identitytoken":"identity-of-user"}}}}}}"#,
        registry.authority
    );
    read(
        &format!("{}/x:1", registry.authority),
        &with_file(folder.path(), &file),
    )
    .unwrap();
    let asked = tokens.asked();
    assert_eq!((asked.len(), asked[0].method.as_str()), (1, "POST"));
    assert!(
        asked[0]
            .body
            .starts_with("grant_type=refresh_token&service=the%20service&")
    );
    assert!(!asked[0].path.contains("identity"));
}

#[test]
fn other_hosts_are_not_told_who_we_are() {
    let folder = tempfile::tempdir().unwrap();
    let contents = simple();
    let storage = {
        let contents = contents.clone();
        Server::start(move |request| contents.answer(request))
    };
    let elsewhere = storage.authority.clone();
    let registry = Server::start(move |request| match request.header("authorization") {
        Some(BASIC) if request.path.contains("/blobs/") => {
            Reply::redirect(format!("http://{elsewhere}{}", request.path))
        }
        Some(BASIC) => contents.answer(request),
        _ => Reply::status(401).with("WWW-Authenticate", "Basic"),
    });
    let entry = format!(
        r#"{{"auths":{{"{}":{{"auth":"dXNlcjpzZXNhbWU="}}}}}}"#,
        registry.authority
    );
    let settings = with_file(folder.path(), &entry);
    read(&format!("{}/x:1", registry.authority), &settings).unwrap();
    assert_eq!(storage.asked().len(), 3);
    assert!(
        storage
            .asked()
            .iter()
            .all(|request| request.header("authorization").is_none())
    );
}

#[test]
fn a_server_of_tokens_without_encryption_elsewhere_is_not_told_anything() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(|_| {
        Reply::status(401).with(
            "WWW-Authenticate",
            r#"Bearer realm="http://192.0.2.1/token""#,
        )
    });
    let entry = format!(
        r#"{{"auths":{{"{}":{{"auth":"dXNlcjpzZXNhbWU="}}}}}}"#,
        server.authority
    );
    let error = read(
        &format!("{}/x:1", server.authority),
        &with_file(folder.path(), &entry),
    )
    .unwrap_err();
    assert!(error.contains("not encrypted"), "{error}");
}

#[test]
fn helpers_that_can_not_be_run_are_said() {
    let folder = tempfile::tempdir().unwrap();
    let server = basic_registry();
    let name = format!("{}/x:1", server.authority);
    for (helper, reason) in [
        ("../helper", "is no name of a helper"),
        ("linchpin-nowhere", "can not be run"),
    ] {
        let file = format!(r#"{{"credsStore":"{helper}"}}"#);
        let error = read(&name, &with_file(folder.path(), &file)).unwrap_err();
        assert!(error.contains(reason), "{error}");
    }
}
