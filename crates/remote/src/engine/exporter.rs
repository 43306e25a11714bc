//! Asks containerd for an image, through its own client.

#![expect(
    clippy::disallowed_methods,
    reason = "this is the only place that runs containerd's client"
)]

use std::io::Read;
use std::process::{Command, Stdio};

use super::spool::Spool;
use super::{Engine, EngineError};

/// Most bytes of complaints that are shown.
const MOST_COMPLAINTS: u64 = 4 << 10;

/// The image as an archive.
pub(super) fn export(
    image: &str,
    namespace: Option<&str>,
    most: u64,
) -> Result<Spool, EngineError> {
    let engine = Engine::Containerd;
    let unreachable = |reason: String| EngineError::Unreachable { engine, reason };
    let mut command = Command::new("ctr");
    if let Some(namespace) = namespace {
        command.arg("--namespace").arg(namespace);
    }
    let mut child = command
        .args(["images", "export", "-", "--"])
        .arg(image)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| unreachable(format!("its client `ctr` can not be run: {error}")))?;
    let complaints = child.stderr.take().map(|complaints| {
        std::thread::spawn(move || {
            let mut text = String::new();
            let _ = complaints.take(MOST_COMPLAINTS).read_to_string(&mut text);
            text
        })
    });
    let filled = match child.stdout.take() {
        Some(output) => Spool::fill(output, most),
        None => Err(std::io::ErrorKind::BrokenPipe.into()),
    };
    if filled.is_err() {
        let _ = child.kill();
    }
    let status = child
        .wait()
        .map_err(|error| unreachable(error.to_string()))?;
    let complaint = complaints
        .and_then(|listening| listening.join().ok())
        .unwrap_or_default();
    let spool = filled.map_err(|source| EngineError::Broken { engine, source })?;
    if status.success() {
        return Ok(spool);
    }
    if complaint.contains("not found") {
        return Err(EngineError::NotFound {
            engine,
            image: image.to_owned(),
        });
    }
    Err(unreachable(complaint.trim().to_owned()))
}
