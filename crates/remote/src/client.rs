//! One HTTP client with caps and retries.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::time::Duration;

use ureq::Agent;

use crate::Address;

/// Most bytes of one file; the largest archive of the public bucket has about 200 MiB.
const MOST_BYTES: u64 = 4 << 30;
/// How often a fetch that may succeed later is tried.
const TRIES: u32 = 3;

/// Fetches files.
#[derive(Debug, Clone)]
pub struct Client {
    encrypted: Agent,
    local: Agent,
}

/// Why a file could not be fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The server says that there is no such file.
    #[error("`{address}` does not exist")]
    NotFound {
        /// The address.
        address: String,
    },
    /// The server refuses, or nobody answers.
    #[error("`{address}` could not be fetched: {reason}")]
    Failed {
        /// The address.
        address: String,
        /// Why, as the client says it.
        reason: String,
    },
    /// The file is larger than any honest one.
    #[error("`{address}` is larger than {most} bytes")]
    TooLarge {
        /// The address.
        address: String,
        /// The cap.
        most: u64,
    },
    /// What was fetched could not be kept.
    #[error("a temporary file could not be written")]
    Unwritable(#[source] io::Error),
}

impl Client {
    /// A client that names itself to servers as this version of the program.
    pub fn new(version: &str) -> Self {
        let configure = || {
            Agent::config_builder()
                .user_agent(format!("linchpin/{version}"))
                .timeout_connect(Some(Duration::from_secs(20)))
                .timeout_recv_response(Some(Duration::from_secs(60)))
                .timeout_global(Some(Duration::from_secs(30 * 60)))
        };
        let encrypted = configure().https_only(true).max_redirects(5).build();
        // Nothing on this machine may send us elsewhere.
        let local = configure().max_redirects(0).proxy(None).build();
        Self {
            encrypted: encrypted.new_agent(),
            local: local.new_agent(),
        }
    }

    /// Fetches a file below an address into a temporary file, which vanishes when it is closed.
    pub fn fetch(&self, base: &Address, path: &str) -> Result<File, FetchError> {
        let address = base.join(path);
        let agent = if base.is_encrypted() {
            &self.encrypted
        } else {
            &self.local
        };
        let mut pause = Duration::from_millis(500);
        let mut tries = 1;
        loop {
            match fetch_once(agent, &address) {
                Err(Attempt::Later(_)) if tries < TRIES => {
                    std::thread::sleep(pause);
                    pause *= 4;
                    tries += 1;
                }
                Err(Attempt::Later(error) | Attempt::Never(error)) => return Err(error),
                Ok(file) => return Ok(file),
            }
        }
    }
}

/// A failed attempt, and whether another one may succeed.
enum Attempt {
    Later(FetchError),
    Never(FetchError),
}

fn fetch_once(agent: &Agent, address: &str) -> Result<File, Attempt> {
    let failed = |error: &dyn std::fmt::Display| FetchError::Failed {
        address: address.to_owned(),
        reason: error.to_string(),
    };
    let response = agent.get(address).call().map_err(|error| match error {
        ureq::Error::StatusCode(404) => Attempt::Never(FetchError::NotFound {
            address: address.to_owned(),
        }),
        ureq::Error::StatusCode(status) if status < 500 && status != 429 => {
            Attempt::Never(failed(&format!("the server answers with status {status}")))
        }
        ureq::Error::HostNotFound | ureq::Error::BadUri(_) | ureq::Error::RequireHttpsOnly(_) => {
            Attempt::Never(failed(&error))
        }
        other => Attempt::Later(failed(&other)),
    })?;
    if response.status().is_redirection() {
        return Err(Attempt::Never(failed(&"the server sends us elsewhere")));
    }
    let mut file =
        tempfile::tempfile().map_err(|error| Attempt::Never(FetchError::Unwritable(error)))?;
    let mut body = response
        .into_body()
        .into_with_config()
        .limit(MOST_BYTES + 1)
        .reader()
        .take(MOST_BYTES + 1);
    let count = io::copy(&mut body, &mut file).map_err(|error| Attempt::Later(failed(&error)))?;
    if count > MOST_BYTES {
        return Err(Attempt::Never(FetchError::TooLarge {
            address: address.to_owned(),
            most: MOST_BYTES,
        }));
    }
    file.rewind()
        .map_err(|error| Attempt::Never(FetchError::Unwritable(error)))?;
    Ok(file)
}
