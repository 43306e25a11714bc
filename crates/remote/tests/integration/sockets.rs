//! Engines that listen at a socket of this machine.

use std::error::Error as _;

use linchpin_remote::{Engine, EngineSettings, open_engine_image};
use linchpin_source::{Limits, Source, SourceOptions};

use crate::image::{sha256, tar_of};
use crate::server::{Reply, Server};

/// An image as `docker save` writes it, layers before documents.
fn archive() -> Vec<u8> {
    let layer = tar_of(&[("wanted", b"1")]);
    let config = format!(
        r#"{{"os":"linux","architecture":"amd64","rootfs":{{"diff_ids":["{}"]}}}}"#,
        sha256(&layer)
    );
    tar_of(&[
        ("a/layer.tar", &layer),
        ("config.json", config.as_bytes()),
        (
            "manifest.json",
            br#"[{"Config":"config.json","RepoTags":["team/app:1"],"Layers":["a/layer.tar"]}]"#,
        ),
    ])
}

#[test]
fn an_image_is_fetched_through_the_socket() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("engine.sock");
    let server = Server::at_socket(&socket, |request| {
        if request.path.starts_with("/images/team/app:1/get") {
            Reply::of(archive())
        } else {
            Reply::status(404)
        }
    });
    for (engine, settings) in [
        (
            Engine::Docker,
            EngineSettings {
                docker_host: Some(format!("unix://{}", socket.display())),
                ..EngineSettings::default()
            },
        ),
        (
            Engine::Podman,
            EngineSettings {
                podman_sockets: vec![folder.path().join("none"), socket.clone()],
                ..EngineSettings::default()
            },
        ),
    ] {
        let open = |name, limits| {
            let options = SourceOptions {
                limits,
                ..SourceOptions::default()
            };
            open_engine_image(engine, name, &settings, options)
        };
        let image = open("team/app:1", Limits::default()).unwrap();
        assert_eq!(image.subject().name, "team/app:1");
        assert_eq!(image.subject().layers.len(), 1);
        let error = open("team/app:2/../x y", Limits::default()).unwrap_err();
        assert!(error.to_string().contains("has no image"), "{error}");
        let small = Limits {
            unpacked_bytes: 1000,
            ..Limits::default()
        };
        let error = open("team/app:1", small).unwrap_err();
        let cause = error.source().unwrap().to_string();
        assert!(cause.contains("larger than 1000 bytes"), "{cause}");
    }
    assert!(
        server
            .asked()
            .iter()
            .all(|request| !request.path.contains(' '))
    );
}

#[test]
fn an_engine_that_is_not_there_is_said() {
    let settings = EngineSettings {
        docker_host: Some("tcp://192.0.2.1:2375".into()),
        podman_sockets: vec!["/nonexistent/podman.sock".into()],
        ..EngineSettings::default()
    };
    let error = |engine| {
        open_engine_image(engine, "x", &settings, SourceOptions::default())
            .unwrap_err()
            .to_string()
    };
    assert!(error(Engine::Docker).contains("`tcp://192.0.2.1:2375` is not a socket"));
    assert!(error(Engine::Podman).contains("`/nonexistent/podman.sock`"));
}
