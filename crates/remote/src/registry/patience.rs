//! How long a server is waited for, and a body that comes too slowly.

use std::io::{self, Read};
use std::time::{Duration, Instant};

/// How long a server is waited for.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// Until a connection stands.
    pub connect: Duration,
    /// Until the answer begins.
    pub response: Duration,
    /// Until the next bytes of an answer come.
    pub silence: Duration,
    /// The time in which `least` bytes must come.
    pub window: Duration,
    /// Bytes that must come in each window.
    pub least: u64,
    /// How often in a row something is tried that brings nothing.
    pub tries: u32,
    /// The pause before the second try; it doubles each time.
    pub pause: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(20),
            response: Duration::from_secs(60),
            silence: Duration::from_secs(30),
            window: Duration::from_secs(60),
            least: 64 << 10,
            tries: 5,
            pause: Duration::from_millis(300),
        }
    }
}

impl Patience {
    /// The pause after so many tries.
    pub(super) fn pause_after(&self, tries: u32) -> Duration {
        let doubled = 1_u32
            .checked_shl(tries.saturating_sub(1))
            .unwrap_or(u32::MAX);
        self.pause
            .saturating_mul(doubled)
            .min(Duration::from_secs(20))
    }
}

/// A body that must not come drop by drop. Only the time spent waiting for it counts: a reader
/// may take as long as it likes with what has come.
#[derive(Debug)]
pub(super) struct Paced<R> {
    body: R,
    patience: Patience,
    waited: Duration,
    came: u64,
}

impl<R: Read> Paced<R> {
    pub(super) fn new(body: R, patience: Patience) -> Self {
        Self {
            body,
            patience,
            waited: Duration::ZERO,
            came: 0,
        }
    }
}

impl<R: Read> Read for Paced<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let begun = Instant::now();
        let count = self.body.read(buffer)?;
        self.waited += begun.elapsed();
        self.came += count as u64;
        if self.waited > self.patience.window {
            if self.came < self.patience.least && count > 0 {
                return Err(io::Error::new(
                    io::ErrorKind::TimedOut,
                    "its bytes come too slowly",
                ));
            }
            self.waited = Duration::ZERO;
            self.came = 0;
        }
        Ok(count)
    }
}
