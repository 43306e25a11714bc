//! HTTP over a socket of this machine.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;

use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, LazyBuffers, NextTimeout, Transport,
};
use ureq::{Agent, Error};

use super::{Engine, EngineError};
use crate::registry::{Patience, escaped};

/// The place of a socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Socket(pub(super) PathBuf);

impl Socket {
    /// Reads `unix:///path`, as environment variables have it.
    pub(super) fn parse(host: &str) -> Option<Self> {
        let path = host.strip_prefix("unix://")?;
        path.starts_with('/').then(|| Self(path.into()))
    }
}

/// Asks an engine for an image as an archive; gives the archive while it comes.
pub(super) fn export(
    engine: Engine,
    socket: &Socket,
    image: &str,
    patience: Patience,
) -> Result<impl Read, EngineError> {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .proxy(None)
        .timeout_connect(Some(patience.connect))
        // An engine puts the archive together before it sends the first byte.
        .timeout_per_read(Some(patience.silence.saturating_mul(10)))
        .build();
    let agent = Agent::with_parts(
        config,
        UnixConnector(socket.clone()),
        DefaultResolver::default(),
    );
    // The name's slashes and colons are part of the path, everything else is escaped.
    let path = escaped(image)
        .replace("%2F", "/")
        .replace("%3A", ":")
        .replace("%40", "@");
    let answer = agent
        .get(format!("http://127.0.0.1/images/{path}/get"))
        .call()
        .map_err(|error| EngineError::Unreachable {
            engine,
            reason: format!("`{}`: {error}", socket.0.display()),
        })?;
    match answer.status().as_u16() {
        200 => Ok(answer.into_body().into_reader()),
        404 => Err(EngineError::NotFound {
            engine,
            image: image.to_owned(),
        }),
        status => Err(EngineError::Status { engine, status }),
    }
}

/// Connects to the socket, whatever the address says.
#[derive(Debug)]
struct UnixConnector(Socket);

impl Connector<()> for UnixConnector {
    type Out = UnixTransport;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        _chained: Option<()>,
    ) -> Result<Option<UnixTransport>, Error> {
        let stream = UnixStream::connect(&self.0.0)?;
        let config = details.config;
        Ok(Some(UnixTransport {
            stream,
            buffers: LazyBuffers::new(config.input_buffer_size(), config.output_buffer_size()),
        }))
    }
}

/// One connection.
#[derive(Debug)]
struct UnixTransport {
    stream: UnixStream,
    buffers: LazyBuffers,
}

fn timed(error: std::io::Error, timeout: NextTimeout) -> Error {
    match error.kind() {
        std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut => {
            Error::Timeout(timeout.reason)
        }
        _ => error.into(),
    }
}

impl Transport for UnixTransport {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        let timeout = timeout.for_write();
        self.stream
            .set_write_timeout(timeout.not_zero().map(|time| *time))?;
        let output = self.buffers.output().get(..amount).unwrap_or_default();
        self.stream
            .write_all(output)
            .map_err(|error| timed(error, timeout))
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        let timeout = timeout.for_read();
        self.stream
            .set_read_timeout(timeout.not_zero().map(|time| *time))?;
        let input = self.buffers.input_append_buf();
        let count = loop {
            match self.stream.read(input) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                read => break read.map_err(|error| timed(error, timeout))?,
            }
        };
        self.buffers.input_appended(count);
        Ok(count > 0)
    }

    fn is_open(&mut self) -> bool {
        // One request is made; no connection is kept.
        false
    }
}
