//! Talking to one repository of one registry: redirects, credentials, tokens, second tries.
//!
//! What is asked is in `asked.rs`.
//!
//! Protocol: <https://github.com/opencontainers/distribution-spec/blob/main/spec.md>; tokens:
//! <https://distribution.github.io/distribution/spec/auth/token/>.

use std::sync::{Arc, Mutex, PoisonError};

use ureq::http::header::{LOCATION, RETRY_AFTER, WWW_AUTHENTICATE};
use ureq::{Body, http};

use super::agents::{Agents, NoAnswer};
use super::asked::Asked;
use super::authorization::Authorization;
use super::challenge::Challenge;
use super::location::Location;
use super::patience::Patience;
use super::reference::ImageReference;
use super::registries_conf::Place;
use super::registry_error::RegistryError;
use crate::credentials::{CredentialFiles, Found};

/// Most redirects that one request follows.
const MOST_REDIRECTS: usize = 5;
/// Docker Hub's registry is not at the host that its names have.
const DOCKER_HUB: &str = "registry-1.docker.io";

/// What is done with a repository, which is what tokens are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// It is read, from mirrors too.
    Read,
    /// It is read, and no mirror is asked.
    ReadItself,
    /// It is read and written, and no mirror is asked.
    Write,
}

/// An answer of success, and where it came from.
#[derive(Debug)]
pub(super) struct Answered {
    pub(super) answer: http::Response<Body>,
    pub(super) location: Location,
    /// Whether the registry itself answered, and no server to which it sent us.
    is_of_registry: bool,
}

/// One repository of one registry.
#[derive(Debug)]
pub(super) struct Session {
    reference: ImageReference,
    insecure: bool,
    access: Access,
    agents: Arc<Agents>,
    credentials: CredentialFiles,
    patience: Patience,
    /// Whether connections are encrypted; decided by the first one that stands.
    encrypted: Mutex<Option<bool>>,
    authorization: Mutex<Option<Authorization>>,
}

/// A failed request, and whether the next try may bring more.
#[derive(Debug)]
struct Failed {
    error: RegistryError,
    again: bool,
    /// How long the server asks us to wait, in seconds.
    wait: Option<u64>,
}

impl From<RegistryError> for Failed {
    fn from(error: RegistryError) -> Self {
        Self {
            error,
            again: false,
            wait: None,
        }
    }
}

impl Session {
    pub(super) fn new(
        place: Place,
        agents: Arc<Agents>,
        credentials: CredentialFiles,
        access: Access,
        patience: Patience,
    ) -> Self {
        Self {
            reference: place.reference,
            insecure: place.insecure,
            access,
            agents,
            credentials,
            patience,
            encrypted: Mutex::default(),
            authorization: Mutex::default(),
        }
    }

    /// The name of the image in this place.
    pub(super) fn reference(&self) -> &ImageReference {
        &self.reference
    }

    pub(super) fn registry(&self) -> String {
        self.reference.registry().to_owned()
    }

    pub(super) fn patience(&self) -> Patience {
        self.patience
    }

    /// Asks until there is an answer, or trying again makes no sense.
    pub(super) fn get(&self, asked: Asked<'_>) -> Result<http::Response<Body>, RegistryError> {
        self.ask(asked).map(|answered| answered.answer)
    }

    /// Asks until there is an answer, or trying again makes no sense, and tells where it came from.
    pub(super) fn ask(&self, asked: Asked<'_>) -> Result<Answered, RegistryError> {
        let mut tries = 1;
        loop {
            match self.ask_once(asked) {
                Ok(answer) => return Ok(answer),
                Err(failed) if failed.again && tries < self.patience.tries => {
                    let wait = failed.wait.map(std::time::Duration::from_secs);
                    let pause = self.patience.pause_after(tries);
                    std::thread::sleep(pause.max(wait.unwrap_or_default()));
                    tries += 1;
                }
                Err(failed) => return Err(failed.error),
            }
        }
    }

    /// Asks once. The answer is one of success.
    fn ask_once(&self, asked: Asked<'_>) -> Result<Answered, Failed> {
        let mut asked_for_credentials = 0;
        loop {
            let authorization = self.authorization();
            let answered = self.follow(asked, authorization.as_ref())?;
            let answer = &answered.answer;
            let status = answer.status().as_u16();
            match status {
                status if asked.how.is_success(status) => return Ok(answered),
                // Whom another server believes is no affair of this registry's credentials.
                401 if asked_for_credentials < 2 && answered.is_of_registry => {
                    asked_for_credentials += 1;
                    self.authorize(answer, authorization.as_ref())?;
                }
                401 | 403 => return Err(self.refused(authorization.as_ref()).into()),
                404 => {
                    return Err(RegistryError::NotFound {
                        registry: self.registry(),
                        what: asked.what(&self.reference),
                    }
                    .into());
                }
                _ => {
                    let wait = answer
                        .headers()
                        .get(RETRY_AFTER)
                        .and_then(|value| value.to_str().ok()?.trim().parse().ok())
                        .map(|seconds: u64| seconds.min(30));
                    return Err(Failed {
                        error: RegistryError::Status {
                            registry: self.registry(),
                            status,
                            what: asked.what(&self.reference),
                        },
                        // What is not implemented will not be in a moment.
                        again: (status >= 500 && status != 501) || status == 429 || status == 408,
                        wait,
                    });
                }
            }
        }
    }

    /// Sends a request and follows where the server sends us. Who we are is told to the registry
    /// alone.
    fn follow(
        &self,
        asked: Asked<'_>,
        authorization: Option<&Authorization>,
    ) -> Result<Answered, Failed> {
        let (origin, mut location, mut answer) = match asked.at {
            Some(at) => {
                let origin = self.origin();
                let answer = self.send_to(at, &origin, asked, authorization)?;
                (origin, at.clone(), answer)
            }
            None => {
                let (origin, answer) = self.first(asked, authorization)?;
                (origin.clone(), origin, answer)
            }
        };
        let mut redirects = 0;
        loop {
            if !answer.status().is_redirection() {
                let is_of_registry = location.has_origin_of(&origin);
                return Ok(Answered {
                    answer,
                    location,
                    is_of_registry,
                });
            }
            redirects += 1;
            if redirects > MOST_REDIRECTS {
                return Err(self.sent("on and on").into());
            }
            if !asked.how.is_kept_by(answer.status().as_u16()) {
                return Err(self.sent("elsewhere, where nothing could be stored").into());
            }
            let target = answer
                .headers()
                .get(LOCATION)
                .and_then(|target| target.to_str().ok())
                .and_then(|target| location.redirected(target))
                .ok_or_else(|| self.sent("to an address that makes no sense"))?;
            self.check_way(&location, &target)?;
            answer = self.send_to(&target, &origin, asked, authorization)?;
            location = target;
        }
    }

    /// Whether we go from one address to another: never out of an encrypted connection, and to one
    /// that is not only on this machine or where the settings call the registry insecure.
    fn check_way(&self, from: &Location, to: &Location) -> Result<(), RegistryError> {
        if from.is_encrypted() && !to.is_encrypted() {
            return Err(self.sent("from an encrypted connection to one that is not"));
        }
        if !to.is_encrypted() && !to.is_loopback() && !self.insecure {
            return Err(self.sent("to a connection that is not encrypted"));
        }
        Ok(())
    }

    /// Sends a request to an address, and who we are if that is the registry.
    fn send_to(
        &self,
        target: &Location,
        origin: &Location,
        asked: Asked<'_>,
        authorization: Option<&Authorization>,
    ) -> Result<http::Response<Body>, Failed> {
        let told = authorization.filter(|_| target.has_origin_of(origin));
        let verify = !(self.insecure && target.has_origin_of(origin));
        self.agents
            .send(target, verify, &asked.request(told))
            .map_err(|failed| self.broken(failed))
    }

    /// An address that an answer of the registry names, and where more is asked.
    pub(super) fn led_to(&self, here: &Location, target: &str) -> Result<Location, RegistryError> {
        let there = here
            .redirected(target)
            .ok_or_else(|| self.sent("to an address that makes no sense"))?;
        self.check_way(here, &there)?;
        Ok(there)
    }

    /// The registry itself; encrypted as the first connection turned out to be.
    fn origin(&self) -> Location {
        let known = *self
            .encrypted
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let host = match self.reference.registry() {
            "docker.io" => DOCKER_HUB,
            other => other,
        };
        Location::at(known.unwrap_or(true), host, "/")
    }

    /// Sends the request to the registry itself. The first one finds out whether it is encrypted:
    /// only this machine, and registries that the settings call insecure, may do without.
    fn first(
        &self,
        asked: Asked<'_>,
        authorization: Option<&Authorization>,
    ) -> Result<(Location, http::Response<Body>), Failed> {
        let known = *self
            .encrypted
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let host = self.origin();
        let path = format!("/v2/{}/{}", self.reference.repository(), asked.path);
        let at = |encrypted| Location::at(encrypted, host.authority(), &path);
        let request = asked.request(authorization);
        let send = |location: &Location| self.agents.send(location, !self.insecure, &request);
        let may_be_plain = self.insecure || at(true).is_loopback();

        let mut location = at(known.unwrap_or(true));
        let mut answer = send(&location);
        if let (None, true, Err(NoAnswer::Broken(reason))) = (known, may_be_plain, &answer)
            && !reason.contains("certificate")
        {
            let plain = at(false);
            let second = send(&plain);
            if second.is_ok() {
                (location, answer) = (plain, second);
            }
        }
        let answer = answer.map_err(|failed| self.broken(failed))?;
        *self
            .encrypted
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some(location.is_encrypted());
        Ok((location, answer))
    }

    fn authorization(&self) -> Option<Authorization> {
        self.authorization
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Finds an answer to what the registry asks for. Several requests may be refused at once; the
    /// first one finds the answer for all of them.
    fn authorize(
        &self,
        answer: &http::Response<Body>,
        refused: Option<&Authorization>,
    ) -> Result<(), Failed> {
        let mut current = self
            .authorization
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if current.as_ref() != refused {
            return Ok(());
        }
        let headers = answer
            .headers()
            .get_all(WWW_AUTHENTICATE)
            .iter()
            .filter_map(|value| value.to_str().ok());
        let challenge = Challenge::choose(headers).ok_or_else(|| RegistryError::BadChallenge {
            registry: self.registry(),
        })?;
        let found = self
            .credentials
            .find(self.reference.registry(), self.reference.repository())
            .map_err(|source| RegistryError::Credentials {
                registry: self.registry(),
                source,
            })?;
        let new = match challenge {
            Challenge::Basic => self.password(found, refused)?,
            Challenge::Bearer { realm, service } => {
                self.token(&realm, service.as_deref(), found)?
            }
        };
        *current = Some(new);
        Ok(())
    }

    fn password(
        &self,
        found: Option<Found>,
        refused: Option<&Authorization>,
    ) -> Result<Authorization, RegistryError> {
        let Some(found) = found else {
            return Err(RegistryError::NoCredentials {
                registry: self.registry(),
            });
        };
        self.check_encryption()?;
        let authorization =
            Authorization::of_credentials(&found).ok_or_else(|| RegistryError::Refused {
                registry: self.registry(),
                from: found.from.clone(),
            })?;
        if refused == Some(&authorization) {
            return Err(RegistryError::Refused {
                registry: self.registry(),
                from: found.from,
            });
        }
        Ok(authorization)
    }

    fn token(
        &self,
        realm: &str,
        service: Option<&str>,
        found: Option<Found>,
    ) -> Result<Authorization, RegistryError> {
        let server = Location::parse(realm).ok_or_else(|| RegistryError::BadChallenge {
            registry: self.registry(),
        })?;
        if !server.is_encrypted() {
            // What is exchanged there is secret: only this machine may do without encryption,
            // and what the settings call insecure.
            self.check_encryption()?;
            if !server.is_loopback() && !self.insecure {
                return Err(RegistryError::NotEncrypted {
                    registry: self.registry(),
                });
            }
        }
        let actions = match self.access {
            Access::Read | Access::ReadItself => "pull",
            Access::Write => "pull,push",
        };
        let scope = format!("repository:{}:{actions}", self.reference.repository());
        let asked = super::authorization::TokenRequest {
            registry: &self.registry(),
            server: &server,
            verify: !(self.insecure && server.authority() == self.reference.registry()),
            service,
            scope: &scope,
            found,
            patience: self.patience,
        };
        asked.send(&self.agents)
    }

    /// Secrets are sent over encrypted connections only, but for this machine and what the
    /// settings call insecure.
    fn check_encryption(&self) -> Result<(), RegistryError> {
        let encrypted = *self
            .encrypted
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let host = Location::at(true, self.reference.registry(), "/");
        if encrypted == Some(true) || host.is_loopback() || self.insecure {
            return Ok(());
        }
        Err(RegistryError::NotEncrypted {
            registry: self.registry(),
        })
    }

    fn refused(&self, authorization: Option<&Authorization>) -> RegistryError {
        match authorization.and_then(Authorization::from) {
            Some(from) => RegistryError::Refused {
                registry: self.registry(),
                from: from.to_path_buf(),
            },
            None => RegistryError::NoCredentials {
                registry: self.registry(),
            },
        }
    }

    fn sent(&self, whither: &'static str) -> RegistryError {
        RegistryError::Redirected {
            registry: self.registry(),
            whither,
        }
    }

    fn broken(&self, failed: NoAnswer) -> Failed {
        match failed {
            NoAnswer::Settings(error) => error.into(),
            NoAnswer::Broken(reason) => Failed {
                // A certificate, a name or a port that is wrong stays wrong.
                again: !["certificate", "host not found", "lookup address", "refused"]
                    .iter()
                    .any(|lasting| reason.contains(lasting)),
                error: RegistryError::Unreachable {
                    registry: self.registry(),
                    reason,
                },
                wait: None,
            },
        }
    }
}
