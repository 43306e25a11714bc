//! Why an image can not be had from a container engine.

use std::io;

use linchpin_source::SourceError;

use super::Engine;

/// Why an image can not be had from a container engine.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// It does not listen where it usually does.
    #[error(
        "{} does not listen here; tried: {tried}\n\
         hint: is it running? `DOCKER_HOST` and `CONTAINER_HOST` say where else it listens", .engine.name()
    )]
    NoSocket {
        /// The engine.
        engine: Engine,
        /// Where we looked.
        tried: String,
    },
    /// It listens in a way that we do not speak.
    #[error("`{host}` is not a socket of this machine; write unix:///path")]
    UnsupportedHost {
        /// What the environment says.
        host: String,
    },
    /// Its socket can not be used.
    #[error("{} can not be asked: {reason}", .engine.name())]
    Unreachable {
        /// The engine.
        engine: Engine,
        /// Why, as the client says it.
        reason: String,
    },
    /// It has no such image.
    #[error("{} has no image `{image}`\nhint: `registry:{image}` reads it from its registry", .engine.name())]
    NotFound {
        /// The engine.
        engine: Engine,
        /// The image.
        image: String,
    },
    /// It answers with an error.
    #[error("{} answers with status {status}", .engine.name())]
    Status {
        /// The engine.
        engine: Engine,
        /// The status.
        status: u16,
    },
    /// Its answer breaks off, or can not be kept.
    #[error("the image that {} sends can not be kept", .engine.name())]
    Broken {
        /// The engine.
        engine: Engine,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// What it sends is no image.
    #[error("the image that {} sends can not be read", .engine.name())]
    Unreadable {
        /// The engine.
        engine: Engine,
        /// Why not.
        #[source]
        source: SourceError,
    },
}
