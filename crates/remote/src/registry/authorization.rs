//! What is sent with a request so that it is answered: a password, or a token that was fetched
//! with one.

use std::io::Read;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use ureq::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use ureq::http::{HeaderValue, Method};

use super::agents::{Agents, NoAnswer, Sent};
use super::location::{Location, escaped};
use super::patience::{Paced, Patience};
use super::registry_error::RegistryError;
use crate::credentials::{Credentials, Found};

/// Largest answer of a server of tokens.
const MOST_BYTES: u64 = 1 << 20;
/// Who asks for tokens.
const CLIENT: &str = "linchpin";

/// What is sent with a request. Its `Debug` shows no secret: the header is marked as sensitive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Authorization {
    header: HeaderValue,
    from: Option<PathBuf>,
}

impl Authorization {
    fn new(text: &str, from: Option<PathBuf>) -> Option<Self> {
        let mut header = HeaderValue::from_str(text).ok()?;
        header.set_sensitive(true);
        Some(Self { header, from })
    }

    /// Credentials as they are sent to a registry without tokens, or to a server of tokens.
    pub(super) fn of_credentials(found: &Found) -> Option<Self> {
        let text = match &found.credentials {
            Credentials::Password { user, password } => {
                let pair = format!("{user}:{}", password.reveal());
                format!("Basic {}", STANDARD.encode(pair))
            }
            Credentials::Identity(token) | Credentials::Bearer(token) => {
                format!("Bearer {}", token.reveal())
            }
        };
        Self::new(&text, Some(found.from.clone()))
    }

    /// The value of the header.
    pub(super) fn header(&self) -> HeaderValue {
        self.header.clone()
    }

    /// The file that the credentials come from, if there were any.
    pub(super) fn from(&self) -> Option<&Path> {
        self.from.as_deref()
    }
}

/// What a server of tokens is asked.
#[derive(Debug)]
pub(super) struct TokenRequest<'a> {
    pub(super) registry: &'a str,
    pub(super) server: &'a Location,
    pub(super) verify: bool,
    pub(super) service: Option<&'a str>,
    pub(super) scope: &'a str,
    pub(super) found: Option<Found>,
    pub(super) patience: Patience,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    token: Option<String>,
    #[serde(default)]
    access_token: Option<String>,
}

impl TokenRequest<'_> {
    /// Fetches a token.
    pub(super) fn send(self, agents: &Agents) -> Result<Authorization, RegistryError> {
        if let Some(found) = &self.found
            && matches!(found.credentials, Credentials::Bearer(_))
        {
            return Authorization::of_credentials(found)
                .ok_or_else(|| self.failed("can not be asked with such a token".to_owned()));
        }
        let (location, form) = self.address_and_form();
        let mut headers = vec![(ACCEPT, HeaderValue::from_static("application/json"))];
        if form.is_some() {
            let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
            headers.push((CONTENT_TYPE, kind));
        } else if let Some(found) = &self.found
            && let Some(authorization) = Authorization::of_credentials(found)
        {
            headers.push((AUTHORIZATION, authorization.header()));
        }
        let sent = Sent {
            method: if form.is_some() {
                Method::POST
            } else {
                Method::GET
            },
            headers,
            body: form.as_deref().map(str::as_bytes),
        };
        let answer = self.try_to_send(agents, &location, &sent)?;
        let status = answer.status().as_u16();
        if status != 200 {
            return Err(match (status, &self.found) {
                (401 | 403, Some(found)) => RegistryError::Refused {
                    registry: self.registry.to_owned(),
                    from: found.from.clone(),
                },
                (401 | 403, None) => RegistryError::NoCredentials {
                    registry: self.registry.to_owned(),
                },
                _ => self.failed(format!("answers with status {status}")),
            });
        }
        let mut content = Vec::new();
        Paced::new(answer.into_body().into_reader(), self.patience)
            .take(MOST_BYTES)
            .read_to_end(&mut content)
            .map_err(|error| self.failed(format!("does not finish its answer: {error}")))?;
        // What is wrong with the answer is not said: that could show a secret.
        let answer: Answer = serde_json::from_slice(&content)
            .map_err(|_| self.failed("answers in no known form".to_owned()))?;
        let token = answer
            .token
            .or(answer.access_token)
            .filter(|token| !token.is_empty())
            .ok_or_else(|| self.failed("gives none".to_owned()))?;
        let from = self.found.as_ref().map(|found| found.from.clone());
        Authorization::new(&format!("Bearer {token}"), from)
            .ok_or_else(|| self.failed("gives one that can not be sent".to_owned()))
    }

    /// An identity token is posted, everything else is asked for with GET.
    fn address_and_form(&self) -> (Location, Option<String>) {
        if let Some(Found {
            credentials: Credentials::Identity(token),
            ..
        }) = &self.found
        {
            let form = [
                ("grant_type", "refresh_token"),
                ("service", self.service.unwrap_or_default()),
                ("scope", self.scope),
                ("client_id", CLIENT),
                ("refresh_token", token.reveal()),
            ]
            .map(|(name, value)| format!("{name}={}", escaped(value)))
            .join("&");
            return (self.server.clone(), Some(form));
        }
        let mut pairs = Vec::new();
        pairs.extend(self.service.map(|service| ("service", service)));
        pairs.push(("scope", self.scope));
        pairs.push(("client_id", CLIENT));
        if let Some(Found {
            credentials: Credentials::Password { user, .. },
            ..
        }) = &self.found
        {
            pairs.push(("account", user));
        }
        (self.server.with_query(&pairs), None)
    }

    fn try_to_send(
        &self,
        agents: &Agents,
        location: &Location,
        sent: &Sent<'_>,
    ) -> Result<ureq::http::Response<ureq::Body>, RegistryError> {
        let mut tries = 1;
        loop {
            let failed = match agents.send(location, self.verify, sent) {
                Ok(answer) if answer.status().as_u16() < 500 => return Ok(answer),
                Ok(answer) => {
                    self.failed(format!("answers with status {}", answer.status().as_u16()))
                }
                Err(NoAnswer::Settings(error)) => return Err(error),
                Err(NoAnswer::Broken(reason)) => {
                    self.failed(format!("can not be reached: {reason}"))
                }
            };
            if tries >= self.patience.tries {
                return Err(failed);
            }
            std::thread::sleep(self.patience.pause_after(tries));
            tries += 1;
        }
    }

    fn failed(&self, reason: String) -> RegistryError {
        RegistryError::NoToken {
            registry: self.registry.to_owned(),
            server: self.server.authority().to_owned(),
            reason,
        }
    }
}
