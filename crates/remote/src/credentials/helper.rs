//! Programs that keep credentials: `docker-credential-NAME get` reads a registry from its
//! standard input and writes a user and a secret.
//!
//! Protocol: <https://github.com/docker/docker-credential-helpers>. A helper is found by the
//! search path, as Docker finds it; a name with anything but letters, digits, `.`, `_` and `-` is
//! refused.

#![expect(
    clippy::disallowed_methods,
    reason = "credential helpers are programs, and this is the only place that runs them"
)]

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde::Deserialize;

use super::{CredentialError, Credentials, Secret};

/// How long a helper may take; some ask the user to unlock something.
const PATIENCE: Duration = Duration::from_secs(60);
/// Most bytes of an answer.
const MOST_BYTES: u64 = 1 << 20;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    #[serde(default)]
    username: String,
    secret: String,
}

/// Asks a helper for the credentials of a registry; nothing if it has none.
pub(super) fn ask(
    name: &str,
    server: &str,
    named_by: &Path,
) -> Result<Option<Credentials>, CredentialError> {
    let failed = |reason: String| CredentialError::Helper {
        name: name.chars().take(100).collect(),
        path: named_by.to_path_buf(),
        reason,
    };
    let right = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    if !name.bytes().all(right) {
        return Err(failed("is no name of a helper".to_owned()));
    }
    let mut child = Command::new(format!("docker-credential-{name}"))
        .arg("get")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| failed(format!("can not be run: {error}")))?;
    if let Some(mut input) = child.stdin.take() {
        // A helper that does not read what it is asked will not answer either.
        let _ = input.write_all(server.as_bytes());
    }
    let output = child.stdout.take();
    let reading = std::thread::spawn(move || {
        let mut answer = Vec::new();
        if let Some(output) = output {
            let _ = output.take(MOST_BYTES).read_to_end(&mut answer);
        }
        answer
    });
    let succeeded = wait(&mut child).map_err(failed)?;
    let answer = reading.join().unwrap_or_default();
    if !succeeded {
        // What it says is not repeated unless it is the one sentence that means "none".
        return if String::from_utf8_lossy(&answer).contains("credentials not found") {
            Ok(None)
        } else {
            Err(failed("fails".to_owned()))
        };
    }
    let answer: Answer = serde_json::from_slice(&answer)
        .map_err(|_| failed("answers in no known form".to_owned()))?;
    Ok(Some(if answer.username == "<token>" {
        Credentials::Identity(Secret::new(answer.secret))
    } else {
        Credentials::Password {
            user: answer.username,
            password: Secret::new(answer.secret),
        }
    }))
}

/// Whether the program ends well. One that takes too long is ended.
fn wait(child: &mut Child) -> Result<bool, String> {
    let begun = Instant::now();
    let mut pause = Duration::from_millis(2);
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status.success()),
            Ok(None) if begun.elapsed() < PATIENCE => {
                std::thread::sleep(pause);
                pause = (pause * 2).min(Duration::from_millis(100));
            }
            Ok(None) => {
                let _ = child.kill();
                let _ = child.wait();
                return Err("does not answer in time".to_owned());
            }
            Err(error) => return Err(format!("can not be waited for: {error}")),
        }
    }
}
