//! Images that a container engine of this machine has.
//!
//! Docker and Podman write an image as an archive over their socket, in the interface of
//! <https://docs.docker.com/reference/api/engine/>; which of its parts comes first is not known, so
//! it is kept in a temporary file without a name while it is read. containerd is asked through its
//! own client `ctr`, which writes the same archive: its interface is gRPC, and its files change
//! while they are read. Engines on other machines are not asked.

mod engine_error;
mod exporter;
mod spool;
mod unix_socket;

pub use engine_error::EngineError;

use std::path::PathBuf;

use linchpin_source::{ImageSource, SourceOptions};

use crate::registry::{ImageReference, Patience};
use spool::Spool;
use unix_socket::Socket;

/// A container engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Docker, or what speaks like it.
    Docker,
    /// Podman.
    Podman,
    /// containerd.
    Containerd,
}

impl Engine {
    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Docker => "Docker",
            Self::Podman => "Podman",
            Self::Containerd => "containerd",
        }
    }
}

/// Where engines listen.
#[derive(Debug, Clone, Default)]
pub struct EngineSettings {
    /// `DOCKER_HOST`.
    pub docker_host: Option<String>,
    /// `CONTAINER_HOST`, which is Podman's.
    pub podman_host: Option<String>,
    /// Docker's sockets; the first that is there counts.
    pub docker_sockets: Vec<PathBuf>,
    /// Podman's sockets; the first that is there counts.
    pub podman_sockets: Vec<PathBuf>,
    /// `CONTAINERD_NAMESPACE`.
    pub containerd_namespace: Option<String>,
    /// How long to wait.
    pub patience: Patience,
}

/// Opens an image that an engine has.
///
/// # Errors
/// If the engine does not listen, or has no such image.
pub fn open_engine_image(
    engine: Engine,
    image: &str,
    settings: &EngineSettings,
    options: SourceOptions,
) -> Result<ImageSource, EngineError> {
    let most = options.limits.unpacked_bytes;
    let spool = match engine {
        Engine::Docker | Engine::Podman => {
            let socket = find_socket(engine, settings)?;
            let body = unix_socket::export(engine, &socket, image, settings.patience)?;
            Spool::fill(body, most).map_err(|source| EngineError::Broken { engine, source })?
        }
        Engine::Containerd => {
            let full = match image.parse::<ImageReference>() {
                Ok(reference) => reference.to_string(),
                Err(_) => image.to_owned(),
            };
            exporter::export(&full, settings.containerd_namespace.as_deref(), most)?
        }
    };
    ImageSource::open_archive(image, spool.into_file(), options)
        .map_err(|source| EngineError::Unreadable { engine, source })
}

fn find_socket(engine: Engine, settings: &EngineSettings) -> Result<Socket, EngineError> {
    let (host, sockets) = match engine {
        Engine::Podman => (&settings.podman_host, &settings.podman_sockets),
        _ => (&settings.docker_host, &settings.docker_sockets),
    };
    if let Some(host) = host.as_deref().filter(|host| !host.is_empty()) {
        return Socket::parse(host).ok_or_else(|| EngineError::UnsupportedHost {
            host: host.chars().take(200).collect(),
        });
    }
    sockets
        .iter()
        .find(|path| path.exists())
        .map(|path| Socket(path.clone()))
        .ok_or_else(|| EngineError::NoSocket {
            engine,
            tried: sockets
                .iter()
                .map(|path| format!("`{}`", path.display()))
                .collect::<Vec<_>>()
                .join(", "),
        })
}
