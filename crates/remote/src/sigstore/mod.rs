//! The services of Sigstore over HTTPS: requests are brought to them, and their answers back.
//!
//! What is asked and what an answer means is in the room `trust`; here are the addresses, the
//! caps and the patience. No service may send us elsewhere: a request can hold a token.

mod ambient;
mod exchange;

use std::fmt;

use linchpin_trust::{NoAnswer, Service, ServiceKind, Transport};
use ureq::Agent;
use ureq::http::Response;

pub use ambient::TokenRequest;
use exchange::{Exchange, Sent};

use crate::{Address, CertificateFiles, Patience};

/// The largest answer: a chain of certificates, an entry of a log or a stamp, none of which has a
/// tenth of it.
const MOST_ANSWER: u64 = 4 << 20;

/// How services are reached.
#[derive(Debug, Clone)]
pub struct SigstoreSettings {
    /// The version by which this program names itself.
    pub version: String,
    /// Whether any use of the network is an error.
    pub offline: bool,
    /// Which certificates of servers are believed.
    pub certificates: CertificateFiles,
    /// How long a service is waited for, and how often one is asked.
    pub patience: Patience,
}

/// Asks services of Sigstore, and those that give tokens.
pub struct SigstoreClient {
    exchange: Exchange,
    offline: bool,
}

impl SigstoreClient {
    /// A client. It connects to nobody yet.
    pub fn new(settings: &SigstoreSettings) -> Self {
        Self {
            exchange: Exchange::new(settings),
            offline: settings.offline,
        }
    }

    /// The address of a service, if the network may be used.
    fn address(&self, text: &str) -> Result<Address, NoAnswer> {
        if self.offline {
            return Err(NoAnswer::Offline);
        }
        text.parse()
            .map_err(|invalid: crate::InvalidAddress| NoAnswer::Address(invalid.to_string()))
    }

    /// The entry that a log of version 1 has already. It names it in the header `Location`, of
    /// which nothing but the entry's name is taken.
    fn existing_entry(
        &self,
        base: &Address,
        refusal: &Response<ureq::Body>,
    ) -> Option<Result<Vec<u8>, NoAnswer>> {
        let location = refusal.headers().get("location")?.to_str().ok()?;
        let name = location.rsplit('/').next()?;
        let is_name =
            (64..=80).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_hexdigit());
        is_name.then(|| {
            let address = base.join(&format!("api/v1/log/entries/{name}"));
            self.exchange.body(base, &|agent: &Agent| {
                agent
                    .get(&address)
                    .header("accept", "application/json")
                    .call()
            })
        })
    }
}

impl Transport for SigstoreClient {
    fn ask(&self, service: &Service, request: &[u8]) -> Result<Vec<u8>, NoAnswer> {
        let base = self.address(&service.address)?;
        let (path, sent, wanted) = match service.kind {
            ServiceKind::CertificateAuthority => ("api/v2/signingCert", JSON, JSON),
            ServiceKind::LogV1 => ("api/v1/log/entries", JSON, JSON),
            ServiceKind::LogV2 => ("api/v2/log/entries", JSON, JSON),
            ServiceKind::TimestampAuthority => (
                "",
                "application/timestamp-query",
                "application/timestamp-reply",
            ),
        };
        let address = if path.is_empty() {
            base.as_str().to_owned()
        } else {
            base.join(path)
        };
        let sent = self.exchange.send(&base, &|agent: &Agent| {
            agent
                .post(&address)
                .header("content-type", sent)
                .header("accept", wanted)
                .send(request)
        })?;
        match sent {
            Sent::Answer(body) => Ok(body),
            Sent::Refusal(refusal) => {
                let is_there = refusal.status() == 409 && service.kind == ServiceKind::LogV1;
                let existing = is_there
                    .then(|| self.existing_entry(&base, &refusal))
                    .flatten();
                existing.unwrap_or_else(|| Err(exchange::refused(refusal)))
            }
        }
    }
}

const JSON: &str = "application/json";

impl fmt::Debug for SigstoreClient {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SigstoreClient")
            .field("offline", &self.offline)
            .finish_non_exhaustive()
    }
}
