//! A request that is sent again where that may help, and its answer, read with a cap.

use std::io::Read as _;
use std::sync::OnceLock;
use std::time::Duration;

use linchpin_trust::NoAnswer;
use serde_json::Value;
use ureq::config::ConfigBuilder;
use ureq::http::{Response, StatusCode};
use ureq::typestate::AgentScope;
use ureq::{Agent, Body};

use super::{MOST_ANSWER, SigstoreSettings};
use crate::Address;

/// The most that is read of what a service says about a refusal, and the most that is told.
const MOST_REFUSAL: u64 = 64 << 10;
const LONGEST_MESSAGE: usize = 300;

/// The longest pause between two tries.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Sends requests.
pub(super) struct Exchange {
    settings: SigstoreSettings,
    /// Made when it is first wanted: it reads the system's certificates.
    encrypted: OnceLock<Result<Agent, NoAnswer>>,
    local: OnceLock<Agent>,
}

/// What came of a request.
pub(super) enum Sent {
    /// The service did what it was asked.
    Answer(Vec<u8>),
    /// It did not, and asking again would not help.
    Refusal(Response<Body>),
}

/// A way to send a request.
pub(super) type Send<'a> = &'a dyn Fn(&Agent) -> Result<Response<Body>, ureq::Error>;

impl Exchange {
    pub(super) fn new(settings: &SigstoreSettings) -> Self {
        Self {
            settings: settings.clone(),
            encrypted: OnceLock::new(),
            local: OnceLock::new(),
        }
    }

    fn agent(&self, base: &Address) -> Result<&Agent, NoAnswer> {
        if !base.is_encrypted() {
            // What is on this machine is reached by no proxy.
            let make = || self.configured().proxy(None).build().new_agent();
            return Ok(self.local.get_or_init(make));
        }
        let made = self.encrypted.get_or_init(|| {
            let (tls, _) = self
                .settings
                .certificates
                .config("", true)
                .map_err(|error| NoAnswer::Unusable(error.to_string()))?;
            let config = self.configured().https_only(true).tls_config(tls);
            Ok(config.build().new_agent())
        });
        made.as_ref().map_err(NoAnswer::clone)
    }

    fn configured(&self) -> ConfigBuilder<AgentScope> {
        let patience = self.settings.patience;
        let whole = patience.connect + patience.response + patience.window;
        Agent::config_builder()
            .user_agent(format!("linchpin/{}", self.settings.version))
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_connect(Some(patience.connect))
            .timeout_recv_response(Some(patience.response))
            .timeout_per_read(Some(patience.silence))
            .timeout_per_write(Some(patience.silence))
            .timeout_global(Some(whole))
            .max_response_header_size(64 << 10)
    }

    /// What a request comes to.
    pub(super) fn send(&self, base: &Address, send: Send<'_>) -> Result<Sent, NoAnswer> {
        let agent = self.agent(base)?;
        let mut tries = 1;
        let mut pause = self.settings.patience.pause;
        loop {
            let failed = match once(agent, send) {
                Ok(sent) => return Ok(sent),
                Err(Attempt::Never(why)) => return Err(why),
                Err(Attempt::Later(why)) => why,
            };
            if tries >= self.settings.patience.tries {
                return Err(failed);
            }
            std::thread::sleep(pause.min(LONGEST_PAUSE));
            pause = pause.saturating_mul(2);
            tries += 1;
        }
    }

    /// The body of an answer. A refusal is an error.
    pub(super) fn body(&self, base: &Address, send: Send<'_>) -> Result<Vec<u8>, NoAnswer> {
        match self.send(base, send)? {
            Sent::Answer(body) => Ok(body),
            Sent::Refusal(refusal) => Err(refused(refusal)),
        }
    }
}

/// A failed attempt, and whether another one may succeed.
enum Attempt {
    Later(NoAnswer),
    Never(NoAnswer),
}

fn once(agent: &Agent, send: Send<'_>) -> Result<Sent, Attempt> {
    let response = send(agent).map_err(|error| match error {
        ureq::Error::HostNotFound
        | ureq::Error::BadUri(_)
        | ureq::Error::Http(_)
        | ureq::Error::RequireHttpsOnly(_) => {
            Attempt::Never(NoAnswer::Unreachable(error.to_string()))
        }
        other => Attempt::Later(NoAnswer::Unreachable(other.to_string())),
    })?;
    let status = response.status();
    if status.is_success() {
        return read(response, MOST_ANSWER).map(Sent::Answer);
    }
    if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
        return Err(Attempt::Later(refused(response)));
    }
    Ok(Sent::Refusal(response))
}

fn read(response: Response<Body>, most: u64) -> Result<Vec<u8>, Attempt> {
    let mut content = Vec::new();
    response
        .into_body()
        .into_reader()
        .take(most + 1)
        .read_to_end(&mut content)
        .map_err(|error| Attempt::Later(NoAnswer::Unreachable(error.to_string())))?;
    if content.len() as u64 > most {
        return Err(Attempt::Never(NoAnswer::TooLarge(most)));
    }
    Ok(content)
}

/// What a service says about a refusal: services of Sigstore say it as JSON, others as text.
pub(super) fn refused(response: Response<Body>) -> NoAnswer {
    let status = response.status();
    if status.is_redirection() {
        return NoAnswer::Unusable(format!(
            "it sends us elsewhere (status {}), where no token may go",
            status.as_u16()
        ));
    }
    let content = read(response, MOST_REFUSAL).unwrap_or_default();
    let told = match serde_json::from_slice::<Value>(&content) {
        Ok(json) => json
            .get("message")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned(),
        Err(_) => String::from_utf8(content)
            .ok()
            .filter(|text| !text.trim_start().starts_with('<'))
            .unwrap_or_default(),
    };
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    NoAnswer::Refused {
        status: status.as_u16(),
        message: told.chars().take(LONGEST_MESSAGE).collect(),
    }
}
