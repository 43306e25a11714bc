//! The bytes of a blob. A connection that breaks is taken up again where it broke off.

use std::io::{self, Read};

use ureq::http::header::CONTENT_RANGE;
use ureq::{Body, BodyReader, http};

use super::patience::{Paced, Patience};
use super::registry_error::RegistryError;

/// A gain after which a broken connection does not count as a failure any more.
const GAIN: u64 = 1 << 20;
/// Most times that a connection is taken up again, whatever it brings.
const MOST_CONNECTIONS: u32 = 1000;

/// Asks for a blob from this byte on.
pub(super) type Ask = Box<dyn Fn(u64) -> Result<http::Response<Body>, RegistryError> + Send + Sync>;

/// Reads a blob from its first byte to its last.
pub(super) struct ResumingBody {
    ask: Ask,
    size: Option<u64>,
    patience: Patience,
    body: Option<Paced<BodyReader<'static>>>,
    position: u64,
    /// Where the body was when the last failure was counted.
    failed_at: u64,
    failures: u32,
    connections: u32,
}

impl ResumingBody {
    /// The bytes of an answer that has begun.
    pub(super) fn new(
        first: http::Response<Body>,
        ask: Ask,
        size: Option<u64>,
        patience: Patience,
    ) -> Self {
        let size = size.or_else(|| first.body().content_length());
        Self {
            ask,
            size,
            patience,
            body: Some(Paced::new(first.into_body().into_reader(), patience)),
            position: 0,
            failed_at: 0,
            failures: 0,
            connections: 1,
        }
    }

    /// Counts a failure; says whether another try makes sense, and waits before it.
    fn bear(&mut self) -> bool {
        self.body = None;
        if self.position >= self.failed_at.saturating_add(GAIN) {
            self.failures = 0;
        }
        self.failed_at = self.position;
        self.failures += 1;
        self.connections += 1;
        if self.failures >= self.patience.tries || self.connections > MOST_CONNECTIONS {
            return false;
        }
        std::thread::sleep(self.patience.pause_after(self.failures));
        true
    }

    /// Takes up again at the position that was reached.
    fn resume(&mut self) -> io::Result<()> {
        let answer = (self.ask)(self.position).map_err(io::Error::other)?;
        let starts_at = match answer.status().as_u16() {
            206 => answer
                .headers()
                .get(CONTENT_RANGE)
                .and_then(|range| range.to_str().ok())
                .and_then(first_byte)
                .ok_or_else(|| {
                    io::Error::other("the server sends a part and does not say which")
                })?,
            _ => 0,
        };
        let mut body = Paced::new(answer.into_body().into_reader(), self.patience);
        let missing = self
            .position
            .checked_sub(starts_at)
            .ok_or_else(|| io::Error::other("the server leaves out a part"))?;
        // A server that can not begin in the middle begins anew.
        let passed = io::copy(&mut (&mut body).take(missing), &mut io::sink())?;
        if passed < missing {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.body = Some(body);
        Ok(())
    }

    fn broken_off(&self, why: &dyn std::fmt::Display) -> io::Error {
        let of = self
            .size
            .map(|size| format!(" of {size}"))
            .unwrap_or_default();
        io::Error::other(format!(
            "the connection broke off after {}{of} bytes, and again each time that it was taken up: {why}",
            self.position
        ))
    }
}

impl Read for ResumingBody {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            let read = match &mut self.body {
                Some(body) => body.read(buffer),
                None => match self.resume() {
                    Ok(()) => continue,
                    Err(error) => Err(error),
                },
            };
            let why = match read {
                Ok(0) if self.size.is_some_and(|size| self.position < size) => {
                    "the server ends too early".to_owned()
                }
                Ok(count) => {
                    self.position += count as u64;
                    return Ok(count);
                }
                Err(error) => error.to_string(),
            };
            if !self.bear() {
                return Err(self.broken_off(&why));
            }
        }
    }
}

/// The first byte that `bytes 10-19/20` speaks of.
fn first_byte(range: &str) -> Option<u64> {
    range
        .trim()
        .strip_prefix("bytes")?
        .trim_start()
        .split('-')
        .next()?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::first_byte;

    #[test]
    fn a_range_says_where_it_begins() {
        assert_eq!(first_byte("bytes 10-19/20"), Some(10));
        assert_eq!(first_byte("bytes */20"), None);
        assert_eq!(first_byte("items 1-2/3"), None);
    }
}
