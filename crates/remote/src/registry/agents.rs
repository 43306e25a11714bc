//! HTTP clients, one for each host: hosts differ in whom they trust and whether a proxy is used.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use ureq::config::RedirectAuthHeaders;
use ureq::http::{HeaderName, HeaderValue, Method};
use ureq::{Agent, Body, http};

use super::location::Location;
use super::patience::Patience;
use super::registry_error::RegistryError;
use super::trust::CertificateFiles;

/// HTTP clients by host. They follow no redirects and keep no secrets.
#[derive(Debug)]
pub(super) struct Agents {
    version: String,
    certificates: CertificateFiles,
    patience: Patience,
    made: Mutex<HashMap<(String, bool, bool), HostAgent>>,
}

#[derive(Debug, Clone)]
struct HostAgent {
    agent: Agent,
    shows_identity: bool,
}

/// What is sent besides the address.
#[derive(Debug, Clone, Default)]
pub(super) struct Sent<'a> {
    pub(super) method: Method,
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    /// What goes along: a form, a manifest, a blob.
    pub(super) body: Option<&'a [u8]>,
}

/// A request that brought no answer.
#[derive(Debug)]
pub(super) enum NoAnswer {
    /// What we were told to use can not be used.
    Settings(RegistryError),
    /// The connection failed.
    Broken(String),
}

impl Agents {
    pub(super) fn new(version: &str, certificates: CertificateFiles, patience: Patience) -> Self {
        Self {
            version: version.to_owned(),
            certificates,
            patience,
            made: Mutex::default(),
        }
    }

    /// Sends a request and gives the answer, whatever its status.
    pub(super) fn send(
        &self,
        location: &Location,
        verify: bool,
        sent: &Sent<'_>,
    ) -> Result<http::Response<Body>, NoAnswer> {
        let host = self.host(location, verify).map_err(NoAnswer::Settings)?;
        let call = || {
            let mut request = http::Request::builder()
                .method(sent.method.clone())
                .uri(location.to_string());
            for (name, value) in &sent.headers {
                request = request.header(name, value);
            }
            match sent.body {
                None => host.agent.run(request.body(())?),
                Some(body) => host.agent.run(request.body(body)?),
            }
        };
        let answer = if host.shows_identity {
            // The client gives up with a panic if a certificate and a key do not fit together.
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(call)).map_err(|_| {
                NoAnswer::Broken("the client certificate and its key can not be used".to_owned())
            })?
        } else {
            call()
        };
        answer.map_err(|error| NoAnswer::Broken(error.to_string()))
    }

    fn host(&self, location: &Location, verify: bool) -> Result<HostAgent, RegistryError> {
        let key = (
            location.authority().to_owned(),
            location.is_encrypted(),
            verify,
        );
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(host) = made.get(&key) {
            return Ok(host.clone());
        }
        let mut config = Agent::config_builder()
            .user_agent(format!("linchpin/{}", self.version))
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .redirect_auth_headers(RedirectAuthHeaders::Never)
            .timeout_connect(Some(self.patience.connect))
            .timeout_recv_response(Some(self.patience.response))
            .timeout_per_read(Some(self.patience.silence))
            .timeout_per_write(Some(self.patience.silence))
            .max_response_header_size(64 << 10);
        let mut shows_identity = false;
        if location.is_encrypted() {
            let (tls, identity) = self.certificates.config(location.authority(), verify)?;
            shows_identity = identity;
            config = config.tls_config(tls);
        }
        if location.is_loopback() {
            config = config.proxy(None);
        }
        let host = HostAgent {
            agent: config.build().new_agent(),
            shows_identity,
        };
        made.insert(key, host.clone());
        Ok(host)
    }
}
