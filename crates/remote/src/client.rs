//! One HTTP client with caps and retries.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::Path;
use std::time::Duration;

use linchpin_model::Timestamp;
use ureq::Agent;
use ureq::http::header;

use crate::Address;
use crate::download::{Download, Partial};

/// Most bytes of one file; the largest archive of the public bucket has about 200 MiB.
pub(crate) const MOST_BYTES: u64 = 4 << 30;
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

    fn agent(&self, base: &Address) -> &Agent {
        if base.is_encrypted() {
            &self.encrypted
        } else {
            &self.local
        }
    }

    /// Fetches a file below an address into a temporary file, which vanishes when it is closed.
    pub fn fetch(&self, base: &Address, path: &str) -> Result<File, FetchError> {
        let address = base.join(path);
        try_again(|| fetch_once(self.agent(base), &address))
    }

    /// Reads a file below an address from its beginning, while it comes in.
    pub fn stream(&self, base: &Address, path: &str) -> Result<Box<dyn Read + Send>, FetchError> {
        let address = base.join(path);
        try_again(|| {
            let body = get(self.agent(base), &address)?
                .into_with_config()
                .limit(MOST_BYTES)
                .reader();
            Ok(Box::new(body) as Box<dyn Read + Send>)
        })
    }

    /// When a file below an address was last changed, as the server says: `Last-Modified`. Nothing if
    /// it does not say.
    pub fn modified(&self, base: &Address, path: &str) -> Result<Option<Timestamp>, FetchError> {
        let address = base.join(path);
        try_again(|| {
            let response = self
                .agent(base)
                .head(&address)
                .call()
                .map_err(|error| Attempt::of(&address, error))?;
            let stated = response.headers().get(header::LAST_MODIFIED);
            Ok(stated
                .filter(|_| response.status().is_success())
                .and_then(|text| moment(text.to_str().ok()?)))
        })
    }

    /// Fetches a file below an address, unless it is the version that is known. What was fetched
    /// before a connection broke is kept in the folder, also for another time.
    pub fn download(
        &self,
        base: &Address,
        path: &str,
        known: Option<&str>,
        folder: &Path,
    ) -> Result<Download, FetchError> {
        let mut partial =
            Partial::open(folder, &base.join(path)).map_err(FetchError::Unwritable)?;
        let fetched = try_again(|| partial.fetch(self.agent(base), known))?;
        if fetched.is_none() {
            return Ok(Download::Unchanged);
        }
        let (file, version) = partial.finish().map_err(FetchError::Unwritable)?;
        Ok(Download::File { file, version })
    }
}

/// A moment as servers write it, `Sun, 06 Nov 1994 08:49:37 GMT`:
/// <https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7>. The two other forms are obsolete.
fn moment(text: &str) -> Option<Timestamp> {
    let local = text.trim().strip_suffix(" GMT")?;
    Timestamp::strptime("%a, %d %b %Y %H:%M:%S %z", format!("{local} +0000")).ok()
}

/// Tries again where that may help.
pub(crate) fn try_again<T>(
    mut attempt: impl FnMut() -> Result<T, Attempt>,
) -> Result<T, FetchError> {
    let mut pause = Duration::from_millis(500);
    let mut tries = 1;
    loop {
        match attempt() {
            Err(Attempt::Later(_)) if tries < TRIES => {
                std::thread::sleep(pause);
                pause *= 4;
                tries += 1;
            }
            Err(Attempt::Later(error) | Attempt::Never(error)) => return Err(error),
            Ok(value) => return Ok(value),
        }
    }
}

/// A failed attempt, and whether another one may succeed.
pub(crate) enum Attempt {
    Later(FetchError),
    Never(FetchError),
}

impl Attempt {
    /// What an error of the client means.
    pub(crate) fn of(address: &str, error: ureq::Error) -> Self {
        match error {
            ureq::Error::StatusCode(404) => Self::Never(FetchError::NotFound {
                address: address.to_owned(),
            }),
            ureq::Error::StatusCode(status) if status < 500 && status != 429 => Self::Never(
                failure(address, &format!("the server answers with status {status}")),
            ),
            ureq::Error::HostNotFound
            | ureq::Error::BadUri(_)
            | ureq::Error::RequireHttpsOnly(_) => Self::Never(failure(address, &error.to_string())),
            other => Self::Later(failure(address, &other.to_string())),
        }
    }
}

pub(crate) fn failure(address: &str, reason: &str) -> FetchError {
    FetchError::Failed {
        address: address.to_owned(),
        reason: reason.to_owned(),
    }
}

fn get(agent: &Agent, address: &str) -> Result<ureq::Body, Attempt> {
    let response = agent
        .get(address)
        .call()
        .map_err(|error| Attempt::of(address, error))?;
    if response.status().is_redirection() {
        return Err(Attempt::Never(failure(
            address,
            "the server sends us elsewhere",
        )));
    }
    Ok(response.into_body())
}

fn fetch_once(agent: &Agent, address: &str) -> Result<File, Attempt> {
    let body = get(agent, address)?;
    let mut file =
        tempfile::tempfile().map_err(|error| Attempt::Never(FetchError::Unwritable(error)))?;
    let mut body = body
        .into_with_config()
        .limit(MOST_BYTES + 1)
        .reader()
        .take(MOST_BYTES + 1);
    let count = io::copy(&mut body, &mut file)
        .map_err(|error| Attempt::Later(failure(address, &error.to_string())))?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_of_servers_are_read_in_their_one_form() {
        assert_eq!(
            moment("Sun, 06 Nov 1994 08:49:37 GMT"),
            Some("1994-11-06T08:49:37Z".parse().unwrap())
        );
        for wrong in [
            "",
            "GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            "Sun, 06 Nov 1994 08:49:37 +0100",
            "Sun, 66 Nov 1994 08:49:37 GMT",
        ] {
            assert_eq!(moment(wrong), None, "{wrong}");
        }
    }
}
