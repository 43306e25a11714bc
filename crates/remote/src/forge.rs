//! The API of a forge, and the service of the best-practices badge, in GitHub's form.
//!
//! The token goes to the forge alone: no answer may send us elsewhere, and without encryption nothing
//! leaves this machine.

use std::io::Read as _;
use std::time::Duration;

use ureq::Agent;
use ureq::http::{StatusCode, header};

use crate::client::{Attempt, failure, try_again};
use crate::{Address, FetchError, Secret};

/// The API of GitHub.
pub const PUBLIC_FORGE: &str = "https://api.github.com";

/// The OpenSSF Best Practices badge.
pub const PUBLIC_BADGES: &str = "https://www.bestpractices.dev";

/// Largest answer, in bytes.
const MOST_ANSWER: u64 = 16 << 20;

/// Asks a forge.
#[derive(Debug)]
pub struct ForgeClient {
    agent: Agent,
    forge: Address,
    badges: Address,
    token: Secret,
}

impl ForgeClient {
    /// A client that names itself as this version of the program, and proves by a token who asks.
    pub fn new(version: &str, forge: Address, badges: Address, token: Secret) -> Self {
        let agent = Agent::config_builder()
            .user_agent(format!("linchpin/{version}"))
            .timeout_connect(Some(Duration::from_secs(20)))
            .timeout_global(Some(Duration::from_secs(120)))
            .max_redirects(0)
            .http_status_as_error(false)
            .build()
            .new_agent();
        Self {
            agent,
            forge,
            badges,
            token,
        }
    }

    /// What is at a path of the forge. Nothing if it is not there, or not for us to see.
    pub fn get(&self, path: &str, query: &str) -> Result<Option<String>, FetchError> {
        self.fetch(&self.forge, path, query, Some(&self.token))
    }

    /// What the service of badges says of the address of a project.
    pub fn badge(&self, address: &str) -> Result<Option<String>, FetchError> {
        let query = format!("url={}", escaped(address));
        self.fetch(&self.badges, "projects.json", &query, None)
    }

    fn fetch(
        &self,
        base: &Address,
        path: &str,
        query: &str,
        token: Option<&Secret>,
    ) -> Result<Option<String>, FetchError> {
        let mut address = base.join(path);
        if !query.is_empty() {
            address.push('?');
            address.push_str(query);
        }
        try_again(|| self.fetch_once(&address, token))
    }

    fn fetch_once(&self, address: &str, token: Option<&Secret>) -> Result<Option<String>, Attempt> {
        let mut request = self
            .agent
            .get(address)
            .header(header::ACCEPT, "application/json");
        if let Some(token) = token {
            let value = format!("Bearer {}", token.reveal());
            request = request.header(header::AUTHORIZATION, value);
        }
        let response = request
            .call()
            .map_err(|error| Attempt::of(address, error))?;
        let status = response.status();
        let is_spent = response
            .headers()
            .get("x-ratelimit-remaining")
            .is_some_and(|left| left.as_bytes() == b"0");
        let never = |reason: &str| Err(Attempt::Never(failure(address, reason)));
        match status {
            StatusCode::OK => {}
            StatusCode::UNAUTHORIZED => return never("the token is not accepted"),
            StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS if is_spent => {
                return never("the token has asked too often; try again in an hour");
            }
            StatusCode::FORBIDDEN | StatusCode::NOT_FOUND => return Ok(None),
            _ if status.is_redirection() => {
                return never("the server sends us elsewhere; the repository may have a new name");
            }
            _ => {
                return Err(Attempt::of(
                    address,
                    ureq::Error::StatusCode(status.as_u16()),
                ));
            }
        }
        let mut text = Vec::new();
        let mut body = response.into_body().into_reader().take(MOST_ANSWER + 1);
        body.read_to_end(&mut text)
            .map_err(|error| Attempt::Later(failure(address, &error.to_string())))?;
        if text.len() as u64 > MOST_ANSWER {
            return Err(Attempt::Never(FetchError::TooLarge {
                address: address.to_owned(),
                most: MOST_ANSWER,
            }));
        }
        Ok(Some(String::from_utf8_lossy(&text).into_owned()))
    }
}

/// A text as a value of a query.
fn escaped(text: &str) -> String {
    use std::fmt::Write as _;
    let mut escaped = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}
